package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/socket"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// judge decides one site: transport, role, keepalive.
func (a *Analysis) judge(j *Judgement) {
	s, c := j.Site, j.Cand
	say := func(off int, format string, args ...any) {
		l := c.File.Tree().Lines()
		s.Evidence = append(s.Evidence, result.Evidence{File: c.File.Path, Line: l.Line(off),
			Column: l.Col(off), Note: fmt.Sprintf(format, args...)})
	}
	switch {
	case c.Dead:
		s.Verdict, s.Keepalive = result.Exempt, result.KeepaliveUnknown
		s.Fix.Reason = "stands in #if 0"
		say(c.Off, "never compiled: it stands in #if 0")
		a.literalArgs(j)
		return
	case j.platform != "":
		s.Verdict = result.Exempt
		s.Fix.Reason = "code for " + j.platform
		say(c.Off, "only compiled for %s", j.platform)
		a.literalArgs(j)
		return
	case c.In != nil && a.Prog.NeverUsed(c.In.Func):
		s.Verdict = result.Exempt
		s.Fix.Reason = "only code under #if 0 uses the macro"
		say(c.Off, "nothing uses %s() but code in #if 0", c.In.Func.Name)
		a.literalArgs(j)
		return
	case j.excluded != nil:
		s.Verdict = result.Exempt
		s.Fix.Reason = "no build in compile_commands.json compiles it"
		say(j.excluded.Off, "%s", j.excluded.Note)
		say(c.Off, "%s", s.Fix.Reason)
		a.literalArgs(j)
		return
	case c.Call == nil || j.Flow == nil:
		s.Fix.Reason = "the call could not be parsed"
		say(c.Off, "the call is in no expression that could be parsed")
		return
	}
	j.sess.Incomplete = value.Incomplete{}
	if c.Accepts() {
		a.acceptTransport(j)
	} else {
		a.socketTransport(j)
	}
	kind := j.sess.Incomplete // why the kind of socket is not all known
	s.Node.Returned = j.Flow.HandedOut
	s.Node.CallerUses, s.Node.AllCallersKnown = a.callerUses(j)
	a.role(j)
	j.sess.Incomplete = value.Incomplete{}
	a.keepalive(j)
	lacks := j.optionsLack // its own field stays: other sites read it at the same time
	lacks.Because(j.sess.Incomplete)
	a.verdict(j)
	a.demoteIncomplete(j, kind, lacks)
	s.Evidence = distinct(s.Evidence)
}

// distinct drops facts that were found on several ways.
func distinct(list []result.Evidence) []result.Evidence {
	seen := map[result.Evidence]bool{}
	out := list[:0]
	for _, e := range list {
		if !seen[e] {
			seen[e] = true
			out = append(out, e)
		}
	}
	return out
}

// literalArgs fills in what the call itself says, for sites that are not followed.
func (a *Analysis) literalArgs(j *Judgement) {
	s := j.Site
	if j.Cand.Accepts() {
		s.Role, s.Transport = result.Accepted, result.MaybeTCP
		return
	}
	if j.Cand.Call != nil {
		ts, _ := a.argsOf(j.sess, j.Cand, nil)
		s.Transport, _ = socket.Transport(ts)
	}
}

