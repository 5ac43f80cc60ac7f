package callgraph

import (
	"strings"

	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/sites"
	"github.com/keepatch/keepatch/parse/token"
)

// Where what a place holds comes from.

// expr returns the node of an expression.
func (r *pointsTo) expr(fi *program.FuncInfo, e *parse.Expr) *node {
	return r.source(slot{kind: exprSlot, expr: e}, fi, nil)
}

// sources lists where what a node holds comes from.
func (r *pointsTo) sources(n *node) {
	switch n.kind {
	case exprSlot:
		r.read(n, n.in, n.expr)
	case varSlot:
		r.assigned(n)
	case outSlot:
		r.storedThrough(n)
	case globalSlot:
		r.globalStores(n)
	case memberSlot:
		r.memberStores(n)
	case resultSlot:
		for _, x := range n.in.Results() {
			r.edge(r.expr(n.in, x), n)
		}
	}
}

// read adds what an expression is.
func (r *pointsTo) read(to *node, fi *program.FuncInfo, e *parse.Expr) {
	e = e.Strip()
	if e == nil {
		return
	}
	switch e.Kind {
	case parse.XIdent, parse.XMember:
		r.load(to, fi, e, e)
	case parse.XIndex, parse.XUnary:
		x := e
		for x != nil && (x.Kind == parse.XIndex || x.Kind == parse.XUnary && (x.Op == token.Mul || x.Op == token.And)) {
			x = x.X.Strip()
		}
		switch {
		case x == nil || x == e:
		case x.Kind == parse.XIdent || x.Kind == parse.XMember:
			r.load(to, fi, x, e)
		default:
			r.read(to, fi, x)
		}
	case parse.XAssign:
		r.read(to, fi, e.Y)
	case parse.XComma:
		r.read(to, fi, e.Args[len(e.Args)-1])
	case parse.XCond:
		if e.Y == nil {
			r.read(to, fi, e.X)
		}
		r.read(to, fi, e.Y)
		r.read(to, fi, e.Z)
	case parse.XCompound:
		r.read(to, fi, e.X)
	case parse.XBinary:
		if e.Op == token.Add || e.Op == token.Sub || e.Op == token.And {
			r.read(to, fi, e.X)
		}
	case parse.XInit:
		for _, a := range e.Args {
			if a.Kind == parse.XDesig {
				a = a.X
			}
			r.read(to, fi, a)
		}
	case parse.XCall:
		r.result(to, fi, e)
	}
}

// result adds what a call returns.
func (r *pointsTo) result(to *node, fi *program.FuncInfo, call *parse.Expr) {
	if len(call.Args) == 1 && (knowledge.SameValue.Has(call.Callee()) || r.p.PassesThrough(fi, call, call.Args[0])) {
		r.read(to, fi, call.Args[0])
		return
	}
	r.entered(fi, call, func(fn *parse.Func) {
		if r.canHold(r.p.FileOf(fn), fn.Result) {
			r.edge(r.source(slot{kind: resultSlot, fn: fn}, r.p.InfoOf(fn), nil), to)
		}
	})
}

// load adds what the variable or member e holds where whole, it or an element of it, stands.
func (r *pointsTo) load(to *node, fi *program.FuncInfo, e, whole *parse.Expr) {
	d := fi.Lookup(e.Name, e.Pos)
	if e.Kind == parse.XIdent && d == nil {
		r.name(to, fi, e, whole)
		return
	}
	if !r.mayHold(fi, e) {
		return
	}
	if !r.here(to, fi, e, whole) {
		return
	}
	switch {
	case e.Kind == parse.XMember:
		r.edge(r.source(memberOf(fi, e), fi, nil), to)
	case d.Static || fi.ParamIndex(d) >= 0:
		r.edge(r.source(slot{kind: varSlot, decl: d}, fi, nil), to)
	}
}

// here adds what the function itself gives the variable or member e, and reports whether what
// it had at the function's entry is left.
func (r *pointsTo) here(to *node, fi *program.FuncInfo, e, whole *parse.Expr) (entry bool) {
	path := value.PathOf(whole)
	if path == "" || whole.In == nil || fi.Func.BodyPos == fi.Func.End || !assignsHere(fi, e) {
		return true
	}
	defs, entry := defuse.Reaching(fi, fi.NodeOf(whole), whole.Pos, path)
	for _, d := range defs {
		r.definition(to, fi, e, d)
	}
	return entry
}

// assignsHere reports whether a function may assign to the variable or member e itself, so
// that the order of its statements matters.
func assignsHere(fi *program.FuncInfo, e *parse.Expr) bool {
	if d := fi.Lookup(value.RootName(e), e.Pos); d != nil &&
		(e.Kind == parse.XIdent && fi.ParamIndex(d) < 0 || d.Init != nil && d.Init.Kind == parse.XInit) {
		return true
	}
	for m := range fi.Named(e.Name) {
		if m.Kind != e.Kind || m == e {
			continue
		}
		x := place(m)
		if up := x.Up; up != nil && (up.Kind == parse.XAssign && up.X == x ||
			e.Kind == parse.XIdent && up.Kind == parse.XUnary && up.Op == token.And) {
			return true
		}
	}
	return false
}

// definition adds what a definition gives to the variable or member e.
func (r *pointsTo) definition(to *node, fi *program.FuncInfo, e *parse.Expr, d defuse.Def) {
	switch d.Kind {
	case defuse.DefValue:
		r.edge(r.expr(fi, d.Expr), to)
	case defuse.DefObject:
		if e.Kind == parse.XMember && strings.Contains(d.Suffix, ".") {
			r.edge(r.source(memberOf(fi, e), fi, nil), to)
		} else {
			r.edge(r.expr(fi, d.Expr), to)
		}
	case defuse.DefOut:
		if e.Kind == parse.XMember && strings.Contains(d.Suffix, ".") {
			r.edge(r.source(memberOf(fi, e), fi, nil), to)
		} else {
			r.stored(to, fi, d.Expr, d.Arg)
		}
	}
}

