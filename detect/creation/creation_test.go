package creation_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/creation"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/program/programtest"
)

const types = "struct conn { int fd; };\n"

// TestWays holds through which functions' calls what use() gets was made, those of a way
// innermost first; "?" where it is not known.
func TestWays(t *testing.T) {
	for src, want := range map[string]string{
		"static void make(struct conn *c) { c->fd = socket(); } void f(struct conn *c) { make(c); use(c->fd); }":                                           "f",
		"static void make(struct conn *c) { c->fd = socket(); } void f(struct conn *c) { if (c->fd < 0) make(c); use(c->fd); }":                            "?",
		"static void make(struct conn *c) { c->fd = socket(); } void f(struct conn *c, struct conn *d) { make(c); use(d->fd); }":                           "?",
		"static void make(struct conn *c) { c->fd = socket(); use(c->fd); } void f(struct conn *c) { make(c); }":                                           "?",
		"static struct conn *make(void) { struct conn *c = new(); c->fd = socket(); return c; } void f(void) { use(make()->fd); }":                         "?",
		"static struct conn *make(void) { struct conn *c = new(); c->fd = socket(); return c; }\nvoid f(void) { struct conn *c; c = make(); use(c->fd); }": "f",
		"static struct conn *make(void) { struct conn *c = new(); c->fd = socket(); return c; } static struct conn *get(void) { return make(); }\n" +
			"void f(void) { struct conn *c = get(); use(c->fd); }": "get f",
		"static int sock; static void make(void) { sock = socket(); } void f(void) { make(); use(sock); }":               "f",
		"static int sock; static void make(void) { sock = socket(); } void f(void) { int sock = 1; make(); use(sock); }": "?",
		"static void make(struct conn *c) { c->fd = socket(); } static void tune(struct conn *x) { use(x->fd); }\n" +
			"void f(struct conn *c) { make(c); tune(c); } void g(struct conn *c) { make(c); }": "f",
		"static void make(struct conn *c) { c->fd = socket(); } static void tune(struct conn *x) { use(x->fd); }\n" +
			"void f(struct conn *c) { make(c); tune(c); } void g(struct conn *c) { tune(c); }": "?",
		"static void make(struct conn *c) { c->fd = socket(); } void f(struct conn *c) { if (make(c) || use(c->fd)) return; }":   "f",
		"static void make(struct conn *c) { c->fd = socket(); } void *p = make; void f(struct conn *c) { make(c); use(c->fd); }": "?",
		"static void make(struct conn *c) { c = other(); c->fd = socket(); } void f(struct conn *c) { make(c); use(c->fd); }":    "?",
	} {
		p := programtest.Load(t, types+src)
		call := p.Calls("socket")[0]
		use := p.Calls("use")[0]
		ways, known := creation.Of(p.Program, call.In, call.Expr.Up.X).Ways(use.In, use.Expr.Args[0])
		got := "?"
		if known {
			got = names(ways)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", src, got, want)
		}
	}
}

// names returns the functions in which the calls of each way stand.
func names(ways [][]program.Ref) string {
	var out []string
	for _, w := range ways {
		var fns []string
		for _, c := range w {
			fns = append(fns, c.In.Func.Name)
		}
		out = append(out, strings.Join(fns, " "))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}
