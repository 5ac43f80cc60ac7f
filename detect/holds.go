package detect

import (
	"strings"

	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/parse"
)

// Bounds of asking what a member or a global holds at a place.
const (
	maxHoldDepth   = 2  // how many callers up
	maxHoldCallers = 8  // how many calls of one function
	maxLeading     = 16 // calls that lead to one function
)

// mayHold reports whether what e reads in fi can be the descriptor that a
// journey laid down in a member or a global: not where something else was put
// there since, by this function or by each of its callers.
func (p *program) mayHold(fi *funcInfo, e *parse.Expr, j journey) bool {
	if j.put == nil || j.any {
		return true
	}
	matters, helper := p.weighs(fi, e)
	path := pathOf(e)
	if !matters || path == "" || strings.Contains(path, "[]") {
		return true
	}
	return memo.Of[flowMemos](&p.memos).holding.Get(holdKey{e, j.put}, func() bool {
		h := holder{p: p, in: j.putIn, end: storeEnd(j.put), helper: helper}
		return h.end == 0 || h.reaches(fi, fi.nodeOf(e), e.Pos, path, 0)
	})
}

// holdKey is a read of a member or global, and a store to it.
type holdKey struct {
	e, put *parse.Expr
}

// weighs reports whether it matters which descriptor e is: where it is closed,
// read from or compared any does, and so where it is given to somebody who has
// nothing to do with keepalive. helper is set where the option may be set, so
// that it is worth asking who calls the function.
func (p *program) weighs(fi *funcInfo, e *parse.Expr) (matters, helper bool) {
	call, _ := argOf(wrapping(e))
	if call == nil {
		return false, false
	}
	switch fdUses[call.Callee()].what {
	case evSetOpt:
		opt := ""
		if len(call.Args) > 2 {
			opt = constName(call.Args[2])
		}
		keep := opt == "" || opt == "SO_KEEPALIVE" || !strings.Contains(opt, "_")
		return keep, keep
	case evAccept, evListen:
		return true, false
	case evNone:
		for _, fn := range p.funcsNamed(fi.unit, call.Callee()) {
			if p.has(p.unitOf(fn), "SO_KEEPALIVE") {
				return true, true
			}
		}
	}
	return false, false
}

// isConstantStore reports whether what is stored to the lvalue says only that no
// descriptor is there: c->fd = -1.
func isConstantStore(lhs *parse.Expr) bool {
	up := lhs.Up
	return up != nil && up.Kind == parse.XAssign && up.X == lhs && constName(up.Y) != ""
}

// storeEnd returns the end of the assignment that stores to lhs, or of the call
// that gets its address; 0 for other ways to store.
func storeEnd(lhs *parse.Expr) int {
	x := lhs
	for x.Up != nil {
		up := x.Up
		switch {
		case up.Kind == parse.XParen, up.Kind == parse.XIndex && up.X == x, up.Kind == parse.XUnary && up.Op == parse.Mul:
			x = up
		case up.Kind == parse.XAssign && up.X == x:
			return up.End
		default:
			if call, _ := argOf(x); call != nil {
				return call.End
			}
			return 0
		}
	}
	return 0
}

// holder asks where one store, which ends at end in the function in, is still
// to be seen.
type holder struct {
	p      *program
	in     *funcInfo
	end    int
	helper bool // ask the callers
}

// reaches reports whether path can have the stored value at position pos of a
// node.
func (h *holder) reaches(fi *funcInfo, n *node, pos int, path string, depth int) bool {
	if n == nil || fi.fn.Macro != nil || fi.fn.BodyPos == fi.fn.End || strings.Contains(path, "[]") {
		return true
	}
	root := rootOf(path)
	d := fi.lookup(root, pos)
	if d != nil && fi.setByMacro(d) {
		return true
	}
	defs, entry := fi.reach(n, pos, path)
	if entry && !h.helper {
		return true
	}
	for _, def := range defs {
		if h.isStore(fi, def) {
			return true
		}
	}
	i := -1
	if d != nil {
		i = fi.isParam(d)
	}
	if entry && (d != nil && i < 0 || h.anyCaller(fi, i, depth)) {
		return true
	}
	for _, c := range fi.callsSince(n, pos, path) {
		if h.p.leads(fi, c, h.in.fn) {
			return true // stored there
		}
	}
	return entry && h.fromCallers(fi, i, path, depth)
}

