package parse

import (
	"strings"
	"testing"
)

// body parses src as the body of a function and dumps its statements.
func body(t *testing.T, src string) string {
	t.Helper()
	f := New("t.c", []byte("int f(void)\n{\n"+src+"\n}\n"))
	if len(f.Funcs) != 1 {
		t.Fatalf("%d functions in %q", len(f.Funcs), src)
	}
	s := DumpStmt(f.Funcs[0].Body())
	return s[len("(block") : len(s)-1]
}

type tree struct{ src, want string }

func trees(t *testing.T, tests []tree) {
	t.Helper()
	for _, tt := range tests {
		if got := body(t, tt.src); got != " "+tt.want {
			t.Errorf("%s\n got %s\nwant  %s", tt.src, got, tt.want)
		}
	}
}

func TestMacroStatements(t *testing.T) {
	trees(t, []tree{
		{"TRACE((\"x\"))\n*p = 1;", `(call TRACE "x") (= (* p) 1)`},
		{"TRACE((\"x\"))\n(void) g();", `(call TRACE "x") (cast void (call g))`},
		{"TRACE(x)\n++i;", `(call TRACE x) (++ i)`},
		{"TRACE(x)\n&a;", `(call TRACE x) (& a)`},
		{"BEGIN\n*p = 1;", `BEGIN (= (* p) 1)`},
		{"BEGIN\n(void) g();", `BEGIN (cast void (call g))`},
		{"x = g(a)\n* b;", `(= x (* (call g a) b))`},
		{"x_t\n* b;", `(decl x_t* b)`},
		{"TRACE(x)\nif (a) b();", `(call TRACE x) (if a (call b))`},
		{"LOCK\nfd = socket(1, 2, 3);\nUNLOCK", `LOCK (= fd (call socket 1 2 3)) UNLOCK`},
		{"switch (e) { S_CASE(X): return 1; }", `(switch e (block (case (call S_CASE X) (return 1))))`},
		{"if LIKELY(x) g();", `(if (call LIKELY x) (call g))`},
		{"if ONLY_THIS\n{ g(); }", `(if ONLY_THIS (block (call g)))`},
		{"if (x) g(); else if UNLESS { h(); }", `(if x (call g) else (if UNLESS (block (call h))))`},
	})
}

func TestMacroTypes(t *testing.T) {
	trees(t, []tree{
		{"STACK_OF(X509) *chain = NULL;", `(decl STACK_OF* chain=NULL)`},
		{"STACK_OF(X509) *a, *b;", `(decl STACK_OF* a STACK_OF* b)`},
		{"TAILQ_HEAD(, word) words;", `(decl TAILQ_HEAD words)`},
		{"const STACK_OF(X) *c = g(1);", `(decl STACK_OF* c=(call g 1))`},
		{"struct s { RB_ENTRY(s) link; int x; } v;", `(decl struct s{RB_ENTRY link;int x} v)`},
		{"register unsigned LONG int i;", `(decl unsigned int i)`},
		{"int x UNUSED;", `(decl int x)`},
		{"int x __unused, y;", `(decl int x int y)`},
		{"T x UNUSED = 1;", `(decl T x=1)`},
		{"int WINAPI x;", `(decl int x)`},
		{"a = f(x) * y;", `(= a (* (call f x) y))`},
	})
}

func TestCastOrCall(t *testing.T) {
	trees(t, []tree{
		{"return (cmp (*a, *b));", `(return (call cmp (* a) (* b)))`},
		{"return(strcmp(*(char **)p, *(char **)q));", `(return (call strcmp (* (cast char** p)) (* (cast char** q))))`},
		{"return (accept(*ctx));", `(return (call accept (* ctx)))`},
		{"x = (isdigit(*s)) ? 1 : 2;", `(= x (? (call isdigit (* s)) 1 2))`},
		{"u.fd = (fd_type)(long long)v->fd;", `(= (. u fd) (cast fd_type (cast long long (-> v fd))))`},
		{"f = (fn_t)\n  lookup(\"x\");", `(= f (cast fn_t (call lookup "x")))`},
		{"f = (FN)\n  lookup(\"x\");", `(= f (cast FN (call lookup "x")))`},
		{"*r = (FINAL) { a.x, 2 };", `(= (* r) (compound FINAL (init (. a x) 2)))`},
		{"g((Spec[]){ {1}, {0} });", `(call g (compound Spec[] (init (init 1) (init 0))))`},
		{"f = (int (*)(int))g;", `(= f (cast int*() g))`},
		{"f = (T (*)(int))g;", `(= f (cast T*() g))`},
		{"n = (speed * (a - b)) + c;", `(= n (+ (* speed (- a b)) c))`},
		{"n = (speed * (socket(1, 2, 3))) + c;", `(= n (+ (* speed (call socket 1 2 3)) c))`},
		{"p = (T *(*)(int))g;", `(= p (cast T**() g))`},
		{"v = *(ATTR const INT8*)actual;", `(= v (* (cast ATTR* actual)))`},
		{"g = (STACK_OF(NAME) *) d2i(1);", `(= g (cast STACK_OF* (call d2i 1)))`},
		{"bool __attribute__((unused)) prealloc = false;", `(decl bool prealloc=false)`},
		{"(void)close(fd);", `(cast void (call close fd))`},
		{"(close)(fd);", `(call close fd)`},
		{"n = (a) + (b);", `(= n (+ a b))`},
		{"n = (size_t)-1;", `(= n (cast size_t (- 1)))`},
		{"n = sizeof(struct sockaddr_in) + sizeof x;", `(= n (+ (sizeof struct sockaddr_in) (sizeof x)))`},
	})
}