// role decides what becomes of the descriptor.
func (a *Analysis) role(j *Judgement) {
	s := j.Site
	if j.Cand.Accepts() {
		s.Role = result.Accepted
		return
	}
	var connects, listens, accepts, closes, uses, passed, foreign bool
	said := map[knowledge.Event]bool{}
	near := j.nearEvents()
	// What is done to structs of another type with the descriptor says less.
	twin := func(h flow.FDEvent) bool { return h.Ctx.Load != nil && h.Ctx.Load.Twin }
	own := slices.ContainsFunc(j.Flow.Events, func(h flow.FDEvent) bool {
		return (h.Kind == knowledge.Connect || h.Kind == knowledge.Listen) && !twin(h)
	})
	for _, h := range j.Flow.Events {
		if own && twin(h) {
			continue
		}
		note := ""
		switch h.Kind {
		case knowledge.Connect:
			connects, note = true, "connected"
		case knowledge.Listen:
			listens, note = true, "made a listener"
		case knowledge.Accept:
			accepts = true
		case knowledge.Close:
			closes = true
		case knowledge.Data, knowledge.SendTo:
			uses = true
		case knowledge.PassedOn:
			passed = true
			// A library's own way to connect: cdb_connect(sock, ...).
			foreign = foreign || strings.Contains(strings.ToLower(h.Call.Callee()), "connect")
		}
		if note != "" && s.Transport != result.OtherTransport && !said[h.Kind] && !j.nearer(h) && (len(near) == 0 || near[h.Kind]) {
			said[h.Kind] = true
			s.Evidence = append(append(s.Evidence, handedDown(h)...),
				h.In.Evidence(h.Call.NamePos, fmt.Sprintf("%s here: %s", note, h.In.Text(h.Call))))
		}
	}
	if len(near) > 0 {
		connects, listens = near[knowledge.Connect] || near[knowledge.Listen] && j.otherCallerConnects(), near[knowledge.Listen]
	}
	listens = listens || accepts && !connects
	j.unconnected = !j.Flow.Has(knowledge.Connect) && !j.Flow.Has(knowledge.Listen) && !j.Flow.Has(knowledge.Accept) && !uses && !foreign
	given := func() bool { _, how := j.Flow.PassedOutside(); return how != "" }
	switch {
	case connects && listens:
		s.Role = result.UnknownRole
	case connects && closes && !uses && !passed && !accepts && !j.Flow.Escapes() &&
		!j.Flow.HandedOut && !j.Flow.Duplicated && !given() && j.Flow.ClosedAfter(knowledge.Connect):
		s.Role = result.Probe
		s.Evidence = append(s.Evidence, j.Cand.In.Evidence(j.Cand.Off, "a probe: connects to see whether it can and is closed"))
	case connects:
		s.Role = result.Client
	case listens && !accepts && closes && !uses && !passed && !j.Flow.Escapes() &&
		!j.Flow.HandedOut && !j.Flow.Duplicated && !given() && j.Flow.ClosedAfter(knowledge.Listen):
		s.Role = result.Probe
		s.Evidence = append(s.Evidence, j.Cand.In.Evidence(j.Cand.Off, "a probe: listens to try an address and is closed without accept()"))
	case listens:
		s.Role = result.Listener
	case foreign:
		s.Role = result.Client
	case closes && !uses && !passed && !j.Flow.Escapes() && !given():
		s.Role = result.Probe
		s.Evidence = append(s.Evidence, j.Cand.In.Evidence(j.Cand.Off, "a probe: closed without connect() or listen()"))
	case j.Flow.Has(knowledge.Ioctl) && !uses && !passed && !accepts && !j.Flow.HandedOut && !given():
		s.Role = result.Probe
		s.Evidence = append(s.Evidence, j.Cand.In.Evidence(j.Cand.Off, "never connected or listening: used for ioctl() only"))
	default:
		s.Role = result.UnknownRole
	}
}

// nearEvents returns which of Connect and Listen happen to the descriptor
// on its way through variables, arguments and results. What happens to
// whatever lies in the same member or global at some time says less, and is
// asked only where this is empty.
func (j *Judgement) nearEvents() map[knowledge.Event]bool {
	near := j.ownEvents()
	if near[knowledge.Listen] && !near[knowledge.Connect] {
		return near // connected elsewhere is the one of another kind
	}
	for _, h := range j.Flow.Events {
		if (h.Kind == knowledge.Connect || h.Kind == knowledge.Listen) &&
			(h.Ctx.Store == nil || h.In.Func == j.Cand.In.Func && len(near) == 0) {
			near[h.Kind] = true
		}
	}
	return near
}

// otherCallerConnects reports whether a caller of the function that makes the socket does
// nothing but connect it, where another one listens.
func (j *Judgement) otherCallerConnects() bool {
	var listening, connecting []*parse.Expr
	for _, h := range j.Flow.Events {
		if h.Ctx.Returns == nil {
			if h.Kind == knowledge.Listen {
				return false // on all ways
			}
			continue
		}
		switch way := h.Ctx.Returns.Calls[0].Expr; h.Kind {
		case knowledge.Listen, knowledge.Accept:
			listening = append(listening, way)
		case knowledge.Connect:
			connecting = append(connecting, way)
		}
	}
	return slices.ContainsFunc(connecting, func(way *parse.Expr) bool { return !slices.Contains(listening, way) })
}

