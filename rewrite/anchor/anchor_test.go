package anchor

import (
	"strings"
	"testing"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/noreturn"
	"github.com/keepatch/keepatch/rewrite/style"
)

// TestFindPlace holds where the block goes: at @, which is taken out. want is "plain" where
// the descriptor is good there, "test" where the block has to look, "braces" where a
// statement gets braces, "else" where the chain in front gets an else, or the reason why there is no place. The variable that takes
// the descriptor is fd, or the one in front of the colon of want. A function with two
// heads, one a platform, has its places where the same body with one head has them.
func TestFindPlace(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"a check that leaves", "fd = socket(1, 2, 3);\nif (fd < 0)\n\treturn;\n@use(fd);", "plain"},
		{"the call in the check", "if ((fd = socket(1, 2, 3)) < 0)\n\treturn;\n@use(fd);", "plain"},
		{"== -1", "fd = socket(1, 2, 3);\nif (fd == -1) {\n\tperror(p);\n\treturn;\n}\n@use(fd);", "plain"},
		{"== 0", "fd = socket(1, 2, 3);\nif (fd == 0)\n\treturn;\n@if (connect(fd, x, n) < 0)\n\treturn;", "plain"},
		{"== 0, kept", "fd = socket(1, 2, 3);\nif (!fd)\n\treturn;\n@c->fd = fd;", "test"},
		{"== 0, and the check", "fd = socket(1, 2, 3);\nif (!fd)\n\treturn;\nif (fd < 0)\n\treturn;\n@use(fd);", "plain"},
		{"too many first", "fd = socket(1, 2, 3);\nif (fd >= FD_SETSIZE) {\n\tclose(fd);\n\treturn;\n}\nif (fd < 0)\n\treturn;\n@use(fd);", "plain"},
		{"too many by a count", "fd = accept(1, 2, 3);\nif (n >= 10) {\n\tsend(fd, p, 1, 0);\n\tclose(fd);\n\treturn;\n}\nif (fd > 0) {\n@\tuse(fd);\n}", "plain"},
		{"too many by a count, no check", "fd = accept(1, 2, 3);\n@if (n >= 10) {\n\tclose(fd);\n\treturn;\n}\nuse(fd);", "test"},
		{"too many, no check", "fd = socket(1, 2, 3);\n@if (fd >= FD_SETSIZE)\n\treturn;\nuse(fd);", "test"},
		{"a macro for the branch predictor", "fd = socket(1, 2, 3);\nif (my_slow(fd < 0))\n\treturn;\n@use(fd);", "plain"},
		{"exit()", "fd = socket(1, 2, 3);\nif (fd < 0) {\n\tperror(p);\n\texit(1);\n}\n@use(fd);", "plain"},
		{"a declaration", "int fd = socket(1, 2, 3);\nif (fd < 0)\n\treturn;\n@use(fd);", "plain"},
		{"no check", "fd = socket(1, 2, 3);\n@use(fd);", "test"},
		{"a check that goes on", "fd = socket(1, 2, 3);\nif (fd < 0)\n\tperror(p);\n@use(fd);", "test"},
		{"a success test", "fd = socket(1, 2, 3);\nif (fd >= 0) {\n@\tuse(fd);\n}", "plain"},
		{"a success test without braces", "fd = socket(1, 2, 3);\nif (fd >= 0)\n@\tuse(fd);", "braces"},
		{"the else arm", "if ((fd = socket(1, 2, 3)) < 0) {\n\tperror(p);\n} else {\n@\tuse(fd);\n}", "plain"},
		{"the else arm, a declaration that uses it", "n = 0;\nint fd = socket(1, 2, 3);\nif (fd < 0) {\n\tperror(p);\n} else {\n@\tint r = use(fd);\n\tend(r);\n}", "plain"},
		{"an else that is missing", "fd = accept(1, 2, 3);\nif (fd < 0) {\n\tperror(p);\n} else if (x) {\n\tclose(fd);\n}\n@end();", "else"},
		{"a missing else, used in the chain", "fd = socket(1, 2, 3);\n@if (fd < 0) {\n\tperror(p);\n} else if (connect(fd, x, n) < 0) {\n\tclose(fd);\n}\nend();", "test"},
		{"a missing else, another arm keeps it", "fd = accept(1, 2, 3);\n@if (fd < 0) {\n\tperror(p);\n} else if (x) {\n\tn++;\n}\nend();", "test"},
		{"in a loop, continue", "while (x) {\n\tfd = socket(1, 2, 3);\n\tif (fd < 0)\n\t\tcontinue;\n@\tuse(fd);\n}", "plain"},
		{"in the loop's condition", "while ((fd = accept(1, 2, 3)) >= 0) {\n@\tuse(fd);\n}", "plain"},
		{"retry on EINTR", "do {\n\tfd = accept(1, 2, 3);\n} while (fd < 0 && errno == EINTR);\nif (fd < 0)\n\treturn;\n@use(fd);", "plain"},
		{"retry until it works", "while ((fd = socket(1, 2, 3)) < 0)\n\tsleep(1);\n@use(fd);", "plain"},
		{"a goto", "fd = socket(1, 2, 3);\nif (fd < 0)\n\tgoto out;\n@use(fd);\nout:\nend();", "plain"},
		{"a member", "c->fd = socket(1, 2, 3);\nif (c->fd < 0)\n\treturn;\n@use(c->fd);", "c->fd: plain"},
		{"two names: the one that is tested", "c->fd = fd = socket(1, 2, 3);\nif (fd < 0)\n\treturn;\n@use(fd);", "plain"},
		{"two names: a variable before a member", "fd = c->fd = socket(1, 2, 3);\nif (fd < 0)\n\treturn;\n@use(fd);", "plain"},
		{"retry until it works, do", "do\n\tfd = socket(1, 2, 3);\nwhile (fd < 0);\n@use(fd);", "plain"},
		{"a condition that says more", "fd = socket(1, 2, 3);\nif (fd < 0 || x)\n\treturn;\n@use(fd);", "plain"},
		{"between call and check", "fd = socket(1, 2, 3);\nn++;\nif (fd < 0)\n\treturn;\n@use(fd);", "plain"},
		{"a check by a macro", "fd = socket(1, 2, 3);\nassert(fd >= 0);\n@use(fd);", "plain"},
		{"an assertion that compares by its name", "fd = socket(1, 2, 3);\nassert_int_not_equal(fd, -1);\n@use(fd);", "plain"},
		{"an assertion of the least value", "fd = socket(1, 2, 3);\nck_assert_int_ge(fd, 0);\n@use(fd);", "plain"},
		{"an assertion with the value first", "fd = socket(1, 2, 3);\nTEST_ASSERT_NOT_EQUAL(-1, fd);\n@use(fd);", "plain"},
		{"an assertion that it fails", "fd = socket(1, 2, 3);\n@assert_int_equal(fd, -1);\nuse(fd);", "test"},
		{"== 1", "fd = socket(1, 2, 3);\nif (fd == 1)\n\treturn;\n@if (connect(fd, x, n) < 0)\n\treturn;", "plain"},
		{"INVALID_SOCKET", "fd = socket(1, 2, 3);\nif (fd == INVALID_SOCKET)\n\treturn;\n@use(fd);", "plain"},
		{"a check inside an #if", "fd = socket(1, 2, 3);\n#ifdef A\nif (fd < 0)\n\treturn;\n#endif\n@use(fd);", "test"},
		{"a check around an #if", "if ((fd = socket(1, 2, 3)) < 0) {\n\tperror(p);\n} else {\n#ifdef A\n\tint o = 1;\n\tset(o);\n#endif\n@\tuse(fd);\n}", "plain"},
		{"the arms of an #if, one check", "#ifdef A\nfd = accept4(1, 2, 3, 4);\n#else\nfd = accept(1, 2, 3);\n#endif\nif (fd < 0)\n\treturn;\n@use(fd);", "plain"},
		{"the arms of an #if, no check", "#ifdef A\nfd = accept4(1, 2, 3, 4);\n#else\nfd = accept(1, 2, 3);\n@#endif\nuse(fd);", "test"},
		{"returned at once", "return socket(1, 2, 3);", "none: the call's result is returned at once; no variable holds the descriptor"},
		{"an argument", "use(socket(1, 2, 3));", "none: the call's result is an argument; no variable holds the descriptor"},
		{"thrown away", "socket(1, 2, 3);", "none: the call's result is discarded"},
		{"a step", "fds[n++] = socket(1, 2, 3);\n@use(fds);", "fds[n - 1]: test"},
		{"side effects", "fds[n += 2] = socket(1, 2, 3);", "none: the descriptor goes into an expression with side effects"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, head := range []string{"void f(struct c *c, int x)", "#ifdef H\nvoid f(struct c *c, int x, int y)\n#else\nvoid f(struct c *c, int x)\n#endif"} {
				src := head + "\n{\n\tint fd, n;\n\n\t" + strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(tt.body, "\n", "\n\t"), "\t@", "@\t"), "\t#", "#") + "\n}\n"
				at := strings.IndexByte(src, '@')
				got, line := placeIn(strings.Replace(src, "@", "", 1))
				if got != tt.want {
					t.Errorf("%q, want %q", got, tt.want)
				}
				if want := strings.Count(src[:max(at, 0)], "\n"); line >= 0 && line != want {
					t.Errorf("line %d, want %d of\n%s", line+1, want+1, src)
				}
			}
		})
	}
}

