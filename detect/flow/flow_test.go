package flow_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/program/programtest"
)

// TestFollow holds what happens to the descriptor that socket() makes: the calls that do
// something to it, with their functions where these are not f.
func TestFollow(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"a variable", "void f(void) { int fd = socket(1, 2, 3); bind(fd, a, n); listen(fd, 5); close(other); }", "bind listen"},
		{"overwritten", "void f(void) { int fd = socket(1, 2, 3); bind(fd, a, n); fd = open(p, 0); read(fd, b, 1); }", "bind"},
		{"in the condition", "void f(void) { int fd; if ((fd = socket(1, 2, 3)) < 0) return; connect(fd, a, n); }", "connect"},
		{"a copy", "void f(void) { int fd = socket(1, 2, 3), x; x = fd; connect(x, a, n); }", "connect"},
		{"dup", "void f(void) { int fd = socket(1, 2, 3); int x = dup(fd); connect(x, a, n); }", "connect"},
		{"another argument", "void f(void) { int fd = socket(1, 2, 3); setsockopt(x, 1, fd, &v, n); }", ""},
		{"into a function", "void g(int x) { connect(x, a, n); } void f(void) { int fd = socket(1, 2, 3); g(fd); }", "g:connect"},
		{"into a macro", "#define G(x) connect(x, a, n)\nvoid f(void) { int fd = socket(1, 2, 3); G(fd); }", "G:connect"},
		{"out to the caller", "int g(void) { return socket(1, 2, 3); } void f(void) { int fd = g(); listen(fd, 5); }", "listen"},
		{"out through a parameter", "void g(int *p) { *p = socket(1, 2, 3); } void f(void) { int fd; g(&fd); listen(fd, 5); }", "listen"},
		{"only where it was returned", "int g(void) { return socket(1, 2, 3); } int h(int x) { return x; } void f(void) { int fd = g(); int y = h(1); listen(fd, 5); read(y, b, 1); }", "listen"},
		{"a member", "struct s { int fd, other; }; void g(struct s *p) { listen(p->fd, 5); read(p->other, b, 1); } void f(struct s *p) { p->fd = socket(1, 2, 3); }", "g:listen"},
		{"a member of another type", "struct s { int fd; }; struct q { int fd; }; void g(struct q *p) { listen(p->fd, 5); } void f(struct s *p) { p->fd = socket(1, 2, 3); }", ""},
		{"a global", "int fd; void g(void) { listen(fd, 5); } void f(void) { fd = socket(1, 2, 3); }", "g:listen"},
		{"a callback", "struct s { void (*h)(int); }; void g(int x) { connect(x, a, n); } void i(struct s *p) { p->h = g; } void f(struct s *p) { int fd = socket(1, 2, 3); p->h(fd); }", "g:connect"},
		{"the descriptor 0", "void f(void) { int fd = socket(1, 2, 3); dup2(fd, 0); } void g(void) { setsockopt(0, 1, 2, &v, n); setsockopt(1, 1, 2, &v, n); }", "g:setsockopt"},
		{"a library's handle", "void f(void) { int fd = socket(1, 2, 3); GSocket *s = g_socket_new_from_fd(fd, 0); listen(g_socket_get_fd(s), 5); }", "listen"},
		{"an element of an array", "void f(void) { int p[2]; p[0] = socket(1, 2, 3); p[1] = open(x, 0); listen(p[0], 5); read(p[1], b, 1); }", "listen"},
		{"accept", "void f(void) { int fd = socket(1, 2, 3); int c = accept(fd, 0, 0); read(c, b, 1); }", "accept"},
		{"a number in a pointer to a struct", "struct s { int fd; }; void *held; void put(void *p) { held = p; } void g(void) { struct s *p = held; use(p); int x = (int)(long)held; read(x, b, 1); } void f(void) { int fd = socket(1, 2, 3); put((void *)(long)fd); }", "g:read"},
		{"a pointer to a struct goes no further", "struct s { int a; }; void g(struct s *p) { connect((int)(long)p, a, n); } void f(void) { int fd = socket(1, 2, 3); void *v = (void *)(long)fd; g(v); }", ""},
		{"a byte", "void f(void) { int fd = socket(1, 2, 3); unsigned char c = fd; connect(c, a, n); }", ""},
		{"a pointer to a struct that nothing defines", "typedef struct job job_t; void g(job_t *p) { connect((int)(long)p, a, n); } void f(void) { int fd = socket(1, 2, 3); void *v = (void *)(long)fd; g(v); }", ""},
		{"a type of the system", "void g(sock_handle x) { connect(x, a, n); } void f(void) { int fd = socket(1, 2, 3); g(fd); }", "g:connect"},
		{"a number by another name", "typedef int s32; typedef s32 desc; void g(desc x) { connect(x, a, n); } void f(void) { int fd = socket(1, 2, 3); g(fd); }", "g:connect"},
		{"a number of an interpreter", "typedef double number; void g(number x) { connect((int)x, a, n); } void f(void) { int fd = socket(1, 2, 3); g(fd); }", "g:connect"},
		{"a truth value", "void g(gboolean x) { connect(x, a, n); } void f(void) { int fd = socket(1, 2, 3); g(fd); }", ""},
		{"a function", "void g(void (*x)(int)) { x(0); connect(x, a, n); } void f(void) { int fd = socket(1, 2, 3); void *v = (void *)(long)fd; g(v); }", ""},
		{"a text", "void g(const char *s) { connect((int)(long)s, a, n); } void f(void) { int fd = socket(1, 2, 3); void *v = (void *)(long)fd; g(v); }", ""},
		{"the bytes of a message", "void g(const char *s) { int x = *(const int *)s; connect(x, a, n); } void f(void) { int fd = socket(1, 2, 3); g((const char *)&fd); }", "g:connect"},
		{"a handle of a struct that the tree has", "struct buf { int n; }; void f(void) { int fd = socket(1, 2, 3); struct buf *s = lib_new_socket(fd); listen(lib_get_fd(s), 5); }", "lib_get_fd lib_new_socket listen"},
		{"a failure is no descriptor", "int g(void) { int fd = socket(1, 2, 3); if (fd < 0) return fd; close(fd); return 0; } void f(void) { int r = g(); read(r, b, 1); }", "g:close"},
		{"an element through a macro", "#define FD(b) (*((long *)(b) + 8))\nvoid f(char *p) { FD(p) = socket(1, 2, 3); connect(FD(p), a, n); read(FD(q), b, 1); }", "connect"},
		{"an index through a macro", "#define FD(b) ((b)[8])\nvoid f(long *p) { FD(p) = socket(1, 2, 3); connect(FD(p), a, n); read(FD(q), b, 1); }", "connect"},
		{"a variable through a macro", "#define FD(b) (b)\nvoid f(void) { int p; FD(p) = socket(1, 2, 3); connect(FD(p), a, n); read(FD(q), b, 1); }", "connect"},
		{"a compound literal", "struct s { int n, fd; }; void f(struct s *p) { *p = (struct s){ 1, socket(1, 2, 3) }; } void g(struct s *p) { connect(p->fd, a, n); read(p->n, b, 1); }", "g:connect"},
		{"a macro that names the variable", "#define GO() connect(fd, a, n)\nvoid f(void) { int fd = socket(1, 2, 3); GO(); } void g(int fd) { GO(); }", "GO:connect"},
		{"a macro that names a variable before it is made", "#define GO() connect(fd, a, n)\nvoid f(void) { int fd = -1; GO(); fd = socket(1, 2, 3); }", ""},
		{"a macro with a parameter of that name", "#define GO(fd) connect(fd, a, n)\nvoid f(void) { int fd = socket(1, 2, 3); GO(x); }", ""},
		{"round a loop", "void f(void) { int fd = -1; for (;;) { if (fd >= 0) read(fd, b, 1); fd = socket(1, 2, 3); } }", "read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := programtest.Load(t, tt.src)
			fl := flow.Follow(p.Program, p.Calls("socket")[0])
			var got []string
			for _, h := range fl.Events {
				name := h.Call.Callee()
				if h.In.Func.Name != "f" {
					name = h.In.Func.Name + ":" + name
				}
				if !slices.Contains(got, name) {
					got = append(got, name)
				}
			}
			slices.Sort(got)
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("%q, want %q", s, tt.want)
			}
		})
	}
}

