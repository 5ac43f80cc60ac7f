package detect

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// object is where a struct comes from: the call that allocates it, or the variable
// that it is, and the calls that lead to that place, innermost first.
type object struct {
	at    any // *parse.Expr of a call, *parse.Decl of a variable
	calls []*parse.Expr
}

// same reports whether two can be one object: made in the same place, and on ways
// that do not part.
func (o object) same(q object) bool {
	n := min(len(o.calls), len(q.calls))
	return o.at == q.at && slices.Equal(o.calls[:n], q.calls[:n])
}

// apart reports whether what is known of two pointers rules out that they point to
// the same object.
func apart(a, b []object) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	for _, x := range a {
		if slices.ContainsFunc(b, x.same) {
			return false
		}
	}
	return true
}

const maxObjects = 16

// holder returns the objects that the member expression m can be a part of; none
// where they are not all known.
func (f *folder) holder(fi *funcInfo, m *parse.Expr, fr *frame) []object {
	list, ok := f.around(fi, m, fr, 0)
	if !ok || len(list) > maxObjects {
		return nil
	}
	return list
}

// around returns the objects in which the lvalue x lies.
func (f *folder) around(fi *funcInfo, x *parse.Expr, fr *frame, depth int) ([]object, bool) {
	x = x.Strip()
	if x == nil {
		return nil, false
	}
	switch x.Kind {
	case parse.XMember:
		if x.Op == parse.Arrow {
			return f.pointed(fi, x.X, fr, depth+1)
		}
		return f.around(fi, x.X, fr, depth+1)
	case parse.XIndex:
		if b, n := fi.typeOf(x.X); b != "" && n > 0 && !fi.isArray(x.X) {
			return f.pointed(fi, x.X, fr, depth+1)
		}
		return f.around(fi, x.X, fr, depth+1)
	case parse.XUnary:
		switch x.Op {
		case parse.Mul:
			return f.pointed(fi, x.X, fr, depth+1)
		case parse.And: // (&c)->fd
			return f.around(fi, x.X, fr, depth+1)
		}
	case parse.XIdent:
		d := fi.lookup(x.Name, x.Pos)
		if d == nil {
			if g := f.p.global(fi.unit, x.Name); g != nil && (g.decl.Type.Ptr == 0 || g.decl.Type.Array) {
				return []object{{at: g.decl}}, g.decl.Type.Ptr == 0
			}
			return nil, false
		}
		if i := fi.isParam(d); i >= 0 {
			if fi.fn.Macro != nil {
				return f.passed(fi, i, fr, depth, f.around)
			}
			return nil, false // a copy of the caller's
		}
		if d.Type.Ptr > 0 || d.Init != nil && d.Init.Kind != parse.XInit || fi.copied(d) {
			return nil, false
		}
		return []object{{at: d}}, true
	}
	return nil, false
}

// isArray reports whether e names an array, not a pointer, which a parameter is.
func (fi *funcInfo) isArray(e *parse.Expr) bool {
	var d *parse.Decl
	switch x := e.Strip(); {
	case x == nil:
	case x.Kind == parse.XMember:
		d = fi.member(x, 0)
	case x.Kind == parse.XIdent:
		if d = fi.lookup(x.Name, x.Pos); d != nil {
			return d.Type.Array && fi.isParam(d) < 0
		}
		if g := fi.unit.prog.global(fi.unit, x.Name); g != nil {
			d = g.decl
		}
	}
	return d != nil && d.Type.Array
}

// pointed returns the objects that the pointer e can point to.
func (f *folder) pointed(fi *funcInfo, e *parse.Expr, fr *frame, depth int) ([]object, bool) {
	e = e.Strip()
	if f.steps++; e == nil || depth > 12 || f.steps > maxFoldSteps {
		return nil, false
	}
	if isNull(e) {
		return nil, true
	}
	switch e.Kind {
	case parse.XUnary:
		if e.Op == parse.And {
			return f.around(fi, e.X, fr, depth)
		}
	case parse.XAssign:
		if e.Op == parse.Assign {
			return f.pointed(fi, e.Y, fr, depth+1)
		}
	case parse.XCond:
		if e.Y != nil {
			x, ok := f.pointed(fi, e.Y, fr, depth+1)
			y, also := f.pointed(fi, e.Z, fr, depth+1)
			return append(x[:len(x):len(x)], y...), ok && also
		}
	case parse.XCall:
		return f.made(fi, e, fr, depth)
	case parse.XIdent:
		d := fi.lookup(e.Name, e.Pos)
		if d == nil || fi.isArray(e) {
			return f.around(fi, e, fr, depth)
		}
		return f.variable(fi, d, e, fr, depth)
	}
	return nil, false
}

