package judge

import (
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/socket"
)

// keepListening drops the descriptors on which no listen() is called on the way that
// they take: those of a function that opens both ends, and listens if its caller
// says so.
func (a *Analysis) keepListening(t *Judgement, sources []Source) []Source {
	conds := eval.New(a.Prog, t.sess).Conditions()
	return dropUnlessAll(sources, func(s Source) bool {
		if s.ctx.Returns.Len() == 0 || !s.From.Flow.Has(knowledge.Listen) {
			return false
		}
		for _, h := range s.From.Flow.Events {
			if h.Kind != knowledge.Listen || !s.ctx.Returns.MayCoincide(h.Ctx.Returns) {
				continue
			}
			fi, e := outermost(h)
			if h.Ctx.Store != nil || h.Ctx.Returns.Len() > 0 || socket.Feasible(conds, program.Ref{In: fi, Expr: e}, s.ctx.Returns.Frames()) {
				return false
			}
		}
		return true
	})
}
