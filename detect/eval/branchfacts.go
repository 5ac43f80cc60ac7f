package eval

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
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

// MaxBranchFacts bounds the conditions that are checked for correlation.
const MaxBranchFacts = 6

// branchFact is what is known, where the socket is made, of a path (or one bit of it)
// that a condition asked for before.
type branchFact struct {
	path, asked string
	fact        *value.Fact
}

// PathPointsOf returns where control is, in the functions that lead to a call: at the
// call itself, and at the calls through which its function was entered.
func PathPointsOf(r program.Ref, fr *callgraph.Frame) map[*program.FuncInfo]*parse.Expr {
	out := map[*program.FuncInfo]*parse.Expr{r.In: r.Expr}
	for ; fr != nil; fr = fr.Up {
		if out[fr.Call.In] != nil {
			delete(out, fr.Call.In) // entered again
			continue
		}
		out[fr.Call.In] = fr.Call.Expr
	}
	return out
}

// branchFacts returns what the branches that lead to the query point in fi say of
// the paths that conditions test, where that held at node n already.
func (ev *Evaluator) branchFacts(fi *program.FuncInfo, n *cfg.Node, conds []*parse.Expr) (out []branchFact) {
	if n == nil || len(conds) == 0 || len(fi.Graph().Nodes) > defuse.MaxFeasible {
		return nil
	}
	var target *cfg.Node
	if at := ev.PathPoints[fi]; at != nil {
		target = fi.NodeOf(at)
	}
	if target == nil && ev.Way == nil {
		return nil
	}
	var asked []string
	for _, c := range conds {
		asked = value.TestedPaths(asked, c)
	}
	for i, a := range asked {
		path, _, _ := strings.Cut(a, "&")
		if i >= MaxBranchFacts || strings.Contains(path, "[]") {
			continue
		}
		if target != nil {
			f := defuse.FactsAtNode(fi, target, path, a)
			if !f.Top() && defuse.UnchangedBetween(fi, n, target, path) {
				out = append(out, branchFact{path, a, f})
			}
		}
		for _, f := range ev.factsAhead(fi, n, a) {
			out = append(out, branchFact{path, a, f})
		}
	}
	return out
}

// chosenArms returns which outcomes the condition of c ? x : y can have had.
func (ev *Evaluator) chosenArms(fi *program.FuncInfo, e *parse.Expr) (yes, no bool) {
	yes, no = true, true
	if len(ev.PathPoints) == 0 || e.In == nil {
		return yes, no
	}
	for _, g := range ev.branchFacts(fi, fi.NodeOf(e), []*parse.Expr{e.X}) {
		yes = yes && !ev.Contradicts(fi, g.fact, value.Constrain(e.X, true, g.asked))
		no = no && !ev.Contradicts(fi, g.fact, value.Constrain(e.X, false, g.asked))
	}
	if !yes && !no {
		return true, true
	}
	ev.Narrowed = ev.Narrowed || yes != no
	return yes, no
}

