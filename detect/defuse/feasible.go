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
	Nodes cfg.NodeSet // nil for all
	Dead  map[*cfg.Edge]bool
	// Built is code of the function that is compiled as well, by the #if that it stands under; nil
	// where nothing is known of that.
	Built *parse.Expr
}

// includes reports whether the way over an edge is taken.
func (l *Feasible) includes(e *cfg.Edge) bool {
	return l == nil || !l.Dead[e] && (l.Nodes == nil || l.Nodes.Has(e.From))
}

// always reports whether all builds that hold the code at the offset at have the definition, which
// comes before it.
func (l *Feasible) always(fi *program.FuncInfo, at int, d Def) bool {
	return !MayLack(fi, at, d) || l != nil && l.Built != nil && !MayLack(fi, l.Built.Pos, d)
}

// MayLack reports whether a build that holds the code at an offset can leave out a definition before
// it, and else be as the function is: what stands under the #if are whole statements.
func MayLack(fi *program.FuncInfo, at int, d Def) bool {
	if d.Expr == nil || d.Expr.In == nil {
		return false
	}
	s := d.Expr.In
	from, to, ok := fi.Func.File.Lacked(at, s.Pos)
	for ok && s.Parent != nil && s.Parent.Pos >= from {
		s = s.Parent
	}
	return ok && s.End <= to
}

// WhereBuilt returns the ways of l that are taken by builds which hold e.
func (l *Feasible) WhereBuilt(e *parse.Expr) *Feasible {
	out := &Feasible{Built: e}
	if l != nil {
		out.Nodes, out.Dead = l.Nodes, l.Dead
	}
	return out
}

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
