package proof

import (
	"strings"

	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/noreturn"
)

// The obligations "live" and "once" are a forward data flow problem over the flow graph of the
// function with the block in it. The fact at a node is the set of states that the
// new descriptor can be in there; its name may hold no new descriptor at all, which
// is no state. Joins are unions, so the answer is about some path.

// state of a descriptor: what has happened to it, times what tests say of it.
type state uint8

// What has happened to a descriptor since its creation.
const (
	fresh  = iota // options at most
	served        // read, written, or handed to a thread, a process or other code
	closed
	marked // the block has run, just now: errno may be that of its call
	passed // it has run, and others have been called since
	stale  // the name was given a number that is no socket's
	events
)

// What the tests on the way say.
const (
	unsure = iota
	good
	bad
	truths
)

func stateOf(event, truth int) state { return state(event*truths + truth) }

// states is a set of them.
type states uint32

func (s states) has(x state) bool { return s>>x&1 == 1 }

// any reports whether the descriptor can be good or untested after an event.
func (s states) any(event int) bool {
	return s.has(stateOf(event, good)) || s.has(stateOf(event, unsure))
}

// ran reports whether the block can have run for the descriptor.
func (s states) ran() bool { return s.any(marked) || s.any(passed) }

// elapsed is what a call or an assignment to errno leaves of the states.
func (s states) elapsed() states {
	return s.mapped(func(ev, t int) (int, int, bool) {
		if ev == marked {
			ev = passed
		}
		return ev, t, true
	})
}

// mapped gives each state its successor.
func (s states) mapped(next func(event, truth int) (int, int, bool)) (out states) {
	for e := range events {
		for t := range truths {
			if s.has(stateOf(e, t)) {
				if e2, t2, ok := next(e, t); ok {
					out |= 1 << stateOf(e2, t2)
				}
			}
		}
	}
	return out
}

// liveness is the problem for one place.
type liveness struct {
	exits *noreturn.Exits
	spot  *anchor.Spot
	place *anchor.Place
	parts map[string]bool // variables that the descriptor's lvalue is made of
	mark  *parse.Stmt
	none  func(*parse.Expr) (truth, ok bool) // comparisons with what is no socket, nil without any

	in     []states
	early  bool // the block runs before the test for what is no socket
	clears bool // the function clears errno, which then tells of success, too
	errno  bool // errno is asked after the block for what the call before it has left there
	missed bool // a way on which the descriptor is used without the block
}

// asksErrno is the obligation that the block leaves errno alone where it is asked for the call's.
const asksErrno = "errno"

// AboutErrno reports whether nothing may be called between the call and what asks for errno, in
// a function around the call either.
func (b *Breach) AboutErrno() bool { return b.obligation == asksErrno }

// Live holds that on every path to the place the descriptor is open and has not
// been served, closed or handed on, that the block runs once for a socket, and
// that no other path uses the socket without it. A place that the graph has no
// path to is not judged.
func Live(exits *noreturn.Exits, sp *anchor.Spot, pl *anchor.Place) *Breach {
	l := &liveness{exits: exits, spot: sp, place: pl, parts: map[string]bool{}, none: anchor.NoSocket(exits, sp)}
	body := l.withMark()
	if body == nil {
		return nil
	}
	for _, w := range ctree.Identifiers(sp.Key) {
		l.parts[w] = true
	}
	l.clears = clearsErrno(sp.Func.Body())
	g := cfg.New(body, func(e *parse.Expr) bool {
		return exits.Leaves(sp.File, &parse.Stmt{Kind: parse.SExpr, Expr: e})
	})
	at := l.solve(g)
	if at == nil {
		return nil
	}
	in := l.in[at.ID]
	switch {
	case in.any(stale):
		return &Breach{obligation: "live", why: "on some way to the block the descriptor's name holds a number that is no socket's"}
	case in.any(closed):
		return &Breach{obligation: "live", why: "on some way to the block the descriptor is closed"}
	case in.any(served) && !pl.Late:
		return &Breach{obligation: "live", why: "on some way to the block the descriptor has been served or handed on"}
	case in.ran():
		return &Breach{obligation: "once", why: "in a loop the block would run again for the same socket"}
	case in.has(stateOf(fresh, bad)) && !pl.Test && pl.Check != nil && pl.Check.Expr != nil &&
		ctree.Mentions(sp.File, pl.Check.Expr, sp.Key):
		return &Breach{obligation: "live", why: "on some way to the block the call has failed"}
	case l.early:
		return &Breach{obligation: "live", why: "the block would run for a value that the function returns instead of a socket"}
	case l.errno:
		return &Breach{obligation: asksErrno, why: "it is asked after the block, which may change it"}
	case l.missed && !pl.Late:
		return &Breach{obligation: "once", why: "on some way the socket is used without the block"}
	}
	return nil
}

