package defuse_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/program/programtest"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// TestReaching holds which definitions reach the argument of use().
func TestReaching(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"the last of two", "int x = 1; x = 2; use(x);", "2"},
		{"the last of two in one statement", "int x; x = 1, x = 2; use(x);", "2"},
		{"two arms", "int x; if (a) x = 1; else x = 2; use(x);", "1, 2"},
		{"one arm", "int x = 1; if (a) x = 2; use(x);", "1, 2"},
		{"an arm that leaves", "int x = 1; if (a) { x = 2; return; } use(x);", "1"},
		{"in the condition", "int x = 1; if ((x = g()) < 0) return; use(x);", "g()"},
		{"later in the same statement", "int x = 1; use(x), x = 2;", "1"},
		{"round a loop", "int x = 1; while (a) { use(x); x = 2; }", "1, 2"},
		{"not set", "int x; use(x);", "unset"},
		{"static", "static int x; use(x);", "entry"},
		{"a parameter", "use(a);", "entry"},
		{"a parameter that may be set", "if (b) a = 1; use(a);", "1, entry"},
		{"a global", "use(glob);", "entry"},
		{"through its address", "int x; get(&x); use(x);", "get(&x) 0"},
		{"a library's function that only reads", "int x = 1; write(1, &x, 4); use(x);", "1"},
		{"a library's function that stores", "int x = 1; getsockopt(a, 1, 2, &x, &b); use(x);", "getsockopt(a, 1, 2, &x, &b) 3"},
		{"a member", "struct s x; x.m = 1; x.n = 2; use(x.m);", "1"},
		{"a member by its initializer", "struct s x = { .m = 1, .n = 2 }; use(x.n);", "2"},
		{"a member that the initializer leaves out", "struct s x = { .m = 1 }; use(x.n);", "zero"},
		{"a member of a cleared object", "struct s x; memset(&x, 0, sizeof x); use(x.m);", "zero"},
		{"a member of a copied object", "struct s x, y; x = y; use(x.m);", "y.m"},
		{"memcpy", "struct s x, y; memcpy(&x, &y, sizeof x); use(x.m);", "&y.m"},
		{"an element leaves the others", "int x[2]; x[0] = 1; x[1] = 2; use(x[0]);", "1, 2, unset"},
		{"a shadowed name", "int x = 1; { int y = 2; } use(x);", "1"},
		{"switch", "int x = 0; switch (a) { case 1: x = 1; break; case 2: x = 2; } use(x);", "0, 1, 2"},
		{"fall through", "int x = 0; switch (a) { case 1: x = 1; default: x = 2; } use(x);", "2"},
		{"goto", "int x = 1; if (a) goto out; x = 2; out: use(x);", "1, 2"},
		{"a call that does not return", "int x = 1; if (a) { x = 2; exit(1); } use(x);", "1"},
		{"a build may lack the last", "int x = 1;\n#ifdef A\nx = 2;\n#endif\nuse(x);", "1, 2"},
		{"read where the last is built", "int x = 1;\n#ifdef A\nx = 2;\n#endif\n#ifdef A\nuse(x);\n#endif\n", "2"},
		{"one arm of #if in every build", "int x = 1;\n#ifdef A\nx = 2;\n#else\nx = 3;\n#endif\nuse(x);", "2"},
		{"an #else within an #ifdef", "int x = 1;\n#ifdef A\n#ifdef B\nx = 2;\n#else\nx = 3;\n#endif\n#endif\nuse(x);", "1, 2"},
		{"an if that a build lacks", "int x = 1;\n#ifdef A\nif (a)\nx = 2;\nelse\n#endif\nx = 3;\nuse(x);", "2, 3"},
		{"an else that a build lacks", "int x = 1;\nif (a)\nx = 2;\n#ifdef A\nelse\nx = 3;\n#endif\nuse(x);", "1, 2, 3"},
		{"an #ifdef around both", "int x;\n#ifdef A\nx = 2;\nuse(x);\n#endif\n", "2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := programtest.Load(t, "struct s { int m, n; }; int glob;\nvoid f(int a, int b)\n{\n"+tt.body+"\n}\n")
			fi, x := p.Arg("use")
			defs, entry := defuse.Reaching(fi, fi.NodeOf(x), x.Pos, value.PathOf(x))
			var got []string
			for _, d := range defs {
				s := programtest.Text(fi.File.Tree(), d.Expr) + d.Suffix
				switch d.Kind {
				case defuse.DefZero:
					s = "zero"
				case defuse.DefUnset:
					s = "unset"
				case defuse.DefOut:
					s = fmt.Sprintf("%s %d", s, d.Arg)
				}
				got = append(got, s)
			}
			if entry {
				got = append(got, "entry")
			}
			slices.Sort(got)
			if s := strings.Join(got, ", "); s != tt.want {
				t.Errorf("%q, want %q", s, tt.want)
			}
		})
	}
}

