package detect

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// eval returns the values of e, evaluated where it stands in fi, in a
// function entered through fr.
func (ev *evaluator) eval(fi *funcInfo, e *parse.Expr, fr *frame) values {
	if ev.spent() {
		return dunno("too much to follow")
	}
	e = e.Strip()
	if e == nil {
		return dunno("not understood")
	}
	return ev.answer(question{e: e}, fr, func() values { return ev.fold(fi, e, fr) })
}

// fold evaluates an expression by its kind.
func (ev *evaluator) fold(fi *funcInfo, e *parse.Expr, fr *frame) values {
	switch e.Kind {
	case parse.XNumber:
		return one(strings.TrimRight(e.Name, "uUlL"))
	case parse.XChar, parse.XString:
		return one(e.Name)
	case parse.XSizeof:
		return one("sizeof")
	case parse.XIdent:
		return ev.ident(fi, e, fr)
	case parse.XMember, parse.XIndex:
		return ev.object(fi, e, "", fr)
	case parse.XUnary:
		switch e.Op {
		case parse.Mul, parse.And:
			return ev.eval(fi, e.X, fr)
		case parse.Sub:
			if e.X != nil && e.X.Kind == parse.XNumber {
				return one("-" + e.X.Name)
			}
		case parse.Not:
			v := one("0")
			v.add("1")
			return v
		}
		return dunno("computed: %s", fi.src(e))
	case parse.XAssign:
		return ev.eval(fi, e.Y, fr)
	case parse.XComma:
		return ev.eval(fi, e.Args[len(e.Args)-1], fr)
	case parse.XCond:
		if e.Y == nil {
			v := ev.eval(fi, e.X, fr)
			v.join(ev.eval(fi, e.Z, fr))
			return v
		}
		return ev.choice(fi, e, fr)
	case parse.XBinary:
		return ev.binary(fi, e, fr)
	case parse.XInit:
		var v values
		for _, a := range e.Args {
			if a.Kind == parse.XDesig {
				a = a.X
			}
			if a != nil && a.Kind != parse.XInit && !(a.Kind == parse.XIdent && isNull(a)) {
				v.join(ev.eval(fi, a, fr))
			}
		}
		return v
	case parse.XCompound:
		return ev.eval(fi, e.X, fr)
	case parse.XCall:
		return ev.callResult(fi, e, "", fr)
	}
	return dunno("not understood: %s", fi.src(e))
}

// choice evaluates x ? y : z.
func (ev *evaluator) choice(fi *funcInfo, e *parse.Expr, fr *frame) values {
	switch yes, no := ev.conditions().outcome(fi, e.X, fr); {
	case yes && !no:
		return ev.eval(fi, e.Y, fr)
	case no && !yes:
		return ev.eval(fi, e.Z, fr)
	}
	switch yes, no := ev.chosen(fi, e); {
	case !no:
		return ev.eval(fi, e.Y, fr)
	case !yes:
		return ev.eval(fi, e.Z, fr)
	}
	if fr == nil && fi.asksParam(e.X) {
		ev.sess.look(fr)
		ev.open[fi.fn] = true // the callers choose
	}
	v := ev.eval(fi, e.Y, fr)
	v.join(ev.eval(fi, e.Z, fr))
	return v
}

// binary folds the operators that flags are made with.
func (ev *evaluator) binary(fi *funcInfo, e *parse.Expr, fr *frame) values {
	switch e.Op {
	case parse.Or, parse.Add, parse.Xor:
		x, y := ev.eval(fi, e.X, fr), ev.eval(fi, e.Y, fr)
		return combine(x, y)
	case parse.And:
		// type & ~FLAGS, type & MASK: the value without its flags.
		if y := e.Y.Strip(); y != nil && (y.Kind == parse.XUnary && y.Op == parse.Tilde || y.Kind == parse.XIdent || y.Kind == parse.XNumber) {
			return ev.eval(fi, e.X, fr)
		}
		return ev.eval(fi, e.Y, fr)
	case parse.EqEq, parse.NotEq, parse.Lt, parse.Gt, parse.Le, parse.Ge, parse.AndAnd, parse.OrOr:
		v := one("0")
		v.add("1")
		return v
	}
	return dunno("computed: %s", fi.src(e))
}

