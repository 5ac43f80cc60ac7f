package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxLine is the number of characters shown of a source line; a longer line is
// cut around the column.
const maxLine = 120

// excerpt prints a source line with a caret under a column (1-based, in bytes), as
// compilers do, and nothing when the source lacks the line.
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

// blanks returns blanks of the width of s; tabs stay tabs.
func blanks(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, s)
}

// Clean makes a text safe to print on a terminal.
func Clean(s string) string { return clean(s) }

// clean replaces what a terminal or a viewer could act on: control characters
// except tabs, characters that change the direction of writing, and bytes that are
// not UTF-8.
func clean(s string) string {
	bad := func(r rune) bool {
		return r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError ||
			r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 // direction of writing
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

// SGR parameters of the terminal's colours.
const (
	bold   = "1"
	dim    = "2"
	red    = "31;1"
	green  = "32"
	yellow = "33"
	blue   = "34;1"
	cyan   = "36"
)

// paint wraps s in a colour if color is set.
func paint(color bool, code, s string) string {
	if !color || code == "" || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