// anyCaller reports whether the callers of fi cannot be asked, or would be too
// many.
func (h *holder) anyCaller(fi *funcInfo, i, depth int) bool {
	calls := h.p.entries(fi.fn)
	if len(calls) == 0 {
		return i >= 0 || fi.fn.Name != "main" // before main() nobody was there
	}
	return len(calls) > maxHoldCallers || depth >= maxHoldDepth
}

// isStore reports whether a definition is the store, or one that may bring its
// value from elsewhere.
func (h *holder) isStore(fi *funcInfo, d def) bool {
	switch d.kind {
	case defZero, defUnknown:
		return false
	case defObject:
		return !isAllocation(d.e)
	case defOut:
		if h.p.leads(fi, d.e, h.in.fn) {
			return true
		}
	}
	return fi.unit == h.in.unit && d.off == h.end
}

// isAllocation reports whether e is memory that nothing was stored in yet.
func isAllocation(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil || e.Kind != parse.XCall {
		return false
	}
	name := e.Callee()
	return name == "malloc" || name == "calloc"
}

// fromCallers asks the callers of fi: for what they pass as argument i, or for
// the global that path begins with.
func (h *holder) fromCallers(fi *funcInfo, i int, path string, depth int) bool {
	for _, c := range h.p.entries(fi.fn) {
		at := path
		if i >= 0 {
			if i >= len(c.e.Args) {
				return true
			}
			base := pathOf(c.e.Args[i])
			if base == "" {
				return true
			}
			at = base + path[len(rootOf(path)):]
		} else if c.fi.lookup(rootOf(path), c.e.NamePos) != nil {
			return true // another variable of that name
		}
		if h.reaches(c.fi, c.fi.nodeOf(c.e), c.e.NamePos, at, depth+1) {
			return true
		}
	}
	return false
}

// callsSince returns the calls between the definitions of path that reach
// position pos of node n, or the function's entry, and this position.
func (fi *funcInfo) callsSince(n *node, pos int, path string) (calls []*parse.Expr) {
	seen := make([]bool, len(fi.graph().nodes))
	nodes := fi.definers()[rootOf(path)]
	var visit func(n *node, pos int)
	visit = func(n *node, pos int) {
		from := 0
		if nodes.has(n) {
			if d, ok := fi.lastDef(n, pos, path); ok {
				from = d.off
			}
		}
		n.exprs(func(top *parse.Expr) {
			top.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XCall && x.End > from && x.End <= pos {
					calls = append(calls, x)
				}
				return true
			})
		})
		if from > 0 {
			return
		}
		for _, e := range n.pred {
			if !seen[e.from.id] {
				seen[e.from.id] = true
				visit(e.from, 1<<30)
			}
		}
	}
	visit(n, pos)
	return calls
}

// leads reports whether a call can lead to a function, as far as is known.
func (p *program) leads(fi *funcInfo, call *parse.Expr, to *parse.Func) bool {
	name := call.Callee()
	if name != "" && fi.lookup(name, call.NamePos) == nil && len(p.funcsNamed(fi.unit, name)) == 0 && p.alias(fi.unit, name) == name && p.global(fi.unit, name) == nil {
		return false // not of the tree
	}
	if fi.fn == to {
		return true
	}
	calls := memo.Of[flowMemos](&p.memos).leading.Get(to, func() map[callKey]bool { return p.leadingTo(to) })
	return calls == nil || calls[callKey{fi.unit, call.NamePos}]
}

// leadingTo returns the calls that lead to a function, directly or through
// others; nil where they are too many.
func (p *program) leadingTo(to *parse.Func) map[callKey]bool {
	out := map[callKey]bool{}
	seen := map[*parse.Func]bool{to: true}
	queue := []*parse.Func{to}
	for len(queue) > 0 {
		fn := queue[0]
		queue = queue[1:]
		for _, c := range p.entries(fn) {
			if len(out) > maxLeading {
				return nil
			}
			out[callKey{c.fi.unit, c.e.NamePos}] = true
			if !seen[c.fi.fn] {
				seen[c.fi.fn] = true
				queue = append(queue, c.fi.fn)
			}
		}
	}
	return out
}