// TestFactsAt holds what the branches on the way to use() say about k.
func TestFactsAt(t *testing.T) {
	for _, tt := range []struct {
		name, body   string
		may, mustNot string // constants that k can and cannot be
	}{
		{"nothing", "use(1);", "KIND_A KIND_B", ""},
		{"an arm", "if (k == KIND_A) use(1);", "KIND_A", "KIND_B"},
		{"the other arm", "if (k == KIND_A) x(); else use(1);", "KIND_B", "KIND_A"},
		{"not equal", "if (k != KIND_A) use(1);", "KIND_B", "KIND_A"},
		{"behind the join", "if (k == KIND_A) x(); use(1);", "KIND_A KIND_B", ""},
		{"the arm leaves", "if (k == KIND_A) return; use(1);", "KIND_B", "KIND_A"},
		{"&&", "if (k == KIND_A && b) use(1);", "KIND_A", "KIND_B"},
		{"||", "if (k == KIND_A || k == KIND_B) use(1);", "KIND_A KIND_B", "KIND_C"},
		{"in the condition", "if (k == KIND_A && use(1)) x();", "KIND_A", "KIND_B"},
		{"in the condition, ||", "if (k == KIND_A || use(1)) x();", "KIND_B", "KIND_A"},
		{"a choice", "x(k == KIND_A ? use(1) : 0);", "KIND_A", "KIND_B"},
		{"set in between", "if (k == KIND_A) { k = b; use(1); }", "KIND_A KIND_B", ""},
		{"a case", "switch (k) { case KIND_A: x(); break; case KIND_B: use(1); }", "KIND_B", "KIND_A"},
		{"two labels", "switch (k) { case KIND_A: case KIND_B: use(1); }", "KIND_A KIND_B", "KIND_C"},
		{"default", "switch (k) { case KIND_A: x(); break; default: use(1); }", "KIND_B", "KIND_A"},
		{"assert", "assert(k == KIND_A); use(1);", "KIND_A", "KIND_B"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := programtest.Load(t, "void f(int k, int b)\n{\n"+tt.body+"\n}\n")
			c := p.Calls("use")[0]
			fact := defuse.FactsAt(c.In, c.Expr, "k")
			can := func(name string) bool {
				return (fact.Allowed == nil || fact.Allowed.Has(name)) && !fact.Excluded.Has(name)
			}
			for _, name := range strings.Fields(tt.may) {
				if !can(name) {
					t.Errorf("k cannot be %s: %+v", name, *fact)
				}
			}
			for _, name := range strings.Fields(tt.mustNot) {
				if can(name) {
					t.Errorf("k can be %s: %+v", name, *fact)
				}
			}
		})
	}
}

