package eval

import (
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// systemMember evaluates members of system structs, whose values come from the
// system or from the object they stand in.
func (ev *Evaluator) systemMember(fi *program.FuncInfo, e *parse.Expr, suffix, path string, fr *callgraph.Frame) (value.Values, bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return value.Values{}, false
	}
	last := path[i+1:]
	obj, sub := e, ""
	if suffix == "" {
		if e.Kind != parse.XMember {
			return value.Values{}, false
		}
		obj = e.X
	} else {
		j := strings.LastIndexByte(suffix, '.')
		if j < 0 {
			return value.Values{}, false
		}
		sub = suffix[:j]
	}
	switch {
	case knowledge.FamilyMembers[last]:
		return ev.Family(fi, obj, sub, fr), true
	case last == "h_addrtype":
		v := value.Single("AF_INET")
		v.Add("AF_INET6")
		return v, true
	case last == "p_proto":
		return ev.protocolByName(fi, obj), true
	}
	return value.Values{}, false
}

// Family evaluates the address family of the socket address obj+sub.
func (ev *Evaluator) Family(fi *program.FuncInfo, obj *parse.Expr, sub string, fr *callgraph.Frame) value.Values {
	// Before the casts are taken off they may tell: ((struct sockaddr_in *)p).
	for x := obj; x != nil && sub == "" && (x.Kind == parse.XParen || x.Kind == parse.XCast); x = x.X {
		if x.Kind == parse.XCast {
			if f := knowledge.TypeFamily(x.Type.Base); f != "" && x.X != nil {
				inner := ev.familyInner(fi, x.X.Strip(), "", fr)
				if len(inner.Set) == 0 {
					return value.Single(f)
				}
				return inner
			}
		}
	}
	return ev.familyInner(fi, obj, sub, fr)
}

func (ev *Evaluator) familyInner(fi *program.FuncInfo, obj *parse.Expr, sub string, fr *callgraph.Frame) value.Values {
	e := obj.Strip()
	for e != nil && e.Kind == parse.XUnary && (e.Op == token.And || e.Op == token.Mul) {
		e = e.X.Strip()
	}
	if e == nil {
		return value.Unknown("not understood")
	}
	if ev.OverBudget(fi, e.Pos) {
		return ev.Sess.MarkIncomplete(tooMuch)
	}
	return ev.answer(fixpoint.Query{Expr: e, Path: sub, Kind: queryFamily}, fr, func() value.Values { return ev.familyOf(fi, e, sub, fr) })
}

// familyOf evaluates the family of the address at the path e+sub.
func (ev *Evaluator) familyOf(fi *program.FuncInfo, e *parse.Expr, sub string, fr *callgraph.Frame) value.Values {
	path := value.PathOf(e) + sub
	if strings.HasSuffix(path, ".ai_addr") {
		// The address of a getaddrinfo result has the result's family.
		if sub == "" && e.Kind == parse.XMember {
			return ev.object(fi, e.X, ".ai_family", fr)
		}
		return ev.object(fi, e, strings.TrimSuffix(sub, ".ai_addr")+".ai_family", fr)
	}
	if e.Kind == parse.XCall {
		for _, a := range e.Args {
			if b, _ := fi.TypeOf(a); knowledge.TypeFamily(b) != "" {
				return value.Single(knowledge.TypeFamily(b))
			}
		}
		return ev.callFamily(fi, e, fr)
	}
	base := ev.pathType(fi, e, sub)
	if f := knowledge.TypeFamily(base); f != "" {
		return value.Single(f)
	}
	if !ev.Prog.MayBeAddress(fi.File, base) {
		return value.Unknown("%s is no address", fi.Text(e)+sub)
	}
	if value.PathOf(e) == "" {
		return value.Unknown("not understood: %s", fi.Text(e))
	}
	if whole, below, ok := ev.aroundUnion(fi, e, sub); ok {
		if v := ev.familyStores(fi, whole, below, value.PathOf(whole)+below, fr); len(v.Set) > 0 && v.Unknown == "" {
			return v
		}
	}
	return ev.familyStores(fi, e, sub, path, fr)
}

