package detect

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// foreignStructs are structs of the system: stores to their members say
// nothing of one object unless the object itself is followed.
var foreignStructs = setOf(`addrinfo sockaddr sockaddr_in sockaddr_in6 sockaddr_un sockaddr_storage sockaddr_nl sockaddr_ll
	hostent servent protoent ifreq ifaddrs pollfd epoll_event msghdr iovec timeval in_addr in6_addr`)

func isForeign(base string) bool {
	return foreignStructs[strings.TrimPrefix(base, "struct ")]
}

// fieldStores evaluates the path e+rest (e with members below it), which lives in a structure that
// others fill in: all that the tree stores to that member of that struct.
func (ev *evaluator) fieldStores(fi *funcInfo, e *parse.Expr, rest string) values {
	// Walk the path: x (a struct of the tree) .f (its member) .ai_family (of a
	// system struct): the member f decides, and the rest stays a suffix.
	chain, base := ev.pathSteps(fi, e, rest)
	for i := len(chain) - 1; i >= 0; i-- {
		st := chain[i]
		if isForeign(st.owner) || st.owner == "" && i > 0 {
			continue
		}
		suffix := ""
		for _, x := range chain[i+1:] {
			suffix += "." + x.name
		}
		if st.name == "ar_result" {
			st.name = "ar_request" // getaddrinfo_a() answers what was asked with those hints
		}
		return ev.storesTo(fi, ev.p.structKeyOr(fi.unit, st.owner), st.owner, st.name, suffix)
	}
	if base == "" {
		return dunno("the type of %s is not known", fi.src(e))
	}
	return dunno("nothing in the tree sets %s", fi.src(e)+rest)
}

type pathStep struct {
	owner string // base type that has the member
	name  string
}

// pathSteps lists the members of the path e+rest with the types that own them.
func (ev *evaluator) pathSteps(fi *funcInfo, e *parse.Expr, rest string) ([]pathStep, string) {
	var out []pathStep
	var walk func(x *parse.Expr)
	walk = func(x *parse.Expr) {
		x = x.Strip()
		if x == nil {
			return
		}
		switch x.Kind {
		case parse.XMember:
			walk(x.X)
			b, _ := fi.typeOf(x.X)
			out = append(out, pathStep{b, x.Name})
		case parse.XUnary, parse.XIndex:
			walk(x.X)
		}
	}
	walk(e)
	base, _ := fi.typeOf(e)
	for _, name := range strings.Split(strings.ReplaceAll(rest, "[]", ""), ".") {
		if name == "" {
			continue
		}
		out = append(out, pathStep{base, name})
		next := ""
		if s := ev.p.structOf(fi.unit, base); s != nil {
			if d := s.Field(name); d != nil {
				next, _ = declType(d)
			}
		}
		base = next
	}
	return out, base
}

func (p *program) structKeyOr(u *unit, base string) string {
	if base == "" {
		return "?"
	}
	return p.structKey(u, base)
}

// storesTo evaluates everything that is stored to member name of the struct
// key, with suffix below it.
func (ev *evaluator) storesTo(from *funcInfo, key, base, name, suffix string) values {
	id := key + "\x00" + name + "\x00" + suffix
	if key == "?" {
		id += "\x00" + from.unit.path
	}
	return ev.recall(id, func() values { return ev.allStores(from, key, base, name, suffix) })
}

func (ev *evaluator) allStores(from *funcInfo, key, base, name, suffix string) values {
	var v values
	n := 0
	found := false
	for _, m := range ev.p.members(name) {
		if !m.written || key == "?" && m.fi.unit != from.unit || key != "?" && m.owner != key {
			continue
		}
		w, ok := ev.storeAt(m.fi, m.e, suffix)
		if !ok {
			continue
		}
		found = true
		if n++; n > 80 {
			v.join(dunno("set in too many places"))
			return v
		}
		v.join(w)
	}
	for _, in := range ev.p.initializers(from.unit, key, base, name) {
		found = true
		if suffix == "" {
			v.join(ev.eval(in.fi, in.e, nil))
		} else {
			v.join(ev.object(in.fi, in.e, suffix, nil))
		}
	}
	if !found {
		return dunno("nothing in the tree sets .%s", name)
	}
	return v
}

// memberRef is a member expression somewhere in the tree.
type memberRef struct {
	fi      *funcInfo
	e       *parse.Expr
	owner   string // struct key, "?" where the type is not known
	written bool   // it is assigned to, or its address is taken, or more is below it
}

