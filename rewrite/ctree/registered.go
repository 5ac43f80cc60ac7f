package ctree

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// A program that keeps its descriptors in a list or a table may have setters that look
// their parameter up there, and do nothing with one that no function has put in yet.

// maxLookupDepth is how many functions a descriptor is followed through, to where it is compared
// or kept.
const maxLookupDepth = 2

// OnlyRegistered returns the member or the array in which a function looks a parameter up
// before each setsockopt() on it, "" where it comes to one for any value.
func (p *Program) OnlyRegistered(fn *parse.Func) (kept string) {
	first, all := true, true
	Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
		if c.Callee() != "setsockopt" || len(c.Args) == 0 || !isParam(fn, c.Args[0]) {
			return
		}
		in := ""
		for _, g := range conditionsOf(c) {
			if in == "" {
				in = p.foundIn(fn, c.Args[0].Strip().Name, g, maxLookupDepth)
			}
		}
		if first {
			kept = in
		}
		first, all = false, all && in != ""
	})
	if !all {
		return ""
	}
	return kept
}

func isParam(fn *parse.Func, e *parse.Expr) bool {
	if e = e.Strip(); e == nil || e.Kind != parse.XIdent {
		return false
	}
	for _, d := range fn.Params {
		if d.Name == e.Name {
			return true
		}
	}
	return false
}

// condition is an expression, and what it is where control comes to some call.
type condition struct {
	expr  *parse.Expr
	holds bool
}

// conditionsOf are the conditions on a call within its function, the nearest first.
func conditionsOf(c *parse.Expr) (out []condition) {
	for e := c; e.Up != nil; e = e.Up {
		switch up := e.Up; {
		case up.Kind == parse.XBinary && up.Y == e && (up.Op == token.AndAnd || up.Op == token.OrOr):
			out = append(out, condition{up.X, up.Op == token.AndAnd})
		case up.Kind == parse.XCond && up.X != e:
			out = append(out, condition{up.X, up.Y == e})
		}
	}
	for s := c.In; s != nil && s.Parent != nil; s = s.Parent {
		switch up := s.Parent; up.Kind {
		case parse.SIf:
			if s == up.Body || s == up.Else {
				out = append(out, condition{up.Expr, s == up.Body})
			}
		case parse.SBlock:
			for _, t := range up.List {
				if t == s {
					break
				}
				if t.Kind == parse.SIf && t.Body != nil && t.Body.Jumps() {
					out = append(out, condition{t.Expr, false})
				}
			}
		}
	}
	return out
}

// foundIn returns where a parameter is kept if a condition says that it was found, "" where
// it says something else.
func (p *Program) foundIn(fn *parse.Func, param string, c condition, depth int) string {
	e := c.expr.Strip()
	if e == nil {
		return ""
	}
	switch e.Kind {
	case parse.XUnary:
		if e.Op == token.Not {
			return p.foundIn(fn, param, condition{e.X, !c.holds}, depth)
		}
	case parse.XBinary:
		return p.foundByOperator(fn, param, e, c.holds, depth)
	case parse.XAssign:
		return p.foundIn(fn, param, condition{e.Y, c.holds}, depth)
	case parse.XMember:
		return p.foundIn(fn, param, condition{e.X, c.holds}, depth)
	}
	if !c.holds {
		return ""
	}
	switch e.Kind {
	case parse.XIndex: // table[fd]
		if IsLvalue(fn.File, e.Y, param) {
			return lastName(e.X)
		}
	case parse.XCall:
		for i, a := range e.Args {
			if IsLvalue(fn.File, a, param) {
				return p.lookUp(fn.File, e.Callee(), i, depth)
			}
		}
	case parse.XIdent:
		return p.foundByVariable(fn, param, e.Name, depth)
	}
	return ""
}

// foundByOperator is foundIn for a comparison, or for one of two conditions.
func (p *Program) foundByOperator(fn *parse.Func, param string, e *parse.Expr, holds bool, depth int) string {
	switch {
	case e.Op == token.AndAnd && holds, e.Op == token.OrOr && !holds:
		if kept := p.foundIn(fn, param, condition{e.X, holds}, depth); kept != "" {
			return kept
		}
		return p.foundIn(fn, param, condition{e.Y, holds}, depth)
	case e.Op == token.EqEq && holds, e.Op == token.NotEq && !holds:
		if kept := keptBeside(fn, param, e); kept != "" {
			return kept
		}
	}
	x, y := e.X, e.Y
	n, ok := Number(y)
	if !ok && y.Strip() != nil && y.Strip().Name == "NULL" {
		ok = true
	}
	if !ok {
		return ""
	}
	switch e.Op { // with NULL, or the index of nothing
	case token.EqEq, token.Lt:
		return p.foundIn(fn, param, condition{x, !holds}, depth)
	case token.NotEq:
		return p.foundIn(fn, param, condition{x, holds}, depth)
	case token.Ge, token.Gt:
		if n <= 0 {
			return p.foundIn(fn, param, condition{x, holds}, depth)
		}
	}
	return ""
}

// foundByVariable is foundIn for a local that is what a look-up gave, or that a loop leaves at
// what has the parameter.
func (p *Program) foundByVariable(fn *parse.Func, param, name string, depth int) (kept string) {
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			if d.Name == name && kept == "" && looks(d.Init) {
				kept = p.foundIn(fn, param, condition{d.Init, true}, depth)
			}
		}
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				switch {
				case kept != "":
				case x.Kind == parse.XAssign && IsLvalue(fn.File, x.X, name) && looks(x.Y):
					kept = p.foundIn(fn, param, condition{x.Y, true}, depth)
				case x.Kind == parse.XBinary && Mentions(fn.File, x, name):
					kept = keptBeside(fn, param, x)
				}
				return kept == ""
			})
		})
		return kept == ""
	})
	return kept
}

