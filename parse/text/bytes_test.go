package text

import (
	"fmt"
	"slices"
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

// TestOccurrences holds where a word stands by itself; an empty one does nowhere, and ends.
func TestOccurrences(t *testing.T) {
	for _, tt := range []struct {
		src, word string
		want      []int
	}{
		{"fd = fds + fd;", "fd", []int{0, 11}},
		{"x_fd fd_x fd1 1fd", "fd", nil},
		{"c->fd", "fd", []int{3}},
		{"fd", "fd", []int{0}},
		{"a fd", "", nil},
		{"", "fd", nil},
		{"--- ---", "---", []int{0, 4}},
	} {
		got := slices.Collect(Occurrences([]byte(tt.src), tt.word))
		if !slices.Equal(got, tt.want) || HasWord(tt.src, tt.word) != (len(tt.want) > 0) {
			t.Errorf("%q in %q: %v, want %v", tt.word, tt.src, got, tt.want)
		}
	}
}