// members returns all member expressions of that name in the tree, in order.
func (p *program) members(name string) []memberRef {
	return p.memberRefs.Get(name, func() (out []memberRef) {
		for _, u := range p.unitsAccessing(name) {
			funcs, _ := u.funcsWith(name, memberOnly)
			for _, fi := range funcs {
				for e := range fi.named(name) {
					if e.Kind == parse.XMember {
						out = append(out, memberRef{fi, e, fi.ownerKey(e), isWritten(e)})
					}
				}
			}
		}
		return out
	})
}

// isWritten reports whether what stands at e may change there.
func isWritten(e *parse.Expr) bool {
	x := e
	for x.Up != nil {
		up := x.Up
		switch {
		case up.Kind == parse.XParen || up.Kind == parse.XCast, up.Kind == parse.XMember, up.Kind == parse.XIndex && up.X == x, up.Kind == parse.XUnary && up.Op == parse.Mul:
			x = up
		case up.Kind == parse.XUnary && up.Op == parse.And, up.Kind == parse.XCall && up.X != x:
			return true
		case up.Kind == parse.XAssign:
			return up.X == x
		default:
			return false
		}
	}
	return false
}

// storeAt evaluates what the member expression m receives where it stands;
// ok is false where it is only read.
func (ev *evaluator) storeAt(fi *funcInfo, m *parse.Expr, suffix string) (values, bool) {
	x := m
	for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XIndex && x.Up.X == x || x.Up.Kind == parse.XUnary && x.Up.Op == parse.Mul) {
		x = x.Up
	}
	// x.f.g = v stores to a member below: suffix .g
	sub := ""
	for x.Up != nil && x.Up.Kind == parse.XMember {
		sub += "." + x.Up.Name
		x = x.Up
	}
	if sub != "" && sub != suffix {
		return values{}, false
	}
	if up := x.Up; up != nil && up.Kind == parse.XAssign && up.X == x && up.Op == parse.Assign {
		ev.note(fi, x.Pos, "%s", up)
		if sub == suffix {
			return ev.eval(fi, up.Y, nil), true
		}
		return ev.object(fi, up.Y, suffix, nil), true
	}
	call, i := argOf(x)
	if call == nil {
		return values{}, false
	}
	addr := x.Up != nil && x.Up.Kind == parse.XUnary && x.Up.Op == parse.And
	switch call.Callee() {
	case "memcpy", "memmove":
		if i == 0 && len(call.Args) > 1 && suffix != "" {
			return ev.object(fi, call.Args[1], suffix, nil), true
		}
		return values{}, false
	case "memset", "bzero", "free", "freeaddrinfo", "close", "printf", "connect", "bind", "sendto", "setsockopt":
		return values{}, false
	}
	if !addr || i < 3 && strings.HasSuffix(call.Callee(), "getaddrinfo") {
		return values{}, false
	}
	v := ev.outParam(fi, call, i, suffix, nil)
	return v, len(v.set) > 0 || v.unknown != ""
}

// initial is a value in a braced initializer.
type initial struct {
	fi *funcInfo
	e  *parse.Expr
}

// initializers returns the values that initialized objects of the struct give
// to the member.
func (p *program) initializers(from *unit, key, base, name string) []initial {
	var out []initial
	for _, row := range p.rowsOf(from, key, base) {
		if x := row.fi.fieldInit(row.e, base, name); x != nil {
			out = append(out, initial{row.fi, x})
		}
	}
	return out
}

// rowsOf returns the braced initializers of all objects of the struct, those
// of an array one by one.
func (p *program) rowsOf(from *unit, key, base string) []initial {
	if base == "" {
		return nil
	}
	var units []*unit
	if strings.HasPrefix(base, "struct@") {
		units = []*unit{from}
	}
	for _, word := range p.typeNames(from, base) {
		units = union(units, p.unitsFilling(word))
	}
	var out []initial
	for _, u := range units {
		host := &funcInfo{fn: &parse.Func{File: u.tree()}, unit: u}
		for _, d := range u.filled() {
			b, _ := declType(d)
			if b == "" || isBuiltin(b) || p.structKey(u, b) != key {
				continue
			}
			elems := []*parse.Expr{d.Init}
			if d.Type.Array {
				elems = p.elements(u, d, b)
			}
			for _, el := range elems {
				if el.Kind == parse.XDesig {
					el = el.X
				}
				if el == nil || el.Kind != parse.XInit {
					continue
				}
				out = append(out, initial{host, el})
			}
		}
	}
	return out
}

