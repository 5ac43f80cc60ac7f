package proof

import (
	"strings"
	"testing"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/noreturn"
	"github.com/keepatch/keepatch/rewrite/style"
)

// TestLive puts a block where BLOCK; stands in a function and holds what is said of
// the ways to it. fd = accept(l, 0, 0) makes the descriptor.
func TestLive(t *testing.T) {
	const made = "fd = accept(l, 0, 0); "
	tests := []struct {
		name, body, want string // want is the beginning of the breach, "" for none
		test             bool   // the block tests the descriptor itself
	}{
		{"behind the check", made + "if (fd < 0) return; BLOCK; serve(fd);", "", false},
		{"behind the check that goes on", made + "if (fd < 0) perror(0); BLOCK; serve(fd);", "live: on some way to the block the call has failed", false},
		{"behind an assertion", made + "if (fd < 0) perror(0); assert(fd >= 0); BLOCK; serve(fd);", "", false},
		{"behind an assertion that compares by its name", made + "assert_int_not_equal(fd, -1); BLOCK; serve(fd);", "", false},
		{"behind another assertion", made + "if (fd < 0) perror(0); assert(x >= 0); BLOCK; serve(fd);", "live: on some way to the block the call has failed", false},
		{"the same, tested", made + "if (fd < 0) perror(0); BLOCK; serve(fd);", "", true},
		{"behind close", made + "if (fd < 0) return; close(fd); BLOCK;", "live: on some way to the block the descriptor is closed", false},
		{"behind close on one way", made + "if (fd < 0) return; if (x) close(fd); BLOCK;", "live: on some way to the block the descriptor is closed", false},
		{"the closing way leaves", made + "if (fd < 0) return; if (x) { close(fd); return; } BLOCK; serve(fd);", "", false},
		{"behind read", made + "if (fd < 0) return; read(fd, b, 1); BLOCK;", "live: on some way to the block the descriptor has been served", false},
		{"behind an unknown function", made + "if (fd < 0) return; session(fd); BLOCK;", "live: on some way to the block the descriptor has been served", false},
		{"behind options", made + "if (fd < 0) return; fcntl(fd, 4, 0); set_nodelay(fd); BLOCK; serve(fd);", "", false},
		{"behind fork", made + "if (fd < 0) return; if (fork() == 0) { serve(fd); } BLOCK;", "live: on some way to the block the descriptor has been served", false},
		{"in the child alone", made + "if (fd < 0) return; if (x) { BLOCK; serve(fd); } else { serve(fd); }", "once: on some way the socket is used without the block", false},
		{"in one arm, turned away in the other", made + "if (fd < 0) return; if (x) { close(fd); } else { BLOCK; serve(fd); }", "", false},
		{"a new socket in each round", "for (;;) { " + made + "if (fd < 0) continue; BLOCK; serve(fd); close(fd); }", "", false},
		{"the same socket in each round", "for (;;) { if (fd == -1 && (fd = accept(l, 0, 0)) == -1) return; BLOCK; if (connect(fd, a, n) == 0) break; }", "once: in a loop the block would run again", false},
		{"a new one after close", "for (;;) { if (fd == -1 && (fd = accept(l, 0, 0)) == -1) return; BLOCK; if (connect(fd, a, n) == 0) break; close(fd); fd = -1; }", "", false},
		{"goto back", "again: if (fd < 0) " + made + "if (fd < 0) return; BLOCK; if (connect(fd, a, n)) goto again;", "once: in a loop the block would run again", false},
		{"a close that is undone by a new value", made + "if (fd < 0) return; close(fd); fd = open(0, 0); BLOCK;", "", false},
		{"a number instead", made + "if (fd < 0 && x) fd = 0; if (fd < 0) return; BLOCK; serve(fd);", "live: on some way to the block the descriptor's name holds", false},
		{"no descriptor instead", made + "if (fd < 0 && x) fd = -1; if (fd < 0) return; BLOCK; serve(fd);", "", false},
		{"before a switch that asks errno", "errno = 0; " + made + "BLOCK; switch (errno) { case 0: serve(fd); }", "errno: it is asked after the block", true},
		{"before a test of errno alone", made + "BLOCK; if (errno == 4) return; serve(fd);", "errno: it is asked after the block", false},
		{"before a function that returns errno", made + "BLOCK; if (sock_errno() == 4) return; serve(fd);", "errno: it is asked after the block", false},
		{"errno of a call that failed", made + "BLOCK; if (fd < 0 && errno == 4) return; serve(fd);", "", true},
		{"errno of a call after the block", made + "if (fd < 0) return; BLOCK; if (connect(fd, a, n) < 0 && errno == 4) return; serve(fd);", "", false},
		{"errno of a call that went well", made + "if (fd < 0) return; BLOCK; if (x) serve(errno);", "", false},
		{"errno that is set again", made + "if (fd < 0) return; BLOCK; errno = 0; if (errno) return; serve(fd);", "", false},
		{"errno of another call in each round", "do { " + made + "if (fd >= 0) { BLOCK; serve(fd); } } while (errno == 4);", "", false},
		{"a test is no use", made + "if (fd < 0) return; ASSERT(fd >= 0); probe(fd >= 0); BLOCK; serve(fd);", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := "void f(int l, int x)\n{\n\tint fd = -1;\n\t" + tt.body + "\n}\n"
			f := parse.New("x.c", []byte(src))
			fn := f.Funcs[0]
			sp, pl := placeOf(t, f, fn, tt.test)
			x := &noreturn.Exits{Program: ctree.NewProgram(nil, nil, nil, nil)}
			got := Live(x, sp, pl).String()
			if tt.want == "" && got != "" || !strings.HasPrefix(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// placeOf finds the call and the statement BLOCK; which it takes out.
func placeOf(t *testing.T, f *parse.File, fn *parse.Func, test bool) (*anchor.Spot, *anchor.Place) {
	finder := &anchor.Finder{Exemplars: &exemplar.Exemplars{}, Styles: &style.Styles{}}
	sp, why := finder.FindSpot(f, fn, strings.Index(string(f.Src), "accept("))
	if why != "" {
		t.Fatal(why)
	}
	var pl *anchor.Place
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for i, m := range s.List {
			if m.Kind != parse.SExpr || m.Expr.Strip().Name != "BLOCK" {
				continue
			}
			pl = &anchor.Place{List: s, Offset: m.Pos, Test: test}
			for p := s.List[0]; p != m; p = ctree.Next(p) {
				pl.After = p
				if p.Kind == parse.SIf {
					pl.Check = p
				}
			}
			s.List = append(s.List[:i:i], s.List[i+1:]...)
		}
		return true
	})
	if pl == nil {
		t.Fatal("no BLOCK")
	}
	return sp, pl
}
