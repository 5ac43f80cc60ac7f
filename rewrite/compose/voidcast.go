package compose

import (
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/style"
)

// voidCast reports whether a result that is dropped has to show that this is
// meant: the function looks at what all of its socket calls return, no option
// of the program says otherwise, and casts to void are known there.
func (t *Target) voidCast(id *Idiom) bool {
	if id.Model != nil && id.Model.Ignored() || !t.Style.Voids && !t.Composer.castsVoid() {
		return false
	}
	tested, dropped := 0, 0
	ctree.Calls(t.Spot.Func.Body(), func(c *parse.Expr, s *parse.Stmt) {
		if _, ok := knowledge.SocketCall(c.Callee()); ok && c != t.Spot.Call {
			e := s.Expr.Bare()
			ctree.Count(s.Kind == parse.SExpr && e == c, &dropped, &tested)
		}
	})
	return tested > 1 && dropped == 0
}

// DroppedCast is the cast before an ignored result, "" where the
// program writes none.
func (p *Composer) DroppedCast(t *Target) string {
	if t.Style.Voids || p.castsVoid() {
		return "(void)" + t.Style.VoidGap
	}
	return ""
}

// castsVoid reports whether a file with sites casts the result of a call to
// void, and no more options are set with the result dropped than so.
func (p *Composer) castsVoid() bool {
	if p.voids == nil {
		found, bare := false, 0
		for _, f := range p.Files {
			t := style.NewCounts(8)
			t.Tokens(f.Src, f.Toks)
			found = found || t.VoidBlank+t.VoidTight > 0
			for _, h := range p.OptionCalls(f) {
				switch h.Form {
				case exemplar.FormBare:
					bare++
				case exemplar.FormVoid:
					bare--
				}
			}
		}
		found = found && bare <= 0
		p.voids = &found
	}
	return *p.voids
}
