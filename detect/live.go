package detect

import (
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// live says which ways through a function are taken where it is entered by one
// chain of calls: a condition on a parameter for which the caller passes a
// constant has one outcome only. nil stands for all ways.
type live struct {
	nodes nodeSet
	dead  map[*edge]bool
}

// goes reports whether the way over an edge is taken.
func (l *live) goes(e *edge) bool { return l == nil || !l.dead[e] && l.nodes.has(e.from) }

type liveKey struct {
	fn *parse.Func
	fr *frame
}

// maxLive is how many nodes a function may have for its ways to be sorted out.
const maxLive = 2000

// live finds out which ways are taken.
func (ev *evaluator) live(fi *funcInfo, fr *frame) *live {
	if fr == nil || len(fi.paramEdges()) == 0 {
		return nil
	}
	key := liveKey{fi.fn, fr}
	if l, ok := ev.lives[key]; ok {
		return l
	}
	ev.lives[key] = nil // while its own conditions are evaluated
	dead := map[*edge]bool{}
	for _, e := range fi.paramEdges() {
		if ev.never(fi, e, fr) {
			dead[e] = true
		}
	}
	if len(dead) == 0 {
		return nil
	}
	g := fi.graph()
	l := &live{nodes: make(nodeSet, (len(g.nodes)+63)/64), dead: dead}
	queue := []*node{g.entry}
	l.nodes.add(g.entry)
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, e := range n.succ {
			if !dead[e] && !l.nodes.has(e.to) {
				l.nodes.add(e.to)
				queue = append(queue, e.to)
			}
		}
	}
	ev.lives[key] = l
	return l
}

// paramEdges lists the edges whose condition asks for a parameter.
func (fi *funcInfo) paramEdges() []*edge {
	fi.askOnce.Do(func() {
		if fi.fn.Macro != nil || len(fi.fn.Params) == 0 || len(fi.graph().nodes) > maxLive {
			return
		}
		for _, n := range fi.graph().nodes {
			for _, e := range n.succ {
				if e.cond != nil && fi.asksParam(e.cond) {
					fi.asking = append(fi.asking, e)
				}
			}
		}
	})
	return fi.asking
}

// asksParam reports whether a parameter occurs in a condition.
func (fi *funcInfo) asksParam(cond *parse.Expr) bool {
	found := false
	cond.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XIdent && !found {
			d := fi.lookup(x.Name, x.Pos)
			found = d != nil && fi.isParam(d) >= 0
		}
		return !found
	})
	return found
}

// never reports whether the way over an edge is surely not taken.
func (ev *evaluator) never(fi *funcInfo, e *edge, fr *frame) bool {
	if !e.sw {
		v, known := ev.truth(fi, e.cond, fr)
		return known && v != e.truth
	}
	if e.label != nil {
		same, known := ev.same(fi, e.cond, e.label, fr)
		return known && !same
	}
	for _, l := range e.others {
		if same, known := ev.same(fi, e.cond, l, fr); known && same {
			return true
		}
	}
	return false
}

// truth evaluates a condition; known is false where it cannot be told.
func (ev *evaluator) truth(fi *funcInfo, cond *parse.Expr, fr *frame) (v, known bool) {
	e := cond.Strip()
	if e == nil {
		return false, false
	}
	switch {
	case e.Kind == parse.XUnary && e.Op == parse.Not:
		v, known = ev.truth(fi, e.X, fr)
		return !v, known
	case e.Kind == parse.XBinary && (e.Op == parse.AndAnd || e.Op == parse.OrOr):
		x, knownX := ev.truth(fi, e.X, fr)
		y, knownY := ev.truth(fi, e.Y, fr)
		decides := e.Op == parse.OrOr // true || y, false && y
		if knownX && x == decides || knownY && y == decides {
			return decides, true
		}
		return !decides, knownX && knownY
	case e.Kind == parse.XBinary && (e.Op == parse.EqEq || e.Op == parse.NotEq):
		same, known := ev.same(fi, e.X, e.Y, fr)
		return same == (e.Op == parse.EqEq), known
	case e.Kind == parse.XCall && len(e.Args) == 1 && strings.Contains(strings.ToLower(e.Callee()), "likely"):
		return ev.truth(fi, e.Args[0], fr)
	}
	x := ev.origin(term{fi, e, fr}, 0)
	if x.e.Kind == parse.XString {
		return true, true
	}
	n, ok := ev.integer(x, 0)
	return n != 0, ok
}

