package parse

import (
	"reflect"
	"strings"
	"testing"
)

// at returns the offset of the only "@mark" and the text without it.
func at(t *testing.T, src string) (string, int) {
	t.Helper()
	off := strings.Index(src, "@")
	if off < 0 || strings.Count(src, "@") != 1 {
		t.Fatalf("no single mark in %q", src)
	}
	return src[:off] + src[off+1:], off
}

func TestGuards(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"none", "int @a;", nil},
		{"ifdef", "#ifdef A\nint @a;\n#endif", []string{"A"}},
		{"ifndef", "#ifndef A\nint @a;\n#endif", []string{"!A"}},
		{"include guard", "#ifndef A_H\n#define A_H\nint @a;\n#endif", nil},
		{"include guard with #if", "#if !defined(A_H)\n#define A_H\nint @a;\n#endif", nil},
		{"include guard without parentheses", "#if !defined A_H\n#  define A_H 1\nint @a;\n#endif", nil},
		{"no include guard", "#if !defined(A_H) && B\n#define A_H\nint @a;\n#endif", []string{"!A_H && B"}},
		{"default for a macro", "#ifndef A\n#define A 1\n#endif\nint @a;", nil},
		{"else", "#ifdef A\n#else\nint @a;\n#endif", []string{"!A"}},
		{"elif", "#ifdef A\n#elif B > 3\nint @a;\n#endif", []string{"B > 3"}},
		{"else of a chain", "#if A\n#elif B\n#else\nint @a;\n#endif", []string{"!A && !B"}},
		{"nested", "#if A\n#ifdef B\nint @a;\n#endif\n#endif", []string{"A", "B"}},
		{"behind", "#if A\n#endif\nint @a;", nil},
		{"between", "#if A\n#endif\n#if B\nint @a;\n#endif\n#if C\n#endif", []string{"B"}},
		{"or in and", "#if (A || B) && !defined(C)\nint @a;\n#endif", []string{"(A || B) && !C"}},
		{"not of an or", "#if !(A || B)\nint @a;\n#endif", []string{"!(A || B)"}},
		{"defined without parentheses", "#if defined A && defined ( B )\nint @a;\n#endif", []string{"A && B"}},
		{"continuation", "#if A && \\\n  B\nint @a;\n#endif", []string{"A && B"}},
		{"comment", "#if A /* x\n y */ && B // z\nint @a;\n#endif", []string{"A && B"}},
		{"function-like", "#if __has_include(<x.h>)\nint @a;\n#endif", []string{"__has_include(<x.h>)"}},
		{"version", "#if LIB_VERSION >= VERSION(1, 2)\nint @a;\n#endif", []string{"LIB_VERSION >= VERSION(1, 2)"}},
		{"compared with zero", "#if A != 0\nint @a;\n#endif", []string{"A"}},
		{"not understood", "#if A ? B : C\nint @a;\n#endif", []string{"A ? B : C"}},
		{"one line", "  # if A\nint @a;\n  # endif", []string{"A"}},
		{"unterminated", "#if A\nint @a;", []string{"A"}},
		{"elifdef", "#ifdef A\n#elifdef B\nint @a;\n#endif", []string{"B"}},
		{"elifndef", "#ifdef A\n#elifndef B\nint @a;\n#endif", []string{"!B"}},
		{"true", "#if 1\nint @a;\n#endif", []string{"1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src, off := at(t, tt.src)
			if got := New("t.c", []byte(src)).Guards(off); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDead(t *testing.T) {
	tests := []struct {
		src  string
		want bool
	}{
		{"#if 0\nint @a;\n#endif", true},
		{"#if 0\n#else\nint @a;\n#endif", false},
		{"#if 1\n#else\nint @a;\n#endif", true},
		{"#if 0 && A\nint @a;\n#endif", true},
		{"#if 1 || A\n#elif B\nint @a;\n#endif", true},
		{"#if 0\n#if A\nint @a;\n#endif\n#endif", true},
		{"#if 0x0\nint @a;\n#endif", true},
		{"#if false\nint @a;\n#endif", true},
		{"#if A\nint @a;\n#endif", false},
		{"#if A\n#else\nint @a;\n#endif", false},
		{"#if A\n#else\n#else\nint @a;\n#endif", true},
		{"#if 2 > 1\nint @a;\n#endif", false},
		{"#ifdef notdef\nint @a;\n#endif", true},
		{"#ifdef notdef\n#else\nint @a;\n#endif", false},
		{"#ifndef NOTYET\nint @a;\n#endif", false},
		{"#if defined(NOTYET) || A\nint @a;\n#endif", false},
	}
	for _, tt := range tests {
		src, off := at(t, tt.src)
		if got := New("t.c", []byte(src)).Dead(off); got != tt.want {
			t.Errorf("%q: %v", tt.src, got)
		}
	}
}

func TestForeign(t *testing.T) {
	tests := []struct{ src, platform, want string }{
		{"int @a;", "linux", ""},
		{"#ifdef _WIN32\nint @a;\n#endif", "linux", "windows"},
		{"#ifdef _WIN32\nint @a;\n#endif", "windows", ""},
		{"#ifndef _WIN32\nint @a;\n#endif", "linux", ""},
		{"#ifndef _WIN32\nint @a;\n#endif", "windows", "another platform"},
		{"#ifdef _WIN32\n#else\nint @a;\n#endif", "linux", ""},
		{"#if defined(__APPLE__) && HAVE_X\nint @a;\n#endif", "linux", "macos"},
		{"#if defined(__APPLE__) || HAVE_X\nint @a;\n#endif", "linux", ""},
		{"#if _WIN32_WINNT >= 0x0600\nint @a;\n#endif", "linux", "windows"},
		{"#ifdef __linux__\n#elif defined(__FreeBSD__)\nint @a;\n#endif", "linux", "bsd"},
		{"#ifdef __linux__\n#else\nint @a;\n#endif", "linux", "another platform"},
		{"#ifdef __cplusplus\nint @a;\n#endif", "linux", "another platform"},
		{"#if UNKNOWN\nint @a;\n#endif", "linux", ""},
		{"#include <winsock2.h>\nint @a;", "linux", "windows"},
		{"#include <winsock2.h>\nint @a;", "windows", ""},
		{"#ifdef X\n#include <winsock2.h>\n#endif\nint @a;", "linux", ""},
		{"#ifndef T_H\n#define T_H\n#include <winsock2.h>\nint @a;\n#endif", "linux", "windows"},
		{"#ifdef __linux__\n#ifdef _WIN32\nint @a;\n#endif\n#endif", "linux", "windows"},
	}
	for _, tt := range tests {
		src, off := at(t, tt.src)
		if got := New("t.c", []byte(src)).Foreign(off, tt.platform); got != tt.want {
			t.Errorf("%q on %s: %q, want %q", tt.src, tt.platform, got, tt.want)
		}
	}
}

// TestPasses holds that every branch that somebody compiles, and every one
// that holds a call, is in a tree.
func TestPasses(t *testing.T) {
	tests := []struct {
		name, src string
		passes    int
		seen      []string // functions that must be found
	}{
		{"plain", "int a(void) {}", 1, []string{"a"}},
		{"one switch", "#ifdef A\nint a(void) {}\n#else\nint b(void) {}\n#endif", 2, []string{"a", "b"}},
		{"two switches, two passes", "#ifdef A\nint a(void) {}\n#else\nint b(void) {}\n#endif\n#ifdef B\nint c(void) {}\n#else\nint d(void) {}\n#endif",
			2, []string{"a", "b", "c", "d"}},
		{"chain", "#if A\nint a(void) {}\n#elif B\nint b(void) {}\n#elif C\nint c(void) {}\n#else\nint d(void) {}\n#endif",
			4, []string{"a", "b", "c", "d"}},
		{"empty arms cost nothing", "#ifdef A\n#else\n#define B\n#endif\nint a(void) {}", 1, []string{"a"}},
		{"prose in #if 0", "#if 0\nint a(void) {}\n#endif\nint b(void) {}", 1, []string{"b"}},
		{"site in #if 0", "#if 0\nint a(void) { return socket(1, 2, 3); }\n#endif", 2, []string{"a"}},
		{"contradiction", "#if defined(A) && !defined(A)\nint a(void) { return socket(1, 2, 3); }\n#endif", 3, []string{"a"}},
		{"nested against the outer", "#ifdef A\n#ifndef A\nint a(void) { return socket(1, 2, 3); }\n#endif\n#endif", 3, []string{"a"}},
		{"platforms", "#ifdef _WIN32\nint a(void) {}\n#elif defined(__APPLE__)\nint b(void) {}\n#else\nint c(void) {}\n#endif", 4, []string{"a", "b", "c"}},
		{"function split by #if", "int a(void)\n{\n#ifdef A\n socket(1, 1, 1);\n#else\n socket(2, 2, 2);\n#endif\n}", 2, []string{"a", "a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := New("t.c", []byte(tt.src))
			if f.Passes != tt.passes {
				t.Errorf("%d passes, want %d", f.Passes, tt.passes)
			}
			var got []string
			for _, fn := range f.Funcs {
				got = append(got, fn.Name)
			}
			if !reflect.DeepEqual(got, tt.seen) {
				t.Errorf("functions %q, want %q", got, tt.seen)
			}
		})
	}
}

// TestEverySite puts a call into each of many arms: none may be lost, however
// many passes it takes.
func TestEverySite(t *testing.T) {
	var b strings.Builder
	want := 0
	for i := range 40 {
		if i == 0 {
			b.WriteString("#if X0\n")
		} else {
			b.WriteString("#elif X" + strings.Repeat("I", i) + "\n")
		}
		b.WriteString("int f(void) { return accept(1, 2, 3); }\n")
		want++
	}
	b.WriteString("#endif\n")
	if got := len(New("t.c", []byte(b.String())).Funcs); got != want {
		t.Errorf("%d functions, want %d", got, want)
	}
}

func TestDirectiveProblems(t *testing.T) {
	for src, want := range map[string]string{
		"#else\n":                               "#else without #if",
		"#endif\n":                              "#endif without #if",
		"#if A\n":                               "unterminated #if",
		"#if A\n#endif\n":                       "",
		"#elif A\nint a;\n":                     "#elif without #if",
		"#if A\n#else\n#else\nint a;\n#endif\n": "#else after #else",
		"#if 0\n#foo'\n#endif":                  "",
	} {
		got := ""
		for _, p := range New("t.c", []byte(src)).Problems {
			got += p.Msg
		}
		if got != want {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
	}
}

func TestMacros(t *testing.T) {
	f := New("t.c", []byte("#define A 1\n#define B(x, ...) \\\n  socket(x, __VA_ARGS__)\n# define C (B)\n#define D\n#define E(x) x\n#define\n"))
	var got []string
	for _, m := range f.Macros {
		s := m.Name
		if m.FnLike {
			s += "(" + strings.Join(m.Params, " ") + ")"
		}
		if x := m.Expr(); x != nil {
			s += "=" + dumpExpr(x)
		}
		got = append(got, s)
	}
	want := []string{"A=1", "B(x ...)", "C=B", "D", "E(x)"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(f.Funcs) != 1 || f.Funcs[0].Macro == nil || DumpStmt(f.Funcs[0].Body()) != "(block (call socket x __VA_ARGS__))" {
		t.Errorf("functions: %v", f.Funcs)
	}
}

// TestLacked holds whether the code at B can be compiled without that at A.
func TestLacked(t *testing.T) {
	for _, tt := range []struct {
		name, src string
		want      bool
	}{
		{"no #if", "A;\nB;\n", false},
		{"an #ifdef", "#ifdef X\nA;\n#endif\nB;\n", true},
		{"in the same", "#ifdef X\nA;\nB;\n#endif\n", false},
		{"in another one of the same condition", "#ifdef X\nA;\n#endif\n#if defined(X)\nB;\n#endif\n", false},
		{"in one of another condition", "#ifdef X\nA;\n#endif\n#ifdef Y\nB;\n#endif\n", true},
		{"around B alone", "A;\n#ifdef X\nB;\n#endif\n", false},
		{"with an #else", "#ifdef X\nA;\n#else\nC;\n#endif\nB;\n", false},
		{"with an #elif alone", "#ifdef X\nA;\n#elif defined(Y)\nC;\n#endif\nB;\n", true},
		{"below one with an #else", "#ifdef X\n#ifdef Y\nA;\n#endif\n#else\nC;\n#endif\nB;\n", true},
		{"an include guard", "#ifndef H\n#define H\nA;\nB;\n#endif\n", false},
		{"#if 1", "#if 1\nA;\n#endif\nB;\n", false},
	} {
		f := New("t.h", []byte(tt.src))
		from, to, got := f.Lacked(strings.Index(tt.src, "B;"), strings.Index(tt.src, "A;"))
		if got != tt.want || got && !strings.HasPrefix(tt.src[from:to], "A;") && !strings.HasPrefix(tt.src[from:to], "#ifdef") {
			t.Errorf("%s: %v %q", tt.name, got, tt.src[from:to])
		}
	}
}
