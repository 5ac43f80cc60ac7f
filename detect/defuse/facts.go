package defuse

import (
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// comparedPaths are the paths that some condition of the function compares
// with a constant; of others no branch says anything.
func comparedPaths(fi *program.FuncInfo) map[string]bool {
	du := memosOf(fi)
	du.cmpOnce.Do(func() {
		du.compared = map[string]bool{}
		fi.Func.Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind == parse.SSwitch {
				du.compared[value.PathOf(s.Expr)] = true
			}
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(x *parse.Expr) bool {
					if x.Kind == parse.XBinary && (x.Op == token.EqEq || x.Op == token.NotEq) {
						if value.ConstName(x.Y) != "" {
							du.compared[value.PathOf(value.Compared(x.X))] = true
						}
						if value.ConstName(x.X) != "" {
							du.compared[value.PathOf(value.Compared(x.Y))] = true
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

// FactsAt returns what the branches on every way to e tell of a path that is
// not assigned in between.
func FactsAt(fi *program.FuncInfo, e *parse.Expr, path string) *value.Fact {
	out := value.Anything
	if !comparedPaths(fi)[path] {
		return out
	}
	n := fi.NodeOf(e)
	if n != nil {
		out = memosOf(fi).facts.Get(point{n: n, path: path}, func() *value.Fact { return FactsAtNode(fi, n, path, path) })
	}
	return value.Meet(out, FactsInCondition(e, path))
}

// FactsInCondition returns what the condition that e stands in tells of a path, or of one
// bit of it: a && socket(...) is reached only where a holds.
func FactsInCondition(e *parse.Expr, path string) *value.Fact {
	out := value.Anything
	for x := e; x.Up != nil; x = x.Up {
		up := x.Up
		switch {
		case up.Kind == parse.XBinary && up.Op == token.AndAnd && up.Y == x:
			out = value.Meet(out, value.Constrain(up.X, true, path))
		case up.Kind == parse.XBinary && up.Op == token.OrOr && up.Y == x:
			out = value.Meet(out, value.Constrain(up.X, false, path))
		case up.Kind == parse.XCond && up.Y == x:
			out = value.Meet(out, value.Constrain(up.X, true, path))
		case up.Kind == parse.XCond && up.Z == x:
			out = value.Meet(out, value.Constrain(up.X, false, path))
		}
	}
	return out
}

// FactsAtNode is a forward data flow over the graph, for one path; what conditions
// ask is the path itself, or one bit of it.
func FactsAtNode(fi *program.FuncInfo, target *cfg.Node, path, asked string) *value.Fact {
	g := fi.Graph()
	nodes := DefNodes(fi)[value.RootOf(path)]
	in := make([]*value.Fact, len(g.Nodes))
	in[g.Entry.ID] = value.Anything
	queue := []*cfg.Node{g.Entry}
	rounds := 0
	for len(queue) > 0 && rounds < 20*len(g.Nodes)+100 {
		rounds++
		n := queue[0]
		queue = queue[1:]
		cur := in[n.ID]
		if nodes.Has(n) {
			if _, ok := LastDef(fi, n, 1<<30, path); ok {
				cur = value.Anything
			}
		}
		if c := value.Asserted(n, asked); c != nil {
			cur = value.Meet(cur, c)
		}
		for _, e := range n.Succ {
			next := cur
			if c := value.EdgeFact(e, asked); !c.Top() {
				next = value.Meet(cur, c)
			}
			if next.Allowed != nil && len(next.Allowed) == 0 {
				continue // this way is never taken
			}
			old := in[e.To.ID]
			if old != nil {
				next = value.Join(old, next)
				if next.Equal(old) {
					continue
				}
			}
			in[e.To.ID] = next
			queue = append(queue, e.To)
		}
	}
	if in[target.ID] == nil {
		return value.Anything
	}
	return in[target.ID]
}
