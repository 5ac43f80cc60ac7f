package anchor

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// maxRejections is how many checks that turn a peer away a place is moved after, and
// maxBetween how many statements may lie between two of them.
const (
	maxRejections = 3
	maxBetween    = 2
)

// pastRejections moves a place after the checks that close the new descriptor at once:
// what is turned away needs no option.
//
//	if (clients == MAX_CLIENTS) {
//		close(fd);
//		return;
//	}
//
// They ask for what is known already: one that calls something is a step that may
// fail. Before them may stand other options and constants for variables.
func (a *Search) pastRejections(pl *Place) *Place {
	if pl.Test || pl.Braces != nil {
		return pl
	}
	for i := 0; i < maxRejections; i++ {
		n := NextStmt(pl)
		for j := 0; j < maxBetween && n != nil && a.isHarmless(n); j++ {
			n = ctree.Next(n)
		}
		if n == nil || !a.rejects(n) {
			return pl
		}
		at := a.movedTo(pl, n)
		if at == pl {
			return pl
		}
		at.Earlier = pl
		pl = at
	}
	return pl
}

// isHarmless recognises ret = 0; and a call that sets options of the descriptor.
func (a *Search) isHarmless(s *parse.Stmt) bool {
	f := a.spot.File
	if s.Kind != parse.SExpr {
		return false
	}
	switch e := s.Expr.Strip(); {
	case e == nil:
		return false
	case e.Kind == parse.XAssign:
		return ctree.IsConst(e.Y) && !ctree.Mentions(f, e.X, a.spot.Key)
	default:
		return e.Kind == parse.XCall && a.exits.SetsOptions(f, e, a.spot.Key)
	}
}

// rejects recognises a check that closes the descriptor and leaves.
func (a *Search) rejects(s *parse.Stmt) bool {
	f := a.spot.File
	if s.Kind != parse.SIf || s.Else != nil || !a.exits.Leaves(f, s.Body) {
		return false
	}
	asks := true
	s.Expr.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XAssign || x.Kind == parse.XCall {
			asks = false
		}
		return asks
	})
	closes := false
	ctree.Calls(s.Body, func(c *parse.Expr, owner *parse.Stmt) {
		if ctree.NamesClose(c.Callee()) && len(c.Args) == 1 && ctree.IsLvalue(f, c.Args[0], a.spot.Key) {
			closes = closes || owner.Kind == parse.SExpr && (owner == s.Body || owner.Parent == s.Body)
		}
	})
	return asks && closes
}
