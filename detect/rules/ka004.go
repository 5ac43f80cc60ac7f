package rules

import (
	"strings"

	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/judge"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/value"
)

// untuned attaches KA004: keepalive is on, and nothing sets its timers on the
// same descriptor or on the listener that hands them on.
func (n *Pass) untuned() {
	on := n.j.Enablings
	if len(on) == 0 && n.j.Site.Keepalive == result.KeepaliveInherited {
		for _, src := range n.j.Sources {
			on = append(on, src.From.Enablings...)
		}
	}
	if len(on) == 0 || n.open || tuned(n.a, n.calls, n.j.Flow) {
		return
	}
	for _, src := range n.j.Sources {
		calls, open := optionCalls(n.a.Prog, n.sess, src.From.Flow)
		if open || tuned(n.a, calls, src.From.Flow) {
			return
		}
	}
	h := on[0].Event
	n.say("KA004", h.In.Evidence(h.Call.NamePos, "keepalive is on, and no timers are set on this descriptor: the first probe leaves after two hours"))
}

// tuned reports whether a descriptor gets timers of its own: by an option, or
// by the ioctl that Windows has for it.
func tuned(a *judge.Analysis, calls []optionCall, f *flow.Flow) bool {
	for _, c := range calls {
		if len(c.timers) > 0 {
			return true
		}
	}
	for _, h := range f.Events {
		if h.Kind == knowledge.Ioctl && len(h.Call.Args) > 1 && strings.HasPrefix(value.ConstName(h.Call.Args[1]), "SIO_KEEPALIVE") {
			return true
		}
	}
	return false
}
