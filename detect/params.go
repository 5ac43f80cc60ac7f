package detect

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// param evaluates parameter i (and the path rest below it) from what callers
// pass.
func (ev *evaluator) param(fi *funcInfo, i int, rest string, fr *frame) values {
	ev.sess.look(fr)
	if fr != nil {
		return ev.argument(fr.call, i, rest, fr.up)
	}
	ev.open[fi.fn] = true
	return ev.answer(question{d: fi.fn.Params[i], path: rest, ask: askPassed}, nil, func() values { return ev.fromCallers(fi, i, rest) })
}

// fromCallers joins what all callers pass.
func (ev *evaluator) fromCallers(fi *funcInfo, i int, rest string) values {
	calls := ev.p.entries(fi.fn)
	if len(calls) == 0 {
		return dunno("%s() has no caller in the tree", fi.fn.Name)
	}
	if len(calls) > maxCallers {
		calls = calls[:maxCallers]
	}
	var v values
	for _, c := range calls {
		v.join(ev.argument(c, i, rest, nil))
	}
	return v
}

func (ev *evaluator) argument(c ref, i int, rest string, up *frame) values {
	if c.e == nil || i >= len(c.e.Args) {
		return dunno("called with fewer arguments")
	}
	a := c.e.Args[i]
	if rest == "" {
		ev.note(c.fi, c.e.NamePos, "called from %s(): %s", c.fi.fn.Name, c.e)
		return ev.typesAt(c, ev.eval(c.fi, a, up))
	}
	return ev.typesAt(c, ev.object(c.fi, a, rest, up))
}

// initialized joins what the path rest below parameter i holds where callers
// pass the address of a variable of their own that has a braced initializer.
func (ev *evaluator) initialized(fi *funcInfo, i int, rest string, fr *frame, depth int) values {
	ev.sess.look(fr)
	calls, up := ev.p.entries(fi.fn), (*frame)(nil)
	if fr != nil {
		calls, up = []ref{fr.call}, fr.up
	}
	var v values
	if len(calls) > maxCallers || depth > 3 {
		return v
	}
	for _, c := range calls {
		if c.e == nil || i >= len(c.e.Args) {
			continue
		}
		a := c.e.Args[i].Strip()
		taken := a != nil && a.Kind == parse.XUnary && a.Op == parse.And
		if taken {
			a = a.X.Strip()
		}
		if a == nil || a.Kind != parse.XIdent {
			continue
		}
		d := c.fi.lookup(a.Name, a.Pos)
		if d == nil {
			continue
		}
		if k := c.fi.isParam(d); k >= 0 && !taken {
			v.join(ev.initialized(c.fi, k, rest, up, depth+1))
		} else if d.Init != nil && d.Init.Kind == parse.XInit {
			v.join(ev.object(c.fi, c.e.Args[i], rest, up))
		}
	}
	return v
}

// typesAt narrows socket types by the branches that lead to a call, whatever
// variable they ask: if (udp_type == SOCK_DGRAM) s = make(ai->ai_socktype).
func (ev *evaluator) typesAt(c ref, v values) values {
	if len(v.set) < 2 || !has(v, streamType) || !has(v, otherType) || c.fi.fn.End == 0 {
		return v
	}
	for _, path := range c.fi.typePaths() {
		f := c.fi.factsAt(c.e, path)
		out := values{unknown: v.unknown}
		for _, k := range v.set {
			if !f.excluded.has(k) && (f.allowed == nil || f.allowed.has(k)) {
				out.add(k)
			}
		}
		if len(out.set) > 0 && len(out.set) < len(v.set) {
			ev.note(c.fi, c.e.NamePos, "only where %s is %s", path, out)
			return out
		}
	}
	return v
}

// typePaths lists the paths that the function compares with socket types.
func (fi *funcInfo) typePaths() []string {
	found := map[string]bool{}
	for _, name := range []string{"SOCK_STREAM", "SOCK_DGRAM"} {
		for e := range fi.named(name) {
			if up := e.Up; up != nil && up.Kind == parse.XBinary && (up.Op == parse.EqEq || up.Op == parse.NotEq) {
				other := up.X
				if other.Strip() == e {
					other = up.Y
				}
				found[pathOf(lhsOf(other))] = true
			} else if up == nil && e.In != nil && e.In.Kind == parse.SCase {
				for s := e.In.Parent; s != nil; s = s.Parent {
					if s.Kind == parse.SSwitch {
						found[pathOf(s.Expr)] = true
						break
					}
				}
			}
		}
	}
	delete(found, "")
	var out []string
	for p := range found {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// callResult evaluates what a function of the tree returns.
func (ev *evaluator) callResult(fi *funcInfo, e *parse.Expr, suffix string, fr *frame) values {
	name := e.Callee()
	switch name {
	case "ntohs", "htons", "ntohl", "htonl", "abs":
		if len(e.Args) == 1 {
			return ev.eval(fi, e.Args[0], fr)
		}
	case "malloc", "calloc", "realloc":
		return values{}
	}
	fns := ev.p.funcsNamed(fi.unit, name)
	if m, ok := ev.p.formula(fi.unit, name); ok && len(fns) == 0 && ev.ways != nil {
		return ev.eval(m.host, m.x, ev.sess.enter(ref{fi, e}, fr))
	}
	if len(fns) == 0 {
		return dunno("%s() is not in the tree", orExpr(name, fi, e))
	}
	if fr.depth() > maxFrames {
		return dunno("calls nested too deeply")
	}
	var v values
	for _, fn := range fns {
		gi := ev.p.infoOf(fn)
		sub := ev.sess.into(fn, ref{fi, e}, fr)
		for _, r := range gi.results() {
			if suffix == "" {
				v.join(ev.eval(gi, r, sub))
			} else {
				v.join(ev.object(gi, r, suffix, sub))
			}
		}
	}
	return v
}

func orExpr(name string, fi *funcInfo, e *parse.Expr) string {
	if name != "" {
		return name
	}
	return fi.src(e.X)
}

// results returns the expressions that a function returns; for a macro the
// last expression of its replacement.
func (fi *funcInfo) results() []*parse.Expr {
	var out []*parse.Expr
	if fi.fn.Macro != nil {
		if l := fi.fn.Body().List; len(l) > 0 && l[len(l)-1].Kind == parse.SExpr {
			out = append(out, l[len(l)-1].Expr)
		}
		return out
	}
	fi.fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SReturn && s.Expr != nil {
			out = append(out, s.Expr)
		}
		return true
	})
	return out
}

