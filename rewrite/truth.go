package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// state says what is known of a descriptor at some point.
type state int8

const (
	unknown state = iota
	valid
	invalid
)

// knowledge is what a condition says of a descriptor when it holds and when
// it does not.
type knowledge struct{ yes, no state }

func (k knowledge) tells() bool { return k.yes != unknown || k.no != unknown }

// implied reads a condition. Assignments inside it count as their target, so
// (fd = socket(...)) < 0 speaks of fd.
func implied(f *parse.File, e *parse.Expr, fd string) knowledge {
	e = e.Strip()
	if e == nil {
		return knowledge{}
	}
	switch e.Kind {
	case parse.XUnary:
		if e.Op == parse.Not {
			k := implied(f, e.X, fd)
			return knowledge{k.no, k.yes}
		}
	case parse.XComma:
		return implied(f, e.Args[len(e.Args)-1], fd)
	case parse.XBinary:
		return impliedBinary(f, e, fd)
	case parse.XCall:
		return impliedCall(f, e, fd)
	}
	return knowledge{}
}

func impliedBinary(f *parse.File, e *parse.Expr, fd string) knowledge {
	if e.Op == parse.OrOr || e.Op == parse.AndAnd {
		a, b := implied(f, e.X, fd), implied(f, e.Y, fd)
		if e.Op == parse.OrOr {
			return knowledge{both(a.yes, b.yes), either(a.no, b.no)}
		}
		return knowledge{either(a.yes, b.yes), both(a.no, b.no)}
	}
	x, y, op := e.X, e.Y, e.Op
	if !holds(f, x, fd) {
		x, y, op = y, x, mirror(op)
	}
	if !holds(f, x, fd) {
		return knowledge{}
	}
	v, isNum := number(y)
	bad := knowledge{invalid, valid}
	good := knowledge{valid, invalid}
	switch op {
	case parse.Lt:
		if isNum && (v == 0 || v == 1) {
			return bad
		}
	case parse.Le:
		if isNum && (v == 0 || v == -1) {
			return bad
		}
	case parse.Ge:
		if isNum && (v == 0 || v == 1) {
			return good
		}
	case parse.Gt:
		if isNum && (v == 0 || v == -1) {
			return good
		}
	case parse.EqEq:
		if isNum && v == -1 || !isNum && isConstName(y) {
			return bad
		}
	case parse.NotEq:
		if isNum && v == -1 || !isNum && isConstName(y) {
			return good
		}
	}
	return knowledge{}
}

// both is what holds when either side may be the one that holds.
func both(a, b state) state {
	if a == b {
		return a
	}
	return unknown
}

// either is what holds when both sides hold.
func either(a, b state) state {
	if a == valid || b == valid {
		return valid
	}
	if a == invalid || b == invalid {
		return invalid
	}
	return unknown
}

// holds reports whether e is the descriptor or the assignment that makes it.
func holds(f *parse.File, e *parse.Expr, fd string) bool {
	e = e.Strip()
	if e == nil {
		return false
	}
	if e.Kind == parse.XAssign && e.Op == parse.Assign {
		return same(f, e.X, fd) || holds(f, e.Y, fd)
	}
	return same(f, e, fd)
}

func mirror(op parse.Op) parse.Op {
	switch op {
	case parse.Lt:
		return parse.Gt
	case parse.Gt:
		return parse.Lt
	case parse.Le:
		return parse.Ge
	case parse.Ge:
		return parse.Le
	}
	return op
}

// Words in the names of macros and functions that test a descriptor. The bad
// ones are asked first: "invalid" holds "valid".
var (
	badWords    = []string{"bad", "inval", "err", "fail", "undef", "none", "null", "closed", "not_"}
	goodWords   = []string{"ok", "valid", "defined", "good", "open", "isset", "is_socket", "succe"}
	passThrough = []string{"likely", "unlikely", "__builtin_expect", "expect_true", "expect_false"}
)

func impliedCall(f *parse.File, e *parse.Expr, fd string) knowledge {
	name := strings.ToLower(e.Callee())
	if name == "" || len(e.Args) == 0 {
		return knowledge{}
	}
	for _, p := range passThrough {
		if strings.TrimLeft(name, "_") == strings.TrimLeft(p, "_") || strings.HasSuffix(name, "_"+p) {
			return implied(f, e.Args[0], fd)
		}
	}
	if len(e.Args) != 1 || !holds(f, e.Args[0], fd) {
		return knowledge{}
	}
	for _, w := range badWords {
		if strings.Contains(name, w) {
			return knowledge{invalid, valid}
		}
	}
	for _, w := range goodWords {
		if strings.Contains(name, w) {
			return knowledge{valid, invalid}
		}
	}
	return knowledge{}
}
