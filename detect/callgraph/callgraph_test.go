package callgraph_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/program/programtest"
)

// TestCallees holds which functions the call ask() stands in for can enter: it is the
// first argument of ask().
func TestCallees(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"direct", `void x(int fd) {} void y(int fd) {} void f(int fd) { ask(x(fd)); }`, "x"},
		{"not in the tree", `void f(int fd) { ask(x(fd)); }`, ""},
		{"a variable", `void x(int fd) {} void y(int fd) {} typedef void (*handler)(int); handler h; void g(void) { h = x; } void f(int fd) { ask(h(fd)); }`, "x"},
		{"a variable that gets two", `void x(int fd) {} void y(int fd) {} typedef void (*handler)(int); handler h = x; void g(void) { h = y; } void f(int fd) { ask(h(fd)); }`, "x y"},
		{"a member", `struct s { void (*h)(int); void (*k)(int); }; void x(int fd) {} void y(int fd) {}
			void g(struct s *p) { p->h = x; p->k = y; } void f(struct s *p, int fd) { ask(p->h(fd)); }`, "x"},
		{"the same member of another type", `struct s { void (*h)(int); }; struct q { void (*h)(int); }; void x(int fd) {} void y(int fd) {}
			void g(struct s *p, struct q *r) { p->h = x; r->h = y; } void f(struct s *p, int fd) { ask(p->h(fd)); }`, "x"},
		{"a table", `struct s { void (*h)(int); }; void x(int fd) {} void y(int fd) {} struct s ops = { .h = x };
			void f(struct s *p, int fd) { ask(p->h(fd)); }`, "x"},
		{"a parameter", `void x(int fd) {} void y(int fd) {} void f(void (*h)(int), int fd) { ask(h(fd)); } void g(int fd) { f(x, fd); }`, "x"},
		{"a local that gets two", `void x(int fd) {} void y(int fd) {} void f(int fd) { void (*h)(int) = x; h = y; ask(h(fd)); }`, "y"},
		{"a choice", `void x(int fd) {} void y(int fd) {} void f(int fd, int b) { void (*h)(int) = b ? x : y; ask((*h)(fd)); }`, "x y"},
		{"a member that the function sets", `struct s { void (*h)(int); }; void x(int fd) {} void y(int fd) {}
			void g(struct s *p) { p->h = x; } void f(struct s *p, int fd) { p->h = y; ask(p->h(fd)); }`, "y"},
		{"a result", `typedef void (*handler)(int); void x(int fd) {} void y(int fd) {} handler pick(int b) { if (b) return x; return y; }
			void f(int fd) { handler h = pick(fd); ask(h(fd)); }`, "x y"},
		{"a result of an indirect call", `typedef void (*handler)(int); void x(int fd) {} handler pick(int b) { return x; } handler (*picker)(int) = pick;
			void f(int fd) { ask(picker(1)(fd)); }`, "x"},
		{"stored through a parameter", `typedef void (*handler)(int); void x(int fd) {} void get(handler *p) { *p = x; } void f(int fd) { handler h; get(&h); ask(h(fd)); }`, "x"},
		{"handed through two functions", `typedef void (*handler)(int); void x(int fd) {} void in(handler h, int fd) { ask(h(fd)); }
			void out(handler h, int fd) { in(h, fd); } void f(int fd) { out(x, fd); }`, "x"},
		{"a parameter of a function that is called through a pointer", `typedef void (*handler)(int); void x(int fd) {} void in(handler h, int fd) { ask(h(fd)); }
			struct s { void (*call)(handler, int); } s = { in }; void f(int fd) { s.call(x, fd); }`, "x"},
		{"an array", `typedef void (*handler)(int); void x(int fd) {} void y(int fd) {} handler hs[] = { x, y }; void f(int i, int fd) { ask(hs[i](fd)); }`, "x y"},
		{"a pointer to an array", `typedef void (*handler)(int); void x(int fd) {} handler hs[] = { x }; void f(int i, int fd) { handler *p = hs; ask(p[i](fd)); }`, "x"},
		{"rows of a table", `struct row { char *n; void (*h)(int); }; void x(int fd) {} void y(int fd) {} struct row rows[] = { { "x", x }, { "y", y } };
			void f(struct row *r, int fd) { ask(r->h(fd)); }`, "x y"},
		{"rows without their braces", `struct row { char *n; void (*h)(int); }; void x(int fd) {} void y(int fd) {} struct row rows[] = { "x", x, "y", y };
			void f(struct row *r, int fd) { ask(r->h(fd)); }`, "x y"},
		{"braces in braces", `struct in { int n; void (*h)(int); }; struct out { int a; struct in in; }; void x(int fd) {} void y(int fd) {}
			struct out o = { 1, { 2, x } }; void f(struct in *p, int fd) { ask(p->h(fd)); }`, "x"},
		{"a table in a function", `struct s { void (*h)(int); }; void x(int fd) {} void g(void) { static const struct s ops = { x }; reg(&ops); }
			void f(struct s *p, int fd) { ask(p->h(fd)); }`, "x"},
		{"a cast to a number", `struct cell { unsigned long contents; }; void x(int fd) {} void g(struct cell *c) { c->contents = (unsigned long)x; }
			void f(struct cell *c, int fd) { ask(((void (*)(int))c->contents)(fd)); }`, "x"},
		{"a copy of a struct", `struct s { void (*h)(int); }; void x(int fd) {} void g(struct s *a) { a->h = x; } struct s *t;
			void f(struct s *a, int fd) { struct s b = *a; ask(b.h(fd)); }`, "x"},
		{"what goes round", `typedef void (*handler)(int); void x(int fd) {} handler a, b; void g(void) { a = b; b = a; b = x; } void f(int fd) { ask(a(fd)); }`, "x"},
		{"too few arguments", `struct s { void *p; }; void x(int fd, int n) {} void y(int fd) {} void g(struct s *s) { s->p = x; s->p = y; }
			void f(struct s *s, int fd) { ask(((void (*)(int))s->p)(fd)); }`, "y"},
		{"another struct", `struct a { int n; }; struct b { char *t; }; struct c { struct a a; }; struct s { void *p; }; void x(struct a *p) {} void y(struct b *p) {} void z(struct c *p) {}
			void g(struct s *s) { s->p = x; s->p = y; s->p = z; } void f(struct s *s, struct a *a) { ask(((void (*)(struct a *))s->p)(a)); }`, "x z"},
		{"a number that is too small", `struct s { int n; }; void x(int fd) {} void g(struct s *s) { s->n = (int)x; } void f(struct s *s, int fd) { ask(((void (*)(int))s->n)(fd)); }`, ""},
		{"a macro", `#define W(fd) x(fd)
			void x(int fd) {} void f(int fd) { ask(W(fd)); }`, "W"},
		{"another name by a macro", `#define W x
			void x(int fd) {} void f(int fd) { ask(W(fd)); }`, "x"},
		{"the nearest of one name", "-- a/x.c --\nvoid x(int fd) {}\nvoid f(int fd) { ask(x(fd)); }\n-- b/x.c --\nvoid x(int fd) { y(fd); }\n", "x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := programtest.Load(t, tt.src)
			fi, call := p.Arg("ask")
			var got []string
			for _, fn := range callgraph.Callees(p.Program, fi, call, nil) {
				got = append(got, fn.Name)
			}
			slices.Sort(got)
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("%q, want %q", s, tt.want)
			}
		})
	}
}

