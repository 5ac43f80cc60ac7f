package anchor

import (
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// Spot is a creation call in its tree: the statement that holds it and the
// lvalue that takes the descriptor.
type Spot struct {
	File *parse.File
	Func *parse.Func
	Call *parse.Expr
	Stmt *parse.Stmt // owner of the call

	FD      string      // the descriptor, as it is to be spelled in the block
	Key     string      // fd without blanks, for comparisons
	lhs     *parse.Expr // fd's own expression, nil for a declaration
	aliases []string    // other lvalues that take it in the same statement: fd = c->fd = socket(...)
	cond    *parse.Expr
	decl    bool // the call initialises a declaration
	// Shared is the condition that the call stands under within its own
	// expression: a ? socket(..) : -1 gives a descriptor only sometimes.
	Shared bool
	via    []string // macros and functions around the call that give back what it returned
}

// FindSpot locates the call that begins at off. The reason says why nothing
// can be inserted for it; a spot comes with one where all that is wanting is a
// variable that holds the descriptor.
func (p *Finder) FindSpot(f *parse.File, fn *parse.Func, off int) (*Spot, string) {
	if fn == nil {
		return nil, "the call is in no function body that could be parsed"
	}
	if fn.Macro != nil {
		return nil, "the call is in a macro; a patch would change every use"
	}
	stmt, path := ctree.CallAt(fn.Body(), off)
	if stmt == nil {
		return nil, "the call is in no statement that could be parsed"
	}
	sp := &Spot{File: f, Func: fn, Stmt: stmt, Call: path[len(path)-1]}
	// Outwards from the call, up to what takes its value.
	i := len(path) - 2
	child := sp.Call
	for ; i >= 0; i-- {
		e := path[i]
		switch {
		case e.Kind == parse.XParen || e.Kind == parse.XCast:
		case e.Kind == parse.XCond && e.X != child:
			sp.Shared = true
		case e.Kind == parse.XComma && e.Args[len(e.Args)-1] == child:
		case e.Kind == parse.XAssign && e.Op == token.Assign && e.Y == child:
			if !sp.take(e.X) {
				return sp, "the descriptor goes into an expression with side effects"
			}
			sp.cond = path[0]
			sp.readAliases(path[:i])
			return sp, ""
		case e.Kind == parse.XCall && p.ReturnsArgument(f, e, child):
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
				sp.FD, sp.Key, sp.decl = d.Name, d.Name, true
				return sp, ""
			}
		}
	case parse.SReturn:
		return sp, "the call's result is returned at once; no variable holds the descriptor"
	case parse.SExpr:
		return nil, "the call's result is discarded"
	}
	return sp, "the call's result is used at once; no variable holds the descriptor"
}

// readAliases records the other lvalues of a chain of assignments, up is the
// path above the innermost one. A variable goes before a member.
func (sp *Spot) readAliases(up []*parse.Expr) {
	for i := len(up) - 1; i >= 0; i-- {
		switch e := up[i]; {
		case e.Kind == parse.XParen || e.Kind == parse.XCast:
		case e.Kind == parse.XAssign && e.Op == token.Assign:
			if x := e.X.Bare(); ctree.PureLvalue(x) {
				sp.aliases = append(sp.aliases, parse.ExprText(sp.File, x))
			}
		default:
			return
		}
	}
	if sp.Stmt.Kind == parse.SDecl {
		for _, d := range sp.Stmt.Decls {
			if d.Init != nil && d.Init.Pos <= sp.Call.Pos && sp.Call.End <= d.Init.End {
				sp.aliases = append(sp.aliases, d.Name)
			}
		}
	}
	for i, alt := range sp.aliases {
		if ctree.IsName(alt) && !ctree.IsName(sp.FD) {
			sp.FD, sp.aliases[i] = alt, sp.FD
			sp.Key = ctree.Normalize(sp.FD)
		}
	}
}

// take records the lvalue as it is to be spelled after the statement, and
// reports whether it can be.
func (sp *Spot) take(lhs *parse.Expr) bool {
	lhs = lhs.Bare()
	sp.FD = parse.ExprText(sp.File, lhs)
	pure := ctree.PureLvalue(lhs)
	if !pure {
		sp.FD, pure = ctree.Stepped(sp.File, lhs)
	}
	sp.Key = ctree.Normalize(sp.FD)
	sp.lhs = lhs
	return pure
}

// changesLvalue reports whether a statement changes a part of the lvalue, so that it
// names another place: list[n] after n++. Branches that leave don't count.
func (a *Search) changesLvalue(s *parse.Stmt) bool {
	f, parts := a.spot.File, map[string]bool{}
	if a.spot.lhs == nil || s == nil {
		return false
	}
	a.spot.lhs.Walk(func(x *parse.Expr) bool {
		if x != a.spot.lhs && (x.Kind == parse.XIdent || x.Kind == parse.XMember || x.Kind == parse.XIndex) {
			parts[ctree.Normalize(parse.ExprText(f, x))] = true
		}
		return true
	})
	found := false
	s.Walk(func(x *parse.Stmt) bool {
		if x.Kind == parse.SIf && x.Body != nil && a.exits.Leaves(f, x.Body) {
			found = found || a.changesLvalue(x.Else)
			return false
		}
		x.Exprs(func(e *parse.Expr) {
			e.Walk(func(y *parse.Expr) bool {
				if y.Kind == parse.XAssign || y.Kind == parse.XPostfix ||
					y.Kind == parse.XUnary && (y.Op == token.Inc || y.Op == token.Dec) {
					found = found || parts[ctree.Normalize(parse.ExprText(f, y.X.Strip()))]
				}
				return !found
			})
		})
		return !found
	})
	return found
}

// changedBefore reports whether a member of the place's lists that stands after
// the call and before the place changes a part of the lvalue.
func (a *Search) changedBefore(pl *Place) bool {
	for m := a.spot.Stmt; m != nil; m = m.Parent {
		list, i := ctree.Position(m)
		for _, s := range list[min(i+1, len(list)):] {
			if s.Pos >= pl.Offset || ctree.Ancestor(s, pl.List) {
				break
			}
			if a.changesLvalue(s) {
				return true
			}
		}
	}
	return false
}

// Locate fills in the function of a site whose node has none.
func Locate(s *result.Site) (*parse.File, *parse.Func, int) {
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
		if st, _ := ctree.CallAt(fn.Body(), off); st != nil {
			return f, fn, off
		}
	}
	return f, nil, off
}
