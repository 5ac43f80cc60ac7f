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
// statement gets braces, or the reason why there is no place. The variable that takes
// the descriptor is fd, or the one in front of the colon of want.
func TestFindPlace(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"a check that leaves", "fd = socket(1, 2, 3);\nif (fd < 0)\n\treturn;\n@use(fd);", "plain"},
		{"the call in the check", "if ((fd = socket(1, 2, 3)) < 0)\n\treturn;\n@use(fd);", "plain"},
		{"== -1", "fd = socket(1, 2, 3);\nif (fd == -1) {\n\tperror(p);\n\treturn;\n}\n@use(fd);", "plain"},
		{"exit()", "fd = socket(1, 2, 3);\nif (fd < 0) {\n\tperror(p);\n\texit(1);\n}\n@use(fd);", "plain"},
		{"a declaration", "int fd = socket(1, 2, 3);\nif (fd < 0)\n\treturn;\n@use(fd);", "plain"},
		{"no check", "fd = socket(1, 2, 3);\n@use(fd);", "test"},
		{"a check that goes on", "fd = socket(1, 2, 3);\nif (fd < 0)\n\tperror(p);\n@use(fd);", "test"},
		{"a success test", "fd = socket(1, 2, 3);\nif (fd >= 0) {\n@\tuse(fd);\n}", "plain"},
		{"a success test without braces", "fd = socket(1, 2, 3);\nif (fd >= 0)\n@\tuse(fd);", "braces"},
		{"the else arm", "if ((fd = socket(1, 2, 3)) < 0) {\n\tperror(p);\n} else {\n@\tuse(fd);\n}", "plain"},
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
		{"INVALID_SOCKET", "fd = socket(1, 2, 3);\nif (fd == INVALID_SOCKET)\n\treturn;\n@use(fd);", "plain"},
		{"returned at once", "return socket(1, 2, 3);", "none: the call's result is returned at once; no variable holds the descriptor"},
		{"an argument", "use(socket(1, 2, 3));", "none: the call's result is an argument; no variable holds the descriptor"},
		{"thrown away", "socket(1, 2, 3);", "none: the call's result is discarded"},
		{"a step", "fds[n++] = socket(1, 2, 3);\n@use(fds);", "fds[n - 1]: test"},
		{"side effects", "fds[n += 2] = socket(1, 2, 3);", "none: the descriptor goes into an expression with side effects"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := "void f(struct c *c, int x)\n{\n\tint fd, n;\n\n\t" + strings.ReplaceAll(strings.ReplaceAll(tt.body, "\n", "\n\t"), "\t@", "@\t") + "\n}\n"
			at := strings.IndexByte(src, '@')
			src = strings.Replace(src, "@", "", 1)
			f := parse.New("x.c", []byte(src))
			x := &noreturn.Exits{Program: ctree.NewProgram(nil, nil, nil, nil)}
			p := &Finder{Exemplars: exemplar.NewExemplars(x), Styles: style.NewStyles(x.Program)}
			off := strings.Index(src, "socket(")
			if off < 0 {
				off = strings.Index(src, "accept(")
			}
			sp, why := p.FindSpot(f, f.Funcs[0], off)
			var pl *Place
			if why == "" {
				pl, why = p.FindPlace(sp)
			}
			got := "plain"
			switch {
			case why != "":
				got = "none: " + why
			case pl.Braces != nil:
				got = "braces"
			case pl.Test:
				got = "test"
			}
			if why == "" && sp.FD != "fd" {
				got = sp.FD + ": " + got
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if pl == nil {
				return
			}
			l := f.Lines()
			if l.Line(pl.Offset) != l.Line(at) {
				t.Errorf("line %d, want %d of\n%s", l.Line(pl.Offset), l.Line(at), src)
			}
		})
	}
}
