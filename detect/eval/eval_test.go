package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/program/programtest"
)

// TestEval holds which constants the argument of ask() can be; "?" stands for others.
func TestEval(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"a constant", "void f(void) { ask(PF_INET); }", "AF_INET"},
		{"a number", "void f(void) { ask(2); }", "2"},
		{"flags beside a type", "void f(void) { ask(SOCK_STREAM | SOCK_CLOEXEC | other); }", "SOCK_STREAM"},
		{"a variable", "void f(void) { int x = AF_INET; ask(x); }", "AF_INET"},
		{"two arms", "void f(int a) { int x; if (a) x = AF_INET; else x = AF_INET6; ask(x); }", "AF_INET, AF_INET6"},
		{"a choice", "void f(int a) { ask(a ? AF_INET : AF_UNIX); }", "AF_INET, AF_UNIX"},
		{"a cast", "void f(void) { ask((int)AF_INET); }", "AF_INET"},
		{"a macro", "#define KIND SOCK_STREAM\nvoid f(void) { ask(KIND); }", "SOCK_STREAM"},
		{"a macro of two", "#if A\n#define KIND SOCK_STREAM\n#else\n#define KIND SOCK_DGRAM\n#endif\nvoid f(void) { ask(KIND); }", "SOCK_DGRAM, SOCK_STREAM"},
		{"a macro that casts", "#define INT(x) ((int)(x))\nvoid f(int x) { ask(INT(x)); } void g(void) { f(AF_INET6); }", "AF_INET6"},
		{"a name of the tree's own with the platform's prefix", "#define AF_WEB AF_INET\nvoid f(void) { ask(AF_WEB); }", "AF_INET"},
		{"one of two", "#if A\n#define PF_WEB PF_INET6\n#else\n#define PF_WEB PF_INET\n#endif\nvoid f(void) { ask(PF_WEB); }", "AF_INET, AF_INET6"},
		{"one that stands for a number", "#define AF_NEW 45\nvoid f(void) { ask(AF_NEW); }", "AF_NEW"},
		{"one for systems that lack it", "#ifndef SO_NEW\n#define SO_NEW SO_OLD\n#endif\nvoid f(void) { ask(SO_NEW); }", "SO_NEW"},
		{"one that stands for itself", "#define SOCK_NEW SOCK_NEW\nvoid f(void) { ask(SOCK_NEW); }", "SOCK_NEW"},
		{"an enumerator of that kind", "enum { SOCK_LOG = SOCK_DGRAM };\nvoid f(void) { ask(SOCK_LOG); }", "SOCK_DGRAM"},
		{"a branch by a name of the tree's own", "#define WEB AF_INET\nvoid f(int x) { if (x == WEB) ask(x); } void g(void) { f(AF_INET); f(AF_UNIX); }", "AF_INET"},
		{"a branch by a name of two", "#if A\n#define WEB AF_INET\n#else\n#define WEB AF_INET6\n#endif\nvoid f(int x) { if (x == WEB) ask(x); } void g(void) { f(AF_INET); f(AF_UNIX); }", "AF_INET"},
		{"all but a name of two", "#if A\n#define WEB AF_INET\n#else\n#define WEB AF_INET6\n#endif\nvoid f(int x) { if (x != WEB) ask(x); } void g(void) { f(AF_INET); f(AF_UNIX); }", "AF_INET, AF_UNIX"},
		{"all but a name of the tree's own", "#define CTL AF_UNIX\nvoid f(int x) { if (x != CTL) ask(x); } void g(void) { f(AF_INET); f(AF_UNIX); }", "AF_INET"},
		{"an enumerator", "enum { KIND = SOCK_DGRAM };\nvoid f(void) { ask(KIND); }", "SOCK_DGRAM"},
		{"a function", "int g(void) { return AF_INET6; } void f(void) { ask(g()); }", "AF_INET6"},
		{"a function of its argument", "int g(int k) { return k; } void f(void) { ask(g(AF_UNIX)); } void h(void) { g(AF_INET); }", "AF_UNIX"},
		{"a function by a constant", "int g(int k) { int x = SOCK_DGRAM; if (k == 1) x = SOCK_STREAM; return x; } void f(void) { ask(g(1)); }", "SOCK_STREAM"},
		{"an out-parameter", "void g(int *p) { *p = AF_INET; } void f(void) { int x; g(&x); ask(x); }", "AF_INET"},
		{"a parameter: all callers", "void f(int x) { ask(x); } void g(void) { f(AF_INET); } void h(void) { f(AF_UNIX); }", "AF_INET, AF_UNIX"},
		{"a parameter nobody gives", "void f(int x) { ask(x); }", "?"},
		{"a global", "int x = AF_INET; void f(void) { ask(x); } void g(void) { x = AF_UNIX; }", "AF_INET, AF_UNIX"},
		{"a member", "struct s { int d, k; }; void f(struct s *p) { ask(p->d); } void g(struct s *q) { q->d = AF_INET; q->k = 5; }", "AF_INET"},
		{"a member of another type", "struct s { int d; }; struct q { int d; }; void f(struct s *p) { ask(p->d); } void g(struct q *q, struct s *r) { q->d = AF_UNIX; r->d = AF_INET; }", "AF_INET"},
		{"a member in a private area", "struct s { int d; }; struct o { char *id; char area[8]; }; void f(struct o *o) { struct s *p = (struct s *)o->area; ask(p->d); } void g(struct s *q) { q->d = AF_INET; }", "AF_INET"},
		{"a member in one that nothing fills", "struct s { int d; }; struct o { void *data; }; void f(struct o *o) { struct s *p = o->data; ask(p->d); }", "?"},
		{"a row of a table", "struct s { int d, k; }; struct s rows[] = { { AF_INET, 1 }, { AF_INET6, 2 } }; void f(int i) { ask(rows[i].d); }", "AF_INET, AF_INET6"},
		{"a cleared member", "struct s { int d; }; void f(void) { struct s x; memset(&x, 0, sizeof x); ask(x.d); }", "0"},
		{"only where the branch allows", "void f(int x) { if (x == AF_INET) ask(x); } void g(void) { f(AF_INET); f(AF_UNIX); }", "AF_INET"},
		{"hints of getaddrinfo()", "void f(void) { struct addrinfo hints, *r; memset(&hints, 0, sizeof hints); hints.ai_socktype = SOCK_STREAM; getaddrinfo(0, \"1\", &hints, &r); ask(r->ai_socktype); }", "SOCK_STREAM"},
		{"the next of the list", "void f(void) { struct addrinfo hints = { .ai_socktype = SOCK_DGRAM }, *r; getaddrinfo(0, \"1\", &hints, &r); for (; r; r = r->ai_next) ask(r->ai_socktype); }", "SOCK_DGRAM"},
		{"a list by a pointer", "void f(void **at) { struct addrinfo hints = { .ai_socktype = SOCK_DGRAM }, **list = (struct addrinfo **)at, *r; if (getaddrinfo(0, \"1\", &hints, list)) return; r = *list; ask(r->ai_socktype); }", "SOCK_DGRAM"},
		{"a list that a caller gets", "void f(struct addrinfo **list) { struct addrinfo hints = { .ai_socktype = SOCK_DGRAM }; getaddrinfo(0, \"1\", &hints, list); ask((*list)->ai_socktype); }", "SOCK_DGRAM"},
		{"the family of an address", "void f(void) { struct sockaddr_in a; a.sin_family = AF_INET; ask(a.sin_family); }", "AF_INET"},
		{"not in the tree", "void f(void) { ask(g()); }", "?"},
		{"itself", "void f(int x) { ask(x); f(x); } void g(void) { f(AF_INET); }", "AF_INET"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := programtest.Load(t, tt.src)
			fi, e := p.Arg("ask")
			v := eval.New(p.Program, fixpoint.NewSession()).Eval(fi, e, nil)
			if got := v.String(); got != tt.want {
				t.Errorf("%q (%s), want %q", got, v.Unknown, tt.want)
			}
		})
	}
}

