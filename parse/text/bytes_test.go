package text

import (
	"fmt"
	"strings"
	"testing"
)

func TestWidth(t *testing.T) {
	tests := []struct {
		ws        string
		tab, want int
	}{
		{"", 8, 0}, {"    ", 8, 4}, {"\t", 8, 8}, {"\t\t", 4, 8}, {"  \t", 8, 8},
		{"        \t", 8, 16}, {"\t  ", 4, 6}, {"   \t", 4, 4}, {"\t", 1, 1}, {"\t", 0, 8}, {" \t", -3, 8},
	}
	for _, tt := range tests {
		if got := Width(tt.ws, tt.tab); got != tt.want {
			t.Errorf("Width(%q, %d) = %d, want %d", tt.ws, tt.tab, got, tt.want)
		}
	}
}

func TestWords(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""}, {"  ", ""}, {"a", "0a"}, {" a_1 + b2", "1a_1 7b2"}, {"f(x,y)", "0f 2x 4y"}, {"12ab-", "012ab"}, {"\xffa\xff", "1a"},
	} {
		got := ""
		for i, w := range Words(tt.in) {
			got += fmt.Sprintf(" %d%s", i, w)
		}
		if strings.TrimPrefix(got, " ") != tt.want {
			t.Errorf("Words(%q) =%s, want %s", tt.in, got, tt.want)
		}
	}
	for _, w := range Words("a b c") {
		if w == "b" {
			break // and does not go on
		}
	}
}
