package detect

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// familyMembers are the members that hold an address family.
var (
	familyNames   = []string{"sa_family", "sin_family", "sin6_family", "sun_family", "ss_family"}
	familyMembers = setOf("sa_family sin_family sin6_family sun_family ss_family")
)

// familyOfType is the family that the type of an address implies.
var familyOfType = map[string]string{
	"sockaddr_in": "AF_INET", "sockaddr_in6": "AF_INET6", "sockaddr_un": "AF_UNIX", "sockaddr_nl": "AF_NETLINK",
	"sockaddr_ll": "AF_PACKET", "sockaddr_rc": "AF_BLUETOOTH", "sockaddr_l2": "AF_BLUETOOTH", "sockaddr_hci": "AF_BLUETOOTH",
	"sockaddr_vm": "AF_VSOCK", "sockaddr_alg": "AF_ALG", "sockaddr_can": "AF_CAN", "sockaddr_ctl": "AF_SYSTEM",
	"sockaddr_x25": "AF_X25", "sockaddr_ax25": "AF_AX25", "sockaddr_at": "AF_APPLETALK", "sockaddr_dl": "AF_LINK",
	"sockaddr_hv": "AF_HYPERV", "sockaddr_tipc": "AF_TIPC", "SOCKADDR_IN": "AF_INET", "SOCKADDR_IN6": "AF_INET6",
}

func typeFamily(base string) string {
	return familyOfType[strings.TrimPrefix(base, "struct ")]
}

// known evaluates members of system structs, whose values come from the
// system or from the object they stand in.
func (ev *evaluator) known(fi *funcInfo, e *parse.Expr, suffix, path string, fr *frame) (values, bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return values{}, false
	}
	last := path[i+1:]
	obj, sub := e, ""
	if suffix == "" {
		if e.Kind != parse.XMember {
			return values{}, false
		}
		obj = e.X
	} else {
		j := strings.LastIndexByte(suffix, '.')
		if j < 0 {
			return values{}, false
		}
		sub = suffix[:j]
	}
	switch {
	case familyMembers[last]:
		return ev.family(fi, obj, sub, fr), true
	case last == "h_addrtype":
		v := one("AF_INET")
		v.add("AF_INET6")
		return v, true
	case last == "p_proto":
		return ev.protocolByName(fi, obj, sub, fr), true
	}
	return values{}, false
}

// family evaluates the address family of the socket address obj+sub.
func (ev *evaluator) family(fi *funcInfo, obj *parse.Expr, sub string, fr *frame) values {
	// Before the casts are taken off they may tell: ((struct sockaddr_in *)p).
	for x := obj; x != nil && sub == "" && (x.Kind == parse.XParen || x.Kind == parse.XCast); x = x.X {
		if x.Kind == parse.XCast {
			if f := typeFamily(x.Type.Base); f != "" && x.X != nil {
				inner := ev.familyInner(fi, x.X.Strip(), "", fr)
				if len(inner.set) == 0 {
					return one(f)
				}
				return inner
			}
		}
	}
	return ev.familyInner(fi, obj, sub, fr)
}

func (ev *evaluator) familyInner(fi *funcInfo, obj *parse.Expr, sub string, fr *frame) values {
	e := obj.Strip()
	for e != nil && e.Kind == parse.XUnary && (e.Op == parse.And || e.Op == parse.Mul) {
		e = e.X.Strip()
	}
	if e == nil {
		return dunno("not understood")
	}
	if ev.spent() {
		return values{}
	}
	return ev.answer(question{e: e, path: sub, ask: askFamily}, fr, func() values { return ev.familyOf(fi, e, sub, fr) })
}