// TestContexts holds on which chains of calls a descriptor is used: of one function that
// makes sockets for two callers each gets its own.
func TestContexts(t *testing.T) {
	p := programtest.Load(t, `int make(void) { int fd = socket(1, 2, 3); return fd; }
void set(int fd) { setsockopt(fd, 1, 2, &v, n); }
void f(void) { int a = make(); listen(a, 5); }
void g(void) { int b = make(); set(b); connect(b, x, n); }`)
	fl := flow.Follow(p.Program, p.Calls("socket")[0])
	var got []string
	for _, h := range fl.Events {
		s := h.Call.Callee()
		if h.Ctx.Returns != nil {
			for _, c := range h.Ctx.Returns.Calls {
				s += " <" + c.In.Func.Name
			}
		}
		for fr := h.Ctx.Frame; fr != nil; fr = fr.Up {
			s += " >" + fr.Call.In.Func.Name
		}
		got = append(got, s)
	}
	slices.Sort(got)
	if s, want := strings.Join(got, ", "), "connect <g, listen <f, setsockopt <g >g"; s != want {
		t.Errorf("%s, want %s", s, want)
	}
	if !fl.HandedOut || fl.Incomplete.Is() {
		t.Errorf("handed out: %v, left out: %q", fl.HandedOut, fl.Incomplete.Reason)
	}
}

