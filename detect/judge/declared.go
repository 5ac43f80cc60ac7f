package judge

import (
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/site"
	"github.com/keepatch/keepatch/parse/sites"
)

// declaredCalls lists the calls of functions that make sockets according to the
// configuration and whose text is not in the tree. They are no sites: no
// option can be set inside them. But what accept() takes from their
// descriptors, and the options that these are given, is known with them.
func (a *Analysis) declaredCalls() []*Judgement {
	var out []*Judgement
	p := a.Prog
	for _, w := range p.Opt.Wrappers.Creates {
		for _, c := range site.CallsNamed(p, w.Name, w.Name) { // where it is in the tree, its own socket() is followed
			out = append(out, &Judgement{Cand: c, Site: c.NewSite(), sess: fixpoint.NewSession()})
		}
	}
	return out
}

// isDeclared reports whether it stands for a call that the configuration names.
func isDeclared(c *site.Candidate) bool { return !sites.Has(c.Name) }
