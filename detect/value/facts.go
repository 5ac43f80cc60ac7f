package value

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// Fact is what the branches taken say of a path's value. It is never changed.
type Fact struct {
	Allowed  NameSet // nil: anything
	Excluded NameSet
}

// Anything is what is said of a path that no branch asks for.
var Anything = &Fact{}

// Top reports whether the fact allows every value.
func (f *Fact) Top() bool { return f.Allowed == nil && len(f.Excluded) == 0 }

// not reports whether the value is ruled out.
func (f *Fact) not(v string) bool {
	return f.Excluded.Has(v) || f.Allowed != nil && !f.Allowed.Has(v)
}

// Meet holds where f and g hold.
func Meet(f, g *Fact) *Fact {
	switch {
	case f.Top():
		return g
	case g.Top():
		return f
	}
	out := &Fact{Excluded: f.Excluded.Union(g.Excluded)}
	switch {
	case f.Allowed == nil:
		out.Allowed = g.Allowed
	case g.Allowed == nil:
		out.Allowed = f.Allowed
	default:
		out.Allowed = f.Allowed.filter(g.Allowed.Has)
	}
	return out
}

// Join holds where f or g holds.
func Join(f, g *Fact) *Fact {
	if f == g {
		return f
	}
	if f.Top() || g.Top() {
		return Anything
	}
	out := &Fact{Excluded: f.Excluded.filter(g.not).Union(g.Excluded.filter(f.not))}
	if f.Allowed != nil && g.Allowed != nil {
		out.Allowed = f.Allowed.Union(g.Allowed)
	}
	return out
}

// Equal reports whether two facts allow the same values.
func (f *Fact) Equal(g *Fact) bool {
	return f == g || (f.Allowed == nil) == (g.Allowed == nil) && slices.Equal(f.Allowed, g.Allowed) && slices.Equal(f.Excluded, g.Excluded)
}

// Constrain says what the outcome of a condition tells of a path, or of one bit of
// it: "flags&F_ON".
func Constrain(cond *parse.Expr, truth bool, path string) *Fact {
	e := cond.Strip()
	if e == nil {
		return Anything
	}
	switch e.Kind {
	case parse.XUnary:
		if e.Op == token.Not {
			return Constrain(e.X, !truth, path)
		}
	case parse.XAssign:
		return Constrain(e.X, truth, path)
	case parse.XCall: // likely(x), UNLIKELY(x)
		if len(e.Args) == 1 && strings.Contains(strings.ToLower(e.Callee()), "likely") {
			return Constrain(e.Args[0], truth, path)
		}
	case parse.XBinary:
		switch e.Op {
		case token.AndAnd, token.OrOr:
			x, y := Constrain(e.X, truth, path), Constrain(e.Y, truth, path)
			if (e.Op == token.AndAnd) == truth {
				return Meet(x, y)
			}
			return Join(x, y)
		case token.EqEq, token.NotEq:
			v := ""
			if testedPath(e.X) == path {
				v = ConstName(e.Y)
			} else if testedPath(e.Y) == path {
				v = ConstName(e.X)
			}
			if v == "" {
				return Anything
			}
			return equals(v, (e.Op == token.EqEq) == truth)
		case token.And:
			if strings.Contains(path, "&") && testedPath(e) == path {
				return equals("0", !truth)
			}
		}
	case parse.XIdent, parse.XMember:
		if strings.HasSuffix(path, e.Name) && PathOf(e) == path {
			return equals("0", !truth)
		}
	}
	return Anything
}

// equals says that the value is v, or is not.
func equals(v string, truth bool) *Fact {
	if truth {
		return &Fact{Allowed: NameSet{v}}
	}
	return &Fact{Excluded: NameSet{v}}
}

// Asserted returns what an assertion demands of a path: assert(x == C), or a
// project's own macro of that name.
func Asserted(n *cfg.Node, path string) *Fact {
	if n.Expr == nil || n.Expr.Kind != parse.XCall || len(n.Expr.Args) == 0 {
		return nil
	}
	if !strings.Contains(strings.ToLower(n.Expr.Callee()), "assert") {
		return nil
	}
	return Constrain(n.Expr.Args[0], true, path)
}

// EdgeFact returns what an edge of the flow graph says about the variable or member at path.
func EdgeFact(e *cfg.Edge, path string) *Fact {
	switch {
	case e.Cond == nil:
		return Anything
	case !e.IsSwitch:
		return Constrain(e.Cond, e.Truth, path)
	case testedPath(e.Cond) != path:
		return Anything
	case e.Label != nil:
		if v := ConstName(e.Label); v != "" {
			return &Fact{Allowed: NameSet{v}}
		}
		return Anything
	}
	var others NameSet
	for _, l := range e.OtherLabels {
		if v := ConstName(l); v != "" {
			others = others.with(v)
		}
	}
	return &Fact{Excluded: others}
}

// TestedPaths adds what a condition asks for to the list.
func TestedPaths(list []string, cond *parse.Expr) []string {
	e := cond.Strip()
	if e == nil {
		return list
	}
	switch e.Kind {
	case parse.XUnary:
		if e.Op == token.Not {
			return TestedPaths(list, e.X)
		}
		return list
	case parse.XCall:
		if len(e.Args) > 0 && knowledge.IsBranchHint(e.Callee()) {
			return TestedPaths(list, e.Args[0])
		}
		return list
	case parse.XBinary:
		switch e.Op {
		case token.AndAnd, token.OrOr:
			return TestedPaths(TestedPaths(list, e.X), e.Y)
		case token.EqEq, token.NotEq:
			if ConstName(e.Y) != "" {
				e = e.X
			} else {
				e = e.Y
			}
		}
	}
	if a := testedPath(e); a != "" && !slices.Contains(list, a) {
		list = append(list, a)
	}
	return list
}
