package detect

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// local folds a local variable or parameter: what reaches the use, and whatever
// is done to it by operators like |= anywhere in the function.
func (f *folder) local(fi *funcInfo, d *parse.Decl, e *parse.Expr, fr *frame) ints {
	if d.Type.Array || d.Type.Func {
		return ints{open: true}
	}
	value := f.fold
	if d.Type.Ptr > 0 {
		value = f.null
	}
	var w writes
	for u := range fi.named(d.Name) {
		if u.Kind == parse.XIdent && fi.lookup(d.Name, u.Pos) == d {
			w.note(fi, u)
		}
	}
	if w.lost {
		return ints{open: true}
	}
	var v ints
	switch i := fi.isParam(d); {
	case d.Static && d.Type.Ptr > 0:
		return ints{open: true}
	case d.Static:
		v.join(f.initial(fi, d.Init))
		v.join(f.assigned(w, nil))
	case fi.fn.Macro != nil && i >= 0:
		v = f.param(fi, i, fr, value)
	default:
		defs, entry := fi.reach(fi.nodeOf(e), e.Pos, d.Name)
		for _, x := range defs {
			if fr != nil && x.e != nil && (!f.comes(fi, x.e, fr) || len(defs) > 1 && !f.lasts(fi, x.e, e, defs, fr)) {
				continue
			}
			switch x.kind {
			case defValue:
				v.join(value(fi, x.e, fr))
			case defZero:
				v.add(0)
			case defUnknown: // not set on this way
			default:
				return ints{open: true}
			}
		}
		if entry && i >= 0 {
			v.join(f.param(fi, i, fr, value))
		}
	}
	return f.operated(v, w, fr)
}

// null folds a pointer: to 0 where it is the null pointer, and to no number where
// it may be another.
func (f *folder) null(fi *funcInfo, e *parse.Expr, fr *frame) ints {
	e = e.Strip()
	switch {
	case isNull(e):
		return number1(0)
	case e != nil && e.Kind == parse.XIdent:
		if d := fi.lookup(e.Name, e.Pos); d != nil && d.Type.Ptr > 0 {
			return f.fold(fi, e, fr)
		}
	}
	return ints{open: true}
}

// lasts reports whether what is assigned at the expression from can still be there
// at the use, and is not overwritten on all ways that are open on this way of
// calling: int on = 1; if (off) on = 0;
func (f *folder) lasts(fi *funcInfo, from, use *parse.Expr, defs []def, fr *frame) bool {
	start, target := fi.nodeOf(from), fi.nodeOf(use)
	if start == nil || target == nil || start == target {
		return true
	}
	g := fi.graph()
	over := g.newSet()
	for _, x := range defs {
		if x.e == nil || x.e == from {
			continue
		}
		if n := fi.nodeOf(x.e); n != nil && n != target {
			over.add(n)
		}
	}
	return g.from(start, target, func(e *edge) bool { return !over.has(e.to) && f.taken(fi, e, fr) }).has(target)
}

func (f *folder) initial(fi *funcInfo, init *parse.Expr) ints {
	if init == nil {
		return number1(0)
	}
	return f.fold(fi, init, nil)
}

// writes are the places that change one variable or member.
type writes struct {
	assigns []ref // x = v
	ops     []ref // x |= v
	lost    bool  // its address is taken, or it is changed in another way
}

// note looks at one use of the variable.
func (w *writes) note(fi *funcInfo, e *parse.Expr) {
	x := e
	for x.Up != nil && x.Up.Kind == parse.XParen {
		x = x.Up
	}
	up := x.Up
	if up == nil {
		return
	}
	switch up.Kind {
	case parse.XAssign:
		switch {
		case up.X != x:
		case up.Op == parse.Assign:
			w.assigns = append(w.assigns, ref{fi, up})
		default:
			w.ops = append(w.ops, ref{fi, up})
		}
	case parse.XPostfix:
		w.lost = true
	case parse.XCall:
		w.lost = w.lost || up.X != x && fi.unit.prog.mayAssign(fi.unit, up.Callee())
	case parse.XUnary:
		switch up.Op {
		case parse.Inc, parse.Dec:
			w.lost = true
		case parse.And:
			call, i := argOf(x)
			outs, lib := "", false
			if call != nil {
				outs, lib = outputs[call.Callee()]
			}
			reads := call != nil && (fdUses[call.Callee()].what == evSetOpt || external[call.Callee()] && !lib)
			w.lost = w.lost || !reads && !(lib && i < 10 && !hasDigit(outs, i))
		}
	}
}

// mayAssign reports whether a call is the use of a macro that can change what it
// is given, as SET(x, 1) does.
func (p *program) mayAssign(u *unit, name string) bool {
	if name == "" || external[name] {
		return false
	}
	units := p.unitsWithMacro(name)
	if len(units) == 0 {
		return name == strings.ToUpper(name) && len(p.funcsNamed(u, name)) == 0
	}
	for _, c := range units {
		c.tables()
		for _, m := range c.macros[name] {
			if m.Changes() {
				return true
			}
		}
	}
	return false
}

