package detect

import (
	"fmt"
	"slices"

	"github.com/keepatch/keepatch/parse"
)

// socketTransport judges the arguments of a socket() call.
func (a *analysis) socketTransport(j *judged) {
	s, c := j.site, j.c
	ts, trail := a.p.triples(j.sess, ref{c.fi, c.call}, nil, 0)
	var all triple
	tr := Transport("")
	certain := true
	for _, t := range ts {
		all.domain.join(t.domain)
		all.typ.join(t.typ)
		all.proto.join(t.proto)
		x, ok := t.transport()
		certain = certain && ok
		tr = merge(tr, x)
	}
	s.Node.Domains, s.Node.Types, s.Node.Protocols = number(all.domain, domainNumbers).list(), number(all.typ, typeNumbers).list(), all.proto.list()
	s.Evidence = append(s.Evidence, c.fi.evidence(c.off, fmt.Sprintf("domain %s; type %s; protocol %s", spell(all.domain, domainNumbers), spell(all.typ, typeNumbers), spell(all.proto, nil))))
	s.Evidence = append(s.Evidence, trail...)
	for _, v := range []struct{ what, why string }{{"domain", all.domain.unknown}, {"type", all.typ.unknown}} {
		if v.why != "" {
			s.Evidence = append(s.Evidence, c.fi.evidence(c.off, "the "+v.what+" is not known: "+v.why))
		}
	}
	if !certain {
		tr = a.byUse(j, all, tr)
	}
	s.Transport = tr
}

// byUse narrows an open transport by what is done with the descriptor: the
// address it is connected or bound to, listen(), options of TCP.
func (a *analysis) byUse(j *judged, all triple, tr Transport) Transport {
	var fam values
	stream, dgram, opts := false, false, false
	for _, h := range j.flow.happens {
		switch h.what {
		case evListen, evAccept:
			stream = true
		case evSendTo:
			dgram = dgram || h.call.Callee() == "sendto" || h.call.Callee() == "recvfrom"
		case evConnect, evBind:
			if len(h.call.Args) > 1 {
				ev := a.p.evaluator(j.sess)
				v := ev.family(h.fi, h.call.Args[1], "", h.j.in)
				if len(v.set) > 0 {
					j.site.Evidence = append(j.site.Evidence, h.fi.evidence(h.call.NamePos, fmt.Sprintf("%s() to an address of %s", h.call.Callee(), spell(v, domainNumbers))))
				}
				fam.join(v)
			}
		case evSetOpt:
			if len(h.call.Args) > 2 {
				l, o := constName(h.call.Args[1]), constName(h.call.Args[2])
				if l == "IPPROTO_TCP" || l == "SOL_TCP" || o == "TCP_NODELAY" {
					opts = true
					j.site.Evidence = append(j.site.Evidence, h.fi.evidence(h.call.NamePos, "an option of TCP is set on it"))
				}
			}
		}
	}
	dom, typ := all.domain, all.typ
	if open3(dom, inetDomains, otherDomain) && len(fam.set) > 0 {
		dom = values{set: fam.set}
		if fam.unknown != "" && !opts {
			dom.unknown = fam.unknown
		}
	}
	if open3(typ, streamType, otherType) {
		switch {
		case stream && !dgram:
			typ = one("SOCK_STREAM")
		case dgram && !stream && len(typ.set) == 0:
			typ = one("SOCK_DGRAM")
		}
	}
	x, _ := triple{dom, typ, all.proto}.transport()
	if opts && x == UnknownTransport {
		x = MaybeTCP
	}
	if x == UnknownTransport {
		// A wrapper whose callers cannot be read: TCP is among what it can make.
		x = MaybeTCP
		if a.uncalled(j) {
			x = UnknownTransport
		}
	}
	if tr == MaybeTCP && x == TCP && (has(all.domain, otherDomain) || has(all.typ, otherType)) {
		return MaybeTCP
	}
	return x
}

// uncalled reports whether nobody in the tree calls the function of the site.
func (a *analysis) uncalled(j *judged) bool {
	fn := j.c.fi.fn
	return fn.Name != "main" && len(a.p.entries(fn)) == 0 && len(a.p.mentions(fn)) == 0
}

