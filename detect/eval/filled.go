package eval

import (
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// filledIn evaluates what one function stores to the address at path, whose
// root is d: to any of its family members, through aliases too, by copies and
// by calls that fill it.
func (ev *Evaluator) filledIn(fi *program.FuncInfo, d *parse.Decl, path, sub string, fr *callgraph.Frame) (v value.Values, found bool) {
	aliases := aliases(fi, path)
	for _, name := range knowledge.FamilyNames {
		for m := range fi.Named(name) {
			if m.Kind != parse.XMember || m.Up == nil || m.Up.Kind != parse.XAssign || m.Up.X != m {
				continue
			}
			p := value.PathOf(m.X)
			if aliases[p] || strings.HasPrefix(p, path+".") || strings.HasPrefix(p, path+"[") {
				found = true
				if d != nil && p == d.Name && fi.ParamIndex(d) >= 0 && clearedAgain(fi, m.Up, p+"."+name) {
					continue
				}
				v.Join(ev.Eval(fi, m.Up.Y, fr))
				ev.note(fi, m.Pos, "%s", m.Up)
			}
		}
	}
	v, found = ev.filledParts(fi, d, path, sub, fr, program.Wrapping, v, found)
	if missesFamily(v) {
		v, found = ev.filledParts(fi, d, path, sub, fr, wholeAddress(fi), v, found)
	}
	if d != nil && d.Init != nil && sub == "" && path == value.RootOf(path) {
		if d.Init.Kind == parse.XInit {
			for _, name := range knowledge.FamilyNames {
				if x := fi.FieldInit(d.Init, d.Type.Base, name); x != nil {
					found = true
					v.Join(ev.Eval(fi, x, fr))
				}
			}
		} else if value.PathOf(d.Init) != path {
			found = true
			v.Join(ev.Family(fi, d.Init, "", fr))
		}
	}
	return v, found
}

// filledParts joins to v what is stored, copied or filled by a call where the object at
// path is named; around says what of the expression around its name is the object.
func (ev *Evaluator) filledParts(fi *program.FuncInfo, d *parse.Decl, path, sub string, fr *callgraph.Frame,
	around func(*parse.Expr) *parse.Expr, v value.Values, found bool) (value.Values, bool) {
	root := value.RootOf(path)
	for m := range fi.Named(value.LastWord(path)) {
		if value.PathOf(m)+sub != path && value.PathOf(m) != path || fi.Lookup(root, m.Pos) != d {
			continue
		}
		x := around(m)
		up := x.Up
		if up == nil {
			continue
		}
		if up.Kind == parse.XAssign && up.X == x && up.Op == token.Assign && d != nil {
			if y := up.Y.Strip(); y != nil && y.Kind != parse.XNumber &&
				!(y.Kind == parse.XIdent && y.Name == "NULL") && value.PathOf(y) != path {
				found = true
				v.Join(ev.Family(fi, up.Y, "", fr))
			}
			continue
		}
		if up.Kind != parse.XCall {
			continue
		}
		if w, ok := ev.filledBy(fi, up, x, fr); ok {
			found = true
			v.Join(w)
		}
	}
	return v, found
}

// wholeAddress tells what is passed or stored where an object is named, with the casts
// and & around it: the object, or the socket address in a union or struct of the
// tree, as in memcpy(&m.sa, from, len).
func wholeAddress(fi *program.FuncInfo) func(m *parse.Expr) *parse.Expr {
	return func(m *parse.Expr) *parse.Expr {
		x := program.Wrapping(m)
		for x.Up != nil && x.Up.Kind == parse.XMember && x.Up.X == x {
			owner, _ := fi.TypeOf(x)
			base, ptr := fi.TypeOf(x.Up)
			if ptr > 0 || owner == "" || knowledge.IsSystemStruct(owner) || !strings.Contains(base, "sockaddr") {
				break
			}
			x = program.Wrapping(x.Up)
		}
		return x
	}
}

// clearedAgain reports whether what an assignment stores to the path is cleared
// on every way out of the function, so that its callers never see it.
func clearedAgain(fi *program.FuncInfo, at *parse.Expr, path string) bool {
	start := fi.NodeOf(at)
	if start == nil {
		return false
	}
	leaves := func(n *cfg.Node) bool { return n == fi.Graph().Exit || n.Stmt != nil && n.Stmt.Kind == parse.SReturn }
	kept, cleared := leaves(start), false
	fi.Graph().Forward(start, func(n *cfg.Node) bool {
		if d, ok := defuse.LastDef(fi, n, 1<<30, path); ok && d.Kind == defuse.DefZero {
			cleared = true
			return false
		}
		kept = kept || leaves(n)
		return true
	})
	return cleared && !kept
}

// aliases lists the variables of a function that point to the object at path,
// and the path itself: struct sockaddr_in *sin = (struct sockaddr_in *)&ss.
func aliases(fi *program.FuncInfo, path string) map[string]bool {
	out := map[string]bool{path: true}
	if fi.Func.End == 0 {
		return out
	}
	for _, l := range fi.Locals {
		if l.Decl.Init != nil && value.PathOf(l.Decl.Init) == path {
			out[l.Decl.Name] = true
		}
	}
	for m := range fi.Named(value.LastWord(path)) {
		x := program.Wrapping(m)
		if up := x.Up; up != nil && up.Kind == parse.XAssign && up.Y == x && value.PathOf(x) == path {
			out[value.PathOf(up.X)] = true
		}
	}
	return out
}

// filledBy evaluates the family of an address that a call stores or copies.
func (ev *Evaluator) filledBy(fi *program.FuncInfo, call, arg *parse.Expr, fr *callgraph.Frame) (value.Values, bool) {
	i := 0
	for k, a := range call.Args {
		if a == arg {
			i = k
		}
	}
	name := call.Callee()
	if c, ok := knowledge.Copies.Lookup(name); ok {
		if i == c.To && len(call.Args) > 1 {
			return ev.Family(fi, call.Args[c.From], "", fr), true
		}
		return value.Values{}, false
	}
	if knowledge.StoresPeer.Has(name) {
		if i != 1 {
			return value.Values{}, false
		}
		v := value.Single("AF_INET")
		v.Add("AF_INET6")
		ev.note(fi, call.NamePos, "the family is that of a connected socket: %s", call)
		return v, true
	}
	var v value.Values
	for _, fn := range ev.Prog.FuncsNamed(fi.File, name) {
		if i >= len(fn.Params) {
			continue
		}
		if fr.Depth() > value.Bound.Frames {
			v.Join(ev.Sess.MarkIncomplete(tooNested))
			continue
		}
		gi, d := ev.Prog.InfoOf(fn), fn.Params[i]
		if base, _ := program.DeclType(d); !ev.Prog.MayBeAddress(gi.File, base) {
			continue
		}
		sub := ev.Sess.Into(fn, program.Ref{In: fi, Expr: call}, fr)
		v.Join(ev.answer(fixpoint.Query{Decl: d, Kind: queryFilled}, sub, func() value.Values {
			w, _ := ev.filledIn(gi, d, d.Name, "", sub)
			return w
		}))
	}
	return v, len(v.Set) > 0
}

// familyAt evaluates what the address m receives where it stands; with parts, what one
// of the addresses in it receives.
func (ev *Evaluator) familyAt(fi *program.FuncInfo, m *parse.Expr, parts bool) (value.Values, bool) {
	x := m
	for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XCast || x.Up.Kind == parse.XIndex && x.Up.X == x ||
		x.Up.Kind == parse.XUnary && (x.Up.Op == token.And || x.Up.Op == token.Mul)) {
		x = x.Up
	}
	for x.Up != nil && x.Up.Kind == parse.XMember {
		x = x.Up
		if knowledge.FamilyMembers[x.Name] {
			break
		}
	}
	whole := x == m
	if base, ptr := fi.TypeOf(x); parts && !whole && ptr == 0 && strings.Contains(base, "sockaddr") {
		x, whole = program.Wrapping(x), true
	}
	if d := pointedBy(fi, x); d != nil {
		return ev.filledIn(fi, d, d.Name, "", nil)
	}
	up := x.Up
	if up == nil {
		return value.Values{}, false
	}
	switch {
	case up.Kind == parse.XAssign && up.X == x && up.Op == token.Assign:
		if x.Kind == parse.XMember && knowledge.FamilyMembers[x.Name] {
			return ev.Eval(fi, up.Y, nil), true
		}
		if x.Kind == parse.XMember && !whole {
			return value.Values{}, false
		}
		if y := up.Y.Strip(); y == nil || y.Kind == parse.XNumber || y.Kind == parse.XIdent && y.Name == "NULL" {
			return value.Values{}, false
		}
		return ev.Family(fi, up.Y, "", nil), true
	case up.Kind == parse.XCall:
		return ev.filledBy(fi, up, x, nil)
	}
	return value.Values{}, false
}

// pointedBy returns the pointer of the function's own that an address is put into:
// sin = (struct sockaddr_in *)&c->addr.
func pointedBy(fi *program.FuncInfo, x *parse.Expr) *parse.Decl {
	lhs, d := program.AssignedTo(x)
	if lhs != nil && lhs.Kind == parse.XIdent {
		d = fi.Lookup(lhs.Name, lhs.Pos)
	}
	if d == nil || d.Type.Ptr == 0 || knowledge.TypeFamily(d.Type.Base) == "" || fi.ParamIndex(d) >= 0 {
		return nil
	}
	return d
}