// name adds what a name is that the function does not declare: a variable at file scope, a
// function, a macro.
func (r *pointsTo) name(to *node, fi *program.FuncInfo, e, whole *parse.Expr) {
	found := false
	for _, fn := range r.p.FuncsNamed(fi.File, e.Name) {
		if fn.Macro == nil {
			found = true
			r.add(to, r.numberOf(target{fn: fn}))
		}
	}
	if found {
		return
	}
	if g := r.p.Global(fi.File, e.Name); g != nil {
		if r.canHold(g.File, g.Decl.Type) && r.here(to, fi, e, whole) {
			r.edge(r.source(slot{kind: globalSlot, name: g.Key}, nil, g), to)
		}
		return
	}
	for _, c := range r.p.Constants(fi.File, e.Name) {
		if c.Macro != nil && !(c.Expr.Kind == parse.XIdent && c.Expr.Name == e.Name) {
			found = true
			host := c.FileScope()
			host.Locals = fi.Locals
			r.edge(r.expr(host, c.Expr), to)
		}
	}
	if !found && sites.Has(e.Name) {
		r.add(to, r.numberOf(target{system: e.Name}))
	}
}

// assigned lists what a parameter gets, or all that a static variable does.
func (r *pointsTo) assigned(n *node) {
	i := n.in.ParamIndex(n.decl)
	if i >= 0 {
		r.callers(n.in.Func, func(c program.Ref) {
			if i < len(c.Expr.Args) {
				r.edge(r.expr(c.In, c.Expr.Args[i]), n)
			}
		})
		return
	}
	if n.decl.Init != nil {
		r.edge(r.expr(n.in, n.decl.Init), n)
	}
	for m := range n.in.Named(n.decl.Name) {
		if m.Kind == parse.XIdent && n.in.Lookup(m.Name, m.Pos) == n.decl {
			r.storedAt(n, n.in, m)
		}
	}
}

// stored adds what a call stores through one of its arguments.
func (r *pointsTo) stored(to *node, fi *program.FuncInfo, call *parse.Expr, arg int) {
	r.entered(fi, call, func(fn *parse.Func) {
		if arg < len(fn.Params) && fn.Params[arg].Name != "..." {
			r.edge(r.source(slot{kind: outSlot, decl: fn.Params[arg]}, r.p.InfoOf(fn), nil), to)
		}
	})
}

// storedThrough lists what a function stores through a parameter.
func (r *pointsTo) storedThrough(n *node) {
	for m := range n.in.Named(n.decl.Name) {
		if m.Kind != parse.XIdent || n.in.Lookup(m.Name, m.Pos) != n.decl {
			continue
		}
		x := place(m)
		if up := x.Up; up != nil && up.Kind == parse.XAssign && up.X == x && up.Op == token.Assign {
			if x.Bare() != m {
				r.edge(r.expr(n.in, up.Y), n)
			}
			continue
		}
		if x.Bare() == m {
			r.passed(n, n.in, m)
		}
	}
}

// storedAt adds what the variable or member m, or an element of it, receives where it
// stands.
func (r *pointsTo) storedAt(to *node, fi *program.FuncInfo, m *parse.Expr) {
	x := place(m)
	if up := x.Up; up != nil && up.Kind == parse.XAssign && up.X == x {
		if up.Op == token.Assign {
			r.edge(r.expr(fi, up.Y), to)
		}
		return
	}
	if x.Up != nil && x.Up.Kind == parse.XUnary && x.Up.Op == token.And || fi.IsArray(m) {
		r.passed(to, fi, x)
	}
}

// passed adds what the call stores that x is an argument of.
func (r *pointsTo) passed(to *node, fi *program.FuncInfo, x *parse.Expr) {
	call, i := program.ArgOf(x)
	if call == nil {
		return
	}
	if c, ok := knowledge.Copies.Lookup(call.Callee()); ok {
		if i == c.To && c.From < len(call.Args) {
			r.edge(r.expr(fi, call.Args[c.From]), to)
		}
		return
	}
	r.stored(to, fi, call, i)
}

// place returns m with the indices, stars and parentheses around it.
func place(m *parse.Expr) *parse.Expr {
	x := m
	for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XIndex && x.Up.X == x ||
		x.Up.Kind == parse.XUnary && x.Up.Op == token.Mul) {
		x = x.Up
	}
	return x
}

// globalStores lists what a variable at file scope gets.
func (r *pointsTo) globalStores(n *node) {
	name := n.g.Decl.Name
	for _, d := range n.g.File.DeclsOf(name) {
		if d.Init != nil && !d.Typedef && !d.Enum {
			r.edge(r.expr(fileScope(n.g.File), d.Init), n)
		}
	}
	for _, u := range r.p.FilesSeeing(n.g) {
		funcs, _ := u.FuncsUsing(name, program.NonMemberUse)
		for _, fi := range funcs {
			for m := range fi.Named(name) {
				if m.Kind == parse.XIdent && fi.Lookup(name, m.Pos) == nil {
					r.storedAt(n, fi, m)
				}
			}
		}
	}
}

// fileScope is a view of a file outside of its functions.
func fileScope(u *program.File) *program.FuncInfo {
	return &program.FuncInfo{Func: &parse.Func{File: u.Tree()}, File: u}
}
