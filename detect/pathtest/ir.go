package pathtest

import (
	"fmt"
	"strings"
)

// variable is a variable of the program: a local, a parameter, a static local or a
// global.
type variable struct {
	name  string
	typ   string // "int" or "struct conn *"
	glob  bool
	stat  bool // a static local
	init  expr // of a static local or a global; nil for none
	param bool
}

// expr is an expression: c writes it, ev computes it.
type expr interface {
	c() string
	ev(m *machine) val
}

// constant is a number, by name where it has one.
type constant struct {
	name string
	n    int
}

// macro is a constant with one definition, or with one for each arm of an #if.
type macro struct {
	name   string
	under  string // the macro that selects; "" for one definition
	values []constant
}

type macroRef struct{ m *macro }

type varRef struct{ v *variable }

// field is a member of a struct conn: of a variable, or through a pointer.
type field struct {
	obj  expr // of type struct conn *
	name string
}

// address is the address of a global struct conn.
type address struct{ obj *object }

// object is a global struct conn.
type object struct {
	name string
	init map[string]expr
}

// fresh is a new struct conn on the heap.
type fresh struct{}

// refTo is the address of an int: of a local, of a member, of an element.
type refTo struct{ e expr }

// deref is the int that a pointer points to.
type deref struct{ p expr }

// array is a global array of two descriptors, elem one of them.
type array struct {
	name    string
	listens bool // of listeners
}

type elem struct {
	arr *array
	i   expr
}

// free is an input: any number from 0 to n-1. It is the result of a call, or the
// element of a volatile array that is read nowhere else.
type free struct {
	n, index int // index 0: a call
}

type binary struct {
	op   string
	a, b expr
}

type not struct{ e expr }

type ternary struct{ cond, a, b expr }

type assign struct {
	to expr // varRef, field, elem or deref
	e  expr
}

type call struct {
	fn   *function
	args []expr
	id   int // of the call
}

// indirect calls the function that a member holds.
type indirect struct {
	f    *field
	args []expr
	id   int
}

// funcRef is the address of a function.
type funcRef struct{ fn *function }

// site is a call of socket(), accept() or accept4(); its place is known once it
// is written.
type site struct {
	name        string
	id          int
	domain, typ expr // of socket()
	proto       string
	listener    expr // of accept()
	peer        bool // the address is asked for
	mayFail     bool
	file        int
	line        int
	pr          *printer
}

// system is a call of another function of the socket interface.
type system struct {
	name    string // connect bind listen close dup write setsockopt
	fd      expr
	opt     expr // of setsockopt
	value   *variable
	mayFail bool
	macro   bool // through a macro of the program
}

func (e constant) c() string { return e.name }
func (e macroRef) c() string { return e.m.name }
func (e varRef) c() string   { return e.v.name }
func (e field) c() string {
	if a, ok := e.obj.(address); ok {
		return a.obj.name + "." + e.name
	}
	return e.obj.c() + "->" + e.name
}
func (e address) c() string { return "&" + e.obj.name }
func (e fresh) c() string   { return "calloc(1, sizeof(struct conn))" }
func (e refTo) c() string   { return "&" + e.e.c() }
func (e deref) c() string   { return "*" + e.p.c() }
func (e elem) c() string    { return e.arr.name + "[" + e.i.c() + "]" }
func (e free) c() string {
	if e.index > 0 {
		return fmt.Sprintf("inputs%d[%d]", e.n, e.index)
	}
	return fmt.Sprintf("input_value(%d)", e.n)
}
func (e binary) c() string { return paren(e.a) + " " + e.op + " " + paren(e.b) }
func (e not) c() string    { return "!" + paren(e.e) }
func (e ternary) c() string {
	return paren(e.cond) + " ? " + paren(e.a) + " : " + paren(e.b)
}
func (e assign) c() string   { return e.to.c() + " = " + e.e.c() }
func (e call) c() string     { return e.fn.name + "(" + list(e.args) + ")" }
func (e indirect) c() string { return e.f.c() + "(" + list(e.args) + ")" }
func (e funcRef) c() string  { return e.fn.name }

