package eval

import (
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// OptionRow is what one row of a table gives to a setsockopt() call: the row, for
// the arguments that are members of it.
type OptionRow struct {
	program.Initializer
	base string // the type of the rows, "" where they are plain numbers
}

// OptionRows returns the rows of the table that the option of a setsockopt() call
// is looked up in; ok is false where it is in none whose every row is known.
//
// The rows keep together what belongs together, the option and its value, and what
// another table of the same type holds is left out.
func (f *IntEval) OptionRows(fi *program.FuncInfo, opt *parse.Expr, fr *callgraph.Frame) (rows []OptionRow, ok bool) {
	e := opt.Strip()
	if e == nil {
		return nil, false
	}
	base, object := "", e
	switch e.Kind {
	case parse.XMember:
		if base, _ = fi.TypeOf(e.X); base == "" {
			return nil, false
		}
		object = e.X
	case parse.XIndex, parse.XUnary:
	default:
		return nil, false
	}
	list, ok := f.Elements(fi, object, fr, 0)
	if !ok || len(list) == 0 || len(list) > maxRows {
		return nil, false
	}
	if base != "" && f.Prog.IsStored(fi, e) {
		return nil, false
	}
	for _, x := range list {
		if x.Expr.Kind == parse.XDesig {
			x.Expr = x.Expr.X
		}
		if x.Expr == nil || (x.Expr.Kind == parse.XInit) != (base != "") {
			return nil, false
		}
		rows = append(rows, OptionRow{x, base})
	}
	return rows, true
}

const maxRows = 64

// Elements returns the initializers of the objects that e, or what it points to,
// can be.
func (f *IntEval) Elements(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame, depth int) ([]program.Initializer, bool) {
	e = e.Strip()
	if e == nil || depth > 8 {
		return nil, false
	}
	switch e.Kind {
	case parse.XIndex:
		list, ok := f.Elements(fi, e.X, fr, depth+1)
		if x := e.X.Strip(); !ok || x == nil || x.Kind != parse.XIndex {
			return f.indexed(fi, list, e.Y, fr), ok
		}
		return f.inRows(fi, list, e.Y, fr)
	case parse.XUnary:
		switch e.Op {
		case token.And:
			if x := e.X.Strip(); f.whole && x != nil && x.Kind == parse.XIndex {
				return f.Elements(fi, x.X, fr, depth+1) // the table, from there on
			}
			return f.Elements(fi, e.X, fr, depth+1)
		case token.Mul, token.Inc, token.Dec:
			return f.Elements(fi, e.X, fr, depth+1)
		}
	case parse.XPostfix:
		return f.Elements(fi, e.X, fr, depth+1)
	case parse.XBinary:
		if e.Op == token.Add {
			return f.Elements(fi, e.X, fr, depth+1)
		}
	case parse.XCond:
		if e.Y != nil {
			x, ok := f.Elements(fi, e.Y, fr, depth+1)
			y, also := f.Elements(fi, e.Z, fr, depth+1)
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
func (f *IntEval) keptIn(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame, depth int) (out []program.Initializer, ok bool) {
	path := value.PathOf(e)
	if path == "" || strings.Contains(path, "[]") {
		return nil, false
	}
	defs, entry := defuse.Reaching(fi, fi.NodeOf(e), e.Pos, path)
	if entry || len(defs) == 0 {
		return nil, false
	}
	for _, x := range defs {
		if x.Kind != defuse.DefValue {
			return nil, false
		}
		list, known := f.Elements(fi, x.Expr, fr, depth+1)
		if !known {
			return nil, false
		}
		out = append(out, list...)
	}
	return out, true
}

// inRows returns the elements that an index can mean in rows that are arrays
// themselves.
func (f *IntEval) inRows(fi *program.FuncInfo, rows []program.Initializer, index *parse.Expr,
	fr *callgraph.Frame) (out []program.Initializer, ok bool) {
	for _, row := range rows {
		if row.Expr.Kind == parse.XDesig {
			row.Expr = row.Expr.X
		}
		if row.Expr == nil || row.Expr.Kind != parse.XInit {
			return nil, false
		}
		out = append(out, f.indexed(fi, parts(row.In, row.Expr), index, fr)...)
	}
	return out, true
}

// named returns the initializers that a variable stands for.
func (f *IntEval) named(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame, depth int) ([]program.Initializer, bool) {
	d := fi.Lookup(e.Name, e.Pos)
	if d == nil {
		g := f.Prog.Global(fi.File, e.Name)
		if g == nil || g.Decl.Init == nil || g.Decl.Init.Kind != parse.XInit {
			return nil, false
		}
		return split(&program.FuncInfo{Func: &parse.Func{File: g.File.Tree()}, File: g.File}, g.Decl), true
	}
	if d.Init != nil && d.Init.Kind == parse.XInit {
		return split(fi, d), true
	}
	if d.Type.Ptr == 0 && !d.Type.Array {
		return nil, false
	}
	var out []program.Initializer
	defer func(whole bool) { f.whole = whole }(f.whole)
	f.whole = f.whole || isAdvanced(fi, d)
	defs, entry := defuse.Reaching(fi, fi.NodeOf(e), e.Pos, d.Name)
	for _, x := range defs {
		if x.Kind == defuse.DefUnset {
			continue
		}
		list, ok := []program.Initializer(nil), false
		if x.Kind == defuse.DefValue {
			if program.IsNull(x.Expr) {
				continue
			}
			list, ok = f.Elements(fi, x.Expr, fr, depth+1)
		}
		if !ok {
			return nil, false
		}
		out = append(out, list...)
	}
	i := fi.ParamIndex(d)
	if !entry || i < 0 {
		return out, len(out) > 0
	}
	calls := []*callgraph.Frame{fr}
	f.Sess.DependsOn(fr)
	if fr == nil {
		f.CallerDependent[fi.Func] = true
		calls = nil
		for _, c := range f.Prog.Callers(fi.Func) {
			calls = append(calls, f.Sess.Enter(c, nil))
		}
		if len(f.Prog.AddressesTaken(fi.Func)) > 0 {
			return nil, false
		}
	}
	for _, c := range calls {
		if i >= len(c.Call.Expr.Args) {
			return nil, false
		}
		list, ok := f.Elements(c.Call.In, c.Call.Expr.Args[i], c.Up, depth+1)
		if !ok {
			return nil, false
		}
		out = append(out, list...)
	}
	return out, len(out) > 0
}

// isAdvanced reports whether a pointer is moved on, or used as an array: it points to
// other elements than the one it was set to.
func isAdvanced(fi *program.FuncInfo, d *parse.Decl) bool {
	for u := range fi.Named(d.Name) {
		up := u.Up
		if u.Kind != parse.XIdent || up == nil || fi.Lookup(d.Name, u.Pos) != d {
			continue
		}
		switch up.Kind {
		case parse.XPostfix, parse.XIndex, parse.XBinary:
			return true
		case parse.XUnary:
			if up.Op == token.Inc || up.Op == token.Dec {
				return true
			}
		case parse.XAssign:
			if up.X == u && up.Op != token.Assign {
				return true
			}
		}
	}
	return false
}

// split returns the elements of an initialized array, or the one object.
func split(fi *program.FuncInfo, d *parse.Decl) []program.Initializer {
	if !d.Type.Array {
		return []program.Initializer{{In: fi, Expr: d.Init}}
	}
	return parts(fi, d.Init)
}

func parts(fi *program.FuncInfo, init *parse.Expr) (out []program.Initializer) {
	for _, a := range init.Args {
		if a != nil {
			out = append(out, program.Initializer{In: fi, Expr: a})
		}
	}
	return out
}

// indexed returns the elements that an index can mean.
func (f *IntEval) indexed(fi *program.FuncInfo, list []program.Initializer, index *parse.Expr, fr *callgraph.Frame) []program.Initializer {
	at := f.Eval(fi, index, fr)
	if at.Open || at.Loop || len(at.Set) == 0 {
		return list
	}
	var out []program.Initializer
	next := value.IntOf(0)
	for _, x := range list {
		if x.Expr.Kind == parse.XDesig && x.Expr.Y != nil {
			next = f.Eval(x.In, x.Expr.Y, nil)
		}
		if next.Open || len(next.Set) != 1 {
			return list
		}
		if at.Has(next.Set[0]) {
			out = append(out, x)
		}
		next = value.IntOf(next.Set[0] + 1)
	}
	return out
}

// Arg returns what an argument of the call, e, is in this row where the option is
// opt: the expression, nil for a member that is zero, and where it stands. own is
// false for an argument that is no member of the row.
func (r OptionRow) Arg(e, opt *parse.Expr) (fi *program.FuncInfo, x *parse.Expr, own bool) {
	x = program.Pointee(e)
	o := opt.Strip()
	switch {
	case r.base == "" && x == o:
		return r.In, r.Expr, true
	case r.base == "" || x == nil || !value.SameBase(x, o):
		return nil, nil, false
	}
	return r.In, r.In.FieldInit(r.Expr, r.base, x.Name), true
}
