package anchor

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/noreturn"
)

// A wrapper may return other values than sockets and -1: 0 where no peer is waiting.

// NoSocket recognises comparisons of the descriptor with what the wrapper that made
// it returns instead of one. It reports whether a condition is such a comparison, and
// which of its truth values means that there is no socket. It is nil for calls
// of the system.
func NoSocket(x *noreturn.Exits, sp *Spot) func(cond *parse.Expr) (truth, ok bool) {
	fn := x.Definition(sp.File, sp.Call.Callee())
	if fn == nil || fn.Macro != nil {
		return nil
	}
	values := otherReturns(fn)
	if len(values) == 0 {
		return nil
	}
	f := sp.File
	var asks func(e *parse.Expr) (bool, bool)
	asks = func(e *parse.Expr) (bool, bool) {
		e = e.Strip()
		switch {
		case e == nil:
			return false, false
		case noreturn.Denotes(f, e, sp.Key):
			return false, values["0"]
		case e.Kind == parse.XUnary && e.Op == token.Not:
			truth, ok := asks(e.X)
			return !truth, ok
		case e.Kind == parse.XBinary && (e.Op == token.EqEq || e.Op == token.NotEq):
			a, b := e.X, e.Y
			if !noreturn.Denotes(f, a, sp.Key) {
				a, b = b, a
			}
			return e.Op == token.EqEq, noreturn.Denotes(f, a, sp.Key) && values[literal(b)]
		}
		return false, false
	}
	return asks
}

// otherReturns are the literals that a function returns, by itself or through a
// variable, -1 left out. What comes from a call that makes no socket may be 0.
func otherReturns(fn *parse.Func) map[string]bool {
	values, sockets, returned := map[string]bool{}, map[string]bool{}, map[string]bool{}
	note := func(e *parse.Expr) {
		if v := literal(e); v != "" && v != "-1" {
			values[v] = true
		}
	}
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SReturn && s.Expr != nil {
			note(s.Expr)
			if e := s.Expr.Strip(); e != nil && e.Kind == parse.XIdent {
				returned[e.Name] = true
			}
		}
		return true
	})
	given := func(name string, e *parse.Expr) {
		if !returned[name] || e == nil {
			return
		}
		note(e)
		e.Walk(func(c *parse.Expr) bool {
			sockets[name] = sockets[name] || c.Kind == parse.XCall && makesSocket(c)
			return true
		})
	}
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			given(d.Name, d.Init)
		}
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				if l := x.X.Strip(); x.Kind == parse.XAssign && l != nil && l.Kind == parse.XIdent {
					given(l.Name, x.Y)
				}
				return true
			})
		})
		return true
	})
	for name := range returned {
		if !sockets[name] && ctree.Declares(fn, name) {
			values["0"] = true
		}
	}
	return values
}

// literal is the text of a number without casts, "" for what is none.
func literal(e *parse.Expr) string {
	e = e.Strip()
	switch {
	case e == nil:
		return ""
	case e.Kind == parse.XNumber:
		return e.Name
	case e.Kind == parse.XUnary && e.Op == token.Sub && e.X.Strip() != nil && e.X.Strip().Kind == parse.XNumber:
		return "-" + e.X.Strip().Name
	}
	return ""
}

// pastNoSocketTests moves a place after the tests that leave where the wrapper gave no socket.
func (a *Search) pastNoSocketTests(pl *Place) *Place {
	if pl.Braces != nil {
		return pl
	}
	for i := 0; i < maxRejections; i++ {
		n := NextStmt(pl)
		for j := 0; j < maxBetween && n != nil && a.isHarmless(n); j++ {
			n = ctree.Next(n)
		}
		if n == nil || !a.leavesOnNoSocket(n) {
			break
		}
		at := a.movedTo(pl, n)
		if at == pl {
			break
		}
		pl = at
	}
	return pl
}

// leavesOnNoSocket recognises such a test.
func (a *Search) leavesOnNoSocket(s *parse.Stmt) bool {
	if s.Kind != parse.SIf || s.Else != nil || !a.exits.Leaves(a.spot.File, s.Body) {
		return false
	}
	asks := NoSocket(a.exits, a.spot)
	if asks == nil {
		return false
	}
	truth, ok := asks(s.Expr)
	return ok && truth
}
