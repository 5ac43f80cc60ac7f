package judge

import (
	"slices"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/site"
	"github.com/keepatch/keepatch/detect/socket"
	"github.com/keepatch/keepatch/parse"
)

// The function of a site has a tree for each selection of #if branches that changes it. A
// site is judged by all of them: what one build leaves out another one compiles.

// followSelections follows the descriptor of a site in the trees of its function.
func (a *Analysis) followSelections(j *Judgement) {
	j.Flow, j.Enablings, j.off = a.follow(j.sess, program.Ref{In: j.Cand.In, Expr: j.Cand.Call})
	for _, r := range j.Cand.Others {
		if j.Flow.Incomplete.Is() || len(j.Enablings) > 0 && j.Flow.Has(knowledge.Connect) {
			return // nothing changes the verdict: it is incomplete, or a client that has the option
		}
		if !callsMore(r.In, j.Cand.In) {
			continue
		}
		f, list, off := a.follow(j.sess, r)
		switch {
		case len(list) > 0 && len(j.Enablings) == 0:
			// The option stands under #if as well.
			j.Cand.In, j.Cand.Call = r.In, r.Expr
			j.Site.Node.Func, j.Site.Node.Call = r.In.Func, r.Expr
			f.Join(j.Flow)
			j.Flow, j.Enablings, j.off = f, list, off
		case !a.takesForeign(r.In, j.Cand.In):
			j.Flow.Join(f)
		}
	}
}

// callsMore reports whether the tree of a function has a call that its tree under
// another selection of #if branches lacks.
func callsMore(fi, other *program.FuncInfo) bool {
	has := map[int]bool{}
	for _, c := range other.Calls {
		has[c.NamePos] = true
	}
	return slices.ContainsFunc(fi.Calls, func(c *parse.Expr) bool { return !has[c.NamePos] })
}

// takesForeign reports whether the tree of a function has statements for another platform
// that its tree under another selection lacks.
func (a *Analysis) takesForeign(fi, other *program.FuncInfo) bool {
	has := map[int]bool{}
	other.Func.Body().Walk(func(s *parse.Stmt) bool { has[s.Pos] = true; return true })
	found := false
	fi.Func.Body().Walk(func(s *parse.Stmt) bool {
		found = found || !has[s.Pos] && a.Prog.ForeignAt(fi.File, s.Pos)
		return !found
	})
	return found
}

// argsOf evaluates the arguments of the socket() call of a site. Where one selection makes
// no socket of TCP, another one may.
func (a *Analysis) argsOf(s *fixpoint.Session, c *site.Candidate, fr *callgraph.Frame) ([]socket.Args, []result.Evidence) {
	all, trail := socket.Of(a.Prog, s, program.Ref{In: c.In, Expr: c.Call}, fr)
	for _, r := range c.Others {
		if tr, _ := socket.Transport(all); tr != result.OtherTransport {
			break
		}
		ts, way := socket.Of(a.Prog, s, r, fr)
		if tr, certain := socket.Transport(ts); certain && tr != result.OtherTransport && !a.takesForeign(r.In, c.In) {
			all, trail = append(all, ts...), append(trail, way...)
		}
	}
	return all, trail
}
