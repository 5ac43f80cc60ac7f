package parse

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// traps are texts on which a parser that looks ahead, copies or backtracks
// takes time quadratic in n, or overflows its stack.
var traps = []struct {
	name string
	text func(n int) string
}{
	{"parentheses", func(n int) string { return in(strings.Repeat("(", n)) }},
	{"closed parentheses", func(n int) string { return in("x = " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) + ";") }},
	{"braces", func(n int) string { return in(strings.Repeat("{", n)) }},
	{"closed braces", func(n int) string { return in(strings.Repeat("{", n) + strings.Repeat("}", n)) }},
	{"brackets", func(n int) string { return in("x = a" + strings.Repeat("[a", n) + ";") }},
	{"top-level parentheses", func(n int) string { return strings.Repeat("(", n) }},
	{"top-level braces", func(n int) string { return strings.Repeat("a {", n) }},
	{"top-level pairs", func(n int) string { return "x " + strings.Repeat("{} ", n) }},
	{"top-level calls", func(n int) string { return strings.Repeat("a() ", n) }},
	{"functions with a brace too many", func(n int) string { return strings.Repeat("int f(void)\n{\n{\n}\n", n) }},
	{"functions with a brace too few", func(n int) string { return strings.Repeat("int f(void)\n{\n}\n}\n", n) }},
	{"functions with a parenthesis too many", func(n int) string { return strings.Repeat("int f(void)\n{\n g((;\n}\n", n) }},
	{"K&R heads", func(n int) string { return strings.Repeat("f(a) int a; ", n) }},
	{"nested ifs", func(n int) string { return in(strings.Repeat("if (a) ", n) + "b();") }},
	{"else ifs", func(n int) string { return in(strings.Repeat("if (a) b(); else ", n) + "c();") }},
	{"elses", func(n int) string { return in(strings.Repeat("else ", n)) }},
	{"dos", func(n int) string { return in(strings.Repeat("do ", n)) }},
	{"cases", func(n int) string { return in("switch (a) {" + strings.Repeat("case 1: ", n) + "}") }},
	{"labels", func(n int) string { return in(strings.Repeat("a: ", n)) }},
	{"casts", func(n int) string { return in("x = " + strings.Repeat("(T)", n) + "y;") }},
	{"cast or product", func(n int) string { return in("x = " + strings.Repeat("(a * ", n)) }},
	{"sizeofs", func(n int) string { return in("x = " + strings.Repeat("sizeof(", n)) }},
	{"unary operators", func(n int) string { return in("x = " + strings.Repeat("- ", n) + "y;") }},
	{"sum", func(n int) string { return in("x = " + strings.Repeat("a + ", n) + "y;") }},
	{"assignments", func(n int) string { return in(strings.Repeat("a = ", n) + "y;") }},
	{"conditionals", func(n int) string { return in(strings.Repeat("a ? b : ", n) + "y;") }},
	{"commas", func(n int) string { return in(strings.Repeat("a, ", n) + "y;") }},
	{"nested calls", func(n int) string { return in(strings.Repeat("f(", n)) }},
	{"calls of calls", func(n int) string { return in("f" + strings.Repeat("()", n) + ";") }},
	{"members", func(n int) string { return in("f" + strings.Repeat("->a", n) + ";") }},
	{"strings", func(n int) string { return in("x = " + strings.Repeat(`"a" B `, n) + ";") }},
	{"initialisers", func(n int) string { return in("int a[] = " + strings.Repeat("{", n)) }},
	{"closed initialisers", func(n int) string {
		return "int a[] = " + strings.Repeat("{", n) + strings.Repeat("}", n) + ";"
	}},
	{"designators", func(n int) string { return in("T a = {" + strings.Repeat(".a = ", n) + "};") }},
	{"structs", func(n int) string { return strings.Repeat("struct {", n) }},
	{"structs in a body", func(n int) string { return in(strings.Repeat("struct a {", n)) }},
	{"declarators", func(n int) string { return in("int " + strings.Repeat("(*", n)) }},
	{"parameters", func(n int) string { return "int f" + strings.Repeat("(int a", n) }},
	{"type words", func(n int) string { return in(strings.Repeat("int ", n) + "x;") }},
	{"stars", func(n int) string { return in("T " + strings.Repeat("* ", n) + "x;") }},
	{"words", func(n int) string { return in(strings.Repeat("a ", n) + ";") }},
	{"statement expressions", func(n int) string { return in(strings.Repeat("({", n)) }},
	{"macro blocks", func(n int) string { return in(strings.Repeat("M(a) {", n)) }},
	{"macro statements", func(n int) string { return in(strings.Repeat("M(a)\n", n)) }},
	{"nested #if", func(n int) string { return strings.Repeat("#if A\nint a;\n", n) }},
	{"nested #if with sites", func(n int) string {
		return strings.Repeat("#if A\nint f(void) { return socket(1, 2, 3); }\n", n) + strings.Repeat("#endif\n", n)
	}},
	{"#elif chain", func(n int) string {
		var b strings.Builder
		b.WriteString("#if X\n")
		for i := range n {
			fmt.Fprintf(&b, "#elif X%d\nint f(void) { return socket(1, 2, 3); }\n", i)
		}
		return b.String() + "#else\nint a;\n#endif\n"
	}},
	{"#if 0 groups", func(n int) string { return strings.Repeat("#if 0\ndon't\n#endif\n", n) }},
	{"own macros", func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "#ifdef X%d\nint s%d = socket(1, 2, 3);\n#else\nint a;\n#endif\n", i, i)
		}
		return b.String()
	}},
	{"condition", func(n int) string { return "#if " + strings.Repeat("(", n) + "\n#endif\n" }},
	{"long condition", func(n int) string { return "#if " + strings.Repeat("A || ", n) + "B\n#endif\n" }},
	{"one line", func(n int) string { return in(strings.Repeat("a(b, \"c\"); ", n/4)) }},
	{"quotes", func(n int) string { return in(strings.Repeat("'", n)) }},
	{"quotes in a directive", func(n int) string { return "#error " + strings.Repeat("\\\"", n) }},
	{"stray quotes by line", func(n int) string { return in(strings.Repeat("it's\n", n)) }},
	{"comments", func(n int) string { return in(strings.Repeat("/*", n)) }},
	{"continuations", func(n int) string { return in(strings.Repeat("a\\\n", n)) }},
	{"#else without #if", func(n int) string { return strings.Repeat("#else\n", n) }},
}

