package detect

import "github.com/keepatch/keepatch/parse"

// ignored attaches KA008: nobody looks at what setsockopt(SO_KEEPALIVE)
// returned, and nobody says (void) either.
func (n *noter) ignored() {
	for _, c := range n.calls {
		if c.keep && !c.foreign && c.h.resultIgnored() {
			n.say("KA008", c.h.fi.evidence(c.h.call.NamePos, "nobody looks at the result of "+c.h.fi.src(c.h.call)))
		}
	}
}

// resultIgnored follows the result out of the functions that return it as it
// is.
func (h happening) resultIgnored() bool {
	fi, e, fr := h.fi, h.call, h.j.in
	for {
		for e.Up != nil && e.Up.Kind == parse.XParen {
			e = e.Up
		}
		if e.Up != nil || e.In == nil {
			return false
		}
		if e.In.Kind == parse.SExpr && !(fi.fn.Macro != nil && fi.isResult(e)) {
			return true
		}
		if e.In.Kind != parse.SReturn && e.In.Kind != parse.SExpr || fr == nil || fr.call.e == nil {
			return false
		}
		fi, e, fr = fr.call.fi, fr.call.e, fr.up
	}
}
