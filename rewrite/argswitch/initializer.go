package argswitch

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

type initializer struct {
	f *parse.File
	x *parse.Expr
}

// initializers returns the brace lists that a name is initialised with: in the
// function, else in its file, else in the whole program.
func (j *job) initializers(fn *parse.Func, name string) []initializer {
	var out []initializer
	f := fn.File
	for _, n := range j.t.funcs[fn.Name] {
		if n.file != f || n.forms[0].NamePos != fn.NamePos {
			continue
		}
		for _, x := range n.forms {
			x.Body().Walk(func(s *parse.Stmt) bool {
				for _, d := range s.Decls {
					if d.Name == name && d.Init != nil && d.Init.Kind == parse.XInit && !holdsInit(out, f, d.Init) {
						out = append(out, initializer{f, d.Init})
					}
				}
				return true
			})
		}
	}
	if len(out) > 0 {
		return out
	}
	files := append([]*parse.File{f}, j.t.files...)
	for i, g := range files {
		for _, d := range g.Decls() {
			if d.Name == name && d.Init != nil && d.Init.Kind == parse.XInit && (g == f || !d.Static) && !holdsInit(out, g, d.Init) {
				out = append(out, initializer{g, d.Init})
			}
		}
		if i == 0 && len(out) > 0 {
			break
		}
	}
	return out
}

// insertRow puts a row of a table of options at a line's begin, on two lines
// where one would be too long.
func (j *job) insertRow(f *parse.File, at int, ind, first, second string) {
	eol, between := eolOf(f.Src), " "
	if ctree.Width(first+" "+second, 8) > 79 {
		between = eol + ind + " "
	}
	j.insert(f, at, first+between+second+eol)
}

// holdsInit reports whether a list has an initializer, seen under another
// selection of branches perhaps.
func holdsInit(list []initializer, f *parse.File, x *parse.Expr) bool {
	for _, i := range list {
		if i.f == f && i.x.Pos == x.Pos {
			return true
		}
	}
	return false
}
