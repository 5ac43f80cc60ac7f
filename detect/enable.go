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
			c := h.condition()
			out = append(out, enabling{h: h, conditional: c != "", why: orElse(c, "as the configuration says")})
		}
		if h.what != evSetOpt || len(h.call.Args) < 4 {
			continue
		}
		ev := p.evaluator(s)
		opt := ev.eval(h.fi, h.call.Args[2], h.j.in)
		if !opt.set["SO_KEEPALIVE"] || !p.socketLevel(s, h) {
			continue
		}
		val := p.evaluator(s).eval(h.fi, h.call.Args[3], h.j.in)
		if len(val.set) == 1 && val.set["0"] && val.unknown == "" && len(opt.set) == 1 {
			offs = append(offs, h)
			continue
		}
		e := enabling{h: h}
		switch {
		case len(opt.set) > 1 || opt.unknown != "":
			e.conditional, e.why = true, "from a table of options"
		case len(val.set) > 1 && val.set["0"]:
			e.conditional, e.why = true, "when its value is not 0"
		default:
			if c := h.condition(); c != "" {
				e.conditional, e.why = true, c
			}
		}
		out = append(out, e)
	}
	return switchedOff(out, offs)
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
	for k := range l.set {
		if k != "IPPROTO_TCP" && k != "SOL_TCP" && k != "IPPROTO_IP" && k != "SOL_IP" {
			return true
		}
	}
	return false
}

// condition returns a run-time condition under which the call stands, here or
// at the calls that led to it; "" when there is none. Checks of descriptors
// and results are no conditions in this sense.
func (h happening) condition() string {
	if c := enclosing(h.fi, h.call); c != "" {
		return c
	}
	for fr := h.j.in; fr != nil; fr = fr.up {
		if c := enclosing(fr.call.fi, fr.call.e); c != "" {
			return c
		}
	}
	return ""
}

// enclosing looks at the conditions around e in its function.
func enclosing(fi *funcInfo, e *parse.Expr) string {
	for x := e; x.Up != nil; x = x.Up {
		if up := x.Up; up.Kind == parse.XBinary && up.Op == parse.AndAnd && up.Y == x && !isCheck(up.X) {
			return "if " + fi.src(up.X)
		}
	}
	for s := e.In; s != nil && s.Parent != nil; s = s.Parent {
		p := s.Parent
		if p.Kind == parse.SIf && (p.Body == s || p.Else == s) && p.Expr != nil && !isCheck(p.Expr) && !asksForCallee(p.Expr, e) {
			return "if " + fi.src(p.Expr)
		}
	}
	return ""
}

// isCheck reports whether a condition tests a result: a comparison with a
// number, or a call's outcome.
func isCheck(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil {
		return true
	}
	switch e.Kind {
	case parse.XBinary:
		switch e.Op {
		case parse.AndAnd, parse.OrOr:
			return isCheck(e.X) && isCheck(e.Y)
		case parse.Lt, parse.Ge, parse.EqEq, parse.NotEq, parse.Gt, parse.Le:
			y := constName(e.Y)
			return y == "0" || y == "-1" || y == "SOCKET_ERROR" || y == "INVALID_SOCKET"
		}
	case parse.XUnary:
		return e.Op == parse.Not && isCheck(e.X)
	case parse.XCall, parse.XAssign:
		return true
	}
	return false
}
