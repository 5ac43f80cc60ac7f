package detect

import (
	"fmt"

	"github.com/keepatch/keepatch/parse"
)

// An object may carry the table of its methods:
//
//	s->fd = fd; s->ops = ops;                where the descriptor is laid down
//	s->ops->tune(s);                         where it is taken out, in a function
//
// A function that only tables hold, and others than the one that was stored beside
// the descriptor, never gets this object.

// otherTable reports whether what was put into a member, by the store at, lies in
// an object whose methods fn is none of.
func (f *folder) otherTable(puts []put, at *parse.Expr, fn *parse.Func) bool {
	if at == nil || at.Kind != parse.XMember || fn.Macro != nil || len(f.p.callers(fn)) > 0 {
		return false
	}
	key, tables := "", map[string]bool{}
	for _, m := range f.p.mentions(fn) {
		row := methodTable(m)
		if row == "" || m.d == nil || m.d.Type.Array {
			return false
		}
		base, _ := declType(m.d)
		if k := f.p.structKey(m.u, base); key == "" || key == k {
			key = k
		} else {
			return false
		}
		tables[row] = true
	}
	found := false
	for _, q := range puts {
		if q.e != at {
			continue
		}
		rows, known := f.tableBeside(q, key)
		if !known {
			return false
		}
		for _, r := range rows {
			if tables[r] {
				return false
			}
		}
		found = true
	}
	return found
}

// tableBeside names the tables of the type key that the function which puts a
// descriptor into an object stores there as well; known is false where there are
// none, or where the object may get another one later.
func (f *folder) tableBeside(q put, key string) (rows []string, known bool) {
	base := pathOf(q.e.X)
	if base == "" || q.fi.fn.Macro != nil {
		return nil, false
	}
	for _, n := range q.fi.graph().nodes {
		x := n.expr
		if x == nil || x.Kind != parse.XAssign || x.Op != parse.Assign {
			continue
		}
		lhs := x.X.Strip()
		if lhs == nil || lhs.Kind != parse.XMember || pathOf(lhs.X) != base {
			continue
		}
		if b, ptr := q.fi.typeOf(lhs); ptr != 1 || b == "" || f.p.structKey(q.fi.unit, b) != key {
			continue
		}
		list, ok := f.elements(q.fi, x.Y, q.in, 0)
		if !ok || len(list) == 0 || !f.settledBy(q, lhs) {
			return nil, false
		}
		for _, r := range list {
			if r.e.Kind == parse.XDesig {
				r.e = r.e.X
			}
			if r.e == nil || r.e.Kind != parse.XInit {
				return nil, false
			}
			rows = append(rows, fmt.Sprintf("%s:%d", r.fi.unit.path, r.e.Pos))
		}
	}
	return rows, len(rows) > 0
}

// settledBy reports whether the table member lhs of an object is set only by
// functions that put a descriptor there too: those that set objects up.
func (f *folder) settledBy(q put, lhs *parse.Expr) bool {
	owner := q.fi.ownerKey(lhs)
	for _, m := range f.p.members(lhs.Name) {
		if m.owner != owner && m.owner != "?" || !m.written || m.fi == q.fi {
			continue
		}
		beside := false
		for e := range m.fi.named(q.e.Name) {
			beside = beside || e.Kind == parse.XMember && pathOf(e.X) == pathOf(m.e.X) && storeEnd(e) > 0
		}
		if up := m.e.Up; !beside && up != nil && up.Kind == parse.XAssign {
			return false
		}
	}
	return true
}
