package detect

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// filledIn evaluates what one function stores to the address at path, whose
// root is d: to any of its family members, through aliases too, by copies and
// by calls that fill it.
func (ev *evaluator) filledIn(fi *funcInfo, d *parse.Decl, path, sub string, fr *frame) (v values, found bool) {
	root := rootOf(path)
	aliases := fi.aliases(d, path)
	for _, name := range familyNames {
		for m := range fi.named(name) {
			if m.Kind != parse.XMember || m.Up == nil || m.Up.Kind != parse.XAssign || m.Up.X != m {
				continue
			}
			p := pathOf(m.X)
			if aliases[p] || strings.HasPrefix(p, path+".") || strings.HasPrefix(p, path+"[") {
				found = true
				if d != nil && p == d.Name && fi.isParam(d) >= 0 && fi.clearedAgain(m.Up, p+"."+name) {
					continue
				}
				v.join(ev.eval(fi, m.Up.Y, fr))
				ev.note(fi, m.Pos, "%s", m.Up)
			}
		}
	}
	for m := range fi.named(lastWord(path)) {
		if pathOf(m)+sub != path && pathOf(m) != path || fi.lookup(root, m.Pos) != d {
			continue
		}
		x := wrapping(m)
		up := x.Up
		if up == nil {
			continue
		}
		if up.Kind == parse.XAssign && up.X == x && up.Op == parse.Assign && d != nil {
			if y := up.Y.Strip(); y != nil && y.Kind != parse.XNumber && !(y.Kind == parse.XIdent && y.Name == "NULL") && pathOf(y) != path {
				found = true
				v.join(ev.family(fi, up.Y, "", fr))
			}
			continue
		}
		if up.Kind != parse.XCall {
			continue
		}
		if w, ok := ev.filledBy(fi, up, x, path, fr); ok {
			found = true
			v.join(w)
		}
	}
	if d != nil && d.Init != nil && sub == "" && path == root {
		if d.Init.Kind == parse.XInit {
			for _, name := range familyNames {
				if x := fi.fieldInit(d.Init, d.Type.Base, name); x != nil {
					found = true
					v.join(ev.eval(fi, x, fr))
				}
			}
		} else if pathOf(d.Init) != path {
			found = true
			v.join(ev.family(fi, d.Init, "", fr))
		}
	}
	return v, found
}

// clearedAgain reports whether what an assignment stores to the path is cleared
// on every way out of the function, so that its callers never see it.
func (fi *funcInfo) clearedAgain(at *parse.Expr, path string) bool {
	start := fi.nodeOf(at)
	if start == nil {
		return false
	}
	leaves := func(n *node) bool { return n == fi.graph().exit || n.stmt != nil && n.stmt.Kind == parse.SReturn }
	kept, cleared := leaves(start), false
	fi.graph().forward(start, func(n *node) bool {
		if d, ok := fi.lastDef(n, 1<<30, path); ok && d.kind == defZero {
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
func (fi *funcInfo) aliases(d *parse.Decl, path string) map[string]bool {
	out := map[string]bool{path: true}
	if fi.fn.End == 0 {
		return out
	}
	for _, l := range fi.local {
		if l.decl.Init != nil && pathOf(l.decl.Init) == path {
			out[l.decl.Name] = true
		}
	}
	for m := range fi.named(lastWord(path)) {
		x := wrapping(m)
		if up := x.Up; up != nil && up.Kind == parse.XAssign && up.Y == x && pathOf(x) == path {
			out[pathOf(up.X)] = true
		}
	}
	return out
}

func lastWord(path string) string {
	path = strings.TrimSuffix(path, "[]")
	return path[strings.LastIndexByte(path, '.')+1:]
}

// filledBy evaluates the family of an address that a call stores or copies.
func (ev *evaluator) filledBy(fi *funcInfo, call, arg *parse.Expr, path string, fr *frame) (values, bool) {
	i := 0
	for k, a := range call.Args {
		if a == arg {
			i = k
		}
	}
	switch call.Callee() {
	case "memcpy", "memmove":
		if i == 0 && len(call.Args) > 1 {
			return ev.family(fi, call.Args[1], "", fr), true
		}
	case "getsockname", "getpeername", "accept", "accept4", "recvfrom":
		if i == 1 {
			v := one("AF_INET")
			v.add("AF_INET6")
			ev.note(fi, call.NamePos, "the family is that of a connected socket: %s", call)
			return v, true
		}
	case "inet_pton", "inet_aton", "getnameinfo", "sendto", "bind", "connect", "memset", "bzero", "memcmp", "sizeof":
		return values{}, false
	default:
		fns := ev.p.funcsNamed(fi.unit, call.Callee())
		var v values
		for _, fn := range fns {
			if i >= len(fn.Params) {
				continue
			}
			if fr.depth() > maxFrames {
				continue
			}
			gi, d := ev.p.infoOf(fn), fn.Params[i]
			sub := ev.sess.into(fn, ref{fi, call}, fr)
			v.join(ev.answer(question{d: d, ask: askFilled}, sub, func() values {
				w, _ := ev.filledIn(gi, d, d.Name, "", sub)
				return w
			}))
		}
		return v, len(v.set) > 0
	}
	return values{}, false
}

// familyAt evaluates what the address m receives where it stands.
func (ev *evaluator) familyAt(fi *funcInfo, m *parse.Expr) (values, bool) {
	x := m
	for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XCast || x.Up.Kind == parse.XIndex && x.Up.X == x || x.Up.Kind == parse.XUnary && (x.Up.Op == parse.And || x.Up.Op == parse.Mul)) {
		x = x.Up
	}
	for x.Up != nil && x.Up.Kind == parse.XMember {
		x = x.Up
		if familyMembers[x.Name] {
			break
		}
	}
	if d := pointedBy(fi, x); d != nil {
		return ev.filledIn(fi, d, d.Name, "", nil)
	}
	up := x.Up
	if up == nil {
		return values{}, false
	}
	switch {
	case up.Kind == parse.XAssign && up.X == x && up.Op == parse.Assign:
		if x.Kind == parse.XMember && familyMembers[x.Name] {
			return ev.eval(fi, up.Y, nil), true
		}
		if x.Kind == parse.XMember && x != m {
			return values{}, false
		}
		if y := up.Y.Strip(); y == nil || y.Kind == parse.XNumber || y.Kind == parse.XIdent && y.Name == "NULL" {
			return values{}, false
		}
		return ev.family(fi, up.Y, "", nil), true
	case up.Kind == parse.XCall:
		return ev.filledBy(fi, up, x, pathOf(m), nil)
	}
	return values{}, false
}

// pointedBy returns the pointer of the function's own that an address is put into:
// sin = (struct sockaddr_in *)&c->addr.
func pointedBy(fi *funcInfo, x *parse.Expr) *parse.Decl {
	lhs, d := receiver(x)
	if lhs != nil && lhs.Kind == parse.XIdent {
		d = fi.lookup(lhs.Name, lhs.Pos)
	}
	if d == nil || d.Type.Ptr == 0 || typeFamily(d.Type.Base) == "" || fi.isParam(d) >= 0 {
		return nil
	}
	return d
}
