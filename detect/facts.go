package detect

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// comparedPaths are the paths that some condition of the function compares
// with a constant; of others no branch says anything.
func (fi *funcInfo) comparedPaths() map[string]bool {
	du := fi.defUse()
	du.cmpOnce.Do(func() {
		du.compared = map[string]bool{}
		fi.fn.Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind == parse.SSwitch {
				du.compared[pathOf(s.Expr)] = true
			}
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(x *parse.Expr) bool {
					if x.Kind == parse.XBinary && (x.Op == parse.EqEq || x.Op == parse.NotEq) {
						if constName(x.Y) != "" {
							du.compared[pathOf(lhsOf(x.X))] = true
						}
						if constName(x.X) != "" {
							du.compared[pathOf(lhsOf(x.Y))] = true
						}
					}
					return true
				})
			})
			return true
		})
		delete(du.compared, "")
	})
	return du.compared
}

// fact is what the branches taken say of a path's value. It is never changed.
type fact struct {
	allowed  names // nil: anything
	excluded names
}

// anything is what is said of a path that no branch asks for.
var anything = &fact{}

func (f *fact) top() bool { return f.allowed == nil && len(f.excluded) == 0 }

// not reports whether the value is ruled out.
func (f *fact) not(v string) bool {
	return f.excluded.has(v) || f.allowed != nil && !f.allowed.has(v)
}

// both holds where f and g hold.
func both(f, g *fact) *fact {
	switch {
	case f.top():
		return g
	case g.top():
		return f
	}
	out := &fact{excluded: f.excluded.union(g.excluded)}
	switch {
	case f.allowed == nil:
		out.allowed = g.allowed
	case g.allowed == nil:
		out.allowed = f.allowed
	default:
		out.allowed = f.allowed.where(g.allowed.has)
	}
	return out
}

// either holds where f or g holds.
func either(f, g *fact) *fact {
	if f == g {
		return f
	}
	if f.top() || g.top() {
		return anything
	}
	out := &fact{excluded: f.excluded.where(g.not).union(g.excluded.where(f.not))}
	if f.allowed != nil && g.allowed != nil {
		out.allowed = f.allowed.union(g.allowed)
	}
	return out
}

func (f *fact) equal(g *fact) bool {
	return f == g || (f.allowed == nil) == (g.allowed == nil) && slices.Equal(f.allowed, g.allowed) && slices.Equal(f.excluded, g.excluded)
}

// constrain says what the outcome of a condition tells of a path, or of one bit of
// it: "flags&F_ON".
func constrain(cond *parse.Expr, truth bool, path string) *fact {
	e := cond.Strip()
	if e == nil {
		return anything
	}
	switch e.Kind {
	case parse.XUnary:
		if e.Op == parse.Not {
			return constrain(e.X, !truth, path)
		}
	case parse.XAssign:
		return constrain(e.X, truth, path)
	case parse.XCall: // likely(x), UNLIKELY(x)
		if len(e.Args) == 1 && strings.Contains(strings.ToLower(e.Callee()), "likely") {
			return constrain(e.Args[0], truth, path)
		}
	case parse.XBinary:
		switch e.Op {
		case parse.AndAnd, parse.OrOr:
			x, y := constrain(e.X, truth, path), constrain(e.Y, truth, path)
			if (e.Op == parse.AndAnd) == truth {
				return both(x, y)
			}
			return either(x, y)
		case parse.EqEq, parse.NotEq:
			v := ""
			if askedIn(e.X) == path {
				v = constName(e.Y)
			} else if askedIn(e.Y) == path {
				v = constName(e.X)
			}
			if v == "" {
				return anything
			}
			return is(v, (e.Op == parse.EqEq) == truth)
		case parse.And:
			if strings.Contains(path, "&") && askedIn(e) == path {
				return is("0", !truth)
			}
		}
	case parse.XIdent, parse.XMember:
		if strings.HasSuffix(path, e.Name) && pathOf(e) == path {
			return is("0", !truth)
		}
	}
	return anything
}

// is says that the value is v, or is not.
func is(v string, truth bool) *fact {
	if truth {
		return &fact{allowed: names{v}}
	}
	return &fact{excluded: names{v}}
}

// askedIn returns the path that a condition compares, or the bit of it.
func askedIn(e *parse.Expr) string {
	e = lhsOf(e)
	if s := e.Strip(); s != nil && s.Kind == parse.XBinary && s.Op == parse.And {
		if c, p := constName(s.Y), pathOf(s.X); c != "" && p != "" {
			return p + "&" + c
		}
	}
	return pathOf(e)
}

