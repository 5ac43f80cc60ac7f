package program_test

import (
	"fmt"
	"testing"

	"github.com/keepatch/keepatch/detect/program/programtest"
)

// TestTypeOf holds what is known of the type of an expression: what names for pointer types
// point to, and other names as they are.
func TestTypeOf(t *testing.T) {
	const types = `struct conn { int fd; struct conn *next; };
typedef struct conn *Conn;
typedef Conn Peer;
typedef Conn *Conns;
typedef struct conn conn_t;
typedef struct { int fd; Peer up; } *Anon;
typedef void (*handler)(int);
typedef Conn Pair[2];
typedef Round *Other;
typedef Other *Round;
Conn make(void);
`
	for src, want := range map[string]string{
		"struct conn *c; use(c)":           "struct conn 1",
		"Conn c; use(c)":                   "struct conn 1",
		"Conn c; use(c->next)":             "struct conn 1",
		"Conn c; use(*c)":                  "struct conn 0",
		"Conn *c; use(c)":                  "struct conn 2",
		"Peer c; use(c)":                   "struct conn 1",
		"Conns c; use(c)":                  "struct conn 2",
		"conn_t c; use(c)":                 "conn_t 0",
		"conn_t *c; use(c)":                "conn_t 1",
		"Anon c; use(c->up)":               "struct conn 1",
		"handler h; use(h)":                "handler 0",
		"Round r; use(r)":                  "Round 2",
		"Pair p; use(p)":                   "Pair 0",
		"void *v; use((Conn)v)":            "struct conn 1",
		"use(make())":                      "struct conn 1",
		"unknown u; use(u)":                "unknown 0",
		"Conn list[4]; use(list[0])":       "struct conn 1",
		"Conn a, b; int x; use(x ? a : b)": "struct conn 1",
	} {
		p := programtest.Load(t, types+"Conn make(void) { return 0; }\nvoid f(void) { "+src+"; }")
		c := p.Calls("use")[0]
		base, ptr := c.In.TypeOf(c.Expr.Args[0])
		if got := fmt.Sprintf("%s %d", base, ptr); got != want {
			t.Errorf("%s: %s, want %s", src, got, want)
		}
	}
}