// aroundUnion returns the union that the generic address e+sub is a member of:
// what fills in another member fills in this one.
func (ev *Evaluator) aroundUnion(fi *program.FuncInfo, e *parse.Expr, sub string) (whole *parse.Expr, below string, ok bool) {
	owner := ""
	switch i := strings.LastIndexByte(sub, '.'); {
	case i >= 0:
		whole, below = e, sub[:i]
		owner = ev.pathType(fi, e, below)
	case sub == "" && e.Kind == parse.XMember && value.PathOf(e.X) != "":
		whole = e.X.Strip()
		for whole != nil && whole.Kind == parse.XUnary {
			whole = whole.X.Strip()
		}
		owner, _ = fi.TypeOf(e.X)
	}
	if whole == nil || owner == "" {
		return nil, "", false
	}
	s := ev.Prog.StructOf(fi.File, owner)
	return whole, below, s != nil && s.Union
}

// callFamily evaluates the family of an address that a function returns.
func (ev *Evaluator) callFamily(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) value.Values {
	var v value.Values
	for _, fn := range ev.Prog.FuncsNamed(fi.File, e.Callee()) {
		gi := ev.Prog.InfoOf(fn)
		for _, r := range gi.Results() {
			v.Join(ev.Family(gi, r, "", ev.Sess.Into(fn, program.Ref{In: fi, Expr: e}, fr)))
		}
	}
	if len(v.Set) == 0 && v.Unknown == "" {
		return value.Unknown("%s", fi.Text(e))
	}
	return v
}

// pathType returns the type of e+sub.
func (ev *Evaluator) pathType(fi *program.FuncInfo, e *parse.Expr, sub string) string {
	base, _ := fi.TypeOf(e)
	for _, name := range strings.Split(strings.ReplaceAll(sub, "[]", ""), ".") {
		if name == "" {
			continue
		}
		s := ev.Prog.StructOf(fi.File, base)
		if s == nil {
			return ""
		}
		d := s.Field(name)
		if d == nil {
			return ""
		}
		base, _ = program.DeclType(d)
	}
	return base
}

// familyStores finds what fills in a generic address: this function, its callers, or
// the stores to the member or global that it is.
func (ev *Evaluator) familyStores(fi *program.FuncInfo, e *parse.Expr, sub, path string, fr *callgraph.Frame) value.Values {
	root := value.RootOf(path)
	d := fi.Lookup(root, e.Pos)
	v, found := ev.filledIn(fi, d, path, sub, fr)
	if found && (len(v.Set) > 0 || v.Unknown != "") {
		return v
	}
	if d != nil {
		if i := fi.ParamIndex(d); i >= 0 && !strings.Contains(path, ".") {
			return ev.paramFamily(fi, i, fr)
		}
	}
	if strings.Contains(path, ".") {
		return ev.fieldFamily(fi, e, sub)
	}
	if g := ev.Prog.Global(fi.File, root); g != nil && d == nil {
		return ev.globalFamily(g)
	}
	return value.Unknown("unknown address family of %s", path)
}

// paramFamily evaluates the family of an address that is a parameter.
func (ev *Evaluator) paramFamily(fi *program.FuncInfo, i int, fr *callgraph.Frame) value.Values {
	ev.Sess.DependsOn(fr)
	if fr != nil {
		c := fr.Call
		if i < len(c.Expr.Args) {
			return ev.Family(c.In, c.Expr.Args[i], "", fr.Up)
		}
		return value.Unknown("called with fewer arguments")
	}
	ev.OpenParams[fi.Func] = true
	calls := callgraph.CallSites(ev.Prog, fi.Func)
	if len(calls) == 0 {
		return value.Unknown("%s() has no caller in the tree", fi.Func.Name)
	}
	var v value.Values
	for _, c := range calls {
		if c.Expr != nil && i < len(c.Expr.Args) {
			ev.note(c.In, c.Expr.NamePos, "called from %s(): %s", c.In.Func.Name, c.Expr)
			v.Join(ev.Family(c.In, c.Expr.Args[i], "", nil))
		}
	}
	return v
}

// fieldFamily evaluates the family of an address that is a member of a struct
// of the tree, by what is stored or copied there.
func (ev *Evaluator) fieldFamily(fi *program.FuncInfo, e *parse.Expr, sub string) value.Values {
	chain, _ := ev.pathSteps(fi, e, sub)
	for i := len(chain) - 1; i >= 0; i-- {
		st := chain[i]
		if knowledge.IsSystemStruct(st.owner) || st.owner == "" {
			continue
		}
		if !ev.memberMayBeAddress(fi, st) {
			continue
		}
		key := ev.Prog.StructKey(fi.File, st.owner)
		v := ev.fromMemory(key+"\x00"+st.name+"#family", func() value.Values { return ev.memberFamily(key, st.name) })
		if len(v.Set) > 0 || v.Unknown != "" {
			return v
		}
	}
	return value.Unknown("nothing in the tree fills %s", fi.Text(e))
}

