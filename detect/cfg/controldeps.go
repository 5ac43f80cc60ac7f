package cfg

// ControlDeps returns the conditions before a node that decide whether control
// comes there: one way out of them leads to it, another does not (but back to the
// condition). To ask only these leaves most of a function alone.
func (g *Graph) ControlDeps(target *Node) []*Node {
	return g.gates.Get(target, func() (gates []*Node) {
		t := g.postDominators(target)
		if t.order[g.Entry.ID] == 0 {
			return nil // the graph does not know how one comes there
		}
		for _, n := range g.Nodes {
			if len(n.Succ) < 2 || n == target || t.order[n.ID] == 0 {
				continue
			}
			for _, e := range n.Succ {
				if t.order[e.To.ID] == 0 || t.isPostDominated(e.To, n) {
					gates = append(gates, n)
					break
				}
			}
		}
		return gates
	})
}

// postDom tells of one node of a graph how control comes there: the dominator
// tree of the reversed graph.
type postDom struct {
	order []int32 // by a node's id: later where nearer to the target, 0 where no way leads there
	next  []*Node // the nearest node that all ways from here lead through; the target's own is itself
}

// postDominators is the algorithm of K. Cooper, T. Harvey and K. Kennedy, "A Simple,
// Fast Dominance Algorithm" (2001).
func (g *Graph) postDominators(target *Node) postDom {
	t := postDom{order: make([]int32, len(g.Nodes)), next: make([]*Node, len(g.Nodes))}
	var finished []*Node
	seen := g.NewSet()
	var visit func(n *Node)
	visit = func(n *Node) {
		seen.Add(n)
		for _, e := range n.Pred {
			if !seen.Has(e.From) {
				visit(e.From)
			}
		}
		finished = append(finished, n)
		t.order[n.ID] = int32(len(finished))
	}
	visit(target)
	t.next[target.ID] = target
	for changed := true; changed; {
		changed = false
		for i := len(finished) - 2; i >= 0; i-- {
			n := finished[i]
			var common *Node
			for _, e := range n.Succ {
				switch {
				case t.next[e.To.ID] == nil:
				case common == nil:
					common = e.To
				default:
					common = t.intersect(common, e.To)
				}
			}
			if t.next[n.ID] != common {
				t.next[n.ID] = common
				changed = true
			}
		}
	}
	return t
}

// intersect returns the first node that all ways from a and all from b lead through.
func (t *postDom) intersect(a, b *Node) *Node {
	for a != b {
		for t.order[a.ID] < t.order[b.ID] {
			a = t.next[a.ID]
		}
		for t.order[b.ID] < t.order[a.ID] {
			b = t.next[b.ID]
		}
	}
	return a
}

// isPostDominated reports whether all ways from a node to the target lead through another.
func (t *postDom) isPostDominated(from, other *Node) bool {
	for t.order[from.ID] < t.order[other.ID] {
		from = t.next[from.ID]
	}
	return from == other
}