// TestFailed holds where fd is known to be what a call returned that failed.
func TestFailed(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       bool
	}{
		{"no condition", "fd = made(); use(fd);", false},
		{"failed", "fd = made(); if (fd < 0) use(fd);", true},
		{"in the condition", "if ((fd = made()) < 0) use(fd);", true},
		{"the other arm", "if ((fd = made()) < 0) x(); else use(fd);", false},
		{"behind the join", "if ((fd = made()) < 0) x(); use(fd);", false},
		{"not at least 0", "if (!((fd = made()) >= 0)) use(fd);", true},
		{"-1", "fd = made(); if (fd == -1) use(fd);", true},
		{"a name", "fd = made(); if (fd == INVALID_SOCKET) use(fd);", true},
		{"not -1", "fd = made(); if (fd != -1) use(fd);", false},
		{"at most 0", "fd = made(); if (fd <= 0) use(fd);", false},
		{"a hint", "fd = made(); if (unlikely(fd < 0)) use(fd);", true},
		{"and", "fd = made(); if (a && fd < 0) use(fd);", true},
		{"and, made anew", "if (fd < 0 && (fd = made()) != a) use(fd);", false},
		{"or", "fd = made(); if (a || fd < 0) use(fd);", false},
		{"each of two", "fd = made(); if (fd < 0 || fd == -1) use(fd);", true},
		{"in the same expression", "fd = made(); x(fd < 0 ? use(fd) : 0);", true},
		{"the good arm of a choice", "fd = made(); x(fd < 0 ? 0 : use(fd));", false},
		{"made anew", "fd = made(); if (fd < 0) { fd = made(); use(fd); }", false},
		{"counted up", "fd = made(); if (fd < 0) { fd++; use(fd); }", false},
		{"stored through its address", "fd = made(); if (fd < 0) { make(&fd); use(fd); }", false},
		{"two checks", "fd = made(); if (fd < 0) goto out; fd = made(); if (fd < 0) goto out; return; out: use(fd);", true},
		{"one way without", "fd = made(); if (a) goto out; if (fd < 0) goto out; return; out: use(fd);", false},
		{"round a loop", "for (;;) { if (fd < 0) use(fd); fd = made(); }", true},
		{"a member", "s->fd = made(); if (s->fd < 0) use(s->fd);", true},
		{"a member behind a call", "s->fd = made(); if (s->fd < 0) { again(s); use(s->fd); }", false},
		{"the object changes", "s->fd = made(); if (s->fd < 0) { s = s->next; use(s->fd); }", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := programtest.Load(t, "struct s { int fd; struct s *next; };\nvoid f(int fd, int a, struct s *s)\n{\n"+tt.body+"\n}\n")
			c := p.Calls("use")[0]
			if got := defuse.Failed(c.In, c.Expr.Args[0]); got != tt.want {
				t.Errorf("%v", got)
			}
		})
	}
}

// TestReachedNodes holds which uses of fd see the value that made() gave it.
func TestReachedNodes(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"a line", "int fd = made(); a(fd); b(fd);", "a b"},
		{"before it", "int fd; a(fd); fd = made(); b(fd);", "b"},
		{"overwritten", "int fd = made(); a(fd); fd = 1; b(fd);", "a"},
		{"overwritten on one way", "int fd = made(); if (x) fd = 1; b(fd);", "b"},
		{"in the condition", "int fd; if ((fd = made()) < 0) a(fd); else b(fd);", "a b"},
		{"round the loop", "int fd = -1; for (;;) { a(fd); fd = made(); b(fd); }", "a b"},
		{"a new one each time", "int fd; for (;;) { fd = made(); a(fd); fd = -1; } b(fd);", "a"},
		{"used while overwritten", "int fd = made(); fd = a(fd); b(fd);", "a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := programtest.Load(t, "void f(int x)\n{\n"+tt.body+"\n}\n")
			made := p.Calls("made")[0]
			fi := made.In
			var fd *parse.Decl
			for _, l := range fi.Locals {
				if l.Decl.Name == "fd" {
					fd = l.Decl
				}
			}
			parts := defuse.ReachedNodes(fi, fd, made.Expr)
			var got []string
			for _, c := range fi.Calls {
				if len(c.Args) == 1 && parts[fi.NodeOf(c).ID].Covers(c.Args[0], made.Expr) {
					got = append(got, c.Callee())
				}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("%q, want %q", s, tt.want)
			}
		})
	}
}