// same reports whether two expressions are equal.
func (ev *evaluator) same(fi *funcInfo, a, b *parse.Expr, fr *frame) (v, known bool) {
	x, y := ev.origin(term{fi, a.Strip(), fr}, 0), ev.origin(term{fi, b.Strip(), fr}, 0)
	m, okM := ev.integer(x, 0)
	n, okN := ev.integer(y, 0)
	if okM && okN {
		return m == n, true
	}
	if x.e == nil || y.e == nil || x.e.Kind != parse.XIdent || y.e.Kind != parse.XIdent {
		return false, false
	}
	if !ev.named(x) || !ev.named(y) {
		return false, false
	}
	return x.e.Name == y.e.Name, true
}

// named reports whether a name is one that stands for a value of its own: an
// enumerator, or a constant of the socket interface.
func (ev *evaluator) named(t term) bool {
	if t.fi.lookup(t.e.Name, t.e.Pos) != nil {
		return false
	}
	if _, ok := canonical(t.e.Name); ok {
		return true
	}
	for _, c := range ev.p.constants(t.fi.unit, t.e.Name) {
		if c.macro != nil {
			return false
		}
	}
	return len(ev.p.constants(t.fi.unit, t.e.Name)) > 0
}

// term is an expression in a function that was entered through fr.
type term struct {
	fi *funcInfo
	e  *parse.Expr
	fr *frame
}

// origin follows a variable that has one value, and a parameter to what the
// caller passes, to the expression behind it.
func (ev *evaluator) origin(t term, depth int) term {
	if t.e = t.e.Strip(); t.e == nil || t.e.Kind != parse.XIdent || depth > 8 || t.e.In == nil {
		return t
	}
	d := t.fi.lookup(t.e.Name, t.e.Pos)
	if d == nil || d.Static {
		return t
	}
	defs, entry := t.fi.reach(t.fi.nodeOf(t.e), t.e.Pos, t.e.Name)
	i := t.fi.isParam(d)
	switch {
	case entry && len(defs) == 0 && i >= 0 && t.fr != nil && t.fr.call.e != nil && i < len(t.fr.call.e.Args):
		return ev.origin(term{t.fr.call.fi, t.fr.call.e.Args[i], t.fr.up}, depth+1)
	case !entry && len(defs) == 1 && defs[0].kind == defValue:
		return ev.origin(term{t.fi, defs[0].e, t.fr}, depth+1)
	}
	return t
}

// integer computes a constant.
func (ev *evaluator) integer(t term, depth int) (int64, bool) {
	t = ev.origin(t, 0)
	e := t.e
	if e == nil || depth > 12 {
		return 0, false
	}
	sub := func(x *parse.Expr) (int64, bool) { return ev.integer(term{t.fi, x, t.fr}, depth+1) }
	switch e.Kind {
	case parse.XNumber:
		n, err := strconv.ParseInt(strings.TrimRight(e.Name, "uUlL"), 0, 64)
		return n, err == nil
	case parse.XIdent:
		return ev.namedInteger(t, depth)
	case parse.XUnary:
		x, ok := sub(e.X)
		switch e.Op {
		case parse.Sub:
			return -x, ok
		case parse.Tilde:
			return ^x, ok
		}
	case parse.XBinary:
		x, okX := sub(e.X)
		y, okY := sub(e.Y)
		if !okX || !okY {
			return 0, false
		}
		switch e.Op {
		case parse.Or:
			return x | y, true
		case parse.And:
			return x & y, true
		case parse.Add:
			return x + y, true
		case parse.Sub:
			return x - y, true
		case parse.Shl:
			return x << (uint(y) & 63), true
		}
	}
	return 0, false
}

// namedInteger computes what a macro or an enumerator stands for.
func (ev *evaluator) namedInteger(t term, depth int) (int64, bool) {
	if t.fi.lookup(t.e.Name, t.e.Pos) != nil {
		return 0, false
	}
	switch t.e.Name {
	case "true", "TRUE":
		return 1, true
	case "false", "FALSE", "NULL":
		return 0, true
	}
	defs := ev.p.constants(t.fi.unit, t.e.Name)
	if len(defs) != 1 || defs[0].x == nil {
		return 0, false
	}
	return ev.integer(term{defs[0].host, defs[0].x, nil}, depth+1)
}
