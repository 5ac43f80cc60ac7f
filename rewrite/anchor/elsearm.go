package anchor

import (
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/noreturn"
)

// newElse is the place in an else that a chain of ifs lacks, after the arms that take
// the failed call and hang up:
//
//	if (fd == -1) {
//		...
//	} else if (clients == max) {
//		close(fd);
//	}
func (a *Search) newElse(head, last *parse.Stmt) (*Place, string) {
	for c := head.Else; c != nil; c = c.Else {
		if ctree.Mentions(a.spot.File, c.Expr, a.spot.Key) || !a.mayClose(c.Body) && !a.exits.Leaves(a.spot.File, c.Body) {
			return nil, NoElse
		}
	}
	pl, why := a.After(head, last, true)
	if why == "" && pl.After != head {
		why = NoElse
	}
	if why != "" {
		return nil, why
	}
	pl.Else = last
	return pl, ""
}

// chainOut is the last if of a chain whose arms all leave and which only a good descriptor gets
// through, nil for others:
//
//	if (fd < 0 && errno == EAGAIN)
//		return 0;
//	else if (fd < 0)
//		return -1;
func (a *Search) chainOut(s *parse.Stmt) (last *parse.Stmt) {
	good := false
	for c := s; c != nil; last, c = c, c.Else {
		if c.Kind != parse.SIf || !a.exits.Leaves(a.spot.File, c.Body) {
			return nil
		}
		good = good || a.conditionState(c.Expr).No == noreturn.Valid
	}
	if !good {
		return nil
	}
	return last
}

// NoElse is the reason where it can get none.
const NoElse = "the success branch is an else if without an else"

// TakesElse reports whether an if can get an else after it: the last of a chain, whose
// head stands in a list of statements.
func TakesElse(p *ctree.Program, f *parse.File, c *parse.Stmt) bool {
	return !ctree.HasDirective(f, c.Pos, c.End) && c.Kind == parse.SIf && c.Else == nil && c.Body != nil &&
		(c.Body.Kind == parse.SBlock || c.Body.Kind == parse.SExpr && !endsByMacro(p, f, c.Body.Expr)) // an if in it would take the else
}

// endsByMacro reports whether a macro's text ends a statement by itself, so that the semicolon
// behind it is another one: #define fail(m) { puts(m); exit(1); }.
func endsByMacro(p *ctree.Program, f *parse.File, e *parse.Expr) bool {
	c := e.Strip()
	if c == nil || c.Kind != parse.XCall {
		return false
	}
	m := p.FnMacro(f, c.Callee())
	if m == nil || len(m.Body) == 0 {
		return false
	}
	last := m.Body[len(m.Body)-1].Op
	return last == token.RBrace || last == token.Semi
}

// ChainHead is the first if of the chain that an if stands in.
func ChainHead(c *parse.Stmt) *parse.Stmt {
	for c.Parent != nil && c.Parent.Kind == parse.SIf && c.Parent.Else == c {
		c = c.Parent
	}
	return c
}

// servedIn reports whether a declaration already hands the descriptor to a call, or to another
// process, in a function that declares among statements.
func (a *Search) servedIn(s *parse.Stmt) bool {
	if !a.early && !a.spot.Func.HasMixedDecl() {
		return false
	}
	served := false
	for _, d := range s.Decls {
		d.Init.Walk(func(x *parse.Expr) bool {
			served = served || x.Kind == parse.XCall && (knowledge.Spawns.Has(x.Callee()) || ctree.Mentions(a.spot.File, x, a.spot.Key))
			return !served
		})
	}
	return served
}
