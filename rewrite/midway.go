package rewrite

import "github.com/keepatch/keepatch/parse"

// midway reports whether a declaration stands behind a statement.
func midway(s *parse.Stmt) bool {
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

// mixes reports whether a function declares behind statements.
func mixes(fn *parse.Func) bool {
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SDecl && midway(s) {
			found = true
		}
		return !found
	})
	return found
}

// declaresLate reports whether a function declares more of its variables where
// it first needs them than at its start.
func declaresLate(fn *parse.Func) bool {
	late, first := 0, 0
	body := fn.Body()
	body.Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SDecl && midway(s) {
			late++
		} else if s.Kind == parse.SDecl && s.Parent == body {
			first++
		}
		return true
	})
	return late > 1 && late > first
}