// variable returns what a local pointer can point to where it is used.
func (f *folder) variable(fi *funcInfo, d *parse.Decl, e *parse.Expr, fr *frame, depth int) (out []object, ok bool) {
	i := fi.isParam(d)
	if fi.fn.Macro != nil {
		if i < 0 {
			return nil, false
		}
		return f.passed(fi, i, fr, depth, f.pointed)
	}
	if d.Static || d.Type.Ptr != 1 && d.Type.Base != "gpointer" || fi.copied(d) {
		return nil, false
	}
	defs, entry := fi.reach(fi.nodeOf(e), e.Pos, d.Name)
	for _, x := range defs {
		switch x.kind {
		case defUnknown:
			continue
		case defValue:
		default:
			return nil, false
		}
		list, known := f.pointed(fi, x.e, fr, depth+1)
		if !known {
			return nil, false
		}
		out = append(out, list...)
	}
	if entry && i >= 0 {
		list, known := f.passed(fi, i, fr, depth, f.pointed)
		if !known {
			return nil, false
		}
		out = append(out, list...)
	}
	return out, len(out) > 0 && len(out) <= maxObjects
}

// passed asks for what the callers pass as argument i.
func (f *folder) passed(fi *funcInfo, i int, fr *frame, depth int, ask func(*funcInfo, *parse.Expr, *frame, int) ([]object, bool)) (out []object, ok bool) {
	f.s.look(fr)
	if fr != nil {
		if i >= len(fr.call.e.Args) {
			return nil, false
		}
		return ask(fr.call.fi, fr.call.e.Args[i], fr.up, depth+1)
	}
	calls := f.p.callers(fi.fn)
	if fi.fn.Macro == nil {
		list, known := f.registered(fi.fn, i, depth, ask)
		if !known {
			return nil, false
		}
		out = list
	}
	if len(calls)+len(out) == 0 || len(calls) > maxCallers {
		return nil, false
	}
	for _, c := range calls {
		if i >= len(c.e.Args) {
			return nil, false
		}
		list, known := ask(c.fi, c.e.Args[i], nil, depth+1)
		if !known || len(out) > maxObjects {
			return nil, false
		}
		out = append(out, list...)
	}
	return out, true
}

// made returns the objects that a call returns: a new one, or what a function of
// the tree does.
func (f *folder) made(fi *funcInfo, call *parse.Expr, fr *frame, depth int) (out []object, ok bool) {
	name := call.Callee()
	fns := f.p.funcsNamed(fi.unit, name)
	if len(fns) == 0 {
		if !allocates(name) {
			return nil, false
		}
		o := object{at: call}
		f.s.lookAll()
		for ; fr != nil; fr = fr.up {
			o.calls = append(o.calls, fr.call.e)
		}
		return []object{o}, true
	}
	for _, fn := range fns {
		gi := f.p.infoOf(fn)
		for _, r := range gi.results() {
			list, known := f.pointed(gi, r, f.s.into(fn, ref{fi, call}, fr), depth+1)
			if !known {
				return nil, false
			}
			out = append(out, list...)
		}
	}
	return out, len(out) > 0
}

// allocates reports whether a function whose text is not there returns new memory,
// by its name: malloc, g_malloc0, xcalloc, talloc_zero, g_new0.
func allocates(name string) bool {
	s := strings.ToLower(name)
	return strings.Contains(s, "alloc") && !strings.Contains(s, "realloc") || strings.HasPrefix(s, "g_new") || strings.HasPrefix(s, "g_slice_new")
}

// copied reports whether a struct variable, or what a pointer variable points to,
// is overwritten as a whole, or the variable set by a macro.
func (fi *funcInfo) copied(d *parse.Decl) bool {
	for u := range fi.named(d.Name) {
		if u.Kind != parse.XIdent || fi.lookup(d.Name, u.Pos) != d {
			continue
		}
		x := u
		for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XCast || x.Up.Kind == parse.XUnary && x.Up.Op == parse.Mul) {
			x = x.Up
		}
		if up := x.Up; up != nil && up.Kind == parse.XAssign && up.X == x && (d.Type.Ptr == 0 || x != u) {
			return true
		}
		call, i := argOf(u)
		if call == nil {
			continue
		}
		name := call.Callee()
		if name == "memcpy" || name == "memmove" || name == "bcopy" || outputs[name] != "" && hasDigit(outputs[name], min(i, 9)) {
			return true
		}
	}
	return fi.setByMacro(d)
}

// setByMacro reports whether a macro may set a variable that it gets, as
// LIST_FOREACH() and HASH_FIND() do.
func (fi *funcInfo) setByMacro(d *parse.Decl) bool {
	for u := range fi.named(d.Name) {
		if u.Kind != parse.XIdent || u.Up == nil || u.Up.Kind != parse.XCall || u.Up.X == u || fi.lookup(d.Name, u.Pos) != d {
			continue
		}
		name := u.Up.Callee()
		loops := strings.Contains(strings.ToLower(name), "each")
		if name != "" && !external[name] && (loops || name == strings.ToUpper(name) && !keepsArgument(name)) {
			return true
		}
	}
	return false
}

// keepsArgument reports whether a macro leaves its argument what it is, by its
// name.
func keepsArgument(name string) bool {
	for _, w := range []string{"INSERT", "REMOVE", "ADD", "DEL", "PUSH", "FREE", "REF", "ASSERT", "LOG", "DEBUG", "INIT", "FD_", "APPEND"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}
