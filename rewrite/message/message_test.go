package message

import (
	"testing"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/noreturn"
	"github.com/keepatch/keepatch/rewrite/style"
)

// inFunc parses statements as the body of a function.
func inFunc(t *testing.T, body string) (*parse.File, *parse.Func) {
	t.Helper()
	f := parse.New("t.c", []byte("int f(int fd, struct conn *c)\n{\n"+body+"\n}\n"))
	if len(f.Funcs) == 0 {
		t.Fatalf("no function in %s", body)
	}
	return f, f.Funcs[0]
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
		{"", `logmsg("cannot reach host '%s': %s\n", host, strerror(errno));`, `logmsg("cannot set SO_KEEPALIVE: %s\n", strerror(errno))`},
		{"", "logmsg(\"can't reach `%s': %s\", host, strerror(errno));", `logmsg("can't set SO_KEEPALIVE: %s", strerror(errno))`},
		{"", `logmsg("can't reach '%s:%s' - '%s'", host, port, strerror(errno));`, `logmsg("can't set SO_KEEPALIVE - '%s'", strerror(errno))`},
		{"", `logmsg("cannot reach host, '%s'", strerror(errno));`, `logmsg("cannot set SO_KEEPALIVE, '%s'", strerror(errno))`},
		{"", `logmsg("no socket (%s)", strerror(errno));`, `logmsg("setsockopt SO_KEEPALIVE (%s)", strerror(errno))`},
		{"", `log_err_addr("accept failed", strerror(errno), addr);`, `log_err_addr("setsockopt SO_KEEPALIVE failed", strerror(errno), addr)`},
		{"", `print_sock_err("socket");`, `print_sock_err("setsockopt SO_KEEPALIVE")`},
		{"", `fprintf(stderr, "no way\n");`, `fprintf(stderr, "setsockopt SO_KEEPALIVE failed\n")`},
		{"", `logprintf (LOG_X, _("socket: %s\n"), strerror (errno));`, `logprintf (LOG_X, _("setsockopt SO_KEEPALIVE: %s\n"), strerror (errno))`},
		{"", `fprintf(stderr, "%04X: accept error: %s\n", getpid(), strerror(errno));`, `fprintf(stderr, "%04X: setsockopt SO_KEEPALIVE error: %s\n", getpid(), strerror(errno))`},
		{"", `fprintf(stderr, "[%d] no socket: %s\n", (int)pthread_self(), strerror(errno));`, `fprintf(stderr, "[%d] setsockopt SO_KEEPALIVE: %s\n", (int)pthread_self(), strerror(errno))`},
		{"", `logmsg("accept failure(%d): %s", errno, strerror(errno));`, `logmsg("setsockopt SO_KEEPALIVE failure(%d): %s", errno, strerror(errno))`},
		{"", `logmsg("Erreur de socket: %s.", strerror(errno));`, `logmsg("setsockopt SO_KEEPALIVE: %s.", strerror(errno))`},
		{"", `logmsg("no socket (%s)!\n", strerror(errno));`, `logmsg("setsockopt SO_KEEPALIVE (%s)!\n", strerror(errno))`},
		{"", `logmsg("Accept fail.\n");`, `logmsg("setsockopt SO_KEEPALIVE fail.\n")`},
		{"", `logmsg("serve: accept failed. ");`, `logmsg("serve: setsockopt SO_KEEPALIVE failed. ")`},
		{"SO_REUSEADDR", `perror("setsockopt(SO_REUSEADDR)");`, `perror("setsockopt(SO_KEEPALIVE)")`},
		{"SO_DEBUG", `error(0, errno, "setsockopt DEBUG (ignored)");`, `error(0, errno, "setsockopt KEEPALIVE (ignored)")`},
		{"TCP_NODELAY", `logmsg("could not set nodelay on %d", fd);`, `logmsg("could not set keepalive on %d", fd)`},
		{"SO_REUSEADDR", `logmsg("REUSEADDR %s", on ? "on" : "off");`, `logmsg("setsockopt SO_KEEPALIVE failed")`},
		{"", `logmsg("$cannot dup socket");`, `logmsg("$cannot set SO_KEEPALIVE")`},
		{"", `logmsg("*** no socket: %s\n", strerror(errno));`, `logmsg("*** setsockopt SO_KEEPALIVE: %s\n", strerror(errno))`},
		{"", `perror("/dev/tcp");`, `perror("setsockopt SO_KEEPALIVE")`},
		{"SO_REUSEADDR", `logmsg("!REUSEADDR");`, `logmsg("!KEEPALIVE")`},
		{"", `err(1, "socket");`, `warn("setsockopt SO_KEEPALIVE")`},
		{"", `syslog(LOG_ERR, PREFIX "socket");`, `syslog(LOG_ERR, PREFIX "setsockopt SO_KEEPALIVE")`},
		{"", `log_msg("%s", "cannot make a socket");`, `log_msg("%s", "cannot set SO_KEEPALIVE")`},
		{"", `printf("[%s]\n", _("Error creating socket"));`, `printf("[%s]\n", _("Error setting SO_KEEPALIVE"))`},
		{"", `log_msg("%s\n", "no socket");`, `log_msg("%s\n", "setsockopt SO_KEEPALIVE failed")`},
	} {
		f, fn := inFunc(t, "\tif (fd < 0) {\n\t\t"+c.call+"\n\t\treturn 1;\n\t}")
		m := &Message{File: f, Func: fn, opt: c.opt}
		ctree.Calls(fn.Body(), func(x *parse.Expr, s *parse.Stmt) {
			if m.Call == nil && s.Kind == parse.SExpr {
				m.Call = x
			}
		})
		if m.Call.Callee() == "err" {
			m.name = "warn"
		}
		got, _ := m.Adapt(Wording{Style: &style.Style{Tab: 8}, Levels: &LevelWords{map[string]bool{"LOG_WARNING": true}}})
		if got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.call, got, c.want)
		}
	}
}

