package callgraph

import (
	"slices"

	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// Where what a place holds goes to.

// mentioned returns the places that a function's address goes to where it is taken.
func (r *pointsTo) mentioned(m program.AddressTaken) []*node {
	n := &node{holds: map[number]bool{}}
	switch {
	case m.In != nil:
		r.goes(n, m.In, m.Expr)
	case m.Decl != nil:
		r.fills(n, fileScope(m.File), m.Decl, m.Expr)
	}
	return []*node{n}
}

// uses lists where what a node holds goes to.
func (r *pointsTo) uses(n *node) {
	switch n.kind {
	case varSlot:
		for _, u := range defuse.UsesOf(n.in, n.decl, n.expr) {
			r.goes(n, n.in, u)
		}
	case outSlot:
		i := n.in.ParamIndex(n.decl)
		r.callers(n.in.Func, func(c program.Ref) {
			if i < len(c.Expr.Args) {
				r.store(n, c.In, c.Expr.Args[i], c.Expr, true)
			}
		})
	case globalSlot:
		r.globalUses(n)
	case memberSlot:
		r.accesses(n, func(m program.MemberRef) { r.goes(n, m.In, m.Expr) })
		r.owners(n, func(s slot) { r.edge(n, r.dest(s, n.in, nil)) })
	case resultSlot:
		r.callers(n.in.Func, func(c program.Ref) { r.goes(n, c.In, c.Expr) })
	}
}

// globalUses lists where what a variable at file scope holds goes to.
func (r *pointsTo) globalUses(n *node) {
	name := n.g.Decl.Name
	for _, u := range r.p.FilesSeeing(n.g) {
		funcs, outside := u.FuncsUsing(name, program.NonMemberUse)
		for _, fi := range funcs {
			for e := range fi.Named(name) {
				if e.Kind == parse.XIdent && fi.Lookup(name, e.Pos) == nil {
					r.goes(n, fi, e)
				}
			}
		}
		if !outside {
			continue
		}
		for _, d := range u.Tree().DeclsNaming(name) {
			d.Init.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XIdent && x.Name == name {
					r.fills(n, fileScope(u), d, x)
				}
				return true
			})
		}
	}
}

// goes follows the value of an expression through those that it is part of, to where it is
// stored, passed, returned or called.
func (r *pointsTo) goes(from *node, fi *program.FuncInfo, read *parse.Expr) {
	e := read
	for ; e.Up != nil; e = e.Up {
		up := e.Up
		switch up.Kind {
		case parse.XParen, parse.XCast:
		case parse.XUnary:
			if up.Op != token.Mul && up.Op != token.And {
				return
			}
		case parse.XIndex:
			if up.X != e {
				return
			}
		case parse.XBinary:
			if up.X != e || up.Op != token.Add && up.Op != token.Sub && up.Op != token.And {
				return
			}
		case parse.XCond:
			if up.X == e && up.Y != nil {
				return
			}
		case parse.XComma:
			if up.Args[len(up.Args)-1] != e {
				return
			}
		case parse.XAssign:
			if up.X == e || up.Op != token.Assign {
				return
			}
			r.store(from, fi, up.X, up.Y, false)
		case parse.XCall:
			if up.X == e {
				r.watching(from, func(t target) { r.near(t, program.Ref{In: fi, Expr: up}, read) })
				return
			}
			if !r.handed(from, fi, up, e) {
				return
			}
		case parse.XInit, parse.XDesig, parse.XCompound:
			r.initializes(from, fi, e)
			return
		default:
			return
		}
	}
	if fi.IsResult(e) {
		if r.canHold(fi.File, fi.Func.Result) {
			r.edge(from, r.dest(slot{kind: resultSlot, fn: fi.Func}, fi, nil))
		}
		return
	}
	if e.In == nil {
		return
	}
	for _, d := range e.In.Decls {
		if d.Init == e {
			r.variable(from, fi, d, e)
		}
	}
}