func (e *site) c() string {
	if e.pr != nil {
		e.pr.pending = append(e.pr.pending, e)
	}
	switch e.name {
	case "socket":
		return "socket(" + e.domain.c() + ", " + e.typ.c() + ", " + e.proto + ")"
	case "accept4":
		return "accept4(" + e.listener.c() + ", NULL, NULL, SOCK_CLOEXEC)"
	}
	if !e.peer {
		return "accept(" + e.listener.c() + ", NULL, NULL)"
	}
	return "accept(" + e.listener.c() + ", (struct sockaddr *)&any_addr, &addr_len)"
}

func (e system) c() string {
	switch e.name {
	case "connect", "bind":
		return e.name + "(" + e.fd.c() + ", (struct sockaddr *)&any_addr, sizeof(any_addr))"
	case "listen":
		return "listen(" + e.fd.c() + ", 5)"
	case "write":
		return "write(" + e.fd.c() + ", \"x\", 1)"
	case "setsockopt":
		if e.macro {
			return fmt.Sprintf("SET_OPTION(%s, %s, %s)", e.fd.c(), e.opt.c(), e.value.name)
		}
		return fmt.Sprintf("setsockopt(%s, SOL_SOCKET, %s, &%s, sizeof(%s))", e.fd.c(), e.opt.c(), e.value.name, e.value.name)
	}
	return e.name + "(" + e.fd.c() + ")"
}

func paren(e expr) string {
	switch e.(type) {
	case binary, ternary, assign:
		return "(" + e.c() + ")"
	}
	return e.c()
}

func list(args []expr) string {
	var out []string
	for _, a := range args {
		out = append(out, a.c())
	}
	return strings.Join(out, ", ")
}

// stmt is a statement: print writes it, do executes it.
type stmt interface {
	print(p *printer)
	do(m *machine) ctl
}

type exprStmt struct{ e expr }

// raw is text without an effect on sockets: a message, a comment.
type raw struct{ text string }

type declare struct {
	v    *variable
	init expr
}

type ifStmt struct {
	cond      expr
	then, els []stmt
}

// hashIf has its branches selected by a macro.
type hashIf struct {
	under     string
	then, els []stmt
}

type loop struct {
	kind       string // while, do, for, ever
	cond       expr
	init, post expr
	body       []stmt
}

type switchStmt struct {
	on    expr
	cases []switchCase
}

type switchCase struct {
	label constant // name "" for default
	body  []stmt
	fall  bool
}

type jump struct{ kind string } // break, continue

type gotoStmt struct{ label string }

type label struct{ name string }

type ret struct{ e expr }

// rows sets options from a table, from the first to the last of n.
type rows struct {
	table *table
	fd    expr
	idx   *variable
}

type table struct {
	name string
	rows []row
}

type row struct {
	opt   constant
	value int
}

// addresses is a loop over what getaddrinfo() gives for hints.
type addresses struct {
	family, typ expr
	ai          *addrInfo
	hints, res  string
	fail        []stmt
	body        []stmt
}

type addrInfo struct{ name string }

// aiField is a member of the address at hand.
type aiField struct {
	ai   *addrInfo
	name string // family, socktype
}

func (e aiField) c() string { return e.ai.name + "->ai_" + e.name }

// spawn starts a thread with an argument: a struct, or a descriptor as a pointer.
type spawn struct {
	fn  *function
	arg expr
	id  int
}

type function struct {
	name   string
	ret    string // "int", "void" or "void *" for a thread
	params []*variable
	body   []stmt
	file   int
	kind   string
	calls  []*function
	leaves string // connected or listening: what its descriptor is already
}

// Prog is a program of one or two files.
type Prog struct {
	files   int
	macros  []*macro
	selects []string // macros of #if lines
	globals []*variable
	objects []*object
	arrays  []*array
	tables  []*table
	funcs   []*function
	sites   []*site
	calls   int
}