// ident evaluates a name: a constant, a macro, an enumerator, a variable.
func (ev *evaluator) ident(fi *funcInfo, e *parse.Expr, fr *frame) values {
	d := fi.lookup(e.Name, e.Pos)
	if d == nil && fi.fn.Macro != nil && strings.Contains(e.Name, "##") {
		return ev.pasted(fi, e.Name, fr)
	}
	if d == nil {
		if c, ok := canonical(e.Name); ok {
			return one(c)
		}
		if v, ok := ev.macro(fi, e, fr); ok {
			return v
		}
	}
	return ev.object(fi, e, "", fr)
}

// object evaluates the path e+suffix: the value stored in a variable, a
// member or an element.
func (ev *evaluator) object(fi *funcInfo, e *parse.Expr, suffix string, fr *frame) values {
	if ev.spent() {
		return dunno("too much to follow")
	}
	e = e.Strip()
	for e != nil && e.Kind == parse.XUnary && (e.Op == parse.And || e.Op == parse.Mul) {
		e = e.X.Strip()
	}
	if e == nil {
		return dunno("not understood")
	}
	// The next element of a list of addresses was asked for with the same hints.
	suffix = strings.ReplaceAll(suffix, ".ai_next", "")
	for e.Kind == parse.XMember && e.Name == "ai_next" && e.X.Strip() != nil {
		e = e.X.Strip()
	}
	if e.Kind == parse.XCall {
		return ev.callResult(fi, e, suffix, fr)
	}
	if e.Kind == parse.XCond && e.Y != nil {
		v := ev.object(fi, e.Y, suffix, fr)
		v.join(ev.object(fi, e.Z, suffix, fr))
		return v
	}
	if suffix != "" && isNull(e) {
		return values{} // nothing lies below a null pointer
	}
	if strings.Count(suffix, ".") > 3 {
		return dunno("too far below %s", fi.src(e))
	}
	return ev.answer(question{e: e, path: suffix, ask: askObject}, fr, func() values { return ev.stored(fi, e, suffix, fr) })
}

// stored evaluates what the path e+suffix holds.
func (ev *evaluator) stored(fi *funcInfo, e *parse.Expr, suffix string, fr *frame) values {
	path := pathOf(e) + suffix
	if pathOf(e) == "" {
		if e.Kind == parse.XMember && e.Name == "p_proto" {
			return ev.protocolByName(fi, e.X, suffix, fr)
		}
		return dunno("not understood: %s", fi.src(e))
	}
	if v, ok := ev.known(fi, e, suffix, path, fr); ok {
		return ev.filter(fi, e, path, v)
	}
	var v values
	var defs []def
	entry := true
	if fi.fn.BodyPos != fi.fn.End && e.In != nil {
		n := fi.nodeOf(e)
		defs, entry = fi.reach(n, e.Pos, path)
		if len(defs) > 1 || len(defs) == 1 && entry { // else it is this one, whatever way is taken
			if l := ev.live(fi, fr); l != nil {
				defs, entry = fi.reachOver(l, n, e.Pos, path)
			}
			defs, entry = ev.reachGiven(fi, n, e.Pos, path, defs, entry)
		}
	}
	for _, d := range defs {
		if ev.ways == nil || fr == nil || d.e == nil || ev.ways.comes(fi, d.e, fr) {
			v.join(ev.definition(fi, d, path, fr))
		}
	}
	if fr == nil && len(v.set) > 1 && len(fi.paramEdges()) > 0 {
		ev.sess.look(fr)
		ev.open[fi.fn] = true // the callers may choose
	}
	if entry {
		v.join(ev.atEntry(fi, e, suffix, path, fr))
	} else if len(v.set) == 0 && v.unknown == "" && path != rootOf(path) && ev.ownMember(fi, e, suffix) {
		v = ev.fieldStores(fi, e, suffix) // filled in by somebody who got its address
	}
	return ev.filter(fi, e, path, v)
}

