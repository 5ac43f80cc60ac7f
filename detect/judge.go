package detect

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// judge decides one site: transport, role, keepalive.
func (a *analysis) judge(j *judged) {
	s, c := j.site, j.c
	say := func(off int, format string, args ...any) {
		l := c.u.tree().Lines()
		s.Evidence = append(s.Evidence, Evidence{c.u.path, l.Line(off), l.Col(off), fmt.Sprintf(format, args...)})
	}
	switch {
	case c.dead:
		s.Verdict, s.Keepalive = Exempt, KeepaliveUnknown
		s.Fix.Reason = "stands in #if 0"
		say(c.off, "never compiled: it stands in #if 0")
		a.litArgs(j)
		return
	case a.p.foreign(c) != "":
		p := a.p.foreign(c)
		s.Verdict = Exempt
		s.Fix.Reason = "code for " + p
		say(c.off, "only compiled for %s", p)
		a.litArgs(j)
		return
	case c.call == nil || j.flow == nil:
		s.Fix.Reason = "the call could not be read"
		say(c.off, "the call stands in no expression that could be read")
		return
	}
	if c.name == "socket" {
		a.socketTransport(j)
	} else {
		a.acceptTransport(j)
	}
	s.Node.Handed = j.flow.handed
	s.Node.Takers, s.Node.Sealed = a.takers(j)
	a.role(j)
	a.keepalive(j)
	a.verdict(j)
	s.Evidence = distinct(s.Evidence)
}

// distinct drops facts that were found on several ways.
func distinct(list []Evidence) []Evidence {
	seen := map[Evidence]bool{}
	out := list[:0]
	for _, e := range list {
		if !seen[e] {
			seen[e] = true
			out = append(out, e)
		}
	}
	return out
}

// litArgs fills in what the call itself says, for sites that are not followed.
func (a *analysis) litArgs(j *judged) {
	s := j.site
	if j.c.name != "socket" {
		s.Role, s.Transport = Accepted, MaybeTCP
		return
	}
	if j.c.call != nil {
		ts, _ := a.p.triples(j.sess, ref{j.c.fi, j.c.call}, nil, 0)
		for _, t := range ts {
			tr, _ := t.transport()
			s.Transport = merge(s.Transport, tr)
			if s.Transport == MaybeTCP && tr == TCP && len(ts) == 1 {
				s.Transport = TCP
			}
		}
	}
}

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
		// A wrapper that nobody in the tree calls, or whose callers cannot be
		// read: TCP is among what it can make.
		x = MaybeTCP
	}
	if tr == MaybeTCP && x == TCP && (has(all.domain, otherDomain) || has(all.typ, otherType)) {
		return MaybeTCP
	}
	return x
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
	for _, src := range j.sources {
		r := ref{src.from.c.fi, src.from.c.call}
		ts, _ := a.p.triples(j.sess, r, src.j.exits.frames(), 0)
		for _, t := range ts {
			x, certain := t.transport()
			if only(number(t.typ, typeNumbers), setOf("SOCK_DGRAM SOCK_RAW")) {
				continue // a datagram socket never gets to accept()
			}
			if !certain {
				x = a.byUse(&judged{c: src.from.c, site: &Site{}, flow: src.from.flow, sess: j.sess}, t, x)
			}
			for k := range number(t.domain, domainNumbers).set {
				doms.add(k)
			}
			tr = merge(tr, x)
		}
		if !told[src.from] {
			told[src.from] = true
			f := src.from
			s.Evidence = append(s.Evidence, f.c.fi.evidence(f.c.off, fmt.Sprintf("its listener comes from %s() in %s()", f.c.name, f.c.fi.fn.Name)))
		}
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
	}
	s.Node.Domains = doms.list()
	s.Transport = tr
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
	e := c.call.Args[1].Strip()
	for e != nil && e.Kind == parse.XUnary && e.Op == parse.And {
		e = e.X.Strip()
	}
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
	for name := range fi.names {
		if c, ok := canonical(name); ok && (inetDomains[c] || c == "AF_UNIX" || c == "IPPROTO_TCP" || c == "SOCK_STREAM") {
			for _, e := range fi.names[name] {
				if up := e.Up; up != nil && up.Kind == parse.XBinary {
					for _, side := range []*parse.Expr{up.X, up.Y} {
						if p := pathOf(lhsOf(side)); p != "" && side.Strip() != e {
							paths[p] = true
						}
					}
				}
			}
		}
	}
	var keys []string
	for p := range paths {
		keys = append(keys, p)
	}
	sortStrings(keys)
	for _, p := range keys {
		f := fi.factsAt(j.c.call, p)
		if len(f.allowed) == 1 {
			for v := range f.allowed {
				j.site.Evidence = append(j.site.Evidence, fi.evidence(j.c.off, fmt.Sprintf("only where %s is %s", p, v)))
				return v
			}
		}
	}
	return ""
}

