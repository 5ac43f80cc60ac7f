package defuse

import (
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// ReachedPart says which part of a node a value reaches.
type ReachedPart struct {
	ok     bool
	start  bool // the node that holds the definition
	whole  bool // from its beginning, not only after the definition
	killed int  // end of the expression that overwrites it; 0 for none
}

// Covers reports whether the value that is assigned at from reaches the use u, which is in
// the same node.
func (r ReachedPart) Covers(u, from *parse.Expr) bool {
	switch {
	case !r.ok:
		return false
	case r.start && u.Pos >= from.End:
		return true
	case !r.whole:
		return false
	}
	return r.killed == 0 || u.Pos < r.killed
}

// ReachedNodes computes which nodes, by their ids, the value reaches that from
// assigns to d; nil when from is in none.
func ReachedNodes(fi *program.FuncInfo, d *parse.Decl, from *parse.Expr) []ReachedPart {
	start := fi.NodeOf(from)
	if start == nil {
		return nil
	}
	out := make([]ReachedPart, len(fi.Graph().Nodes))
	writes := DefNodes(fi)[d.Name]
	out[start.ID] = ReachedPart{ok: true, start: true}
	queue := []*cfg.Node{start}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if r := out[n.ID]; r.whole && r.killed > 0 && !r.start {
			continue // overwritten here
		}
		for _, e := range n.Succ {
			q := out[e.To.ID]
			if q.whole {
				continue
			}
			q.ok, q.whole = true, true
			if writes.Has(e.To) {
				q.killed = killedAt(fi, e.To, d)
			}
			out[e.To.ID] = q
			if !q.start {
				queue = append(queue, e.To)
			}
		}
	}
	return out
}

// UsesOf returns the uses of d that the value which from assigns to it can reach, all of
// them where from is nil, without those that only assign.
func UsesOf(fi *program.FuncInfo, d *parse.Decl, from *parse.Expr) []*parse.Expr {
	return memosOf(fi).uses.Get(assignment{d, from}, func() (out []*parse.Expr) {
		var reached []ReachedPart
		if from != nil {
			reached = ReachedNodes(fi, d, from)
		}
		for u := range fi.Named(d.Name) {
			if u.Kind != parse.XIdent || fi.Lookup(d.Name, u.Pos) != d {
				continue
			}
			if up := u.Up; up != nil && up.Kind == parse.XAssign && up.X == u {
				continue
			}
			if reached != nil {
				if n := fi.NodeOf(u); n == nil || !reached[n.ID].Covers(u, from) {
					continue
				}
			}
			out = append(out, u)
		}
		return out
	})
}

// assignment is an expression whose value a variable gets.
type assignment struct {
	d    *parse.Decl
	from *parse.Expr
}

// killedAt returns the end of an assignment to d at n, 0 when there is none.
func killedAt(fi *program.FuncInfo, n *cfg.Node, d *parse.Decl) int {
	end := 0
	for _, x := range n.Decls {
		if x == d {
			end = x.End
		}
	}
	n.Exprs(func(top *parse.Expr) {
		top.Walk(func(x *parse.Expr) bool {
			if x.Kind == parse.XAssign && x.Op == token.Assign && x.X.Strip() != nil {
				if l := x.X.Strip(); l.Kind == parse.XIdent && l.Name == d.Name && fi.Lookup(d.Name, l.Pos) == d {
					end = x.End
				}
			}
			return true
		})
	})
	return end
}
