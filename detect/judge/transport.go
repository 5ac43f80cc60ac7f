package judge

import (
	"fmt"
	"slices"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/site"
	"github.com/keepatch/keepatch/detect/socket"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// socketTransport judges the arguments of a socket() call.
func (a *Analysis) socketTransport(j *Judgement) {
	all, tr, evidence := a.kindOfSocket(j.sess, j.Cand, j.Flow)
	s := j.Site
	s.Node.Domains, s.Node.Types, s.Node.Protocols = value.NameNumbers(all.Domain, knowledge.DomainNumbers).List(),
		value.NameNumbers(all.Type, knowledge.TypeNumbers).List(), all.Protocol.List()
	s.Evidence = append(s.Evidence, evidence...)
	s.Transport = tr
}

// kindOfSocket evaluates the arguments of a socket() call whose descriptor has the flow f, and says
// why the transport is what it is.
func (a *Analysis) kindOfSocket(s *fixpoint.Session, c *site.Candidate, f *flow.Flow) (
	all socket.Args, tr result.Transport, why []result.Evidence) {
	ts, trail := a.argsOf(s, c, nil)
	all = socket.Join(ts)
	tr, certain := socket.Transport(ts)
	why = append([]result.Evidence{c.In.Evidence(c.Off, all.Describe())}, trail...)
	for _, v := range []struct{ what, why string }{{"domain", all.Domain.Unknown}, {"type", all.Type.Unknown}} {
		if v.why != "" {
			why = append(why, c.In.Evidence(c.Off, "the "+v.what+" is not known: "+v.why))
		}
	}
	if !certain {
		var used []result.Evidence
		tr, used = a.byUse(s, c, f, all, tr)
		why = append(why, used...)
	}
	return all, tr, why
}

// byUse narrows an open transport by what is done with the descriptor: the
// address it is connected or bound to, listen(), options of TCP.
func (a *Analysis) byUse(s *fixpoint.Session, c *site.Candidate, f *flow.Flow, all socket.Args, tr result.Transport) (
	_ result.Transport, why []result.Evidence) {
	var fam value.Values
	var addressed []flow.FDEvent
	stream, dgram, opts := false, false, false
	for _, h := range f.Events {
		switch h.Kind {
		case knowledge.Listen, knowledge.Accept:
			stream = true
		case knowledge.SendTo:
			dgram = dgram || h.Call.Callee() == "sendto" || h.Call.Callee() == "recvfrom"
		case knowledge.Connect, knowledge.Bind:
			addressed = append(addressed, h)
			if args := h.In.Args(h.Call); len(args) > 1 {
				ev := eval.New(a.Prog, s)
				v := ev.Family(args[1].In, args[1].Expr, "", h.Ctx.Frame)
				if len(v.Set) > 0 {
					why = append(why, h.In.Evidence(h.Call.NamePos,
						fmt.Sprintf("%s() to an address of %s", h.Call.Callee(), socket.Describe(v, knowledge.DomainNumbers))))
				}
				fam.Join(v)
			}
		case knowledge.SetOption:
			if args := h.In.Args(h.Call); len(args) > 2 {
				l, o := value.ConstName(args[1].Expr), value.ConstName(args[2].Expr)
				if knowledge.TCPLevels[l] || o == "TCP_NODELAY" {
					opts = true
					why = append(why, h.In.Evidence(h.Call.NamePos, "a TCP option is set on it"))
				}
			}
		}
	}
	dom, typ := all.Domain, all.Type
	if value.MayDecideForTCP(dom, knowledge.InetDomains, knowledge.OtherDomains) && len(fam.Set) > 0 {
		dom = value.Values{Set: fam.Set}
		switch {
		case fam.Unknown != "" && !opts:
			dom.Unknown = fam.Unknown
		case !a.onEachReturn(c.In.Func, addressed, 0):
			dom.Join(all.Domain) // what one caller connects it to is not what another does
		}
	}
	if value.MayDecideForTCP(typ, knowledge.StreamTypes, knowledge.OtherTypes) {
		switch {
		case stream && !dgram:
			typ = value.Single("SOCK_STREAM")
		case dgram && !stream && len(typ.Set) == 0:
			typ = value.Single("SOCK_DGRAM")
		}
	}
	x, _ := socket.Args{Domain: dom, Type: typ, Protocol: all.Protocol}.Transport()
	if opts && x == result.UnknownTransport {
		x = result.MaybeTCP
	}
	if x == result.UnknownTransport {
		// A wrapper whose callers cannot be read: TCP is among what it can make.
		x = result.MaybeTCP
		if a.uncalled(c.In.Func) {
			x = result.UnknownTransport
		}
	}
	if tr == result.MaybeTCP && x == result.TCP &&
		(value.HasAny(all.Domain, knowledge.OtherDomains) || value.HasAny(all.Type, knowledge.OtherTypes)) {
		return result.MaybeTCP, why
	}
	return x, why
}

// onEachReturn reports whether one of the things happens to the descriptor on each way
// on which function fn returns it, depth calls after it was made.
func (a *Analysis) onEachReturn(fn *parse.Func, events []flow.FDEvent, depth int) bool {
	if slices.ContainsFunc(events, func(h flow.FDEvent) bool { return h.Ctx.Returns.Len() <= depth }) {
		return true
	}
	if a.Prog.OnlyTried(fn) {
		return false
	}
	for _, c := range callgraph.CallSites(a.Prog, fn) {
		on := slices.DeleteFunc(slices.Clone(events), func(h flow.FDEvent) bool { return h.Ctx.Returns.Calls[depth].Expr != c.Expr })
		if len(on) == 0 || !a.onEachReturn(c.In.Func, on, depth+1) {
			return false
		}
	}
	return true
}

// uncalled reports whether nothing in the tree calls a function.
func (a *Analysis) uncalled(fn *parse.Func) bool {
	return fn.Name != "main" && len(callgraph.CallSites(a.Prog, fn)) == 0 && len(a.Prog.AddressesTaken(fn)) == 0
}

// acceptTransport judges an accept() by the listeners that reach it, the
// guards it stands under and the type of its address.
func (a *Analysis) acceptTransport(j *Judgement) {
	s, c := j.Site, j.Cand
	say := func(off int, format string, args ...any) {
		s.Evidence = append(s.Evidence, c.In.Evidence(off, fmt.Sprintf(format, args...)))
	}
	tr := result.Transport("")
	doms := value.Values{}
	told := map[*Judgement]bool{}
	exact := len(j.Sources) > 0                 // its listeners and their kinds are all known
	dgram, other, stream := false, false, false // stream: a listener of TCP that is accepted from here alone
	tried := len(j.Sources) > 0                 // only tests hand it listeners
	j.neverTCP = make([]bool, len(j.Sources))
	for i, src := range j.Sources {
		if !a.returns(j.sess, src.ctx.Returns.Frames()) {
			j.neverTCP[i] = true
			continue
		}
		k := a.kindOfListener(j.sess, src)
		j.neverTCP[i] = k.never
		tr, stream, dgram, other = socket.Merge(tr, k.tr), stream || k.stream, dgram || k.dgram, other || k.other
		for _, d := range k.domains {
			doms.Add(d)
		}
		exact = exact && k.exact
		tried = tried && a.tried(c.In.Func, src.ctx.Frame)
		other = other || src.ctx.Store != nil // another one may be stored there
		if !told[src.From] {
			told[src.From] = true
			f := src.From
			s.Evidence = append(s.Evidence, f.Cand.In.Evidence(f.Cand.Off,
				fmt.Sprintf("its listener comes from %s() in %s()%s", f.Cand.Name, f.Cand.In.Func.Name, k.what)))
			if at := src.ctx.Store; at != nil && src.ctx.Load != nil {
				s.Evidence = append(s.Evidence, src.ctx.StoreIn.Evidence(at.Pos, "stored here: "+src.ctx.StoreIn.Text(assignment(at))),
					src.ctx.Load.In.Evidence(src.ctx.Load.Expr.Pos, "loaded here: "+src.ctx.Load.In.Text(src.ctx.Load.Expr)))
			}
		}
	}
	if dgram && !other {
		say(c.Off, "every listener that reaches this call is a datagram socket, which cannot accept")
		tr = result.OtherTransport
	}
	if tried && tr == result.OtherTransport {
		say(c.Off, "only tests and examples pass these")
		tr = ""
	}
	if tr == "" && a.onCipher(j) {
		tr = result.OtherTransport
	}
	if why := a.acceptFailure(j); tr == "" && why != "" {
		say(c.Off, "it always fails: %s", why)
		tr = result.OtherTransport
	}
	if tr != result.OtherTransport && tr != result.TCP { // a guard narrows, it does not contradict
		switch c := a.guards(j); {
		case knowledge.InetDomains[c] || knowledge.NothingButTCP[c]:
			tr = result.TCP
		case knowledge.OtherDomains[c] || knowledge.OtherProtocols[c]:
			tr = result.OtherTransport
		}
	}
	fam := a.addressFamily(j)
	switch {
	case tr == "" || tr == result.MaybeTCP && len(fam.Set) > 0:
		// The buffer may be too small for a peer of another family and never be read:
		// its type does not outweigh the listener's.
		if x := fromFamily(fam); x != "" && (x != result.OtherTransport || !stream && !(exact && tr == result.MaybeTCP)) {
			say(c.Off, "the peer's address is of %s", socket.Describe(fam, nil))
			tr = x
		}
	}
	if tr == "" {
		tr = a.byOtherListeners(j, say)
	}
	s.Node.Domains = doms.List()
	s.Transport = tr
}

// assignment is what stores to an lvalue, where that is an assignment.
func assignment(lhs *parse.Expr) *parse.Expr {
	if up := lhs.Up; up != nil && up.Kind == parse.XAssign && up.X == lhs {
		return up
	}
	return lhs
}

// byOtherListeners is the transport of an accept() that no listener leads to, by those
// that it may take from.
func (a *Analysis) byOtherListeners(j *Judgement, say func(off int, format string, args ...any)) result.Transport {
	c := j.Cand
	say(c.Off, unknownListener)
	switch l := a.otherListeners(); {
	case c.In.Func.Macro != nil && a.uncalled(c.In.Func):
		say(c.Off, "nothing in the tree uses the macro %s", c.In.Func.Name)
	case l == result.TCP || l == result.MaybeTCP:
		k, those := a.unmatched[0].Cand, "all"
		if l == result.MaybeTCP {
			those = "some"
		}
		say(c.Off, "%s of its possible listeners are TCP", those)
		j.Site.Evidence = append(j.Site.Evidence, k.In.Evidence(k.Off, fmt.Sprintf("one of them: %s() in %s()", k.Name, k.In.Func.Name)))
		return l
	case l == "":
		say(c.Off, "no listener in the tree: one of a caller outside may be TCP")
		return result.MaybeTCP // a part of a program: its listeners are elsewhere
	}
	return result.UnknownTransport
}

// listenerKind is what an accept() can take from one of its listeners.
type listenerKind struct {
	tr      result.Transport // "" where it takes nothing
	domains []string
	dgram   bool // it may be a datagram socket, from which nothing is taken
	other   bool // it may be one of another kind
	stream  bool // a listener of TCP that is accepted from here alone
	exact   bool // its kinds are all known
	never   bool // no connection of TCP comes from it
	what    string
}

func (a *Analysis) kindOfListener(s *fixpoint.Session, src Source) (k listenerKind) {
	ts, _ := a.argsOf(s, src.From.Cand, a.untried(src))
	k.never, k.exact = len(ts) > 0, src.ctx.Store == nil
	if len(ts) > 0 {
		k.what = ": " + socket.Join(ts).Describe()
	}
	for _, t := range ts {
		known := len(t.Type.Set) > 0
		if t.Type = accepting(t.Type); known && len(t.Type.Set) == 0 && t.Type.Unknown == "" {
			k.dgram = true
			continue
		}
		k.other = true
		x, certain := t.Transport()
		if !certain {
			x, _ = a.byUse(s, src.From.Cand, src.From.Flow, t, x)
		}
		k.domains = append(k.domains, value.NameNumbers(t.Domain, knowledge.DomainNumbers).Set...)
		k.never = k.never && x == result.OtherTransport
		k.tr, k.stream = socket.Merge(k.tr, x), k.stream || x == result.TCP && len(src.From.feeds) == 1
		k.exact = k.exact && certain && t.Domain.Unknown == "" && t.Type.Unknown == ""
	}
	return k
}

// tried reports whether a function is entered by a call with which a test or an example
// tries what is for others.
func (a *Analysis) tried(fn *parse.Func, fr *callgraph.Frame) bool {
	for ; fr != nil; fn, fr = fr.Call.In.Func, fr.Up {
		if a.Prog.OnlyTried(fn) {
			return true
		}
	}
	return false
}

// untried are the calls that handed on a listener, up to one with which a test tries what
// is for others.
func (a *Analysis) untried(src Source) *callgraph.Frame {
	fn, chain := src.From.Cand.In.Func, &callgraph.ReturnChain{}
	for i := 0; i < src.ctx.Returns.Len() && !a.Prog.OnlyTried(fn); i++ {
		chain = chain.Plus(src.ctx.Returns.Calls[i])
		fn = src.ctx.Returns.Calls[i].In.Func
	}
	return chain.Frames()
}

// unknownListener is why an accept() cannot be decided.
const unknownListener = "no TCP listener in the tree is known to lead to this accept()"

// accepting drops the types of sockets that never get to accept(): it takes
// connections, which datagrams have none of (accept(2), EOPNOTSUPP).
func accepting(types value.Values) value.Values {
	out := value.Values{Unknown: types.Unknown}
	for _, k := range value.NameNumbers(types, knowledge.TypeNumbers).Set {
		if k != "SOCK_DGRAM" && k != "SOCK_RAW" {
			out.Add(k)
		}
	}
	return out
}

// returns reports whether a descriptor can be handed out by the calls of fr: not
// where what the outer ones pass leads past the inner ones.
func (a *Analysis) returns(s *fixpoint.Session, fr *callgraph.Frame) bool {
	if fr == nil || fr.Up == nil {
		return true
	}
	return socket.Feasible(eval.New(a.Prog, s).Conditions(), fr.Call, fr.Up)
}

// otherListeners is the transport of the listeners that an accept() may take from
// to which none leads: those that reach no accept(), else all of the program; ""
// when there are none.
func (a *Analysis) otherListeners() result.Transport {
	a.otherOnce.Do(func() {
		var unmatched, all []*Judgement // unmatched: no accept() was found that takes from it
		for _, j := range a.All {
			if j.Flow == nil || j.Cand.Accepts() || !j.Flow.Has(knowledge.Listen) {
				continue
			}
			all = append(all, j)
			if len(j.feeds) == 0 {
				unmatched = append(unmatched, j)
			}
		}
		if len(unmatched) == 0 {
			unmatched = all
		}
		for _, j := range unmatched {
			_, tr, _ := a.kindOfSocket(fixpoint.NewSession(), j.Cand, j.Flow)
			a.other = socket.Merge(a.other, tr)
			if tr != result.OtherTransport {
				a.unmatched = append(a.unmatched, j)
			}
		}
	})
	return a.other
}

// onCipher reports whether the socket that is accepted from was accepted itself.
// Only Linux's interface to its ciphers works that way: accept() copies the state
// of an operation there (Documentation/crypto/userspace-if.rst).
func (a *Analysis) onCipher(j *Judgement) bool {
	for _, s := range j.fromAccepted {
		k := s.From
		if k == j {
			continue
		}
		doms := value.Values{}
		for _, src := range k.Sources {
			if a.returns(j.sess, src.ctx.Returns.Frames()) {
				for _, d := range a.kindOfListener(j.sess, src).domains {
					doms.Add(d)
				}
			}
		}
		if slices.Equal(doms.List(), []string{"AF_ALG"}) {
			j.Site.Evidence = append(j.Site.Evidence, k.Cand.In.Evidence(k.Cand.Off,
				fmt.Sprintf("the socket comes from %s() in %s(), which is one of AF_ALG", k.Cand.Name, k.Cand.In.Func.Name)))
			return true
		}
	}
	return false
}

func fromFamily(v value.Values) result.Transport {
	switch {
	case len(v.Set) == 0:
		return ""
	case value.OnlyOf(v, knowledge.InetDomains):
		return result.TCP
	case value.OnlyOf(v, knowledge.OtherDomains):
		return result.OtherTransport
	}
	return result.MaybeTCP
}

// addressFamily is what the type of the variable for the peer's address says;
// a sockaddr_storage says nothing.
func (a *Analysis) addressFamily(j *Judgement) value.Values {
	c := j.Cand
	v := familyOfAddress(program.Ref{In: c.In, Expr: c.Call})
	for _, r := range c.Others {
		// Another selection of #if branches may declare the address of another type.
		if x := familyOfAddress(r); value.HasAny(v, knowledge.OtherDomains) && value.HasAny(x, knowledge.InetDomains) &&
			!a.takesForeign(r.In, c.In) {
			v.Join(x)
		}
	}
	return v
}

func familyOfAddress(r program.Ref) value.Values {
	args := r.In.Args(r.Expr)
	if len(args) < 2 {
		return value.Values{}
	}
	e := program.Pointee(args[1].Expr)
	if e == nil {
		return value.Values{}
	}
	if b, _ := r.In.TypeOf(e); knowledge.TypeFamily(b) != "" {
		return value.Single(knowledge.TypeFamily(b))
	}
	return value.Values{}
}

// guards returns a constant of the socket interface that the branches taken
// on the way to the call demand.
func (a *Analysis) guards(j *Judgement) string {
	fi := j.Cand.In
	paths, labels := map[string]bool{}, false
	for _, e := range fi.Names.Refs {
		c, ok := knowledge.Canonical(e.Name)
		if !ok || !(knowledge.InetDomains[c] || knowledge.OtherDomains[c] || knowledge.NothingButTCP[c] ||
			knowledge.OtherProtocols[c] || c == "SOCK_STREAM") {
			continue
		}
		switch up := e.Up; {
		case up != nil && up.Kind == parse.XBinary:
			for _, side := range []*parse.Expr{up.X, up.Y} {
				if p := value.PathOf(value.Compared(side)); p != "" && side.Strip() != e {
					paths[p] = true
				}
			}
		case up == nil && e.In != nil && e.In.Kind == parse.SCase:
			labels = true
		}
	}
	if labels {
		fi.Func.Body().Walk(func(s *parse.Stmt) bool {
			if p := value.PathOf(s.Expr); s.Kind == parse.SSwitch && p != "" {
				paths[p] = true
			}
			return true
		})
	}
	var keys []string
	for p := range paths {
		keys = append(keys, p)
	}
	slices.Sort(keys)
	for _, p := range keys {
		f := defuse.FactsAt(fi, j.Cand.Call, p)
		if len(f.Allowed) == 1 {
			for _, v := range f.Allowed {
				j.Site.Evidence = append(j.Site.Evidence, fi.Evidence(j.Cand.Off, fmt.Sprintf("only where %s is %s", p, v)))
				return v
			}
		}
	}
	return ""
}