// pruneDefs drops, of the definitions of a path that reach position pos of node n,
// those that contradict the branch facts at the query point.
func (ev *Evaluator) pruneDefs(fi *program.FuncInfo, n *cfg.Node, pos int, path string,
	defs []defuse.Def, entry bool) ([]defuse.Def, bool) {
	if len(defs) < 2 || ev.PathPoints[fi] == nil && ev.Way == nil {
		return defs, entry
	}
	var conds []*parse.Expr
	for _, d := range defs {
		if d.Expr != nil {
			conds = defuse.EnclosingConditions(conds, d.Expr)
		}
	}
	gs := ev.branchFacts(fi, n, conds)
	if len(gs) == 0 {
		return defs, entry
	}
	open := func(e *cfg.Edge) bool {
		for _, g := range gs {
			if c := value.EdgeFact(e, g.asked); !c.Top() && ev.Contradicts(fi, g.fact, c) {
				return false
			}
		}
		return true
	}
	changes := func(n *cfg.Node) bool {
		return slices.ContainsFunc(gs, func(g branchFact) bool { return defuse.MayChange(fi, n, g.path) })
	}
	met := map[int]bool{}
	first := false
	// Backwards: before is 1 where the tested paths may differ from what they are at
	// the query point. Without look it only reports whether the entry reaches n.
	var walk func(n *cfg.Node, pos, before int, seen *[2]cfg.NodeSet, look bool) bool
	newSeen := func() *[2]cfg.NodeSet { return &[2]cfg.NodeSet{fi.Graph().NewSet(), fi.Graph().NewSet()} }
	walk = func(n *cfg.Node, pos, before int, seen *[2]cfg.NodeSet, look bool) bool {
		if look && defuse.DefNodes(fi)[value.RootOf(path)].Has(n) {
			if d, ok := defuse.LastDef(fi, n, pos, path); ok {
				met[d.Off] = met[d.Off] || walk(n, pos, before, newSeen(), false)
				if !strings.Contains(path, "[]") || d.Kind != defuse.DefValue && d.Kind != defuse.DefOut {
					return false
				}
			}
		}
		if n == fi.Graph().Entry || !look && before == 1 {
			first = first || look
			return true
		}
		if changes(n) {
			before = 1
		}
		for _, e := range n.Pred {
			if !seen[before].Has(e.From) && (before == 1 || open(e)) {
				seen[before].Add(e.From)
				if walk(e.From, 1<<30, before, seen, look) && !look {
					return true
				}
			}
		}
		return false
	}
	walk(n, pos, 0, newSeen(), true)
	out := slices.Clone(defs)
	out = slices.DeleteFunc(out, func(d defuse.Def) bool { return !met[d.Off] })
	if len(out) == 0 && !first {
		return defs, entry
	}
	ev.Narrowed = ev.Narrowed || len(out) < len(defs) || entry && !first
	return out, entry && first
}

// Contradicts reports whether what two branches say cannot be true of one value.
func (ev *Evaluator) Contradicts(fi *program.FuncInfo, f, g *value.Fact) bool {
	if f.Allowed == nil {
		f, g = g, f
	}
	if f.Allowed == nil {
		return len(f.Excluded) > 0 && len(g.Excluded) > 0 && ev.exhausts(fi, f.Excluded.Union(g.Excluded))
	}
	for _, v := range f.Allowed {
		fits := g.Allowed == nil
		for _, w := range g.Allowed {
			fits = fits || ev.mayBe(fi, v, w)
		}
		for _, w := range g.Excluded {
			fits = fits && (v != w && !ev.sameNumber(fi, v, w))
		}
		if fits {
			return false
		}
	}
	return true
}

// mayBe reports whether two names can stand for one value.
func (ev *Evaluator) mayBe(fi *program.FuncInfo, v, w string) bool {
	if v == w || v[0] > '9' && w[0] > '9' {
		return v == w
	}
	x, y := ev.NumberOf(fi, v), ev.NumberOf(fi, w)
	return x.Open || y.Open || ev.sameNumber(fi, v, w)
}

func (ev *Evaluator) sameNumber(fi *program.FuncInfo, v, w string) bool {
	x, y := ev.NumberOf(fi, v), ev.NumberOf(fi, w)
	return len(x.Set) == 1 && y.Only(x.Set[0]) && x.Only(x.Set[0])
}

// NumberOf is the number of a numeral, or of a constant of the tree.
func (ev *Evaluator) NumberOf(fi *program.FuncInfo, name string) value.Ints {
	if n, ok := value.ParseInt(name); ok {
		return value.IntOf(n)
	}
	if v, ok := ev.Conditions().namedConstant(fi, name, nil); ok {
		return v
	}
	return value.Ints{Open: true}
}

// exhausts reports whether the names are all that an enumeration has.
func (ev *Evaluator) exhausts(fi *program.FuncInfo, list value.NameSet) bool {
	defs := ev.Prog.Constants(fi.File, list[0])
	if len(defs) == 0 || defs[0].Macro != nil {
		return false
	}
	ds := defs[0].Host.File.Tree().DeclsNaming(list[0])
	i := slices.IndexFunc(ds, func(d *parse.Decl) bool { return d.Enum && d.Name == list[0] })
	if i < 0 || i < ds[i].Index {
		return false
	}
	first := i - ds[i].Index
	for k := first; k < len(ds) && ds[k].Enum && ds[k].Index == k-first; k++ {
		if !list.Has(ds[k].Name) {
			return false
		}
	}
	return true
}
