package detect

import "github.com/keepatch/keepatch/parse"

// late attaches KA007: keepalive is turned on only after listen() on a
// listener or connect() on a client, on every way that leads to it.
func (n *noter) late() {
	s := n.j.site
	what := evNone
	switch s.Role {
	case Listener:
		what = evListen
	case Client:
		what = evConnect
	default:
		return
	}
	for _, e := range n.j.enable {
		if before := n.ahead(e.h, what); before != nil && !e.h.j.sent {
			n.say("KA007", e.h.fi.evidence(e.h.call.NamePos, "set only after "+before.fi.src(before.e)))
		}
	}
}

// ahead returns the call of listen() or connect() without which control never
// gets from the making of the socket to the happening h; nil when there is
// none, or when that cannot be told.
func (n *noter) ahead(h happening, what event) *ref {
	for _, c := range n.j.flow.happens {
		if c.what != what || len(c.call.Args) == 0 {
			continue
		}
		// It was done in the function that returned the descriptor, before
		// the caller had it.
		if handedOn(c.j.exits, h.j.exits) {
			return &ref{c.fi, c.call}
		}
		if c.j.exits != h.j.exits {
			continue
		}
		fi, a, b := meeting(c, h)
		if fi == nil || a == b {
			continue
		}
		if n.unavoidable(fi, a, b, h.j.exits) {
			return &ref{c.fi, c.call}
		}
	}
	return nil
}

// handedOn reports whether what has the exits a happened before the
// descriptor left the function by the further exits of b.
func handedOn(a, b *exitChain) bool {
	var x, y []ref
	if a != nil {
		x = a.calls
	}
	if b != nil {
		y = b.calls
	}
	if len(x) >= len(y) {
		return false
	}
	for i := range x {
		if x[i].e != y[i].e {
			return false
		}
	}
	return true
}

// meeting returns the innermost function that both happenings go through, and
// the expressions in it that lead to each.
func meeting(a, b happening) (*funcInfo, *parse.Expr, *parse.Expr) {
	x, y := a.stops(), b.stops()
	var fi *funcInfo
	var ea, eb *parse.Expr
	for i := 0; i < len(x) && i < len(y) && x[i].fi == y[i].fi; i++ {
		fi, ea, eb = x[i].fi, x[i].e, y[i].e
		if ea != eb {
			break
		}
	}
	return fi, ea, eb
}

// stops lists the calls that lead to a happening, the outermost first, and its
// own call.
func (h happening) stops() []ref {
	var out []ref
	for fr := h.j.in; fr != nil; fr = fr.up {
		out = append([]ref{fr.call}, out...)
	}
	return append(out, ref{h.fi, h.call})
}

// unavoidable reports whether control comes from where the descriptor begins
// in fi to b only through a.
func (n *noter) unavoidable(fi *funcInfo, a, b *parse.Expr, exits *exitChain) bool {
	wall, goal := fi.nodeOf(a), fi.nodeOf(b)
	if wall == nil || goal == nil {
		return false
	}
	if wall == goal {
		return a.End <= b.Pos
	}
	start := fi.graph().entry
	begin := n.j.c.call
	if exits != nil {
		begin = exits.calls[len(exits.calls)-1].e
	}
	if s := fi.nodeOf(begin); s != nil && fi.holds(begin) {
		start = s
	}
	if start == wall {
		return true
	}
	met := start == goal
	fi.graph().forward(start, func(x *node) bool {
		met = met || x == goal
		return !met && x != wall
	})
	return !met && fi.comesAfter(a, b)
}

// holds reports whether an expression is one of the function's own.
func (fi *funcInfo) holds(e *parse.Expr) bool {
	for c := range fi.callsOf(e.Callee()) {
		if c == e {
			return true
		}
	}
	return false
}
