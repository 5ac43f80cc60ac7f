package proof

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/compose"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/templates"
)

// Condition holds that the block asks whether the call failed: of its result alone,
// bare, negated or compared with a constant, and true for what setsockopt() returns
// then. What the program's own functions return is theirs to say; the form is asked
// for there, too.
func Condition(b *templates.Block, model bool) *Breach {
	if b.Failed == "" || b.Ignore {
		return nil
	}
	result := b.Result
	if result == "" {
		result = b.Set
	}
	if asksFailure(b.Failed, result, !model) {
		return nil
	}
	return &Breach{"condition", "the test does not tell whether the call failed: " + b.Failed, func(p *compose.Plain) bool {
		return compose.Dropped(&p.OwnTest)
	}}
}

// asksFailure reads a condition; system says that the result is that of setsockopt().
func asksFailure(cond, result string, system bool) bool {
	f := parse.New("condition.c", []byte("void f(void) { if ("+cond+") g(); }"))
	if len(f.Problems) > 0 || len(f.Funcs) != 1 || len(f.Funcs[0].Body().List) != 1 {
		return false
	}
	s := f.Funcs[0].Body().List[0]
	if s.Kind != parse.SIf {
		return false
	}
	result = ctree.Normalize(result)
	is := func(e *parse.Expr) bool {
		return e != nil && ctree.Normalize(parse.ExprText(f, e.Strip())) == result
	}
	asked := 0
	var parts func(e *parse.Expr)
	parts = func(e *parse.Expr) {
		if e = e.Strip(); e == nil {
			return
		}
		if e.Kind == parse.XBinary && e.Op == token.AndAnd {
			parts(e.X)
			parts(e.Y)
		} else if failsBy(e, is, system, true) {
			asked++
		}
	}
	parts(s.Expr)
	return asked == 1
}

// failsBy reports whether a test of a result has the given truth where the call
// failed, and the opposite where it went well.
func failsBy(e *parse.Expr, is func(*parse.Expr) bool, system, truth bool) bool {
	e = e.Strip()
	switch {
	case e == nil:
		return false
	case is(e):
		return truth || !system
	case e.Kind == parse.XUnary && e.Op == token.Not:
		return failsBy(e.X, is, system, !truth)
	case e.Kind != parse.XBinary:
		return false
	}
	left, op, with := e.X, e.Op, e.Y
	if !is(left) {
		left, op, with = e.Y, mirrored[e.Op], e.X
	}
	if !is(left) || !ctree.IsConst(with) {
		return false
	}
	n, known := ctree.Number(with)
	holds := func(v int) bool {
		switch op {
		case token.EqEq:
			return v == n
		case token.NotEq:
			return v != n
		case token.Lt:
			return v < n
		case token.Le:
			return v <= n
		case token.Gt:
			return v > n
		case token.Ge:
			return v >= n
		}
		return false
	}
	_, compares := mirrored[op]
	if !known || !system {
		return compares // with a constant of the program's
	}
	return holds(-1) == truth && holds(0) != truth
}

// mirrored are the comparisons with their operands exchanged.
var mirrored = map[token.Op]token.Op{
	token.EqEq: token.EqEq, token.NotEq: token.NotEq, token.Lt: token.Gt, token.Le: token.Ge, token.Gt: token.Lt, token.Ge: token.Le,
}