func TestComesAfter(t *testing.T) {
	for body, want := range map[string]bool{
		"a(); b();":                     true,
		"b(); a();":                     false,
		"if (x) a(); else b();":         false,
		"while (x) { b(); a(); }":       true,
		"if (x) { a(); return; } b();":  false,
		"g(a(), b());":                  true,
		"g(b(), a());":                  false,
		"if (x) goto l; a(); l: b();":   true,
		"if (x) { a(); exit(1); } b();": false,
	} {
		p := programtest.Load(t, "void f(int x)\n{\n"+body+"\n}\n")
		a, b := p.Calls("a")[0], p.Calls("b")[0]
		if got := defuse.CanFollow(a.In, a.Expr, b.Expr); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
}

// TestUnchangedBetween asks about x between a() and b().
func TestUnchangedBetween(t *testing.T) {
	for body, want := range map[string]bool{
		"a(); b();":                             true,
		"a(); x = 1; b();":                      false,
		"a(); if (y) x = 1; b();":               true,
		"a(); get(&x); b();":                    false,
		"a(); y = 1; b();":                      true,
		"a(); if (y) x = 1; else x |= 2; b();":  false,
		"a(); x++; b();":                        false,
		"a(); while (y) { x = 1; break; } b();": true,
		"a(); if (y) { x = 1; return; } b();":   true,
		"if (y) { a(); x = 1; } else { b(); }":  false,
	} {
		p := programtest.Load(t, "void f(int x, int y)\n{\n"+body+"\n}\n")
		a, b := p.Calls("a")[0], p.Calls("b")[0]
		if got := defuse.UnchangedBetween(a.In, a.In.NodeOf(a.Expr), a.In.NodeOf(b.Expr), "x"); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
}

// TestElementStores holds which assignments gave the element that use() reads; "?" for what
// cannot be told.
func TestElementStores(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"the last of two", "v[0] = 1; v[0] = 2; use(v[0]);", "2"},
		{"another element by number", "v[0] = 1; v[1] = 2; use(v[0]);", "1"},
		{"maybe the same element", "v[a] = 1; v[b] = 2; use(v[a]);", "?"},
		{"two arms", "if (a) v[1] = 1; else v[1] = 2; use(v[1]);", "1, 2"},
		{"one arm", "if (a) v[1] = 1; use(v[1]);", "?"},
		{"a changed index", "v[a] = 1; a++; use(v[a]);", "?"},
		{"a changed index, then stored", "v[a] = 1; a++; v[a] = 2; use(v[a]);", "2"},
		{"a member of an element", "s[a].m = 1; s[a].n = 2; use(s[a].m);", "1"},
		{"the same member of another object", "s[a].m = 1; p->m = 2; use(s[a].m);", "?"},
		{"through a pointer", "v[a] = 1; *q = 2; use(v[a]);", "?"},
		{"an output", "v[a] = 1; get(&v[a]); use(v[a]);", "?"},
		{"a function that may store to a global", "v[a] = 1; get(0); use(v[a]);", "?"},
		{"a function that sees no local", "int w[2]; w[a] = 1; get(0); use(w[a]);", "1"},
		{"a function that gets the array", "int w[2]; w[a] = 1; get(w); use(w[a]);", "?"},
		{"a function of the library", "v[a] = 1; close(0); use(v[a]);", "1"},
		{"no element", "glob = 1; use(glob);", "?"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := programtest.Load(t, "struct s { int m, n; }; int glob, v[4]; struct s s[4];\nvoid f(int a, int b, struct s *p, int *q)\n{\n"+tt.body+"\n}\n")
			fi, x := p.Arg("use")
			for x.Kind == parse.XIndex {
				x = x.X
			}
			stores, ok := defuse.ElementStores(fi, x)
			var got []string
			for _, s := range stores {
				got = append(got, programtest.Text(fi.File.Tree(), s.Y))
			}
			slices.Sort(got)
			if !ok {
				got = []string{"?"}
			}
			if s := strings.Join(got, ", "); s != tt.want {
				t.Errorf("%q, want %q", s, tt.want)
			}
		})
	}
}

// TestKeptAtExit holds whether what the assignment of make() stores is still there when the function
// ends, and which calls come while it is.
func TestKeptAtExit(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"nothing else is stored", "glob = make(); use(1);", "kept: use"},
		{"stored anew", "glob = make(); use(1); glob = -1; later();", "use"},
		{"closed", "glob = make(); use(1); close(glob); later();", "use close"},
		{"on one way only", "glob = make(); if (a) glob = -1;", "kept: "},
		{"a failure holds nothing", "if ((glob = make()) < 0) return; use(1); glob = -1;", "use"},
		{"the program ends", "glob = make(); if (a) exit(1); glob = -1;", "exit"},
		{"a member", "o.m = make(); use(1); o.m = 0;", "use"},
		{"behind another pointer", "p->m = make(); p = q; p->m = -1;", "kept: "},
		{"an element", "v[1] = make(); use(1); v[1] = -1;", "use"},
		{"another element", "v[1] = make(); v[0] = -1;", "kept: "},
		{"an index that changes", "v[a] = make(); a++; v[a] = -1;", "kept: "},
		{"another element's failure", "v[1] = make(); if (v[0] < 0) return; v[1] = -1;", "kept: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := programtest.Load(t, "struct s { int m; } o; int glob, v[4];\nvoid f(int a, struct s *p, struct s *q)\n{\n"+tt.body+"\n}\n")
			made := p.Calls("make")[0]
			fi, put := made.In, made.Expr.Up.X
			end := put.Up.End
			if put.Kind == parse.XIndex {
				put = put.X
			}
			calls, kept := defuse.KeptAtExit(fi, put, end)
			var names []string
			for _, c := range calls {
				names = append(names, c.Callee())
			}
			got := strings.Join(names, " ")
			if kept {
				got = "kept: " + got
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