// TestBroken holds what is left of statements that are none: no call may be
// lost in them.
func TestBroken(t *testing.T) {
	trees(t, []tree{
		{"for () a();", `(for -;; (call a))`},
		{"{ foo((a; } s = socket(1, 2, 3);", `(block (call foo (opaque a))) (= s (call socket 1 2 3))`},
		{"for (i = 0) a();", `(for (= i 0);; (call a))`},
		{"if (a { s = socket(1, 2, 3); b(); ", `(if (opaque a (expr (block (= s (call socket 1 2 3)) (call b)))))`},
		{"x = M({ s = socket(1, 2, 3); });", `(= x (call M (opaque (expr (block (= s (call socket 1 2 3)))))))`},
		{"foo 1 socket(1, 2, 3) bar;", `(opaque (opaque foo 1 (call socket 1 2 3) bar))`},
		{"return 1 socket(1, 2, 3);", `(return 1)`},
		{"while socket(1, 2, 3) b();", `(while (call socket 1 2 3) (call b))`},
		{"switch (a) { case socket(1, 2, 3): }", `(switch a (block (case (call socket 1 2 3))))`},
	})
}

func TestLiterals(t *testing.T) {
	trees(t, []tree{
		{`p = "udns " VERSION;`, `(= p "udns " VERSION)`},
		{"e = \"less than \"\n STR(LEN);", `(= e "less than " STR ( LEN ))`},
		{"e = \"less than \"\n STR(LEN) \" bytes\";", `(= e "less than " STR ( LEN ) " bytes")`},
		{`printf("%" PRIu64 "\n", x);`, `(call printf "%" PRIu64 "\n" x)`},
		{`static const char b[] = "RNFR " FILE_AS;`, `(decl static char[] b="RNFR " FILE_AS)`},
		{`char *s = L"wide" u8"x";`, `(decl char* s=L"wide" u8"x")`},
	})
}

// TestNameMacros holds how functions are called whose names a macro makes, and what their uses name.
func TestNameMacros(t *testing.T) {
	for src, want := range map[string]string{
		"int TRANS(Open)(int fd) { return TRANS(Open)(fd); }":                  "Open(fd) int: Open",
		"static struct conn *TRANS(Open) (int a, long b) { go(TRANS(Open)); }": "Open(a b) struct conn: go",
		"LIB_DECLARE(int) f(int a) { g(a); }":                                  "f(a) LIB_DECLARE: g",
		"int f(int a) UNUSED(b) { g(a); }":                                     "f(a) int: g",
		"int f(x) unused(b) { g(a); }":                                         "f(x) int: g",
		"static void matches_(func_f) f(struct x *a) { g(a); }":                "f(a) void: g",
		"int FUNC(a) int a; { return FUNC(a); }":                               "FUNC(a) int: FUNC",
		"int trans(Open)(int fd) { return 0; }":                                "trans(Open) int: ",
	} {
		f := New("a.c", []byte(src))
		var got []string
		for _, fn := range f.Funcs {
			var params, calls []string
			for _, q := range fn.Params {
				params = append(params, q.Name)
			}
			fn.Body().Walk(func(s *Stmt) bool {
				s.Exprs(func(e *Expr) {
					e.Walk(func(x *Expr) bool {
						if x.Kind == XCall {
							calls = append(calls, x.Callee())
						}
						return true
					})
				})
				return true
			})
			got = append(got, fn.Name+"("+strings.Join(params, " ")+") "+fn.Result.Base+": "+strings.Join(calls, " "))
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%s: %s, want %s", src, s, want)
		}
	}
}