// TestCallSites holds the functions with calls that can enter target().
func TestCallSites(t *testing.T) {
	const target = "void target(int fd) {}\n"
	for _, tt := range []struct{ name, src, want string }{
		{"direct", `void f(int fd) { target(fd); } void g(int fd) { other(fd); }`, "f"},
		{"twice", `void f(int fd) { target(fd); target(1); }`, "f f"},
		{"a variable", `void (*h)(int) = target; void f(int fd) { h(fd); (*h)(fd); }`, "f f"},
		{"another variable", `void (*h)(int) = target; void (*k)(int); void f(int fd) { k(fd); }`, ""},
		{"a local variable", `void f(int fd) { void (*h)(int) = other; h = target; h(fd); }`, "f"},
		{"a member", `struct s { void (*h)(int); void (*k)(int); }; void g(struct s *p) { p->h = target; } void f(struct s *p) { p->h(1); } void e(struct s *p) { p->k(1); }`, "f"},
		{"the same member of another type", `struct s { void (*h)(int); }; struct q { void (*h)(int); }; void g(struct s *p) { p->h = target; } void f(struct s *p) { p->h(1); } void e(struct q *p) { p->h(1); }`, "f"},
		{"a table", `struct s { void (*k)(int); void (*h)(int); }; struct s ops = { other, target }; void f(struct s *p) { p->h(1); } void e(struct s *p) { p->k(1); }`, "f"},
		{"a parameter", `void f(void (*h)(int)) { h(1); } void g(void) { f(target); }`, "f"},
		{"a local that gets another", `void f(int fd) { void (*h)(int) = target; h(fd); h = other; h(fd); }`, "f"},
		{"a member that the function sets", `struct s { void (*h)(int); }; void g(struct s *p) { p->h = target; } void f(struct s *p) { p->h(1); } void e(struct s *p) { p->h = other; p->h(1); }`, "f"},
		{"a result", `typedef void (*handler)(int); handler pick(void) { return target; } void f(int fd) { handler h = pick(); h(fd); pick()(fd); }`, "f f"},
		{"stored through a parameter", `typedef void (*handler)(int); void get(handler *p) { *p = target; } void f(int fd) { handler h; get(&h); h(fd); }`, "f"},
		{"braces in braces", `struct in { int n; void (*h)(int); }; struct out { int a; struct in in; }; struct out o = { 1, { 2, target } }; void f(struct in *p) { p->h(1); }`, "f"},
		{"a table in a function", `struct s { void (*h)(int); }; void g(void) { static struct s ops = { .h = target }; reg(&ops); } void f(struct s *p) { p->h(1); }`, "f"},
		{"another array", `typedef void (*handler)(int); handler a[] = { target }, b[] = { other }; void f(int i) { a[i](1); } void e(int i) { b[i](1); }`, "f"},
		{"an argument of an indirect call", `typedef void (*handler)(int); void in(handler h) { h(1); } void (*run)(handler) = in; void g(void) { run(target); }`, "in"},
		{"a parameter that is kept", `struct s { void (*h)(int); }; void reg(struct s *p, void (*h)(int)) { p->h = h; } void g(struct s *p) { reg(p, target); } void f(struct s *p) { p->h(1); }`, "f"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := programtest.Load(t, target+tt.src)
			var got []string
			for _, c := range callgraph.CallSites(p.Program, p.Func("target").Func) {
				got = append(got, c.In.Func.Name)
			}
			slices.Sort(got)
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("%q, want %q", s, tt.want)
			}
		})
	}
}