// acceptTransport judges an accept() by the listeners that reach it, the
// guards it stands under and the type of its address.
func (a *analysis) acceptTransport(j *judged) {
	s, c := j.site, j.c
	say := func(off int, format string, args ...any) {
		s.Evidence = append(s.Evidence, c.fi.evidence(off, fmt.Sprintf(format, args...)))
	}
	tr := Transport("")
	doms := values{}
	told := map[*judged]bool{}
	dgram, other := false, false
	for _, src := range j.sources {
		if !a.returns(j.sess, src.j.exits.frames()) {
			continue
		}
		r := ref{src.from.c.fi, src.from.c.call}
		ts, _ := a.p.triples(j.sess, r, src.j.exits.frames(), 0)
		for _, t := range ts {
			known := len(t.typ.set) > 0
			if t.typ = accepting(t.typ); known && len(t.typ.set) == 0 && t.typ.unknown == "" {
				dgram = true
				continue
			}
			other = true
			x, certain := t.transport()
			if !certain {
				x = a.byUse(&judged{c: src.from.c, site: &Site{}, flow: src.from.flow, sess: j.sess}, t, x)
			}
			for _, k := range number(t.domain, domainNumbers).set {
				doms.add(k)
			}
			tr = merge(tr, x)
		}
		other = other || src.j.put != nil // somebody may put another one there
		if !told[src.from] {
			told[src.from] = true
			f := src.from
			s.Evidence = append(s.Evidence, f.c.fi.evidence(f.c.off, fmt.Sprintf("its listener comes from %s() in %s()", f.c.name, f.c.fi.fn.Name)))
		}
	}
	if dgram && !other {
		say(c.off, "whoever comes here has a datagram socket, which never gets to accept()")
		tr = OtherTransport
	}
	if tr == "" && a.chained(j) {
		tr = OtherTransport
	}
	if tr != OtherTransport && tr != TCP { // a guard narrows, it does not contradict
		switch a.guards(j) {
		case "IPPROTO_TCP", "AF_INET", "AF_INET6":
			tr = TCP
		case "AF_UNIX":
			tr = OtherTransport
		}
	}
	fam := a.addressFamily(j)
	switch {
	case tr == "" || tr == MaybeTCP && len(fam.set) > 0:
		if x := fromFamily(fam); x != "" {
			say(c.off, "the peer's address is of %s", spell(fam, nil))
			tr = x
		}
	}
	if tr == "" {
		say(c.off, "no socket() in the tree leads to this listener")
		tr = MaybeTCP
		if l := a.loneListeners(); l == TCP {
			say(c.off, "the listeners that no accept() could be tied to are all of TCP")
			tr = l
		}
	}
	s.Node.Domains = doms.list()
	s.Transport = tr
}

// accepting drops the types of sockets that never get to accept(): it takes
// connections, which datagrams have none of (accept(2), EOPNOTSUPP).
func accepting(types values) values {
	out := values{unknown: types.unknown}
	for _, k := range number(types, typeNumbers).set {
		if k != "SOCK_DGRAM" && k != "SOCK_RAW" {
			out.add(k)
		}
	}
	return out
}

// returns reports whether a descriptor can be handed out by the calls of fr: not
// where what the outer ones pass leads past the inner ones.
func (a *analysis) returns(s *session, fr *frame) bool {
	if fr == nil || fr.up == nil {
		return true
	}
	f := a.p.evaluator(s).conditions()
	for ; fr.up != nil; fr = fr.up {
		if !f.comes(fr.call.fi, fr.call.e, fr.up) {
			return false
		}
	}
	return true
}

// loneListeners is the transport of those listeners that reach no accept(), which
// an accept() that no listener reaches may take from; "" when there are none.
func (a *analysis) loneListeners() Transport {
	a.loneOnce.Do(func() {
		for _, j := range a.all {
			if j.flow == nil || j.c.name != "socket" || len(j.feeds) > 0 || !j.flow.has(evListen) {
				continue
			}
			k := &judged{c: j.c, site: &Site{}, flow: j.flow, sess: newSession()}
			a.socketTransport(k)
			a.lone = merge(a.lone, k.site.Transport)
		}
	})
	return a.lone
}

// chained reports whether the socket that is accepted from was accepted itself.
// Only Linux's interface to its ciphers works that way: accept() copies the state
// of an operation there (Documentation/crypto/userspace-if.rst).
func (a *analysis) chained(j *judged) bool {
	for _, k := range j.chained {
		if k == j {
			continue
		}
		from := &judged{c: k.c, site: &Site{}, flow: k.flow, sources: k.sources, sess: j.sess}
		a.acceptTransport(from)
		if slices.Equal(from.site.Node.Domains, []string{"AF_ALG"}) {
			j.site.Evidence = append(j.site.Evidence, k.c.fi.evidence(k.c.off, fmt.Sprintf("the socket comes from %s() in %s(), which is one of AF_ALG", k.c.name, k.c.fi.fn.Name)))
			return true
		}
	}
	return false
}

func fromFamily(v values) Transport {
	switch {
	case len(v.set) == 0:
		return ""
	case only(v, inetDomains):
		return TCP
	case only(v, otherDomain):
		return OtherTransport
	}
	return MaybeTCP
}

// addressFamily is what the type of the variable for the peer's address says;
// a sockaddr_storage says nothing.
func (a *analysis) addressFamily(j *judged) values {
	c := j.c
	if len(c.call.Args) < 2 {
		return values{}
	}
	e := pointee(c.call.Args[1])
	if e == nil {
		return values{}
	}
	if b, _ := c.fi.typeOf(e); typeFamily(b) != "" {
		return one(typeFamily(b))
	}
	return values{}
}

// guards returns a constant of the socket interface that the branches taken
// on the way to the call demand.
func (a *analysis) guards(j *judged) string {
	fi := j.c.fi
	paths := map[string]bool{}
	for _, e := range fi.names.refs {
		up := e.Up
		if up == nil || up.Kind != parse.XBinary {
			continue
		}
		if c, ok := canonical(e.Name); ok && (inetDomains[c] || c == "AF_UNIX" || c == "IPPROTO_TCP" || c == "SOCK_STREAM") {
			for _, side := range []*parse.Expr{up.X, up.Y} {
				if p := pathOf(lhsOf(side)); p != "" && side.Strip() != e {
					paths[p] = true
				}
			}
		}
	}
	var keys []string
	for p := range paths {
		keys = append(keys, p)
	}
	slices.Sort(keys)
	for _, p := range keys {
		f := fi.factsAt(j.c.call, p)
		if len(f.allowed) == 1 {
			for _, v := range f.allowed {
				j.site.Evidence = append(j.site.Evidence, fi.evidence(j.c.off, fmt.Sprintf("only where %s is %s", p, v)))
				return v
			}
		}
	}
	return ""
}