// role decides what becomes of the descriptor.
func (a *analysis) role(j *judged) {
	s := j.site
	if j.c.name != "socket" {
		s.Role = Accepted
		return
	}
	var connects, listens, accepts, closes, uses, passed, foreign bool
	said := map[event]bool{}
	near := j.nearEvents()
	for _, h := range j.flow.happens {
		note := ""
		switch h.what {
		case evConnect:
			connects, note = true, "connected"
		case evListen:
			listens, note = true, "made a listener"
		case evAccept:
			accepts = true
		case evClose:
			closes = true
		case evData, evSendTo:
			uses = true
		case evPassed:
			passed = true
			// A library's own way to connect: cdb_connect(sock, ...).
			foreign = foreign || strings.Contains(strings.ToLower(h.call.Callee()), "connect")
		}
		if note != "" && !said[h.what] && (len(near) == 0 || near[h.what]) {
			said[h.what] = true
			s.Evidence = append(s.Evidence, h.fi.evidence(h.call.NamePos, fmt.Sprintf("%s here: %s", note, h.fi.src(h.call))))
		}
	}
	if len(near) > 0 {
		connects, listens = near[evConnect], near[evListen]
	}
	listens = listens || accepts && !connects
	s.Node.Idle = !j.flow.has(evConnect) && !j.flow.has(evListen) && !j.flow.has(evAccept) && !foreign
	switch {
	case connects && listens:
		s.Role = UnknownRole
	case connects:
		s.Role = Client
	case listens:
		s.Role = Listener
	case closes && !uses && !passed && !j.flow.lives():
		s.Role = Probe
		s.Evidence = append(s.Evidence, j.c.fi.evidence(j.c.off, "neither connected nor listening anywhere: opened for a test, then closed"))
	case j.flow.has(evIoctl) && !uses && !passed && !accepts && !j.flow.handed:
		s.Role = Probe
		s.Evidence = append(s.Evidence, j.c.fi.evidence(j.c.off, "neither connected nor listening anywhere: kept for ioctl() alone"))
	default:
		s.Role = UnknownRole
	}
}

// nearEvents returns which of evConnect and evListen happen to the descriptor
// on its way through variables, arguments and results. What happens to
// whatever lies in the same member or global at some time says less, and is
// asked only where this is empty.
func (j *judged) nearEvents() map[event]bool {
	near := j.ownEvents()
	for _, h := range j.flow.happens {
		if (h.what == evConnect || h.what == evListen) && (h.j.put == nil || h.fi.fn == j.c.fi.fn && len(near) == 0) {
			near[h.what] = true
		}
	}
	return near
}

// ownEvents returns which of the two the function that makes the socket does
// with the very variable or member that it puts the descriptor in.
func (j *judged) ownEvents() map[event]bool {
	found := map[event]bool{}
	fi := j.c.fi
	top := j.c.call
	for top.Up != nil && (top.Up.Kind == parse.XParen || top.Up.Kind == parse.XCast) {
		top = top.Up
	}
	path := ""
	switch {
	case top.Up != nil && top.Up.Kind == parse.XAssign && top.Up.Y == top:
		path = pathOf(top.Up.X)
	case top.Up == nil && top.In != nil:
		for _, d := range top.In.Decls {
			if d.Init == top {
				path = d.Name
			}
		}
	}
	if path == "" {
		return found
	}
	nodes := fi.reachedBy(top, path)
	for name, what := range map[string]event{"connect": evConnect, "listen": evListen} {
		for _, c := range fi.calls[name] {
			if len(c.Args) > 0 && pathOf(c.Args[0]) == path && nodes[fi.nodeOf(c)] {
				found[what] = true
			}
		}
	}
	return found
}

// reachedBy returns the nodes that are reached from the one of e before the
// path is assigned again.
func (fi *funcInfo) reachedBy(e *parse.Expr, path string) map[*node]bool {
	out := map[*node]bool{}
	start := fi.nodeOf(e)
	if start == nil {
		return out
	}
	out[start] = true
	queue := []*node{start}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, x := range n.succ {
			if out[x.to] {
				continue
			}
			if d, ok := fi.lastDef(x.to, 1<<30, path); ok && d.kind == defValue && !isMinusOne(d.e) {
				continue
			}
			out[x.to] = true
			queue = append(queue, x.to)
		}
	}
	return out
}

// isMinusOne reports whether a descriptor is marked as closed by the value.
func isMinusOne(e *parse.Expr) bool {
	c := constName(e)
	return c == "-1" || c == "INVALID_SOCKET"
}

