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

// Step is a function on the way of a value, how control got there from the function
// of the step before, and where it comes to.
type Step struct {
	In   *program.FuncInfo
	At   *parse.Expr
	Call *parse.Expr // in the function before where Down is set, else in this one
	Down bool
}

// WayTo returns the way from the call that makes a value to an event, which was
// reached through the calls of in after the value was returned to exits; nil where
// it does not lead through calls alone.
func WayTo(made program.Ref, exits *callgraph.ReturnChain, in *callgraph.Frame, event program.Ref) []Step {
	chain := []program.Ref{event}
	for fr := in; fr != nil; fr = fr.Up {
		chain = append(chain, fr.Call)
	}
	outermost := chain[len(chain)-1]
	way := []Step{{In: made.In, At: made.Expr}}
	if exits != nil {
		for _, c := range exits.Calls {
			way = append(way, Step{In: c.In, At: c.Expr, Call: c.Expr})
		}
	}
	top := &way[len(way)-1]
	if top.In != outermost.In {
		return nil
	}
	top.At = outermost.Expr
	for i := len(chain) - 2; i >= 0; i-- {
		way = append(way, Step{In: chain[i].In, At: chain[i].Expr, Call: chain[i+1].Expr, Down: true})
	}
	return way
}

// factsAhead returns what the branches further on the way say of a path (or one bit of
// it) of function fi, where that held at node n.
func (ev *Evaluator) factsAhead(fi *program.FuncInfo, n *cfg.Node, asked string) (out []*value.Fact) {
	i := slices.IndexFunc(ev.Way, func(s Step) bool { return s.In == fi })
	if i < 0 {
		return nil
	}
	for _, s := range ev.Way[i+1:] {
		var ok bool
		if asked, ok = pathInStep(s, fi, n, asked); !ok {
			return out
		}
		from, target := s.In.Graph().Entry, s.In.NodeOf(s.At)
		if !s.Down {
			from = s.In.NodeOf(s.Call)
		}
		path, _, _ := strings.Cut(asked, "&")
		if from == nil || target == nil || len(s.In.Graph().Nodes) > defuse.MaxFeasible ||
			!defuse.UnchangedBetween(s.In, from, target, path) {
			return out
		}
		if f := value.Meet(defuse.FactsAtNode(s.In, target, path, asked), defuse.FactsInCondition(s.At, asked)); !f.Top() {
			out = append(out, f)
		}
		fi, n = s.In, target
	}
	return out
}

// Excluded reports whether what the branches say where a value is made rules out that
// control goes on to the end of its way: if (a) fd = socket(...); ... if (!a) f(fd).
func (ev *Evaluator) Excluded(made program.Ref, way []Step) bool {
	fi := made.In
	n := fi.NodeOf(made.Expr)
	if n == nil || len(fi.Graph().Nodes) > defuse.MaxFeasible {
		return false
	}
	var asked []string
	for _, c := range defuse.EnclosingConditions(nil, made.Expr) {
		asked = value.TestedPaths(asked, c)
	}
	for _, d := range fi.Graph().ControlDeps(n) {
		for _, e := range d.Succ {
			if e.Cond != nil {
				asked = value.TestedPaths(asked, e.Cond)
			}
		}
	}
	old := ev.Way
	ev.Way = way
	defer func() { ev.Way = old }()
	for i, a := range asked {
		path, _, _ := strings.Cut(a, "&")
		if i >= MaxBranchFacts || strings.Contains(path, "[]") {
			continue
		}
		here := value.Meet(defuse.FactsAtNode(fi, n, path, a), defuse.FactsInCondition(made.Expr, a))
		if here.Top() {
			continue
		}
		ahead := ev.factsAhead(fi, n, a)
		if to := fi.NodeOf(way[0].At); to != nil && to != n && defuse.NeverChangedBetween(fi, n, to, path) {
			ahead = append(ahead, value.Meet(defuse.FactsAtNode(fi, to, path, a), defuse.FactsInCondition(way[0].At, a)))
		}
		for _, f := range ahead {
			if ev.Contradicts(fi, here, f) {
				return true
			}
		}
	}
	return false
}

// pathInStep returns what a path of fi at node n is called in the function of the next
// step.
func pathInStep(s Step, fi *program.FuncInfo, n *cfg.Node, asked string) (string, bool) {
	path, _, _ := strings.Cut(asked, "&")
	root := value.RootOf(path)
	rest := asked[len(root):]
	d := fi.Lookup(root, fi.Func.End-1)
	if fi.Func.Macro != nil || s.In.Func.Macro != nil {
		return "", false
	}
	if s.Down {
		at := fi.NodeOf(s.Call)
		if at == nil || !defuse.UnchangedBetween(fi, n, at, path) {
			return "", false
		}
		for i, a := range s.Call.Args {
			if p := value.PathOf(a); p != "" && i < len(s.In.Func.Params) && (p == path || strings.HasPrefix(path, p+".")) {
				return s.In.Func.Params[i].Name + asked[len(p):], true
			}
		}
		return asked, d == nil && s.In.Lookup(root, s.At.Pos) == nil
	}
	if d == nil {
		return asked, s.In.Lookup(root, s.At.Pos) == nil
	}
	i := fi.ParamIndex(d)
	if i < 0 || i >= len(s.Call.Args) || !defuse.UnchangedBetween(fi, fi.Graph().Entry, n, path) {
		return "", false
	}
	p := value.PathOf(s.Call.Args[i])
	return p + rest, p != ""
}
