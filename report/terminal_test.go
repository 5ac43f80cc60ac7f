package report

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// A line is cut to the terminal with the caret under the place.
func TestFit(t *testing.T) {
	for _, c := range []struct {
		before, after string
		room          int
		want          string
	}{
		{"\tfd = ", "socket(AF_INET);", 40, "        fd = |socket(AF_INET);"},
		{"\tfd = ", "socket(AF_INET, SOCK_STREAM, 0);", 30, "...  fd = |socket(AF_INET, S..."},
		{strings.Repeat("x", 50), "socket(0);", 30, "...xxxxxxxxxxxxxxxxx|socket(0);"},
		{"", strings.Repeat("y", 50), 20, "|yyyyyyyyyyyyyyyyy..."},
		{"a\tb", "c\td", 40, "a       b|c      d"},
	} {
		before, after := fit(c.before, c.after, c.room)
		got := before + "|" + after
		if n := utf8.RuneCountInString(before + after); n > c.room {
			t.Errorf("%q: %d columns, %d are there", got, n, c.room)
		}
		if got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
