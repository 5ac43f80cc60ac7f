package ctree

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// LiteralIndex returns the index of the argument that holds the message, -1 when
// there is none.
func LiteralIndex(c *parse.Expr) int {
	last := -1
	for i, a := range c.Args {
		lit := LiteralIn(a)
		if lit == nil {
			continue
		}
		if strings.ContainsAny(lit.Name, " %") {
			return i // not the name of the program in front of it
		}
		last = i
	}
	return last
}

// Printed reports whether an argument of a call stands behind a format with a
// conversion: what is there is printed.
func Printed(c *parse.Expr, arg int) bool {
	return slices.ContainsFunc(c.Args[:arg], func(x *parse.Expr) bool {
		lit := LiteralIn(x)
		return lit != nil && strings.Contains(lit.Name, "%")
	})
}

// LiteralIn returns the string of an argument, through _("...").
func LiteralIn(a *parse.Expr) *parse.Expr {
	a = a.Strip()
	if a == nil {
		return nil
	}
	if a.Kind == parse.XString {
		return a
	}
	if a.Kind == parse.XCall && len(a.Args) == 1 {
		switch a.Callee() {
		case "_", "N_", "gettext", "tr", "i18n", "TEXT", "T":
			return LiteralIn(a.Args[0])
		}
	}
	return nil
}

// JoinLiterals joins adjacent literals; ok is false when a macro is among
// them.
func JoinLiterals(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); {
		switch s[i] {
		case ' ':
			i++
		case '"':
			j := i + 1
			for j < len(s) && s[j] != '"' {
				if s[j] == '\\' {
					j++
				}
				j++
			}
			if j >= len(s) {
				return "", false
			}
			b.WriteString(s[i+1 : j])
			i = j + 1
		default:
			return "", false
		}
	}
	return b.String(), true
}
