package detect

import "github.com/keepatch/keepatch/parse"

// outcome reports which outcomes a condition can have in fi, entered through fr.
// The sockets that it is asked for are those of TCP: what is done only where a
// family or a type is another one is not done to them.
func (f *folder) outcome(fi *funcInfo, e *parse.Expr, fr *frame) (yes, no bool) {
	e = e.Strip()
	if e == nil {
		return true, true
	}
	switch e.Kind {
	case parse.XUnary:
		if e.Op == parse.Not {
			yes, no = f.outcome(fi, e.X, fr)
			return no, yes
		}
	case parse.XCall: // likely(x), __builtin_expect(x, 1)
		if name := e.Callee(); len(e.Args) > 0 && wraps(name) {
			return f.outcome(fi, e.Args[0], fr)
		}
	case parse.XBinary:
		switch e.Op {
		case parse.AndAnd, parse.OrOr:
			xy, xn := f.outcome(fi, e.X, fr)
			yy, yn := f.outcome(fi, e.Y, fr)
			if e.Op == parse.AndAnd {
				return xy && yy, xn || yn
			}
			return xy || yy, xn && yn
		case parse.EqEq, parse.NotEq:
			if same, known := f.equal(fi, e.X, e.Y, fr); known {
				return same == (e.Op == parse.EqEq), same != (e.Op == parse.EqEq)
			}
		}
		switch e.Op {
		case parse.EqEq, parse.NotEq, parse.Lt, parse.Gt, parse.Le, parse.Ge:
			x, y := f.fold(fi, e.X, fr), f.fold(fi, e.Y, fr)
			return each(x, y, func(a, b int64) (int64, bool) { return compute(e.Op, a, b) }).outcomes()
		}
	}
	return f.fold(fi, e, fr).outcomes()
}

// wraps reports whether a macro only tells the compiler what its argument will
// mostly be.
func wraps(name string) bool {
	switch name {
	case "likely", "unlikely", "LIKELY", "UNLIKELY", "__builtin_expect", "G_LIKELY", "G_UNLIKELY":
		return true
	}
	return false
}

func (v ints) outcomes() (yes, no bool) {
	if v.open || v.loop || len(v.set) == 0 {
		return true, true
	}
	for _, n := range v.set {
		yes, no = yes || n != 0, no || n == 0
	}
	return yes, no
}

// equal compares two expressions one of which is a constant of the socket
// interface, whose number the tree does not tell; known is false where they can
// be equal and can be not.
func (f *folder) equal(fi *funcInfo, x, y *parse.Expr, fr *frame) (same, known bool) {
	c, isConst := socketConstant(y)
	if !isConst {
		if c, isConst = socketConstant(x); !isConst {
			return false, false
		}
		x = y
	}
	switch {
	case f.ev != nil: // what the socket is is asked for
	case otherDomain[c] || otherType[c]:
		return false, true // not where the socket is one of TCP
	case inetDomains[c] || streamType[c]:
		return false, false
	}
	ev := f.ev
	if ev == nil {
		ev = f.p.evaluator(f.s)
	}
	v := ev.eval(fi, lhsOf(x), fr)
	for fn := range ev.open {
		f.asked[fn] = true
	}
	if v.unknown != "" || len(v.set) == 0 {
		return false, false
	}
	for _, k := range v.set {
		if k == c {
			return true, len(v.set) == 1
		}
		if n, ok := canonical(k); !ok || n == "AF_UNSPEC" {
			return false, false
		}
	}
	return false, true
}

// socketConstant returns the canonical name of a constant of the socket
// interface that stands by itself.
func socketConstant(e *parse.Expr) (string, bool) {
	if s := e.Strip(); s != nil && s.Kind == parse.XIdent {
		c, ok := canonical(s.Name)
		return c, ok && isUpper(c)
	}
	return "", false
}

// taken reports whether an edge of the flow graph can be taken.
func (f *folder) taken(fi *funcInfo, e *edge, fr *frame) bool {
	switch {
	case e.cond == nil:
		return true
	case !e.sw:
		yes, no := f.outcome(fi, e.cond, fr)
		return e.truth && yes || !e.truth && no
	case e.label != nil:
		return f.labelled(fi, e.cond, e.label, fr)
	}
	v := f.fold(fi, e.cond, fr)
	if v.open || v.loop || len(v.set) == 0 {
		return true
	}
	var met ints
	for _, l := range e.others {
		met.join(f.fold(fi, l, fr))
	}
	for _, n := range v.set {
		if !met.has(n) {
			return true
		}
	}
	return met.open
}