// placeIn is what FindPlace says of the first call in a text, in the words of TestFindPlace,
// and the line of the place, from 0 on, -1 where there is none.
func placeIn(src string) (string, int) {
	call := "socket("
	if !strings.Contains(src, call) {
		call = "accept("
	}
	_, sp, pl, why := spotIn(src, call)
	if why != "" {
		return "none: " + why, -1
	}
	got := "plain"
	switch {
	case pl.Braces != nil:
		got = "braces"
	case pl.Else != nil:
		got = "else"
	case pl.Test:
		got = "test"
	}
	if sp.FD != "fd" {
		got = sp.FD + ": " + got
	}
	return got, strings.Count(src[:pl.Offset], "\n")
}

// spotIn finds the first of a call in a text, in the selection of #if branches that has it.
func spotIn(src, call string) (p *Finder, sp *Spot, pl *Place, why string) {
	f := parse.New("x.c", []byte(src))
	x := &noreturn.Exits{Program: ctree.NewProgram(nil, nil, nil, nil)}
	p = &Finder{Exemplars: exemplar.NewExemplars(x), Styles: style.NewStyles(x.Program)}
	off := strings.Index(src, call)
	for _, fn := range f.FuncsAt(off) {
		if sp, why = p.FindSpot(f, fn, off); why == "" {
			pl, why = p.FindPlace(sp)
			break
		}
	}
	return p, sp, pl, why
}

