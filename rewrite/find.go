package rewrite

import (
	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
)

// spot is a creation call in its tree: the statement that holds it and the
// lvalue that takes the descriptor.
type spot struct {
	file *parse.File
	fn   *parse.Func
	call *parse.Expr
	stmt *parse.Stmt // owner of the call

	fd   string      // the descriptor, as it is to be spelled in the block
	key  string      // fd without blanks, for comparisons
	lhs  *parse.Expr // fd's own expression, nil for a declaration
	alts []string    // other lvalues that take it in the same statement: fd = c->fd = socket(...)
	cond *parse.Expr
	decl bool // the call initialises a declaration
	// shared is the condition that the call stands under within its own
	// expression: a ? socket(..) : -1 gives a descriptor only sometimes.
	shared bool
	via    []string // macros and functions around the call that give back what it returned
}

// findSpot locates the call that begins at off. The reason says why nothing
// can be inserted for it; a spot comes with one where all that is wanting is a
// variable that holds the descriptor.
func (p *finder) findSpot(f *parse.File, fn *parse.Func, off int) (*spot, string) {
	if fn == nil {
		return nil, "the call stands in no function body that could be read"
	}
	if fn.Macro != nil {
		return nil, "the call stands in a macro; the places that use it would all change"
	}
	stmt, path := owner(fn.Body(), off)
	if stmt == nil {
		return nil, "the call stands in no statement that could be read"
	}
	sp := &spot{file: f, fn: fn, stmt: stmt, call: path[len(path)-1]}
	// Outwards from the call, up to what takes its value.
	i := len(path) - 2
	child := sp.call
	for ; i >= 0; i-- {
		e := path[i]
		switch {
		case e.Kind == parse.XParen || e.Kind == parse.XCast:
		case e.Kind == parse.XCond && e.X != child:
			sp.shared = true
		case e.Kind == parse.XComma && e.Args[len(e.Args)-1] == child:
		case e.Kind == parse.XAssign && e.Op == parse.Assign && e.Y == child:
			if !sp.take(e.X) {
				return sp, "the descriptor goes into an expression with side effects"
			}
			sp.cond = path[0]
			sp.alternatives(path[:i])
			return sp, ""
		case e.Kind == parse.XCall && p.hands(f, e, child):
			sp.via = append(sp.via, e.Callee())
		case e.Kind == parse.XCall:
			return sp, "the call's result is an argument; no variable holds the descriptor"
		default:
			return sp, "the call's result is used at once; no variable holds the descriptor"
		}
		child = e
	}
	switch stmt.Kind {
	case parse.SDecl:
		for _, d := range stmt.Decls {
			if d.Init != nil && d.Init.Pos <= off && off < d.Init.End {
				sp.fd, sp.key, sp.decl = d.Name, d.Name, true
				return sp, ""
			}
		}
	case parse.SReturn:
		return sp, "the call's result is returned at once; no variable holds the descriptor"
	case parse.SExpr:
		return nil, "the call's result is thrown away"
	}
	return sp, "the call's result is used at once; no variable holds the descriptor"
}

// alternatives records the other lvalues of a chain of assignments, up is the
// path above the innermost one. A variable goes before a member.
func (sp *spot) alternatives(up []*parse.Expr) {
	for i := len(up) - 1; i >= 0; i-- {
		switch e := up[i]; {
		case e.Kind == parse.XParen || e.Kind == parse.XCast:
		case e.Kind == parse.XAssign && e.Op == parse.Assign:
			if x := e.X.Bare(); pureLvalue(x) {
				sp.alts = append(sp.alts, exprText(sp.file, x))
			}
		default:
			return
		}
	}
	if sp.stmt.Kind == parse.SDecl {
		for _, d := range sp.stmt.Decls {
			if d.Init != nil && d.Init.Pos <= sp.call.Pos && sp.call.End <= d.Init.End {
				sp.alts = append(sp.alts, d.Name)
			}
		}
	}
	for i, alt := range sp.alts {
		if isName(alt) && !isName(sp.fd) {
			sp.fd, sp.alts[i] = alt, sp.fd
			sp.key = norm(sp.fd)
		}
	}
}

// take records the lvalue, and reports whether it may be written twice.
func (sp *spot) take(lhs *parse.Expr) bool {
	lhs = lhs.Bare()
	sp.fd = exprText(sp.file, lhs)
	sp.key = norm(sp.fd)
	sp.lhs = lhs
	return pureLvalue(lhs)
}

// moves reports whether a statement changes a part of the lvalue, so that it
// names another place: list[n] behind n++. Branches that leave don't count.
func (a *anchorer) moves(s *parse.Stmt) bool {
	f, parts := a.sp.file, map[string]bool{}
	if a.sp.lhs == nil || s == nil {
		return false
	}
	a.sp.lhs.Walk(func(x *parse.Expr) bool {
		if x != a.sp.lhs && (x.Kind == parse.XIdent || x.Kind == parse.XMember || x.Kind == parse.XIndex) {
			parts[norm(exprText(f, x))] = true
		}
		return true
	})
	found := false
	s.Walk(func(x *parse.Stmt) bool {
		if x.Kind == parse.SIf && x.Body != nil && a.exits.leaves(f, x.Body) {
			found = found || a.moves(x.Else)
			return false
		}
		x.Exprs(func(e *parse.Expr) {
			e.Walk(func(y *parse.Expr) bool {
				if y.Kind == parse.XAssign || y.Kind == parse.XPostfix || y.Kind == parse.XUnary && (y.Op == parse.Inc || y.Op == parse.Dec) {
					found = found || parts[norm(exprText(f, y.X.Strip()))]
				}
				return !found
			})
		})
		return !found
	})
	return found
}

// movedBefore reports whether a member of the place's lists that stands behind
// the call and in front of the place changes a part of the lvalue.
func (a *anchorer) movedBefore(pl *place) bool {
	for m := a.sp.stmt; m != nil; m = m.Parent {
		list, i := position(m)
		for _, s := range list[min(i+1, len(list)):] {
			if s.Pos >= pl.at || ancestor(s, pl.list) {
				break
			}
			if a.moves(s) {
				return true
			}
		}
	}
	return false
}

// locate fills in the function of a site whose node has none.
func locate(s *detect.Site) (*parse.File, *parse.Func, int) {
	f := s.Node.File
	if f == nil {
		return nil, nil, 0
	}
	off := f.Lines().Start(s.Line) + s.Column - 1
	if s.Node.Call != nil {
		off = s.Node.Call.NamePos
	}
	if s.Node.Func != nil {
		return f, s.Node.Func, off
	}
	for _, fn := range f.FuncsAt(off) {
		if st, _ := owner(fn.Body(), off); st != nil {
			return f, fn, off
		}
	}
	return f, nil, off
}
