package detect

import "github.com/keepatch/keepatch/parse"

// rowTriples splits the arguments of a socket() call that are members of one
// element of a table by the table's rows, so that the domain of one row is
// never combined with the type of another. It returns t itself where the rows
// do not account for all that the members can hold.
func (p *program) rowTriples(ev *evaluator, r ref, t triple) []triple {
	whole := []triple{t}
	if len(r.e.Args) < 3 || len(t.domain.set) < 2 || len(t.typ.set) < 2 || t.domain.unknown != "" || t.typ.unknown != "" {
		return whole
	}
	dom, typ, proto := r.e.Args[0].Strip(), r.e.Args[1].Strip(), r.e.Args[2].Strip()
	if !sameObject(dom, typ) {
		return whole
	}
	base, _ := r.fi.typeOf(dom.X)
	if p.isAssigned(r.fi, dom) || p.isAssigned(r.fi, typ) {
		return whole
	}
	var out []triple
	var all triple
	for _, row := range p.rowsOf(r.fi.unit, p.structKeyOr(r.fi.unit, base), base) {
		host := row.fi
		at := func(m *parse.Expr) values {
			if x := host.fieldInit(row.e, base, m.Name); x != nil {
				return ev.eval(host, x, nil)
			}
			return one("0")
		}
		q := triple{at(dom), at(typ), t.proto}
		if sameObject(dom, proto) {
			q.proto = at(proto)
		}
		all.domain.join(q.domain)
		all.typ.join(q.typ)
		if q.domain.only("0") && q.typ.only("0") {
			continue // the row that ends the table
		}
		out = append(out, q)
	}
	if len(out) == 0 || len(out) > 64 || !t.domain.within(all.domain) || !t.typ.within(all.typ) {
		return whole
	}
	return out
}

// isAssigned reports whether the tree changes that member of that struct.
func (p *program) isAssigned(fi *funcInfo, e *parse.Expr) bool {
	owner := fi.ownerKey(e)
	for _, m := range p.members(e.Name) {
		up := m.e.Up
		if m.owner != owner && m.owner != "?" || up == nil {
			continue
		}
		if up.Kind == parse.XAssign && up.X == m.e || up.Kind == parse.XUnary && up.Op == parse.And {
			return true
		}
	}
	return false
}

// sameObject reports whether two expressions are members of one object.
func sameObject(a, b *parse.Expr) bool {
	return a != nil && b != nil && a.Kind == parse.XMember && b.Kind == parse.XMember && pathOf(a.X) != "" && pathOf(a.X) == pathOf(b.X)
}

// only reports whether v is that one value.
func (v values) only(name string) bool { return v.unknown == "" && len(v.set) == 1 && v.set.has(name) }

// within reports whether w holds all values of v.
func (v values) within(w values) bool {
	for _, k := range v.set {
		if !w.set.has(k) {
			return false
		}
	}
	return true
}
