package anchor

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// pastOpenFlag moves a place after the flag that belongs to the creation block
// though it stands below its check, with nothing between:
//
//	if ((fd = socket(domain, SOCK_STREAM, 0)) < 0)
//		goto fail;
//	opened = 1;
//
// It records that there is a descriptor now.
func (a *Search) pastOpenFlag(pl *Place) *Place {
	if pl.Test || pl.Braces != nil || pl.Moved || pl.Check == nil || pl.After != pl.Check || pl.Check.Kind != parse.SIf {
		return pl
	}
	f := a.spot.File
	n := ctree.Next(pl.After)
	if n == nil || text.LineStart(f.Src, n.Pos) != pl.Offset || !text.FirstOnLine(f.Src, n.Pos) || !a.recordsOpen(n) {
		return pl
	}
	more := *pl
	more.After = n
	if at, why := a.LinePlace(&more); why == "" && !at.Test && !at.Moved {
		return at
	}
	return pl
}

// recordsOpen recognises opened = 1; with a flag of the function that only ever gets
// constants, and that a condition asks for later.
func (a *Search) recordsOpen(s *parse.Stmt) bool {
	f, fn := a.spot.File, a.spot.Func
	if s.Kind != parse.SExpr {
		return false
	}
	e := s.Expr.Bare()
	if e == nil || e.Kind != parse.XAssign || e.Op != token.Assign || e.X.Bare().Kind != parse.XIdent || !isTrueConst(e.Y) {
		return false
	}
	name := e.X.Bare().Name
	l, ok := ctree.Visible(fn, s.Parent, s.Pos, name)
	if !ok || l.Stmt == nil || l.Decl.Type == nil || l.Decl.Type.Ptr > 0 || l.Decl.Type.Array ||
		l.Decl.Init != nil && !ctree.IsConst(l.Decl.Init) {
		return false
	}
	if n := ctree.Next(s); n != nil && ctree.StmtMentions(f, n, name) {
		return false // it begins the next step
	}
	flag, asked := true, false
	fn.Body().Walk(func(x *parse.Stmt) bool {
		if (x.Kind == parse.SIf || x.Kind == parse.SWhile) && x.Pos > s.End && x.Expr != nil && ctree.Mentions(f, x.Expr, name) {
			asked = true
		}
		x.Exprs(func(e *parse.Expr) {
			if ctree.ChangedIn(e, name) {
				b := e.Bare()
				flag = flag && b.Kind == parse.XAssign && b.Op == token.Assign && ctree.IsLvalue(f, b.X, name) && ctree.IsConst(b.Y)
			}
		})
		return flag
	})
	return flag && asked
}

// isTrueConst reports whether an expression is 1, or a constant that means yes.
func isTrueConst(e *parse.Expr) bool {
	if v, ok := ctree.Number(e); ok {
		return v == 1
	}
	e = e.Strip()
	return e != nil && e.Kind == parse.XIdent && strings.EqualFold(e.Name, "true")
}
