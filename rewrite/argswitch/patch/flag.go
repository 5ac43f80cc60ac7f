package patch

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// flagForgives reports whether a way out sets a flag, and what the function does about the flag
// later ends with success, or with a status that is not certain.
func (j *Patch) flagForgives(fn *parse.Func, stmt string) bool {
	m := setsName.FindStringSubmatch(stmt)
	if m == nil {
		return false
	}
	found, fails := false, false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind != parse.SIf || s.Expr == nil || !text.HasWord(parse.ExprText(fn.File, s.Expr), m[1]) {
			return true
		}
		for _, x := range Flat([]*parse.Stmt{s.Body}) {
			if x.Kind == parse.SReturn || x.Kind == parse.SExpr && j.Host.Leaves(fn.File, x) {
				found = true
				fails = fails || j.endsInFailure(fn.File, x)
			}
		}
		return true
	})
	return found && !fails
}

// setsName matches a flag that is set or counted.
var setsName = text.NewPattern(`^(?:\+\+)?([A-Za-z_]\w*)\s*(?:=|\+\+|\|=|\+=|;)`)

// endsInFailure reports whether a statement that leaves certainly ends with a status of failure.
func (j *Patch) endsInFailure(f *parse.File, s *parse.Stmt) bool {
	if s.Kind == parse.SReturn {
		return s.Expr != nil && (isFailureStatus(f, s.Expr) || negative(f, s.Expr) || s.Expr.Strip().Kind == parse.XCall)
	}
	e := s.Expr.Strip()
	if e.Kind != parse.XCall {
		return false
	}
	for _, a := range e.Args { // usage(1)
		if isFailureStatus(f, a) || negative(f, a) {
			return true
		}
	}
	if knowledge.ExitsWith.Has(e.Callee()) {
		return len(e.Args) != 1 || !isSuccess(f, e.Args[0])
	}
	for _, n := range j.Tree.Find(e.Callee(), f) {
		if !n.Macro && j.choosesStatus(n) {
			return false
		}
	}
	return !j.exitsZero(f, e, 3)
}

// choosesStatus reports whether a function ends the program with a status that depends on
// something.
func (j *Patch) choosesStatus(n *program.Node) bool {
	found := false
	n.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				found = found || x.Kind == parse.XCall && knowledge.ExitsWith.Has(x.Callee()) && len(x.Args) == 1 &&
					strings.ContainsAny(parse.ExprText(n.File, x.Args[0]), "?=<>!")
				return !found
			})
		})
		return !found
	})
	return found
}
