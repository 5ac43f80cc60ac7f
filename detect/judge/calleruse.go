package judge

import (
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
)

// callerUses lists who gets the descriptor of a call that is returned at once, or
// that a macro stands for; sealed is false where a pointer to the function may have
// others.
func (a *Analysis) callerUses(j *Judgement) (out []result.CallerUse, sealed bool) {
	top := j.Cand.Call
	for top.Up != nil && (top.Up.Kind == parse.XParen || top.Up.Kind == parse.XCast) {
		top = top.Up
	}
	fn := j.Cand.In.Func
	if top.Up != nil || top.In == nil || top.In.Kind != parse.SReturn && !standsFor(fn, top.In) {
		return nil, false
	}
	for _, c := range a.Prog.DistinctCallers(fn) {
		t := result.CallerUse{Use: result.Use{Func: c.In.Func, Call: c.Expr}}
		for _, h := range j.Flow.Events {
			if h.Ctx.Returns == nil || h.Ctx.Returns.Calls[0].Expr.NamePos != c.Expr.NamePos ||
				h.Ctx.Returns.Calls[0].In.File != c.In.File {
				continue
			}
			t.Connects = t.Connects || h.Kind == knowledge.Connect
			t.Listens = t.Listens || h.Kind == knowledge.Listen
		}
		out = append(out, t)
	}
	return out, len(a.Prog.AddressesTaken(fn)) == 0
}

// standsFor reports whether a macro's body is one expression, that of s.
func standsFor(fn *parse.Func, s *parse.Stmt) bool {
	if fn.Macro == nil || s.Kind != parse.SExpr {
		return false
	}
	body := fn.Body()
	return body == s || len(body.List) == 1 && body.List[0] == s
}
