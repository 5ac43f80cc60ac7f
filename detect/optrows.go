package detect

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// optionRow is what one row of a table gives to a setsockopt() call: the row, for
// the arguments that are members of it.
type optionRow struct {
	initial
	base string // the type of the rows, "" where they are plain numbers
}

// optionRows returns the rows of the table that the option of a setsockopt() call
// is looked up in; ok is false where it is in none whose every row is known.
//
// The rows keep together what belongs together, the option and its value, and what
// another table of the same type holds is left out.
func (f *folder) optionRows(fi *funcInfo, opt *parse.Expr, fr *frame) (rows []optionRow, ok bool) {
	e := opt.Strip()
	if e == nil {
		return nil, false
	}
	base, object := "", e
	switch e.Kind {
	case parse.XMember:
		if base, _ = fi.typeOf(e.X); base == "" {
			return nil, false
		}
		object = e.X
	case parse.XIndex, parse.XUnary:
	default:
		return nil, false
	}
	list, ok := f.elements(fi, object, fr, 0)
	if !ok || len(list) == 0 || len(list) > maxRows {
		return nil, false
	}
	if base != "" && f.p.isStored(fi, e) {
		return nil, false
	}
	for _, x := range list {
		if x.e.Kind == parse.XDesig {
			x.e = x.e.X
		}
		if x.e == nil || (x.e.Kind == parse.XInit) != (base != "") {
			return nil, false
		}
		rows = append(rows, optionRow{x, base})
	}
	return rows, true
}

const maxRows = 64

// isStored reports whether the tree assigns to that member of that struct.
func (p *program) isStored(fi *funcInfo, e *parse.Expr) bool {
	owner := fi.ownerKey(e)
	for _, m := range p.members(e.Name) {
		if up := m.e.Up; (m.owner == owner || m.owner == "?") && up != nil && up.Kind == parse.XAssign && up.X == m.e {
			return true
		}
	}
	return false
}

// elements returns the initializers of the objects that e, or what it points to,
// can be.
func (f *folder) elements(fi *funcInfo, e *parse.Expr, fr *frame, depth int) ([]initial, bool) {
	e = e.Strip()
	if e == nil || depth > 8 {
		return nil, false
	}
	switch e.Kind {
	case parse.XIndex:
		list, ok := f.elements(fi, e.X, fr, depth+1)
		if x := e.X.Strip(); !ok || x == nil || x.Kind != parse.XIndex {
			return f.indexed(fi, list, e.Y, fr), ok
		}
		return f.inRows(fi, list, e.Y, fr)
	case parse.XUnary:
		switch e.Op {
		case parse.And:
			if x := e.X.Strip(); f.whole && x != nil && x.Kind == parse.XIndex {
				return f.elements(fi, x.X, fr, depth+1) // the table, from there on
			}
			return f.elements(fi, e.X, fr, depth+1)
		case parse.Mul, parse.Inc, parse.Dec:
			return f.elements(fi, e.X, fr, depth+1)
		}
	case parse.XPostfix:
		return f.elements(fi, e.X, fr, depth+1)
	case parse.XBinary:
		if e.Op == parse.Add {
			return f.elements(fi, e.X, fr, depth+1)
		}
	case parse.XCond:
		if e.Y != nil {
			x, ok := f.elements(fi, e.Y, fr, depth+1)
			y, also := f.elements(fi, e.Z, fr, depth+1)
			return append(x[:len(x):len(x)], y...), ok && also
		}
	case parse.XCompound:
		if e.X != nil && e.X.Kind == parse.XInit && e.Type.Array {
			return parts(fi, e.X), true
		}
	case parse.XIdent:
		return f.named(fi, e, fr, depth)
	case parse.XMember:
		return f.keptIn(fi, e, fr, depth)
	}
	return nil, false
}

// keptIn returns the initializers that a member which the function itself sets
// before it looks there points to.
func (f *folder) keptIn(fi *funcInfo, e *parse.Expr, fr *frame, depth int) (out []initial, ok bool) {
	path := pathOf(e)
	if path == "" || strings.Contains(path, "[]") {
		return nil, false
	}
	defs, entry := fi.reach(fi.nodeOf(e), e.Pos, path)
	if entry || len(defs) == 0 {
		return nil, false
	}
	for _, x := range defs {
		if x.kind != defValue {
			return nil, false
		}
		list, known := f.elements(fi, x.e, fr, depth+1)
		if !known {
			return nil, false
		}
		out = append(out, list...)
	}
	return out, true
}

// inRows returns the elements that an index can mean in rows that are arrays
// themselves.
func (f *folder) inRows(fi *funcInfo, rows []initial, index *parse.Expr, fr *frame) (out []initial, ok bool) {
	for _, row := range rows {
		if row.e.Kind == parse.XDesig {
			row.e = row.e.X
		}
		if row.e == nil || row.e.Kind != parse.XInit {
			return nil, false
		}
		out = append(out, f.indexed(fi, parts(row.fi, row.e), index, fr)...)
	}
	return out, true
}