// looks reports whether an expression may be what a look-up gives.
func looks(e *parse.Expr) bool {
	e = e.Strip()
	return e != nil && (e.Kind == parse.XCall || e.Kind == parse.XIndex)
}

// keptBeside is the member or the array that a comparison in a loop compares a parameter with.
func keptBeside(fn *parse.Func, param string, e *parse.Expr) string {
	if e.Op != token.EqEq && e.Op != token.NotEq || e.In == nil || EnclosingLoop(e.In) == nil && !isLoop(e.In) {
		return ""
	}
	for _, side := range [][2]*parse.Expr{{e.X, e.Y}, {e.Y, e.X}} {
		if o := side[1].Strip(); IsLvalue(fn.File, side[0], param) && o != nil && (o.Kind == parse.XMember || o.Kind == parse.XIndex) {
			return lastName(o)
		}
	}
	return ""
}

func isLoop(s *parse.Stmt) bool {
	return s.Kind == parse.SWhile || s.Kind == parse.SFor || s.Kind == parse.SDo
}

// lookUp is where a function looks its parameter i up, as its result says; "" where it does not.
func (p *Program) lookUp(f *parse.File, callee string, i, depth int) (kept string) {
	fn, param := p.parameter(f, callee, i)
	if fn == nil || param == "" || depth == 0 {
		return ""
	}
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SReturn && s.Expr != nil && kept == "" {
			if e := s.Expr.Strip(); e.Kind == parse.XCall || e.Kind == parse.XIndex || e.Kind == parse.XMember {
				kept = p.foundIn(fn, param, condition{e, true}, depth-1)
			}
		}
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XBinary && kept == "" {
					kept = keptBeside(fn, param, x)
				}
				return kept == ""
			})
		})
		return kept == ""
	})
	return kept
}

// lastName is the name of a member, or that of an array.
func lastName(e *parse.Expr) string {
	for e = e.Strip(); e != nil; e = e.X.Strip() {
		if e.Kind == parse.XIdent || e.Kind == parse.XMember {
			return e.Name
		}
	}
	return ""
}

// Registers reports whether an expression puts the lvalue fd into the member or the array of a
// name, itself or in a function that gets it or its address.
func (p *Program) Registers(f *parse.File, e *parse.Expr, fd, kept string) bool {
	return p.registers(f, e, fd, kept, maxLookupDepth)
}

func (p *Program) registers(f *parse.File, e *parse.Expr, fd, kept string, depth int) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		switch x.Kind {
		case parse.XAssign:
			at := x.X.Strip()
			for m := at; m != nil && !found; m = m.X.Strip() { // s->fd = fd, table[fd].open = 1
				found = (m.Kind == parse.XMember || m.Kind == parse.XIndex) && lastName(m) == kept &&
					(isOrPointsTo(f, x.Y, fd) || m.Kind == parse.XIndex && isOrPointsTo(f, m.Y, fd))
			}
		case parse.XCall:
			for i, a := range x.Args {
				if found || depth == 0 || !IsLvalue(f, addressed(a), fd) {
					continue
				}
				if fn, param := p.parameter(f, x.Callee(), i); fn != nil && param != "" {
					fn.Body().Walk(func(s *parse.Stmt) bool {
						s.Exprs(func(y *parse.Expr) { found = found || p.registers(fn.File, y, param, kept, depth-1) })
						return !found
					})
				}
			}
		}
		return !found
	})
	return found
}

// isOrPointsTo reports whether an expression is an lvalue, or what that points to.
func isOrPointsTo(f *parse.File, e *parse.Expr, fd string) bool {
	if e = e.Strip(); e != nil && e.Kind == parse.XUnary && e.Op == token.Mul {
		e = e.X
	}
	return IsLvalue(f, e, fd)
}

// addressed is what an argument hands over the address of, or itself.
func addressed(a *parse.Expr) *parse.Expr {
	if x := a.Strip(); x != nil && x.Kind == parse.XUnary && x.Op == token.And {
		return x.X
	}
	return a
}

// Registered reports whether a descriptor that a call made is in the member or the array of a
// name where control comes to an offset in a list: the function that was called puts what it
// returns there, or a statement between the two does.
func (p *Program) Registered(f *parse.File, call *parse.Expr, list *parse.Stmt, off int, fd, kept string) bool {
	if fn := p.Definition(f, call.Callee()); fn != nil && fn.Macro == nil && p.returnsRegistered(fn, kept) {
		return true
	}
	found := false
	for b := list; b != nil; b = b.Parent {
		for _, s := range b.List {
			if s.Pos >= call.In.Pos && s.End <= off {
				s.Exprs(func(e *parse.Expr) { found = found || p.Registers(f, e, fd, kept) })
			}
		}
	}
	return found
}

// returnsRegistered reports whether a function puts a local that it returns into the member or
// the array of a name.
func (p *Program) returnsRegistered(fn *parse.Func, kept string) bool {
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if v := s.Expr.Strip(); s.Kind == parse.SReturn && v != nil && v.Kind == parse.XIdent && !found {
			fn.Body().Walk(func(t *parse.Stmt) bool {
				t.Exprs(func(e *parse.Expr) { found = found || p.Registers(fn.File, e, v.Name, kept) })
				return !found
			})
		}
		return !found
	})
	return found
}