// ownEvents returns which of the two the function that makes the socket does
// with the very variable or member that it puts the descriptor in.
func (j *Judgement) ownEvents() map[knowledge.Event]bool {
	found := map[knowledge.Event]bool{}
	fi := j.Cand.In
	top := j.Cand.Call
	path := ""
	switch lhs, d := program.AssignedTo(top); {
	case lhs != nil:
		path = value.PathOf(lhs)
	case d != nil:
		path = d.Name
	}
	if path == "" {
		return found
	}
	nodes := reachedBy(fi, top, path)
	for name, what := range map[string]knowledge.Event{"connect": knowledge.Connect, "listen": knowledge.Listen} {
		for c := range fi.CallsOf(name) {
			if len(c.Args) > 0 && value.PathOf(c.Args[0]) == path && nodes[fi.NodeOf(c)] {
				found[what] = true
			}
		}
	}
	return found
}

// reachedBy returns the nodes that are reached from the one of e before the
// path is assigned again.
func reachedBy(fi *program.FuncInfo, e *parse.Expr, path string) map[*cfg.Node]bool {
	out := map[*cfg.Node]bool{}
	start := fi.NodeOf(e)
	if start == nil {
		return out
	}
	out[start] = true
	fi.Graph().Forward(start, func(n *cfg.Node) bool {
		if d, ok := defuse.LastDef(fi, n, 1<<30, path); ok && d.Kind == defuse.DefValue && !isMinusOne(d.Expr) {
			return false
		}
		out[n] = true
		return true
	})
	return out
}

// isMinusOne reports whether a descriptor is marked as closed by the value.
func isMinusOne(e *parse.Expr) bool {
	c := value.ConstName(e)
	return c == "-1" || c == "INVALID_SOCKET"
}

// nearer reports whether the same happens in the site's own file, and not only in the one
// of another event: each platform may have a file with the same functions.
func (j *Judgement) nearer(h flow.FDEvent) bool {
	return h.In.File != j.Cand.File && slices.ContainsFunc(j.Flow.Events, func(o flow.FDEvent) bool {
		return o.Kind == h.Kind && o.In.File == j.Cand.File
	})
}

// handedDown are the calls by which the descriptor comes to where something happens to
// it, the outermost first.
func handedDown(h flow.FDEvent) (out []result.Evidence) {
	for fr := h.Ctx.Frame; fr != nil; fr = fr.Up {
		out = append(out, fr.Call.In.Evidence(fr.Call.Expr.NamePos, "passed on here: "+fr.Call.In.Text(fr.Call.Expr)))
	}
	slices.Reverse(out)
	return out
}

// Again reports whether an enabling is met because the function that makes the socket gets the place of
// it once more. What it does there is done to the next socket: fill(&c->fd); where fill() sets *fd.
func (j *Judgement) Again(e Enabling) bool {
	return slices.ContainsFunc(j.Enablings, func(o Enabling) bool {
		return o.Event.Call == e.Event.Call && o.Event.Ctx.Frame.Ends(e.Event.Ctx.Frame)
	})
}

