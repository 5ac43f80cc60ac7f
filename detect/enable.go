package detect

import (
	"github.com/keepatch/keepatch/parse"
)

// enabling is a setsockopt() that turns SO_KEEPALIVE on for a descriptor.
type enabling struct {
	h           happening
	conditional bool
	why         string // what it depends on
}

// enablings finds, among what happens to a descriptor, the calls that turn
// keepalive on.
func (p *program) enablings(s *session, f *flow) []enabling {
	var out []enabling
	var offs []happening
	for _, h := range f.happens {
		if h.what == evEnable {
			c := h.condition(f.begin(h))
			out = append(out, enabling{h: h, conditional: c != "", why: orElse(c, "as the configuration says")})
		}
		if h.what != evSetOpt || len(h.call.Args) < 4 {
			continue
		}
		ev := p.evaluator(s)
		opt := ev.eval(h.fi, h.call.Args[2], h.j.in)
		if !opt.set.has("SO_KEEPALIVE") || !p.socketLevel(s, h) {
			continue
		}
		val := p.evaluator(s).eval(h.fi, h.call.Args[3], h.j.in)
		if len(val.set) == 1 && val.set.has("0") && val.unknown == "" && len(opt.set) == 1 {
			offs = append(offs, h)
			continue
		}
		e := enabling{h: h}
		switch {
		case len(opt.set) > 1 || opt.unknown != "":
			e.conditional, e.why = true, "from a table of options"
		case len(val.set) > 1 && val.set.has("0"):
			e.conditional, e.why = true, "when its value is not 0"
		default:
			if c := h.condition(f.begin(h)); c != "" {
				e.conditional, e.why = true, c
			}
		}
		out = append(out, e)
	}
	return f.switchedOff(out, offs)
}

// onEveryWay reports whether keepalive is on whatever way the descriptor takes:
// without a condition, and for each caller that the function which makes the
// socket hands it to. Otherwise it returns a call on whose way it stays off,
// where it is a call that makes the difference.
func (a *analysis) onEveryWay(j *judged) (bare *ref, ok bool) {
	ways := map[*parse.Expr]bool{}
	for _, e := range j.enable {
		if e.conditional {
			continue
		}
		if e.h.j.exits == nil {
			return nil, true
		}
		ways[e.h.j.exits.calls[0].e] = true
	}
	if len(ways) == 0 {
		return nil, false
	}
	for _, c := range a.p.entries(j.c.fi.fn) {
		if c.e != nil && !ways[c.e] {
			return &c, false
		}
	}
	return nil, true
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// socketLevel reports whether an option can be one of SOL_SOCKET's; with the
// level of TCP the number of SO_KEEPALIVE means something else.
func (p *program) socketLevel(s *session, h happening) bool {
	l := p.evaluator(s).eval(h.fi, h.call.Args[1], h.j.in)
	if l.unknown != "" || len(l.set) == 0 {
		return true
	}
	for _, k := range l.set {
		if k != "IPPROTO_TCP" && k != "SOL_TCP" && k != "IPPROTO_IP" && k != "SOL_IP" {
			return true
		}
	}
	return false
}
