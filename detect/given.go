package detect

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// Programs ask one thing twice: for the kind of a socket, and again where it is
// made.
//
//	type = o->udp ? SOCK_DGRAM : SOCK_STREAM;
//	...
//	if (o->udp)
//		fd = socket(domain, type, 0);
//
// What the branches say at the call holds for the choice as well, as long as
// what they ask for was not changed in between.

// maxGiven is of how many conditions it is asked what they were on the way.
const maxGiven = 6

// given is what is known, where the socket is made, of a path (or one bit of it)
// that a condition asked for before.
type given struct {
	path, asked string
	f           *fact
}

// spotsOf returns where control is, in the functions that lead to a call: at the
// call itself, and at the calls through which its function was entered.
func spotsOf(r ref, fr *frame) map[*funcInfo]*parse.Expr {
	out := map[*funcInfo]*parse.Expr{r.fi: r.e}
	for ; fr != nil; fr = fr.up {
		if out[fr.call.fi] != nil {
			delete(out, fr.call.fi) // entered again
			continue
		}
		out[fr.call.fi] = fr.call.e
	}
	return out
}

// given returns what the branches that lead to the spot in fi say of the paths
// that conditions ask for, where that was so at node n already.
func (ev *evaluator) given(fi *funcInfo, n *node, conds []*parse.Expr) (out []given) {
	at := ev.spots[fi]
	if at == nil || n == nil || len(conds) == 0 || len(fi.graph().nodes) > maxLive {
		return nil
	}
	target := fi.nodeOf(at)
	if target == nil {
		return nil
	}
	var asked []string
	for _, c := range conds {
		asked = asksFor(asked, c)
	}
	for i, a := range asked {
		path, _, _ := strings.Cut(a, "&")
		if i >= maxGiven || strings.Contains(path, "[]") {
			continue
		}
		f := fi.flowFacts(target, path, a)
		if !f.top() && fi.unchanged(n, target, path) {
			out = append(out, given{path, a, f})
		}
	}
	return out
}

// asksFor adds what a condition asks for to the list.
func asksFor(list []string, cond *parse.Expr) []string {
	e := cond.Strip()
	if e == nil {
		return list
	}
	switch e.Kind {
	case parse.XUnary:
		if e.Op == parse.Not {
			return asksFor(list, e.X)
		}
		return list
	case parse.XCall:
		if len(e.Args) > 0 && wraps(e.Callee()) {
			return asksFor(list, e.Args[0])
		}
		return list
	case parse.XBinary:
		switch e.Op {
		case parse.AndAnd, parse.OrOr:
			return asksFor(asksFor(list, e.X), e.Y)
		case parse.EqEq, parse.NotEq:
			if constName(e.Y) != "" {
				e = e.X
			} else {
				e = e.Y
			}
		}
	}
	if a := askedIn(e); a != "" && !slices.Contains(list, a) {
		list = append(list, a)
	}
	return list
}

// changes reports whether what a path holds may be another after node n.
func (fi *funcInfo) changes(n *node, path string) bool {
	if !fi.definers()[rootOf(path)].has(n) {
		return false
	}
	_, ok := fi.lastDef(n, 1<<30, path)
	n.exprs(func(top *parse.Expr) {
		top.Walk(func(x *parse.Expr) bool {
			ok = ok || x.Kind == parse.XAssign && pathOf(x.X) == path // x |= F
			return !ok
		})
	})
	return ok
}

// unchanged reports whether a way leads from one node to another on which nothing
// changes the path.
func (fi *funcInfo) unchanged(from, to *node, path string) bool {
	for u := range fi.named(path[strings.LastIndexByte(path, '.')+1:]) {
		if up := u.Up; up != nil && (up.Kind == parse.XPostfix || up.Kind == parse.XUnary && (up.Op == parse.Inc || up.Op == parse.Dec)) {
			return false
		}
	}
	if fi.changes(to, path) || fi.changes(from, path) {
		return false
	}
	if from == to {
		return true
	}
	seen := fi.graph().newSet()
	seen.add(to)
	for queue := []*node{to}; len(queue) > 0; queue = queue[1:] {
		for _, e := range queue[0].pred {
			if e.from == from {
				return true
			}
			if !seen.has(e.from) && !fi.changes(e.from, path) {
				seen.add(e.from)
				queue = append(queue, e.from)
			}
		}
	}
	return false
}

// chosen returns which outcomes the condition of c ? x : y can have had.
func (ev *evaluator) chosen(fi *funcInfo, e *parse.Expr) (yes, no bool) {
	yes, no = true, true
	if len(ev.spots) == 0 || e.In == nil {
		return yes, no
	}
	for _, g := range ev.given(fi, fi.nodeOf(e), []*parse.Expr{e.X}) {
		yes = yes && !ev.contradicts(fi, g.f, constrain(e.X, true, g.asked))
		no = no && !ev.contradicts(fi, g.f, constrain(e.X, false, g.asked))
	}
	if !yes && !no {
		return true, true
	}
	ev.narrowed = ev.narrowed || yes != no
	return yes, no
}