// lives reports whether the descriptor outlives the functions that were seen:
// it is kept in memory or handed to callers that are not in the tree.
func (f *flow) lives() bool { return f.escapes }

// keepalive decides whether SO_KEEPALIVE is on.
func (a *analysis) keepalive(j *judged) {
	s := j.site
	s.Keepalive = KeepaliveMissing
	if len(j.enable) > 0 {
		s.Keepalive = KeepaliveConditional
		for i, e := range j.enable {
			if i < 4 {
				note := "SO_KEEPALIVE is set: " + e.h.fi.src(e.h.call)
				if e.why != "" {
					note += " (" + e.why + ")"
				}
				s.Evidence = append(s.Evidence, e.h.fi.evidence(e.h.call.NamePos, note))
			}
		}
		if bare, ok := a.onEveryWay(j); ok {
			s.Keepalive = KeepaliveSet
		} else if bare != nil {
			s.Evidence = append(s.Evidence, bare.fi.evidence(bare.e.NamePos, "not set on the way through "+bare.fi.src(bare.e)))
		}
		return
	}
	for _, src := range j.sources {
		for _, e := range src.from.enable {
			if !src.j.exits.sameWay(e.h.j.exits) {
				continue // another caller's socket, made by the same wrapper
			}
			s.Keepalive = KeepaliveInherited
			s.Evidence = append(s.Evidence, e.h.fi.evidence(e.h.call.NamePos, "its listener has SO_KEEPALIVE, which Linux hands on to accepted sockets"))
			return
		}
	}
}

// sameWay reports whether two descriptors of one call can be the same: one
// went on where the other came to.
func (c *exitChain) sameWay(d *exitChain) bool {
	if c == nil || d == nil {
		return true
	}
	for i := 0; i < len(c.calls) && i < len(d.calls); i++ {
		if c.calls[i].e != d.calls[i].e {
			return false
		}
	}
	return true
}

// verdict draws the conclusion.
func (a *analysis) verdict(j *judged) {
	s := j.site
	switch {
	case s.Transport == OtherTransport:
		s.Verdict = NotTCP
		s.Fix.Reason = "not a TCP socket"
	case s.Role == Probe:
		s.Verdict = Exempt
		s.Fix.Reason = "opened for a test only"
	case s.Keepalive == KeepaliveSet || s.Keepalive == KeepaliveConditional || s.Keepalive == KeepaliveInherited:
		s.Verdict = Covered
		s.Fix.Reason = "keepalive is on"
	case j.flow.full:
		s.Verdict = Undecided
		s.Fix.Reason = "too many ways lead from here to follow them all"
		s.Evidence = append(s.Evidence, j.c.fi.evidence(j.c.off, s.Fix.Reason))
	default:
		s.Verdict = Missing
		if s.Role == Accepted {
			s.Rules = []string{"KA002"}
		} else {
			s.Rules = []string{"KA001"}
		}
		s.Evidence = append(s.Evidence, j.c.fi.evidence(j.c.off, "nothing in the tree sets SO_KEEPALIVE on this descriptor"))
	}
	if s.Keepalive == KeepaliveInherited {
		s.Rules = append(s.Rules, "KA003")
	}
}

// listeners settles the listeners: one whose accepted sockets all get
// keepalive needs none itself. Where no accept() could be tied to a listener,
// it is one of those that could be tied to no listener that serves it.
func (a *analysis) listeners() {
	var untied []*judged
	for _, j := range a.all {
		if j.site.Role == Accepted && j.site.Verdict != NotTCP && j.site.Verdict != Exempt && !j.heard() {
			untied = append(untied, j)
		}
	}
	for _, j := range a.all {
		s := j.site
		if s.Verdict != Missing || s.Role != Listener {
			continue
		}
		feeds, note := j.feeds, "every socket accepted from it gets SO_KEEPALIVE"
		if len(feeds) == 0 {
			feeds, note = untied, "every socket that is accepted from a listener that could not be told gets SO_KEEPALIVE"
		}
		all := len(feeds) > 0
		for _, t := range feeds {
			if t.site.Keepalive != KeepaliveSet && t.site.Keepalive != KeepaliveConditional {
				all = false
			}
		}
		if all {
			s.Verdict, s.Rules = Covered, nil
			s.Fix.Reason = "the sockets accepted from it have keepalive"
			t := feeds[0]
			s.Evidence = append(s.Evidence, t.c.fi.evidence(t.c.off, note))
		}
	}
}

// heard reports whether a listener was found that an accept() takes from.
func (j *judged) heard() bool {
	for _, s := range j.sources {
		if s.from.flow.has(evListen) {
			return true
		}
	}
	return false
}
