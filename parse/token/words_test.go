package token

import (
	"slices"
	"strings"
	"testing"
)

var kinds = []struct {
	name string
	hash func(string) uint32
}{
	{"func", FuncHash}, {"var", VarHash}, {"type", TypeHash}, {"init", InitHash},
	{"enum", EnumHash}, {"macro", MacroHash}, {"member", MemberHash}, {"call", CallHash},
}

// TestWordKinds says as what the index enters a name. More than is true costs
// time; less would be a definition that nobody finds.
func TestWordKinds(t *testing.T) {
	for _, tt := range []struct{ src, name, want string }{
		{"int f(int a) { return a; }", "f", "func"},
		{"int f(a)\nint a;\n{ return a; }", "f", "func"},
		{"int\nf(int a)\n{\n}", "f", "func"},
		{"int f(int a);", "f", ""},
		{"int f(int a), g(void);", "f", ""},
		{"int f(int a) __attribute__((pure));", "f", "func"},
		{"int f(int a /* ) */,\n#if A\n int b)\n#else\n int c)\n#endif\n{\n}", "f", "func"},
		{"#define f(x) ((x) + 1)", "f", "func macro"},
		{"#define f 1", "f", "macro"},
		{"int v;", "v", "var"},
		{"int *v = 0, w[2];", "w", "var"},
		{"int (*v)(int);", "v", "func var type"},
		{"int v __attribute__((unused));", "v", "func var type"},
		{"typedef int v;", "v", "type"},
		{"typedef int (*v)(int);", "v", "func var type"},
		{"typedef struct { int a; } v;", "v", "var type"},
		{"struct v { int a; };", "v", "func type"},
		{"struct v;", "v", "var"},
		{"struct v f(void);", "v", ""},
		{"struct v a = { 1 };", "v", "init"},
		{"static const v a[] = {\n { 1 },\n};", "v", "init"},
		{"v a = {1}, b = {2}; v c;", "v", "init"},
		{"v a = 1;", "v", ""},
		{"v *f(void) { int a[] = {1}; }", "v", ""},
		{"int g = 1; v f(void) { return 1; }", "v", ""},
		{"enum { V, W = 2 };", "W", "enum"},
		{"enum v f(void) { return V; }", "f", "func"},
		{"struct s { enum e { V, W } v; };", "W", "enum"},
		{"enum v a[] = { V };", "v", "init"},
		{"enum __attribute__((packed)) { V };", "V", "enum"},
		{"typedef void (v)(int);", "v", "func var type"},
		{"int (v)(int a) { return a; }", "v", "func var type"},
		{"int f(char *UNUSED(a), int b) { return b; }", "f", "func"},
		{"int (*f(int a))(int) { return 0; }", "f", "func"},
		{"struct v { int a; } b = { 1 };", "v", "func type init"},
		{"struct a { struct v { int b; } c; };", "v", "type"},
		{"#define f socket(1, 2, 3)", "f", "func macro"},
		{"void f(void) { a->v = b.v; }", "v", "member"},
		{"void f(void) { fd = socket (1, 2, 3); }", "socket", "call"},
		{"void f(void) { fd = (socket)(1, 2, 3); }", "socket", "call"},
		{"void f(void) { fd = a->accept(1); }", "accept", "member"},
		{"void f(void) { int socket = 1; }", "socket", ""},
		{"#define S(a) socket(a, 1, 0)", "socket", "call"},
		{"#define A \"x */* y\"\nvoid f(void) { fd = socket(1, 2, 3); }", "socket", "call"},
		{"#define A \"http://x\" socket(1, 2, 3)", "socket", "call"},
		{"#define A '\"' /* the \"quote\n */ socket(1, 2, 3)", "socket", "call"},
		{"#define A \"\\\"/*\" \\\n socket(1, 2, 3) /* \"*/", "socket", "call"},
		{"#error don't /* ' */ or \" /* \n socket(1, 2, 3) */", "socket", ""},
		{"void f(void) { fd = accept /* the next */ (1, 0, 0); }", "accept", "call"},
	} {
		var w Words
		hashes, _ := w.Scan([]byte(tt.src))
		var got []string
		for _, k := range kinds {
			if slices.Contains(hashes, k.hash(tt.name)) {
				got = append(got, k.name)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%q: %s is %q, want %q", tt.src, tt.name, s, tt.want)
		}
	}
}