// reachGiven leaves out, of the definitions of a path that reach position pos of
// node n, those from which one comes there only against what is known at the spot.
func (ev *evaluator) reachGiven(fi *funcInfo, n *node, pos int, path string, defs []def, entry bool) ([]def, bool) {
	if len(defs) < 2 || ev.spots[fi] == nil {
		return defs, entry
	}
	var conds []*parse.Expr
	for _, d := range defs {
		if d.e != nil {
			conds = conditionsAround(conds, d.e)
		}
	}
	gs := ev.given(fi, n, conds)
	if len(gs) == 0 {
		return defs, entry
	}
	open := func(e *edge) bool {
		for _, g := range gs {
			if c := edgeFact(e, g.asked); !c.top() && ev.contradicts(fi, g.f, c) {
				return false
			}
		}
		return true
	}
	changes := func(n *node) bool {
		return slices.ContainsFunc(gs, func(g given) bool { return fi.changes(n, g.path) })
	}
	met := map[int]bool{}
	first := false
	// Backwards: before is 1 where what was asked for need not be what it is at the
	// spot. Without looking for definitions it is asked whether one comes to n at all.
	var walk func(n *node, pos, before int, seen *[2]nodeSet, look bool) bool
	newSeen := func() *[2]nodeSet { return &[2]nodeSet{fi.graph().newSet(), fi.graph().newSet()} }
	walk = func(n *node, pos, before int, seen *[2]nodeSet, look bool) bool {
		if look && fi.definers()[rootOf(path)].has(n) {
			if d, ok := fi.lastDef(n, pos, path); ok {
				met[d.off] = met[d.off] || walk(n, pos, before, newSeen(), false)
				if !strings.Contains(path, "[]") || d.kind != defValue && d.kind != defOut {
					return false
				}
			}
		}
		if n == fi.graph().entry || !look && before == 1 {
			first = first || look
			return true
		}
		if changes(n) {
			before = 1
		}
		for _, e := range n.pred {
			if !seen[before].has(e.from) && (before == 1 || open(e)) {
				seen[before].add(e.from)
				if walk(e.from, 1<<30, before, seen, look) && !look {
					return true
				}
			}
		}
		return false
	}
	walk(n, pos, 0, newSeen(), true)
	out := slices.Clone(defs)
	out = slices.DeleteFunc(out, func(d def) bool { return !met[d.off] })
	if len(out) == 0 && !first {
		return defs, entry
	}
	ev.narrowed = ev.narrowed || len(out) < len(defs) || entry && !first
	return out, entry && first
}

// conditionsAround adds the conditions of the statements around e.
func conditionsAround(list []*parse.Expr, e *parse.Expr) []*parse.Expr {
	for x := e; x.Up != nil; x = x.Up {
		if x.Up.Kind == parse.XCond && x.Up.X != x {
			list = append(list, x.Up.X)
		}
	}
	for s := e.In; s != nil; s = s.Parent {
		if (s.Kind == parse.SIf || s.Kind == parse.SSwitch) && s.Expr != nil && !slices.Contains(list, s.Expr) {
			list = append(list, s.Expr)
		}
	}
	return list
}

// contradicts reports whether what two branches say cannot be true of one value.
func (ev *evaluator) contradicts(fi *funcInfo, f, g *fact) bool {
	if f.allowed == nil {
		f, g = g, f
	}
	if f.allowed == nil {
		return len(f.excluded) > 0 && len(g.excluded) > 0 && ev.exhausts(fi, f.excluded.union(g.excluded))
	}
	for _, v := range f.allowed {
		fits := g.allowed == nil
		for _, w := range g.allowed {
			fits = fits || ev.mayBe(fi, v, w)
		}
		for _, w := range g.excluded {
			fits = fits && (v != w && !ev.sameNumber(fi, v, w))
		}
		if fits {
			return false
		}
	}
	return true
}

// mayBe reports whether two names can stand for one value.
func (ev *evaluator) mayBe(fi *funcInfo, v, w string) bool {
	if v == w || v[0] > '9' && w[0] > '9' {
		return v == w
	}
	x, y := ev.numberOf(fi, v), ev.numberOf(fi, w)
	return x.open || y.open || ev.sameNumber(fi, v, w)
}

func (ev *evaluator) sameNumber(fi *funcInfo, v, w string) bool {
	x, y := ev.numberOf(fi, v), ev.numberOf(fi, w)
	return len(x.set) == 1 && y.only(x.set[0]) && x.only(x.set[0])
}

// numberOf is the number of a numeral, or of a constant of the tree.
func (ev *evaluator) numberOf(fi *funcInfo, name string) ints {
	if n, ok := numeral(name); ok {
		return number1(n)
	}
	if v, ok := ev.conditions().word(fi, name, nil); ok {
		return v
	}
	return ints{open: true}
}

// exhausts reports whether the names are all that an enumeration has.
func (ev *evaluator) exhausts(fi *funcInfo, list names) bool {
	defs := ev.p.constants(fi.unit, list[0])
	if len(defs) == 0 || defs[0].macro != nil {
		return false
	}
	ds := defs[0].host.unit.tree().DeclsNaming(list[0])
	i := slices.IndexFunc(ds, func(d *parse.Decl) bool { return d.Enum && d.Name == list[0] })
	if i < 0 || i < ds[i].Index {
		return false
	}
	first := i - ds[i].Index
	for k := first; k < len(ds) && ds[k].Enum && ds[k].Index == k-first; k++ {
		if !list.has(ds[k].Name) {
			return false
		}
	}
	return true
}