// TestEvalInContext asks about the argument of ask() in f(), entered by the call in a() and
// in b().
func TestEvalInContext(t *testing.T) {
	for _, tt := range []struct{ name, src, a, b string }{
		{"an argument", "void f(int x) { ask(x); } void a(void) { f(AF_INET); } void b(void) { f(AF_UNIX); }", "AF_INET", "AF_UNIX"},
		{"a branch on an argument", "void f(int k) { int x; if (k) x = AF_INET; else x = AF_UNIX; ask(x); } void a(void) { f(1); } void b(void) { f(0); }", "AF_INET", "AF_UNIX"},
		{"a member of an argument", "void f(struct addrinfo *x) { ask(x->ai_family); } void a(void) { struct addrinfo h; h.ai_family = AF_INET; f(&h); } void b(void) { struct addrinfo h; h.ai_family = AF_UNIX; f(&h); }", "AF_INET", "AF_UNIX"},
		{"what does not depend on it", "void f(int k) { ask(AF_INET); } void a(void) { f(1); } void b(void) { f(0); }", "AF_INET", "AF_INET"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := programtest.Load(t, tt.src)
			fi, e := p.Arg("ask")
			s := fixpoint.NewSession()
			ev := eval.New(p.Program, s)
			for _, c := range p.Calls("f") {
				want := tt.a
				if c.In.Func.Name == "b" {
					want = tt.b
				}
				if got := ev.Eval(fi, e, s.Enter(c, nil)).String(); got != want {
					t.Errorf("entered from %s: %q, want %q", c.In.Func.Name, got, want)
				}
			}
		})
	}
}

