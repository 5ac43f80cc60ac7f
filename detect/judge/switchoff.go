package judge

import (
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// switchedOff takes away the enablings that a later call undoes: one that
// gives the option the value 0, in the same function (or below a later call of
// that function). Where the later call stands under a condition of its own,
// keepalive is on some of the time.
func switchedOff(f *flow.Flow, ons []Enabling, offs []flow.FDEvent) []Enabling {
	if len(offs) == 0 {
		return ons
	}
	var out []Enabling
	fold := eval.NewIntEval(f.Prog, f.Sess)
	condition := func(o flow.FDEvent) string { return condition(fold, o, o.Ctx.Frame, begin(f, o)) }
	for _, e := range ons {
		fi, at := outermost(e.Event)
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
			if instead(e.Event, o) {
				e.conditional, e.why = true, "or switched off "+orElse(condition(o), "instead")
				continue
			}
			gi, off := outermost(o)
			if gi != fi || off.Pos <= at.End || !defuse.ComesAfter(fi, at, off) {
				continue
			}
			if c := condition(o); c != "" {
				e.conditional, e.why = true, "switched off again "+c
			} else {
				undone = true
			}
		}
		if !undone {
			out = append(out, e)
		}
	}
	return out
}

// instead reports whether o stands in the function of h, entered through the same
// calls, on other ways: if (on) { ... } else { ... }, or behind a return.
func instead(h flow.FDEvent, o flow.FDEvent) bool {
	if o.In != h.In || o.Call == h.Call || o.Ctx.Frame != h.Ctx.Frame || o.Ctx.Returns.Len() != h.Ctx.Returns.Len() || !o.Ctx.Returns.SameWay(h.Ctx.Returns) {
		return false
	}
	return !defuse.ComesAfter(h.In, h.Call, o.Call) && !defuse.ComesAfter(h.In, o.Call, h.Call)
}

// excludes reports whether two things that happen below one function happen on
// different ways through it, or through one that it calls.
func excludes(h flow.FDEvent, o flow.FDEvent) bool {
	x, y := way(h), way(o)
	for len(x) > 0 && len(y) > 0 {
		a, b := x[len(x)-1], y[len(y)-1]
		if a.In != b.In {
			return false
		}
		if a.Expr != b.Expr {
			return !defuse.ComesAfter(a.In, a.Expr, b.Expr) && !defuse.ComesAfter(a.In, b.Expr, a.Expr)
		}
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	return false
}

// way lists the calls that lead to a thing, from itself outwards.
func way(h flow.FDEvent) []program.Ref {
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
