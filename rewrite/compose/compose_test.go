package compose

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/optval"
)

// target analyses a text and returns the insertion for its first site that lacks
// keepalive.
func target(t *testing.T, src string) *Target {
	t.Helper()
	read := func(string) ([]byte, error) { return []byte(src), nil }
	r := detect.Analyze([]string{"x.c"}, detect.Options{Workers: 1, Read: read})
	p := NewComposer(ctree.NewProgram(r.Sites, []string{"x.c"}, read, r.Index))
	for _, s := range r.Sites {
		if s.Verdict != "missing" {
			continue
		}
		sp, why := p.FindSpot(anchor.Locate(s))
		if why != "" {
			t.Fatal(why)
		}
		pl, why := p.FindPlace(sp)
		if why != "" {
			t.Fatal(why)
		}
		pl = p.PastNextOption(sp, pl)
		return &Target{Point: anchor.Point{Spot: sp, Place: pl}, Site: s, Composer: p, Style: p.StyleAt(sp.Func, pl.Offset)}
	}
	t.Fatalf("no site lacks keepalive in\n%s", src)
	return nil
}

// client is a function that connects, with more between the creation's check and
// connect().
func client(before, more string) string {
	return "#include <sys/socket.h>\n" + before + `
int f(struct sockaddr *sa, char *name)
{
	int fd, rc;
	char *buf = malloc(10);

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		free(buf);
		return -1;
	}
` + more + `
	if (connect(fd, sa, sizeof(*sa)) < 0) {
		perror("connect");
		close(fd);
		free(buf);
		return -1;
	}
	return fd;
}
`
}

