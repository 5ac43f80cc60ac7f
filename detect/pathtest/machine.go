package pathtest

import "fmt"

type kind int

const (
	undef kind = iota
	number
	desc
	conn
	code
	ref
)

// val is a number, or the index of a descriptor, a struct, a function or a place.
type val struct {
	k kind
	n int
}

// sock is one socket that a path made.
type sock struct {
	site      *site
	family    int
	stream    bool
	connected bool
	listening bool
	data      bool
	keep      bool
	refs      int
	from      *sock // the listener it was accepted from
	accepted  []*sock
	way       string // the calls that lead to the site
	off       bool   // the option was turned off last
	sets      int    // how often the option was turned on
	outcome   string
}

type descriptor struct {
	s    *sock
	open bool
}

// ctl is how a statement ends.
type ctl struct {
	kind  string // "" break continue return goto
	label string
	v     val
}

// stop ends a path; one that is not valid says nothing.
type stop struct {
	valid bool
	why   string
}

type frame map[*variable]val

// machine executes one path.
type machine struct {
	p      *Prog
	in     *oracle
	vars   frame // globals and static locals
	cur    frame
	descs  []descriptor
	socks  []*sock
	conns  []map[string]val
	objs   map[*object]int
	arrays map[*array][]val
	refs   []place
	funcs  []*function
	stack  []int
	steps  int
	world  map[string]int
	ai     map[*addrInfo]map[string]int
	inited map[*variable]bool
	log    []string
}

// place is where a pointer to an int leads: a variable of a frame, a member of a struct, an
// element of an array.
type place struct {
	vars frame
	v    *variable
	conn int
	name string
	arr  *array
	at   int
}

// oracle answers the free choices of one path, and counts them.
type oracle struct {
	script []int
	arity  []int
	pos    int
	random func(n int) int
}

func (o *oracle) choose(n int) int {
	if n <= 1 {
		return 0
	}
	if o.pos == len(o.script) {
		c := 0
		if o.random != nil {
			c = o.random(n)
		}
		o.script, o.arity = append(o.script, c), append(o.arity, n)
	}
	o.pos++
	return o.script[o.pos-1]
}

// next is the next path in depth-first order; false after the last.
func (o *oracle) next() bool {
	o.pos = 0
	for n := len(o.script) - 1; n >= 0; n-- {
		if o.script[n]+1 < o.arity[n] {
			o.script[n]++
			o.script, o.arity = o.script[:n+1], o.arity[:n+1]
			return true
		}
	}
	return false
}

const (
	maxSteps  = 3000
	maxRounds = 3
)

func newMachine(p *Prog, in *oracle) *machine {
	m := &machine{p: p, in: in, vars: frame{}, objs: map[*object]int{}, arrays: map[*array][]val{}, world: map[string]int{},
		ai: map[*addrInfo]map[string]int{}, inited: map[*variable]bool{}}
	for _, s := range p.selects {
		m.world[s] = in.choose(2)
	}
	m.funcs = p.funcs
	m.cur = frame{}
	for _, v := range p.globals {
		m.vars[v] = val{number, 0}
		if v.init != nil {
			m.vars[v] = v.init.ev(m)
		}
	}
	for _, a := range p.arrays {
		m.arrays[a] = make([]val, arraySize)
		for i := range m.arrays[a] {
			m.arrays[a][i] = val{number, 0}
		}
	}
	for _, o := range p.objects {
		m.objs[o] = m.newConn()
		for name, e := range o.init {
			m.conns[m.objs[o]][name] = e.ev(m)
		}
	}
	return m
}

func (m *machine) newConn() int {
	m.conns = append(m.conns, map[string]val{"fd": {number, 0}, "family": {number, 0},
		"type": {number, 0}, "flags": {number, 0}, "setup": {number, 0}, "ready": {number, 0}, "next": {number, 0}})
	return len(m.conns) - 1
}

// run executes main; false where the path is none.
func (m *machine) run() (valid bool) {
	defer func() {
		if r := recover(); r != nil {
			s, ok := r.(stop)
			if !ok {
				panic(r)
			}
			valid = s.valid
		}
		if valid {
			for _, s := range m.socks {
				s.settle()
			}
		}
	}()
	m.call(m.p.funcs[len(m.p.funcs)-1], nil, 0)
	return true
}