// pasted reports whether a macro of the file puts names together of which this
// can be one: what is done to them is not seen.
func (u *unit) pasted(name string) bool {
	u.tables()
	for _, list := range u.macros {
		for _, m := range list {
			if m.Pastes(name) {
				return true
			}
		}
	}
	return false
}

func hasDigit(s string, i int) bool {
	for k := range len(s) {
		if s[k] == byte('0'+i) {
			return true
		}
	}
	return false
}

// assigned joins what is assigned anywhere.
func (f *folder) assigned(w writes, fr *frame) (v ints) {
	for _, a := range w.assigns {
		v.join(f.fold(a.fi, a.e.Y, fr))
	}
	return v
}

// operated is v with the operators applied any number of times.
func (f *folder) operated(v ints, w writes, fr *frame) ints {
	for round := 0; len(w.ops) > 0 && round < maxInts; round++ {
		n := len(v.set)
		for _, a := range w.ops {
			if a.e.Op != parse.OrAssign && a.e.Op != parse.AndAssign {
				return ints{open: true}
			}
			v.join(each(v, f.fold(a.fi, a.e.Y, fr), func(x, y int64) (int64, bool) { return compute(a.e.Op, x, y) }))
		}
		if v.open || len(v.set) == n {
			break
		}
	}
	return v
}

// param folds parameter i: what the call passes through which the function was
// entered, else what all of its callers do.
func (f *folder) param(fi *funcInfo, i int, fr *frame, value func(*funcInfo, *parse.Expr, *frame) ints) ints {
	f.s.look(fr)
	if fr != nil {
		if c := fr.call; c.e != nil && i < len(c.e.Args) {
			return value(c.fi, c.e.Args[i], fr.up)
		}
		return ints{open: true}
	}
	f.asked[fi.fn] = true
	calls := f.callers(fi.fn)
	if len(calls) == 0 {
		return ints{open: true}
	}
	var v ints
	for _, c := range calls {
		if i >= len(c.e.Args) {
			return ints{open: true}
		}
		v.join(value(c.fi, c.e.Args[i], nil))
	}
	return v
}

// callers returns the calls of a function, none where there may be others: the
// users of a library call what it offers, and lex and yacc make code as well.
func (f *folder) callers(fn *parse.Func) []ref {
	if fn.Macro == nil && !fn.Static {
		return nil
	}
	calls := f.p.callers(fn)
	if len(calls) > maxCallers || fn.Macro == nil && len(f.p.mentions(fn)) > 0 {
		return nil
	}
	return calls
}

// global folds a variable of one file by all that is stored there. What other
// files can reach may be set by whom the tree does not show.
func (f *folder) global(g *global) ints {
	if !g.decl.Static || strings.HasSuffix(g.unit.path, ".h") {
		return ints{open: true}
	}
	return f.recall(g.key, func() ints { return f.stored(g) })
}

// recall finds out once what memory holds.
func (f *folder) recall(key string, find func() ints) ints {
	if v, ok := f.held[key]; ok {
		return v
	}
	f.held[key] = ints{loop: true}
	low := f.s.low
	v := find()
	f.s.low = low
	if delete(f.held, key); !v.loop {
		f.held[key] = v
	}
	return v
}

func (f *folder) stored(g *global) ints {
	if g.decl.Type.Array || g.decl.Type.Ptr > 0 {
		return ints{open: true}
	}
	name := g.decl.Name
	if g.unit.pasted(name) {
		return ints{open: true}
	}
	var w writes
	for _, u := range f.p.unitsSeeing(g) {
		funcs, outside := u.funcsWith(name, anyMention)
		if outside && u.namesOutside(name) {
			return ints{open: true}
		}
		for _, fi := range funcs {
			for e := range fi.named(name) {
				if e.Kind == parse.XIdent && fi.lookup(name, e.Pos) == nil {
					w.note(fi, e)
				}
			}
		}
	}
	return f.kept(w, f.initial(&funcInfo{fn: &parse.Func{File: g.unit.tree()}, unit: g.unit}, g.decl.Init))
}

// kept is what memory holds that begins with v.
func (f *folder) kept(w writes, v ints) ints {
	if w.lost || len(w.assigns)+len(w.ops) > maxCallers {
		return ints{open: true}
	}
	v.join(f.assigned(w, nil))
	return f.operated(v, w, nil)
}

// member folds a member of a struct that one file knows, by all that is stored to
// it in whatever object.
func (f *folder) member(fi *funcInfo, e *parse.Expr, fr *frame) ints {
	if x := e.X.Strip(); fr != nil && x != nil && x.Kind == parse.XIdent && e.Op == parse.Arrow {
		if rows, ok := f.optionRows(fi, e, fr); ok {
			var v ints
			for _, r := range rows {
				if gi, y, _ := r.arg(e, e); y != nil {
					v.join(f.fold(gi, y, nil))
				} else {
					v.add(0)
				}
			}
			return v
		}
	}
	base, _ := fi.typeOf(e.X)
	s := f.p.structOf(fi.unit, base)
	if s == nil || s.Union || isForeign(base) || !f.p.isPrivate(s, base) {
		return ints{open: true}
	}
	d := s.Field(e.Name)
	if d == nil || d.Type.Array || d.Type.Ptr > 0 || d.Type.Func {
		return ints{open: true}
	}
	if len(f.p.unitsWith(e.Name)) > maxFoldUnits {
		return ints{open: true}
	}
	key := f.p.structKey(fi.unit, base)
	return f.recall(key+"\x00"+e.Name, func() ints { return f.storedIn(fi, e, key, base) })
}