// withMark is the function's body with a statement of its own where the block
// goes; the lists and statements around it are copies. It returns nil where the
// place is in no such list.
func (l *liveness) withMark() *parse.Stmt {
	pl := l.place
	l.mark = &parse.Stmt{Kind: parse.SExpr, Pos: pl.Offset, End: pl.Offset,
		Expr: &parse.Expr{Kind: parse.XNumber, Name: "0", Pos: pl.Offset, End: pl.Offset}}
	child := pl.List
	fresh := *pl.List
	switch {
	case pl.Braces != nil:
		child = pl.Body
		fresh.List = []*parse.Stmt{l.mark, pl.Body}
	case pl.Else != nil:
		child, fresh = pl.Else, *pl.Else
		fresh.Else = l.mark
	default:
		i := 0
		for j, s := range pl.List.List {
			if s == pl.After {
				i = j + 1
			}
		}
		if pl.After != nil && i == 0 {
			return nil
		}
		fresh.List = append(append(append([]*parse.Stmt(nil), pl.List.List[:i]...), l.mark), pl.List.List[i:]...)
	}
	repl := &fresh
	body := l.spot.Func.Body()
	for child != body {
		up := child.Parent
		if up == nil {
			return nil
		}
		c := *up
		switch child {
		case up.Body:
			c.Body = repl
		case up.Else:
			c.Else = repl
		default:
			c.List = append([]*parse.Stmt(nil), up.List...)
			found := false
			for i, s := range c.List {
				if s == child {
					c.List[i], found = repl, true
				}
			}
			if !found {
				return nil
			}
		}
		child, repl = up, &c
	}
	return repl
}

// solve runs to the fixpoint and returns the node of the block, nil where no path
// from the call leads to it.
func (l *liveness) solve(g *cfg.Graph) *cfg.Node {
	l.in = make([]states, len(g.Nodes))
	var mark *cfg.Node
	work := append([]*cfg.Node(nil), g.Nodes...)
	waiting := make([]bool, len(g.Nodes))
	for i, n := range work {
		waiting[i] = true
		if n.Stmt == l.mark {
			mark = n
		}
	}
	for len(work) > 0 {
		n := work[0]
		work = work[1:]
		waiting[n.ID] = false
		out := l.through(n)
		for _, e := range n.Succ {
			if s := l.in[e.To.ID] | l.outcome(n, e, out); s != l.in[e.To.ID] {
				l.in[e.To.ID] = s
				if !waiting[e.To.ID] {
					waiting[e.To.ID] = true
					work = append(work, e.To)
				}
			}
		}
	}
	if mark == nil || l.in[mark.ID] == 0 {
		return nil
	}
	return mark
}

// outcome is what a node leaves on one edge, out what it leaves on all. Behind a && b that held, what
// was before is over: b has been evaluated.
func (l *liveness) outcome(n *cfg.Node, e *cfg.Edge, out states) states {
	if e.Cond == nil || e.IsSwitch || e.Cond != n.Expr || n.Stmt == l.mark || l.none != nil {
		return l.along(e, out)
	}
	holds, fails := l.split(n.Expr, l.in[n.ID])
	if e.Truth {
		return l.along(e, holds)
	}
	return l.along(e, fails)
}

// split evaluates a condition, and tells the states where it holds from those where it does not.
func (l *liveness) split(e *parse.Expr, s states) (holds, fails states) {
	e = e.Bare()
	if e.Kind == parse.XBinary && (e.Op == token.AndAnd || e.Op == token.OrOr) {
		left, other := l.split(e.X, s)
		if e.Op == token.OrOr {
			holds, fails = l.split(e.Y, other)
			return left | holds, fails
		}
		holds, fails = l.split(e.Y, left)
		return holds, other | fails
	}
	out := l.eval(e, s)
	return l.along(&cfg.Edge{Cond: e, Truth: true}, out), l.along(&cfg.Edge{Cond: e}, out)
}

// along is what is left of the states on one edge.
func (l *liveness) along(e *cfg.Edge, s states) states {
	if e.Cond == nil || e.IsSwitch || s == 0 {
		return s
	}
	if l.none != nil {
		if truth, ok := l.none(e.Cond); ok && truth == e.Truth {
			l.early = l.early || s.ran()
			return s.mapped(func(ev, t int) (int, int, bool) { return ev, bad, t != good || ev == fresh })
		}
	}
	k := noreturn.Implied(l.spot.File, e.Cond, l.spot.Key)
	says := k.Yes
	if !e.Truth {
		says = k.No
	}
	switch says {
	case noreturn.Valid:
		return s.mapped(func(ev, t int) (int, int, bool) { return ev, good, t != bad })
	case noreturn.Invalid:
		return s.mapped(func(ev, t int) (int, int, bool) { return ev, bad, t != good })
	}
	return s
}

