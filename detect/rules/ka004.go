package rules

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/value"
)

var ka004 = Rule{
	ID: "KA004", Name: "UntunedKeepalive", Severity: Note,
	Title: "SO_KEEPALIVE on, timers left at the system's two hours",
	Hint: fmt.Sprintf("set the timers where the option is set; apply --idle %d --interval %d --count %d does so where it adds the option",
		knowledge.SuggestedIdle, knowledge.SuggestedInterval, knowledge.SuggestedCount),
	Text: `Without TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT the first probe leaves
after two hours and a dead connection is given up 11 minutes later (Linux:
7200 s, 75 s, 9 probes; RFC 1122 section 4.2.3.6 forbids a shorter default).
Boxes on the way forget a connection much earlier: home routers after 60 s,
Azure's load balancer after 4 minutes, AWS's after 350 s, GCP's after 10
minutes. The idle time has to be below the shortest of them; a dead peer is
noticed after idle + interval * count seconds.`,
	Before: `setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));`,
	After: `setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
#ifdef TCP_KEEPIDLE
int idle = 180;
setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
#endif`,
	Run: (*Pass).untuned,
}

// untuned attaches KA004: keepalive is on, and nothing sets its timers on the
// same descriptor or on the listener that hands them on.
func (p *Pass) untuned() {
	on := p.j.Enablings
	if len(on) == 0 && p.j.Site.Keepalive == result.KeepaliveInherited {
		for _, src := range p.j.Sources {
			on = append(on, src.From.Enablings...)
		}
	}
	if len(on) == 0 || p.open || tuned(p.calls, p.j.Flow) {
		return
	}
	for _, src := range p.j.Sources {
		of := optionsOf(p.a.Prog, p.sess, src.From.Flow)
		if of.open || tuned(of.calls, src.From.Flow) {
			return
		}
	}
	h := on[0].Event
	p.report("KA004", h.In.Evidence(h.Call.NamePos,
		"keepalive is on, but no timers are set on this descriptor: the first probe is sent after two hours"))
}

// tuned reports whether a descriptor gets timers of its own: by an option, or
// by the ioctl that Windows has for it.
func tuned(calls []optionCall, f *flow.Flow) bool {
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