// TestIdiom holds how a failure is met: the test, the message, the way out.
func TestIdiom(t *testing.T) {
	const on = "\tint on = 1;\n"
	for _, tt := range []struct{ name, src, onError, want string }{
		{"without an example: report and go on", client("", ""), "",
			`warn [""; " < 0"] perror("setsockopt SO_KEEPALIVE");`},
		{"a sibling that is ignored", client("", on+"\tsetsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));"), "", "ignore"},
		{"a sibling that is cast to void", client("", on+"\t(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));"), "", "ignore (void)"},
		{"a sibling that reports", client("", on+"\tif (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1)\n\t\tperror(\"SO_REUSEADDR\");"), "",
			`warn [""; " == -1"] perror("SO_KEEPALIVE");`},
		{"a sibling that leaves", client("", on+"\tif (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0) {\n\t\tperror(\"SO_REUSEADDR\");\n\t\tclose(fd);\n\t\tfree(buf);\n\t\treturn -1;\n\t}"), "",
			`leave [""; " < 0"] perror("SO_KEEPALIVE"); => close(fd); free(buf); return -1;`},
		{"the same, to report only", client("", on+"\tif (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0) {\n\t\tperror(\"SO_REUSEADDR\");\n\t\tclose(fd);\n\t\tfree(buf);\n\t\treturn -1;\n\t}"), "warn",
			`warn [""; " < 0"] perror("SO_KEEPALIVE");`},
		{"the same, to be ignored", client("", on+"\tif (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0) {\n\t\tperror(\"SO_REUSEADDR\");\n\t\tclose(fd);\n\t\treturn -1;\n\t}"), "ignore", "ignore"},
		{"a sibling that checks by a macro", client("", on+"\tCHECK(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));"), "", "check CHECK( )"},
		{"a sibling that jumps", strings.Replace(client("", on+"\tif (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)\n\t\tgoto fail;"), "\treturn fd;\n", "\treturn fd;\nfail:\n\tclose(fd);\n\tfree(buf);\n\treturn -1;\n", 1), "",
			"leave [\"\"; \" < 0\"] => goto fail;"},
		{"every step ends the program", "#include <sys/socket.h>\n#include <stdlib.h>\nvoid die(const char *s) { exit(1); }\nint f(struct sockaddr *sa)\n{\n\tint fd;\n\n\tif ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)\n\t\tdie(\"no socket\");\n\tif (connect(fd, sa, sizeof(*sa)) < 0)\n\t\tdie(\"no connection\");\n\treturn fd;\n}\n", "",
			`leave [""; " < 0"] => die("setsockopt SO_KEEPALIVE failed");`},
		{"an accepted socket is not given up", `#include <sys/socket.h>
void f(int l)
{
	int on = 1, fd;

	if (listen(l, 5) < 0)
		return;
	for (;;) {
		fd = accept(l, 0, 0);
		if (fd < 0) {
			perror("accept");
			continue;
		}
		if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0) {
			perror("TCP_NODELAY");
			close(fd);
			continue;
		}
		serve(fd);
	}
}
void main(void) { int l = socket(AF_INET, SOCK_STREAM, 0); bind(l, a, n); f(l); }
`, "", `warn [""; " < 0"] perror("SO_KEEPALIVE");`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tg := target(t, tt.src)
			tg.OnError = tt.onError
			id := tg.Composer.IdiomFor(tg)
			var got string
			switch {
			case id.Check != nil:
				got = "check " + id.Check.Head + " " + id.Check.Tail
			case id.Policy == PolicyIgnore:
				got = strings.TrimSpace("ignore " + id.Void)
			default:
				got = fmt.Sprintf("%s [%q; %q] %s", map[Policy]string{PolicyWarn: "warn", PolicyLeave: "leave"}[id.Policy], id.Front, id.Test, strings.Join(id.Report, " "))
				got = strings.TrimSpace(got)
				if id.Policy == PolicyLeave {
					got += " => " + strings.Join(id.Leave, " ")
				}
			}
			if got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestSetCall holds how the call is spelled.
func TestSetCall(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"without an example", client("", ""), "setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on))"},
		{"a cast", client("", "\tint on = 1;\n\tsetsockopt(fd, SOL_SOCKET, SO_REUSEADDR, (char *)&on, sizeof on);"), "setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, (char *)&on, sizeof on)"},
		{"a cast for Windows", client("", "\tint on = 1;\n\tsetsockopt(fd, SOL_SOCKET, SO_REUSEADDR,\n#ifdef _WIN32\n\t\t(const char *)&on,\n#else\n\t\t&on,\n#endif\n\t\tsizeof(on));\n#ifdef _WIN32\n\tsetsockopt(fd, SOL_SOCKET, SO_BROADCAST, (const char *)&on, sizeof(on));\n#endif"), "setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, (const char *)&on, sizeof(on))"},
		{"blanks: of sizeof as the example, of the call as the function", client("", "\tint on = 1;\n\tsetsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof (on));"), "setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof (on))"},
		{"the program's own setter", client("static int set(int s, int l, int o, int v) { return setsockopt(s, l, o, &v, sizeof(v)); }\n", "\tif (set(fd, SOL_SOCKET, SO_REUSEADDR, 1) < 0)\n\t\tperror(\"SO_REUSEADDR\");"), "set(fd, SOL_SOCKET, SO_KEEPALIVE, 1)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tg := target(t, tt.src)
			id := tg.Composer.IdiomFor(tg)
			v := &optval.Value{}
			if id.Model == nil || id.Model.Through == nil {
				v = &optval.Value{Name: "on"}
			}
			if got := tg.Composer.setCall(tg, id, v); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// TestSameStage asks whether the way out of the check of connect() fits behind the
// creation.
func TestSameStage(t *testing.T) {
	for _, tt := range []struct {
		name, more string
		want       bool
	}{
		{"nothing in between", "", true},
		{"acquired in between", "\tbuf = strdup(name);", false},
		{"released in between", "\tfree(buf);", false},
		{"something else acquired", "\tname = strdup(name);", true},
		{"something else called", "\tuse(buf);", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tg := target(t, client("", tt.more))
			if got := tg.Composer.nextWayOut(tg, "") != nil; got != tt.want {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}
