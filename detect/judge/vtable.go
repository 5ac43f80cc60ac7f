package judge

import (
	"slices"

	"github.com/keepatch/keepatch/detect/alias"
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/flow"
)

// narrowListeners drops, from the listeners that lie in the member which an accept() takes from,
// those that it cannot mean: they lie in other objects, in objects of another kind, or were stored
// by functions of another method table. Each step leaves at least one.
func (a *Analysis) narrowListeners(t *Judgement, sources []Source) []Source {
	several := false
	for _, s := range sources {
		several = several || s.From != sources[0].From || s.ctx.Store != sources[0].ctx.Store
	}
	if !several {
		return sources
	}
	sources = a.keepSameObject(t, sources)
	sources = a.keepSameKind(t, sources)
	return a.keepSameVtable(t, sources)
}

// keepSameVtable drops those that another method table opened: where each kind of transport has
// functions of its own behind one struct of pointers, its accept function gets what its own open
// function made. Nothing is dropped unless one is left that surely fits.
func (a *Analysis) keepSameVtable(t *Judgement, sources []Source) []Source {
	mine := callgraph.EntriesOf(a.Prog, t.Cand.In.Func)
	if mine == nil {
		return sources
	}
	var out []Source
	fits := false
	for _, s := range sources {
		if s.ctx.StoreIn == nil {
			out = append(out, s)
			continue
		}
		theirs := callgraph.EntriesOf(a.Prog, s.ctx.StoreIn.Func)
		same := theirs != nil && mine.SharedWith(theirs)
		if same || theirs == nil {
			out = append(out, s)
		}
		fits = fits || same
	}
	if !fits {
		return sources
	}
	return out
}

// keepSameObject drops those listeners that lie in other objects than the one that is
// accepted from.
func (a *Analysis) keepSameObject(t *Judgement, sources []Source) []Source {
	tell := optionEffects{p: a.Prog, s: t.sess, fold: eval.NewIntEval(a.Prog, t.sess)}
	return dropUnlessAll(sources, func(s Source) bool {
		got := s.ctx.Load
		if got == nil {
			return false
		}
		puts := s.From.Flow.Stores[got.From]
		if !s.ctx.AnyStore {
			puts = slices.DeleteFunc(slices.Clone(puts), func(q flow.Store) bool { return q.Expr != s.ctx.Store })
		}
		return alias.NoAlias(tell.holders(s.From.Flow, puts), alias.Holders(tell.fold, got.In, got.Expr, got.ReturnedBy(s.ctx.Returns)))
	})
}

// dropUnlessAll leaves out those sources that are strange; nothing where none would be left.
func dropUnlessAll(sources []Source, strange func(Source) bool) []Source {
	out := slices.DeleteFunc(slices.Clone(sources), strange)
	if len(out) == 0 {
		return sources
	}
	return out
}
