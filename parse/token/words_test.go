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

// TestWordTypes says where the index enters the name of a type, T, and a member, m.
func TestWordTypes(t *testing.T) {
	kinds := []struct {
		name string
		hash uint32
	}{{"named", NamedHash("T")}, {"typed", TypedHash("T")}, {"field", FieldHash("T")}, {"behind", NestedMemberHash("m")}, {"pair", PairHash("b", "m")}}
	for _, tt := range []struct{ src, want string }{
		{"typedef struct T t;", "named"},
		{"typedef struct { T *a; } t;", "field"},
		{"struct T *v;", "typed"},
		{"static const T v[2], *w;", "typed"},
		{"T v __attribute__((unused));", "typed"},
		{"struct T f(struct T *a);", ""},
		{"struct T (*v)[2];", "typed"},
		{"struct s { struct T *b; };", "field"},
		{"struct s { T b; };", "field"},
		{"struct s { struct T { int a; } b; };", "field"},
		{"struct __attribute__((packed)) s { T b; };", "field"},
		{"MACRO(x)\nstruct s { T b; };", "field"},
		{"void f(T *a) { T *b; struct T c; }", ""},
		{"void f(void) { a->m = 1; }", ""},
		{"void f(void) { a[i + 1].m = 1; }", ""},
		{"void f(void) { x = (struct s){ .m = 1 }; }", ""},
		{"void f(void) { a->b->m = 1; }", "pair"},
		{"void f(void) { a . b [ 2 ] . m = 1; }", "pair"},
		{"void f(void) { a->b[i[1]].m = 1; }", "behind"},
		{"void f(void) { (*a).m = 1; }", "behind"},
		{"void f(void) { g()->m = 1; }", "behind"},
		{"#define M(a) a->m", "behind"},
		{"void f(void) {\n#if A\n\tx->\n#endif\n\ta->m = 1; }", "behind"},
	} {
		var w Words
		hashes, _ := w.Scan([]byte(tt.src))
		var got []string
		for _, k := range kinds {
			if slices.Contains(hashes, k.hash) {
				got = append(got, k.name)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%q is %q, want %q", tt.src, s, tt.want)
		}
	}
}
