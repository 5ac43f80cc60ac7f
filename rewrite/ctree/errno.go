package ctree

import (
	"strings"

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

// TestsCall reports whether a condition compares what a call returns.
func TestsCall(e *parse.Expr) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XBinary && x.Op != token.AndAnd && x.Op != token.OrOr {
			for _, s := range []*parse.Expr{x.X, x.Y} {
				if s = s.Strip(); s != nil && (s.Kind == parse.XCall || s.Kind == parse.XAssign) &&
					!strings.Contains(strings.ToLower(s.Callee()), "level") {
					found = true
				}
			}
		}
		return !found
	})
	return found
}