// in puts text into a function body.
func in(text string) string { return "int f(void)\n{\n" + text + "\n}\n" }

// readAll parses everything that is parsed on demand.
func readAll(f *File) {
	f.Decls()
	f.Idents("socket")
	for _, fn := range f.Funcs {
		fn.Body().Walk(func(s *Stmt) bool {
			s.Exprs(func(e *Expr) { e.Walk(func(*Expr) bool { return true }) })
			return true
		})
	}
	for _, m := range f.Macros {
		m.Expr()
	}
}

// TestTraps holds the time for a trap of several 100,000 tokens below what
// anything quadratic would take. On a busy machine all takes long, but four times
// the text no more than about four times as long.
func TestTraps(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n = 10_000
	}
	for _, tt := range traps {
		t.Run(tt.name, func(t *testing.T) {
			size, whole := timeTrap(tt.text(n))
			if testing.Verbose() {
				t.Logf("%d bytes: %v", size, whole)
			}
			if whole < 20*time.Second {
				return
			}
			if quarter, d := timeTrap(tt.text(n / 4)); whole > 10*d {
				t.Errorf("%d bytes took %v, %d bytes %v", size, whole, quarter, d)
			}
		})
	}
}

func timeTrap(text string) (size int, d time.Duration) {
	start := time.Now()
	readAll(New("t.c", []byte(text)))
	return len(text), time.Since(start)
}
