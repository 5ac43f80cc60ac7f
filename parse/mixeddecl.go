package parse

// IsMixedDecl reports whether a declaration stands after a statement.
func (s *Stmt) IsMixedDecl() bool {
	if s.Parent == nil {
		return false
	}
	for _, x := range s.Parent.List {
		if x == s {
			return false
		}
		if x.Kind != SDecl {
			return true
		}
	}
	return false
}

// HasMixedDecl reports whether a function declares after statements.
func (fn *Func) HasMixedDecl() bool {
	found := false
	fn.Body().Walk(func(s *Stmt) bool {
		if s.Kind == SDecl && s.IsMixedDecl() {
			found = true
		}
		return !found
	})
	return found
}