// TestIntEval holds which numbers the argument of ask() can be in f(), entered from
// g() where there is one; "open" is any.
func TestIntEval(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"a sum", "void f(void) { ask(2 + 3 * 4); }", "14"},
		{"bits", "void f(void) { ask((6 | 1) & ~4); }", "3"},
		{"a comparison", "void f(void) { ask(3 > 2); }", "1"},
		{"a character", "void f(void) { ask('a'); }", "97"},
		{"two arms", "void f(int a) { int x = 0; if (a) x = 1; ask(x); }", "0 1"},
		{"what nobody knows", "void f(void) { ask(g()); }", "open"},
		{"not", "void f(int a) { int x = 0; ask(!x); }", "1"},
		{"an enumerator by its place", "enum { A, B, C = 7, D };\nvoid f(void) { ask(B + D); }", "9"},
		{"a macro", "#define BIT (1 << 3)\nvoid f(void) { ask(BIT); }", "8"},
		{"an argument", "void f(int x) { ask(x); } void g(void) { f(5); }", "5"},
		{"a flag of an argument", "void f(int x) { ask(x & 4); } void g(void) { f(5); }", "4"},
		{"a function", "int h(int x) { return x + 1; } void f(int x) { ask(h(x)); } void g(void) { f(5); }", "6"},
		{"through its address", "void f(int x) { int y = 1; h(&y); ask(y); }", "open"},
		{"counted up", "void f(int x) { int y = 1; y++; ask(y); }", "open"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := programtest.Load(t, tt.src)
			fi, e := p.Arg("ask")
			s := fixpoint.NewSession()
			var fr *callgraph.Frame
			for _, u := range p.Files {
				u.Tables()
				if len(u.Funcs["g"]) > 0 {
					fr = s.Enter(p.Calls("f")[0], nil)
				}
			}
			v := eval.NewIntEval(p.Program, s).Eval(fi, e, fr)
			got := strings.Trim(fmt.Sprint(v.Set), "[]")
			if v.Open {
				got = "open"
			}
			if got != tt.want {
				t.Errorf("%s (%+v), want %s", got, v, tt.want)
			}
		})
	}
}

// TestCanReach asks whether control comes to ask() in f(), entered from g().
func TestCanReach(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       bool
	}{
		{"a line", "ask(1);", true},
		{"the arm", "if (k) ask(1);", true},
		{"the other arm", "if (!k) ask(1);", false},
		{"another number", "if (k == 5) ask(1);", false},
		{"the arm leaves", "if (k == 1) return; ask(1);", false},
		{"the case", "switch (k) { case 1: ask(1); }", true},
		{"another case", "switch (k) { case 2: ask(1); }", false},
		{"the default", "switch (k) { case 1: break; default: ask(1); }", false},
		{"a flag", "if (k & 2) ask(1);", false},
		{"what nobody knows", "if (x()) ask(1);", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := programtest.Load(t, "void f(int k)\n{\n"+tt.body+"\n}\nvoid g(void) { f(1); }\n")
			s := fixpoint.NewSession()
			c := p.Calls("ask")[0]
			f := eval.NewIntEval(p.Program, s)
			if got := f.CanReach(c.In, c.Expr, s.Enter(p.Calls("f")[0], nil)); got != tt.want {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

// TestOptionRows holds the rows of a table that reach setsockopt() together.
func TestOptionRows(t *testing.T) {
	p := programtest.Load(t, `struct row { int level, opt, value; };
static const struct row rows[] = { { 1, SO_KEEPALIVE, 1 }, { 6, TCP_NODELAY, 0 } };
void f(int fd) { int i; for (i = 0; i < 2; i++) ask(rows[i].opt, rows[i].level, &rows[i].value); }`)
	call := p.Calls("ask")[0]
	rows, ok := eval.NewIntEval(p.Program, fixpoint.NewSession()).OptionRows(call.In, call.Expr.Args[0], nil)
	if !ok || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), ok)
	}
	for i, want := range []string{"1 SO_KEEPALIVE", "6 TCP_NODELAY"} {
		var got []string
		for _, k := range []int{1, 0} {
			fi, x, _ := rows[i].Arg(call.Expr.Args[k], call.Expr.Args[0])
			if fi == nil {
				fi = &program.FuncInfo{File: call.In.File}
			}
			got = append(got, programtest.Text(fi.File.Tree(), x))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("row %d: %q, want %q", i, s, want)
		}
	}
}
