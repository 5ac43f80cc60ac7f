package judge

import (
	"fmt"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// An object may carry the table of its methods:
//
//	s->fd = fd; s->ops = ops;                where the descriptor is stored
//	s->ops->tune(s);                         where it is loaded, in a function
//
// A function reachable only through other method tables than the object's own cannot
// receive the object.

// otherVtable reports whether what was put into a member, by the store at, lies in
// an object whose methods fn is none of.
func otherVtable(f *eval.IntEval, puts []flow.Store, at *parse.Expr, fn *parse.Func) bool {
	if at == nil || at.Kind != parse.XMember || fn.Macro != nil || len(f.Prog.Callers(fn)) > 0 {
		return false
	}
	key, tables := "", map[string]bool{}
	for _, m := range f.Prog.AddressesTaken(fn) {
		row := callgraph.VtableOf(m)
		if row == "" || m.Decl == nil || m.Decl.Type.Array {
			return false
		}
		base, _ := program.DeclType(m.Decl)
		if k := f.Prog.StructKey(m.File, base); key == "" || key == k {
			key = k
		} else {
			return false
		}
		tables[row] = true
	}
	found := false
	for _, q := range puts {
		if q.Expr != at {
			continue
		}
		rows, known := vtableBeside(f, q, key)
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

// vtableBeside names the tables of the type key that the function which puts a
// descriptor into an object stores there as well; known is false where there are
// none, or where the object may get another one later.
func vtableBeside(f *eval.IntEval, q flow.Store, key string) (rows []string, known bool) {
	base := value.PathOf(q.Expr.X)
	if base == "" || q.In.Func.Macro != nil {
		return nil, false
	}
	for _, n := range q.In.Graph().Nodes {
		x := n.Expr
		if x == nil || x.Kind != parse.XAssign || x.Op != token.Assign {
			continue
		}
		lhs := x.X.Strip()
		if lhs == nil || lhs.Kind != parse.XMember || value.PathOf(lhs.X) != base {
			continue
		}
		if b, ptr := q.In.TypeOf(lhs); ptr != 1 || b == "" || f.Prog.StructKey(q.In.File, b) != key {
			continue
		}
		list, ok := f.Elements(q.In, x.Y, q.Frame, 0)
		if !ok || len(list) == 0 || !settledBy(f, q, lhs) {
			return nil, false
		}
		for _, r := range list {
			if r.Expr.Kind == parse.XDesig {
				r.Expr = r.Expr.X
			}
			if r.Expr == nil || r.Expr.Kind != parse.XInit {
				return nil, false
			}
			rows = append(rows, fmt.Sprintf("%s:%d", r.In.File.Path, r.Expr.Pos))
		}
	}
	return rows, len(rows) > 0
}

// settledBy reports whether the table member lhs of an object is set only by
// functions that put a descriptor there too: those that set objects up.
func settledBy(f *eval.IntEval, q flow.Store, lhs *parse.Expr) bool {
	owner := q.In.OwnerKey(lhs)
	for _, m := range f.Prog.Members(lhs.Name) {
		if m.Owner != owner && m.Owner != "?" || !m.Written || m.In == q.In {
			continue
		}
		beside := false
		for e := range m.In.Named(q.Expr.Name) {
			beside = beside || e.Kind == parse.XMember && value.PathOf(e.X) == value.PathOf(m.Expr.X) && program.StoreEnd(e) > 0
		}
		if up := m.Expr.Up; !beside && up != nil && up.Kind == parse.XAssign {
			return false
		}
	}
	return true
}
