package exemplar

import (
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// constantArgs are the numbers that a call passes, by the names of the parameters; a
// parameter that the function changes is none.
type constantArgs map[string]int64

// TurnsOn reports whether a setter that is called with args can come to the option call
// h and turns the option on there: not where it does so for another mode.
func TurnsOn(h *OptionCall, args []string) bool {
	known := constantArgs{}
	for i, d := range h.Func.Params {
		if n, ok := parseInt(args[i]); ok && !changes(h.Func, d.Name) {
			known[d.Name] = n
		}
	}
	if v := h.Call.Args[3].Strip(); v != nil && v.Kind == parse.XUnary && v.Op == token.And {
		if n, ok := known.eval(initial(h.Func, v.X)); ok && n == 0 {
			return false
		}
	}
	for s := h.Call.In; s != nil && s.Parent != nil; s = s.Parent {
		if !known.entered(s) {
			return false
		}
	}
	return true
}

// initial is what a local variable is initialized with that is not changed; else the
// expression itself.
func initial(fn *parse.Func, e *parse.Expr) *parse.Expr {
	x := e.Strip()
	if x == nil || x.Kind != parse.XIdent || changes(fn, x.Name) {
		return e
	}
	out := e
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			if d.Name == x.Name && d.Init != nil {
				out = d.Init
			}
		}
		return true
	})
	return out
}

func changes(fn *parse.Func, name string) bool {
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				written := x.Kind == parse.XAssign || x.Kind == parse.XPostfix ||
					x.Kind == parse.XUnary && (x.Op == token.Inc || x.Op == token.Dec)
				found = found || written && x.X.Strip() != nil && x.X.Strip().Kind == parse.XIdent && x.X.Strip().Name == name
				return !found
			})
		})
		return !found
	})
	return found
}

// entered reports whether control can come from the statement around s into s.
func (known constantArgs) entered(s *parse.Stmt) bool {
	p := s.Parent
	switch p.Kind {
	case parse.SIf:
		n, ok := known.eval(p.Expr)
		return !ok || s != p.Body && s != p.Else || (n != 0) == (s == p.Body)
	case parse.SSwitch:
		n, ok := known.eval(p.Expr)
		return !ok || known.inCase(p, s, n)
	case parse.SBlock:
		if p.Parent != nil && p.Parent.Kind == parse.SSwitch {
			if n, ok := known.eval(p.Parent.Expr); ok {
				return known.inCase(p, s, n)
			}
		}
		for _, t := range p.List {
			if t == s {
				return true
			}
			if n, ok := known.eval(t.Expr); t.Kind == parse.SIf && ok && n != 0 && t.Body.Jumps() {
				return false // if (!on) return;
			}
		}
	}
	return true
}

// inCase reports whether a switch over n comes to s, a statement of its body: the last
// labels before it are those of n, or of default, or one falls through to them.
func (known constantArgs) inCase(body, s *parse.Stmt, n int64) bool {
	list := body.List
	if body.Kind == parse.SSwitch {
		return true
	}
	met, any, other := false, false, false
	for _, t := range list { // is there a case of n?
		for l := t; l != nil && (l.Kind == parse.SCase || l.Kind == parse.SDefault); l = l.Body {
			if m, ok := known.eval(l.Expr); l.Kind == parse.SCase && (!ok || m == n) {
				any = true
			}
		}
	}
	for _, t := range list {
		l := t
		for ; l != nil && (l.Kind == parse.SCase || l.Kind == parse.SDefault); l = l.Body {
			m, ok := known.eval(l.Expr)
			if l.Kind == parse.SDefault && !any || l.Kind == parse.SCase && (!ok || m == n) {
				met = true
			}
			if l == s {
				return met
			}
		}
		if t == s || l == s {
			return met
		}
		if l != nil && l.Jumps() {
			met, other = false, true
		}
	}
	return met || !other
}

// eval is the number of an expression over the known parameters.
func (known constantArgs) eval(e *parse.Expr) (int64, bool) {
	if e == nil {
		return 0, false
	}
	switch e = e.Strip(); e.Kind {
	case parse.XNumber:
		return parseInt(e.Name)
	case parse.XIdent:
		n, ok := known[e.Name]
		return n, ok
	case parse.XUnary:
		if n, ok := known.eval(e.X); ok && e.Op == token.Not {
			return boolInt(n == 0), true
		}
	case parse.XBinary:
		a, aok := known.eval(e.X)
		b, bok := known.eval(e.Y)
		switch {
		case e.Op == token.AndAnd && (aok && a == 0 || bok && b == 0):
			return 0, true
		case e.Op == token.OrOr && (aok && a != 0 || bok && b != 0):
			return 1, true
		case aok && bok && (e.Op == token.AndAnd || e.Op == token.OrOr):
			return boolInt(a != 0 && b != 0 || e.Op == token.OrOr && a|b != 0), true
		case aok && bok:
			return compare(e.Op, a, b)
		}
	}
	return 0, false
}

// compare is the outcome of a comparison, or of a test of bits.
func compare(op token.Op, a, b int64) (int64, bool) {
	switch op {
	case token.EqEq:
		return boolInt(a == b), true
	case token.NotEq:
		return boolInt(a != b), true
	case token.Lt:
		return boolInt(a < b), true
	case token.Gt:
		return boolInt(a > b), true
	case token.Le:
		return boolInt(a <= b), true
	case token.Ge:
		return boolInt(a >= b), true
	case token.And:
		return a & b, true
	}
	return 0, false
}

func parseInt(s string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimRight(s, "uUlL"), 0, 64)
	return n, err == nil
}

func boolInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
