package ctree

import "github.com/keepatch/keepatch/parse"

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
