package rewrite

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/templates"
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

func (s state) String() string { return [...]string{"unknown", "valid", "invalid"}[s] }

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
		k := implied(f, fn.Body().List[0].Expr, "fd")
		if got := fmt.Sprint(k.yes, " ", k.no); got != want {
			t.Errorf("%s: %s, want %s", cond, got, want)
		}
	}
}

func TestLeaves(t *testing.T) {
	proj := newProject(nil, &Options{})
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
		if got := proj.exits.leaves(f, fn.Body().List[0]); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
}

func TestWording(t *testing.T) {
	for _, c := range []struct{ opt, call, want string }{
		{"", `perror("socket");`, `perror("setsockopt SO_KEEPALIVE")`},
		{"", `perror("ftp: socket");`, `perror("ftp: setsockopt SO_KEEPALIVE")`},
		{"", `syslog(LOG_ERR, "socket: %m");`, `syslog(LOG_ERR, "setsockopt SO_KEEPALIVE: %m")`},
		{"", `syslog(LOG_CRIT, "accept - %m");`, `syslog(LOG_WARNING, "setsockopt SO_KEEPALIVE - %m")`},
		{"", `log_msg(LOG_ERR, "Failed creating socket: %s", strerror(errno));`, `log_msg(LOG_ERR, "Failed to set SO_KEEPALIVE: %s", strerror(errno))`},
		{"", `logmsg("can't create socket for %s: %s\n", host, strerror(errno));`, `logmsg("can't set SO_KEEPALIVE: %s\n", strerror(errno))`},
		{"", `lwsl_err("%s: unable to create socket\n", __func__);`, `lwsl_err("%s: unable to set SO_KEEPALIVE\n", __func__)`},
		{"", `logmsg("no socket (%s)", strerror(errno));`, `logmsg("setsockopt SO_KEEPALIVE (%s)", strerror(errno))`},
		{"", `log_err_addr("accept failed", strerror(errno), addr);`, `log_err_addr("setsockopt SO_KEEPALIVE failed", strerror(errno), addr)`},
		{"", `print_sock_err("socket");`, `print_sock_err("setsockopt SO_KEEPALIVE")`},
		{"", `fprintf(stderr, "no way\n");`, `fprintf(stderr, "setsockopt SO_KEEPALIVE failed\n")`},
		{"", `logprintf (LOG_X, _("socket: %s\n"), strerror (errno));`, `logprintf (LOG_X, _("setsockopt SO_KEEPALIVE: %s\n"), strerror (errno))`},
		{"SO_REUSEADDR", `perror("setsockopt(SO_REUSEADDR)");`, `perror("setsockopt(SO_KEEPALIVE)")`},
		{"SO_DEBUG", `error(0, errno, "setsockopt DEBUG (ignored)");`, `error(0, errno, "setsockopt KEEPALIVE (ignored)")`},
		{"TCP_NODELAY", `logmsg("could not set nodelay on %d", fd);`, `logmsg("could not set keepalive on %d", fd)`},
		{"SO_REUSEADDR", `logmsg("REUSEADDR %s", on ? "on" : "off");`, `logmsg("setsockopt SO_KEEPALIVE failed")`},
		{"", `err(1, "socket");`, `warn("setsockopt SO_KEEPALIVE")`},
		{"", `syslog(LOG_ERR, PREFIX "socket");`, ""},
	} {
		f, fn := inFunc(t, "\tif (fd < 0) {\n\t\t"+c.call+"\n\t\treturn 1;\n\t}")
		m := &message{file: f, fn: fn, opt: c.opt}
		calls(fn.Body(), func(x *parse.Expr, s *parse.Stmt) {
			if m.call == nil && s.Kind == parse.SExpr {
				m.call = x
			}
		})
		if m.call.Callee() == "err" {
			m.name = "warn"
		}
		got, _ := m.rewrite(wording{st: &style{tab: 8}, levels: &levelWords{map[string]bool{"LOG_WARNING": true}}})
		if got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.call, got, c.want)
		}
	}
}