// TestFindMessage holds which call of a check's body the warning is made of, "" for none.
func TestFindMessage(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"the message", "perror(\"socket\");\nreturn 1;", `perror("socket")`},
		{"the first of two", "log_err(\"socket: %s\", strerror(errno));\nlog_err(\"giving up\");", `log_err("socket: %s", strerror(errno))`},
		{"of the failure, behind one of a kind of it", "if (errno == EINTR) {\nif (n++ > 3)\nfprintf(stderr, \"too many\\n\");\n} else {\nperror(\"accept\");\n}\nreturn 1;", `perror("accept")`},
		{"of one kind alone", "if (errno == EINTR)\nfprintf(stderr, \"too many\\n\");\nreturn 1;", `fprintf(stderr, "too many\n")`},
		{"no message", "close(fd);\nreturn 1;", ""},
		{"a function that says nothing", "count(c, 1);\nreturn 1;", ""},
		{"in an arm of an #if", "#ifdef A\nperror(\"socket\");\n#endif\nreturn 1;", ""},
		{"behind an arm that prints nothing", "#ifdef A\nclose(fd);\n#endif\nperror(\"socket\");", `perror("socket")`},
		{"behind arms that say what failed", "#ifdef A\nlog_err(\"socket: %s\", strerror(errno));\n#else\nlog_err(\"socket\");\n#endif\nlog_msg(\"the peer is %s\", name);", ""},
		{"of the failure, behind arms that say something", "#ifdef A\nlog_err(\"no v6\");\n#endif\nlog_err(\"socket failed: %s\", strerror(errno));", `log_err("socket failed: %s", strerror(errno))`},
	} {
		f, fn := inFunc(t, "\tif (fd < 0) {\n"+c.body+"\n\t}")
		p := NewMessages(&noreturn.Exits{Program: ctree.NewProgram(nil, nil, nil, nil)})
		got := ""
		if m := p.FindMessage(f, fn, fn.Body().List[0].Body, "", "fd"); m != nil {
			got = parse.ExprText(f, m.Call)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestVariadic holds how many arguments a call has between its text and what that prints,
// and whether the macro takes the text alone.
func TestVariadic(t *testing.T) {
	for _, c := range []struct {
		define, call string
		between      int
		needs        bool
	}{
		{"LOG(fmt, ...) printf(fmt, __VA_ARGS__)", `LOG("a")`, 0, true},
		{"LOG(fmt, ...) printf(fmt, ##__VA_ARGS__)", `LOG("a")`, 0, false},
		{"LOG(fmt, ...) printf(fmt __VA_OPT__(,) __VA_ARGS__)", `LOG("a")`, 0, false},
		{"LOG(...) printf(__VA_ARGS__)", `LOG("a")`, 0, false},
		{"LOG(...) print(1, __VA_ARGS__)", `LOG("a")`, 0, false},
		{"LOG(fmt, args...) printf(fmt, args)", `LOG("a")`, 0, true},
		{"LOG(fmt, args...) printf(fmt, ## args)", `LOG("a")`, 0, false},
		{"LOG(fmt, who, ...) print(who, fmt, __VA_ARGS__)", `LOG("%d", c, 1)`, 1, false},
		{"LOG(level, fmt, ...) print(level, fmt, __VA_ARGS__)", `LOG(1, "a")`, 0, true},
		{"LOG(fmt, n) print(fmt, n)", `LOG("a", 1)`, 0, false},
	} {
		f := parse.New("t.c", []byte("#define "+c.define+"\nint f(void)\n{\n\t"+c.call+";\n}\n"))
		p := NewMessages(&noreturn.Exits{Program: ctree.NewProgram(nil, nil, nil, nil)})
		for _, fn := range f.Funcs {
			if fn.Macro != nil {
				continue
			}
			ctree.Calls(fn.Body(), func(x *parse.Expr, _ *parse.Stmt) {
				if n, needs := p.Between(f, x), p.NeedsMore(f, "LOG", len(x.Args)); n != c.between || needs != c.needs {
					t.Errorf("%s, %s: %d between, needs more: %v", c.define, c.call, n, needs)
				}
			})
		}
	}
}
