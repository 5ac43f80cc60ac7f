package judge

import (
	"github.com/keepatch/keepatch/detect/alias"
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// inObject asks what a call does to SO_KEEPALIVE where the descriptor was taken out
// of a struct: only the structs count into which it was put. objs are those in
// which it can have been found, where they are all known.
func (t *optionEffects) inObject(f *flow.Flow, h flow.FDEvent) (is effect, why string, objs []alias.Object) {
	is, why = t.effect(h, h.Ctx.Frame)
	got := h.Ctx.Load
	if got == nil || is == noEffect {
		return is, why, nil
	}
	if !h.Ctx.AnyStore && h.Ctx.Returns.Len() <= got.Returns && otherVtable(t.fold, f.Stores[got.From], h.Ctx.Store, got.In.Func) {
		return noEffect, "", nil
	}
	objects, asked := t.holdersOf[got.From]
	if !asked {
		objects = t.holders(f, f.Stores[got.From])
		t.holdersOf[got.From] = objects
	}
	left := got.ReturnedBy(h.Ctx.Returns) // FD(c), conn_fd(c)
	outer := got.In.Func
	for fr := left; fr != nil; fr = fr.Up {
		outer = fr.Call.In.Func
	}
	calls, known := t.p.Callers(outer), true
	if outer.Macro == nil {
		calls, known = callgraph.CallersByTable(t.p, outer)
	}
	if !known || len(calls) == 0 || len(calls) > maxAsked {
		calls = []program.Ref{{}}
	}
	var kept []program.Ref
	var lists [][]alias.Object
	for _, c := range calls {
		if list := alias.Holders(t.fold, got.In, got.Expr, frameBelow(c, left)); !alias.NoAlias(objects, list) {
			kept, lists = append(kept, c), append(lists, list)
		}
	}
	// Where the callers decide what is done, each is asked.
	ask := len(kept) < len(calls) || t.fold.CallerDependent[outer] && len(calls) > 1
	all, best := true, noEffect
	for i, c := range kept {
		one, because := is, why
		if ask {
			one, because = t.effect(h, frameBelow(c, h.Ctx.Frame))
		}
		if one == noEffect {
			continue
		}
		if one > best {
			best, why = one, because
		}
		objs = append(objs, lists[i]...)
		all = all && len(lists[i]) > 0
	}
	if !all {
		objs = nil
	}
	return best, why, objs
}

// maxAsked is how many callers are asked which object they mean.
const maxAsked = 40

// frameBelow is the way fr entered through the call.
func frameBelow(c program.Ref, fr *callgraph.Frame) *callgraph.Frame {
	if c.Expr == nil {
		return fr
	}
	return callgraph.ExtendOuter(fr, c)
}

// holders returns the objects into which the descriptor was put; none where they
// are not all known.
func (t *optionEffects) holders(f *flow.Flow, puts []flow.Store) (out []alias.Object) {
	for _, q := range puts {
		if q.Expr.Kind != parse.XMember {
			return nil
		}
		for _, fr := range f.StoreFrames(q) {
			list := alias.Holders(t.fold, q.In, q.Expr, fr)
			if len(list) == 0 {
				return nil
			}
			out = append(out, list...)
		}
	}
	return out
}

// elsewhere reports whether the descriptor that went the way of ctx was found in other
// objects than those for which the option was set.
func (e *Enabling) elsewhere(f *eval.IntEval, ctx flow.Context) bool {
	if len(e.objects) == 0 || ctx.Load == nil {
		return false
	}
	return alias.NoAlias(e.objects, alias.Holders(f, ctx.Load.In, ctx.Load.Expr, ctx.Load.ReturnedBy(ctx.Returns)))
}