func (v ints) has(n int64) bool {
	for _, k := range v.set {
		if k == n {
			return true
		}
	}
	return false
}

// labelled reports whether a switch can take the case.
func (f *folder) labelled(fi *funcInfo, cond, label *parse.Expr, fr *frame) bool {
	if same, known := f.equal(fi, cond, label, fr); known {
		return same
	}
	yes, _ := each(f.fold(fi, cond, fr), f.fold(fi, label, fr), func(a, b int64) (int64, bool) { return asInt(a == b), true }).outcomes()
	return yes
}

// comes reports whether control can come to e in its function, entered through
// fr.
func (f *folder) comes(fi *funcInfo, e *parse.Expr, fr *frame) bool {
	if yes, ok := f.came.get(f.s, e, fr); ok {
		return yes
	}
	outer := f.s.low
	f.s.low = untouched
	yes := f.passable(fi, e, fr)
	if len(f.busy) == 0 {
		f.came.put(f.s, e, fr, f.s.low, yes)
	}
	f.s.low = min(f.s.low, outer)
	return yes
}

func (f *folder) passable(fi *funcInfo, e *parse.Expr, fr *frame) bool {
	for x := e; x.Up != nil; x = x.Up {
		up := x.Up
		var yes, no bool
		switch {
		case up.Kind == parse.XBinary && (up.Op == parse.AndAnd || up.Op == parse.OrOr) && up.Y == x:
			yes, no = f.outcome(fi, up.X, fr)
			if up.Op == parse.AndAnd && !yes || up.Op == parse.OrOr && !no {
				return false
			}
		case up.Kind == parse.XCond && up.X != x && up.Y != nil:
			yes, no = f.outcome(fi, up.X, fr)
			if up.Y == x && !yes || up.Z == x && !no {
				return false
			}
		}
	}
	target := fi.nodeOf(e)
	if target == nil {
		return true
	}
	shut := map[*edge]bool{}
	for _, n := range fi.graph().gatesOf(target) {
		for _, e := range n.succ {
			if !f.taken(fi, e, fr) {
				shut[e] = true
			}
		}
	}
	if len(shut) == 0 {
		return true
	}
	g := fi.graph()
	return g.from(g.entry, target, func(e *edge) bool { return !shut[e] }).has(target)
}

// happensOn reports whether a thing can happen on the way that is its own, in the
// functions that lead to it from the descriptor's. Conditions that keep the
// descriptor itself from being made say nothing of what is done to it: somebody
// whom the analysis does not see makes them come true.
func (f *folder) happensOn(h happening, fr *frame, begin *parse.Expr) bool {
	f.steps = 0
	fi, e := h.fi, h.call
	for n := h.j.in.depth(); ; n-- {
		if !f.comes(fi, e, fr) && (begin == nil || !fi.holds(begin) || f.comes(fi, begin, fr)) {
			return false
		}
		if n == 0 {
			return true
		}
		if !f.enters(fr.call, fi.fn, fr.up) {
			return false
		}
		fi, e, fr = fr.call.fi, fr.call.e, fr.up
	}
}

// enters reports whether a call through a member of a table's row can enter the
// function: the rows of that table name it.
func (f *folder) enters(c ref, fn *parse.Func, fr *frame) bool {
	if c.e == nil || c.e.Kind != parse.XCall || c.e.Callee() != "" || fn.Macro != nil {
		return true
	}
	x := c.e.X.Strip()
	if x != nil && x.Kind == parse.XUnary && x.Op == parse.Mul {
		x = x.X.Strip()
	}
	if x != nil && x.Kind == parse.XIndex && fr != nil {
		return f.inArray(c.fi, x, fn, fr)
	}
	if x == nil || x.Kind != parse.XMember {
		return true
	}
	rows, ok := f.optionRows(c.fi, x, fr)
	for _, r := range rows {
		_, e, _ := r.arg(x, x)
		if e == nil {
			continue // no function
		}
		if e = pointee(e); e == nil || e.Kind != parse.XIdent || e.Name == fn.Name || len(f.p.constants(r.fi.unit, e.Name)) > 0 {
			return true
		}
	}
	return !ok
}

// inArray reports whether a function can be among those of the array that x takes
// one from.
func (f *folder) inArray(fi *funcInfo, x *parse.Expr, fn *parse.Func, fr *frame) bool {
	v := f.p.evaluator(f.s).eval(fi, x, fr)
	return v.unknown != "" || len(v.set) == 0 || v.set.has(functionValue(fn))
}
