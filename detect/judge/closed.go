package judge

import (
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// connectsNext reports whether the function that does something to a descriptor, which it reads from
// memory, connects it afterwards: it is that of a client there, and not the one of an accept() or of
// a listener that lies in such an object as well.
func connectsNext(h flow.FDEvent) bool {
	load := h.Ctx.Load
	if load == nil || load.In != h.In {
		return false
	}
	path, from, g := value.PathOf(load.Expr), h.In.NodeOf(h.Call), h.In.Graph()
	if path == "" || from == nil {
		return false
	}
	for c := range h.In.CallsOf("connect") {
		to := h.In.NodeOf(c)
		if len(c.Args) > 0 && value.PathOf(c.Args[0]) == path && to != nil &&
			g.Reachable(from, to, func(*cfg.Edge) bool { return true }).Has(to) {
			return true
		}
	}
	return false
}

// closedBefore reports whether the descriptor was closed on every way to an option
// call, which then sets nothing.
func closedBefore(f *flow.Flow, h flow.FDEvent) bool {
	for i := range f.Events {
		if f.Events[i].Kind != knowledge.Close {
			continue // most are, and there may be thousands
		}
		c := f.Events[i]
		if c.Ctx.Returns.Len() != h.Ctx.Returns.Len() || !c.Ctx.Returns.MayCoincide(h.Ctx.Returns) {
			continue
		}
		at, opt := divergingCalls(c, h)
		if at.In == nil || at.In.Func.Macro != nil || !alwaysDone(c, at.Expr) {
			continue
		}
		path := pathAt(c, at.Expr)
		from, mid, to := at.In.Graph().Entry, at.In.NodeOf(at.Expr), at.In.NodeOf(opt.Expr)
		if b := descriptorOrigin(f, h); h.Ctx.Store == nil && at.In.HasCall(b) {
			from = at.In.NodeOf(b)
		}
		if path == "" || path != pathAt(h, opt.Expr) || from == nil || mid == nil || to == nil || mid == to || mid == from {
			continue
		}
		g := at.In.Graph()
		if !g.Reachable(from, to, func(e *cfg.Edge) bool { return e.To != mid }).Has(to) &&
			defuse.NeverChangedBetween(at.In, mid, to, path) {
			return true
		}
	}
	return false
}

// alwaysDone reports whether what happens below a call happens on every way through
// the functions that lead to it.
func alwaysDone(h flow.FDEvent, top *parse.Expr) bool {
	fi, e, fr := h.In, h.Call, h.Ctx.Frame
	for e != top {
		g, n := fi.Graph(), fi.NodeOf(e)
		if fi.Func.Macro != nil || n == nil || g.Reachable(g.Entry, g.Exit, func(e *cfg.Edge) bool { return e.To != n }).Has(g.Exit) {
			return false
		}
		fi, e, fr = fr.Call.In, fr.Call.Expr, fr.Up
	}
	return true
}

// pathAt is what the descriptor is called in the function of the call top, which h is
// below; "" where it is not handed down as an argument.
func pathAt(h flow.FDEvent, top *parse.Expr) string {
	if len(h.Call.Args) == 0 {
		return ""
	}
	path := value.PathOf(h.Call.Args[0])
	fi, e, fr := h.In, h.Call, h.Ctx.Frame
	for e != top && path != "" {
		path = inCaller(fi, path, fr.Call)
		fi, e, fr = fr.Call.In, fr.Call.Expr, fr.Up
	}
	return path
}

// inCaller is what a path of a function is called by the caller.
func inCaller(fi *program.FuncInfo, path string, call program.Ref) string {
	root := value.RootOf(path)
	for i, p := range fi.Func.Params {
		if p.Name != root || i >= len(call.Expr.Args) {
			continue
		}
		if x := value.PathOf(call.Expr.Args[i]); x != "" {
			return x + path[len(root):]
		}
	}
	return ""
}
