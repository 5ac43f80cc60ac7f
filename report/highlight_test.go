package report

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shown writes spans as [class:text].
func shown(lines [][]htmlSpan) (out []string) {
	for _, l := range lines {
		var b strings.Builder
		for _, s := range l {
			switch {
			case s.Mark:
				b.WriteString("<" + s.Text + ">")
			case s.Class == "":
				b.WriteString(s.Text)
			default:
				b.WriteString("[" + s.Class + ":" + s.Text + "]")
			}
		}
		out = append(out, b.String())
	}
	return out
}

func TestHighlight(t *testing.T) {
	for _, c := range []struct {
		src     string
		comment bool
		want    string
	}{
		{"\tint fd = socket(AF_INET, 0);", false, "\t[t:int] fd = [f:socket](AF_INET, [n:0]);"},
		{"#include <sys/socket.h>\n# ifdef X /* a\nb */ return 0x1fUL;", false,
			"[p:#include ][s:<sys/socket.h>]\n[p:# ifdef] X [c:/* a]\n[c:b */] [k:return] [n:0x1fUL];"},
		{"still one */ int x;", true, "[c:still one */] [t:int] x;"},
		{`puts("a \" /* b"); // c`, false, `[f:puts]([s:"a \" /* b"]); [c:// c]`},
		{"interior = a/b, größe = u'x';", false, "interior = a/b, größe = [s:u'x'];"},
		{"\"open\nsize_t n;\n\nx", false, "[s:\"open]\n[t:size_t] n;\n\nx"},
	} {
		got := strings.Join(shown(highlight(strings.Split(c.src, "\n"), c.comment)), "\n")
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.src, diff)
		}
	}
}

// Whatever the text, no byte of it is lost.
func FuzzHighlight(f *testing.F) {
	f.Add("int x; /* \" */ '", 3, 7)
	f.Add("#\\\n/*/", 0, 1)
	f.Fuzz(func(t *testing.T, src string, from, length int) {
		src = clean(strings.ReplaceAll(src, "\n", " "))
		spans := highlight([]string{src, src}, from%2 == 0)
		var got, marked string
		for _, s := range markRange(spans[0], from, from+length%100) {
			got += s.Text
			if s.Mark {
				marked += s.Text
			}
		}
		if got != src {
			t.Errorf("%q became %q", src, got)
		}
		if a, b := max(0, min(from, len(src))), max(0, min(from+length%100, len(src))); a < b && marked != src[a:b] {
			t.Errorf("%q is marked in %q, want [%d,%d)", marked, src, a, b)
		}
	})
}

// BenchmarkHighlightHostile shows that a hostile line takes no more time a byte than
// a short one.
func BenchmarkHighlightHostile(b *testing.B) {
	for _, unit := range []string{"a", "_t", "a ", `"`, `\"`, "'", "/", "/*", "*/", "#", "# include <", "\t", "1", "\u00e4", "a (", "L", "\ufffd"} {
		for _, n := range []int{500, 8000} {
			b.Run(fmt.Sprintf("%q/%d", unit, n), func(b *testing.B) {
				line := []string{strings.Repeat(unit, n)}
				b.SetBytes(int64(len(line[0])))
				for b.Loop() {
					highlight(line, false)
				}
			})
		}
	}
}

func TestCommentStarts(t *testing.T) {
	src := "int a; /* one\ntwo \"\nthree */ x = '\"'; /* four\n*/\n// /* five\n\"/*\\\"\nsix\n/* */ '/*\nseven\n/**/\n"
	var in []int
	for i, c := range commentStarts([]byte(src)) {
		if c {
			in = append(in, i+1)
		}
	}
	if diff := cmp.Diff([]int{2, 3, 4}, in); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkHighlight(b *testing.B) {
	src, err := os.ReadFile("testdata/src/server.c")
	if err != nil {
		b.Fatal(err)
	}
	lines := strings.Split(string(src), "\n")[:7]
	for b.Loop() {
		highlight(lines, false)
	}
}
