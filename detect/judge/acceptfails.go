package judge

import (
	"slices"

	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// acceptFailure says why an accept() takes no connection from anybody: tests call it with
// what is no listener, to see the error. "" where it may.
func (a *Analysis) acceptFailure(j *Judgement) string {
	fi := j.Cand.In
	args := fi.Args(j.Cand.Call)
	if len(j.Sources) > 0 || len(args) == 0 || args[0].In != fi {
		return ""
	}
	e := args[0].Expr.Strip()
	if e == nil {
		return ""
	}
	if isMinusOne(e) {
		return "no descriptor is negative (accept(2), EBADF)"
	}
	if e.Kind != parse.XIdent {
		return ""
	}
	if d := fi.Lookup(e.Name, e.Pos); d == nil || d.Static || d.Type.Ptr > 0 || d.Type.Array {
		return ""
	}
	defs, entry := defuse.Reaching(fi, fi.NodeOf(e), e.Pos, e.Name)
	if entry {
		return ""
	}
	why := ""
	for _, d := range defs {
		x := d.Expr.Strip()
		switch {
		case d.Kind != defuse.DefValue || x == nil:
			return ""
		case isMinusOne(x):
		case x.Kind != parse.XCall:
			return ""
		case knowledge.NoSocket.Has(x.Callee()) && !a.Prog.DefinesLocally(fi.File, x.Callee()):
			why = "a descriptor of " + x.Callee() + "() is no socket (accept(2), ENOTSOCK)"
		case a.isAccepted(j, fi, x):
			why = "the socket was accepted itself: it is no listener (accept(2), EINVAL)"
		default:
			return ""
		}
	}
	return why
}

// isAccepted reports whether a call returns a socket that an accept() made.
func (a *Analysis) isAccepted(j *Judgement, fi *program.FuncInfo, call *parse.Expr) bool {
	return slices.ContainsFunc(j.fromAccepted, func(s Source) bool {
		if calls := s.ctx.Returns; calls.Len() > 0 {
			return calls.Calls[calls.Len()-1].Expr == call
		}
		return s.From.Cand.Call == call && s.From.Cand.In == fi
	})
}
