package ctree

import (
	"path"
	"slices"

	"github.com/keepatch/keepatch/parse"
)

// DeclaresLate reports whether a function declares more of its variables where
// it first needs them than at its start.
func DeclaresLate(fn *parse.Func) bool {
	late, first := 0, 0
	body := fn.Body()
	body.Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SDecl && s.IsMixedDecl() {
			late++
		} else if s.Kind == parse.SDecl && s.Parent == body {
			first++
		}
		return true
	})
	return late > 1 && late > first
}

// MixesDecls reports whether a file, or another one of its folder with sites, declares after
// statements in some function: C89 is not what it is built as.
func (p *Program) MixesDecls(f *parse.File) bool {
	if slices.ContainsFunc(f.Funcs, (*parse.Func).HasMixedDecl) {
		return true
	}
	return slices.ContainsFunc(p.Files, func(g *parse.File) bool {
		return g != f && path.Dir(g.Path) == path.Dir(f.Path) && slices.ContainsFunc(g.Funcs, (*parse.Func).HasMixedDecl)
	})
}
