package detect

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/value"
)

// Many callers, stores and wrappers on each other are all seen: the last one makes
// the socket one of TCP.
func TestNothingIsLeftOut(t *testing.T) {
	for _, g := range growing {
		if g.name != "callers" && g.name != "stores" && g.name != "depth" {
			continue
		}
		for _, n := range []int{30, 100, 400} {
			r := judgeTexts(1, map[string]string{"a.c": g.src(n)})
			if len(r.Sites) != 1 || r.Sites[0].Verdict != result.Missing {
				t.Errorf("%s, %d: %+v", g.name, n, r.Sites)
			}
		}
	}
}

// What a limit leaves out makes the verdict undecided, with the limit as the reason.
func TestLimits(t *testing.T) {
	chain := func(family string, n int) string {
		var b strings.Builder
		b.WriteString("int level0(int family)\n{\n\treturn socket(family, SOCK_STREAM, 0);\n}\n")
		for i := range n {
			fmt.Fprintf(&b, "int level%d(int family)\n{\n\tint fd = level%d(family);\n\tif (fd < 0)\n\t\treturn -1;\n\treturn fd;\n}\n", i+1, i)
		}
		fmt.Fprintf(&b, "void user(struct sockaddr *sa)\n{\n\tint fd = level%d(%s);\n\tconnect(fd, sa, sizeof *sa);\n}\n", n, family)
		return b.String()
	}
	returns := func(n int) string { // the family comes up through n calls
		var b strings.Builder
		b.WriteString("int family0(int f)\n{\n\treturn f;\n}\n")
		for i := range n {
			fmt.Fprintf(&b, "int family%d(int f)\n{\n\treturn family%d(f);\n}\n", i+1, i)
		}
		fmt.Fprintf(&b, "void user(struct sockaddr *sa)\n{\n\tint fd = socket(family%d(AF_UNIX), SOCK_STREAM, 0);\n\tconnect(fd, sa, sizeof *sa);\n}\n", n)
		return b.String()
	}
	ways := func(n int) string { // only the last way sets the option
		var b strings.Builder
		b.WriteString("static void tune(int fd, int on)\n{\n\tif (on == 7)\n\t\tsetsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);\n}\n")
		b.WriteString("void user(struct sockaddr *sa)\n{\n\tint fd = socket(AF_INET, SOCK_STREAM, 0);\n\tconnect(fd, sa, sizeof *sa);\n")
		for i := range n {
			v := 0
			if i == n-1 {
				v = 7
			}
			fmt.Fprintf(&b, "\ttune(fd, %d);\n", v)
		}
		b.WriteString("}\n")
		return b.String()
	}
	copied := func(n int) string { // the same, of a copy of the parameter
		return strings.Replace(ways(n), "tune(int fd, int on)\n{\n", "tune(int sock, int on)\n{\n\tint fd = sock;\n\n", 1)
	}
	handedOn := func(set string, n int) string { // the option is set, then the descriptor goes on
		var b strings.Builder
		fmt.Fprintf(&b, "static void last(int fd)\n{\n\tint off = 0;\n\tsetsockopt(fd, SOL_SOCKET, %s, &off, sizeof off);\n}\n", set)
		for i := range n {
			next := "last"
			if i > 0 {
				next = fmt.Sprintf("pass%d", i-1)
			}
			fmt.Fprintf(&b, "static void pass%d(int fd)\n{\n\t%s(fd);\n}\n", i, next)
		}
		fmt.Fprintf(&b, "void user(struct sockaddr *sa)\n{\n\tint on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);\n\tsetsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);\n\tconnect(fd, sa, sizeof *sa);\n\tpass%d(fd);\n}\n", n-1)
		return b.String()
	}
	returned := func(n int) string { // functions return what any of the others does
		var b strings.Builder
		fmt.Fprintf(&b, "int make(void)\n{\n\treturn socket(AF_INET, SOCK_STREAM, 0);\n}\n")
		for i := range n {
			fmt.Fprintf(&b, "int get%d(int k)\n{\n\tswitch (k) {\n", i)
			for k := range n {
				fmt.Fprintf(&b, "\tcase %d:\n\t\treturn get%d(k);\n", k, k)
			}
			b.WriteString("\t}\n\treturn make();\n}\n")
		}
		b.WriteString("void user(struct sockaddr *sa)\n{\n\tconnect(get0(1), sa, sizeof *sa);\n}\n")
		return b.String()
	}
	// Something in the tree turns keepalive on, for whatever socket.
	const other = "void other(int fd)\n{\n\tint on = 1;\n\tsetsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);\n}\n"
	const off = "void rest(int fd)\n{\n\tint off = 0;\n\tsetsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &off, sizeof off);\n}\n"
	const inEachOther = "struct at { int family, other; };\n" +
		"void both(struct at *a, struct at *b)\n{\n\ta->family = b->other;\n\tb->other = a->family;\n\ta->other = AF_UNIX;\n}\n" +
		"void user(struct at *a, struct sockaddr *sa)\n{\n\tint fd = socket(a->family, SOCK_STREAM, 0);\n\tconnect(fd, sa, sizeof *sa);\n}\n"
	for _, test := range []struct {
		name   string
		limit  *int
		to     int
		src    string
		want   result.Verdict // without the limit
		reason string
	}{
		{"states", &value.Bound.States, 5, chain("AF_INET", 20), result.Missing, "too many paths from here to follow"},
		{"steps", &value.Bound.Steps, 10, chain("AF_UNIX", 20), result.NotTCP, "there is too much to follow"},
		{"depth", &value.Bound.Depth, 10, chain("AF_UNIX", 20), result.NotTCP, "values depend on each other too deeply"},
		{"frames", &value.Bound.Frames, 5, returns(20), result.NotTCP, "calls are nested too deep"},
		{"returns", &value.Bound.States, 100, returned(4) + other, result.Missing, "too many paths from here to follow"},
		{"covered", &value.Bound.States, 5, handedOn("SO_SNDBUF", 20) + off, result.Covered, "too many paths from here to follow"},
		{"passes", &value.Bound.Passes, 0, inEachOther, result.NotTCP, "values that depend on each other did not converge"},
		{"ways", &value.Bound.Ways, 40, ways(60), result.Covered, "too many call paths into a function that sets options"},
		{"copies", &value.Bound.Ways, 40, copied(60), result.Covered, "too many call paths into a function that sets options"},
	} {
		t.Run(test.name, func(t *testing.T) {
			verdict := func() *result.Site { return judgeTexts(1, map[string]string{"a.c": test.src}).Sites[0] }
			if s := verdict(); s.Verdict != test.want {
				t.Errorf("without the limit it is %s, want %s: %v", s.Verdict, test.want, s.Evidence)
			}
			defer func(n int) { *test.limit = n }(*test.limit)
			*test.limit = test.to
			if s := verdict(); s.Verdict != result.Undecided || !strings.HasPrefix(s.Fix.Reason, test.reason) {
				t.Errorf("with the limit it is %s (%s), want undecided (%s): %v", s.Verdict, s.Fix.Reason, test.reason, s.Evidence)
			} else if last := s.Evidence[len(s.Evidence)-1]; last.Note != result.IncompleteFrom+test.reason || s.Fix.Reason != fmt.Sprintf("%s (%s:%d)", test.reason, last.File, last.Line) {
				t.Errorf("the reason names no place: %q, %v", s.Fix.Reason, last)
			}
		})
	}
}

