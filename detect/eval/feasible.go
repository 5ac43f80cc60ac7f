package eval

import (
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/program"
)

// feasibleOn finds out which ways are taken.
func (ev *Evaluator) feasibleOn(fi *program.FuncInfo, fr *callgraph.Frame) *defuse.Feasible {
	if fr == nil || len(defuse.ParamEdges(fi)) == 0 {
		return nil
	}
	s := ev.Sess
	if l, ok := ev.feasibles.Get(s, fi.Func, fr); ok {
		return l
	}
	ev.feasibles.Put(s, fi.Func, fr, 0, nil) // while its own conditions are evaluated
	var l *defuse.Feasible
	low := s.TrackDependencies(func() { l = ev.feasibleOver(fi, fr) })
	ev.feasibles.Delete(s, fi.Func, fr, 0)
	ev.feasibles.Put(s, fi.Func, fr, low, l)
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
