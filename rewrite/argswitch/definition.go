package argswitch

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// definingFiles are the files that define the variable: one that every link with a user
// has, else all of them, with weak definitions.
func (j *extension) definingFiles(users []*parse.File, sites []*program.Node) (homes []*parse.File, weak bool, err error) {
	if len(users) == 1 {
		return users, false, nil
	}
	ofSite := map[*parse.File]bool{}
	headers := false
	for _, n := range sites {
		ofSite[j.Tree.Unit(n.File)] = true
		headers = headers || strings.HasSuffix(n.File.Path, ".h")
	}
	f := j.definingFile(users, ofSite)
	switch {
	case f == nil && headers:
		return nil, false,
			fmt.Errorf("no file is linked into all programs with these sockets, so that the variable has " +
				"no home (--switch-main limits it to one)")
	case f == nil:
		homes, weak = j.coveringFiles(users), true
	default:
		homes = []*parse.File{f}
	}
	for _, u := range users {
		if !ofSite[u] {
			continue
		}
		if err := j.whyHidden(u, users); err != nil {
			return nil, false, err
		}
	}
	return homes, weak, nil
}

// definingFile is the file that every link with a user has, nil when that is not
// certain.
func (j *extension) definingFile(users []*parse.File, ofSite map[*parse.File]bool) *parse.File {
	needed := j.Tree.CountUsers(ofSite)
	var order []*parse.File
	for _, f := range users {
		if !strings.HasSuffix(f.Path, ".h") {
			order = append(order, f)
		}
	}
	// The one that reads the option first; then what most files need, which is
	// left out of the fewest builds.
	sort.SliceStable(order, func(a, b int) bool {
		x, y := order[a], order[b]
		if j.Reads[x] != j.Reads[y] {
			return j.Reads[x]
		}
		return needed[x] > needed[y]
	})
	steady := false // a build without any file that is optional has users
	for _, f := range order {
		steady = steady || !j.Tree.Optional(f)
	}
	if finals := j.Tree.Finals(order); len(finals) > 0 && program.EachLinked(finals, order) {
		for _, f := range order {
			if _, open := placeAbove(f, nil, j.Above[f]); open && program.InAll(finals, f) && !(steady && j.Tree.Optional(f)) {
				return f
			}
		}
		return nil
	}
	// No list of objects: the only file with sockets is in every program that
	// looks at the variable, if that file's program is one with it.
	if len(ofSite) == 1 {
		for f := range ofSite {
			if _, open := placeAbove(f, nil, j.Above[f]); open && !strings.HasSuffix(f.Path, ".h") && j.linkedByAll(f, users) {
				return f
			}
		}
	}
	return nil
}

// coveringFiles are few files that every link with a user has one of, all files where that
// is not certain.
func (j *extension) coveringFiles(users []*parse.File) []*parse.File {
	var able []*parse.File
	for _, f := range users {
		if _, open := placeAbove(f, nil, j.Above[f]); open {
			able = append(able, f)
		}
	}
	if few := j.Tree.Covering(users, able); few != nil {
		return few
	}
	return users
}

// mains are the programs of the tree, as far as they are built here.
func (j *extension) mains() []*program.Node {
	var out []*program.Node
	for _, n := range j.Tree.Funcs["main"] {
		if !n.Macro && n.File.Foreign(n.Forms[0].BodyPos, "linux") == "" {
			out = append(out, n)
		}
	}
	return out
}

// linkedByAll reports whether every program that is linked with one of the
// files is linked with f.
func (j *extension) linkedByAll(f *parse.File, users []*parse.File) bool {
	for _, n := range j.mains() {
		linked := j.Tree.LinkClosure(n)
		if linked[f] {
			continue
		}
		for _, u := range users {
			if linked[u] {
				return false
			}
		}
	}
	return true
}

var (
	shared   = text.NewPattern(`(?m)^[^#\n]*(?:\.\./|\$[({]top_builddir[)}]/)[\w./-]*\.so\b`)
	archived = text.NewPattern(`(?m)^[^#\n]*\s(?:\.\./|\$[({]top_builddir[)}]/)[\w./-]*\.a\b`)
	// making matches what makes a shared library, or may.
	making = text.NewPattern(`(?m)^[^#\n]*(?:-shared\b|LTLIBRARIES|\.so\b|\.dylib\b|SHLIB|MODULE|(?i:add_library|library\s*\())`)
	hiding = text.NewPattern(`(?m)^[^#\n]*(?:--version-script|-Bsymbolic|-export-symbols|-fvisibility=hidden|` +
		`_VISIBILITY_PRESET\s+hidden|gnu_symbol_visibility\s*:\s*'hidden')`)
)

// build is a build file whose text matches, in a folder or above it; "" is any
// folder, and a slash after the folder means just that one.
func (s *Switch) build(what *text.Pattern, folder string) string {
	if s.ctx.Builds == nil {
		return ""
	}
	for _, name := range s.ctx.Builds() {
		d := path.Dir(name)
		if only, ok := strings.CutSuffix(folder, "/"); ok && d != only {
			continue
		}
		if folder != "" && d != "." && d != folder && !strings.HasPrefix(folder, d+"/") {
			continue
		}
		if src, err := s.ctx.Read(name); err == nil && what.Match(src) {
			return name
		}
	}
	return ""
}

// whyHidden tells why a file outside the folder of the variable's home cannot use
// it: the home goes into a library that hides what is not listed.
func (j *extension) whyHidden(home *parse.File, users []*parse.File) error {
	for _, f := range users {
		if name := j.s.hides(home, f); name != "" {
			return fmt.Errorf("%s: %s hides the symbols of a library there, so that %s may not share a "+
				"variable with it (--switch=env reads the environment where the sockets are made)", home.Path, name, f.Path)
		}
	}
	return nil
}

// hides is the build file that hides what stands in one file from another,
// "" for none.
func (s *Switch) hides(home, user *parse.File) string {
	if path.Dir(user.Path) == path.Dir(home.Path) || s.t.Together(home, user) {
		return ""
	}
	if s.build(making, "") == "" {
		return "" // all that is built are programs
	}
	name := s.build(hiding, path.Dir(home.Path))
	here := path.Dir(user.Path) + "/"
	if name == "" || s.build(archived, here) != "" && s.build(shared, here) == "" {
		return ""
	}
	return name
}