// keepalive decides whether SO_KEEPALIVE is on.
func (a *Analysis) keepalive(j *Judgement) {
	s := j.Site
	s.Keepalive = result.KeepaliveMissing
	if len(j.Enablings) > 0 {
		s.Keepalive = result.KeepaliveConditional
		told := 0
		for _, e := range j.Enablings {
			if told < 4 && !j.Again(e) {
				told++
				s.Evidence = append(s.Evidence, handedDown(e.Event)...)
				note := "SO_KEEPALIVE is set: " + e.Event.In.Text(e.Event.Call)
				if e.why != "" {
					note += " (" + e.why + ")"
				}
				s.Evidence = append(s.Evidence, e.Event.In.Evidence(e.Event.Call.NamePos, note))
			}
		}
		bare := a.uncoveredCalls(j)
		for _, c := range bare {
			s.Node.Uncovered = append(s.Node.Uncovered, a.uncovered(j, c))
			s.Evidence = append(s.Evidence,
				c.In.Evidence(c.Expr.NamePos, fmt.Sprintf("%s %s() in %s()", result.UncoveredNote, c.Expr.Callee(), c.In.Func.Name)))
		}
		if len(bare) == 0 && a.onEveryPath(j) {
			s.Keepalive = result.KeepaliveSet
		}
		return
	}
	if j.off != nil {
		s.Node.SwitchedOff = j.off.In.Func.Name
		s.Evidence = append(s.Evidence, j.off.In.Evidence(j.off.Call.NamePos, "SO_KEEPALIVE is turned off: "+j.off.In.Text(j.off.Call)))
		return
	}
	if !a.inherits(j) {
		a.inheritsFromAny(j)
	}
}

// inherits reports whether listeners were followed to an accept(), all of which that are
// of TCP have the option: it is inherited then.
func (a *Analysis) inherits(j *Judgement) bool {
	s := j.Site
	var on *flow.FDEvent
	listening := a.keepListening(j, j.Sources)
	for i, src := range j.Sources {
		if j.neverTCP[i] || !slices.Contains(listening, src) {
			continue
		}
		taken := flow.FDEvent{Kind: knowledge.Accept, In: j.Cand.In, Call: j.Cand.Call, Ctx: src.ctx}
		k := slices.IndexFunc(src.From.Enablings, func(e Enabling) bool {
			return e.reaches(src.ctx.Returns) && !mutuallyExclusive(e.Event, taken) && !comesLate(src.From, e.Event, taken) && !connectsNext(e.Event) &&
				!e.elsewhere(eval.NewIntEval(a.Prog, j.sess), src.ctx)
		})
		if k < 0 {
			return len(j.Sources) > 0
		}
		on = &src.From.Enablings[k].Event
	}
	if on != nil {
		s.Keepalive = result.KeepaliveInherited
		s.Evidence = append(s.Evidence,
			on.In.Evidence(on.Call.NamePos, "its listener has SO_KEEPALIVE, which accepted sockets inherit on Linux"))
	}
	return len(j.Sources) > 0
}

// inheritsFromAny looks, for an accept() to which no listener was followed, at those
// that it may take from: whether all of TCP among them have the option.
func (a *Analysis) inheritsFromAny(j *Judgement) {
	s := j.Site
	if s.Role != result.Accepted || len(j.Sources) > 0 || a.otherListeners() == "" || len(a.unmatched) == 0 {
		return
	}
	for _, k := range a.unmatched {
		for _, h := range k.Flow.Events {
			if h.Kind == knowledge.Listen &&
				!slices.ContainsFunc(k.Enablings, func(e Enabling) bool {
					return e.reaches(h.Ctx.Returns) && !mutuallyExclusive(e.Event, h)
				}) {
				return
			}
		}
	}
	e := a.unmatched[0].Enablings[0].Event
	s.Keepalive = result.KeepaliveInherited
	s.Evidence = append(s.Evidence,
		e.In.Evidence(e.Call.NamePos, "all its possible listeners have SO_KEEPALIVE, which accepted sockets inherit on Linux"))
}

