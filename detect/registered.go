package detect

import (
	"github.com/keepatch/keepatch/parse"
)

// registered asks for what a function gets as parameter i from those that it was
// registered with: the data that is handed to pthread_create() beside it, or the
// struct in which its address lies, where that is what it gets. There is nothing
// to know where its address is taken nowhere.
func (f *folder) registered(fn *parse.Func, i, depth int, ask func(*funcInfo, *parse.Expr, *frame, int) ([]object, bool)) (out []object, ok bool) {
	for _, m := range f.p.mentions(fn) {
		var list []object
		var known bool
		if call, k := argOf(m.e); call != nil && m.fi != nil {
			if a := f.p.given(m.fi, call, k, fn.Params[i], i == len(fn.Params)-1); a != nil {
				list, known = ask(m.fi, a, nil, depth+1)
			}
		} else {
			list, known = f.keeper(m, fn.Params[i])
		}
		if !known || len(out) > maxObjects {
			return nil, false
		}
		out = append(out, list...)
	}
	return out, true
}

// given returns the argument of a call outside the tree that a function, which is
// its argument k, will get as parameter q: one of the same type, or the one behind
// the function where its last parameter is a pointer to anything.
func (p *program) given(fi *funcInfo, call *parse.Expr, k int, q *parse.Decl, last bool) *parse.Expr {
	if len(p.funcsNamed(fi.unit, call.Callee())) > 0 {
		return nil
	}
	if isData(q.Type) {
		if last && k+1 < len(call.Args) {
			return call.Args[k+1]
		}
		return nil
	}
	if q.Type.Ptr != 1 || isBuiltin(q.Type.Base) {
		return nil
	}
	var found *parse.Expr
	for n, a := range call.Args {
		if n == k {
			continue
		}
		if b, ptr := fi.typeOf(a); b == q.Type.Base && ptr == 1 {
			if found != nil {
				return nil
			}
			found = a
		}
	}
	return found
}

// isData reports whether a parameter is a pointer to anything.
func isData(t *parse.Type) bool {
	return t.Ptr == 1 && t.Base == "void" || t.Ptr == 0 && t.Base == "gpointer"
}

// keeper returns the object in a member of which the mention puts the function's
// address, where parameter q is a pointer to such objects.
func (f *folder) keeper(m mention, q *parse.Decl) ([]object, bool) {
	row := m.e.Up
	if row != nil && row.Kind == parse.XDesig {
		row = row.Up
	}
	switch {
	case row == nil || q.Type.Ptr != 1:
	case row.Kind == parse.XInit && m.d != nil && m.d.Init == row && !m.d.Type.Array:
		if base, _ := declType(m.d); base == q.Type.Base {
			return []object{{at: m.d}}, true
		}
	case row.Kind == parse.XAssign && row.Y == m.e && m.fi != nil && row.X.Strip() != nil && row.X.Strip().Kind == parse.XMember:
		lhs := row.X.Strip()
		if base, _ := m.fi.typeOf(lhs.X); base == q.Type.Base {
			return f.around(m.fi, lhs, nil, 0)
		}
	}
	return nil, false
}

// descriptorMembers are the names that event libraries give to the member which
// holds the descriptor, in structs that they define.
var descriptorMembers = []string{"fd", "sock", "socket"}

// watched follows a descriptor that is registered together with a function and an
// object of a struct that the tree does not define, as in ev_io_init(&w, cb, fd,
// EV_READ): the function finds it in the object.
func (f *flow) watched(fi *funcInfo, call *parse.Expr, k int, fn *parse.Func, j journey) {
	gi := f.p.infoOf(fn)
	for i, q := range fn.Params {
		if q.Type == nil || q.Type.Ptr != 1 || isData(q.Type) || f.p.structOf(gi.unit, q.Type.Base) != nil {
			continue
		}
		if f.p.given(fi, call, k, q, i == len(fn.Params)-1) == nil {
			continue
		}
		for _, name := range descriptorMembers {
			for m := range gi.named(name) {
				if m.Kind == parse.XMember && pathOf(m.X) == q.Name {
					f.value(gi, m, f.enter(j, fi, call))
				}
			}
		}
	}
}

// handles reports whether a call outside the tree makes of a descriptor something
// that stands for it, g_io_channel_unix_new(fd), or gives it back again,
// g_io_channel_unix_get_fd(channel), by the types and the name.
func (f *flow) handles(fi *funcInfo, call, arg *parse.Expr) bool {
	if fi.isPointer(arg) {
		return namesDescriptor(call.Callee())
	}
	lhs, d := receiver(call)
	return lhs != nil && fi.isPointer(lhs) || d != nil && d.Type.Ptr == 1
}