// through is what a node makes of the states before it.
func (l *liveness) through(n *cfg.Node) states {
	s := l.in[n.ID]
	if n.Stmt == l.mark {
		return l.atMark(s)
	}
	for _, d := range n.Decls {
		if d.Name == l.spot.Key || l.parts[d.Name] {
			s = 0
		}
	}
	asserts := n.Stmt != nil && n.Stmt.Kind == parse.SExpr && noreturn.Asserts(l.spot.File, n.Stmt.Expr, l.spot.Key)
	n.Exprs(func(e *parse.Expr) {
		if !asserts || e.Pos <= l.spot.Call.Pos && l.spot.Call.End <= e.End {
			s = l.eval(e, s)
		}
	})
	if asserts {
		s = s.mapped(func(ev, t int) (int, int, bool) { return ev, good, t != bad })
	}
	for _, d := range n.Decls {
		if d.Init != nil && d.Name == l.spot.Key && d.Init.Pos <= l.spot.Call.Pos && l.spot.Call.End <= d.Init.End {
			s = 1 << stateOf(fresh, unsure)
		}
	}
	return s
}

// errnoOfCall reports whether what errno holds is asked for where the block has run. A call that
// went well leaves nothing there that anybody could want, unless errno was 0 before.
func (l *liveness) errnoOfCall(s states) bool {
	return s.has(stateOf(marked, unsure)) || l.clears && s.has(stateOf(marked, good))
}

// clearsErrno reports whether a function sets errno to 0.
func clearsErrno(body *parse.Stmt) bool {
	found := false
	body.Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			if e = e.Strip(); e != nil && e.Kind == parse.XAssign && e.X.Strip() != nil && e.X.Strip().Name == "errno" {
				v, ok := ctree.Number(e.Y)
				found = found || ok && v == 0
			}
		})
		return !found
	})
	return found
}

// asksError reports whether a function returns the error of the last call, as its name says.
func asksError(name string) bool {
	low := strings.ReplaceAll(strings.ToLower(name), "_", "")
	return strings.HasSuffix(low, "errno") || strings.HasSuffix(low, "lasterror")
}

// atMark is what the block makes of the states: with a test of its own, it knows whether
// the descriptor is good.
func (l *liveness) atMark(s states) states {
	out := s.mapped(func(ev, t int) (int, int, bool) {
		switch {
		case t == bad || ev == stale:
			return ev, t, true
		case l.place.Test:
			return marked, good, true
		}
		return marked, t, true
	})
	if l.place.Test {
		out |= s.mapped(func(ev, t int) (int, int, bool) { return ev, bad, t == unsure && ev != stale })
	}
	return out
}

// eval follows the evaluation of an expression.
func (l *liveness) eval(e *parse.Expr, s states) states {
	if e == nil {
		return s
	}
	f := l.spot.File
	switch e.Kind {
	case parse.XIdent:
		l.errno = l.errno || e.Name == "errno" && l.errnoOfCall(s)
		return s
	case parse.XParen, parse.XCast:
		return l.eval(e.X, s)
	case parse.XBinary:
		s = l.eval(e.X, s)
		if e.Op == token.AndAnd || e.Op == token.OrOr {
			return l.shortcut(e, s)
		}
		return l.eval(e.Y, s)
	case parse.XCond:
		s = l.eval(e.X, s)
		return l.eval(e.Y, s) | l.eval(e.Z, s)
	case parse.XAssign:
		s = l.eval(e.Y, s)
		if e.Y.Pos <= l.spot.Call.Pos && l.spot.Call.End <= e.Y.End && ctree.IsLvalue(f, e.X, l.spot.Key) {
			return 1 << stateOf(fresh, unsure)
		}
		if l.changes(e.X) {
			return l.reassigned(e, s)
		}
		if x := e.X.Strip(); x != nil && x.Kind == parse.XIdent && x.Name == "errno" {
			return s.elapsed()
		}
		return l.eval(e.X, s)
	case parse.XPostfix, parse.XUnary:
		if (e.Op == token.Inc || e.Op == token.Dec) && l.changes(e.X) {
			return 0
		}
		return l.eval(e.X, s)
	case parse.XCall:
		for _, a := range e.Args {
			s = l.eval(a, s)
		}
		l.errno = l.errno || asksError(e.Callee()) && l.errnoOfCall(s)
		return l.called(e, s).elapsed()
	}
	for _, x := range []*parse.Expr{e.X, e.Y, e.Z} {
		s = l.eval(x, s)
	}
	for _, a := range e.Args {
		s = l.eval(a, s)
	}
	return s
}

