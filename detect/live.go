package detect

import "github.com/keepatch/keepatch/parse"

// live says which ways through a function are taken where it is entered by one
// chain of calls: a condition on a parameter for which the caller passes a
// constant has one outcome only. nil stands for all ways.
type live struct {
	nodes nodeSet
	dead  map[*edge]bool
}

// goes reports whether the way over an edge is taken.
func (l *live) goes(e *edge) bool { return l == nil || !l.dead[e] && l.nodes.has(e.from) }

// maxLive is how many nodes a function may have for its ways to be sorted out.
const maxLive = 2000

// live finds out which ways are taken.
func (ev *evaluator) live(fi *funcInfo, fr *frame) *live {
	if fr == nil || len(fi.paramEdges()) == 0 {
		return nil
	}
	s := ev.sess
	if l, ok := ev.lives.get(s, fi.fn, fr); ok {
		return l
	}
	ev.lives.all[contextKey[*parse.Func]{fi.fn, fr}] = nil // while its own conditions are evaluated
	outer := s.low
	s.low = untouched
	l := ev.liveOver(fi, fr)
	delete(ev.lives.all, contextKey[*parse.Func]{fi.fn, fr})
	ev.lives.put(s, fi.fn, fr, s.low, l)
	s.low = min(s.low, outer)
	return l
}

func (ev *evaluator) liveOver(fi *funcInfo, fr *frame) *live {
	dead := map[*edge]bool{}
	f := ev.conditions()
	for _, e := range fi.paramEdges() {
		if !f.taken(fi, e, fr) {
			dead[e] = true
		}
	}
	if len(dead) == 0 {
		return nil
	}
	g := fi.graph()
	return &live{nodes: g.from(g.entry, nil, func(e *edge) bool { return !dead[e] }), dead: dead}
}

// paramEdges lists the edges whose condition asks for a parameter.
func (fi *funcInfo) paramEdges() []*edge {
	du := fi.defUse()
	du.askOnce.Do(func() {
		if fi.fn.Macro != nil || len(fi.fn.Params) == 0 || len(fi.graph().nodes) > maxLive {
			return
		}
		for _, n := range fi.graph().nodes {
			for _, e := range n.succ {
				if e.cond != nil && fi.asksParam(e.cond) {
					du.asking = append(du.asking, e)
				}
			}
		}
	})
	return du.asking
}

// asksParam reports whether a parameter occurs in a condition.
func (fi *funcInfo) asksParam(cond *parse.Expr) bool {
	found := false
	cond.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XIdent && !found {
			d := fi.lookup(x.Name, x.Pos)
			found = d != nil && fi.isParam(d) >= 0
		}
		return !found
	})
	return found
}

// conditions returns the folder that tells which outcomes conditions can have.
func (ev *evaluator) conditions() *folder {
	if ev.conds == nil {
		ev.conds = ev.p.folder(ev.sess)
		// What it asks in turn is no evidence of what is asked here.
		aside := ev.p.evaluator(ev.sess)
		aside.lives, aside.conds = ev.lives, ev.conds
		ev.conds.ev = aside
	}
	if len(ev.conds.busy) == 0 {
		ev.conds.steps = 0
	}
	return ev.conds
}
