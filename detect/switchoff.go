package detect

import "github.com/keepatch/keepatch/parse"

// switchedOff takes away the enablings that a later call undoes: one that
// gives the option the value 0, in the same function (or below a later call of
// that function). Where the later call stands under a condition of its own,
// keepalive is on some of the time.
func (f *flow) switchedOff(ons []enabling, offs []happening) []enabling {
	if len(offs) == 0 {
		return ons
	}
	var out []enabling
	fold := f.p.folder(f.sess)
	condition := func(o happening) string { return fold.condition(o, o.j.in, f.begin(o)) }
	for _, e := range ons {
		fi, at := e.h.outermost()
		undone := false
		for _, o := range offs {
			if handedOn(e.h.j.exits, o.j.exits) {
				// By a caller, who got it with keepalive on.
				c := o.j.exits.calls[len(o.j.exits.calls)-1]
				if condition(o) == "" && len(o.j.exits.calls) == 1 && len(f.p.entries(f.site.fi.fn)) == 1 {
					undone = true
				} else {
					e.conditional, e.why = true, "switched off again in "+c.fi.fn.Name+"()"
				}
				continue
			}
			if e.h.instead(o) {
				e.conditional, e.why = true, "or switched off "+orElse(condition(o), "instead")
				continue
			}
			gi, off := o.outermost()
			if gi != fi || off.Pos <= at.End || !fi.comesAfter(at, off) {
				continue
			}
			if c := condition(o); c != "" {
				e.conditional, e.why = true, "switched off again "+c
			} else {
				undone = true
			}
		}
		if !undone {
			out = append(out, e)
		}
	}
	return out
}

// instead reports whether o stands in the function of h, entered through the same
// calls, on other ways: if (on) { ... } else { ... }, or behind a return.
func (h happening) instead(o happening) bool {
	if o.fi != h.fi || o.call == h.call || o.j.in != h.j.in || o.j.exits.len() != h.j.exits.len() || !o.j.exits.sameWay(h.j.exits) {
		return false
	}
	return !h.fi.comesAfter(h.call, o.call) && !h.fi.comesAfter(o.call, h.call)
}

// excludes reports whether two things that happen below one function happen on
// different ways through it, or through one that it calls.
func (h happening) excludes(o happening) bool {
	x, y := h.way(), o.way()
	for len(x) > 0 && len(y) > 0 {
		a, b := x[len(x)-1], y[len(y)-1]
		if a.fi != b.fi {
			return false
		}
		if a.e != b.e {
			return !a.fi.comesAfter(a.e, b.e) && !a.fi.comesAfter(b.e, a.e)
		}
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	return false
}

// way lists the calls that lead to a thing, from itself outwards.
func (h happening) way() []ref {
	out := []ref{{h.fi, h.call}}
	for fr := h.j.in; fr != nil; fr = fr.up {
		out = append(out, fr.call)
	}
	return out
}

// outermost returns where, in the function that had the descriptor first, the
// thing happens: the call itself, or the one that leads to it.
func (h happening) outermost() (*funcInfo, *parse.Expr) {
	fi, e := h.fi, h.call
	for fr := h.j.in; fr != nil; fr = fr.up {
		fi, e = fr.call.fi, fr.call.e
	}
	return fi, e
}

// comesAfter reports whether the flow of control can go from a to b.
func (fi *funcInfo) comesAfter(a, b *parse.Expr) bool {
	from, to := fi.nodeOf(a), fi.nodeOf(b)
	if from == nil || to == nil {
		return false
	}
	if from == to {
		return a.End <= b.Pos
	}
	met := false
	fi.graph().forward(from, func(n *node) bool {
		met = met || n == to
		return !met
	})
	return met
}