// handed follows an argument into a call; again says that the call's value is the
// argument's.
func (r *pointsTo) handed(from *node, fi *program.FuncInfo, call, arg *parse.Expr) (again bool) {
	name := call.Callee()
	if len(call.Args) == 1 && (knowledge.SameValue.Has(name) || r.p.PassesThrough(fi, call, arg)) {
		return true
	}
	i := slices.Index(call.Args, arg)
	if c, ok := knowledge.Copies.Lookup(name); ok {
		if i == c.From && c.To < len(call.Args) {
			r.store(from, fi, call.Args[c.To], call, true)
		}
		return false
	}
	r.entered(fi, call, func(fn *parse.Func) {
		if i < len(fn.Params) && fn.Params[i].Name != "..." {
			gi := r.p.InfoOf(fn)
			r.variable(from, gi, fn.Params[i], nil)
		}
	})
	return false
}

// variable has it go to a variable of a function, which by assigns.
func (r *pointsTo) variable(from *node, fi *program.FuncInfo, d *parse.Decl, by *parse.Expr) {
	if !r.canHold(fi.File, d.Type) {
		return
	}
	if d.Static || d.Type.Array {
		by = nil
	}
	r.edge(from, r.dest(slot{kind: varSlot, decl: d, expr: by}, fi, nil))
}

// store has it go to an lvalue, or with through to what that points to.
func (r *pointsTo) store(from *node, fi *program.FuncInfo, lhs, by *parse.Expr, through bool) {
	x := lhs.Strip()
	if through && x != nil && x.Kind == parse.XUnary && x.Op == token.And {
		x, through = x.X.Strip(), false
	}
	for x != nil && (x.Kind == parse.XIndex || x.Kind == parse.XUnary && (x.Op == token.Mul || x.Op == token.And)) {
		through = true
		x = x.X.Strip()
	}
	switch {
	case x == nil || x.Kind != parse.XIdent && x.Kind != parse.XMember || !r.mayHold(fi, x):
	case x.Kind == parse.XMember:
		r.edge(from, r.dest(memberOf(fi, x), fi, nil))
	default:
		d := fi.Lookup(x.Name, x.Pos)
		if d == nil {
			if g := r.p.Global(fi.File, x.Name); g != nil {
				r.edge(from, r.dest(slot{kind: globalSlot, name: g.Key}, nil, g))
			}
			return
		}
		if through {
			by = nil
		}
		r.variable(from, fi, d, by)
		if through && fi.ParamIndex(d) >= 0 {
			r.edge(from, r.dest(slot{kind: outSlot, decl: d}, fi, nil))
		}
	}
}

// initializes follows an expression that stands in braces in a function.
func (r *pointsTo) initializes(from *node, fi *program.FuncInfo, e *parse.Expr) {
	top := e
	for top.Up != nil {
		if top = top.Up; top.Kind == parse.XCompound {
			found := false
			r.eachFilling(fi.File, top.Type, top.X, func(owner, name string, x *parse.Expr) {
				found = found || r.fillsMember(from, fi, owner, name, x, e)
			})
			return
		}
	}
	if top.In == nil {
		return
	}
	for _, d := range top.In.Decls {
		if d.Init == top {
			r.fills(from, fi, d, e)
		}
	}
}

// fills follows an expression that stands in the initializer of a variable.
func (r *pointsTo) fills(from *node, fi *program.FuncInfo, d *parse.Decl, e *parse.Expr) {
	found := false
	r.eachFilling(fi.File, d.Type, d.Init, func(owner, name string, x *parse.Expr) {
		found = r.fillsMember(from, fi, owner, name, x, e) || found
	})
	switch {
	case found:
	case fi.Func.Name != "":
		r.variable(from, fi, d, nil)
	default:
		if g := r.p.Global(fi.File, d.Name); g != nil && r.canHold(g.File, g.Decl.Type) {
			r.edge(from, r.dest(slot{kind: globalSlot, name: g.Key}, nil, g))
		}
	}
}

// fillsMember has it go to a member if e stands in x.
func (r *pointsTo) fillsMember(from *node, fi *program.FuncInfo, owner, name string, x, e *parse.Expr) bool {
	if x.Pos > e.Pos || e.End > x.End {
		return false
	}
	r.edge(from, r.dest(slot{kind: memberSlot, owner: owner, name: name}, fi, nil))
	return true
}
