package ctree

import (
	"path"
	"slices"

	"github.com/keepatch/keepatch/parse"
)

// IsMixedDecl reports whether a declaration stands after a statement.
func IsMixedDecl(s *parse.Stmt) bool {
	if s.Parent == nil {
		return false
	}
	for _, x := range s.Parent.List {
		if x == s {
			return false
		}
		if x.Kind != parse.SDecl {
			return true
		}
	}
	return false
}

// HasMixedDecl reports whether a function declares after statements.
func HasMixedDecl(fn *parse.Func) bool {
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SDecl && IsMixedDecl(s) {
			found = true
		}
		return !found
	})
	return found
}

// DeclaresLate reports whether a function declares more of its variables where
// it first needs them than at its start.
func DeclaresLate(fn *parse.Func) bool {
	late, first := 0, 0
	body := fn.Body()
	body.Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SDecl && IsMixedDecl(s) {
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
	if slices.ContainsFunc(f.Funcs, HasMixedDecl) {
		return true
	}
	return slices.ContainsFunc(p.Files, func(g *parse.File) bool {
		return g != f && path.Dir(g.Path) == path.Dir(f.Path) && slices.ContainsFunc(g.Funcs, HasMixedDecl)
	})
}
