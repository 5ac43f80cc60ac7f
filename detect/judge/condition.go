package judge

import (
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// descriptorOrigin returns where the descriptor begins in the outermost function that
// leads to h: the call that makes it, or the one that returned it there.
func descriptorOrigin(f *flow.Flow, h flow.FDEvent) *parse.Expr {
	if h.Ctx.Returns != nil {
		return h.Ctx.Returns.Calls[len(h.Ctx.Returns.Calls)-1].Expr
	}
	return f.Site.Expr
}

// condition returns a run-time condition under which h stands, here or at the
// calls that led to it through fr; "" when there is none. Checks of descriptors
// and results are no conditions in this sense, and neither is one that always
// holds on this way or that the descriptor itself is made under.
func condition(f *eval.IntEval, h flow.FDEvent, fr *callgraph.Frame, begin *parse.Expr) string {
	fi, e := h.In, h.Call
	for n := h.Ctx.Frame.Depth(); ; n-- {
		if c := enclosing(f, fi, e, begin, fr); c != "" || n == 0 {
			return c
		}
		fi, e, fr = fr.Call.In, fr.Call.Expr, fr.Up
	}
}

// enclosing looks at the conditions around e in its function, up to the block
// that holds the descriptor's beginning as well.
func enclosing(f *eval.IntEval, fi *program.FuncInfo, e, begin *parse.Expr, fr *callgraph.Frame) string {
	if begin != nil && !fi.HasCall(begin) {
		begin = nil
	}
	for x := e; x.Up != nil; x = x.Up {
		if up := x.Up; up.Kind == parse.XBinary && up.Op == token.AndAnd && up.Y == x &&
			!holds(up.X, begin) && userDecides(f, fi, up.X, e, true, fr) {
			return "if " + fi.Text(up.X)
		} else if up.Kind == parse.XCond && up.X != x && up.Y != nil && !holds(up.X, begin) && userDecides(f, fi, up.X, e, up.Y == x, fr) {
			return "if " + fi.Text(up.X)
		}
	}
	for s := e.In; s != nil && s.Parent != nil; s = s.Parent {
		p := s.Parent
		if begin != nil && s.Pos <= begin.Pos && begin.End <= s.End {
			return "" // made under the same condition
		}
		if c := leftBefore(f, fi, s, e, fr); begin == nil && c != nil {
			return "unless " + fi.Text(c)
		}
		switch {
		case p.Expr == nil || holds(p.Expr, begin):
		case p.Kind == parse.SIf && (p.Body == s || p.Else == s) && userDecides(f, fi, p.Expr, e, p.Body == s, fr):
			return "if " + fi.Text(p.Expr)
		case p.Kind == parse.SSwitch && !isCheck(p.Expr) && !isProcess(p.Expr) && !f.Eval(fi, p.Expr, fr).Single():
			return "switch " + fi.Text(p.Expr)
		}
	}
	return ""
}

// leftBefore returns the choice of the program's user with which a function that was handed the
// descriptor is left ahead of the statement s: if (!keep.on) return;
func leftBefore(f *eval.IntEval, fi *program.FuncInfo, s *parse.Stmt, e *parse.Expr, fr *callgraph.Frame) *parse.Expr {
	if s.Parent.Kind != parse.SBlock {
		return nil
	}
	for _, t := range s.Parent.List {
		if t == s {
			break
		}
		if t.Kind != parse.SIf || t.Else != nil || !leaves(t.Body) {
			continue
		}
		flag := t.Expr.Strip()
		if flag != nil && flag.Kind == parse.XUnary && flag.Op == token.Not {
			flag = flag.X.Strip()
		}
		if value.PathOf(flag) != "" && !fi.IsPointer(flag) && !asksForObject(flag, e) && userDecides(f, fi, t.Expr, e, false, fr) {
			return t.Expr
		}
	}
	return nil
}

// leaves reports whether a statement is a return, or a block of it alone.
func leaves(s *parse.Stmt) bool {
	if s != nil && s.Kind == parse.SBlock && len(s.List) == 1 {
		s = s.List[0]
	}
	return s != nil && s.Kind == parse.SReturn
}

// userDecides reports whether the program's user decides the condition under which e is
// reached: it checks no result, and can be other than truth.
func userDecides(f *eval.IntEval, fi *program.FuncInfo, cond, e *parse.Expr, truth bool, fr *callgraph.Frame) bool {
	if isCheck(cond) || asksForObject(cond, e) {
		return false
	}
	yes, no := f.Outcome(fi, cond, fr)
	return truth && no || !truth && yes
}

// isProcess reports whether an expression is the result of fork(), by its name.
func isProcess(e *parse.Expr) bool {
	return strings.Contains(strings.ToLower(value.PathOf(e)), "pid")
}

// holds reports whether x stands in e.
func holds(e, x *parse.Expr) bool { return x != nil && e.Pos <= x.Pos && x.End <= e.End }

// isCheck reports whether a condition tests a result: a comparison with a
// number, or a call's outcome.
func isCheck(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil {
		return true
	}
	switch e.Kind {
	case parse.XBinary:
		switch e.Op {
		case token.AndAnd, token.OrOr:
			return isCheck(e.X) && isCheck(e.Y)
		case token.Lt, token.Ge, token.EqEq, token.NotEq, token.Gt, token.Le:
			if x := e.X.Strip(); x != nil && x.Kind == parse.XBinary && x.Op == token.And {
				return false // (flags & KEEP) != 0
			}
			y := value.ConstName(e.Y)
			return y == "0" || y == "-1" || y == "SOCKET_ERROR" || y == "INVALID_SOCKET"
		}
	case parse.XUnary:
		return e.Op == token.Not && isCheck(e.X)
	case parse.XCall, parse.XAssign:
		return true
	}
	return false
}

// asksForObject reports whether a condition only asks whether something is
// there that the call e needs: the function that it calls through a pointer,
// as in if (ops->tune) ops->tune(fd), or the object whose member it takes.
func asksForObject(cond, e *parse.Expr) bool {
	c := cond.Strip()
	if c != nil && c.Kind == parse.XBinary && c.Op == token.NotEq && program.IsNull(c.Y) {
		c = c.X
	}
	path := value.PathOf(c)
	if path == "" {
		return false
	}
	for x := e; x != nil; x = x.Up {
		if x.Kind != parse.XCall {
			continue
		}
		if x.Callee() == "" && value.PathOf(x.X) == path {
			return true
		}
		for _, a := range x.Args {
			if p := value.PathOf(a); p == path || strings.HasPrefix(p, path+".") {
				return len(x.Args) > 0 && a == x.Args[0] || p != path
			}
		}
	}
	return false
}

// feasibleEvent reports whether an event can happen on its own call path, in the
// functions between the descriptor's creation and it. Conditions under which the
// descriptor is not made at all do not count: where there is a descriptor they hold,
// even if the analysis does not see why.
func feasibleEvent(f *eval.IntEval, h flow.FDEvent, fr *callgraph.Frame, begin *parse.Expr) bool {
	f.Steps = 0
	fi, e := h.In, h.Call
	for n := h.Ctx.Frame.Depth(); ; n-- {
		if !f.CanReach(fi, e, fr) && (begin == nil || !fi.HasCall(begin) || f.CanReach(fi, begin, fr)) {
			return false
		}
		if n == 0 {
			return true
		}
		if !f.CanEnter(fr.Call, fi.Func, fr.Up) {
			return false
		}
		fi, e, fr = fr.Call.In, fr.Call.Expr, fr.Up
	}
}
