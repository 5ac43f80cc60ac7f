package patch

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"slices"
)

// Initializer is a brace list with its file.
type Initializer struct {
	File *parse.File
	Expr *parse.Expr
}

// Initializers returns the brace lists that a name is initialised with: in the
// function, else in its file, else in the whole program.
func (j *Patch) Initializers(fn *parse.Func, name string) []Initializer {
	var out []Initializer
	f := fn.File
	for _, n := range j.Tree.Funcs[fn.Name] {
		if n.File != f || n.Forms[0].NamePos != fn.NamePos {
			continue
		}
		for _, x := range n.Forms {
			x.Body().Walk(func(s *parse.Stmt) bool {
				for _, d := range s.Decls {
					if d.Name == name && d.Init != nil && d.Init.Kind == parse.XInit && !holdsInit(out, f, d.Init) {
						out = append(out, Initializer{f, d.Init})
					}
				}
				return true
			})
		}
	}
	if len(out) > 0 {
		return out
	}
	files := append([]*parse.File{f}, j.Tree.Files...)
	for i, g := range files {
		for _, d := range g.Decls() {
			if d.Name == name && d.Init != nil && d.Init.Kind == parse.XInit && (!d.Static || j.sees(f, g)) && !holdsInit(out, g, d.Init) {
				out = append(out, Initializer{g, d.Init})
			}
		}
		if i == 0 && len(out) > 0 {
			break
		}
	}
	return out
}

// sees reports whether a file has the static variables of another one: it is the same, or a
// header that it includes.
func (j *Patch) sees(f, g *parse.File) bool {
	return g == f || slices.Contains(j.Tree.Headers(f), g)
}

// InsertRow puts a row of a table of options at a line's begin, on two lines
// where one would be too long.
func (j *Patch) InsertRow(f *parse.File, at int, ind, first, second string) {
	eol, between := text.EOL(f.Src, 0), " "
	if text.Width(first+" "+second, 8) > 79 {
		between = eol + ind + " "
	}
	j.Insert(f, at, first+between+second+eol)
}

// holdsInit reports whether a list has an initializer, seen under another
// selection of branches perhaps.
func holdsInit(list []Initializer, f *parse.File, x *parse.Expr) bool {
	for _, i := range list {
		if i.File == f && i.Expr.Pos == x.Pos {
			return true
		}
	}
	return false
}
