package noreturn

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// endsForKind reports whether a function ends the program for the kind of message that a
// call in file f gives it: a statement of its own does where a parameter has the constant
// that the call has there, as in if (kind == ERROR) exit(1).
func (x *Exits) endsForKind(fn *parse.Func, f *parse.File, call *parse.Expr) bool {
	leave, ok := x.enter(fn)
	if !ok {
		return false
	}
	defer leave()
	for _, s := range fn.Body().List {
		if s.Kind == parse.SIf && givesKind(fn, s.Expr, f, call) && x.Leaves(fn.File, s.Body) && !returns(s.Body) {
			return true
		}
	}
	return false
}

// givesKind reports whether a condition of a function compares a parameter with the constant
// that a call gives it, alone or among others that will do as well.
func givesKind(fn *parse.Func, e *parse.Expr, f *parse.File, call *parse.Expr) bool {
	e = e.Strip()
	if e == nil || e.Kind != parse.XBinary {
		return false
	}
	if e.Op == token.OrOr {
		return givesKind(fn, e.X, f, call) || givesKind(fn, e.Y, f, call)
	}
	kind := e.Y.Strip()
	if e.Op != token.EqEq || kind == nil || kind.Kind != parse.XNumber && !ctree.IsConstName(kind) {
		return false
	}
	for i, d := range fn.Params {
		if i < len(call.Args) && d.Name != "" && ctree.IsLvalue(fn.File, e.X, d.Name) && !ctree.Changed(fn, d.Name) {
			a := call.Args[i].Strip()
			return a != nil && a.Kind == kind.Kind && parse.ExprText(f, a) == parse.ExprText(fn.File, kind)
		}
	}
	return false
}

// returns reports whether a statement may leave its function and come back to the caller, or
// go on elsewhere in it.
func returns(s *parse.Stmt) bool {
	found := false
	s.Walk(func(c *parse.Stmt) bool {
		switch c.Kind {
		case parse.SReturn, parse.SGoto, parse.SBreak, parse.SContinue:
			found = true
		}
		return !found
	})
	return found
}