// lhsOf looks through an assignment inside a comparison, (x = f()) == C, and
// through flags that are masked out of it.
func lhsOf(e *parse.Expr) *parse.Expr {
	s := e.Strip()
	if s != nil && s.Kind == parse.XAssign {
		return s.X
	}
	if s != nil && s.Kind == parse.XBinary && s.Op == parse.And {
		if y := s.Y.Strip(); y.Kind == parse.XUnary && y.Op == parse.Tilde {
			return s.X // type & ~FLAGS: what remains is the type
		}
	}
	return e
}

// constName returns the canonical name of a constant, "" for an expression
// that does not look like one.
func constName(e *parse.Expr) string {
	s := e.Strip()
	if s == nil {
		return ""
	}
	switch s.Kind {
	case parse.XNumber:
		return s.Name
	case parse.XUnary:
		if s.Op == parse.Sub && s.X != nil && s.X.Kind == parse.XNumber {
			return "-" + s.X.Name
		}
	case parse.XIdent:
		if c, ok := canonical(s.Name); ok {
			return c
		}
		if isUpper(s.Name) {
			return s.Name
		}
	}
	return ""
}

func isUpper(s string) bool {
	letters := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= 'a' && s[i] <= 'z' {
			return false
		}
		if s[i] >= 'A' && s[i] <= 'Z' {
			letters++
		}
	}
	return letters > 1
}

// factsAt returns what the branches on every way to e tell of a path that is
// not assigned in between.
func (fi *funcInfo) factsAt(e *parse.Expr, path string) *fact {
	out := anything
	if !fi.comparedPaths()[path] {
		return out
	}
	n := fi.nodeOf(e)
	if n != nil {
		out = fi.defUse().facts.Get(spot{n: n, path: path}, func() *fact { return fi.flowFacts(n, path, path) })
	}
	// Inside one condition: a && socket(...) is reached only where a holds.
	for x := e; x.Up != nil; x = x.Up {
		up := x.Up
		switch {
		case up.Kind == parse.XBinary && up.Op == parse.AndAnd && up.Y == x:
			out = both(out, constrain(up.X, true, path))
		case up.Kind == parse.XBinary && up.Op == parse.OrOr && up.Y == x:
			out = both(out, constrain(up.X, false, path))
		case up.Kind == parse.XCond && up.Y == x:
			out = both(out, constrain(up.X, true, path))
		case up.Kind == parse.XCond && up.Z == x:
			out = both(out, constrain(up.X, false, path))
		}
	}
	return out
}

// flowFacts is a forward data flow over the graph, for one path; what conditions
// ask is the path itself, or one bit of it.
func (fi *funcInfo) flowFacts(target *node, path, asked string) *fact {
	g := fi.graph()
	nodes := fi.definers()[rootOf(path)]
	in := make([]*fact, len(g.nodes))
	in[g.entry.id] = anything
	queue := []*node{g.entry}
	rounds := 0
	for len(queue) > 0 && rounds < 20*len(g.nodes)+100 {
		rounds++
		n := queue[0]
		queue = queue[1:]
		cur := in[n.id]
		if nodes.has(n) {
			if _, ok := fi.lastDef(n, 1<<30, path); ok {
				cur = anything
			}
		}
		if c := asserted(n, asked); c != nil {
			cur = both(cur, c)
		}
		for _, e := range n.succ {
			next := cur
			if c := edgeFact(e, asked); !c.top() {
				next = both(cur, c)
			}
			if next.allowed != nil && len(next.allowed) == 0 {
				continue // nobody comes this way
			}
			old := in[e.to.id]
			if old != nil {
				next = either(old, next)
				if next.equal(old) {
					continue
				}
			}
			in[e.to.id] = next
			queue = append(queue, e.to)
		}
	}
	if in[target.id] == nil {
		return anything
	}
	return in[target.id]
}

// asserted returns what an assertion demands of a path: assert(x == C), or a
// project's own macro of that name.
func asserted(n *node, path string) *fact {
	if n.expr == nil || n.expr.Kind != parse.XCall || len(n.expr.Args) == 0 {
		return nil
	}
	if !strings.Contains(strings.ToLower(n.expr.Callee()), "assert") {
		return nil
	}
	return constrain(n.expr.Args[0], true, path)
}

func edgeFact(e *edge, path string) *fact {
	switch {
	case e.cond == nil:
		return anything
	case !e.sw:
		return constrain(e.cond, e.truth, path)
	case pathOf(e.cond) != path:
		return anything
	case e.label != nil:
		if v := constName(e.label); v != "" {
			return &fact{allowed: names{v}}
		}
		return anything
	}
	var others names
	for _, l := range e.others {
		if v := constName(l); v != "" {
			others = others.with(v)
		}
	}
	return &fact{excluded: others}
}
