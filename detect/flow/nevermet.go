package flow

import (
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/parse"
)

// NeverMet says which condition around an event, or around a call that leads to it, has just
// the outcome with which it does not happen; "" where there is none.
func (h FDEvent) NeverMet(f *eval.IntEval) string {
	f.Steps = 0
	fi, e, fr := h.In, h.Call, h.Ctx.Frame
	for n := fr.Depth(); ; n-- {
		for s := e.In; s != nil && s.Parent != nil; s = s.Parent {
			p := s.Parent
			if p.Kind != parse.SIf || p.Expr == nil || p.Body != s && p.Else != s {
				continue
			}
			switch yes, no := f.Outcome(fi, p.Expr, fr); {
			case p.Body == s && !yes:
				return fi.Text(p.Expr) + " does not hold"
			case p.Else == s && !no:
				return fi.Text(p.Expr) + " holds"
			}
		}
		if n == 0 {
			return ""
		}
		fi, e, fr = fr.Call.In, fr.Call.Expr, fr.Up
	}
}