// TestAfterArms holds where the arms of an #if get one block behind the #endif: "plain" or
// "test" as in TestFindPlace, or "none".
func TestAfterArms(t *testing.T) {
	const checked = " if (fd < 0) return;"
	for _, tt := range []struct{ name, one, other, want string }{
		{"both leave", "fd = accept4(1, 2, 3, 4);" + checked, "fd = accept(1, 2, 3);" + checked, "plain"},
		{"none tests", "fd = accept4(1, 2, 3, 4);", "fd = accept(1, 2, 3);", "test"},
		{"one tests", "fd = accept4(1, 2, 3, 4);", "fd = accept(1, 2, 3);" + checked, "test"},
		{"options on the way", "fd = accept4(1, 2, 3, 4);" + checked, "fd = accept(1, 2, 3);" + checked + "\n\tfcntl(fd, F_SETFD, 1);", "plain"},
		{"used on the way", "fd = accept4(1, 2, 3, 4);" + checked + "\n\tuse(fd);", "fd = accept(1, 2, 3);" + checked, "none"},
		{"no socket in one", "fd = 0;", "fd = accept(1, 2, 3);" + checked, "none"},
		{"another name in one", "c->fd = accept4(1, 2, 3, 4);" + checked, "fd = accept(1, 2, 3);" + checked, "none"},
		{"both leave, two heads", "fd = accept4(1, 2, 3, 4);" + checked, "fd = accept(1, 2, 3);" + checked, "plain"},
		{"one leaves for good", "fd = accept4(1, 2, 3, 4); use(fd); return;", "fd = accept(1, 2, 3);" + checked, "none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			head := "void f(struct c *c)"
			if strings.Contains(tt.name, "two heads") {
				head = "#ifdef A\nvoid f(struct c *c, int x)\n#else\n" + head + "\n#endif"
			}
			src := head + "\n{\n\tint fd;\n#ifdef A\n\t" + tt.one + "\n#else\n\t" + tt.other + "\n#endif\n\tserve(fd);\n}\n"
			p, sp, pl, why := spotIn(src, "accept(")
			if why != "" {
				t.Fatal(why)
			}
			got := "none"
			if at := p.AfterArms(sp, pl); at != nil {
				if got = "plain"; at.Test {
					got = "test"
				}
				if !strings.HasPrefix(src[at.Offset:], "\tserve(fd);") {
					t.Errorf("in front of %q", src[at.Offset:])
				}
			}
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}
