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

// TouchesMacro reports whether a macro stands beside a literal without a blank.
func TouchesMacro(src []byte) bool {
	in := false
	for i := 0; i < len(src); i++ {
		switch {
		case in && src[i] == '\\':
			i++
		case src[i] != '"':
		case !in && i > 0 && text.IsWordByte(src[i-1]) || in && i+1 < len(src) && text.IsWordByte(src[i+1]):
			return true
		default:
			in = !in
		}
	}
	return false
}

// Closers are the brackets and quotes that open in a text and close at the start
// of what follows it.
func Closers(open, rest string) string {
	var want []byte
	for i := 0; i < len(open); i++ {
		c := open[i]
		if n := len(want); n > 0 && c == want[n-1] {
			want = want[:n-1]
		} else if k := strings.IndexByte("([{<'`", c); k >= 0 {
			want = append(want, ")]}>''"[k])
		}
	}
	n := 0
	for n < len(rest) && n < len(want) && rest[n] == want[len(want)-1-n] {
		n++
	}
	return rest[:n]
}

// ClosesQuote reports whether a text ends with the quote that closes an earlier one, "host '%s'":
// it goes with what it quotes. That of "can't" is none.
func ClosesQuote(s string) bool {
	if !strings.HasSuffix(s, "'") {
		return false
	}
	open := false
	for i := range len(s) - 1 {
		switch {
		case s[i] == '`':
			open = true
		case s[i] != '\'':
		case !open:
			open = i == 0 || !text.IsWordByte(s[i-1])
		default:
			open = i+1 < len(s) && text.IsWordByte(s[i+1]) && text.IsWordByte(s[i-1])
		}
	}
	return open
}

// StringLiteral matches a string literal in the text of code.
var StringLiteral = text.NewPattern(`"(?:[^"\\]|\\.)*"`)
