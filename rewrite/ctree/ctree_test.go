package ctree

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/parse"
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
		if got := Dead(fn, b, b.List[1], "v"); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
	// Round the loop the value is looked at.
	_, fn := inFunc(t, "\tint v = 0;\n\tfor (;;) {\n\t\tuse(v);\n\t\tmark();\n\t\tv2 = 1;\n\t}")
	loop := fn.Body().List[1].Body
	if Dead(fn, loop, loop.List[1], "v") {
		t.Error("the next round reads the variable")
	}
}

func TestArms(t *testing.T) {
	f := parse.New("t.c", []byte("#if A\nint a;\n#else\nint b;\n#ifdef B\nint c;\n#endif\n#endif\nint d;\n"))
	for word, want := range map[string]string{"a;": "0", "b;": "13", "c;": "13 26", "d;": ""} {
		var got []string
		for _, a := range Arms(f, strings.Index(string(f.Src), word)) {
			got = append(got, fmt.Sprint(a.Arm))
			if a.End == 0 {
				t.Errorf("%s: no #endif", word)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s stands in arms %v, want %s", word, got, want)
		}
	}
}

func TestReplaceInLiteral(t *testing.T) {
	for _, c := range []struct{ in, old, want string }{
		{"cannot set SO_LINGER: %m", "SO_LINGER", "cannot set X: %m"},
		{"no reuseaddress for reuseaddr", "reuseaddr", "no reuseaddress for X"},
		{"SO_LINGER_SEC", "SO_LINGER", "SO_LINGER_SEC"},
		{`\nlinger\n`, "linger", `\nX\n`},
		{"linger", "", "linger"},
	} {
		got, ok := ReplaceInLiteral(c.in, c.old, "X")
		if got != c.want || ok != (c.in != c.want) {
			t.Errorf("%q in %q: %q, %v, want %q", c.old, c.in, got, ok, c.want)
		}
	}
}

// Members of the same name are other lvalues.
func TestReplaceWord(t *testing.T) {
	if got := ReplaceWord("fd, c->fd, s.fd, fds, fd", "fd", "sock"); got != "sock, c->fd, s.fd, fds, sock" {
		t.Error(got)
	}
}

func TestOnlyRegistered(t *testing.T) {
	const set = "setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));"
	const finders = "struct c *find(int s) { struct c *c; for (c = all; c; c = c->next) if (c->sock == s) return c; return 0; }\n" +
		"int index_of(int s) { int i; for (i = 0; i < n; i++) if (known[i] == s) return i; return -1; }\n" +
		"struct c *at(int s) { return table[s]; }\n"
	for _, test := range []struct{ body, want string }{
		{set, ""},
		{"if (fd < 0) return -1; " + set, ""},
		{"if (!find(fd)) return -1; " + set, "sock"},
		{"if (find(fd)) return -1; " + set, ""}, // for the others
		{"if (find(fd)) { " + set + " }", "sock"},
		{"struct c *c = find(fd); if (c == NULL) return -1; " + set, "sock"},
		{"struct c *c; if ((c = find(fd)) == 0) return -1; else " + set, "sock"},
		{"struct c *c = find(fd); if (c && c->tcp) " + set, "sock"},
		{"struct c *c = find(fd); if (c) log(c); " + set, ""},
		{"int i = index_of(fd); if (i < 0) return -1; " + set, "known"},
		{"int i; for (i = 0; i < n; i++) if (known[i] == fd) { " + set + " }", "known"},
		{"struct c *c; for (c = all; c; c = c->next) if (c->sock == fd) break; if (c == NULL) return -1; " + set, "sock"},
		{"if (at(fd) == NULL) return -1; " + set, "table"},
		{"if (!table[fd].used) return -1; " + set, "table"},
		{"if (fd == listener->sock) return -1; " + set, ""},
		{"if (nodelay) " + set + " else if (find(fd)) " + set, ""},
	} {
		f := parse.New("a.c", []byte(finders+"int live(int fd) { int on = 1; "+test.body+" return 0; }\n"))
		p := &Program{Files: []*parse.File{f}, Funcs: map[string][]*parse.Func{}}
		for _, fn := range f.Funcs {
			p.Funcs[fn.Name] = append(p.Funcs[fn.Name], fn)
		}
		if got := p.OnlyRegistered(f.Funcs[len(f.Funcs)-1]); got != test.want {
			t.Errorf("%s: %q, want %q", test.body, got, test.want)
		}
	}
}
