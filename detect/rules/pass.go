package rules

import (
	"sort"

	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/judge"
	"github.com/keepatch/keepatch/detect/result"
)

// Check adds to a site the rules about how keepalive is set on its
// descriptor.
func Check(a *judge.Analysis, j *judge.Judgement) {
	s := j.Site
	if j.Flow == nil || s.Transport != result.TCP && s.Transport != result.MaybeTCP || s.Verdict != result.Covered && s.Verdict != result.Missing {
		return
	}
	n := &Pass{a: a, j: j, sess: fixpoint.NewSession(), reported: map[string]bool{}}
	n.calls, n.open = optionCalls(a.Prog, n.sess, j.Flow)
	for i := range All {
		if All[i].Run != nil {
			All[i].Run(n)
		}
	}
	sort.Strings(s.Rules)
}

// Pass is the check of one site: what the rules look at and attach to.
type Pass struct {
	a        *judge.Analysis
	j        *judge.Judgement
	sess     *fixpoint.Session
	calls    []optionCall
	open     bool // there are options that are not known
	reported map[string]bool
}

// report attaches a rule with its evidence, the rule once.
func (n *Pass) report(rule string, e result.Evidence) {
	s := n.j.Site
	key := rule + e.Note
	if n.reported[key] {
		return
	}
	n.reported[key] = true
	s.Evidence = append(s.Evidence, e)
	for _, r := range s.Rules {
		if r == rule {
			return
		}
	}
	s.Rules = append(s.Rules, rule)
}
