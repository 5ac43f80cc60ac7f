package noreturn

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// State says what is known of a descriptor at some point.
type State int8

const (
	unknown State = iota
	Valid
	Invalid
)

// Knowledge is what a condition says of a descriptor when it holds and when
// it does not.
type Knowledge struct{ Yes, No State }

// Known reports whether a condition says anything about the descriptor.
func (k Knowledge) Known() bool { return k.Yes != unknown || k.No != unknown }

// Implied reads a condition. Assignments inside it count as their target, so
// (fd = socket(...)) < 0 is a test of fd.
func Implied(f *parse.File, e *parse.Expr, fd string) Knowledge {
	e = e.Strip()
	if e == nil {
		return Knowledge{}
	}
	switch e.Kind {
	case parse.XUnary:
		if e.Op == token.Not {
			k := Implied(f, e.X, fd)
			return Knowledge{k.No, k.Yes}
		}
	case parse.XComma:
		return Implied(f, e.Args[len(e.Args)-1], fd)
	case parse.XBinary:
		return ImpliedBinary(f, e, fd)
	case parse.XCall:
		return ImpliedCall(f, e, fd)
	}
	return Knowledge{}
}

// ImpliedBinary returns what a comparison, or the operands of && and ||, imply about the
// descriptor fd.
func ImpliedBinary(f *parse.File, e *parse.Expr, fd string) Knowledge {
	if e.Op == token.OrOr || e.Op == token.AndAnd {
		a, b := Implied(f, e.X, fd), Implied(f, e.Y, fd)
		if e.Op == token.OrOr {
			return Knowledge{join(a.Yes, b.Yes), meet(a.No, b.No)}
		}
		return Knowledge{meet(a.Yes, b.Yes), join(a.No, b.No)}
	}
	x, y, op := e.X, e.Y, e.Op
	if !Denotes(f, x, fd) {
		x, y, op = y, x, mirror(op)
	}
	if !Denotes(f, x, fd) {
		return Knowledge{}
	}
	v, isNum := ctree.Number(y)
	bad := Knowledge{Invalid, Valid}
	good := Knowledge{Valid, Invalid}
	switch op {
	case token.Lt:
		if isNum && (v == 0 || v == 1) {
			return bad
		}
	case token.Le:
		if isNum && (v == 0 || v == -1) {
			return bad
		}
	case token.Ge:
		if isNum && (v == 0 || v == 1) {
			return good
		}
	case token.Gt:
		if isNum && (v == 0 || v == -1) {
			return good
		}
	case token.EqEq:
		if isNum && v == -1 || !isNum && namesInvalid(y) {
			return bad
		}
	case token.NotEq:
		if isNum && v == -1 || !isNum && namesInvalid(y) {
			return good
		}
		if isNum && v >= 0 {
			return Knowledge{No: Valid} // a program that closed 0 and expects it
		}
	}
	return Knowledge{}
}

// namesInvalid reports whether what a descriptor is compared with is the program's name for
// none: NO_SOCKET, kInvalidSocket, invalid_fd.
func namesInvalid(e *parse.Expr) bool {
	e = e.Strip()
	return ctree.IsConstName(e) || e != nil && e.Kind == parse.XIdent && strings.Contains(strings.ToLower(e.Name), "invalid")
}

// join is what holds when either side may be the one that holds.
func join(a, b State) State {
	if a == b {
		return a
	}
	return unknown
}

// meet is what holds when both sides hold.
func meet(a, b State) State {
	if a == Valid || b == Valid {
		return Valid
	}
	if a == Invalid || b == Invalid {
		return Invalid
	}
	return unknown
}

// Denotes reports whether e is the descriptor or the assignment that makes it.
func Denotes(f *parse.File, e *parse.Expr, fd string) bool {
	e = e.Strip()
	if e == nil {
		return false
	}
	if e.Kind == parse.XAssign && e.Op == token.Assign {
		if now, after := ctree.Stepped(f, e.X.Bare()); after && ctree.Normalize(now) == fd {
			return true
		}
		return ctree.IsLvalue(f, e.X, fd) || Denotes(f, e.Y, fd)
	}
	return ctree.IsLvalue(f, e, fd)
}

func mirror(op token.Op) token.Op {
	switch op {
	case token.Lt:
		return token.Gt
	case token.Gt:
		return token.Lt
	case token.Le:
		return token.Ge
	case token.Ge:
		return token.Le
	}
	return op
}

// ImpliedCall returns what a call of a test (is_valid(fd)) implies about the descriptor fd.
func ImpliedCall(f *parse.File, e *parse.Expr, fd string) Knowledge {
	name := strings.ToLower(e.Callee())
	if name == "" || len(e.Args) == 0 {
		return Knowledge{}
	}
	for _, p := range knowledge.ThroughWords.All() {
		if strings.TrimLeft(name, "_") == strings.TrimLeft(p, "_") || strings.HasSuffix(name, "_"+p) {
			return Implied(f, e.Args[0], fd)
		}
	}
	if len(e.Args) != 1 || !Denotes(f, e.Args[0], fd) {
		return Knowledge{}
	}
	if knowledge.InvalidWords.In(name) {
		return Knowledge{Invalid, Valid}
	}
	if knowledge.ValidWords.In(name) {
		return Knowledge{Valid, Invalid}
	}
	return Knowledge{}
}

// Asserts recognises an assertion after which the descriptor is good: assert(fd >= 0), and
// those that compare by their name, as libraries for tests have them:
// assert_int_not_equal(fd, -1), ck_assert_int_ge(fd, 0), TEST_ASSERT_NOT_EQUAL(-1, fd),
// assert_return_code(fd, errno), g_assert_cmpint(fd, >=, 0).
func Asserts(f *parse.File, e *parse.Expr, fd string) bool {
	if e = e.Strip(); e == nil || e.Kind != parse.XCall || len(e.Args) == 0 {
		return false
	}
	name := strings.ToLower(e.Callee()) + "_"
	if !strings.Contains(name, "assert") {
		return false
	}
	if Implied(f, e.Args[0], fd).Yes == Valid {
		return true
	}
	if v, ok := ctree.Number(e.Args[len(e.Args)-1]); ok && len(e.Args) == 3 && Denotes(f, e.Args[0], fd) {
		switch strings.Trim(string(f.Src[e.Args[0].End:e.Args[2].Pos]), ", ") {
		case ">":
			return v == 0 || v == -1
		case ">=":
			return v == 0 || v == 1
		case "!=":
			return v == -1
		}
	}
	named, numbers := false, map[int]bool{}
	for _, arg := range e.Args {
		named = named || Denotes(f, arg, fd)
		if v, ok := ctree.Number(arg); ok {
			numbers[v] = true
		}
	}
	says := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) })
	}
	switch {
	case !named:
		return false
	case numbers[-1]:
		return says("not_equal", "notequal", "_ne_", "_neq_", "_gt_", "greater_than_") && !says("or_equal")
	case numbers[0]:
		return says("_ge_", "_gte_", "greater_or_equal", "greater_than_or_equal")
	}
	return says("return_code") && Denotes(f, e.Args[0], fd)
}
