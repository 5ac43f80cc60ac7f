package program

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// StoreEnd returns the end of the assignment that stores to lhs, or of the call
// that gets its address; 0 for other ways to store.
func StoreEnd(lhs *parse.Expr) int {
	x := lhs
	for x.Up != nil {
		up := x.Up
		switch {
		case up.Kind == parse.XParen, up.Kind == parse.XIndex && up.X == x, up.Kind == parse.XUnary && up.Op == token.Mul:
			x = up
		case up.Kind == parse.XAssign && up.X == x:
			return up.End
		default:
			if call, _ := ArgOf(x); call != nil {
				return call.End
			}
			return 0
		}
	}
	return 0
}

// AssignedTo returns where the value of an expression goes, through parentheses and
// casts: the lvalue that it is assigned to, or the variable that it initializes.
func AssignedTo(x *parse.Expr) (lhs *parse.Expr, d *parse.Decl) {
	for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XCast) {
		x = x.Up
	}
	switch up := x.Up; {
	case up != nil && up.Kind == parse.XAssign && up.Y == x:
		return up.X, nil
	case up == nil && x.In != nil:
		for _, d := range x.In.Decls {
			if d.Init == x {
				return nil, d
			}
		}
	}
	return nil, nil
}

// StripAddr strips casts, parentheses, & and *.
func StripAddr(e *parse.Expr) *parse.Expr {
	e = e.Strip()
	for e != nil && e.Kind == parse.XUnary && (e.Op == token.And || e.Op == token.Mul) {
		e = e.X.Strip()
	}
	return e
}

// CalleeName is the name of the function, variable or member that is called.
func CalleeName(call *parse.Expr) string {
	if n := call.Callee(); n != "" {
		return n
	}
	x := call.X.Strip()
	if x != nil && x.Kind == parse.XUnary && x.Op == token.Mul {
		x = x.X.Strip()
	}
	if x != nil && (x.Kind == parse.XMember || x.Kind == parse.XIdent) {
		return x.Name
	}
	return ""
}

// Pointee returns what an expression names, without parentheses, casts and &
// around it; nil where that is nothing.
func Pointee(e *parse.Expr) *parse.Expr {
	e = e.Strip()
	for e != nil && e.Kind == parse.XUnary && e.Op == token.And {
		e = e.X.Strip()
	}
	return e
}

// Wrapping returns e with the parentheses, casts and & around it: what is
// passed, stored or compared where e is named.
func Wrapping(e *parse.Expr) *parse.Expr {
	for e.Up != nil && (e.Up.Kind == parse.XParen || e.Up.Kind == parse.XCast || e.Up.Kind == parse.XUnary && e.Up.Op == token.And) {
		e = e.Up
	}
	return e
}

// ArgOf returns the call that e is an argument of, and its index.
func ArgOf(e *parse.Expr) (*parse.Expr, int) {
	x := Wrapping(e)
	if x.Up == nil || x.Up.Kind != parse.XCall || x.Up.X == x {
		return nil, 0
	}
	for i, a := range x.Up.Args {
		if a == x {
			return x.Up, i
		}
	}
	return nil, 0
}
