package noreturn

import (
	"fmt"
	"testing"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// inFunc parses statements as the body of a function.
func inFunc(t *testing.T, body string) (*parse.File, *parse.Func) {
	t.Helper()
	f := parse.New("t.c", []byte("int f(int fd, struct conn *c)\n{\n"+body+"\n}\n"))
	if len(f.Funcs) != 1 {
		t.Fatalf("%d functions in %s", len(f.Funcs), body)
	}
	return f, f.Funcs[0]
}

func (s State) String() string { return [...]string{"unknown", "valid", "invalid"}[s] }

func TestImplied(t *testing.T) {
	for cond, want := range map[string]string{
		"fd < 0":                            "invalid valid",
		"fd <= 0":                           "invalid valid",
		"0 > fd":                            "invalid valid",
		"-1 == fd":                          "invalid valid",
		"fd == INVALID_SOCKET":              "invalid valid",
		"fd != -1":                          "valid invalid",
		"fd > -1":                           "valid invalid",
		"fd >= 0":                           "valid invalid",
		"(fd = socket(a, b, c)) < 0":        "invalid valid",
		"(fd = (int)accept(a, b, c)) == -1": "invalid valid",
		"!(fd < 0)":                         "valid invalid",
		"unlikely(fd < 0)":                  "invalid valid",
		"__builtin_expect(fd < 0, 0)":       "invalid valid",
		"!SOCKET_OK(fd)":                    "invalid valid",
		"socket_defined(fd)":                "valid invalid",
		"IS_INVALID(fd)":                    "invalid valid",
		"fd < 0 || n > 3":                   "unknown valid",
		"fd < 0 && errno == EINTR":          "invalid unknown",
		"fd >= 0 && ready":                  "valid unknown",
		"(fd = socket(a, b, c), fd < 0)":    "invalid valid",
		"fd == other":                       "unknown unknown",
		"fd == 0":                           "unknown unknown",
		"n < 0":                             "unknown unknown",
		"c->fd < 0":                         "unknown unknown",
	} {
		f, fn := inFunc(t, "\tif ("+cond+") return 1;")
		k := Implied(f, fn.Body().List[0].Expr, "fd")
		if got := fmt.Sprint(k.Yes, " ", k.No); got != want {
			t.Errorf("%s: %s, want %s", cond, got, want)
		}
	}
}

// TestAsserts holds after which calls the descriptor is good.
func TestAsserts(t *testing.T) {
	for call, want := range map[string]bool{
		"assert(fd >= 0)":                             true,
		"assert_true(fd != -1)":                       true,
		"assert_int_not_equal(fd, -1)":                true,
		"ck_assert_int_ge(fd, 0)":                     true,
		"TEST_ASSERT_NOT_EQUAL(-1, fd)":               true,
		"TEST_ASSERT_GREATER_THAN(-1, fd)":            true,
		"assert_return_code(fd, errno)":               true,
		"g_assert_cmpint(fd, >=, 0)":                  true,
		"g_assert_cmpint(fd, >, 0)":                   true,
		"g_assert_cmpint(fd, ==, 0)":                  false,
		"g_assert_cmpint(n, >=, 0)":                   false,
		"assert_int_equal(fd, -1)":                    false,
		"assert_int_not_equal(fd, 0)":                 false,
		"assert_int_not_equal(n, -1)":                 false,
		"compare_not_equal(fd, -1)":                   false,
		"TEST_ASSERT_GREATER_OR_EQUAL_INT(-1, fd)":    false,
		"assert_int_not_equal(connect(fd, a, n), -1)": false,
	} {
		f, fn := inFunc(t, "\t"+call+";")
		if got := Asserts(f, fn.Body().List[0].Expr, "fd"); got != want {
			t.Errorf("%s: %v", call, got)
		}
	}
}

func TestLeaves(t *testing.T) {
	x := &Exits{Program: ctree.NewProgram(nil, nil, nil, nil)}
	for body, want := range map[string]bool{
		"return 1;":                                           true,
		"{ perror(\"x\"); exit(1); }":                         true,
		"{ perror(\"x\"); }":                                  false,
		"if (a) return 1; else goto out;":                     true,
		"if (a) return 1;":                                    false,
		"{ if (a) continue; break; }":                         true,
		"switch (a) { case 1: return 0; default: return 1; }": true,
		"switch (a) { case 1: return 0; }":                    false,
		"switch (a) { case 1: break; default: return 1; }":    false,
		"while (1) { pause(); }":                              true,
		"while (1) { if (a) break; }":                         false,
		"for (;;) pause();":                                   true,
		"err(1, \"socket\");":                                 true,
		"error(EXIT_FAILURE, errno, \"socket\");":             true,
		"error(0, errno, \"socket\");":                        false,
		"error(\"socket: %s\", strerror(errno));":             false,
		"event_err(1, \"socket\");":                           true,
		"fatal(\"socket\");":                                  true,
		"atexit(done);":                                       false,
		"log_err(\"socket\");":                                false,
	} {
		f, fn := inFunc(t, "\t"+body)
		if got := x.Leaves(f, fn.Body().List[0]); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
}

// TestWordLeaves holds which macros without arguments leave where they stand as a statement.
func TestWordLeaves(t *testing.T) {
	x := &Exits{Program: ctree.NewProgram(nil, nil, nil, nil)}
	for macro, want := range map[string]bool{
		"#define Fail return -1":         true,
		"#define Fail return":            true,
		"#define Fail goto out":          true,
		"#define Fail continue":          true,
		"#define Fail":                   false,
		"#define Fail failed = 1":        false,
		"#define Fail returned = 1":      false,
		"#define Fail() return -1":       false,
		"#define Failed return -1":       false,
		"#define Fail if (fd) return -1": false,
	} {
		f := parse.New("t.c", []byte(macro+"\nint f(int fd)\n{\n\tif (fd < 0)\n\t\tFail;\n}\n"))
		body := f.FuncsNamed("f")[0].Body().List[0].Body
		if got := x.Leaves(f, body); got != want {
			t.Errorf("%s: %v, want %v", macro, got, want)
		}
	}
}

// TestLastOfCalls holds that a macro whose last call ends the program does so, unless something
// decides whether it is made.
func TestLastOfCalls(t *testing.T) {
	x := &Exits{Program: ctree.NewProgram(nil, nil, nil, nil)}
	for macro, want := range map[string]bool{
		"#define fail(s, a...) NOTE(syslog(1, s); closelog();) exit(1)": true,
		"#define fail(s, a...) NOTE(syslog(1, s)); exit(1);":            true,
		"#define fail(s, a...) NOTE(exit(1)) puts(s)":                   false,
		"#define fail(s, a...) puts(s); if (hard) exit(1)":              false,
		"#define fail(s, a...) puts(s), hard && exit(1)":                false,
	} {
		f := parse.New("t.c", []byte(macro+"\nint f(int fd)\n{\n\tfail(\"x\");\n}\n"))
		if got := x.NeverReturns(f, f.FuncsNamed("f")[0].Body().List[0].Expr.Strip()); got != want {
			t.Errorf("%s: %v, want %v", macro, got, want)
		}
	}
}

// TestEndsForKind holds for which kinds of message a function ends the program.
func TestEndsForKind(t *testing.T) {
	x := &Exits{Program: ctree.NewProgram(nil, nil, nil, nil)}
	const log = "#define ERROR 1\n#define LOG 2\n#define GONE 3\nvoid note(int kind, const char *s, int fd)\n{\n\tputs(s);\n\t%s\n}\n"
	for _, tt := range []struct {
		end, call string
		want      bool
	}{
		{"if (kind == ERROR) exit(1);", `note(ERROR, "socket", 0)`, true},
		{"if (kind == ERROR || kind == GONE) exit(1);", `note(GONE, "socket", 0)`, true},
		{"if (kind == ERROR) { puts(s); exit(1); }", `note(ERROR, "socket", 0)`, true},
		{"if (kind == 1) exit(1);", `note(1, "socket", 0)`, true},
		{"if (kind == ERROR) exit(1);", `note(LOG, "socket", 0)`, false},
		{"if (kind == ERROR) exit(1);", `note(k, "socket", 0)`, false},
		{"if (kind == ERROR) return;", `note(ERROR, "socket", 0)`, false},
		{"if (kind == ERROR && fd) exit(1);", `note(ERROR, "socket", 0)`, false},
		{"if (fd == ERROR) exit(1);", `note(ERROR, "socket", 0)`, false},
		{"kind = fd; if (kind == ERROR) exit(1);", `note(ERROR, "socket", 0)`, false},
	} {
		f := parse.New("t.c", []byte(fmt.Sprintf(log, tt.end)+"int f(int k)\n{\n\t"+tt.call+";\n}\n"))
		x.Funcs = map[string][]*parse.Func{"note": f.FuncsNamed("note")}
		if got := x.NeverReturns(f, f.FuncsNamed("f")[0].Body().List[0].Expr.Strip()); got != tt.want {
			t.Errorf("%s %s: %v, want %v", tt.end, tt.call, got, tt.want)
		}
	}
}

// TestAssumeEndsNothing holds that an if without a branch, at the end of a broken file, ends nothing.
func TestAssumeEndsNothing(t *testing.T) {
	if (&Exits{}).AssumeEnds(nil, nil) {
		t.Error("nothing ends the program")
	}
}