// TestRegistrationFits holds whether a descriptor that went through the call reg() can be
// what the handler h1() finds.
func TestRegistrationFits(t *testing.T) {
	const handlers = "void h1(int fd, void *p) {} void h2(int fd, void *p) {} void small(int fd) {}\n"
	for _, tt := range []struct {
		name, src string
		want      bool
	}{
		{"its own handler", "void f(int fd) { reg(fd, h1); }", true},
		{"another handler", "void f(int fd) { reg(fd, h2); } void g(int fd) { add(fd, h1); }", false},
		{"another kind of handler", "void f(int fd) { reg(fd, small); } void g(int fd) { add(fd, h1); }", true},
		{"no handler", "void f(int fd) { reg(fd, 1); } void g(int fd) { add(fd, h1); }", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := programtest.Load(t, handlers+tt.src)
			c := p.Calls("reg")[0]
			path := &callgraph.CallPath{Call: c.Expr, In: c.In, Length: 1}
			if got := callgraph.RegistrationFits(p.Program, p.Func("h1").Func, path); got != tt.want {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

func TestDispatchKeys(t *testing.T) {
	p := programtest.Load(t, `enum { READ, WRITE, ACCEPT };
void on_read(int fd) {} void on_accept(int fd) { accept(fd, 0, 0); } void on_write(int fd) {}
void (*table[3])(int) = { [WRITE] = on_write };
void f(void) { table[READ] = on_read; table[ACCEPT] = on_accept; }`)
	for name, want := range map[string]string{"on_read": "READ=table", "on_write": "WRITE=table", "on_accept": "ACCEPT=table READ= WRITE="} {
		var got []string
		for k, v := range callgraph.DispatchKeys(p.Program, p.Func(name).Func) {
			got = append(got, k+"="+v)
		}
		slices.Sort(got)
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %q, want %q", name, s, want)
		}
	}
}

// Chains of calls: which of two descriptors of one call went further.
func TestReturnChains(t *testing.T) {
	p := programtest.Load(t, "void f(void) { a(); b(); }")
	a, b := p.Calls("a")[0], p.Calls("b")[0]
	chain := func(calls ...string) *callgraph.ReturnChain {
		c := &callgraph.ReturnChain{}
		for _, x := range calls {
			if x == "a" {
				c.Calls = append(c.Calls, a)
			} else {
				c.Calls = append(c.Calls, b)
			}
		}
		return c
	}
	for _, tt := range []struct {
		x, y         *callgraph.ReturnChain
		same, before bool
	}{
		{nil, nil, true, false},
		{nil, chain("a"), true, true},
		{chain("a"), chain("a"), true, false},
		{chain("a"), chain("a", "b"), true, true},
		{chain("a"), chain("b"), false, false},
		{chain("a"), chain("b", "a"), false, false},
		{chain("a", "b"), chain("a"), true, false},
	} {
		if got := tt.x.MayCoincide(tt.y); got != tt.same {
			t.Errorf("%v, %v: the same way: %v", tt.x, tt.y, got)
		}
		if got := callgraph.ReturnedBefore(tt.x, tt.y); got != tt.before {
			t.Errorf("%v, %v: before: %v", tt.x, tt.y, got)
		}
	}
	if fr := chain("a", "b").Frames(); fr.Depth() != 2 || fr.Call.Expr != a.Expr || fr.Up.Call.Expr != b.Expr {
		t.Error("the frames are not the calls, the innermost first")
	}
}
