package eval

import (
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// feasibleOn finds out which ways are taken.
func (ev *Evaluator) feasibleOn(fi *program.FuncInfo, fr *callgraph.Frame) *defuse.Feasible {
	if fr == nil || len(defuse.ParamEdges(fi)) == 0 {
		return nil
	}
	s := ev.Sess
	if l, ok := ev.feasibles.get(s, fi.Func, fr); ok {
		return l
	}
	ev.feasibles.all[contextKey[*parse.Func]{fi.Func, fr}] = nil // while its own conditions are evaluated
	outer := s.low
	s.low = untouched
	l := ev.feasibleOver(fi, fr)
	delete(ev.feasibles.all, contextKey[*parse.Func]{fi.Func, fr})
	ev.feasibles.put(s, fi.Func, fr, s.low, l)
	s.low = min(s.low, outer)
	return l
}

func (ev *Evaluator) feasibleOver(fi *program.FuncInfo, fr *callgraph.Frame) *defuse.Feasible {
	dead := map[*cfg.Edge]bool{}
	f := ev.Conditions()
	for _, e := range defuse.ParamEdges(fi) {
		if !f.edgeTaken(fi, e, fr) {
			dead[e] = true
		}
	}
	if len(dead) == 0 {
		return nil
	}
	g := fi.Graph()
	return &defuse.Feasible{Nodes: g.Reachable(g.Entry, nil, func(e *cfg.Edge) bool { return !dead[e] }), Dead: dead}
}

// Conditions returns the evaluator that tells which outcomes conditions can have.
func (ev *Evaluator) Conditions() *IntEval {
	if ev.conds == nil {
		ev.conds = NewIntEval(ev.Prog, ev.Sess)
		// What it asks in turn is no evidence of what is asked here.
		aside := New(ev.Prog, ev.Sess)
		aside.feasibles, aside.conds = ev.feasibles, ev.conds
		ev.conds.ev = aside
	}
	if len(ev.conds.busy) == 0 {
		ev.conds.Steps = 0
	}
	return ev.conds
}
