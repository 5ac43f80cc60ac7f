package defuse

import (
	"strings"

	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// Failed reports whether e is reached only where a condition found that its value is
// negative, as what socket() returns is when it fails, and nothing was stored to it since:
//
//	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
//		return fd;
//
// It goes backwards from e to such conditions, and ends at the first assignment or call
// that may change the value, mostly a few nodes away.
func Failed(fi *program.FuncInfo, e *parse.Expr) bool {
	path := value.PathOf(e)
	if path == "" || strings.Contains(path, "[]") || fi.Func.Macro != nil {
		return false
	}
	return memosOf(fi).failed.Get(e, func() bool { return negativeInside(e, path) || negativeAt(fi, e, path) })
}

// negativeInside reports whether the condition that e stands in says so before e.
func negativeInside(e *parse.Expr, path string) bool {
	for x := e; x.Up != nil; x = x.Up {
		switch up := x.Up; {
		case up.Kind == parse.XCond && (up.Y == x || up.Z == x) && negative(up.X, up.Y == x, path),
			up.Kind == parse.XBinary && up.Op == token.AndAnd && up.Y == x && negative(up.X, true, path),
			up.Kind == parse.XBinary && up.Op == token.OrOr && up.Y == x && negative(up.X, false, path):
			return true
		}
	}
	return false
}

// negativeAt reports whether each way to e comes from a condition that says so.
func negativeAt(fi *program.FuncInfo, e *parse.Expr, path string) bool {
	n := fi.NodeOf(e)
	if n == nil {
		return false
	}
	d := fi.Lookup(path, e.Pos)
	local := d != nil && !d.Static
	seen := fi.Graph().NewSet()
	seen.Add(n)
	if n == fi.Graph().Entry || mayStore(fi, n, path, e.Pos, local) {
		return false
	}
	for queue := []*cfg.Node{n}; len(queue) > 0; queue = queue[1:] {
		if len(queue[0].Pred) == 0 {
			return false
		}
		for _, in := range queue[0].Pred {
			if in.Cond != nil && !in.IsSwitch && negative(in.Cond, in.Truth, path) {
				continue
			}
			if seen.Has(in.From) {
				continue
			}
			seen.Add(in.From)
			if in.From == fi.Graph().Entry || mayStore(fi, in.From, path, 1<<30, local) {
				return false
			}
			queue = append(queue, in.From)
		}
	}
	return true
}

// mayStore reports whether a node may store to the path before a position: by an
// assignment, or by a call that gets its address. What is no local variable any call
// may change.
func mayStore(fi *program.FuncInfo, n *cfg.Node, path string, pos int, local bool) bool {
	if _, ok := LastDef(fi, n, pos, path); ok {
		return true
	}
	found := false
	n.Exprs(func(top *parse.Expr) {
		top.Walk(func(x *parse.Expr) bool {
			switch {
			case x.End > pos: // e is evaluated first
			case x.Kind == parse.XCall:
				found = found || !local && !knowledge.External.Has(x.Callee())
			case x.Kind == parse.XAssign, x.Kind == parse.XPostfix:
				found = found || value.PathOf(x.X) == path || value.PathOf(x.X) == value.RootOf(path)
			case x.Kind == parse.XUnary && (x.Op == token.Inc || x.Op == token.Dec):
				found = found || value.PathOf(x.X) == path
			}
			return !found
		})
	})
	return found
}

// negative reports whether a condition with that outcome says that the path is negative.
func negative(cond *parse.Expr, truth bool, path string) bool {
	c := cond.Strip()
	if c == nil {
		return false
	}
	switch c.Kind {
	case parse.XUnary:
		return c.Op == token.Not && negative(c.X, !truth, path)
	case parse.XCall:
		return len(c.Args) > 0 && knowledge.IsBranchHint(c.Callee()) && negative(c.Args[0], truth, path)
	case parse.XBinary:
		switch c.Op {
		case token.AndAnd, token.OrOr:
			x, y := negative(c.X, truth, path), negative(c.Y, truth, path)
			if (c.Op == token.AndAnd) == truth {
				return x && !assigns(c.Y, path) || y
			}
			return x && y
		case token.Lt, token.Le, token.Gt, token.Ge, token.EqEq, token.NotEq:
			x := c.X.Strip()
			if x != nil && x.Kind == parse.XAssign && x.Op == token.Assign {
				x = x.X
			}
			return value.PathOf(x) == path && below(c.Op, value.ConstName(c.Y), truth)
		}
	}
	return false
}

// assigns reports whether an expression stores to the path or calls something.
func assigns(e *parse.Expr, path string) (found bool) {
	e.Walk(func(x *parse.Expr) bool {
		found = found || x.Kind == parse.XCall || x.Kind == parse.XAssign && value.PathOf(x.X) == path
		return !found
	})
	return found
}

// below reports whether a comparison with a constant holds, or does not, for negative
// numbers alone.
func below(op token.Op, c string, truth bool) bool {
	zero, minusOne := c == "0", c == "-1" || c == "INVALID_SOCKET" || c == "SOCKET_ERROR"
	switch op {
	case token.Lt:
		return truth && zero
	case token.Ge:
		return !truth && zero
	case token.Le:
		return truth && minusOne
	case token.Gt:
		return !truth && minusOne
	case token.EqEq:
		return truth && minusOne
	case token.NotEq:
		return !truth && minusOne
	}
	return false
}