// memberMayBeAddress reports whether a member can be a socket address, or point to one.
func (ev *Evaluator) memberMayBeAddress(fi *program.FuncInfo, st pathStep) bool {
	s := ev.Prog.StructOf(fi.File, st.owner)
	if s == nil {
		return true
	}
	d := s.Field(st.name)
	if d == nil {
		return true
	}
	base, _ := program.DeclType(d)
	return ev.Prog.MayBeAddress(fi.File, base)
}

// memberFamily joins the families of all addresses that are put into a member.
func (ev *Evaluator) memberFamily(key, name string) value.Values {
	return ev.bothPasses(func(parts bool) (v value.Values) {
		for _, m := range ev.Prog.MembersOf(key, name, nil) {
			if !m.Written || m.Owner != key {
				continue
			}
			if w, ok := ev.familyAt(m.In, m.Expr, parts); ok {
				v.Join(w)
			}
		}
		return v
	})
}

// bothPasses joins what is put into whole addresses and, where one of another family is
// among that, what is put into the parts of a union.
func (ev *Evaluator) bothPasses(pass func(parts bool) value.Values) value.Values {
	v := pass(false)
	if missesFamily(v) {
		v.Join(pass(true))
	}
	return v
}

// missesFamily reports whether families that were found leave out one of IP beside another:
// a test of the family could then leave the other alone. Where both are there, the parts
// add nothing for all that they cost.
func missesFamily(v value.Values) bool {
	return value.HasAny(v, knowledge.OtherDomains) && !(v.Set.Has("AF_INET") && v.Set.Has("AF_INET6"))
}

// globalFamily does the same for a variable with file scope.
func (ev *Evaluator) globalFamily(g *program.Global) value.Values {
	return ev.fromMemory(g.Key+"#family", func() value.Values { return ev.globalFamilies(g) })
}

func (ev *Evaluator) globalFamilies(g *program.Global) value.Values {
	found := false
	v := ev.bothPasses(func(parts bool) (v value.Values) {
		for _, u := range ev.Prog.FilesSeeing(g) {
			for _, gi := range u.FuncsNaming(g.Decl.Name) {
				for m := range gi.Named(g.Decl.Name) {
					if m.Kind == parse.XIdent && gi.Lookup(m.Name, m.Pos) == nil {
						if w, ok := ev.familyAt(gi, m, parts); ok {
							found = true
							v.Join(w)
						}
					}
				}
			}
		}
		return v
	})
	if !found {
		return value.Unknown("nothing in the tree fills %s", g.Decl.Name)
	}
	return v
}

// protocolByName evaluates getprotobyname("tcp")->p_proto.
func (ev *Evaluator) protocolByName(fi *program.FuncInfo, obj *parse.Expr) value.Values {
	e := obj.Strip()
	if e != nil && e.Kind == parse.XIdent {
		defs, _ := defuse.Reaching(fi, fi.NodeOf(e), e.Pos, e.Name)
		var v value.Values
		for _, d := range defs {
			if d.Expr != nil && d.Kind == defuse.DefValue {
				v.Join(ev.protocolByName(fi, d.Expr))
			}
		}
		if len(v.Set) > 0 {
			return v
		}
	}
	if e != nil && e.Kind == parse.XCall && len(e.Args) > 0 {
		switch a := e.Args[0].Strip(); {
		case a.Kind == parse.XString && strings.EqualFold(a.Name, `"tcp"`):
			return value.Single("IPPROTO_TCP")
		case a.Kind == parse.XString && strings.EqualFold(a.Name, `"udp"`):
			return value.Single("IPPROTO_UDP")
		case a.Kind == parse.XString && strings.EqualFold(a.Name, `"sctp"`):
			return value.Single("IPPROTO_SCTP")
		case a.Kind == parse.XString && strings.HasPrefix(strings.ToLower(a.Name), `"icmp`):
			return value.Single("IPPROTO_ICMP")
		}
	}
	return value.Unknown("the protocol of %s", fi.Text(obj))
}