// What a limit leaves out changes nothing for a socket that is used, where nothing in the
// tree turns keepalive on.
func TestLimitWithoutSetter(t *testing.T) {
	var b strings.Builder
	for i := range 20 {
		fmt.Fprintf(&b, "static void pass%d(int fd)\n{\n\tpass%d(fd);\n}\n", i+1, i)
	}
	b.WriteString("void user(struct sockaddr *sa, int level, int option, int n)\n{\n\tint fd = socket(AF_INET, SOCK_STREAM, 0);\n\tconnect(fd, sa, sizeof *sa);\n\tpass20(fd);\n}\n")
	defer func(n int) { value.Bound.States = n }(value.Bound.States)
	value.Bound.States = 8
	for _, test := range []struct {
		name, more string
		want       result.Verdict
	}{
		{"nothing", "", result.Missing},
		{"a comment", "/* SO_KEEPALIVE would help */\n", result.Missing},
		{"another option", "void other(int fd, int n)\n{\n\tsetsockopt(fd, SOL_SOCKET, SO_SNDBUF, &n, sizeof n);\n\tsetsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &n, sizeof n);\n}\n", result.Missing},
		{"the option", "void other(int fd, int n)\n{\n\tsetsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &n, sizeof n);\n}\n", result.Undecided},
		{"an option from outside", "void other(int fd, int option, int n)\n{\n\tsetsockopt(fd, SOL_SOCKET, option, &n, sizeof n);\n}\n", result.Undecided},
		{"an option that is a number", "void other(int fd, int n)\n{\n\tsetsockopt(fd, 1, 9, &n, sizeof n);\n}\n", result.Undecided},
		{"a library's setter", "void other(int fd)\n{\n\tlib_set_keepalive(fd, 1);\n}\n", result.Undecided},
		{"a system call", "void other(int fd, int n)\n{\n\tsyscall(SYS_setsockopt, fd, 1, 9, &n, sizeof n);\n}\n", result.Undecided},
		{"an attribute", "#define EXPORT_KEEPALIVE\nEXPORT_KEEPALIVE void other(int fd)\n{\n\tclose(fd);\n}\n", result.Missing},
	} {
		if s := judgeTexts(1, map[string]string{"a.c": b.String() + test.more}).Sites[0]; s.Verdict != test.want {
			t.Errorf("%s: %s, want %s: %v", test.name, s.Verdict, test.want, s.Evidence)
		}
	}
}