// isResult reports whether a function returns the value of e; for a macro
// whether e is the value of its replacement.
func (fi *funcInfo) isResult(e *parse.Expr) bool { return slices.Contains(fi.results(), e) }

// outParam evaluates what a call stores through one of its arguments.
func (ev *evaluator) outParam(fi *funcInfo, call *parse.Expr, arg int, suffix string, fr *frame) values {
	name := call.Callee()
	fns := ev.p.funcsNamed(fi.unit, name)
	if hints := ev.p.hintsOf(fi, call, fns, arg); hints >= 0 && strings.HasPrefix(suffix, ".ai_") {
		return ev.fromHints(fi, call, hints, suffix, fr)
	}
	if len(fns) == 0 {
		return dunno("set by %s()", orExpr(name, fi, call))
	}
	if fr.depth() > maxFrames {
		return dunno("calls nested too deeply")
	}
	var v values
	for _, fn := range fns {
		if arg >= len(fn.Params) {
			continue
		}
		gi := ev.p.infoOf(fn)
		sub := ev.sess.into(fn, ref{fi, call}, fr)
		v.join(ev.storedInParam(gi, fn.Params[arg], suffix, sub))
	}
	return v
}

// storedInParam evaluates all that a function stores to the path
// param+suffix.
func (ev *evaluator) storedInParam(gi *funcInfo, d *parse.Decl, suffix string, fr *frame) values {
	if ev.spent() {
		return dunno("too much to follow")
	}
	return ev.answer(question{d: d, path: suffix, ask: askStored}, fr, func() values { return ev.storesInParam(gi, d, suffix, fr) })
}

func (ev *evaluator) storesInParam(gi *funcInfo, d *parse.Decl, suffix string, fr *frame) values {
	var v values
	path := d.Name + suffix
	var defs []def
	if len(gi.definers()[d.Name]) > 0 {
		defs, _ = gi.reach(gi.graph().exit, 1<<30, path)
		// The end is reached from the returns as well.
		for _, n := range gi.graph().nodes {
			if n.stmt != nil && n.stmt.Kind == parse.SReturn {
				ds, _ := gi.reach(n, 1<<30, path)
				defs = append(defs, ds...)
			}
		}
	}
	seen := map[int]bool{}
	for _, x := range defs {
		if seen[x.off] {
			continue
		}
		seen[x.off] = true
		v.join(ev.definition(gi, x, path, fr))
	}
	// Handed on: f(p, ...) with p itself the pointer.
	for r := range gi.named(d.Name) {
		call, i := argOf(r)
		if call == nil || gi.lookup(d.Name, r.Pos) != d {
			continue
		}
		if fr.depth() > maxFrames {
			continue
		}
		targets := ev.p.funcsNamed(gi.unit, call.Callee())
		if hints := ev.p.hintsOf(gi, call, targets, i); hints >= 0 && strings.HasPrefix(suffix, ".ai_") {
			v.join(ev.fromHints(gi, call, hints, suffix, fr))
			continue
		}
		for _, fn := range targets {
			if i < len(fn.Params) && fn != gi.fn {
				v.join(ev.storedInParam(ev.p.infoOf(fn), fn.Params[i], suffix, ev.sess.into(fn, ref{gi, call}, fr)))
			}
		}
	}
	return v
}

// pointee returns what an expression names, without parentheses, casts and &
// around it; nil where that is nothing.
func pointee(e *parse.Expr) *parse.Expr {
	e = e.Strip()
	for e != nil && e.Kind == parse.XUnary && e.Op == parse.And {
		e = e.X.Strip()
	}
	return e
}

// wrapping returns e with the parentheses, casts and & around it: what is
// passed, stored or compared where e is named.
func wrapping(e *parse.Expr) *parse.Expr {
	for e.Up != nil && (e.Up.Kind == parse.XParen || e.Up.Kind == parse.XCast || e.Up.Kind == parse.XUnary && e.Up.Op == parse.And) {
		e = e.Up
	}
	return e
}

// argOf returns the call that e is an argument of, and its index.
func argOf(e *parse.Expr) (*parse.Expr, int) {
	x := wrapping(e)
	if x.Up == nil || x.Up.Kind != parse.XCall || x.Up.X == x {
		return nil, 0
	}
	for i, a := range x.Up.Args {
		if a == x {
			return x.Up, i
		}
	}
	return nil, 0
}
