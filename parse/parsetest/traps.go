// Package parsetest has texts that test the bounds of lexer and parser: each
// makes something that is quadratic, deep or endless in a careless reader. Only
// tests import it.
package parsetest

import (
	"fmt"
	"strings"
)

// Traps are texts on which a parser that looks ahead, copies or backtracks
// takes time quadratic in n, or overflows its stack.
var Traps = []struct {
	Name string
	Text func(n int) string
}{
	{"parentheses", func(n int) string { return In(strings.Repeat("(", n)) }},
	{"closed parentheses", func(n int) string { return In("x = " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) + ";") }},
	{"braces", func(n int) string { return In(strings.Repeat("{", n)) }},
	{"closed braces", func(n int) string { return In(strings.Repeat("{", n) + strings.Repeat("}", n)) }},
	{"brackets", func(n int) string { return In("x = a" + strings.Repeat("[a", n) + ";") }},
	{"top-level parentheses", func(n int) string { return strings.Repeat("(", n) }},
	{"top-level braces", func(n int) string { return strings.Repeat("a {", n) }},
	{"top-level pairs", func(n int) string { return "x " + strings.Repeat("{} ", n) }},
	{"top-level calls", func(n int) string { return strings.Repeat("a() ", n) }},
	{"functions with a brace too many", func(n int) string { return strings.Repeat("int f(void)\n{\n{\n}\n", n) }},
	{"functions with a brace too few", func(n int) string { return strings.Repeat("int f(void)\n{\n}\n}\n", n) }},
	{"functions with a parenthesis too many", func(n int) string { return strings.Repeat("int f(void)\n{\n g((;\n}\n", n) }},
	{"K&R heads", func(n int) string { return strings.Repeat("f(a) int a; ", n) }},
	{"nested ifs", func(n int) string { return In(strings.Repeat("if (a) ", n) + "b();") }},
	{"else ifs", func(n int) string { return In(strings.Repeat("if (a) b(); else ", n) + "c();") }},
	{"elses", func(n int) string { return In(strings.Repeat("else ", n)) }},
	{"dos", func(n int) string { return In(strings.Repeat("do ", n)) }},
	{"cases", func(n int) string { return In("switch (a) {" + strings.Repeat("case 1: ", n) + "}") }},
	{"labels", func(n int) string { return In(strings.Repeat("a: ", n)) }},
	{"casts", func(n int) string { return In("x = " + strings.Repeat("(T)", n) + "y;") }},
	{"cast or product", func(n int) string { return In("x = " + strings.Repeat("(a * ", n)) }},
	{"sizeofs", func(n int) string { return In("x = " + strings.Repeat("sizeof(", n)) }},
	{"unary operators", func(n int) string { return In("x = " + strings.Repeat("- ", n) + "y;") }},
	{"sum", func(n int) string { return In("x = " + strings.Repeat("a + ", n) + "y;") }},
	{"assignments", func(n int) string { return In(strings.Repeat("a = ", n) + "y;") }},
	{"conditionals", func(n int) string { return In(strings.Repeat("a ? b : ", n) + "y;") }},
	{"commas", func(n int) string { return In(strings.Repeat("a, ", n) + "y;") }},
	{"nested calls", func(n int) string { return In(strings.Repeat("f(", n)) }},
	{"calls of calls", func(n int) string { return In("f" + strings.Repeat("()", n) + ";") }},
	{"members", func(n int) string { return In("f" + strings.Repeat("->a", n) + ";") }},
	{"strings", func(n int) string { return In("x = " + strings.Repeat(`"a" B `, n) + ";") }},
	{"initialisers", func(n int) string { return In("int a[] = " + strings.Repeat("{", n)) }},
	{"closed initialisers", func(n int) string {
		return "int a[] = " + strings.Repeat("{", n) + strings.Repeat("}", n) + ";"
	}},
	{"designators", func(n int) string { return In("T a = {" + strings.Repeat(".a = ", n) + "};") }},
	{"structs", func(n int) string { return strings.Repeat("struct {", n) }},
	{"structs in a body", func(n int) string { return In(strings.Repeat("struct a {", n)) }},
	{"declarators", func(n int) string { return In("int " + strings.Repeat("(*", n)) }},
	{"parameters", func(n int) string { return "int f" + strings.Repeat("(int a", n) }},
	{"type words", func(n int) string { return In(strings.Repeat("int ", n) + "x;") }},
	{"stars", func(n int) string { return In("T " + strings.Repeat("* ", n) + "x;") }},
	{"words", func(n int) string { return In(strings.Repeat("a ", n) + ";") }},
	{"statement expressions", func(n int) string { return In(strings.Repeat("({", n)) }},
	{"macro blocks", func(n int) string { return In(strings.Repeat("M(a) {", n)) }},
	{"macro statements", func(n int) string { return In(strings.Repeat("M(a)\n", n)) }},
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
	{"one line", func(n int) string { return In(strings.Repeat("a(b, \"c\"); ", n/4)) }},
	{"quotes", func(n int) string { return In(strings.Repeat("'", n)) }},
	{"quotes in a directive", func(n int) string { return "#error " + strings.Repeat("\\\"", n) }},
	{"stray quotes by line", func(n int) string { return In(strings.Repeat("it's\n", n)) }},
	{"comments", func(n int) string { return In(strings.Repeat("/*", n)) }},
	{"continuations", func(n int) string { return In(strings.Repeat("a\\\n", n)) }},
	{"#else without #if", func(n int) string { return strings.Repeat("#else\n", n) }},
}

// In puts text into a function body.
func In(text string) string { return "int f(void)\n{\n" + text + "\n}\n" }
