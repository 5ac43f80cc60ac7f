package program

import (
	"path"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/link"
)

// linkedSet is what the build files say that a program is linked from.
type linkedSet struct {
	files     map[*parse.File]bool
	folders   map[string]bool // of the files
	grammars  map[string]bool // by their paths, among other sources
	complete  bool            // every part was understood
	exclusive bool            // nothing else can be in it
}

// readLinks reads the build files of the tree.
func (t *Tree) readLinks(builds func() []string, read func(string) ([]byte, error)) {
	t.graph = &link.Graph{}
	t.sets = map[*Node]*linkedSet{}
	t.listed, t.includedSources = map[*parse.File]bool{}, map[*parse.File]bool{}
	if builds == nil {
		return
	}
	var sources []string
	for _, f := range t.Files {
		if strings.HasSuffix(f.Path, ".c") {
			sources = append(sources, f.Path)
		}
	}
	for _, g := range t.grammars {
		sources = append(sources, g.file.Path)
	}
	t.graph = link.Read(builds(), read, sources)
	for _, u := range t.graph.Units {
		for s := range u.Sources {
			// An archive is no end: where no link is known to take it, one that was not
			// understood does.
			if u.Kind != link.Archive {
				t.listed[t.ByPath[s]] = true
			}
			for _, g := range t.grammars {
				g.listed = g.listed || g.file.Path == s
			}
		}
	}
	// What another file includes has no object of its own, unless a list names it and not
	// that one.
	for _, f := range t.Files {
		for _, d := range f.Dirs {
			g := t.includedSource(f, d.Name, d.Text)
			switch {
			case g == nil:
			case t.graph.Apart(g.Path, f.Path):
				if t.includedBy[g] == f {
					delete(t.includedBy, g)
				}
			default:
				delete(t.listed, g)
				t.includedSources[g] = true
			}
		}
	}
}

// includedSource is the .c file that a directive includes.
func (t *Tree) includedSource(f *parse.File, directive, text string) *parse.File {
	name := strings.TrimSpace(text)
	if directive != "include" || !strings.HasPrefix(name, `"`) || !strings.HasSuffix(name, `.c"`) {
		return nil
	}
	return t.ByPath[path.Join(path.Dir(f.Path), strings.Trim(name, `"`))]
}

// readUnits finds the .c files that are compiled as a part of another one.
func (t *Tree) readUnits() {
	t.includedBy = map[*parse.File]*parse.File{}
	many := map[*parse.File]bool{}
	for _, f := range t.Files {
		for _, d := range f.Dirs {
			if g := t.includedSource(f, d.Name, d.Text); g != nil && g != f {
				if t.includedBy[g] != nil && t.includedBy[g] != f {
					many[g] = true
				}
				t.includedBy[g] = f
			}
		}
	}
	for g := range many {
		delete(t.includedBy, g)
	}
}

// Unit is the file that is compiled with f in it, f itself mostly.
func (t *Tree) Unit(f *parse.File) *parse.File {
	for range 4 {
		g := t.includedBy[f]
		if g == nil {
			break
		}
		f = g
	}
	return f
}

// Included is where a file includes another .c file that is a part of it, 0 where it
// includes none.
func (t *Tree) Included(f *parse.File) int {
	for _, d := range f.Dirs {
		if g := t.includedSource(f, d.Name, d.Text); g != nil && t.includedBy[g] == f {
			return int(f.Toks[d.Tok].Off)
		}
	}
	return 0
}

// HoldsText reports whether a file includes the text of another .c file, which each of
// several programs has a copy of then.
func (t *Tree) HoldsText(f, part *parse.File) bool {
	for _, d := range f.Dirs {
		if t.includedSource(f, d.Name, d.Text) == part {
			return true
		}
	}
	return false
}

// linkedWith is what a program's main() is linked with, nil where no build file
// tells.
func (t *Tree) linkedWith(main *Node) *linkedSet {
	if s, ok := t.sets[main]; ok {
		return s
	}
	var s *linkedSet
	for _, u := range t.graph.LinkedBy(main.File.Path) {
		if s == nil {
			s = &linkedSet{files: map[*parse.File]bool{}, folders: map[string]bool{},
				grammars: map[string]bool{}, complete: true, exclusive: true}
		}
		s.complete = s.complete && len(u.Unknown) == 0
		s.exclusive = s.exclusive && u.Exclusive
		for name := range u.Sources {
			s.files[t.ByPath[name]] = true
			s.folders[path.Dir(name)] = true
			s.grammars[name] = true
		}
	}
	t.sets[main] = s
	return s
}

// selfTest matches the conditions under which a file is compiled into a program
// that tries it.
var selfTest = text.NewPattern(`(?i)^[^!]*(test|stand_?alone|demo|_main\b|\bmain\b)`)