// verdict draws the conclusion.
func (a *Analysis) verdict(j *Judgement) {
	s := j.Site
	switch {
	case s.Transport == result.OtherTransport:
		s.Verdict = result.NotTCP
		s.Fix.Reason = "not a TCP socket"
	case a.deadMacro(j.Cand.In):
		s.Verdict = result.Exempt
		s.Fix.Reason = "nothing uses the macro " + j.Cand.In.Func.Name
		s.Evidence = append(s.Evidence, j.Cand.In.Evidence(j.Cand.Off, s.Fix.Reason))
	case s.Role == result.Probe:
		s.Verdict = result.Exempt
		s.Fix.Reason = "a probe, never connected"
		if j.Flow.Has(knowledge.Connect) {
			s.Fix.Reason = "a probe, closed once it is connected"
		}
	case s.Keepalive == result.KeepaliveSet || s.Keepalive == result.KeepaliveConditional || s.Keepalive == result.KeepaliveInherited:
		s.Verdict = result.Covered
		s.Fix.Reason = "keepalive is on"
	case s.Transport == result.UnknownTransport && s.Role == result.Accepted:
		s.Verdict = result.Undecided
		s.Fix.Reason = unknownListener
	case s.Transport == result.UnknownTransport:
		s.Verdict = result.Undecided
		s.Fix.Reason = "nothing in the tree calls " + j.Cand.In.Func.Name + "(), whose callers choose the kind of socket"
		s.Evidence = append(s.Evidence, j.Cand.In.Evidence(j.Cand.Off, s.Fix.Reason))
	case s.Role == result.UnknownRole && j.unconnected && !s.Node.Returned && !j.handedOn():
		a.exemptUnused(j)
	case s.Role == result.Accepted && j.closedAtOnce():
		s.Verdict = result.Exempt
		s.Fix.Reason = "the descriptor is closed at once"
		s.Evidence = append(s.Evidence, j.Cand.In.Evidence(j.Cand.Off, s.Fix.Reason))
	default:
		s.Verdict = result.Missing
		if s.Role == result.Accepted {
			s.Rules = []string{"KA002"}
		} else {
			s.Rules = []string{"KA001"}
		}
		last := "nothing in the tree sets SO_KEEPALIVE on this descriptor"
		if steps := a.unmet(j); len(steps) > 0 {
			s.Evidence, last = append(s.Evidence, steps...), "nothing else in the tree sets SO_KEEPALIVE on this descriptor"
		}
		s.Evidence = append(s.Evidence, j.Cand.In.Evidence(j.Cand.Off, last))
	}
	if s.Keepalive == result.KeepaliveInherited {
		s.Rules = append(s.Rules, "KA003")
	}
	if s.Verdict == result.Covered && len(s.Node.Uncovered) > 0 {
		s.Rules = append(s.Rules, "KA009")
		s.Fix.Reason = "keepalive is on for other callers only"
	}
}

// deadMacro reports whether a site stands in a macro that its file does not use. One of a header
// may be for others.
func (a *Analysis) deadMacro(fi *program.FuncInfo) bool {
	m := fi.Func
	return m.Macro != nil && !strings.HasSuffix(m.File.Path, ".h") && a.uncalled(m) && len(a.Prog.FilesNaming(m.Name)) == 1
}

// handedOn reports whether code that is not in the tree gets the descriptor, and
// keeps the place as evidence.
func (j *Judgement) handedOn() bool {
	at, how := j.Flow.PassedOutside()
	if how == "" {
		return false
	}
	pos := at.Expr.NamePos
	if at.Expr.Kind != parse.XCall {
		pos = at.Expr.Pos
	}
	j.Site.Evidence = append(j.Site.Evidence, at.In.Evidence(pos, how))
	return true
}

// exemptUnused exempts a socket that nothing of the tree connects or listens on, where no
// code outside the tree can do so.
func (a *Analysis) exemptUnused(j *Judgement) {
	s := j.Site
	s.Verdict = result.Exempt
	s.Fix.Reason = "never connected or listening in the tree: keepalive would have no effect"
	if what := j.Flow.Exposed(); what != "" {
		s.Verdict = result.Undecided
		s.Fix.Reason = "never connected or listening in the tree, but stored in a " + what
	}
	if misread(j.Cand.In.Func, j.Cand.Off) {
		s.Verdict = result.Undecided
		s.Fix.Reason = "never connected or listening in the tree, but the code could not be parsed (a semicolon or a brace that is missing?)"
	}
	s.Evidence = append(s.Evidence, j.Cand.In.Evidence(j.Cand.Off, s.Fix.Reason))
}

