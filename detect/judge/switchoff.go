package judge

import (
	"cmp"
	"slices"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// switchedOff takes away the enablings that a later call undoes: one that
// gives the option the value 0, in the same function (or below a later call of
// a function that both are below). Where the later call stands under a condition of its own,
// keepalive is on some of the time, and so it is where one of maybes comes later, whose
// value may be 0.
func switchedOff(f *flow.Flow, ons []Enabling, offs, maybes []flow.FDEvent) []Enabling {
	if len(offs)+len(maybes) == 0 {
		return ons
	}
	var out []Enabling
	fold := eval.NewIntEval(f.Prog, f.Sess)
	condition := func(o flow.FDEvent) string { return condition(fold, o, o.Ctx.Frame, descriptorOrigin(f, o)) }
	for _, e := range ons {
		undone := false
		for _, o := range offs {
			if callgraph.ReturnedBefore(e.Event.Ctx.Returns, o.Ctx.Returns) {
				// By a caller, who got it with keepalive on.
				c := o.Ctx.Returns.Calls[len(o.Ctx.Returns.Calls)-1]
				if condition(o) == "" && len(o.Ctx.Returns.Calls) == 1 && len(callgraph.CallSites(f.Prog, f.Site.In.Func)) == 1 {
					undone = true
				} else {
					e.conditional, e.why = true, "switched off again in "+c.In.Func.Name+"()"
				}
				continue
			}
			if onOtherBranch(e.Event, o) {
				e.conditional, e.why = true, "or switched off "+cmp.Or(condition(o), "instead")
				continue
			}
			at, off := divergingCalls(e.Event, o)
			if off.In == nil {
				at, off = divergingLoads(f, o)
			}
			if off.In == nil {
				if o.Ctx.Store != nil && !e.conditional {
					// By whoever takes it out of memory, a handler that an event loop calls.
					e.conditional, e.why = true, "or switched off in "+o.In.Func.Name+"()"
				}
				continue
			}
			if off.Expr.Pos <= at.Expr.End || !defuse.CanFollow(at.In, at.Expr, off.Expr) {
				continue
			}
			if c := conditionSince(fold, o, at.Expr, off.Expr); c != "" {
				e.conditional, e.why = true, "switched off again "+c
			} else {
				undone = true
			}
		}
		for _, o := range maybes {
			if at, off := divergingCalls(e.Event, o); off.In != nil && off.Expr.Pos > at.Expr.End &&
				defuse.CanFollow(at.In, at.Expr, off.Expr) && !e.conditional {
				e.conditional, e.why = true, "or as a later value says"
			}
		}
		if !undone {
			out = append(out, e)
		}
	}
	return out
}

// offOnEveryPath returns one of the calls that turn keepalive off that is made on every way,
// where there is one.
func offOnEveryPath(fold *eval.IntEval, f *flow.Flow, offs []flow.FDEvent) *flow.FDEvent {
	for _, o := range offs {
		at, off := divergingLoads(f, o)
		switch {
		case off.In != nil:
			if conditionSince(fold, o, at.Expr, off.Expr) == "" {
				return &o
			}
		case !fromHere(o) || condition(fold, o, o.Ctx.Frame, descriptorOrigin(f, o)) != "":
		case o.Ctx.Returns == nil || o.Ctx.Returns.Len() == 1 && len(callgraph.CallSites(f.Prog, f.Site.In.Func)) == 1:
			return &o
		}
	}
	return nil
}

// onOtherBranch reports whether o stands in the function of h, entered through the same
// calls, on other ways: if (on) { ... } else { ... }, or after a return.
func onOtherBranch(h flow.FDEvent, o flow.FDEvent) bool {
	if o.In != h.In || o.Call == h.Call || o.Ctx.Frame != h.Ctx.Frame || o.Ctx.Returns.Len() != h.Ctx.Returns.Len() ||
		!o.Ctx.Returns.MayCoincide(h.Ctx.Returns) {
		return false
	}
	return !defuse.CanFollow(h.In, h.Call, o.Call) && !defuse.CanFollow(h.In, o.Call, h.Call)
}

// mutuallyExclusive reports whether two things that happen below one function happen on
// different ways through it, or through one that it calls.
func mutuallyExclusive(h flow.FDEvent, o flow.FDEvent) bool {
	a, b := divergingCalls(h, o)
	return a.In != nil && !defuse.CanFollow(a.In, a.Expr, b.Expr) && !defuse.CanFollow(a.In, b.Expr, a.Expr)
}

// comesLate reports whether an option is only set on a listener when the accept() is over, in
// a function that makes a new one each time:
//
//	fd = accept(lfd, NULL, NULL);
//	setsockopt(lfd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
func comesLate(listener *Judgement, option, accept flow.FDEvent) bool {
	a, b := divergingCalls(option, accept)
	if a.In == nil || defuse.CanFollow(a.In, a.Expr, b.Expr) {
		return false
	}
	return listener.Cand.In.Func == a.In.Func || option.Ctx.Returns != nil &&
		slices.ContainsFunc(option.Ctx.Returns.Calls, func(c program.Ref) bool { return c.In.Func == a.In.Func })
}

// divergingCalls returns the calls in the innermost function that both things are below, by
// which the ways to them differ; none where there is no such function.
func divergingCalls(h flow.FDEvent, o flow.FDEvent) (a, b program.Ref) {
	x, y := callsTo(h), callsTo(o)
	for len(x) > 0 && len(y) > 0 {
		a, b := x[len(x)-1], y[len(y)-1]
		if a.In != b.In {
			break
		}
		if a.Expr != b.Expr {
			return a, b
		}
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	return program.Ref{}, program.Ref{}
}

// divergingLoads is divergingCalls for a descriptor that was left in memory: where o happens in the
// only function that calls the one which makes it, after that call.
func divergingLoads(f *flow.Flow, o flow.FDEvent) (a, b program.Ref) {
	fi, e := outermost(o)
	if o.Ctx.Store == nil || o.Ctx.StoreIn != f.Site.In {
		return
	}
	if calls := callgraph.CallSites(f.Prog, f.Site.In.Func); len(calls) == 1 && calls[0].Expr != nil && calls[0].In == fi {
		return calls[0], program.Ref{In: fi, Expr: e}
	}
	return
}

// conditionSince is a run-time condition under which o stands and at does not, where
// o is below the call off in the function of at; "" when there is none.
func conditionSince(f *eval.IntEval, o flow.FDEvent, at, off *parse.Expr) string {
	fi, e, fr := o.In, o.Call, o.Ctx.Frame
	for e != off {
		if c := enclosing(f, fi, e, nil, fr); c != "" {
			return c
		}
		fi, e, fr = fr.Call.In, fr.Call.Expr, fr.Up
	}
	return enclosing(f, fi, e, at, fr)
}

// callsTo lists the calls that lead to a thing, from itself outwards.
func callsTo(h flow.FDEvent) []program.Ref {
	out := []program.Ref{{In: h.In, Expr: h.Call}}
	for fr := h.Ctx.Frame; fr != nil; fr = fr.Up {
		out = append(out, fr.Call)
	}
	return out
}

// outermost returns where, in the function that had the descriptor first, the
// thing happens: the call itself, or the one that leads to it.
func outermost(h flow.FDEvent) (*program.FuncInfo, *parse.Expr) {
	fi, e := h.In, h.Call
	for fr := h.Ctx.Frame; fr != nil; fr = fr.Up {
		fi, e = fr.Call.In, fr.Call.Expr
	}
	return fi, e
}