// familyOf evaluates the family of the address at the path e+sub.
func (ev *evaluator) familyOf(fi *funcInfo, e *parse.Expr, sub string, fr *frame) values {
	path := pathOf(e) + sub
	if strings.HasSuffix(path, ".ai_addr") {
		// The address of a getaddrinfo result has the result's family.
		if sub == "" && e.Kind == parse.XMember {
			return ev.object(fi, e.X, ".ai_family", fr)
		}
		return ev.object(fi, e, strings.TrimSuffix(sub, ".ai_addr")+".ai_family", fr)
	}
	if e.Kind == parse.XCall {
		for _, a := range e.Args {
			if b, _ := fi.typeOf(a); typeFamily(b) != "" {
				return one(typeFamily(b))
			}
		}
		return ev.callFamily(fi, e, fr)
	}
	base, _ := ev.pathType(fi, e, sub)
	if f := typeFamily(base); f != "" {
		return one(f)
	}
	if pathOf(e) == "" {
		return dunno("not understood: %s", fi.src(e))
	}
	if whole, below, ok := ev.aroundUnion(fi, e, sub); ok {
		if v := ev.familyStores(fi, whole, below, pathOf(whole)+below, fr); len(v.set) > 0 && v.unknown == "" {
			return v
		}
	}
	return ev.familyStores(fi, e, sub, path, fr)
}

// aroundUnion returns the union that the generic address e+sub is a member of:
// what fills in another member fills in this one.
func (ev *evaluator) aroundUnion(fi *funcInfo, e *parse.Expr, sub string) (whole *parse.Expr, below string, ok bool) {
	owner := ""
	switch i := strings.LastIndexByte(sub, '.'); {
	case i >= 0:
		whole, below = e, sub[:i]
		owner, _ = ev.pathType(fi, e, below)
	case sub == "" && e.Kind == parse.XMember && pathOf(e.X) != "":
		whole = e.X.Strip()
		for whole != nil && whole.Kind == parse.XUnary {
			whole = whole.X.Strip()
		}
		owner, _ = fi.typeOf(e.X)
	}
	if whole == nil || owner == "" {
		return nil, "", false
	}
	s := ev.p.structOf(fi.unit, owner)
	return whole, below, s != nil && s.Union
}

// callFamily evaluates the family of an address that a function returns.
func (ev *evaluator) callFamily(fi *funcInfo, e *parse.Expr, fr *frame) values {
	var v values
	for _, fn := range ev.p.funcsNamed(fi.unit, e.Callee()) {
		gi := ev.p.infoOf(fn)
		for _, r := range gi.results() {
			v.join(ev.family(gi, r, "", ev.sess.into(fn, ref{fi, e}, fr)))
		}
	}
	if len(v.set) == 0 && v.unknown == "" {
		return dunno("%s", fi.src(e))
	}
	return v
}

// pathType returns the type of e+sub.
func (ev *evaluator) pathType(fi *funcInfo, e *parse.Expr, sub string) (string, int) {
	base, ptr := fi.typeOf(e)
	for _, name := range strings.Split(strings.ReplaceAll(sub, "[]", ""), ".") {
		if name == "" {
			continue
		}
		s := ev.p.structOf(fi.unit, base)
		if s == nil {
			return "", 0
		}
		d := s.Field(name)
		if d == nil {
			return "", 0
		}
		base, ptr = declType(d)
	}
	return base, ptr
}

// familyStores finds who fills in a generic address: this function, its
// callers, or whoever stores to the member or global that it is.
func (ev *evaluator) familyStores(fi *funcInfo, e *parse.Expr, sub, path string, fr *frame) values {
	root := rootOf(path)
	d := fi.lookup(root, e.Pos)
	v, found := ev.filledIn(fi, d, path, sub, fr)
	if found && (len(v.set) > 0 || v.unknown != "") {
		return v
	}
	if d != nil {
		if i := fi.isParam(d); i >= 0 && !strings.Contains(path, ".") {
			return ev.paramFamily(fi, i, fr)
		}
	}
	if strings.Contains(path, ".") {
		return ev.fieldFamily(fi, e, sub)
	}
	if g := ev.p.global(fi.unit, root); g != nil && d == nil {
		return ev.globalFamily(fi, g)
	}
	return dunno("nothing tells the family of %s", path)
}

