package text

import (
	"bytes"
	"math"
	"math/rand"
	"strings"
	"testing"
)

func TestLinesTable(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"empty", "", nil},
		{"no ending", "a", []string{"a"}},
		{"one line", "a\n", []string{"a"}},
		{"only an ending", "\n", []string{""}},
		{"blank lines", "\n\n\n", []string{"", "", ""}},
		{"lf", "int x;\nint y;", []string{"int x;", "int y;"}},
		{"crlf", "a\r\nb\r\n", []string{"a", "b"}},
		{"crlf blank", "\r\n\r\n", []string{"", ""}},
		{"mixed", "a\nb\r\nc\n", []string{"a", "b", "c"}},
		{"two cr before lf", "a\r\r\nb\n", []string{"a\r", "b"}},
		{"lone cr is content beside lf", "a\rb\nc\r", []string{"a\rb", "c\r"}},
		{"lone cr only", "a\rb\r\rc", []string{"a", "b", "", "c"}},
		{"lone cr at end", "a\r", []string{"a"}},
		{"latin1 and nul", "\xe9\x00\n\xff", []string{"\xe9\x00", "\xff"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := NewLines([]byte(tt.src))
			if got := l.Count(); got != len(tt.want) {
				t.Fatalf("Count() = %d, want %d", got, len(tt.want))
			}
			for i, want := range tt.want {
				if got := string(l.Text(i + 1)); got != want {
					t.Errorf("Text(%d) = %q, want %q", i+1, got, want)
				}
			}
		})
	}
}

func TestLinesPositions(t *testing.T) {
	const src = "ab\r\ncd\n\nx"
	l := NewLines([]byte(src))
	want := []struct{ line, col int }{
		{1, 1}, {1, 2}, {1, 3}, {1, 4}, // a b CR LF
		{2, 1}, {2, 2}, {2, 3}, // c d LF
		{3, 1},         // LF
		{4, 1}, {4, 2}, // x, end of file
	}
	for off, w := range want {
		if g, c := l.Line(off), l.Col(off); g != w.line || c != w.col {
			t.Errorf("offset %d: %d:%d, want %d:%d", off, g, c, w.line, w.col)
		}
	}
	ended := NewLines([]byte("a\n"))
	if ended.Line(2) != 2 || ended.Col(2) != 1 || ended.Start(2) != 2 || ended.End(2) != 2 {
		t.Error("the end of an ended file is not 2:1")
	}
}

func TestLinesClamp(t *testing.T) {
	for _, src := range []string{"", "a", "a\n", "a\r\nb"} {
		l := NewLines([]byte(src))
		for _, n := range []int{math.MinInt, -1, 0, 1, 2, 3, 4, 99, math.MaxInt} {
			if l.Line(n) < 1 || l.Col(n) < 1 {
				t.Errorf("%q: position of %d below 1:1", src, n)
			}
			if s, e := l.Start(n), l.End(n); s > e || s < 0 || e > len(src) {
				t.Errorf("%q: line %d is %d..%d", src, n, s, e)
			}
			l.Text(n)
		}
	}
}

// randomText mixes the bytes that line handling could trip over.
func randomText(r *rand.Rand, n int) []byte {
	parts := []string{"\n", "\r\n", "\r", "a", "\t", " ", "é", "\xe9", "😀", "}"}
	var b strings.Builder
	for range n {
		b.WriteString(parts[r.Intn(len(parts))])
	}
	return []byte(b.String())
}

// checkLines holds what must be true of the table of any text.
func checkLines(t *testing.T, src []byte) {
	t.Helper()
	l := NewLines(src)
	var joined []byte
	for i := 1; i <= l.Count(); i++ {
		if l.Line(l.Start(i)) != i || l.Col(l.Start(i)) != 1 {
			t.Fatalf("%q: start of line %d is not on it", src, i)
		}
		if l.Line(l.End(i)) != i {
			t.Fatalf("%q: end of line %d is not on it", src, i)
		}
		joined = append(joined, src[l.Start(i):l.Start(i+1)]...)
		rest := string(src[l.End(i):l.Start(i+1)])
		if rest != "\n" && rest != "\r\n" && !(rest == "" && i == l.Count()) &&
			!(rest == "\r" && !bytes.Contains(src, []byte("\n"))) {
			t.Fatalf("%q: line %d ends in %q", src, i, rest)
		}
	}
	if !bytes.Equal(joined, src) {
		t.Fatalf("%q: the lines join to %q", src, joined)
	}
	for off := 0; off <= len(src); off++ {
		if got := l.Start(l.Line(off)) + l.Col(off) - 1; got != off {
			t.Fatalf("%q: offset %d came back as %d", src, off, got)
		}
		if e := EOL(src, off); e != "\n" && e != "\r\n" {
			t.Fatalf("%q: EOL at %d is %q", src, off, e)
		}
	}
}

func TestLinesRandom(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 3000 {
		checkLines(t, randomText(r, r.Intn(24)))
	}
}

func FuzzLines(f *testing.F) {
	for _, s := range []string{"", "a\nb\r\n", "\r\r", "a\r\r\n", "\xff\x00\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<12 {
			return
		}
		checkLines(t, src)
	})
}

func BenchmarkNewLines(b *testing.B) {
	src := []byte(strings.Repeat("    if (fd < 0) return -1;\n", 10000))
	b.SetBytes(int64(len(src)))
	for range b.N {
		NewLines(src)
	}
}
