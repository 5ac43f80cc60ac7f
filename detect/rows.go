package detect

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

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
		if !q.domain.within(t.domain) || !q.typ.within(t.typ) {
			continue // a row that never comes here
		}
		out = append(out, q)
	}
	if len(out) == 0 || len(out) > 64 || !t.domain.within(all.domain) || !t.typ.within(all.typ) {
		return whole
	}
	return out
}

// ownRows evaluates a member of a table's row, in a function that is only called
// through a pointer of that very row: t->dial(t, host). It has the values of the
// rows that hold the function. rest is the path below parameter i.
func (ev *evaluator) ownRows(fi *funcInfo, i int, e *parse.Expr, suffix, rest string) (v values, ok bool) {
	p := ev.p
	k := strings.LastIndexByte(rest, '.')
	chain, _ := ev.pathSteps(fi, e, suffix)
	if k < 0 || strings.Contains(rest, "[]") || len(chain) == 0 {
		return v, false
	}
	name, key := rest[k+1:], p.structKeyOr(fi.unit, chain[len(chain)-1].owner)
	mentions := p.mentions(fi.fn)
	if len(mentions) == 0 {
		return v, false
	}
	if p.assigned(key, name) {
		return v, false
	}
	for _, c := range p.entries(fi.fn) {
		through := c.e.X.Strip()
		for through != nil && through.Kind == parse.XUnary && through.Op == parse.Mul {
			through = through.X.Strip()
		}
		if through == nil || through.Kind != parse.XMember || i >= len(c.e.Args) {
			return v, false
		}
		if a := pathOf(c.e.Args[i]); a == "" || a+rest[:k] != pathOf(through.X) {
			return v, false
		}
	}
	for _, m := range mentions {
		row := m.e.Up
		if row != nil && row.Kind == parse.XDesig {
			row = row.Up
		}
		if m.d == nil || row == nil || row.Kind != parse.XInit {
			return v, false
		}
		base, _ := declType(m.d)
		if p.structKeyOr(m.u, base) != key {
			return v, false
		}
		host := &funcInfo{fn: &parse.Func{File: m.u.tree()}, unit: m.u}
		if x := host.fieldInit(row, base, name); x != nil {
			v.join(ev.eval(host, x, nil))
		} else {
			v.add("0")
		}
	}
	return v, true
}

// isAssigned reports whether the tree changes that member of that struct.
func (p *program) isAssigned(fi *funcInfo, e *parse.Expr) bool {
	return p.assigned(fi.ownerKey(e), e.Name)
}

// assigned is the same by the key of the struct and the name of the member.
func (p *program) assigned(owner, name string) bool {
	for _, m := range p.members(name) {
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
