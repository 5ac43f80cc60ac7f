package program_test

import (
	"fmt"
	"testing"

	"github.com/keepatch/keepatch/detect/program"
)

// accesses are ways to come to a member of struct conn, one a file, in files that
// need not name the type.
var accesses = []string{
	"#include \"conn.h\"\nvoid f0(struct conn *c) { c->fd = 1; }",
	"#include \"conn.h\"\nvoid f1(conn_t *c) { c->fd = 1; }",
	"#include \"conn.h\"\nvoid f2(conn_p c) { (*c).fd = 1; }",
	"#include \"conn.h\"\nvoid f3(void) { the_conn->fd = 1; }",
	"#include \"conn.h\"\nvoid f4(void) { all_conns[3].fd = 1; }",
	"#include \"conn.h\"\nvoid f5(struct server *s) { s->first->fd = 1; }",
	"#include \"conn.h\"\nvoid f6(struct server *s) { s->list[s->n].fd = 1; }",
	"#include \"conn.h\"\nvoid f7(struct server *s) { if (s) s->pool . one\n\t\t.fd = 1; }",
	"#include \"conn.h\"\nvoid f8(void) { find_conn(3)->fd = 1; }",
	"#include \"conn.h\"\nvoid f9(void) { CONN_FD(the_server.first) = 1; }",
	"#include \"conn.h\"\nvoid f10(void *p) { ((struct conn *)p)->fd = 1; }",
	"#include \"conn.h\"\nvoid f11(void) {\n#ifdef A\n\tthe_server\n#else\n\tother_server\n#endif\n\t.first->fd = 1; }",
	"#include \"conn.h\"\nvoid f12(struct server *s) { s->hidden.in.fd = 1; }",
	"#include \"conn.h\"\nvoid f13(struct packed *s) { s->c->fd = 1; }",
	"#include \"conn.h\"\nvoid f14(void) { aligned_conn.fd = 1; }",
	"#include \"conn.h\"\nvoid f15(struct made *s) { s->by_macro->fd = 1; }",
	"#include \"conn.h\"\nvoid f16(struct column *s) { s->c->fd = 1; }",
	"#include \"more.h\"\nvoid f17(connection *c) { c->fd = 1; }",
	"#include \"more.h\"\nvoid f18(struct owner *o) { o->held->fd = 1; }",
	"#include \"conn.h\"\nvoid f19(c)\nstruct conn *c;\n{ c->fd = 1; }",
	"#include \"conn.h\"\nvoid f20(void) { int n = 1; conn_t *c = find_conn(n); c->fd = 1; }",
}

const connHeader = `
typedef struct conn conn_t, *conn_p;
struct conn { int fd; int state; };
extern struct conn *the_conn, all_conns[10];
struct server { int n; conn_t *first, list[8]; struct { struct conn one; } pool; struct hidden { conn_t in; } hidden; };
extern struct server the_server, other_server;
struct conn *find_conn(int n);
#define CONN_FD(c) ((c)->fd)
struct __attribute__((packed)) packed { int a; conn_p c; };
conn_t aligned_conn __attribute__((aligned(8)));
SOME_MACRO(made)
struct made { int a; struct conn *by_macro; };
struct column {
int a;
	struct conn *c;
};
`

const moreHeader = `
typedef conn_t connection;
struct owner { connection *held; };
`

// TestMembersOf holds that the files and functions that are not read for the members of a
// struct have none of them.
func TestMembersOf(t *testing.T) {
	texts := map[string]string{"conn.h": connHeader, "more.h": moreHeader}
	for i, text := range accesses {
		texts[fmt.Sprintf("use%02d.c", i)] = text + fmt.Sprintf("\nstruct other%d { int fd; };\nvoid h%d(struct other%d *o) { o->fd = 2; }\n", i, i, i)
	}
	for i := range 200 {
		texts[fmt.Sprintf("noise%d.c", i)] = fmt.Sprintf("struct file%d { int fd; };\nvoid g%d(struct file%d *c, struct file%d v[]) { c->fd = 2; v[1].fd = 3; }", i, i, i, i)
	}
	var paths []string
	for path := range texts {
		paths = append(paths, path)
	}
	p := program.Load(paths, program.Options{Read: func(path string) ([]byte, error) { return []byte(texts[path]), nil }})
	key := ""
	for _, u := range p.Files {
		if u.Path == "use00.c" {
			key = p.StructKey(u, "struct conn")
		}
	}
	read := p.MembersOf(key, "fd", nil)
	if len(read) > len(accesses)+10 {
		t.Errorf("%d members were read for %d of the struct", len(read), len(accesses))
	}
	got := map[string]int{}
	for _, m := range read {
		if m.Owner == key {
			got[m.In.Func.Name]++
		}
	}
	n := 0
	for _, m := range p.Members("fd") {
		if m.Owner != key {
			continue
		}
		n++
		if got[m.In.Func.Name]--; got[m.In.Func.Name] < 0 {
			t.Errorf("%s in %s is missing", m.In.Text(m.Expr), m.In.Func.Name)
		}
	}
	if n < len(accesses)-1 { // a macro's replacement is one for all its users
		t.Errorf("%d members in all, the test has %d", n, len(accesses))
	}
}