// IsSelfTestMain reports whether a main() stands under a condition in a file that is
// linked with another main(): it tests the file by itself.
func (t *Tree) IsSelfTestMain(n *Node) bool {
	guards := n.File.Guards(n.Forms[0].Start)
	if len(guards) == 0 {
		return false
	}
	for _, g := range guards {
		if selfTest.MatchString(g) {
			return true
		}
	}
	// Of the programs with the file none has this main() alone.
	spare := false
	for _, u := range t.graph.LinkedBy(n.File.Path) {
		if u.Kind != link.Program {
			continue
		}
		other := false
		for name := range u.Sources {
			f := t.ByPath[name]
			other = other || f != nil && f != n.File && t.mains[f]
		}
		if !other {
			return false
		}
		spare = true
	}
	return spare
}

// Unnamed reports whether no build file takes the file of main(): it lies in the tree without
// being built.
func (t *Tree) Unnamed(n *Node) bool {
	return len(t.graph.Units) > 0 && !t.includedSources[n.File] && !t.graph.Names(n.File.Path)
}

// BuildMentions reports whether a word stands in any of the build files.
func (t *Tree) BuildMentions(word string) bool { return t.graph.Mentions(word) }

// IsTest reports whether the build files make a program for the tests alone.
func (t *Tree) IsTest(n *Node) bool {
	list := t.graph.LinkedBy(n.File.Path)
	return len(list) > 0 && !slices.ContainsFunc(list, func(u *link.Unit) bool { return !u.Test })
}

// mayLink reports whether a program can hold a file that one of its files
// names a function of. Without a list of its objects that is guessed: other
// programs have a folder of their own, and two main() are never linked
// together.
func (t *Tree) mayLink(from *Node, f, via *parse.File) bool {
	if t.Unit(f) == t.Unit(from.File) || t.Unit(f) == t.Unit(via) {
		return true
	}
	if s := t.linkedWith(from); s != nil && strings.HasSuffix(f.Path, ".c") {
		if s.files[f] || s.complete && (t.listed[f] || s.exclusive && !t.includedSources[f]) {
			return s.files[f]
		}
		if t.listed[f] && t.listed[via] {
			return false // in other programs only
		}
	}
	d := path.Dir(f.Path)
	if s := t.linkedWith(from); s != nil && strings.HasSuffix(f.Path, ".h") && s.folders[d] {
		return true
	}
	if t.mainFolders[d] && d != path.Dir(from.File.Path) {
		return false
	}
	return !t.mains[f]
}

// ByFileOf are the functions of a file.
func (t *Tree) ByFileOf(f *parse.File) []*Node { return t.byFile[f] }

// Finals are the links with one of some files.
func (t *Tree) Finals(users []*parse.File) []*link.Unit {
	var out []*link.Unit
	for _, u := range t.graph.Finals() {
		for _, f := range users {
			if u.Sources[path.Clean(f.Path)] {
				out = append(out, u)
				break
			}
		}
	}
	return out
}

// Together reports whether the build files tell of programs with both files, and none has
// one of them in a shared library that the other is not in: then nothing that a library
// hides stands between them.
func (t *Tree) Together(a, b *parse.File) bool {
	x, y := path.Clean(a.Path), path.Clean(b.Path)
	found := false
	for _, u := range t.graph.Finals() {
		if u.Kind != link.Program || !u.Sources[x] || !u.Sources[y] {
			continue
		}
		found = true
		for _, l := range u.Libraries {
			if l.Sources[x] != l.Sources[y] {
				return false
			}
		}
	}
	return found
}

// InAll reports whether every one of some links has a file.
func InAll(units []*link.Unit, f *parse.File) bool { return len(without(units, f)) == 0 }

// without are those of some links that a file is not in.
func without(units []*link.Unit, f *parse.File) []*link.Unit {
	var out []*link.Unit
	for _, u := range units {
		if !u.Sources[path.Clean(f.Path)] {
			out = append(out, u)
		}
	}
	return out
}

// Covering are few of some files, which are built always, such that every link with one of
// the users has one: the one in most links without any comes first. It is nil where the
// build files do not tell, or where there are none.
func (t *Tree) Covering(users, able []*parse.File) []*parse.File {
	open := t.Finals(users)
	if len(open) == 0 || !EachLinked(open, users) {
		return nil
	}
	var out []*parse.File
	for len(open) > 0 {
		var best *parse.File
		left := open
		for _, f := range able {
			if rest := without(open, f); len(rest) < len(left) && !t.Optional(f) {
				best, left = f, rest
			}
		}
		if best == nil {
			return nil
		}
		out, open = append(out, best), left
	}
	return out
}

// Optional reports whether makefiles list a file under a condition alone, so that some
// builds are without it.
func (t *Tree) Optional(f *parse.File) bool { return t.graph.Optional[path.Clean(f.Path)] }

// EachLinked reports whether each of some files is in one of the links at least.
func EachLinked(units []*link.Unit, files []*parse.File) bool {
	for _, f := range files {
		found := false
		for _, u := range units {
			found = found || u.Sources[path.Clean(f.Path)]
		}
		if !found {
			return false
		}
	}
	return true
}
