package argswitch

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// Names for the variable, best first.
var variableNames = []string{"tcp_keepalive", "tcp_keepalive_opt", "keepalive_switch", "tcp_keepalive_switch", "keepatch_keepalive"}

// pickName gives a group's variable a name that means nothing in the tree. The
// functions that go with it carry the name too. Groups are never linked
// together, so that they may use the same one.
func (s *Switch) pickName(g *group) {
	for _, n := range variableNames {
		if !s.t.Knows(n) && !s.t.Knows("set_"+n) && !s.t.Knows("read_"+n) {
			g.name = n
			return
		}
	}
	if g.reason == "" {
		g.reason = "every name for the variable is taken in this tree"
	}
}

const members = "{ int on, idle, interval, count; }"

// declare makes the variable known in all files that use it: defined in one
// that every program with one of the files links, or in the file of each
// main(), and declared in a header that they all include, else in each.
func (j *extension) declare(users []*parse.File, sites []*program.Node) error {
	for _, f := range users { // a part of the file may use it
		if at := j.Tree.Included(f); at > 0 && (j.Above[f] == 0 || at < j.Above[f]) {
			j.Above[f] = at
		}
	}
	homes, weak, err := j.homes(users, sites)
	if err != nil {
		return err
	}
	g := j.g
	home := homes[0]
	var others []*parse.File
	for _, f := range users {
		if !holdsFile(homes, f) {
			others = append(others, f)
		}
	}
	tag := "struct " + g.name
	def := j.definition(len(others) == 0 && len(homes) == 1)
	if weak { // the programs that link one of the files and not the others
		def = strings.Replace(def, " = {", " __attribute__((weak)) = {", 1)
	}
	var header *parse.File
	var hat int
	if len(homes) == 1 {
		header, hat = j.sharedHeader(home, others)
	}
	switch {
	case len(others) == 0:
	case header != nil:
		def = strings.Replace(def, " "+members, "", 1)
		j.Insert(header, hat, "extern "+tag+" "+members+" "+g.name+";"+patch.EOLOf(header.Src))
	default:
		for _, f := range others {
			oat, ok := placeAbove(f, nil, j.Above[f])
			if !ok {
				oat, ok = j.besideUses(f, sites)
			}
			if !ok {
				return fmt.Errorf("%s: no certain place for the variable's declaration", f.Path)
			}
			j.Insert(f, oat, around(f, oat, "extern "+tag+" "+members+" "+g.name+";"))
		}
	}
	for _, f := range homes {
		at, ok := placeAbove(f, nil, j.Above[f])
		if len(users) == 1 || !ok && weak {
			if in, fits := j.besideUses(f, sites); fits {
				at, ok = in, true
			}
		}
		if !ok {
			return fmt.Errorf("%s: no certain place for the variable", f.Path)
		}
		comment := j.comment(f, at, "on, and the timers that the user set; 0 is the system's own")
		j.Insert(f, at, around(f, at, comment+patch.EOLOf(f.Src)+def))
	}
	return nil
}

// besideUses is a place under the #if that all the code with a file's own
// variable stands under, so that no build has it unused.
func (j *extension) besideUses(f *parse.File, sites []*program.Node) (int, bool) {
	var guards []string
	seen := false
	for _, n := range sites {
		if n.File != f {
			continue
		}
		g := f.Guards(n.Forms[0].BodyPos)
		if !seen {
			seen, guards = true, g
		}
		if strings.Join(g, "\x00") != strings.Join(guards, "\x00") {
			return 0, false
		}
	}
	for _, fn := range j.Readers[f] {
		if strings.Join(f.Guards(fn.BodyPos), "\x00") != strings.Join(guards, "\x00") {
			return 0, false
		}
	}
	if len(guards) == 0 {
		return 0, false
	}
	return placeAbove(f, guards, j.Above[f])
}

func holdsFile(list []*parse.File, f *parse.File) bool {
	for _, g := range list {
		if g == f {
			return true
		}
	}
	return false
}

// definition is the variable with its defaults.
func (j *extension) definition(static bool) string {
	on, name := 0, j.Variable
	if j.Settings.On {
		on = 1
	}
	def := fmt.Sprintf("struct %s %s %s = { %d, %d, %d, %d };", name, members, name, on, j.Settings.Idle, j.Settings.Interval, j.Settings.Count)
	if static {
		return "static " + def
	}
	return def
}

// comment spells a comment as the file does.
func (j *extension) comment(f *parse.File, at int, s string) string {
	for _, fn := range f.Funcs {
		if fn.Macro == nil {
			return j.Host.Style(fn, fn.BodyPos).Comment(s)
		}
	}
	return "/* " + s + " */"
}

// around sets a declaration off by blank lines where it stands behind code.
func around(f *parse.File, at int, content string) string {
	eol := patch.EOLOf(f.Src)
	content += eol
	if at > 0 && !text.BlankLine(f.Src, text.LineStart(f.Src, at-1)) {
		content = eol + content
	}
	if at < len(f.Src) && !text.BlankLine(f.Src, at) {
		content += eol
	}
	return content
}

// variablePlace is the line behind the last variable that the file defines or
// declares before its first function, else behind its includes.
func variablePlace(f *parse.File) (int, bool) { return placeAbove(f, nil, 0) }

// placeAbove is the same under certain #if conditions, and above an offset
// unless that is 0.
func placeAbove(f *parse.File, guards []string, limit int) (int, bool) {
	under := func(off int) bool { return strings.Join(f.Guards(off), "\x00") == strings.Join(guards, "\x00") }
	first := len(f.Src)
	for _, fn := range f.Funcs {
		if fn.Macro == nil {
			first = min(first, fn.Start)
		}
	}
	if limit > 0 {
		first = min(first, limit)
	}
	best := -1
	for _, d := range f.Decls() {
		if d.End > first || d.Name == "" || d.Typedef || d.Enum || d.Type == nil || d.Type.Func || len(d.Params) > 0 {
			continue
		}
		if !under(d.Pos) || !under(d.End) || !text.FirstOnLine(f.Src, d.Pos) {
			continue
		}
		if at, ok := patch.LineAfter(f, d.End); ok && at > best {
			best = at
		}
	}
	if best > 0 {
		return best, true
	}
	for _, d := range f.Dirs {
		off := int(f.Toks[d.Tok].Off)
		if d.Name == "include" && off < first && under(off) {
			best = text.LineEnd(f.Src, int(f.Toks[d.Tok].End))
		}
	}
	return best, best > 0 && f.Src[best-1] == '\n'
}

// sharedHeader is a header of the program that all the files include and that
// declares variables already.
func (j *extension) sharedHeader(home *parse.File, others []*parse.File) (*parse.File, int) {
	if len(others) == 0 || len(j.s.groups) > 1 {
		return nil, 0 // another group's files may include it
	}
	for _, h := range j.Tree.Headers(home) {
		all := true
		for _, f := range others {
			found := false
			for _, x := range j.Tree.Headers(f) {
				found = found || x == h
			}
			all = all && found
		}
		if !all {
			continue
		}
		best := -1
		for _, d := range h.Decls() {
			if d.Extern && !d.Typedef && d.Name != "" && d.Type != nil && !d.Type.Func && len(d.Params) == 0 && len(h.Guards(d.Pos)) == 0 && text.FirstOnLine(h.Src, d.Pos) {
				if at, ok := patch.LineAfter(h, d.End); ok && at > best {
					best = at
				}
			}
		}
		if best > 0 {
			return h, best
		}
	}
	return nil, 0
}
