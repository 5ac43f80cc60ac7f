package eval

import (
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// Outcome reports which outcomes a condition can have in fi, entered through fr.
// It is asked for TCP sockets: a branch for another family or type is not taken.
func (f *IntEval) Outcome(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) (yes, no bool) {
	e = e.Strip()
	if e == nil {
		return true, true
	}
	switch e.Kind {
	case parse.XUnary:
		if e.Op == token.Not {
			yes, no = f.Outcome(fi, e.X, fr)
			return no, yes
		}
	case parse.XCall: // likely(x), __builtin_expect(x, 1)
		if name := e.Callee(); len(e.Args) > 0 && knowledge.IsBranchHint(name) {
			return f.Outcome(fi, e.Args[0], fr)
		}
	case parse.XBinary:
		switch e.Op {
		case token.AndAnd, token.OrOr:
			xy, xn := f.Outcome(fi, e.X, fr)
			yy, yn := f.Outcome(fi, e.Y, fr)
			if e.Op == token.AndAnd {
				return xy && yy, xn || yn
			}
			return xy || yy, xn && yn
		case token.EqEq, token.NotEq:
			if same, known := f.equal(fi, e.X, e.Y, fr); known {
				return same == (e.Op == token.EqEq), same != (e.Op == token.EqEq)
			}
		}
		switch e.Op {
		case token.EqEq, token.NotEq, token.Lt, token.Gt, token.Le, token.Ge:
			x, y := f.Eval(fi, e.X, fr), f.Eval(fi, e.Y, fr)
			return value.Pairwise(x, y, func(a, b int64) (int64, bool) { return value.Compute(e.Op, a, b) }).Outcomes()
		}
	}
	return f.Eval(fi, e, fr).Outcomes()
}

// equal compares two expressions one of which is a constant of the socket
// interface, whose number the tree does not tell; known is false where they can
// be equal and can be not.
func (f *IntEval) equal(fi *program.FuncInfo, x, y *parse.Expr, fr *callgraph.Frame) (same, known bool) {
	c, isConst := f.Prog.SocketConstant(program.Ref{In: fi, Expr: y})
	if !isConst {
		if c, isConst = f.Prog.SocketConstant(program.Ref{In: fi, Expr: x}); !isConst {
			return false, false
		}
		x = y
	}
	switch {
	case f.ev != nil: // the kind of the socket is what is asked for
	case knowledge.OtherDomains[c] || knowledge.OtherTypes[c]:
		return false, true // not where the socket is one of TCP
	case c == "SOCK_STREAM":
		return true, true // its type, and no other
	case knowledge.InetDomains[c] || knowledge.StreamTypes[c]:
		return false, false
	}
	ev := f.ev
	if ev == nil {
		ev = New(f.Prog, f.Sess)
	}
	v := ev.Eval(fi, value.Compared(x), fr)
	f.DependsLike(ev)
	if v.Unknown != "" || len(v.Set) == 0 {
		return false, false
	}
	for _, k := range v.Set {
		if k == c {
			return true, len(v.Set) == 1
		}
		if n, ok := knowledge.Canonical(k); !ok || n == "AF_UNSPEC" {
			return false, false
		}
	}
	return false, true
}

// edgeTaken reports whether an edge of the flow graph can be taken.
func (f *IntEval) edgeTaken(fi *program.FuncInfo, e *cfg.Edge, fr *callgraph.Frame) bool {
	switch {
	case e.Cond == nil:
		return true
	case !e.IsSwitch:
		yes, no := f.Outcome(fi, e.Cond, fr)
		return e.Truth && yes || !e.Truth && no
	case e.Label != nil:
		return f.caseTaken(fi, e.Cond, e.Label, fr)
	}
	v := f.Eval(fi, e.Cond, fr)
	if v.Open || v.Loop || len(v.Set) == 0 {
		return true
	}
	var met value.Ints
	for _, l := range e.OtherLabels {
		met.Join(f.Eval(fi, l, fr))
	}
	for _, n := range v.Set {
		if !met.Has(n) {
			return true
		}
	}
	return met.Open
}

// caseTaken reports whether a switch can take the case.
func (f *IntEval) caseTaken(fi *program.FuncInfo, cond, label *parse.Expr, fr *callgraph.Frame) bool {
	if same, known := f.equal(fi, cond, label, fr); known {
		return same
	}
	yes, _ := value.Pairwise(f.Eval(fi, cond, fr), f.Eval(fi, label, fr), func(a, b int64) (int64, bool) {
		return value.BoolInt(a == b), true
	}).Outcomes()
	return yes
}

// CanReach reports whether control can come to e in its function, entered through
// fr.
func (f *IntEval) CanReach(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) bool {
	if yes, ok := f.came.Get(f.Sess, e, fr); ok {
		return yes
	}
	var yes bool
	low := f.Sess.TrackDependencies(func() { yes = f.reachesOpen(fi, e, fr) })
	if len(f.busy) == 0 {
		f.came.Put(f.Sess, e, fr, low, yes)
	}
	return yes
}

func (f *IntEval) reachesOpen(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) bool {
	for x := e; x.Up != nil; x = x.Up {
		up := x.Up
		var yes, no bool
		switch {
		case up.Kind == parse.XBinary && (up.Op == token.AndAnd || up.Op == token.OrOr) && up.Y == x:
			yes, no = f.Outcome(fi, up.X, fr)
			if up.Op == token.AndAnd && !yes || up.Op == token.OrOr && !no {
				return false
			}
		case up.Kind == parse.XCond && up.X != x && up.Y != nil:
			yes, no = f.Outcome(fi, up.X, fr)
			if up.Y == x && !yes || up.Z == x && !no {
				return false
			}
		}
	}
	target := fi.NodeOf(e)
	if target == nil {
		return true
	}
	shut := map[*cfg.Edge]bool{}
	for _, n := range fi.Graph().ControlDeps(target) {
		for _, e := range n.Succ {
			if !f.edgeTaken(fi, e, fr) {
				shut[e] = true
			}
		}
	}
	if len(shut) == 0 {
		return true
	}
	g := fi.Graph()
	return g.Reachable(g.Entry, target, func(e *cfg.Edge) bool { return !shut[e] }).Has(target)
}

// CanEnter reports whether a call through a member of a table's row can enter the
// function: the rows of that table name it.
func (f *IntEval) CanEnter(c program.Ref, fn *parse.Func, fr *callgraph.Frame) bool {
	if c.Expr == nil || c.Expr.Kind != parse.XCall || c.Expr.Callee() != "" || fn.Macro != nil {
		return true
	}
	x := c.Expr.X.Strip()
	if x != nil && x.Kind == parse.XUnary && x.Op == token.Mul {
		x = x.X.Strip()
	}
	if x != nil && x.Kind == parse.XIndex && fr != nil {
		return f.inArray(c.In, x, fn, fr)
	}
	if x == nil || x.Kind != parse.XMember {
		return true
	}
	rows, ok := f.OptionRows(c.In, x, fr)
	for _, r := range rows {
		_, e, _ := r.Arg(x, x)
		if e == nil {
			continue // no function
		}
		if e = program.Pointee(e); e == nil || e.Kind != parse.XIdent || e.Name == fn.Name || len(f.Prog.Constants(r.In.File, e.Name)) > 0 {
			return true
		}
	}
	return !ok
}

// inArray reports whether a function can be among those of the array that x takes
// one from.
func (f *IntEval) inArray(fi *program.FuncInfo, x *parse.Expr, fn *parse.Func, fr *callgraph.Frame) bool {
	v := New(f.Prog, f.Sess).Eval(fi, x, fr)
	return v.Unknown != "" || len(v.Set) == 0 || v.Set.Has(callgraph.FunctionValue(fn))
}
