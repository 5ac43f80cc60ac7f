package ctree

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
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
			return i // not the name of the program before it
		}
		last = i
	}
	return last
}

// Printed reports whether an argument of a call stands after a format with a
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

// A macro among literals stands between these marks in the text that they make.
const macroOpen, macroClose = "\x01", "\x02"

// JoinLiterals joins adjacent literals, and the macros among them that stand for texts;
// ok is false where one may hold a conversion.
func JoinLiterals(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == ' ':
			i++
		case c == '"':
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
		case text.IsWordByte(c):
			j := i
			for j < len(s) && text.IsWordByte(s[j]) {
				j++
			}
			if strings.HasPrefix(s[i:], "PRI") || halfConversion.MatchString(b.String()) || j < len(s) && s[j] != ' ' {
				return "", false
			}
			b.WriteString(macroOpen + s[i:j] + macroClose)
			i = j
		default:
			return "", false
		}
	}
	return b.String(), true
}

// halfConversion matches a text that a macro after it completes: "%" PRIu64.
var halfConversion = text.NewPattern(`%[-+ #0-9.*hlLjztq]*$`)

// HasMacro reports whether a text of JoinLiterals has a macro in it.
func HasMacro(content string) bool { return strings.Contains(content, macroOpen) }

// Quote spells a text as literals and the macros among them, set off by gap.
func Quote(content, gap string) string {
	out := `"` + strings.NewReplacer(macroOpen, `"`+gap, macroClose, gap+`"`).Replace(content) + `"`
	return strings.TrimSuffix(strings.TrimPrefix(out, `""`+gap), gap+`""`)
}