// settle sums up what a socket was on the path.
func (s *sock) settle() {
	tcp := s.stream && (s.family == 2 || s.family == 10)
	s.outcome = "unused"
	switch {
	case !tcp:
		s.outcome = "other"
	case s.from == nil && s.listening:
		s.outcome = "listener"
		if s.keep {
			s.outcome = "on"
			break
		}
		for _, a := range s.accepted {
			switch {
			case a.keep && s.outcome != "bare":
				s.outcome = "fed"
			case !a.keep && !a.atOnce():
				s.outcome = bareOr(a.off)
			case s.outcome == "listener":
				s.outcome = "quick"
			}
		}
	case (s.from != nil || s.connected) && s.atOnce(): // taken or tried, no more
	case s.keep && (s.connected || s.from != nil):
		s.outcome = "on"
	case s.connected || s.from != nil:
		s.outcome = bareOr(s.off)
	}
}

// bareOr is the outcome of a socket without the option, which may have been turned off.
func bareOr(off bool) string {
	if off {
		return "off"
	}
	return "bare"
}

// atOnce reports whether a socket was closed without being used, or was accepted and is still to be
// served when the path ends.
func (s *sock) atOnce() bool { return !s.data && (s.refs == 0 || s.from != nil) }

func (m *machine) note(format string, args ...any) {
	m.log = append(m.log, fmt.Sprintf(format, args...))
}

func (m *machine) step() {
	if m.steps++; m.steps > maxSteps {
		panic(stop{false, "steps"})
	}
}

func (m *machine) call(f *function, args []val, id int) val {
	m.step()
	if len(m.stack) > 12 {
		panic(stop{false, "depth"})
	}
	old := m.cur
	m.cur = frame{}
	for n, v := range f.params {
		if n < len(args) {
			m.cur[v] = args[n]
		}
	}
	m.stack = append(m.stack, id)
	v := m.body(f)
	m.stack = m.stack[:len(m.stack)-1]
	m.cur = old
	return v
}

func (m *machine) body(f *function) val {
	for at := 0; at < len(f.body); {
		c := f.body[at].do(m)
		switch c.kind {
		case "return":
			return c.v
		case "goto":
			m.step()
			found := false
			for n, s := range f.body {
				if l, ok := s.(label); ok && l.name == c.label {
					at, found = n, true
				}
			}
			if !found {
				panic("no label " + c.label)
			}
			continue
		}
		at++
	}
	return val{number, 0}
}

func (m *machine) block(list []stmt) ctl {
	for _, s := range list {
		if c := s.do(m); c.kind != "" {
			return c
		}
	}
	return ctl{}
}

// truth is whether a value is not zero; a descriptor that exists is greater than 2.
func (m *machine) truth(v val) bool {
	switch v.k {
	case undef:
		panic(stop{false, "undefined"})
	case desc, conn, code, ref:
		return true
	}
	return v.n != 0
}

// num is a value as a number, for comparisons.
func (m *machine) num(v val) int {
	switch v.k {
	case undef:
		panic(stop{false, "undefined"})
	case desc:
		return v.n + 3
	case conn, code, ref:
		return v.n + 1000
	}
	return v.n
}

func (m *machine) get(v *variable) val {
	if v.glob || v.stat {
		return m.vars[v]
	}
	return m.cur[v]
}

func (m *machine) set(v *variable, x val) {
	if v.glob || v.stat {
		m.vars[v] = x
		return
	}
	m.cur[v] = x
}

func boolean(b bool) val {
	if b {
		return val{number, 1}
	}
	return val{number, 0}
}

func (e constant) ev(*machine) val { return val{number, e.n} }
func (e macroRef) ev(m *machine) val {
	return val{number, e.m.values[m.world[e.m.under]].n}
}
func (e varRef) ev(m *machine) val { return m.get(e.v) }
func (e field) ev(m *machine) val {
	return m.conns[m.structAt(e.obj)][e.name]
}