// paramFamily evaluates the family of an address that is a parameter.
func (ev *evaluator) paramFamily(fi *funcInfo, i int, fr *frame) values {
	ev.sess.look(fr)
	if fr != nil {
		c := fr.call
		if i < len(c.e.Args) {
			return ev.family(c.fi, c.e.Args[i], "", fr.up)
		}
		return dunno("called with fewer arguments")
	}
	ev.open[fi.fn] = true
	calls := ev.p.entries(fi.fn)
	if len(calls) == 0 {
		return dunno("%s() has no caller in the tree", fi.fn.Name)
	}
	var v values
	for n, c := range calls {
		if n >= maxCallers {
			break
		}
		if c.e != nil && i < len(c.e.Args) {
			ev.note(c.fi, c.e.NamePos, "called from %s(): %s", c.fi.fn.Name, c.e)
			v.join(ev.family(c.fi, c.e.Args[i], "", nil))
		}
	}
	return v
}

// fieldFamily evaluates the family of an address that is a member of a struct
// of the tree, by what is stored or copied there.
func (ev *evaluator) fieldFamily(fi *funcInfo, e *parse.Expr, sub string) values {
	chain, _ := ev.pathSteps(fi, e, sub)
	for i := len(chain) - 1; i >= 0; i-- {
		st := chain[i]
		if isForeign(st.owner) || st.owner == "" {
			continue
		}
		key := ev.p.structKey(fi.unit, st.owner)
		v := ev.recall(key+"\x00"+st.name+"#family", func() values { return ev.memberFamily(key, st.name) })
		if len(v.set) > 0 || v.unknown != "" {
			return v
		}
	}
	return dunno("nothing in the tree fills %s", fi.src(e))
}

// memberFamily joins the families of all addresses that are put into a member.
func (ev *evaluator) memberFamily(key, name string) values {
	var v values
	for _, m := range ev.p.members(name) {
		if !m.written || m.owner != key {
			continue
		}
		if w, ok := ev.familyAt(m.fi, m.e); ok {
			v.join(w)
		}
	}
	return v
}

// globalFamily does the same for a variable with file scope.
func (ev *evaluator) globalFamily(from *funcInfo, g *global) values {
	return ev.recall(g.key+"#family", func() values { return ev.globalFamilies(g) })
}

func (ev *evaluator) globalFamilies(g *global) values {
	var v values
	found := false
	for _, u := range ev.p.unitsSeeing(g) {
		for _, gi := range u.funcsMentioning(g.decl.Name) {
			for m := range gi.named(g.decl.Name) {
				if m.Kind == parse.XIdent && gi.lookup(m.Name, m.Pos) == nil {
					if w, ok := ev.familyAt(gi, m); ok {
						found = true
						v.join(w)
					}
				}
			}
		}
	}
	if !found {
		return dunno("nothing in the tree fills %s", g.decl.Name)
	}
	return v
}

// protocolByName evaluates getprotobyname("tcp")->p_proto.
func (ev *evaluator) protocolByName(fi *funcInfo, obj *parse.Expr, sub string, fr *frame) values {
	e := obj.Strip()
	if e != nil && e.Kind == parse.XIdent {
		defs, _ := fi.reach(fi.nodeOf(e), e.Pos, e.Name)
		var v values
		for _, d := range defs {
			if d.e != nil && d.kind == defValue {
				v.join(ev.protocolByName(fi, d.e, sub, fr))
			}
		}
		if len(v.set) > 0 {
			return v
		}
	}
	if e != nil && e.Kind == parse.XCall && len(e.Args) > 0 {
		switch a := e.Args[0].Strip(); {
		case a.Kind == parse.XString && strings.EqualFold(a.Name, `"tcp"`):
			return one("IPPROTO_TCP")
		case a.Kind == parse.XString && strings.EqualFold(a.Name, `"udp"`):
			return one("IPPROTO_UDP")
		case a.Kind == parse.XString && strings.EqualFold(a.Name, `"sctp"`):
			return one("IPPROTO_SCTP")
		case a.Kind == parse.XString && strings.HasPrefix(strings.ToLower(a.Name), `"icmp`):
			return one("IPPROTO_ICMP")
		}
	}
	return dunno("the protocol of %s", fi.src(obj))
}
