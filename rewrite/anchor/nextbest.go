package anchor

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/noreturn"
)

// OtherPlaces are places for the block besides the one that FindPlace gives, best
// first: the arms of the chain of ifs that deals with the call, and the line
// after the call, under a test of the descriptor. The chain after that test still
// finds the errno of a call that failed, as nothing is set then.
func (p *Finder) OtherPlaces(sp *Spot) (list []*Place) {
	a := p.Search(sp)
	add := func(pl *Place, why string) *Place {
		if why == "" && pl.Braces == nil {
			pl, why = a.LinePlace(pl)
		}
		if why != "" || a.changedBefore(pl) {
			return nil
		}
		list = append(list, pl)
		return pl
	}
	chain := sp.Stmt
	if chain.Kind != parse.SIf {
		m := ctree.ListMember(sp.Stmt)
		if m == nil {
			return nil
		}
		for chain = ctree.Next(m); chain != nil && chain.Kind == parse.SDecl; {
			chain = ctree.Next(chain)
		}
	}
	if chain != nil && chain.Kind == parse.SIf && a.asksInChain(chain) {
		for _, arm := range arms(chain) {
			if arm.body.Kind == parse.SBlock {
				add(a.inside(arm.body, arm.check))
				if a.early = p.Exits.MixesDecls(sp.File); a.early {
					add(a.inside(arm.body, arm.check)) // before a declaration that serves the descriptor
				}
				a.early = false
			} else if pl := a.braced(arm.check, arm.body); pl != nil {
				add(pl, "")
			}
		}
	}
	retried := sp.Stmt.Kind == parse.SWhile && a.conditionState(sp.Stmt.Expr).Yes == noreturn.Invalid
	if sp.Stmt.Kind == parse.SExpr || retried || sp.Stmt.Kind == parse.SDecl && sp.Stmt.Parent != nil && sp.Stmt.Parent.Kind != parse.SFor {
		if pl := add(a.After(sp.Stmt, nil, true)); pl != nil && chain != nil && chain.Kind == parse.SIf && NextStmt(pl) == chain {
			pl.Tested = chain
		}
	}
	return list
}

// asksInChain reports whether a chain of ifs tells a good descriptor from the rest: another one
// that happens to follow has no arm for it.
func (a *Search) asksInChain(c *parse.Stmt) bool {
	for ; c != nil && c.Kind == parse.SIf; c = c.Else {
		if a.tests(c.Expr) {
			return true
		}
	}
	return false
}

// arm is one way through a chain of ifs, and the last condition before it.
type arm struct{ check, body *parse.Stmt }

func arms(s *parse.Stmt) (list []arm) {
	for ; s != nil && s.Kind == parse.SIf; s = s.Else {
		if s.Body != nil {
			list = append(list, arm{s, s.Body})
		}
		if s.Else != nil && s.Else.Kind != parse.SIf {
			list = append(list, arm{s, s.Else})
		}
	}
	return list
}

// pastLoop moves a place before the break that alone ends a loop for ever:
// what a loop is left for is done after it.
//
//	for (;;) {
//		fd = accept(lfd, NULL, NULL);
//		if (fd < 0)
//			...
//		break;
//	}
func (a *Search) pastLoop(pl *Place) *Place {
	n := NextStmt(pl)
	if pl.Test || pl.Braces != nil || n == nil || n.Kind != parse.SBreak {
		return pl
	}
	loop := ctree.EnclosingBreakable(n)
	if loop == nil || loop != ctree.EnclosingLoop(n) || pl.List != loop.Body || !a.isInfiniteLoop(loop) {
		return pl
	}
	return a.movedTo(pl, loop)
}

// pastNullTest moves a place after the test of what is acquired first in the
// branch of the descriptor:
//
//	struct client *c = malloc(sizeof(*c));
//
//	if (c == NULL) {
//		close(fd);
//		return;
//	}
func (a *Search) pastNullTest(pl *Place) *Place {
	n := NextStmt(pl)
	if pl.Braces != nil || pl.After == nil || pl.After.Kind != parse.SDecl || pl.After.IsMixedDecl() ||
		ctree.Ancestor(pl.List, a.spot.Stmt) || n == nil || n.Kind != parse.SIf || n.Else != nil ||
		!a.exits.Leaves(a.spot.File, n.Body) || ctree.Mentions(a.spot.File, n.Expr, a.spot.Key) {
		return pl
	}
	for _, s := range pl.List.List {
		for _, d := range s.Decls {
			if d.Init != nil && d.Init.Strip() != nil && d.Init.Strip().Kind == parse.XCall && ctree.Mentions(a.spot.File, n.Expr, d.Name) {
				return a.movedTo(pl, n)
			}
		}
		if s == pl.After {
			break
		}
	}
	return pl
}

// movedTo is the place after a statement further on, the old one where that is
// none.
func (a *Search) movedTo(pl *Place, s *parse.Stmt) *Place {
	at, why := a.After(s, pl.Check, pl.Test)
	if why == "" {
		at, why = a.LinePlace(at)
	}
	if why != "" || at.Test != pl.Test || at.Moved || a.changedBefore(at) {
		return pl
	}
	return at
}