func TestDead(t *testing.T) {
	for body, want := range map[string]bool{
		"v = 2;":                               true,
		"use(v);":                              false,
		"if (x) v = 2; use(v);":                false,
		"if (x) v = 2; else v = 3; use(v);":    true,
		"if ((v = g()) < 0) use(v);":           true,
		"return;":                              true,
		"if (x && (v = g())) use(v);":          false,
		"goto out; out: use(v);":               false,
		"while (x) { v = 2; use(v); } return;": true,
		"while (x) { use(v); }":                false,
		"v++;":                                 false,
		"g(&v);":                               false,
	} {
		_, fn := inFunc(t, "\tint v;\n\tmark();\n\t"+body)
		b := fn.Body()
		if got := dead(fn, &place{list: b, after: b.List[1]}, "v"); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
	// Round the loop the value is looked at.
	_, fn := inFunc(t, "\tint v = 0;\n\tfor (;;) {\n\t\tuse(v);\n\t\tmark();\n\t\tv2 = 1;\n\t}")
	loop := fn.Body().List[1].Body
	if dead(fn, &place{list: loop, after: loop.List[1]}, "v") {
		t.Error("the next round reads the variable")
	}
}

func TestArms(t *testing.T) {
	f := parse.New("t.c", []byte("#if A\nint a;\n#else\nint b;\n#ifdef B\nint c;\n#endif\n#endif\nint d;\n"))
	for word, want := range map[string]string{"a;": "0", "b;": "13", "c;": "13 26", "d;": ""} {
		var got []string
		for _, a := range arms(f, strings.Index(string(f.Src), word)) {
			got = append(got, fmt.Sprint(a.arm))
			if a.end == 0 {
				t.Errorf("%s: no #endif", word)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s stands in arms %v, want %s", word, got, want)
		}
	}
}

func TestLayout(t *testing.T) {
	const canonical = "if (a < 0) {\nfoo(a, b);\nreturn;\n}\n#ifdef X\nif (setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0) {\nbar();\n}\n#endif\n"
	for name, c := range map[string]struct {
		st   style
		want string
	}{
		"knr": {style{tab: 8, tabs: true, unit: 8, inner: 8, braceGap: " ", keyGap: " ", limit: 80, text: 80, wrap: wrapStyle{offset: 4}},
			"\tif (a < 0) {\n\t\tfoo(a, b);\n\t\treturn;\n\t}\n#ifdef X\n\tif (setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on,\n\t    sizeof(on)) < 0)\n\t\tbar();\n#endif"},
		"gnu": {style{tab: 8, tabs: true, unit: 2, inner: 4, brace: braceGNU, braceGap: " ", keyGap: " ", limit: 80, text: 80, wrap: wrapStyle{align: true}},
			"\tif (a < 0)\n\t  {\n\t    foo(a, b);\n\t    return;\n\t  }\n#ifdef X\n\tif (setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on,\n\t\t       sizeof(on)) < 0)\n\t  bar();\n#endif"},
		"allman": {style{tab: 8, unit: 4, inner: 4, brace: braceAllman, braceOne: true, limit: 100, text: 100},
			"\tif(a < 0)\n\t{\n            foo(a, b);\n            return;\n\t}\n#ifdef X\n\tif(setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)\n\t{\n            bar();\n\t}\n#endif"},
	} {
		if got := strings.Join(c.st.layout("\t", canonical), "\n"); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// TestTemplatesAlone: what the embedded templates write for plain fields is C
// in canonical form.
func TestTemplatesAlone(t *testing.T) {
	set := templates.Default()
	for want, b := range map[string]templates.Block{
		"(void)f();":                           {Ignore: true, Void: "(void)", Set: "f()"},
		"v = 1; f();":                          {Ignore: true, Assign: "v = 1;", Set: "f()"},
		"if (t) { f(); }":                      {Ignore: true, Test: "t", Set: "f()"},
		"{ int on = 1; f(); }":                 {Ignore: true, Own: true, Declare: "int on = 1;", Set: "f()"},
		"if (t) { int on = 1; f(); }":          {Ignore: true, Own: true, Test: "t", Declare: "int on = 1;", Set: "f()"},
		"rc = f(); if (rc < 0) { g(); }":       {Result: "rc", Failed: "rc < 0", Set: "f()", Report: []string{"g();"}},
		"#ifdef X if (x) { g(); h(); } #endif": {Guard: "X", Failed: "x", Report: []string{"g();"}, Leave: []string{"h();"}},
	} {
		out, err := set.Render(b)
		if err != nil {
			t.Error(err)
		}
		if got := strings.Join(strings.Fields(out), " "); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestListeners: which of them get a block depends on what is accepted.
func TestListeners(t *testing.T) {
	src := []byte("void f(void)\n{\n\tint l = socket(AF_INET, SOCK_STREAM, 0);\n\n\tif (l < 0)\n\t\treturn;\n\tlisten(l, 5);\n\taccept(l, 0, 0);\n}\n")
	for _, c := range []struct {
		option string
		feeds  bool
		want   string
	}{
		{"", true, detect.FixPatch}, // its accept() cannot be patched
		{"none", true, detect.FixNone},
		{"all", false, detect.FixPatch},
		{"", false, detect.FixPatch}, // so may this one's be
	} {
		f := parse.New("l.c", src)
		l := &detect.Site{File: "l.c", Line: 3, Column: 10, Call: "socket", Role: detect.Listener, Verdict: detect.Missing}
		a := &detect.Site{File: "l.c", Line: 8, Column: 2, Call: "accept", Role: detect.Accepted, Verdict: detect.Missing}
		l.Node.File, a.Node.File = f, f
		if c.feeds {
			l.Node.Feeds = []*detect.Site{a}
		}
		plan := Make([]*detect.Site{l, a}, Options{Listeners: c.option})
		if plan.Fixes[0].Status != c.want {
			t.Errorf("%q, feeds %v: %s (%s), want %s", c.option, c.feeds, plan.Fixes[0].Status, plan.Fixes[0].Reason, c.want)
		}
		if plan.Fixes[1].Status != detect.FixNone || plan.Fixes[1].Reason == "" {
			t.Errorf("the accept() whose result is dropped: %s %q", plan.Fixes[1].Status, plan.Fixes[1].Reason)
		}
	}
}
