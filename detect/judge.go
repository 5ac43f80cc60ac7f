package detect

import (
	"fmt"
	"slices"
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
	case a.foreignTo(j) != "":
		p := a.foreignTo(j)
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
		connects, listens = near[evConnect] || near[evListen] && j.otherwise(), near[evListen]
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
	case foreign:
		s.Role = Client
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
	if near[evListen] && !near[evConnect] {
		return near // connected elsewhere is the one of another kind
	}
	for _, h := range j.flow.happens {
		if (h.what == evConnect || h.what == evListen) && (h.j.put == nil || h.fi.fn == j.c.fi.fn && len(near) == 0) {
			near[h.what] = true
		}
	}
	return near
}

// otherwise reports whether a caller of the function that makes the socket does
// nothing but connect it, where another one listens.
func (j *judged) otherwise() bool {
	var listening, connecting []*parse.Expr
	for _, h := range j.flow.happens {
		if h.j.exits == nil {
			if h.what == evListen {
				return false // on all ways
			}
			continue
		}
		switch way := h.j.exits.calls[0].e; h.what {
		case evListen, evAccept:
			listening = append(listening, way)
		case evConnect:
			connecting = append(connecting, way)
		}
	}
	return slices.ContainsFunc(connecting, func(way *parse.Expr) bool { return !slices.Contains(listening, way) })
}

// ownEvents returns which of the two the function that makes the socket does
// with the very variable or member that it puts the descriptor in.
func (j *judged) ownEvents() map[event]bool {
	found := map[event]bool{}
	fi := j.c.fi
	top := j.c.call
	path := ""
	switch lhs, d := receiver(top); {
	case lhs != nil:
		path = pathOf(lhs)
	case d != nil:
		path = d.Name
	}
	if path == "" {
		return found
	}
	nodes := fi.reachedBy(top, path)
	for name, what := range map[string]event{"connect": evConnect, "listen": evListen} {
		for c := range fi.callsOf(name) {
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
	fi.graph().forward(start, func(n *node) bool {
		if d, ok := fi.lastDef(n, 1<<30, path); ok && d.kind == defValue && !isMinusOne(d.e) {
			return false
		}
		out[n] = true
		return true
	})
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
			taken := happening{evAccept, j.c.fi, j.c.call, src.j}
			if !e.reaches(src.j.exits) || e.h.excludes(taken) || e.elsewhere(a.p.folder(j.sess), src.j) {
				continue
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
	case s.Transport == UnknownTransport:
		s.Verdict = Undecided
		s.Fix.Reason = "nobody in the tree calls " + j.c.fi.fn.Name + "(), whose callers choose the kind of socket"
		s.Evidence = append(s.Evidence, j.c.fi.evidence(j.c.off, s.Fix.Reason))
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
			switch t.site.Keepalive {
			case KeepaliveSet:
				continue
			case KeepaliveConditional:
				if t.covers(j) {
					continue
				}
				s.Node.Unserved = true
			}
			all = false
		}
		if all {
			s.Verdict, s.Rules = Covered, nil
			s.Fix.Reason = "the sockets accepted from it have keepalive"
			t := feeds[0]
			s.Evidence = append(s.Evidence, t.c.fi.evidence(t.c.off, note))
		}
	}
}

// covers reports whether what is accepted from a listener gets the option: where
// a function accepts for several callers and only some of them set it, all that
// hand it this listener have to.
func (j *judged) covers(listener *judged) bool {
	for _, src := range j.sources {
		if src.from == listener && src.j.in != nil && !j.enabledBy(src.j.in.call.e) {
			return false
		}
	}
	return true
}

// enabledBy reports whether the option is set on what a call of the accepting
// function returns, or in that function itself.
func (j *judged) enabledBy(call *parse.Expr) bool {
	for _, e := range j.enable {
		if x := e.h.j.exits; x == nil || len(x.calls) == 0 || x.calls[0].e == call {
			return true
		}
	}
	return false
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
