package value

import (
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// testedPath returns the path that a condition compares, or the bit of it.
func testedPath(e *parse.Expr) string {
	e = Compared(e)
	if s := e.Strip(); s != nil && s.Kind == parse.XBinary && s.Op == token.And {
		if c, p := ConstName(s.Y), PathOf(s.X); c != "" && p != "" {
			return p + "&" + c
		}
	}
	return PathOf(e)
}

// Compared looks through an assignment inside a comparison, (x = f()) == C, and
// through flags that are masked out of it.
func Compared(e *parse.Expr) *parse.Expr {
	s := e.Strip()
	if s != nil && s.Kind == parse.XAssign {
		return s.X
	}
	if s != nil && s.Kind == parse.XBinary && s.Op == token.And {
		if y := s.Y.Strip(); y.Kind == parse.XUnary && y.Op == token.Tilde {
			return s.X // type & ~FLAGS: what remains is the type
		}
	}
	return e
}

// ConstName returns the canonical name of a constant, "" for an expression
// that does not look like one.
func ConstName(e *parse.Expr) string {
	s := e.Strip()
	if s == nil {
		return ""
	}
	switch s.Kind {
	case parse.XNumber:
		return s.Name
	case parse.XUnary:
		if s.Op == token.Sub && s.X != nil && s.X.Kind == parse.XNumber {
			return "-" + s.X.Name
		}
	case parse.XIdent:
		if c, ok := knowledge.Canonical(s.Name); ok {
			return c
		}
		if IsUpper(s.Name) {
			return s.Name
		}
	}
	return ""
}

// IsUpper reports whether a name is written in capitals, as constants are: no small letter and
// at least one capital.
func IsUpper(s string) bool {
	letters := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= 'a' && s[i] <= 'z' {
			return false
		}
		if s[i] >= 'A' && s[i] <= 'Z' {
			letters++
		}
	}
	return letters > 1
}

// SocketConstant returns the canonical name of a constant of the socket
// interface that stands by itself.
func SocketConstant(e *parse.Expr) (string, bool) {
	if s := e.Strip(); s != nil && s.Kind == parse.XIdent {
		c, ok := knowledge.Canonical(s.Name)
		return c, ok && IsUpper(c)
	}
	return "", false
}