func (m *machine) structAt(e expr) int {
	v := e.ev(m)
	if v.k != conn {
		panic(stop{false, "no struct"})
	}
	return v.n
}

func (e refTo) ev(m *machine) val {
	p := place{}
	switch x := e.e.(type) {
	case varRef:
		if p.vars, p.v = m.cur, x.v; x.v.glob || x.v.stat {
			p.vars = m.vars
		}
	case field:
		p.conn, p.name = m.structAt(x.obj), x.name
	case elem:
		p.arr, p.at = x.arr, m.index(x)
	case deref: // &*p
		return x.p.ev(m)
	}
	m.refs = append(m.refs, p)
	return val{ref, len(m.refs) - 1}
}

// to is the place of a pointer.
func (e deref) to(m *machine) place {
	v := e.p.ev(m)
	if v.k != ref {
		panic(stop{false, "no place"})
	}
	return m.refs[v.n]
}

func (e deref) ev(m *machine) val {
	switch p := e.to(m); {
	case p.v != nil:
		return p.vars[p.v]
	case p.arr != nil:
		return m.arrays[p.arr][p.at]
	default:
		return m.conns[p.conn][p.name]
	}
}

// arraySize is the number of elements of an array.
const arraySize = 2

func (m *machine) index(e elem) int {
	i := m.num(e.i.ev(m))
	if i < 0 || i >= arraySize {
		panic(stop{false, "index"})
	}
	return i
}

func (e elem) ev(m *machine) val { return m.arrays[e.arr][m.index(e)] }

func (e address) ev(m *machine) val { return val{conn, m.objs[e.obj]} }
func (e fresh) ev(m *machine) val   { return val{conn, m.newConn()} }
func (e free) ev(m *machine) val    { return val{number, m.in.choose(e.n)} }
func (e not) ev(m *machine) val     { return boolean(!m.truth(e.e.ev(m))) }
func (e ternary) ev(m *machine) val {
	if m.truth(e.cond.ev(m)) {
		return e.a.ev(m)
	}
	return e.b.ev(m)
}

func (e binary) ev(m *machine) val {
	a := e.a.ev(m)
	switch e.op {
	case "&&":
		return boolean(m.truth(a) && m.truth(e.b.ev(m)))
	case "||":
		return boolean(m.truth(a) || m.truth(e.b.ev(m)))
	}
	x, y := m.num(a), m.num(e.b.ev(m))
	switch e.op {
	case "==":
		return boolean(x == y)
	case "!=":
		return boolean(x != y)
	case "<":
		return boolean(x < y)
	case ">":
		return boolean(x > y)
	case "<=":
		return boolean(x <= y)
	case ">=":
		return boolean(x >= y)
	case "+":
		return val{number, x + y}
	case "|":
		return val{number, x | y}
	case "&":
		return val{number, x & y}
	}
	panic("operator " + e.op)
}

func (e assign) ev(m *machine) val {
	v := e.e.ev(m)
	switch to := e.to.(type) {
	case varRef:
		m.set(to.v, v)
	case field:
		m.conns[m.structAt(to.obj)][to.name] = v
	case elem:
		m.arrays[to.arr][m.index(to)] = v
	case deref:
		switch p := to.to(m); {
		case p.v != nil:
			p.vars[p.v] = v
		case p.arr != nil:
			m.arrays[p.arr][p.at] = v
		default:
			m.conns[p.conn][p.name] = v
		}
	}
	return v
}

func (m *machine) args(list []expr) (out []val) {
	for _, a := range list {
		out = append(out, a.ev(m))
	}
	return out
}

func (e call) ev(m *machine) val { return m.call(e.fn, m.args(e.args), e.id) }

func (e indirect) ev(m *machine) val {
	v := e.f.ev(m)
	if v.k != code {
		panic(stop{false, "no function"})
	}
	return m.call(m.funcs[v.n], m.args(e.args), e.id)
}

func (e funcRef) ev(m *machine) val {
	for n, f := range m.funcs {
		if f == e.fn {
			return val{code, n}
		}
	}
	panic("no function " + e.fn.name)
}

func (e aiField) ev(m *machine) val { return val{number, m.ai[e.ai][e.name]} }