// filter keeps the values that the branches taken allow.
func (ev *evaluator) filter(fi *funcInfo, e *parse.Expr, path string, v values) values {
	if e.In == nil || fi.fn.End == 0 {
		return v
	}
	f := fi.factsAt(e, path)
	if f.top() {
		return v
	}
	out := values{unknown: v.unknown}
	for _, k := range v.set {
		if f.excluded.has(k) || f.allowed != nil && !f.allowed.has(k) && !(k == "AF_UNSPEC" && (f.allowed.has("AF_INET") || f.allowed.has("AF_INET6"))) {
			continue
		}
		out.add(k)
	}
	if f.allowed != nil && (v.unknown != "" || len(out.set) == 0 && len(v.set) == 0 || v.set.has("AF_UNSPEC")) {
		// The branches name the values themselves.
		out.set = out.set.without("AF_UNSPEC").union(f.allowed)
		out.unknown = ""
		ev.note(fi, e.Pos, "only where %s is %s", path, out)
	}
	return out
}

// definition evaluates one reaching definition.
func (ev *evaluator) definition(fi *funcInfo, d def, path string, fr *frame) values {
	switch d.kind {
	case defZero:
		return one("0")
	case defUnknown:
		return values{} // never set on this way
	case defObject:
		return ev.object(fi, d.e, d.suffix, fr)
	case defOut:
		return ev.outParam(fi, d.e, d.arg, d.suffix, fr)
	}
	if d.e.Kind == parse.XInit {
		return ev.eval(fi, d.e, fr)
	}
	if v := ev.eval(fi, d.e, fr); len(v.set) > 0 || v.unknown != "" {
		if d.e.Kind == parse.XIdent || d.e.Kind == parse.XCond || d.e.Kind == parse.XBinary {
			if _, isConst := canonical(d.e.Name); isConst || d.e.Kind != parse.XIdent {
				ev.note(fi, d.e.Pos, "%s = %s", path, d.e)
			}
		}
		return v
	}
	return values{}
}

// atEntry evaluates a path that nothing in the function defines before its
// use: a parameter, a global, a member of something that lives elsewhere.
func (ev *evaluator) atEntry(fi *funcInfo, e *parse.Expr, suffix, path string, fr *frame) values {
	root := rootOf(path)
	rest := path[len(root):]
	if d := fi.lookup(root, e.Pos); d != nil {
		if i := fi.isParam(d); i >= 0 {
			if rest != "" && ev.ownMember(fi, e, suffix) {
				if v, ok := ev.ownRows(fi, i, e, suffix, rest); ok {
					return v
				}
				// A member of a struct of the tree: what all of the tree
				// stores to it is found without going through the callers.
				if w := ev.fieldStores(fi, e, suffix); len(w.set) > 0 {
					w.join(ev.initialized(fi, i, rest, fr, 0))
					return w
				}
			}
			return ev.param(fi, i, rest, fr)
		}
		if rest != "" {
			return ev.fieldStores(fi, e, suffix)
		}
		if d.Static {
			return ev.localStores(fi, d, fr)
		}
		return values{}
	}
	if g := ev.p.global(fi.unit, root); g != nil {
		return ev.globalValue(g, rest, suffix, e, fi)
	}
	if rest != "" {
		return ev.fieldStores(fi, e, suffix)
	}
	if fns := ev.p.funcsNamed(fi.unit, root); len(fns) > 0 && rest == "" {
		return one(functionValue(fns[0])) // a function as a value
	}
	if fi.fn.Macro != nil {
		return dunno("%s is what the macro's user has", root)
	}
	return dunno("%s is not declared in the tree", root)
}

// ownMember reports whether the path e+suffix goes through a member of a struct
// that the tree defines.
func (ev *evaluator) ownMember(fi *funcInfo, e *parse.Expr, suffix string) bool {
	chain, _ := ev.pathSteps(fi, e, suffix)
	for i := len(chain) - 1; i >= 0; i-- {
		if o := chain[i].owner; o != "" && !isForeign(o) && ev.p.structOf(fi.unit, o) != nil {
			return true
		}
	}
	return false
}