// elements returns the elements of an array's initializer, each in braces: C lets
// those of the inner ones be left out. Only tables with kinds of sockets are worth
// the trouble.
func (p *program) elements(u *unit, d *parse.Decl, base string) []*parse.Expr {
	list := d.Init.Args
	s := p.structOf(u, base)
	if s == nil || s.Union || len(s.Fields) == 0 {
		return list
	}
	kinds := false
	for _, e := range list {
		if e.Kind == parse.XInit || e.Kind == parse.XDesig {
			return list
		}
		c := constName(e)
		kinds = kinds || inetDomains[c] || otherDomain[c] || streamType[c] || otherType[c]
	}
	if !kinds {
		return list
	}
	for _, m := range s.Fields {
		if m.Type.Array || m.Type.Def != nil && m.Type.Ptr == 0 {
			return list
		}
	}
	var out []*parse.Expr
	for n := len(s.Fields); len(list) > 0; {
		n = min(n, len(list))
		out = append(out, &parse.Expr{Kind: parse.XInit, Pos: list[0].Pos, End: list[n-1].End, Args: list[:n:n]})
		list = list[n:]
	}
	return out
}

// typeNames returns the names under which objects of a type may be declared:
// its own, its tag, and those of the same typedef, of which one may be that of a
// pointer to it.
func (p *program) typeNames(from *unit, base string) []string {
	var out []string
	if word := base[strings.LastIndexByte(base, ' ')+1:]; !strings.HasPrefix(base, "struct@") {
		out = append(out, word)
	}
	s := p.structOf(from, base)
	if s == nil {
		return out
	}
	return append(out, p.synonyms.Get(s, func() (names []string) {
		if s.Tag != "" {
			names = append(names, s.Tag)
		}
		for _, d := range s.File.Decls() {
			if d.Typedef && (d.Type.Def == s || s.Tag != "" && d.Type.Base == "struct "+s.Tag) {
				names = append(names, d.Name)
			}
		}
		return names
	})...)
}

// globalValue evaluates a variable with file scope: its initializer and all
// stores to it.
func (ev *evaluator) globalValue(g *global, rest, suffix string, e *parse.Expr, from *funcInfo) values {
	base, _ := declType(g.decl)
	if rest != "" && rest != "[]" && !isForeign(base) {
		return ev.fieldStores(from, e, suffix)
	}
	return ev.recall(g.key+"\x00"+rest, func() values { return ev.globalStores(g, rest, base) })
}

func (ev *evaluator) globalStores(g *global, rest, base string) values {
	name := g.decl.Name
	host := &funcInfo{fn: &parse.Func{File: g.unit.tree()}, unit: g.unit}
	var v values
	n := 0
	if g.decl.Init != nil {
		switch {
		case rest == "" || rest == "[]":
			v.join(ev.eval(host, g.decl.Init, nil))
		case g.decl.Init.Kind == parse.XInit:
			if x := host.fieldInit(g.decl.Init, base, strings.TrimPrefix(rest, ".")); x != nil {
				v.join(ev.eval(host, x, nil))
			}
		}
	} else if !g.decl.Extern && rest == "" && g.decl.Type.Ptr == 0 {
		v.add("0")
	}
	for _, u := range ev.p.unitsSeeing(g) {
		for _, fi := range u.funcsMentioning(name) {
			for m := range fi.named(name) {
				if m.Kind != parse.XIdent || fi.lookup(name, m.Pos) != nil {
					continue
				}
				w, ok := ev.storeAt(fi, m, strings.TrimPrefix(rest, "[]"))
				if !ok {
					continue
				}
				if n++; n > 60 {
					return v
				}
				v.join(w)
			}
		}
	}
	if len(v.set) == 0 && v.unknown == "" {
		return dunno("nothing in the tree sets %s", name)
	}
	return v
}

// localStores evaluates a static local: its initializer and all stores to it
// in its function.
func (ev *evaluator) localStores(fi *funcInfo, d *parse.Decl, fr *frame) values {
	var v values
	if d.Init != nil {
		v.join(ev.eval(fi, d.Init, fr))
	}
	for m := range fi.named(d.Name) {
		if m.Kind == parse.XIdent && fi.lookup(d.Name, m.Pos) == d {
			if w, ok := ev.storeAt(fi, m, ""); ok {
				v.join(w)
			}
		}
	}
	return v
}
