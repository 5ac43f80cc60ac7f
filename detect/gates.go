package detect

// gatesOf returns the conditions in front of a node that decide whether control
// comes there: one way out of them leads to it, another does not (but back to the
// condition). To ask only these leaves most of a function alone.
func (g *graph) gatesOf(target *node) []*node {
	return g.gates.Get(target, func() (gates []*node) {
		t := g.toward(target)
		if t.order[g.entry.id] == 0 {
			return nil // the graph does not know how one comes there
		}
		for _, n := range g.nodes {
			if len(n.succ) < 2 || n == target || t.order[n.id] == 0 {
				continue
			}
			for _, e := range n.succ {
				if t.order[e.to.id] == 0 || t.through(e.to, n) {
					gates = append(gates, n)
					break
				}
			}
		}
		return gates
	})
}

// toward tells of one node of a graph how control comes there: the dominator
// tree of the reversed graph.
type toward struct {
	order []int32 // by a node's id: later where nearer to the target, 0 where no way leads there
	next  []*node // the nearest node that all ways from here lead through; the target's own is itself
}

// toward is the algorithm of K. Cooper, T. Harvey and K. Kennedy, "A Simple,
// Fast Dominance Algorithm" (2001).
func (g *graph) toward(target *node) toward {
	t := toward{order: make([]int32, len(g.nodes)), next: make([]*node, len(g.nodes))}
	var finished []*node
	seen := g.newSet()
	var visit func(n *node)
	visit = func(n *node) {
		seen.add(n)
		for _, e := range n.pred {
			if !seen.has(e.from) {
				visit(e.from)
			}
		}
		finished = append(finished, n)
		t.order[n.id] = int32(len(finished))
	}
	visit(target)
	t.next[target.id] = target
	for changed := true; changed; {
		changed = false
		for i := len(finished) - 2; i >= 0; i-- {
			n := finished[i]
			var common *node
			for _, e := range n.succ {
				switch {
				case t.next[e.to.id] == nil:
				case common == nil:
					common = e.to
				default:
					common = t.meet(common, e.to)
				}
			}
			if t.next[n.id] != common {
				t.next[n.id] = common
				changed = true
			}
		}
	}
	return t
}

// meet returns the first node that all ways from a and all from b lead through.
func (t *toward) meet(a, b *node) *node {
	for a != b {
		for t.order[a.id] < t.order[b.id] {
			a = t.next[a.id]
		}
		for t.order[b.id] < t.order[a.id] {
			b = t.next[b.id]
		}
	}
	return a
}

// through reports whether all ways from a node to the target lead through another.
func (t *toward) through(from, other *node) bool {
	for t.order[from.id] < t.order[other.id] {
		from = t.next[from.id]
	}
	return from == other
}
