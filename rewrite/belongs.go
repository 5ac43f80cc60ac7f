package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// belonging moves a place behind the flag that belongs to the creation block
// though it stands below its check, with nothing between:
//
//	if ((fd = socket(domain, SOCK_STREAM, 0)) < 0)
//		goto fail;
//	opened = 1;
//
// It records that there is a descriptor now.
func (a *anchorer) belonging(pl *place) *place {
	if pl.test || pl.braces != nil || pl.moved || pl.check == nil || pl.after != pl.check || pl.check.Kind != parse.SIf {
		return pl
	}
	f := a.sp.file
	n := next(pl.after)
	if n == nil || lineStart(f.Src, n.Pos) != pl.at || !firstOnLine(f.Src, n.Pos) || !a.records(n) {
		return pl
	}
	more := *pl
	more.after = n
	if at, why := a.settle(&more); why == "" && !at.test && !at.moved {
		return at
	}
	return pl
}

// records recognises opened = 1; with a flag of the function that only ever gets
// constants, and that a condition asks for later.
func (a *anchorer) records(s *parse.Stmt) bool {
	f, fn := a.sp.file, a.sp.fn
	if s.Kind != parse.SExpr {
		return false
	}
	e := s.Expr.Bare()
	if e == nil || e.Kind != parse.XAssign || e.Op != parse.Assign || e.X.Bare().Kind != parse.XIdent || !isTruth(e.Y) {
		return false
	}
	name := e.X.Bare().Name
	l, ok := visible(fn, s.Parent, s.Pos, name)
	if !ok || l.stmt == nil || l.decl.Type == nil || l.decl.Type.Ptr > 0 || l.decl.Type.Array || l.decl.Init != nil && !isConst(l.decl.Init) {
		return false
	}
	if n := next(s); n != nil && stmtMentions(f, n, name) {
		return false // it begins the next step
	}
	flag, asked := true, false
	fn.Body().Walk(func(x *parse.Stmt) bool {
		if (x.Kind == parse.SIf || x.Kind == parse.SWhile) && x.Pos > s.End && x.Expr != nil && mentions(f, x.Expr, name) {
			asked = true
		}
		x.Exprs(func(e *parse.Expr) {
			if changedIn(e, name) {
				b := e.Bare()
				flag = flag && b.Kind == parse.XAssign && b.Op == parse.Assign && same(f, b.X, name) && isConst(b.Y)
			}
		})
		return flag
	})
	return flag && asked
}

// isTruth reports whether an expression is 1, or a constant that means yes.
func isTruth(e *parse.Expr) bool {
	if v, ok := number(e); ok {
		return v == 1
	}
	e = e.Strip()
	return e != nil && e.Kind == parse.XIdent && strings.EqualFold(e.Name, "true")
}
