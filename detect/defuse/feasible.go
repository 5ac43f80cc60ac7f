package defuse

import (
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// Feasible says which ways through a function are taken where it is entered by one
// chain of calls: a condition on a parameter for which the caller passes a
// constant has one outcome only. nil stands for all ways.
type Feasible struct {
	Nodes cfg.NodeSet
	Dead  map[*cfg.Edge]bool
}

// includes reports whether the way over an edge is taken.
func (l *Feasible) includes(e *cfg.Edge) bool { return l == nil || !l.Dead[e] && l.Nodes.Has(e.From) }

// MaxFeasible is how many nodes a function may have for its ways to be sorted out.
const MaxFeasible = 2000

// ParamEdges lists the edges whose condition asks for a parameter.
func ParamEdges(fi *program.FuncInfo) []*cfg.Edge {
	du := memosOf(fi)
	du.askOnce.Do(func() {
		if fi.Func.Macro != nil || len(fi.Func.Params) == 0 || len(fi.Graph().Nodes) > MaxFeasible {
			return
		}
		for _, n := range fi.Graph().Nodes {
			for _, e := range n.Succ {
				if e.Cond != nil && TestsParam(fi, e.Cond) {
					du.asking = append(du.asking, e)
				}
			}
		}
	})
	return du.asking
}

// TestsParam reports whether a parameter occurs in a condition.
func TestsParam(fi *program.FuncInfo, cond *parse.Expr) bool {
	found := false
	cond.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XIdent && !found {
			d := fi.Lookup(x.Name, x.Pos)
			found = d != nil && fi.ParamIndex(d) >= 0
		}
		return !found
	})
	return found
}
