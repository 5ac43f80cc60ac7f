package detect

import (
	"strings"
)

// triple is what the arguments of a socket() call can be on one way of
// calling.
type triple struct {
	domain, typ, proto values
}

// transport judges a triple. certain is false where an argument is not known
// and other evidence may say more.
func (t triple) transport() (tr Transport, certain bool) {
	dom, typ, proto := specified(number(t.domain, domainNumbers)), number(t.typ, typeNumbers), t.proto
	inet, otherDom, unknownDom := has(dom, inetDomains), has(dom, otherDomain), open3(dom, inetDomains, otherDomain)
	stream, otherTyp, unknownTyp := has(typ, streamType), has(typ, otherType), open3(typ, streamType, otherType)
	tcp, otherPro, unknownPro := has(proto, tcpProto), has(proto, otherProto), open3(proto, tcpProto, otherProto)
	canTCP := (inet || unknownDom) && (stream || unknownTyp) && (tcp || unknownPro)
	if !canTCP {
		return OtherTransport, true
	}
	if only(proto, nothingButTCP) {
		return TCP, true // nothing else is made with it: socket() fails (tcp(7), unix(7))
	}
	if otherDom || otherTyp || otherPro && !onlyTCP(proto) && !stream {
		return MaybeTCP, !unknownDom || !unknownTyp
	}
	if unknownDom && unknownTyp {
		return UnknownTransport, false
	}
	if unknownDom || unknownTyp {
		return MaybeTCP, false
	}
	return TCP, true
}

// specified drops what no socket is made with: AF_UNSPEC stands in hints, and
// in variables before they are set; AF_LINK is the family of interfaces in the
// same union. Alone AF_UNSPEC means what a name resolves to.
func specified(v values) values {
	out := values{unknown: v.unknown}
	for _, k := range v.set {
		if k != "AF_UNSPEC" && k != "-1" && (k != "AF_LINK" || len(v.set) == 1) {
			out.add(k)
		}
	}
	if len(out.set) == 0 && v.set.has("AF_UNSPEC") {
		out.add("AF_INET")
		out.add("AF_INET6")
	}
	return out
}

func onlyTCP(v values) bool { return only(v, tcpProto) }

// number gives plain numbers their names.
func number(v values, names map[string]string) values {
	out := values{unknown: v.unknown}
	for _, k := range v.set {
		if n, ok := names[k]; ok {
			k = n
		}
		out.add(k)
	}
	return out
}

func has(v values, set map[string]bool) bool {
	for _, k := range v.set {
		if set[k] {
			return true
		}
	}
	return false
}

func only(v values, set map[string]bool) bool {
	if v.unknown != "" || len(v.set) == 0 {
		return false
	}
	for _, k := range v.set {
		if !set[k] {
			return false
		}
	}
	return true
}

// open3 reports whether v can be something that decides for TCP although
// nothing in v does: it is not known, or holds names that say nothing. What is
// known of a value counts for the rest of it: a domain that is AF_INET on the
// ways that could be followed is not taken for a unix one on the others.
func open3(v values, a, b map[string]bool) bool {
	if has(v, a) {
		return false
	}
	return v.unknown != "" || !has(v, b)
}

// merge joins the transports of several ways.
func merge(a, b Transport) Transport {
	switch {
	case a == "" || a == b:
		return b
	case b == "":
		return a
	case a == UnknownTransport && b == OtherTransport, a == OtherTransport && b == UnknownTransport:
		return MaybeTCP
	case a == UnknownTransport || b == UnknownTransport, a == MaybeTCP || b == MaybeTCP:
		return MaybeTCP
	}
	return MaybeTCP // tcp and other
}

// triples evaluates the arguments of a socket() call on every way that leads
// to it: where they depend on parameters, once a caller, so that a domain is
// never combined with another caller's type.
func (p *program) triples(s *session, r ref, fr *frame, depth int) ([]triple, []Evidence) {
	ev := p.evaluator(s)
	ev.spots = spotsOf(r, fr)
	arg := func(i int) values {
		if i < len(r.e.Args) {
			return ev.eval(r.fi, r.e.Args[i], fr)
		}
		return dunno("no argument")
	}
	t := p.declared(s, r, triple{arg(0), ev.typesAt(r, arg(1)), arg(2)})
	outer := r.fi.fn
	if fr != nil {
		f := fr
		for f.up != nil {
			f = f.up
		}
		outer = f.call.fi.fn
	}
	if !ev.open[outer] || depth >= 4 {
		return p.rowTriples(ev, r, t), ev.trail.list()
	}
	calls := p.entries(outer)
	if len(calls) == 0 || len(calls) > maxCallers {
		return []triple{t}, ev.trail.list()
	}
	var out []triple
	var trail []Evidence
	for _, c := range calls {
		ts, tr := p.triples(s, r, appendFrame(fr, c), depth+1)
		out = append(out, ts...)
		trail = append(trail, tr...)
		if len(out) > 64 {
			return []triple{t}, ev.trail.list()
		}
	}
	return out, trail
}

// appendFrame adds a call at the outer end of a chain.
func appendFrame(fr *frame, c ref) *frame {
	if fr == nil {
		return newFrame(c, nil)
	}
	return newFrame(fr.call, appendFrame(fr.up, c))
}

// spell writes a value set for people.
func spell(v values, names map[string]string) string {
	s := strings.Join(number(v, names).list(), " or ")
	if s == "" {
		return "not known"
	}
	s = strings.ReplaceAll(s, " or ?", ", or something that is not known")
	return strings.ReplaceAll(s, "?", "not known")
}
