package alias

import (
	"slices"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// slot is the member of a struct that an object is, as n->listener.conn is.
type slot struct {
	owner, name string
}

// apart reports whether two objects lie in different members of one struct type. Whichever
// struct it is then, they are not the same.
func apart(a, b []slot) bool {
	return slices.ContainsFunc(a, func(s slot) bool {
		return slices.ContainsFunc(b, func(t slot) bool { return s.owner == t.owner && s.name != t.name })
	})
}

// objectsThatAre returns the objects that the lvalue x can be. Of a member, in which struct it lies need
// not be known.
func objectsThatAre(f *search, fi *program.FuncInfo, x *parse.Expr, fr *callgraph.Frame, depth int) ([]Object, bool) {
	x = x.Strip()
	switch {
	case x == nil:
		return nil, false
	case x.Kind == parse.XIndex && fi.IsArray(x.X):
		return objectsThatAre(f, fi, x.X, fr, depth+1)
	case x.Kind != parse.XMember:
		return objectsAround(f, fi, x, fr, depth)
	}
	list, ok := objectsAround(f, fi, x, fr, depth+1)
	at := slotOf(fi, x)
	if at.name == "" || f.memos.copied.Get(at, func() bool { return copiedWhole(f.Prog, at) }) {
		return list, ok
	}
	if !ok {
		list = []Object{{}} // of whatever struct
	}
	out := slices.Clone(list)
	for i := range out {
		out[i].slots = append([]slot{at}, out[i].slots...)
	}
	return out, true
}

// slotOf returns the member that the expression m names; none of a union, in which others lie in the
// same place, or of a struct that is not known.
func slotOf(fi *program.FuncInfo, m *parse.Expr) slot {
	base, _ := fi.TypeOf(m.X)
	if s := fi.File.Prog.StructOf(fi.File, base); base == "" || s == nil || s.Union {
		return slot{}
	}
	return slot{fi.OwnerKey(m), m.Name}
}

// copiedWhole reports whether something of the tree may put another struct there, with the
// descriptor that it holds.
func copiedWhole(p *program.Program, at slot) bool {
	return slices.ContainsFunc(p.Members(at.name), func(m program.MemberRef) bool {
		if m.Owner != at.owner && m.Owner != "?" {
			return false
		}
		x := m.Expr
		for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XCast || x.Up.Kind == parse.XIndex && x.Up.X == x ||
			x.Up.Kind == parse.XUnary && (x.Up.Op == token.And || x.Up.Op == token.Mul)) {
			x = x.Up
		}
		if up := x.Up; up != nil && up.Kind == parse.XAssign {
			return up.X == x && up.Op == token.Assign
		}
		call, i := program.ArgOf(m.Expr)
		if call == nil {
			return false
		}
		_, copies := knowledge.Copies.Lookup(call.Callee())
		return copies && i == 0
	})
}
