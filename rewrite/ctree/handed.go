package ctree

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
)

// Uncast is an expression without a cast to void.
func Uncast(e *parse.Expr) *parse.Expr {
	if e = e.Bare(); e != nil && e.Kind == parse.XCast {
		return e.X.Bare()
	}
	return e
}

// CallOn reports whether the expression hands the descriptor to a call.
func CallOn(f *parse.File, e *parse.Expr, fd string) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XCall {
			for _, a := range x.Args {
				found = found || IsLvalue(f, a, fd)
			}
		}
		return !found
	})
	return found
}

// Padding is what stands inside the parentheses of a call; ok is false where the two sides differ,
// or where a line ends there.
func Padding(f *parse.File, c *parse.Expr) (pad string, ok bool) {
	if c == nil || len(c.Args) == 0 {
		return "", false
	}
	first, last := c.Args[0].Pos, c.Args[len(c.Args)-1].End
	front, back := string(f.Src[first-1:first]), string(f.Src[last:last+1])
	switch {
	case front == "(" && back == ")":
		return "", true
	case front == " " && back == " ":
		return " ", true
	}
	return "", false
}

// Root is the variable at the head of an lvalue or of its address.
func Root(e *parse.Expr) string {
	for e = e.Strip(); e != nil; e = e.X.Strip() {
		switch e.Kind {
		case parse.XIdent:
			return e.Name
		case parse.XMember, parse.XUnary, parse.XIndex:
		default:
			return ""
		}
	}
	return ""
}

// Labels are the labels of a function.
func Labels(fn *parse.Func) map[string]bool {
	all := map[string]bool{}
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SLabel {
			all[s.Label] = true
		}
		return true
	})
	return all
}

// ReplaceNames replaces names outside the literals of a statement, all at once.
func ReplaceNames(text string, given map[string]string) string {
	return literalOrName.Regexp().ReplaceAllStringFunc(text, func(s string) string {
		if arg, ok := given[s]; ok {
			return arg
		}
		return s
	})
}

var literalOrName = text.NewPattern(`"(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*`)
