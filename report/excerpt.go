package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxLine is how many characters of a source line are shown; of a longer line
// the part around the column is.
const maxLine = 120

// excerpt prints a source line and a caret under a column (1-based, in bytes),
// as compilers do. A line that cannot be had is left out.
func excerpt(w io.Writer, src *Sources, file string, line, column, length int, indent string, color bool) {
	text, ok := src.Line(file, line)
	if !ok || column < 1 || column > len(text) {
		return
	}
	before, after := string(text[:column-1]), string(text[column-1:])
	if n := utf8.RuneCountInString(before); n > maxLine-40 {
		before = "..." + string([]rune(before)[n-(maxLine-40):])
	}
	if r := []rune(after); len(r) > maxLine {
		after = string(r[:maxLine]) + "..."
	}
	number := fmt.Sprintf("%d", line)
	gutter := strings.Repeat(" ", len(number))
	before, after = clean(before), clean(after)
	marks := "^" + strings.Repeat("~", max(0, min(length, utf8.RuneCountInString(after))-1))
	fmt.Fprintf(w, "%s%s | %s%s\n", indent, paint(color, dim, number), before, after)
	fmt.Fprintf(w, "%s%s | %s%s\n", indent, gutter, blanks(before), paint(color, red, marks))
}

// blanks is text of the same width as s: its tabs, and a blank for anything
// else.
func blanks(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, s)
}

// Clean makes a text that comes from outside safe to print on a terminal, as the
// printers do it.
func Clean(s string) string { return clean(s) }

// clean makes text from a source file, a path or a comment safe to print: bytes
// that are no UTF-8 and control characters, which could steer the terminal, are
// replaced. Tabs stay.
func clean(s string) string {
	bad := func(r rune) bool {
		return r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError ||
			r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 // turn the direction of writing
	}
	if strings.IndexFunc(s, bad) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if bad(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}