// reassigned is what is left when the lvalue, or a part of it, gets another value: a
// number instead of a descriptor that could not be had, or a new object.
func (l *liveness) reassigned(e *parse.Expr, s states) states {
	v, isNumber := ctree.Number(e.Y)
	if s == 0 || e.Op != token.Assign || !ctree.IsLvalue(l.spot.File, e.X, l.spot.Key) {
		return 0
	}
	switch {
	case isNumber && v >= 0:
		return 1 << stateOf(stale, good)
	case isNumber:
		return 1 << stateOf(fresh, bad)
	}
	return 0
}

// shortcut evaluates the right operand of && or || where the left one leads to it.
func (l *liveness) shortcut(e *parse.Expr, s states) states {
	on := &cfg.Edge{Cond: e.X, Truth: e.Op == token.AndAnd}
	off := &cfg.Edge{Cond: e.X, Truth: e.Op != token.AndAnd}
	return l.along(off, s) | l.eval(e.Y, l.along(on, s))
}

// changes reports whether an lvalue is the descriptor's or a part of it.
func (l *liveness) changes(x *parse.Expr) bool {
	x = x.Strip()
	return x != nil && (x.Kind == parse.XIdent && l.parts[x.Name] || ctree.IsLvalue(l.spot.File, x, l.spot.Key))
}

// called is what a call does to the descriptor.
func (l *liveness) called(c *parse.Expr, s states) states {
	if s == 0 {
		return s
	}
	what := l.effect(l.spot.File, c, func(a *parse.Expr) bool { return namesValue(l.spot.File, a, l.spot.Key) }, 3)
	switch what {
	case closed:
		return s.mapped(func(ev, t int) (int, int, bool) {
			if t == bad || ev == stale {
				return ev, t, true
			}
			return closed, t, true
		})
	case served:
		if s.has(stateOf(fresh, good)) {
			l.missed = true
		}
		return s.mapped(func(ev, t int) (int, int, bool) {
			if ev == fresh && t != bad {
				return served, t, true
			}
			return ev, t, true
		})
	}
	return s
}

// namesValue reports whether an argument is the descriptor, however it is cast or
// put together, but for tests, and for calls in it, which are events of their own.
func namesValue(f *parse.File, a *parse.Expr, fd string) bool {
	found := false
	a.Walk(func(x *parse.Expr) bool {
		switch {
		case x.Kind == parse.XCall, x.Kind == parse.XUnary && x.Op == token.Not:
			return false
		case x.Kind == parse.XBinary:
			switch x.Op {
			case token.EqEq, token.NotEq, token.Lt, token.Le, token.Gt, token.Ge, token.AndAnd, token.OrOr:
				return false // the truth of a test
			}
		}
		found = found || ctree.IsLvalue(f, x, fd)
		return !found
	})
	return found
}

// effect is what happens to the descriptor in a call: fresh where it stays as it
// was. is tells which arguments are the descriptor. A function of the program is
// looked into; one that nothing is known of has the descriptor, unless its name
// speaks of options or messages.
func (l *liveness) effect(f *parse.File, c *parse.Expr, is func(*parse.Expr) bool, depth int) int {
	name := c.Callee()
	if knowledge.Spawns.Has(name) {
		return served
	}
	at := -1
	for i, a := range c.Args {
		if is(a) {
			at = i
		}
	}
	switch low := strings.ToLower(name); {
	case at < 0 || name == "":
		return fresh
	case knowledge.Keeps(name), ctree.Printed(c, at) && !knowledge.Serves(name):
		return fresh
	case knowledge.Serves(name):
		return served
	case ctree.NamesClose(low):
		return closed
	case ctree.IsUpper(name):
		return fresh // FD_SET(fd, ...), and what the file's own macros do is not followed
	default:
		if fn := l.exits.Definition(f, name); fn != nil && at < len(fn.Params) && depth > 0 {
			return l.within(fn, fn.Params[at].Name, depth-1)
		}
		if knowledge.HarmlessWords.In(low) {
			return fresh
		}
	}
	return served
}

// within is what a function does to its parameter. A close on some way is that of
// a failure, and says nothing.
func (l *liveness) within(fn *parse.Func, param string, depth int) int {
	got := fresh
	ctree.Calls(fn.Body(), func(c *parse.Expr, s *parse.Stmt) {
		switch l.effect(fn.File, c, func(a *parse.Expr) bool { return namesValue(fn.File, a, param) }, depth) {
		case served:
			if got == fresh {
				got = served
			}
		case closed:
			if s.Parent == fn.Body() {
				got = closed
			}
		}
	})
	return got
}
