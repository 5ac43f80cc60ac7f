package detect

import (
	"sort"

	"github.com/keepatch/keepatch/parse"
)

// optCall is a setsockopt() that reaches the descriptor of a site and sets
// SO_KEEPALIVE or one of its timers.
type optCall struct {
	h       happening
	keep    bool     // SO_KEEPALIVE is among the options
	timers  []string // the timers among them, sorted
	sole    bool     // it sets one option, always the same
	foreign bool     // code of another platform
}

// timerOptions are the options that tune keepalive. Source: tcp(7) of Linux,
// FreeBSD and Solaris, the xnu and Windows headers.
var timerOptions = setOf(`TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_KEEPALIVE TCP_KEEPALIVE_THRESHOLD TCP_KEEPALIVE_ABORT_THRESHOLD
	TCP_KEEPALIVE_ABORT_INTERVAL TCP_KEEPALIVE_INTERVAL TCP_KEEPALIVE_COUNT TCP_KEEPINIT`)

// maxOptCalls bounds the calls that are looked at for one descriptor; a
// setter that is called from hundreds of places tells nothing new each time.
const maxOptCalls = 200

// optCalls lists the calls that set keepalive or its timers on a descriptor,
// in the order in which it meets them. open says that there are calls whose
// option is not known.
func (p *program) optCalls(s *session, f *flow) (out []optCall, open bool) {
	type key struct {
		call *parse.Expr
		in   *frame
	}
	seen := map[key]bool{}
	for _, h := range f.happens {
		open = open || h.what == evEnable // nobody knows what else it sets
		if h.what != evSetOpt || len(h.call.Args) < 4 || seen[key{h.call, h.j.in}] {
			continue
		}
		if len(seen) >= maxOptCalls {
			return out, true
		}
		seen[key{h.call, h.j.in}] = true
		opt := p.evaluator(s).eval(h.fi, h.call.Args[2], h.j.in)
		if (opt.unknown != "" || len(opt.set) == 0) && p.tcpLevel(s, h) {
			open = true
		}
		c := optCall{h: h, keep: opt.set.has("SO_KEEPALIVE"), sole: len(opt.set) == 1 && opt.unknown == ""}
		for _, name := range opt.set {
			if timerOptions[name] {
				c.timers = append(c.timers, name)
			}
		}
		if !c.keep && len(c.timers) == 0 {
			continue
		}
		sort.Strings(c.timers)
		c.foreign = h.fi.unit.tree().Foreign(h.call.NamePos, p.opt.Platform) != ""
		out = append(out, c)
	}
	return out, open
}

// tcpLevel reports whether an option can be one of TCP's.
func (p *program) tcpLevel(s *session, h happening) bool {
	l := p.evaluator(s).eval(h.fi, h.call.Args[1], h.j.in)
	return l.unknown != "" || len(l.set) == 0 || l.set.has("IPPROTO_TCP") || l.set.has("SOL_TCP") || l.set.has("6")
}

// actual follows an argument that is a parameter to what the calls on the way
// here pass for it, past casts, parentheses and &.
func (h happening) actual(e *parse.Expr) (*funcInfo, *parse.Expr, *frame) {
	fi, fr := h.fi, h.j.in
	for {
		x := bare(e)
		if x == nil || x.Kind != parse.XIdent || fr == nil {
			return fi, x, fr
		}
		d := fi.lookup(x.Name, x.Pos)
		i := -1
		if d != nil {
			i = fi.isParam(d)
		}
		if i < 0 || fr.call.e == nil || i >= len(fr.call.e.Args) {
			return fi, x, fr
		}
		fi, e, fr = fr.call.fi, fr.call.e.Args[i], fr.up
	}
}

// bare strips casts, parentheses, & and *.
func bare(e *parse.Expr) *parse.Expr {
	e = e.Strip()
	for e != nil && e.Kind == parse.XUnary && (e.Op == parse.And || e.Op == parse.Mul) {
		e = e.X.Strip()
	}
	return e
}

// noteRules adds to a site the rules about how keepalive is set on its
// descriptor.
func (a *analysis) noteRules(j *judged) {
	s := j.site
	if j.flow == nil || s.Transport != TCP && s.Transport != MaybeTCP || s.Verdict != Covered && s.Verdict != Missing {
		return
	}
	n := &noter{a: a, j: j, sess: newSession(), said: map[string]bool{}}
	n.calls, n.open = a.p.optCalls(n.sess, j.flow)
	n.untuned()
	n.crossed()
	n.spelling()
	n.late()
	n.ignored()
	sort.Strings(s.Rules)
}

// noter collects the rules of one site.
type noter struct {
	a     *analysis
	j     *judged
	sess  *session
	calls []optCall
	open  bool // there are options that are not known
	said  map[string]bool
}

// say attaches a rule with its evidence, the rule once.
func (n *noter) say(rule string, e Evidence) {
	s := n.j.site
	key := rule + e.Note
	if n.said[key] {
		return
	}
	n.said[key] = true
	s.Evidence = append(s.Evidence, e)
	for _, r := range s.Rules {
		if r == rule {
			return
		}
	}
	s.Rules = append(s.Rules, rule)
}
