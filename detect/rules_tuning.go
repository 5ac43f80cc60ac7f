package detect

import "strings"

// untuned attaches KA004: keepalive is on, and nothing sets its timers on the
// same descriptor or on the listener that hands them on.
func (n *noter) untuned() {
	on := n.j.enable
	if len(on) == 0 && n.j.site.Keepalive == KeepaliveInherited {
		for _, src := range n.j.sources {
			on = append(on, src.from.enable...)
		}
	}
	if len(on) == 0 || n.open || n.a.tuned(n.calls, n.j.flow) {
		return
	}
	for _, src := range n.j.sources {
		calls, open := n.a.p.optCalls(n.sess, src.from.flow)
		if open || n.a.tuned(calls, src.from.flow) {
			return
		}
	}
	h := on[0].h
	n.say("KA004", h.fi.evidence(h.call.NamePos, "keepalive is on, and no timers are set on this descriptor: the first probe leaves after two hours"))
}

// tuned reports whether a descriptor gets timers of its own: by an option, or
// by the ioctl that Windows has for it.
func (a *analysis) tuned(calls []optCall, f *flow) bool {
	for _, c := range calls {
		if len(c.timers) > 0 {
			return true
		}
	}
	for _, h := range f.happens {
		if h.what == evIoctl && len(h.call.Args) > 1 && strings.HasPrefix(constName(h.call.Args[1]), "SIO_KEEPALIVE") {
			return true
		}
	}
	return false
}
