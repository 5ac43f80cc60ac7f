package procfd

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Printable is text as it may be written to a terminal: a program chooses its
// name, and control characters in it would be the terminal's commands.
func Printable(text string) string {
	clean := func(r rune) bool { return r != utf8.RuneError && strconv.IsGraphic(r) }
	if strings.IndexFunc(text, func(r rune) bool { return !clean(r) }) < 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if clean(r) {
			b.WriteString(text[i : i+n])
		} else {
			quoted := strconv.Quote(text[i : i+n])
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		i += n
	}
	return b.String()
}