// misread reports whether the statement around a place had to be mended behind it, or the
// braces of the function do not pair: what becomes of a value there is not known.
func misread(fn *parse.Func, off int) bool {
	if fn == nil {
		return false
	}
	end := off
	fn.Body().Walk(func(s *parse.Stmt) bool {
		in := s.Pos <= off && off < s.End
		if in {
			end = s.End
		}
		return in
	})
	return slices.ContainsFunc(fn.Repairs, func(r parse.Repair) bool {
		return r.Kind == parse.RepairBraces ||
			(r.Kind == parse.RepairOpaque || r.Kind == parse.RepairSemicolon) && off < r.Off && r.Off <= end
	})
}

// listeners settles the listeners: one whose accepted sockets all get
// keepalive needs none itself. Where no accept() could be matched to a listener,
// it is one of those that could be matched to no listener that serves it.
func (a *Analysis) listeners() {
	var unmatched []*Judgement
	for _, j := range a.All {
		if j.Site.Role == result.Accepted && j.Site.Verdict != result.NotTCP && j.Site.Verdict != result.Exempt && !j.hasListener() {
			unmatched = append(unmatched, j)
		}
	}
	for _, j := range a.All {
		s := j.Site
		if s.Verdict != result.Missing || s.Role != result.Listener {
			continue
		}
		feeds, note := j.feeds, "every socket accepted from it gets SO_KEEPALIVE"
		if len(feeds) == 0 {
			feeds, note = unmatched, "no accept() could be matched to this listener; all unmatched accept() calls set SO_KEEPALIVE"
		}
		feeds = slices.DeleteFunc(slices.Clone(feeds), func(t *Judgement) bool {
			// What it takes needs no keepalive, or comes from another listener.
			return t.Site.Verdict == result.NotTCP || t.Site.Verdict == result.Exempt
		})
		all := len(feeds) > 0
		for _, t := range feeds {
			switch t.Site.Keepalive {
			case result.KeepaliveSet:
				continue
			case result.KeepaliveConditional:
				if t.covers(j) {
					continue
				}
				s.Node.Unserved = true
			}
			all = false
		}
		if i := slices.IndexFunc(feeds, func(t *Judgement) bool { return t.Site.Verdict == result.Undecided }); all && i >= 0 {
			j.undecide(feeds[i].undecidedBy)
			continue
		}
		if !all {
			for _, t := range j.feeds {
				if t.Site.Verdict == result.Missing {
					s.Evidence = append(s.Evidence,
						t.Cand.In.Evidence(t.Cand.Off, result.AcceptedNote+": "+t.Cand.In.Text(t.Cand.Call)))
				}
			}
		}
		if all {
			s.Verdict, s.Rules = result.Covered, nil
			s.Fix.Reason = "the sockets accepted from it have keepalive"
			t := feeds[0]
			s.Evidence = append(s.Evidence, t.Cand.In.Evidence(t.Cand.Off, note))
		}
	}
}

// closedAtOnce reports whether an accepted socket is closed and nothing else
// happens to it: it is neither read nor written, handed on, kept nor returned.
func (j *Judgement) closedAtOnce() bool {
	closed := false
	for _, e := range j.Flow.Events {
		if e.Kind != knowledge.Close {
			return false
		}
		closed = true
	}
	_, how := j.Flow.PassedOutside()
	return closed && !j.Flow.HandedOut && !j.Flow.Escapes() && !j.Flow.KeptUnseen() && how == ""
}

// covers reports whether what is accepted from a listener gets the option: where
// a function accepts for several callers and only some of them set it, all that
// hand it this listener have to.
func (j *Judgement) covers(listener *Judgement) bool {
	for _, src := range j.Sources {
		if src.From == listener && src.ctx.Frame != nil && !j.enabledBy(src.ctx.Frame.Call.Expr) {
			return false
		}
	}
	return true
}

// enabledBy reports whether the option is set on what a call of the accepting
// function returns, or in that function itself.
func (j *Judgement) enabledBy(call *parse.Expr) bool {
	for _, e := range j.Enablings {
		if x := e.Event.Ctx.Returns; x == nil || len(x.Calls) == 0 || x.Calls[0].Expr == call {
			return true
		}
	}
	return false
}

// hasListener reports whether a listener was found that an accept() takes from.
func (j *Judgement) hasListener() bool {
	for _, s := range j.Sources {
		if s.From.Flow.Has(knowledge.Listen) {
			return true
		}
	}
	return false
}