// What a limit leaves out changes nothing for a socket that gets the option on every path, where
// nothing in the tree can turn it off again.
func TestLimitWithoutSwitchOff(t *testing.T) {
	var b strings.Builder
	for i := range 20 {
		fmt.Fprintf(&b, "static void pass%d(int fd)\n{\n\tpass%d(fd);\n}\n", i+1, i)
	}
	user := func(cond string) string {
		return "void user(struct sockaddr *sa, int want)\n{\n\tint on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);\n" + cond +
			"\tsetsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);\n\tconnect(fd, sa, sizeof *sa);\n\tpass20(fd);\n}\n"
	}
	defer func(n int) { value.Bound.States = n }(value.Bound.States)
	value.Bound.States = 8
	for _, test := range []struct {
		name, cond, more string
		want             result.Verdict
	}{
		{"nothing", "", "", result.Covered},
		{"a condition", "\tif (want)\n", "", result.Undecided},
		{"a value from outside", "", "void other(int fd, int n)\n{\n\tsetsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &n, sizeof n);\n}\n", result.Undecided},
		{"an option from outside", "", "void other(int fd, int option, int n)\n{\n\tsetsockopt(fd, SOL_SOCKET, option, &n, sizeof n);\n}\n", result.Undecided},
		{"a library's setter", "", "void other(int fd)\n{\n\tlib_set_keepalive(fd, 0);\n}\n", result.Undecided},
		{"one of the tree", "", "static int keepalive_on(int fd)\n{\n\tint one = 1;\n\treturn setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);\n}\n" +
			"void other(int fd)\n{\n\tkeepalive_on(fd);\n}\n", result.Covered},
		{"a system call", "", "void other(int fd, int n)\n{\n\tsyscall(SYS_setsockopt, fd, 1, 9, &n, sizeof n);\n}\n", result.Undecided},
	} {
		if s := judgeTexts(1, map[string]string{"a.c": b.String() + user(test.cond) + test.more}).Sites[0]; s.Verdict != test.want {
			t.Errorf("%s: %s, want %s: %v", test.name, s.Verdict, test.want, s.Evidence)
		}
	}
}

// A listener is not covered by accepted sockets of which that is doubtful, nor an
// accepted socket by a listener.
func TestDoubtIsHandedOn(t *testing.T) {
	var pass strings.Builder
	pass.WriteString("static void pass0(int fd)\n{\n\tsend(fd, 0, 0, 0);\n}\n")
	for i := range 20 {
		fmt.Fprintf(&pass, "static void pass%d(int fd)\n{\n\tpass%d(fd);\n}\n", i+1, i)
	}
	const set = "\tsetsockopt(%s, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);\n"
	serve := func(listener, accepted string) string {
		return pass.String() + "void rest(int fd, int n)\n{\n" + fmt.Sprintf(set, "fd") + "}\n" + "void serve(struct sockaddr *sa)\n{\n\tint on = 1, c, l = socket(AF_INET, SOCK_STREAM, 0);\n" +
			listener + "\tlisten(l, 5);\n\tc = accept(l, 0, 0);\n" + accepted + "}\n"
	}
	for _, test := range []struct{ name, src string }{
		{"accepted", serve("", fmt.Sprintf(set, "c")+"\tpass20(c);\n")},
		{"inherited", serve(fmt.Sprintf(set, "l"), "\tpass20(l);\n")},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, want := range []result.Verdict{result.Covered, result.Undecided} {
				for _, s := range judgeTexts(1, map[string]string{"a.c": test.src}).Sites {
					if s.Verdict != want {
						t.Errorf("%s() is %s, want %s: %v", s.Call, s.Verdict, want, s.Evidence)
					}
				}
				defer func(n int) { value.Bound.States = n }(value.Bound.States)
				value.Bound.States = 8
			}
		})
	}
}
