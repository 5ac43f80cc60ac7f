package rewrite

import "github.com/keepatch/keepatch/parse"

// deliberate reports whether a result that is dropped has to show that this is
// meant: the function looks at what all of its socket calls return, no option
// of the program says otherwise, and casts to void are known there.
func (t *target) deliberate(id *idiom) bool {
	if id.model != nil && id.model.ignored() || !t.st.voids && !t.proj.castsVoid() {
		return false
	}
	tested, dropped := 0, 0
	calls(t.sp.fn.Body(), func(c *parse.Expr, s *parse.Stmt) {
		if _, ok := socketCalls[c.Callee()]; ok && c != t.sp.call {
			e := s.Expr.Bare()
			count(s.Kind == parse.SExpr && e == c, &dropped, &tested)
		}
	})
	return tested > 1 && dropped == 0
}

// castsVoid reports whether a file with sites casts the result of a call to
// void, and no more options are set with the result dropped than so.
func (p *composer) castsVoid() bool {
	if p.voids == nil {
		found, bare := false, 0
		for _, f := range p.files {
			t := newTally(8)
			t.tokens(f.Src, f.Toks)
			found = found || t.voidBlank+t.voidTight > 0
			for _, h := range p.habitsOf(f) {
				switch h.form {
				case formBare:
					bare++
				case formVoid:
					bare--
				}
			}
		}
		found = found && bare <= 0
		p.voids = &found
	}
	return *p.voids
}
