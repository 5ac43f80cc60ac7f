package alias

import (
	"slices"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// Object is where a struct comes from: the call that allocates it, or the variable
// that it is, and the calls that lead to that place, innermost first; nothing where only the
// member is known that it is of another struct.
type Object struct {
	at    any // *parse.Expr of a call, *parse.Decl of a variable
	calls []*parse.Expr
	fr    *callgraph.Frame // these calls
	slots []slot           // the members that it is of this, the innermost first
	typ   string           // of a variable: the key of its struct
	alone bool             // it is the whole variable, and no member of anything
}

// same reports whether two can be one object: made in the same place, and on ways
// that do not part. Of some only the member is known that they are.
func (o Object) same(q Object) bool {
	if apart(o.slots, q.slots) || o.alone && len(q.slots) > 0 || q.alone && len(o.slots) > 0 {
		return false
	}
	if o.at == nil || q.at == nil {
		return true
	}
	n := min(len(o.calls), len(q.calls))
	return samePlace(o.at, q.at) && slices.EqualFunc(o.calls[:n], q.calls[:n], sameCall)
}

// samePlace reports whether two objects are made in one place.
func samePlace(a, b any) bool {
	x, isCall := a.(*parse.Expr)
	y, also := b.(*parse.Expr)
	return a == b || isCall && also && sameCall(x, y)
}

// sameCall reports whether two calls are one of the text: each selection of #if branches has a
// tree of its own.
func sameCall(a, b *parse.Expr) bool {
	return a == b || a.Pos == b.Pos && a.End == b.End && a.Callee() == b.Callee()
}

// NoAlias reports whether what is known of two pointers rules out that they point to
// the same object.
func NoAlias(a, b []Object) bool {
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

// Bounds of asking where an object comes from.
const (
	maxObjects = 16 // how many it can be
	maxChain   = 24 // variables, members, arguments and results one behind the other
)

// Holders returns the objects that the member expression m can be a part of; none
// where they are not all known.
func Holders(f *eval.IntEval, fi *program.FuncInfo, m *parse.Expr, fr *callgraph.Frame) []Object {
	f.Steps = 0
	return holders(&search{IntEval: f, memos: memo.Of[memos](&f.Prog.Memos)}, fi, m, fr, 0)
}

func holders(f *search, fi *program.FuncInfo, m *parse.Expr, fr *callgraph.Frame, depth int) []Object {
	list, ok := objectsAround(f, fi, m, fr, depth)
	if !ok || len(list) > maxObjects {
		return nil
	}
	owner := fi.OwnerKey(m)
	list = slices.Clone(list) // others have it too
	for i, o := range list {
		list[i].alone = o.typ == owner && len(o.slots) == 0
	}
	return list
}

// objectsAround returns the objects in which the lvalue x lies.
func objectsAround(f *search, fi *program.FuncInfo, x *parse.Expr, fr *callgraph.Frame, depth int) ([]Object, bool) {
	x = x.Strip()
	if x == nil {
		return nil, false
	}
	switch x.Kind {
	case parse.XMember:
		if x.Op == token.Arrow {
			return pointsTo(f, fi, x.X, fr, depth+1)
		}
		return objectsThatAre(f, fi, x.X, fr, depth+1)
	case parse.XIndex:
		if b, n := fi.TypeOf(x.X); b != "" && n > 0 && !fi.IsArray(x.X) {
			return pointsTo(f, fi, x.X, fr, depth+1)
		}
		return objectsAround(f, fi, x.X, fr, depth+1)
	case parse.XUnary:
		switch x.Op {
		case token.Mul:
			return pointsTo(f, fi, x.X, fr, depth+1)
		case token.And: // (&c)->fd
			return objectsThatAre(f, fi, x.X, fr, depth+1)
		}
	case parse.XIdent:
		d := fi.Lookup(x.Name, x.Pos)
		if d == nil {
			if g := f.Prog.Global(fi.File, x.Name); g != nil {
				n := f.Prog.PointerLevels(g.File, g.Decl.Type)
				if n > 0 && !g.Decl.Type.Array {
					return nil, false
				}
				return []Object{{at: g.Decl, typ: f.Prog.StructKey(g.File, g.Decl.Type.Base)}}, n == 0
			}
			return nil, false
		}
		if i := fi.ParamIndex(d); i >= 0 {
			if fi.Func.Macro != nil {
				return argObjects(f, fi, i, fr, depth, objectsAround)
			}
			return nil, false // a copy of the caller's
		}
		if f.Prog.PointerLevels(fi.File, d.Type) > 0 || d.Init != nil && d.Init.Kind != parse.XInit || overwritten(fi, d) {
			return nil, false
		}
		return []Object{{at: d, typ: f.Prog.StructKey(fi.File, d.Type.Base)}}, true
	}
	return nil, false
}

// pointsTo returns the objects that the pointer e can point to.
func pointsTo(f *search, fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame, depth int) ([]Object, bool) {
	e = e.Strip()
	f.deepest = max(f.deepest, depth)
	if f.Steps++; e == nil || depth > maxChain || f.Steps > eval.MaxFoldSteps {
		return nil, false
	}
	if program.IsNull(e) {
		return nil, true
	}
	return f.once(e, fr, depth, func() ([]Object, bool) { return target(f, fi, e, fr, depth) })
}

// target works out pointsTo.
func target(f *search, fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame, depth int) ([]Object, bool) {
	switch e.Kind {
	case parse.XUnary:
		if e.Op == token.And {
			return objectsThatAre(f, fi, e.X, fr, depth)
		}
	case parse.XAssign:
		if e.Op == token.Assign {
			return pointsTo(f, fi, e.Y, fr, depth+1)
		}
	case parse.XCond:
		if e.Y != nil {
			x, ok := pointsTo(f, fi, e.Y, fr, depth+1)
			y, also := pointsTo(f, fi, e.Z, fr, depth+1)
			return append(x[:len(x):len(x)], y...), ok && also
		}
	case parse.XCall:
		return returnedObjects(f, fi, e, fr, depth)
	case parse.XIdent:
		d := fi.Lookup(e.Name, e.Pos)
		if d == nil && !fi.IsArray(e) {
			if g := f.Prog.Global(fi.File, e.Name); g != nil && f.Prog.PointerLevels(g.File, g.Decl.Type) == 1 {
				return globalPointer(f, g, depth)
			}
		}
		if d == nil || fi.IsArray(e) {
			return objectsAround(f, fi, e, fr, depth)
		}
		return pointerVar(f, fi, d, e, fr, depth)
	case parse.XMember:
		return pointerMember(f, fi, e, fr, depth)
	}
	return nil, false
}

// globalPointer returns what a pointer with file scope can point to: all that is
// assigned to it.
func globalPointer(f *search, g *program.Global, depth int) (out []Object, ok bool) {
	name := g.Decl.Name
	if g.Decl.Init != nil && !program.IsNull(g.Decl.Init) || g.File.MayPaste(name) {
		return nil, false
	}
	for _, u := range f.Prog.FilesSeeing(g) {
		funcs, outside := u.FuncsUsing(name, program.NonMemberUse)
		if outside && u.NamedOutsideFuncs(name) {
			return nil, false
		}
		for _, fi := range funcs {
			for e := range fi.Named(name) {
				if e.Kind != parse.XIdent || fi.Lookup(name, e.Pos) != nil {
					continue
				}
				switch up := e.Up; {
				case up == nil:
				case up.Kind == parse.XUnary && up.Op == token.And, up.Kind == parse.XPostfix, fi.Func.Macro != nil:
					return nil, false
				case up.Kind == parse.XAssign && up.X == e:
					list, known := pointsTo(f, fi, up.Y, nil, depth+1)
					if !known || up.Op != token.Assign || len(out) > maxObjects {
						return nil, false
					}
					out = append(out, list...)
				}
			}
		}
	}
	return out, len(out) > 0
}

// pointerMember returns what a pointer in an object can point to: what is assigned to it in the
// function that makes the object, or wherever in the tree that can be such an object.
func pointerMember(f *search, fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame, depth int) (out []Object, ok bool) {
	owner := fi.OwnerKey(e)
	if owner == "?" {
		return nil, false
	}
	in := holders(f, fi, e, fr, depth+1)
	for _, m := range f.Prog.MembersOf(owner, e.Name, fi.File) {
		if m.Owner != owner && m.Owner != "?" || !m.Written {
			continue
		}
		put, known := assignedTo(f.Prog, m)
		switch {
		case !known:
			return nil, false
		case put == nil || program.IsNull(put):
			continue
		}
		list, known := putThere(f, m, put, in, depth+1)
		if !known || len(out)+len(list) > maxObjects {
			return nil, false
		}
		out = append(out, list...)
	}
	return out, len(out) > 0
}

// putThere returns what the expression put, which is assigned to the member m, can point to where
// the member is of one of the objects in; of any, where these are not known.
func putThere(f *search, m program.MemberRef, put *parse.Expr, in []Object, depth int) (out []Object, ok bool) {
	made := false
	for _, o := range in {
		if at, isCall := o.at.(*parse.Expr); isCall && m.In.HasCall(at) {
			list, known := pointsTo(f, m.In, put, o.fr, depth)
			if !known {
				return nil, false
			}
			made, out = true, append(out, list...)
		}
	}
	if made {
		return out, true
	}
	if NoAlias(in, holders(f, m.In, m.Expr, nil, depth)) {
		return nil, true
	}
	return pointsTo(f, m.In, put, nil, depth)
}

// assignedTo returns what is assigned to a member where it may be written: nothing where it is
// only read. It is not known where its address is taken, or a macro gets it.
func assignedTo(p *program.Program, m program.MemberRef) (put *parse.Expr, known bool) {
	x := m.Expr
	for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XCast) {
		x = x.Up
	}
	switch up := x.Up; {
	case up == nil:
	case up.Kind == parse.XAssign && up.X == x:
		return up.Y, up.Op == token.Assign
	case up.Kind == parse.XUnary && up.Op == token.And:
		return nil, false
	case up.Kind == parse.XCall && up.X != x:
		name := up.Callee()
		return nil, !program.MacroSets(name) && !slices.ContainsFunc(p.FuncsNamed(m.In.File, name),
			func(fn *parse.Func) bool { return fn.Macro != nil })
	}
	return nil, true
}

// pointerVar returns what a local pointer can point to where it is used.
func pointerVar(f *search, fi *program.FuncInfo, d *parse.Decl, e *parse.Expr,
	fr *callgraph.Frame, depth int) (out []Object, ok bool) {
	i := fi.ParamIndex(d)
	if fi.Func.Macro != nil {
		if i < 0 {
			return nil, false
		}
		return argObjects(f, fi, i, fr, depth, pointsTo)
	}
	if d.Static || f.Prog.PointerLevels(fi.File, d.Type) != 1 && d.Type.Base != "gpointer" || replaced(fi, d) {
		return nil, false
	}
	if fi.SetByMacro(d) {
		if out, ok = setByMacros(f, fi, d, fr, depth); !ok {
			return nil, false
		}
	}
	defs, entry := defuse.Reaching(fi, fi.NodeOf(e), e.Pos, d.Name)
	for _, x := range defs {
		switch x.Kind {
		case defuse.DefUnset:
			continue
		case defuse.DefValue:
		default:
			return nil, false
		}
		list, known := pointsTo(f, fi, x.Expr, fr, depth+1)
		if !known {
			return nil, false
		}
		out = append(out, list...)
	}
	if entry && i >= 0 {
		list, known := argObjects(f, fi, i, fr, depth, pointsTo)
		if !known {
			return nil, false
		}
		out = append(out, list...)
	}
	return out, len(out) > 0 && len(out) <= maxObjects
}

// argObjects asks for what the callers pass as argument i.
func argObjects(f *search, fi *program.FuncInfo, i int, fr *callgraph.Frame, depth int,
	ask func(*search, *program.FuncInfo, *parse.Expr, *callgraph.Frame, int) ([]Object, bool)) (out []Object, ok bool) {
	f.Sess.DependsOn(fr)
	if fr != nil {
		if i >= len(fr.Call.Expr.Args) {
			return nil, false
		}
		return ask(f, fr.Call.In, fr.Call.Expr.Args[i], fr.Up, depth+1)
	}
	calls := f.Prog.Callers(fi.Func)
	if fi.Func.Macro == nil {
		list, known := callbackData(f, fi.Func, i, depth, ask)
		if !known {
			list = nil
			if calls, known = callgraph.CallersByTable(f.Prog, fi.Func); !known {
				return nil, false
			}
		}
		out = list
	}
	if len(calls)+len(out) == 0 {
		return nil, false
	}
	for _, c := range calls {
		if i >= len(c.Expr.Args) {
			return nil, false
		}
		list, known := ask(f, c.In, c.Expr.Args[i], nil, depth+1)
		if !known || len(out) > maxObjects {
			return nil, false
		}
		out = append(out, list...)
	}
	return out, true
}

// returnedObjects returns the objects that a call returns: a new one, or what a function of
// the tree does.
func returnedObjects(f *search, fi *program.FuncInfo, call *parse.Expr, fr *callgraph.Frame, depth int) (out []Object, ok bool) {
	name := call.Callee()
	fns := f.Prog.FuncsNamed(fi.File, name)
	if len(fns) == 0 && !knowledge.Allocates(name) && !knowledge.ReturnsTarget.Has(name) {
		fns = callgraph.Callees(f.Prog, fi, call, nil)
	}
	if len(fns) == 0 {
		if knowledge.ReturnsTarget.Has(name) && len(call.Args) > 0 {
			return pointsTo(f, fi, call.Args[0], fr, depth+1)
		}
		if !knowledge.Allocates(name) {
			return nil, false
		}
		o := Object{at: call, fr: fr}
		f.Sess.DependsOnAll()
		for ; fr != nil; fr = fr.Up {
			o.calls = append(o.calls, fr.Call.Expr)
		}
		return []Object{o}, true
	}
	for _, fn := range fns {
		gi := f.Prog.InfoOf(fn)
		for _, r := range gi.Results() {
			list, known := pointsTo(f, gi, r, f.Sess.Into(fn, program.Ref{In: fi, Expr: call}, fr), depth+1)
			if !known {
				return nil, false
			}
			out = append(out, list...)
		}
	}
	return out, len(out) > 0
}

// setByMacros returns what macros of the tree assign to a pointer variable that they get: DO_MALLOC(p, n).
func setByMacros(f *search, fi *program.FuncInfo, d *parse.Decl, fr *callgraph.Frame, depth int) (out []Object, ok bool) {
	for u := range fi.Named(d.Name) {
		call, i := program.ArgOf(u)
		if call == nil || u.Up != call || !program.MacroSets(call.Callee()) || fi.Lookup(d.Name, u.Pos) != d {
			continue
		}
		fns := f.Prog.FuncsNamed(fi.File, call.Callee())
		if len(fns) == 0 {
			return nil, false
		}
		for _, fn := range fns {
			if fn.Macro == nil || i >= len(fn.Params) {
				return nil, false
			}
			gi := f.Prog.InfoOf(fn)
			for v := range gi.Named(fn.Params[i].Name) {
				if up := v.Up; up == nil || up.Kind != parse.XAssign || up.X != v {
					continue
				}
				list, known := pointsTo(f, gi, v.Up, f.Sess.Into(fn, program.Ref{In: fi, Expr: call}, fr), depth+1)
				if !known {
					return nil, false
				}
				out = append(out, list...)
			}
		}
	}
	return out, true
}

// overwritten reports whether a struct variable, or what a pointer variable points to,
// is overwritten as a whole, or the variable set by a macro.
func overwritten(fi *program.FuncInfo, d *parse.Decl) bool {
	return replaced(fi, d) || fi.SetByMacro(d)
}

// replaced reports whether a struct variable, or what a pointer variable points to,
// is overwritten as a whole.
func replaced(fi *program.FuncInfo, d *parse.Decl) bool {
	for u := range fi.Named(d.Name) {
		if u.Kind != parse.XIdent || fi.Lookup(d.Name, u.Pos) != d {
			continue
		}
		x := u
		for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XCast || x.Up.Kind == parse.XUnary && x.Up.Op == token.Mul) {
			x = x.Up
		}
		if up := x.Up; up != nil && up.Kind == parse.XAssign && up.X == x && (fi.File.Prog.PointerLevels(fi.File, d.Type) == 0 || x != u) {
			return true
		}
		call, i := program.ArgOf(u)
		if call == nil {
			continue
		}
		name := call.Callee()
		if _, copies := knowledge.Copies.Lookup(name); copies ||
			knowledge.Outputs.Get(name) != "" && knowledge.HasIndex(knowledge.Outputs.Get(name), min(i, 9)) {
			return true
		}
	}
	return false
}

