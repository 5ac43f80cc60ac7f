package message

import (
	"testing"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/style"
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
		{"", `logmsg("$cannot dup socket");`, `logmsg("$cannot set SO_KEEPALIVE")`},
		{"", `logmsg("*** no socket: %s\n", strerror(errno));`, `logmsg("*** setsockopt SO_KEEPALIVE: %s\n", strerror(errno))`},
		{"", `perror("/dev/tcp");`, `perror("setsockopt SO_KEEPALIVE")`},
		{"SO_REUSEADDR", `logmsg("!REUSEADDR");`, `logmsg("!KEEPALIVE")`},
		{"", `err(1, "socket");`, `warn("setsockopt SO_KEEPALIVE")`},
		{"", `syslog(LOG_ERR, PREFIX "socket");`, `syslog(LOG_ERR, PREFIX "setsockopt SO_KEEPALIVE")`},
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
