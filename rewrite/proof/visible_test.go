package proof

import (
	"strings"
	"testing"

	"github.com/keepatch/keepatch/rewrite/compose"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/optval"
	"github.com/keepatch/keepatch/templates"
)

// server is a text with code in front of the function, in front of the block and behind
// the function. accept(l, 0, 0) makes the descriptor, BLOCK; is the place.
func server(before, inside, after string) string {
	return before + "void f(int l, int x)\n{\n\tint fd = -1;\n\tfd = accept(l, 0, 0);\n\tif (fd < 0)\n\t\treturn;\n" + inside + "\n}\n" + after
}

// heads is server() with a head for each arm of an #if; more is the second parameter.
func heads(a, b string) string {
	return strings.Replace(server("", "\tBLOCK;", ""), "void f(int l, int x)\n", "#ifdef A\nvoid f(int l, "+a+")\n#else\nvoid f(int l, "+b+")\n#endif\n", 1)
}

// TestVisible holds what is said of the names of a block's message; a name has to mean
// something at BLOCK; in every selection of #if branches that compiles it.
func TestVisible(t *testing.T) {
	const (
		block   = "\tBLOCK;"
		guarded = "#ifdef A\n\tBLOCK;\n#endif"
		other   = "visible: N is declared under an #if that the block does not stand under"
		further = "visible: N is defined further down"
		under   = "visible: N is defined under an #if that the block does not stand under"
		inner   = "visible: N is declared in another block"
	)
	for _, tt := range []struct{ name, src, want string }{
		{"nowhere, a header's", server("", block, ""), ""},
		{"a local", server("", "\tint N = 1;\n"+block, ""), ""},
		{"a local behind the block", server("", block+"\n\tint N = 1;", ""), inner},
		{"a local of another block", server("", "\tif (x) { int N = 1; use(N); }\n"+block, ""), inner},
		{"a local of the block around", server("", "\tif (x) { int N = 1;\n"+block+"\n}", ""), ""},
		{"a local of another block, and a macro", server("#define N 1\n", "\tif (x) { int N2 = 1; int N = 2; }\n"+block, ""), ""},
		{"a local of another block, and a function", server("void N(void);\n", "\tif (x) { int N = 2; }\n"+block, ""), ""},
		{"a local under an #if", server("", "#ifdef A\n\tint N = 1;\n#endif\n"+block, ""), other},
		{"a local and the block under the same #if", server("", "#ifdef A\n\tint N = 1;\n#endif\n"+guarded, ""), ""},
		{"a local in both arms", server("", "#ifdef A\n\tint N = 1;\n#else\n\tlong N = 2;\n#endif\n"+block, ""), ""},
		{"a local under another #if than the block", server("", "#ifdef B\n\tint N = 1;\n#endif\n"+guarded, ""), other},
		{"a parameter", strings.ReplaceAll(server("", block, ""), "int x", "int N"), ""},

		{"a parameter of both heads", heads("int N", "long N"), ""},
		{"a parameter of one head", heads("int N", "long M"), other},

		{"a macro above", server("#define N 1\n", block, ""), ""},
		{"a macro below", server("", block, "#define N 1\n"), further},
		{"a macro under an #if", server("#ifdef A\n#define N 1\n#endif\n", block, ""), under},
		{"a macro under the block's #if", server("#ifdef A\n#define N 1\n#endif\n", guarded, ""), ""},
		{"a macro where nobody else defines it", server("#ifndef N\n#define N 1\n#endif\n", block, ""), ""},
		{"the same, by defined()", server("#if !defined(N)\n#define N 1\n#endif\n", block, ""), ""},
		{"a function above", server("static void N(void) {}\n", block, ""), ""},
		{"a function that is declared above", server("void N(void);\n", block, "void N(void) {}\n"), ""},
		{"a function below", server("", block, "static void N(void) {}\n"), further},
		{"a variable above", server("static int N;\n", block, ""), ""},
		{"a variable below", server("", block, "static int N;\n"), further},
		{"a variable under an #if", server("#ifdef A\nstatic int N;\n#endif\n", block, ""), under},
		{"under an #if, but used above under none", server("#ifdef A\n#define N 1\n#endif\nint g(void) { return N; }\n", block, ""), ""},
		{"under an #if, and used above under it", server("#ifdef A\n#define N 1\nint g(void) { return N; }\n#endif\n", block, ""), under},
		{"under an #if, but used below under none", server("#ifdef A\n#define N 1\n#endif\n", block+"\n\tuse(N);", ""), ""},
		{"the same, the use under an #if", server("#ifdef A\n#define N 1\n#endif\n", block+"\n#ifdef A\n\tuse(N);\n#endif", ""), under},
		{"the same, a header in between", server("#ifdef A\n#define N 1\n#endif\n", block, "#include \"n.h\"\nint g(void) { return N; }\n"), under},
		{"the same, another definition in between", server("#ifdef A\n#define N 1\n#endif\n", block, "#ifndef A\n#define N 2\n#endif\nint g(void) { return N; }\n"), under},
		{"below, but used below under no #if", server("", block, "#define N 1\nint g(void) { return N; }\n"), further},
		{"another function's local has the name", server("#ifdef A\n#define N 1\n#endif\nint g(void) { int N = 2; return N; }\n", block, ""), under},
		{"used in a macro alone", server("#ifdef A\n#define N 1\n#endif\n#define M() N\n", block, ""), under},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tg := targetOf(t, tt.src)
			got := Visible(tg, &templates.Block{Set: "setsockopt()", Report: []string{"log(N);"}}, &optval.Value{Name: "on"}).String()
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestVisibleDrop holds what a block does without for each of its parts that names what is
// not visible.
func TestVisibleDrop(t *testing.T) {
	const n = "visible: N is defined further down"
	edited := &optval.Value{Name: "N", Edit: &edit.Edit{}}
	for _, tt := range []struct {
		name  string
		block templates.Block
		value *optval.Value
		want  string
		drop  string // "-" for what nothing helps against
	}{
		{"the variable", templates.Block{Set: "set(fd, &N)"}, &optval.Value{Name: "N"}, n, "own variable"},
		{"the variable that the block declares", templates.Block{Set: "set(fd, &N)"}, &optval.Value{Name: "N", Declare: "int N = 1;"}, "", ""},
		{"the variable that the patch declares", templates.Block{Set: "set(fd, &N)"}, edited, "", ""},
		{"another name than the variable's", templates.Block{Set: "set(fd, (N *)&on)"}, &optval.Value{Name: "on", Declare: "int on = 1;"}, n, "no cast"},
		{"the assignment", templates.Block{Set: "set(fd)", Assign: "N = 1;"}, &optval.Value{Name: "N"}, n, "own variable"},
		{"a cast", templates.Block{Set: "set(fd, (N *)&on)"}, &optval.Value{Name: "on"}, n, "no cast"},
		{"the program's own function", templates.Block{Set: "N(fd)", Helper: "N"}, &optval.Value{}, n, "direct"},
		{"the test of the result", templates.Block{Set: "set(fd)", Failed: "set(fd) != N"}, &optval.Value{}, n, "silent set"},
		{"the message", templates.Block{Set: "set(fd)", Report: []string{"log(N);"}}, &optval.Value{}, n, "silent log"},
		{"the way out", templates.Block{Set: "set(fd)", Leave: []string{"done(N);"}}, &optval.Value{}, n, "silent done"},
		{"the test in front", templates.Block{Set: "set(fd)", Test: "N > 0"}, &optval.Value{}, n, "-"},
		{"the first of two", templates.Block{Set: "set(fd, (N *)&on)", Test: "M > 0"}, &optval.Value{Name: "on"}, n, "no cast"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tg := targetOf(t, server("", "\tBLOCK;", "#define N 1\n#define M 1\n"))
			if tt.value == edited {
				edited.Edit.Start = tg.Place.Offset
			}
			got := Visible(tg, &tt.block, tt.value)
			if got.String() != tt.want {
				t.Fatalf("%q, want %q", got, tt.want)
			}
			if got == nil {
				return
			}
			if drop := dropped(got); drop != tt.drop {
				t.Errorf("does without: %s, want %s", drop, tt.drop)
			}
		})
	}
}

// dropped names what a breach does without first.
func dropped(b *Breach) string {
	if b.Drop == nil {
		return "-"
	}
	var pl compose.Plain
	if !b.Drop(&pl) {
		return "nothing new"
	}
	switch {
	case pl.OwnVar:
		return "own variable"
	case pl.NoCast:
		return "no cast"
	case pl.Direct:
		return "direct"
	case pl.Stays:
		return "stays"
	}
	for _, name := range []string{"set", "log", "done"} {
		if !pl.Silence(name) {
			return "silent " + name
		}
	}
	return "something else"
}

// TestVisibleDeclaration holds that what the patch declares stands under no #if that the
// block does not stand under, and in no braces that it does not stand in.
func TestVisibleDeclaration(t *testing.T) {
	src := server("", "#ifdef A\n\tx = 2;\n#endif\n\tif (x) {\n\t\tx = 3;\n\t}\n\tBLOCK;", "")
	tg := targetOf(t, src)
	for _, tt := range []struct{ at, want string }{
		{"x = 2", "visible: on is declared under an #if that the block does not stand under"},
		{"x = 3", "visible: on is declared in another block"},
		{"fd = accept", ""},
	} {
		at := strings.Index(src, tt.at)
		b := Visible(tg, &templates.Block{Set: "setsockopt(fd, &on)"}, &optval.Value{Name: "on", Edit: &edit.Edit{Start: at, End: at}})
		if b.String() != tt.want {
			t.Errorf("declared at %q: %q, want %q", tt.at, b, tt.want)
		}
		if b != nil && dropped(b) != "own variable" {
			t.Errorf("does without: %s", dropped(b))
		}
	}
}

// TestVisibleSilence holds that a message whose function is silent already takes the way
// out with it.
func TestVisibleSilence(t *testing.T) {
	tg := targetOf(t, server("", "\tBLOCK;", "#define N 1\n"))
	b := Visible(tg, &templates.Block{Set: "set(fd)", Report: []string{"log(N);"}}, &optval.Value{})
	var pl compose.Plain
	for i, want := range []bool{true, true, false} {
		if got := b.Drop(&pl); got != want || pl.Stays != (i > 0) {
			t.Errorf("step %d: %v, stays %v", i, got, pl.Stays)
		}
	}
}

// TestVisibleConstant holds which constants the test of a block may compare with.
func TestVisibleConstant(t *testing.T) {
	const refused = "visible: FAILED is of another platform's headers"
	for _, tt := range []struct{ name, src, failed, want string }{
		{"nowhere", server("", "\tBLOCK;", ""), "setsockopt() == FAILED", refused},
		{"used above", server("int g(void) { return FAILED; }\n", "\tBLOCK;", ""), "setsockopt() == FAILED", ""},
		{"used above under an #if", server("#ifdef WIN32\nint g(void) { return FAILED; }\n#endif\n", "\tBLOCK;", ""), "setsockopt() == FAILED", refused},
		{"the file's own", server("#define FAILED (-1)\n", "\tBLOCK;", ""), "setsockopt() == FAILED", ""},
		{"what the call is given", server("", "\tBLOCK;", ""), "setsockopt() < 0", ""},
		{"a constant of sockets", server("", "\tBLOCK;", ""), "type == SOCK_STREAM && setsockopt() < 0", ""},
		{"the descriptor's", server("", "\tBLOCK;", ""), "fd != NULL && setsockopt() < 0", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := &templates.Block{Set: "setsockopt()", Failed: tt.failed}
			if got := Visible(targetOf(t, tt.src), b, &optval.Value{Name: "on"}).String(); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
