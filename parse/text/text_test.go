package text

import (
	"strings"
	"testing"
	"unicode/utf16"
)

func TestEOL(t *testing.T) {
	tests := []struct {
		name, src string
		off       int
		want      string
	}{
		{"empty", "", 0, "\n"},
		{"no ending", "ab", 1, "\n"},
		{"lf", "a\nb\n", 2, "\n"},
		{"crlf", "a\r\nb\r\n", 3, "\r\n"},
		{"crlf, on the cr", "a\r\nb\r\n", 1, "\r\n"},
		{"crlf, on the lf", "a\r\nb\r\n", 2, "\r\n"},
		{"crlf, at the end", "a\r\nb\r\n", 6, "\r\n"},
		{"unended last line", "a\r\nb", 4, "\r\n"},
		{"first line alone counts", "a\r\nb\nc\nd\n", 0, "\r\n"},
		{"crlf part of an lf file", "a\nb\nc\n1\r\n2\r\n3\r\n4\n5\n", 9, "\r\n"},
		{"lf part of a crlf file", "a\r\nb\r\nx\ny\nz\r\n", 8, "\n"},
		{"border, most are lf", "a\nb\nc\r\n", 4, "\n"},
		{"border, most are crlf", "a\nb\r\nc\r\n", 2, "\r\n"},
		{"border, draw", "a\nb\r\n", 2, "\n"},
		{"lone cr", "a\rb\r", 2, "\n"},
		{"offset below", "a\r\n", -5, "\r\n"},
		{"offset above", "a\r\n", 99, "\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := EOL([]byte(tt.src), tt.off); got != tt.want {
				t.Errorf("EOL(%q, %d) = %q, want %q", tt.src, tt.off, got, tt.want)
			}
		})
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 files", 1: "1 file", 2: "2 files"} {
		if got := Count(n, "file"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

func TestUTF16Col(t *testing.T) {
	tests := []struct {
		line          string
		byteCol, want int
	}{
		{"", 1, 1}, {"abc", 1, 1}, {"abc", 3, 3}, {"abc", 4, 4}, {"abc", 9, 4},
		{"abc", 0, 1}, {"abc", -7, 1},
		{"é=x", 3, 2}, {"é=x", 2, 1},
		{"😀x", 5, 3}, {"😀x", 3, 1},
		{"\xe9=x", 2, 2}, {"\xf0\x9f\x98", 4, 4}, {"\xff\xfe\xff", 3, 3},
	}
	for _, tt := range tests {
		if got := UTF16Col([]byte(tt.line), tt.byteCol); got != tt.want {
			t.Errorf("UTF16Col(%q, %d) = %d, want %d", tt.line, tt.byteCol, got, tt.want)
		}
	}
}

// The standard library's own encoder is the judge for valid text; it replaces
// each bad byte by U+FFFD, one unit, which is the rule here as well.
func FuzzUTF16Col(f *testing.F) {
	for _, s := range []string{"", "aé😀b", "\xe9t\xe9", strings.Repeat("😀", 5)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for i := range s {
			if got, want := UTF16Col([]byte(s), i+1), len(utf16.Encode([]rune(s[:i])))+1; got != want {
				t.Fatalf("%q column %d: %d, want %d", s, i+1, got, want)
			}
		}
		if got, want := UTF16Col([]byte(s), len(s)+1), len(utf16.Encode([]rune(s)))+1; got != want {
			t.Fatalf("%q end: %d, want %d", s, got, want)
		}
	})
}
