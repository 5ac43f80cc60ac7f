package proof

import (
	"strings"
	"testing"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// TestCompiled puts a block where BLOCK; stands in a function and holds what is said of the
// selections of #if under which it is compiled. fd = accept(l, 0, 0) makes the descriptor.
func TestCompiled(t *testing.T) {
	const made = "fd = accept(l, 0, 0);\n"
	for _, tt := range []struct{ name, body, want string }{
		{"no #if", made + "if (fd < 0) return;\nBLOCK;\nserve(fd);\n", ""},
		{"both in one arm", "#ifdef NET\n" + made + "if (fd < 0) return;\nBLOCK;\nserve(fd);\n#endif\n", ""},
		{"the same condition again", "#ifdef NET\n" + made + "#endif\nx++;\n#ifdef NET\nBLOCK;\nserve(fd);\n#endif\n", ""},
		{"in an arm of its own", made + "#ifdef NET\nBLOCK;\n#endif\nserve(fd);\n", "compiled: without NET the socket is made"},
		{"in an #else", made + "#ifdef NET\nx++;\n#else\nBLOCK;\n#endif\nserve(fd);\n", "compiled: without !NET the socket is made"},
		{"not on another platform", made + "#ifndef _WIN32\nBLOCK;\n#endif\nserve(fd);\n", ""},
		{"on another platform alone", made + "#ifdef _WIN32\nBLOCK;\n#endif\nserve(fd);\n", "compiled: without _WIN32 the socket is made"},
		{"where there is the option", made + "#ifdef SO_KEEPALIVE\nBLOCK;\n#endif\nserve(fd);\n", ""},
		{"between two bodies", made + "if (fd < 0)\n#ifdef A\ndie(1);\n#endif\nBLOCK;\n#ifdef B\ndie(2);\n#endif\nserve(fd);\n", "compiled: without A the block would become the body"},
		{"after them", made + "if (fd < 0)\n#ifdef A\ndie(1);\n#endif\n#ifdef B\ndie(2);\n#endif\nBLOCK;\nserve(fd);\n", ""},
		{"behind an if in an arm", made + "#ifdef A\nif (fd < 0) return;\n#endif\nBLOCK;\nserve(fd);\n", ""},
		{"before an if in an arm", made + "BLOCK;\n#ifdef A\nif (fd > 0)\n#endif\nserve(fd);\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse.New("x.c", []byte("void f(int l, int x)\n{\nint fd = -1;\n"+tt.body+"}\n"))
			fn := f.Funcs[0]
			if fns := f.FuncsAt(strings.Index(string(f.Src), "BLOCK")); len(fns) > 0 {
				fn = fns[len(fns)-1] // of the selection that compiles it
			}
			sp, pl := placeOf(t, f, fn, false)
			got := Compiled(sp, pl).String()
			if tt.want == "" && got != "" || !strings.HasPrefix(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestCompiledUnfinished holds that a place behind a function without its brace, as it is being
// typed, is asked for with all of the text before it.
func TestCompiledUnfinished(t *testing.T) {
	src := "void f(int l, int x)\n{\nint fd = -1;\nfd = accept(l, 0, 0);\n#ifdef A\nx++;\n#endif\nx++;\n"
	f := parse.New("x.c", []byte(src))
	fn := f.Funcs[0]
	var call *parse.Expr
	ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) { call = c })
	sp := &anchor.Spot{File: f, Func: fn, Call: call, FD: "fd", Key: "fd"}
	if fn.End >= len(src) {
		t.Fatal("the place lies in the function")
	}
	if got := Compiled(sp, &anchor.Place{List: fn.Body(), Offset: len(src)}).String(); got != "" {
		t.Errorf("%q", got)
	}
}

// TestBesides holds which condition a line stands under that the call does not: what goes in
// before an #endif is the last of the arm, what goes in before an #if is outside of it.
func TestBesides(t *testing.T) {
	src := "void f(int l)\n{\nint fd = accept(l, 0, 0);\n#ifdef NET\nserve(fd);\n#endif\n}\n"
	f := parse.New("x.c", []byte(src))
	for line, want := range map[string]string{"#ifdef": "", "serve": "NET", "#endif": "NET", "}": ""} {
		if got := besides(f, strings.Index(src, line), strings.Index(src, "accept")); got != want {
			t.Errorf("before %s: %q, want %q", line, got, want)
		}
	}
}
