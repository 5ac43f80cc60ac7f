package ctree

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// SavesErrno reports whether a variable is what errno was at the last statement of a function
// before an offset that gives it a value: xerrno = errno.
func SavesErrno(fn *parse.Func, before int, name string) bool {
	saves := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind != parse.SExpr || s.End > before || s.Expr == nil {
			return s.Pos < before
		}
		if e := s.Expr.Strip(); e != nil && e.Kind == parse.XAssign && e.Op == token.Assign && IsLvalue(fn.File, e.X, name) {
			saves = OneLine(parse.ExprText(fn.File, e.Y)) == "errno"
		}
		return true
	})
	return saves
}
