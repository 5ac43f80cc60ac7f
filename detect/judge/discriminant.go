package judge

import (
	"github.com/keepatch/keepatch/detect/discriminant"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/parse"
)

// keepSameKind drops the listeners that lie in objects of another kind than the one that
// is accepted from; nothing where none would be left.
func (a *Analysis) keepSameKind(t *Judgement, sources []Source) []Source {
	ev := eval.New(a.Prog, t.sess)
	ev.Symbolic = true
	return dropUnlessAll(sources, func(s Source) bool { return s.ctx.Load != nil && s.ctx.Store != nil && a.otherKindOf(ev, s) })
}

// otherKindOf reports whether a listener was stored in an object of another kind.
func (a *Analysis) otherKindOf(ev *eval.Evaluator, s Source) bool {
	got, at := s.ctx.Load, s.ctx.Store
	e := got.Expr.Strip()
	if e == nil || e.Kind != parse.XMember {
		return false
	}
	if !s.ctx.AnyStore && otherVtable(eval.NewIntEval(a.Prog, ev.Sess), s.From.Flow.Stores[got.From], at, got.In.Func) {
		return true
	}
	read := discriminant.FactsAt(a.Prog, got.In, e.X, e, 0)
	if len(read) == 0 {
		return false
	}
	fi := s.ctx.StoreIn
	if at.Kind == parse.XMember && !s.ctx.AnyStore {
		for below, f := range discriminant.FactsAt(a.Prog, fi, at.X, at, 0) {
			if g := read[below]; g != nil && ev.Contradicts(fi, f, g) {
				return true
			}
		}
	}
	for below, f := range read {
		ways, ruled := 0, 0
		for _, q := range s.From.Flow.Stores[got.From] {
			if q.Expr == at || s.ctx.AnyStore {
				ways++
				if discriminant.OtherKind(ev, q, below, f) {
					ruled++
				}
			}
		}
		if ways > 0 && ways == ruled {
			return true
		}
	}
	return false
}