// TestOtherForm holds where a descriptor goes on as something else.
func TestOtherForm(t *testing.T) {
	for src, want := range map[string]string{
		"typedef struct cell *value; value f(void) { int fd = socket(1, 2, 3); return (value)fd; }":                               "handed on in another form: fd",
		"typedef struct cell *value;\n#define PACK(x) ((value)(x))\nvalue f(void) { int fd = socket(1, 2, 3); return PACK(fd); }": "handed on in another form: PACK(fd)",
		"void f(void) { int fd = socket(1, 2, 3); send_tag(fd << 2); }":                                                           "handed on in another form: fd << 2",
		"struct job *f(void) { int fd = socket(1, 2, 3); void *p = (void *)(long)fd; return (struct job *)p; }":                   "",
		"int f(void) { int fd = socket(1, 2, 3); return fd < 0 ? 0 : fd + 1; }":                                                   "handed on in another form: fd + 1",
		"int f(void) { int n, fd = socket(1, 2, 3); n = fd + 1; return select(fd + 1, 0, 0, 0, 0); }":                             "",
		"struct c { int key; }; void f(struct c *c) { c->key = -socket(1, 2, 3); }":                                               "handed on in another form: -socket(1, 2, 3)",
		"int f(void) { int fd = socket(1, 2, 3); return (bool)fd; }":                                                              "",
	} {
		p := programtest.Load(t, src)
		if _, how := flow.Follow(p.Program, p.Calls("socket")[0]).PassedOutside(); how != want {
			t.Errorf("%s: %q, want %q", src, how, want)
		}
	}
}

func TestOutlives(t *testing.T) {
	for src, want := range map[string]bool{
		"void f(void) { int fd = socket(1, 2, 3); close(fd); }":                                       false,
		"int f(void) { int fd = socket(1, 2, 3); return fd; }":                                        true,
		"int g; void f(void) { g = socket(1, 2, 3); }":                                                true,
		"struct s { int fd; }; void f(struct s *p) { p->fd = socket(1, 2, 3); }":                      true,
		"struct s { int fd; }; void f(void) { struct s x; x.fd = socket(1, 2, 3); listen(x.fd, 5); }": false,
	} {
		p := programtest.Load(t, src)
		if got := flow.Follow(p.Program, p.Calls("socket")[0]).Escapes(); got != want {
			t.Errorf("%s: %v, want %v", src, got, want)
		}
	}
}