// callbackData asks for what a function gets as parameter i from those that it was
// registered with: the data that is handed to pthread_create() beside it, or the
// struct in which its address lies, where that is what it gets. There is nothing
// to know where its address is taken nowhere.
func callbackData(f *search, fn *parse.Func, i, depth int,
	ask func(*search, *program.FuncInfo, *parse.Expr, *callgraph.Frame, int) ([]Object, bool)) (out []Object, ok bool) {
	for _, m := range f.Prog.AddressesTaken(fn) {
		var list []Object
		var known bool
		if call, k := program.ArgOf(m.Expr); call != nil && m.In != nil {
			if list, known = objectWithHandler(f, m.In, call, k, fn.Params[i], depth); !known {
				if a := callgraph.CallbackArg(f.Prog, m.In, call, k, fn.Params[i], i == len(fn.Params)-1); a != nil {
					list, known = ask(f, m.In, a, nil, depth+1)
				}
			}
		} else {
			list, known = objectWithFunction(f, m, fn.Params[i])
		}
		if !known || len(out) > maxObjects {
			return nil, false
		}
		out = append(out, list...)
	}
	return out, true
}

// objectWithHandler returns the object in which a function of the tree keeps the handler that it
// gets as argument k, where parameter q of the handler is a pointer to such objects:
// struct poller *add(int fd, void (*ready)(struct poller *), ...).
func objectWithHandler(f *search, fi *program.FuncInfo, call *parse.Expr, k int, q *parse.Decl, depth int) (out []Object, ok bool) {
	if q.Type == nil || call.Callee() == "" || callgraph.IsUserData(q.Type) {
		return nil, false
	}
	own, levels := f.Prog.DeclType(fi.File, q)
	if levels != 1 {
		return nil, false
	}
	for _, fn := range f.Prog.FuncsNamed(fi.File, call.Callee()) {
		if fn.Macro != nil || k >= len(fn.Params) {
			return nil, false
		}
		gi := f.Prog.InfoOf(fn)
		for u := range gi.Named(fn.Params[k].Name) {
			up := u.Up
			if up == nil || up.Kind != parse.XAssign || up.Y != u || up.X.Strip() == nil || up.X.Strip().Kind != parse.XMember {
				continue
			}
			lhs := up.X.Strip()
			if base, _ := gi.TypeOf(lhs.X); base == "" || f.Prog.StructKey(gi.File, base) != f.Prog.StructKey(gi.File, own) {
				continue
			}
			list, known := objectsAround(f, gi, lhs, f.Sess.Into(fn, program.Ref{In: fi, Expr: call}, nil), depth+1)
			if !known {
				return nil, false
			}
			out = append(out, list...)
		}
	}
	return out, len(out) > 0
}

// objectWithFunction returns the object in a member of which the mention puts the function's
// address, where parameter q is a pointer to such objects.
func objectWithFunction(f *search, m program.AddressTaken, q *parse.Decl) ([]Object, bool) {
	row, member := m.StoredIn()
	own, levels := f.Prog.DeclType(m.File, q)
	switch {
	case levels != 1:
	case row != nil && m.Decl != nil && m.Decl.Init == row && !m.Decl.Type.Array:
		if base, _ := f.Prog.DeclType(m.File, m.Decl); base == own {
			return []Object{{at: m.Decl}}, true
		}
	case member != nil:
		if base, _ := m.In.TypeOf(member.X); base == own {
			return objectsAround(f, m.In, member, nil, 0)
		}
	}
	return nil, false
}
