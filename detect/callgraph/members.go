package callgraph

import (
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// memberOf is the slot of a member expression. Where the type is not known, it is any member
// of that name that the file has.
func memberOf(fi *program.FuncInfo, e *parse.Expr) slot {
	s := slot{kind: memberSlot, owner: fi.OwnerKey(e), name: e.Name}
	if s.owner == "?" {
		s.owner += fi.File.Path
	}
	return s
}

// accesses calls f for the member expressions that can be of a slot.
func (r *pointsTo) accesses(n *node, f func(program.MemberRef)) {
	if n.owner[0] == '?' {
		for _, m := range r.p.MembersIn(n.in.File, n.name) {
			f(m)
		}
		return
	}
	seen := map[*program.File]bool{}
	for _, m := range r.p.MembersOf(n.owner, n.name, nil) {
		if m.Owner != n.owner {
			continue
		}
		f(m)
		if u := m.In.File; !seen[u] {
			seen[u] = true
			for _, o := range r.p.MembersIn(u, n.name) {
				if o.Owner == "?" {
					f(o)
				}
			}
		}
	}
}

// owners calls f for the slots with a known type of which a member whose type is not known
// can be.
func (r *pointsTo) owners(n *node, f func(slot)) {
	if n.owner[0] != '?' {
		return
	}
	seen := map[string]bool{"?": true}
	for _, m := range r.p.MembersIn(n.in.File, n.name) {
		if !seen[m.Owner] {
			seen[m.Owner] = true
			f(slot{kind: memberSlot, owner: m.Owner, name: n.name})
		}
	}
}

// memberStores lists what a member gets.
func (r *pointsTo) memberStores(n *node) {
	r.accesses(n, func(m program.MemberRef) {
		if m.Written {
			r.storedAt(n, m.In, m.Expr)
		}
	})
	r.owners(n, func(s slot) { r.edge(r.source(s, n.in, nil), n) })
	for _, x := range r.fillingsOf(n.owner)[n.name] {
		r.edge(r.expr(x.In, x.Expr), n)
	}
}

// mayHold reports whether the variable or member e can hold the address of a function, by
// its type.
func (r *pointsTo) mayHold(fi *program.FuncInfo, e *parse.Expr) bool {
	if e.Kind == parse.XMember {
		d := fi.Member(e, 0)
		return d == nil || r.canHold(fi.File, d.Type)
	}
	if d := fi.Lookup(e.Name, e.Pos); d != nil {
		return r.canHold(fi.File, d.Type)
	}
	g := r.p.Global(fi.File, e.Name)
	return g == nil || r.canHold(g.File, g.Decl.Type)
}

// canHold reports whether what has a type can hold the address of a function, or point to
// what does: not a number that is too small, a text, a struct or a pointer to one, whose
// members are slots of their own.
func (r *pointsTo) canHold(u *program.File, t *parse.Type) bool {
	switch {
	case t == nil || t.Func || t.Base == "" && t.Def == nil:
		return true
	case t.Def != nil:
		return false
	}
	return r.types.Get(program.UseKey{File: u, Name: t.Base}, func() bool { return r.baseHolds(u, t.Base, 0) })
}

func (r *pointsTo) baseHolds(u *program.File, base string, depth int) bool {
	switch {
	case base == "void" || knowledge.IsAddressSize(base):
		return true
	case depth > 8 || program.IsBuiltin(base) || program.IsByte(base) || knowledge.IsSystemStruct(base) || r.p.StructOf(u, base) != nil:
		return false
	}
	t := r.p.TypedefOf(u, base)
	switch {
	case t == nil:
		return !knowledge.IsDescriptorType(base)
	case t.Func:
		return true
	}
	return t.Base == "" || r.baseHolds(u, t.Base, depth+1)
}