// isPrivate reports whether one file alone, and no header, tells what the struct is.
func (p *program) isPrivate(s *parse.Struct, base string) bool {
	if strings.HasSuffix(s.File.Path, ".h") {
		return false
	}
	if strings.HasPrefix(base, "struct@") {
		return true
	}
	for _, u := range p.unitsTyping(base[strings.LastIndexByte(base, ' ')+1:]) {
		if u.path != s.File.Path && len(u.declsOf(base)) > 0 {
			return false
		}
	}
	return true
}

// storedIn folds the member that e names of the struct key.
func (f *folder) storedIn(fi *funcInfo, e *parse.Expr, key, base string) ints {
	var w writes
	for _, m := range f.p.members(e.Name) {
		if m.owner == key || m.owner == "?" {
			w.note(m.fi, m.e)
		}
	}
	for _, u := range f.p.unitsWith(e.Name) {
		// offsetof(struct s, member), a table of what a file can configure.
		if u.namesOutside(e.Name) {
			return ints{open: true}
		}
		for _, gi := range u.funcsMentioning(e.Name) {
			for x := range gi.named(e.Name) {
				if x.Kind == parse.XIdent && gi.lookup(e.Name, x.Pos) == nil && f.p.global(u, e.Name) == nil && len(f.p.funcsNamed(u, e.Name)) == 0 {
					return ints{open: true}
				}
			}
		}
	}
	v := number1(0)
	inits := f.p.initializers(fi.unit, key, base, e.Name)
	for _, in := range inits {
		v.join(f.fold(in.fi, in.e, nil))
	}
	if len(inits)+len(w.assigns)+len(w.ops) == 0 {
		return ints{open: true} // somebody sets it in a way that is not seen
	}
	return f.kept(w, v)
}

// namesOutside reports whether a name stands outside of functions otherwise than
// being declared there, or being a member in a braced initializer.
func (u *unit) namesOutside(name string) bool {
	t := u.tree()
	declared := map[int]bool{}
	var declare func(list []*parse.Decl)
	declare = func(list []*parse.Decl) {
		for _, d := range list {
			if d.Name == name {
				declared[d.NamePos] = true
			}
			if d.Type != nil && d.Type.Def != nil {
				declare(d.Type.Def.Fields)
			}
		}
	}
	declare(t.DeclsNaming(name))
	for _, i := range t.Idents(name) {
		at := int(t.Toks[i].Off)
		if !declared[at] && len(t.FuncsAt(at)) == 0 && !declares(t.Toks, int(i)) {
			return true
		}
	}
	return false
}

// declares reports whether token i is, by what stands before it, the name of a
// parameter, or of a member that an initializer fills.
func declares(toks []parse.Token, i int) bool {
	if i < 2 {
		return i == 1
	}
	switch prev := toks[i-1]; prev.Op {
	case parse.Dot:
		return toks[i-2].Op == parse.LBrace || toks[i-2].Op == parse.Comma
	case parse.Mul:
		return true
	default:
		return prev.Kind == parse.Ident || prev.Kind == parse.Keyword
	}
}

// result folds a call: what a function of the tree returns, or the next of the
// arguments that the function around it was called with.
func (f *folder) result(fi *funcInfo, e *parse.Expr, fr *frame) (v ints) {
	switch name := e.Callee(); {
	case name == "va_arg" && fr != nil:
		f.s.look(fr)
		for i := len(fi.fn.Params); i < len(fr.call.e.Args); i++ {
			v.join(f.fold(fr.call.fi, fr.call.e.Args[i], fr.up))
		}
		return v
	case name == "va_arg":
		f.s.look(fr)
		f.asked[fi.fn] = true
		for _, c := range f.callers(fi.fn) {
			v.join(f.result(fi, e, f.s.enter(c, nil)))
		}
		return v
	}
	fns := f.p.funcsNamed(fi.unit, e.Callee())
	m, isFormula := f.p.formula(fi.unit, e.Callee())
	if len(fns) == 0 && !isFormula {
		return ints{open: true}
	}
	if fr.depth() > maxFrames {
		return ints{open: true}
	}
	if len(fns) == 0 {
		return f.fold(m.host, m.x, f.s.enter(ref{fi, e}, fr))
	}
	for _, fn := range fns {
		if fn.Macro == nil && f.p.unitOf(fn) != fi.unit && !strings.HasSuffix(fn.File.Path, ".h") {
			return ints{open: true} // the rest of the tree has better things to do
		}
		gi := f.p.infoOf(fn)
		results := gi.results()
		if len(results) == 0 {
			return ints{open: true}
		}
		sub := f.s.into(fn, ref{fi, e}, fr)
		for _, r := range results {
			v.join(f.fold(gi, r, sub))
		}
	}
	return v
}