// named returns the initializers that a variable stands for.
func (f *folder) named(fi *funcInfo, e *parse.Expr, fr *frame, depth int) ([]initial, bool) {
	d := fi.lookup(e.Name, e.Pos)
	if d == nil {
		g := f.p.global(fi.unit, e.Name)
		if g == nil || g.decl.Init == nil || g.decl.Init.Kind != parse.XInit {
			return nil, false
		}
		return split(&funcInfo{fn: &parse.Func{File: g.unit.tree()}, unit: g.unit}, g.decl), true
	}
	if d.Init != nil && d.Init.Kind == parse.XInit {
		return split(fi, d), true
	}
	if d.Type.Ptr == 0 && !d.Type.Array {
		return nil, false
	}
	var out []initial
	defer func(whole bool) { f.whole = whole }(f.whole)
	f.whole = f.whole || fi.walks(d)
	defs, entry := fi.reach(fi.nodeOf(e), e.Pos, d.Name)
	for _, x := range defs {
		if x.kind == defUnknown {
			continue
		}
		list, ok := []initial(nil), false
		if x.kind == defValue {
			if isNull(x.e) {
				continue
			}
			list, ok = f.elements(fi, x.e, fr, depth+1)
		}
		if !ok {
			return nil, false
		}
		out = append(out, list...)
	}
	i := fi.isParam(d)
	if !entry || i < 0 {
		return out, len(out) > 0
	}
	calls := []*frame{fr}
	f.s.look(fr)
	if fr == nil {
		f.asked[fi.fn] = true
		calls = nil
		for _, c := range f.p.callers(fi.fn) {
			calls = append(calls, f.s.enter(c, nil))
		}
		if len(f.p.mentions(fi.fn)) > 0 || len(calls) > maxCallers {
			return nil, false
		}
	}
	for _, c := range calls {
		if i >= len(c.call.e.Args) {
			return nil, false
		}
		list, ok := f.elements(c.call.fi, c.call.e.Args[i], c.up, depth+1)
		if !ok {
			return nil, false
		}
		out = append(out, list...)
	}
	return out, len(out) > 0
}

// walks reports whether a pointer is moved on, or used as an array: it points to
// other elements than the one it was set to.
func (fi *funcInfo) walks(d *parse.Decl) bool {
	for u := range fi.named(d.Name) {
		up := u.Up
		if u.Kind != parse.XIdent || up == nil || fi.lookup(d.Name, u.Pos) != d {
			continue
		}
		switch up.Kind {
		case parse.XPostfix, parse.XIndex, parse.XBinary:
			return true
		case parse.XUnary:
			if up.Op == parse.Inc || up.Op == parse.Dec {
				return true
			}
		case parse.XAssign:
			if up.X == u && up.Op != parse.Assign {
				return true
			}
		}
	}
	return false
}

// split returns the elements of an initialized array, or the one object.
func split(fi *funcInfo, d *parse.Decl) []initial {
	if !d.Type.Array {
		return []initial{{fi, d.Init}}
	}
	return parts(fi, d.Init)
}

func parts(fi *funcInfo, init *parse.Expr) (out []initial) {
	for _, a := range init.Args {
		if a != nil {
			out = append(out, initial{fi, a})
		}
	}
	return out
}

// indexed returns the elements that an index can mean.
func (f *folder) indexed(fi *funcInfo, list []initial, index *parse.Expr, fr *frame) []initial {
	at := f.fold(fi, index, fr)
	if at.open || at.loop || len(at.set) == 0 {
		return list
	}
	var out []initial
	next := number1(0)
	for _, x := range list {
		if x.e.Kind == parse.XDesig && x.e.Y != nil {
			next = f.fold(x.fi, x.e.Y, nil)
		}
		if next.open || len(next.set) != 1 {
			return list
		}
		if at.has(next.set[0]) {
			out = append(out, x)
		}
		next = number1(next.set[0] + 1)
	}
	return out
}

// arg returns what an argument of the call, e, is in this row where the option is
// opt: the expression, nil for a member that is zero, and where it stands. own is
// false for an argument that is no member of the row.
func (r optionRow) arg(e, opt *parse.Expr) (fi *funcInfo, x *parse.Expr, own bool) {
	x = pointee(e)
	o := opt.Strip()
	switch {
	case r.base == "" && x == o:
		return r.fi, r.e, true
	case r.base == "" || x == nil || !sameObject(x, o):
		return nil, nil, false
	}
	return r.fi, r.fi.fieldInit(r.e, r.base, x.Name), true
}
