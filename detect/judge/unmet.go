package judge

import (
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
)

// maxUnmet bounds the calls that are told.
const maxUnmet = 2

// unmet are the calls that get the descriptor and would turn keepalive on, had a condition on
// the way to them another outcome, with the way: who searches the tree for the option finds them.
func (a *Analysis) unmet(j *Judgement) (steps []result.Evidence) {
	told := 0
	ses := fixpoint.NewSession() // of its own: the verdict is drawn
	t := optionEffects{p: a.Prog, s: ses, fold: eval.NewIntEval(a.Prog, ses), ev: eval.New(a.Prog, ses)}
	for _, h := range j.Flow.Events {
		if told == maxUnmet || !t.wouldEnable(h) || a.neverBuilt(h) {
			continue
		}
		if why := h.NeverMet(t.fold); why != "" {
			told++
			steps = append(append(steps, handedDown(h)...),
				h.In.Evidence(h.Call.NamePos, "SO_KEEPALIVE would be set here, but "+why+": "+h.In.Text(h.Call)))
		}
	}
	return steps
}

// wouldEnable reports whether a call turns keepalive on where it is reached.
func (t *optionEffects) wouldEnable(h flow.FDEvent) bool {
	if h.Kind != knowledge.SetOption {
		return h.Kind == knowledge.EnableKeepalive
	}
	args := h.In.Args(h.Call)
	if len(args) < 4 || otherOption(args[2]) {
		return false
	}
	is, _ := t.option(args, h.Ctx.Frame, eval.OptionRow{})
	return is == turnsOn
}
