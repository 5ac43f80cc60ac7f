package pathtest

import "fmt"

// gen makes a program from bytes; after the last it takes the simplest choice.
type gen struct {
	b       []byte
	p       *Prog
	setters []*function
	makers  []*function
	serves  []*function
	handles []*function
	users   []*function
	threads []*function // of a descriptor or a struct
	readies []*function // handlers of a struct that watch() puts into the list of dispatch()
	watch   *function
	run     *function // dispatch()
	sweep   *function // goes over an array
	names   int
}

var (
	inet      = constant{"AF_INET", afInet}
	inet6     = constant{"AF_INET6", afInet6}
	unix      = constant{"AF_UNIX", afUnix}
	stream    = constant{"SOCK_STREAM", sockStream}
	dgram     = constant{"SOCK_DGRAM", sockDgram}
	cloexec   = constant{"SOCK_CLOEXEC", 0o2000000}
	keepalive = constant{"SO_KEEPALIVE", soKeepalive}
	reuse     = constant{"SO_REUSEADDR", 2}
	broadcast = constant{"SO_BROADCAST", 6}
)

func num(n int) constant { return constant{fmt.Sprint(n), n} }

// New makes the program of some bytes.
func New(b []byte) *Prog {
	g := &gen{b: b, p: &Prog{files: 1}}
	if g.chance(30) {
		g.p.files = 2
	}
	g.world()
	for range g.n(3) {
		g.setters = append(g.setters, g.setter())
	}
	for range g.n(3) {
		g.handles = append(g.handles, g.handler())
	}
	for range g.n(3) {
		g.threads = append(g.threads, g.thread())
	}
	if g.chance(35) {
		g.registry()
	}
	for range g.n(3) {
		g.makers = append(g.makers, g.maker())
	}
	for range g.n(2) {
		g.serves = append(g.serves, g.server())
	}
	for range 1 + g.n(3) {
		g.users = append(g.users, g.user())
	}
	if len(g.p.arrays) > 0 {
		g.sweep = g.sweeper()
	}
	g.main()
	return g.p
}

func (g *gen) byte() int {
	if len(g.b) == 0 {
		return 0
	}
	x := g.b[0]
	g.b = g.b[1:]
	return int(x)
}

func (g *gen) n(k int) int { return g.byte() * k / 256 }

func (g *gen) chance(percent int) bool { return g.byte()*100 >= (100-percent)*256 }

// pick takes one of several ways by weight; the first is the simplest.
func (g *gen) pick(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	x := g.byte() * sum / 256
	for n, w := range weights {
		if x -= w; x < 0 {
			return n
		}
	}
	return 0
}

func (g *gen) name(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

// world makes globals, macros and objects.
func (g *gen) world() {
	p := g.p
	for range g.n(3) {
		m := &macro{name: g.name("FAMILY"), values: []constant{g.family()}}
		if g.chance(50) {
			m.under, m.values = g.selector(), append(m.values, g.family())
		}
		p.macros = append(p.macros, m)
	}
	for _, name := range []string{"opt_keep", "opt_mode"} {
		p.globals = append(p.globals, &variable{name: name, typ: "int", glob: true, init: g.fixed()})
	}
	if g.chance(50) {
		p.globals = append(p.globals, &variable{name: "cfg_family", typ: "int", glob: true, init: g.maybe(40, func() expr {
			return g.family()
		})})
	}
	if g.chance(40) {
		p.globals = append(p.globals, &variable{name: "main_fd", typ: "int", glob: true, init: num(-1)})
	}
	if g.chance(25) {
		p.arrays = append(p.arrays, &array{name: "slots", listens: g.chance(50)})
	}
	for range g.n(3) {
		o := &object{name: g.name("conn"), init: map[string]expr{}}
		o.init["family"], o.init["type"] = g.family(), g.typeConst()
		p.objects = append(p.objects, o)
	}
	for n := range p.files {
		for range g.n(2) {
			t := &table{name: fmt.Sprintf("%s_%d", g.name("rows"), n)}
			for range 1 + g.n(3) {
				t.rows = append(t.rows, row{[]constant{reuse, keepalive, broadcast}[g.n(3)], 1 - g.pick(4, 1)})
			}
			p.tables = append(p.tables, t)
		}
	}
}

// fixed is the value of an option without a choice. What other files can reach
// might be set by code that is not in the program.
func (g *gen) fixed() expr {
	if g.p.files > 1 || !g.chance(25) {
		return nil
	}
	return num(g.n(2))
}

func (g *gen) maybe(percent int, f func() expr) expr {
	if g.chance(percent) {
		return f()
	}
	return nil
}

// free is an input of n values.
func (g *gen) free(n int) expr {
	if g.chance(25) {
		return free{n: n}
	}
	g.names++
	return free{n: n, index: g.names}
}

// selector is a macro that selects branches of #if.
func (g *gen) selector() string {
	if len(g.p.selects) > 0 && g.chance(50) {
		return g.p.selects[0]
	}
	s := g.name("WITH_X")
	g.p.selects = append(g.p.selects, s)
	return s
}

func (g *gen) family() constant    { return []constant{inet, unix, inet6}[g.pick(5, 3, 1)] }
func (g *gen) typeConst() constant { return []constant{stream, dgram}[g.pick(5, 1)] }

// scope is what is known inside a function while it is made.
type scope struct {
	g     *gen
	fn    *function
	decls []stmt
	on    [2]*variable
	ints  []*variable // parameters and globals to decide by
	fams  []expr
	types []expr
	conns []expr
	loops int
	out   string // a label at the end
	fds   []expr // to be closed at the label
	made  expr   // the family of the socket, where it is a parameter or a member
	got   string // what the descriptor of another function is already
}

func (g *gen) begin(kind, ret, name string, params ...*variable) *scope {
	fn := &function{name: name, ret: ret, params: params, kind: kind}
	if g.p.files > 1 {
		fn.file = g.n(2)
	}
	s := &scope{g: g, fn: fn}
	for _, v := range g.p.globals {
		if v.name == "opt_keep" || v.name == "opt_mode" {
			s.ints = append(s.ints, v)
		}
		if v.name == "cfg_family" {
			s.fams = append(s.fams, varRef{v})
		}
	}
	for _, m := range g.p.macros {
		s.fams = append(s.fams, macroRef{m})
	}
	for _, v := range params {
		v.param = true
		switch v.name {
		case "family":
			s.fams = append(s.fams, varRef{v}, varRef{v})
		case "type":
			s.types = append(s.types, varRef{v})
		case "c":
			s.conns = append(s.conns, varRef{v})
			s.fams = append(s.fams, field{varRef{v}, "family"}, field{varRef{v}, "family"})
			s.types = append(s.types, field{varRef{v}, "type"})
		case "on", "mode":
			s.ints = append(s.ints, v, v)
		}
	}
	return s
}

// end completes the function.
func (s *scope) end(body []stmt) *function {
	last := body
	if s.out != "" {
		last = append(last, label{s.out})
		for _, fd := range s.fds {
			last = append(last, ifStmt{cond: binary{">=", fd, num(0)}, then: []stmt{exprStmt{system{name: "close", fd: fd}}}})
		}
		last = append(last, s.leave()...)
	}
	s.fn.body = append(s.decls, last...)
	s.g.p.funcs = append(s.g.p.funcs, s.fn)
	return s.fn
}

func (s *scope) leave() []stmt {
	switch s.fn.ret {
	case "void":
		return []stmt{ret{}}
	case "void *":
		return []stmt{ret{constant{"NULL", 0}}}
	}
	return []stmt{ret{num(-1)}}
}

// local declares a local of type int.
func (s *scope) local(prefix string, init expr) *variable {
	v := &variable{name: s.g.name(prefix), typ: "int"}
	s.decls = append(s.decls, declare{v, init})
	return v
}

// value is a local with 0 or 1.
func (s *scope) value(on int) *variable {
	if s.on[on] == nil {
		s.on[on] = s.local([]string{"off", "on"}[on], num(on))
	}
	return s.on[on]
}

// cond is a condition of some kind.
func (s *scope) cond(depth int) expr {
	g := s.g
	switch g.pick(4, 4, 1, 1, 1, 1) {
	case 1:
		v := varRef{s.ints[g.n(len(s.ints))]}
		if g.chance(30) {
			return binary{"==", v, num(1)}
		}
		return v
	case 2:
		if depth > 0 {
			return not{s.cond(depth - 1)}
		}
	case 3:
		if depth > 0 {
			return binary{[]string{"&&", "||"}[g.n(2)], s.cond(depth - 1), s.cond(depth - 1)}
		}
	case 4: // what the socket was made with
		if s.made != nil {
			return binary{"!=", s.made, unix}
		}
	case 5:
		for _, c := range s.conns {
			return field{c, "flags"}
		}
	}
	return g.free(2)
}

// domain is an expression for a family, kind one for a type.
func (s *scope) domain() expr {
	g := s.g
	switch g.pick(4, 5, 1, 1) {
	case 1:
		if len(s.fams) > 0 {
			return s.fams[g.n(len(s.fams))]
		}
	case 2:
		return ternary{s.cond(0), g.family(), g.family()}
	case 3:
		v := &variable{name: g.name("family"), typ: "int", stat: true}
		s.decls = append(s.decls, declare{v, g.family()})
		return varRef{v}
	}
	return g.family()
}

func (s *scope) kind() expr {
	g := s.g
	switch g.pick(8, 4, 1, 1) {
	case 1:
		if len(s.types) > 0 {
			return s.types[g.n(len(s.types))]
		}
	case 2:
		return ternary{s.cond(0), g.typeConst(), g.typeConst()}
	case 3:
		return binary{"|", stream, cloexec}
	}
	return g.typeConst()
}

// fail is what follows a failure: a message, and the way out.
func (s *scope) fail(what string, release ...expr) []stmt {
	g := s.g
	var out []stmt
	if g.chance(40) {
		out = append(out, raw{[]string{"perror(\"" + what + "\");", "fprintf(stderr, \"cannot " + what + "\\n\");"}[g.n(2)]})
	}
	if s.out != "" && s.loops == 0 && g.chance(60) {
		return append(out, gotoStmt{s.out})
	}
	for _, fd := range release {
		out = append(out, exprStmt{system{name: "close", fd: fd}})
	}
	if s.loops > 0 {
		return append(out, jump{[]string{"continue", "break"}[g.pick(3, 1)]})
	}
	return append(out, s.leave()...)
}

// wrap puts statements under a condition, a loop or an #if.
func (s *scope) wrap(body []stmt) []stmt {
	g := s.g
	if len(body) == 0 {
		return nil
	}
	switch g.pick(10, 3, 1, 1, 1) {
	case 1:
		return []stmt{ifStmt{cond: s.cond(1), then: body}}
	case 2:
		return []stmt{ifStmt{cond: s.cond(1), then: []stmt{raw{"puts(\"none\");"}}, els: body}}
	case 3:
		return []stmt{hashIf{under: g.selector(), then: body}}
	case 4:
		v := s.local("n", num(0))
		return []stmt{loop{kind: "for", init: assign{varRef{v}, num(0)}, cond: binary{"<", varRef{v}, num(1 + g.n(2))},
			post: assign{varRef{v}, binary{"+", varRef{v}, num(1)}}, body: body}}
	}
	return body
}

func (s *scope) setopt(fd, opt expr, v *variable, mayFail bool) system {
	return system{name: "setsockopt", fd: fd, opt: opt, value: v, mayFail: mayFail, macro: s.g.chance(10)}
}

// option sets or clears an option of fd, mostly keepalive.
func (s *scope) option(fd expr) []stmt {
	g := s.g
	switch g.pick(5, 3, 4, 1, 2, 1, 1) {
	case 1:
		return []stmt{ifStmt{cond: binary{"<", s.setopt(fd, keepalive, s.value(1), true), num(0)},
			then: []stmt{raw{"perror(\"setsockopt\");"}}}}
	case 2:
		if len(g.setters) > 0 {
			if list := s.callSetter(g.setters[g.n(len(g.setters))], fd); list != nil {
				return list
			}
		}
	case 3:
		for _, t := range g.p.tables {
			if t.name[len(t.name)-1] == byte('0'+s.fn.file) {
				return []stmt{rows{t, fd, s.local("i", nil)}}
			}
		}
	case 4:
		return []stmt{exprStmt{s.setopt(fd, reuse, s.value(1), false)}}
	case 5:
		return []stmt{exprStmt{s.setopt(fd, keepalive, s.value(0), false)}}
	case 6:
		for _, c := range s.conns {
			return []stmt{ifStmt{cond: binary{"!=", field{c, "setup"}, constant{"NULL", 0}},
				then: []stmt{exprStmt{indirect{&field{c, "setup"}, []expr{fd}, g.callID()}}}}}
		}
	}
	return []stmt{exprStmt{s.setopt(fd, keepalive, s.value(1), false)}}
}

// call is a call of a function of the program.
func (s *scope) call(f *function, args []expr) call {
	s.fn.calls = append(s.fn.calls, f)
	return call{f, args, s.g.callID()}
}

func (g *gen) callID() int {
	g.p.calls++
	return g.p.calls
}

// callSetter calls a function that sets options, with what it wants.
func (s *scope) callSetter(f *function, fd expr) []stmt {
	g := s.g
	var args []expr
	for _, v := range f.params {
		switch v.name {
		case "fd":
			args = append(args, fd)
		case "on":
			args = append(args, []expr{num(1), num(0), varRef{s.ints[0]}}[g.pick(4, 2, 2)])
		case "mode":
			args = append(args, []expr{num(1), num(0), g.free(3)}[g.pick(2, 2, 1)])
		case "opt":
			args = append(args, []expr{keepalive, reuse}[g.pick(3, 1)])
		case "c":
			c, ok := fd.(field)
			if !ok || c.name != "fd" {
				return nil
			}
			args = append(args, c.obj)
		}
	}
	e := s.call(f, args)
	if f.ret == "int" && g.chance(40) {
		return []stmt{ifStmt{cond: binary{"<", e, num(0)}, then: s.fail("set options", fd)}}
	}
	return []stmt{exprStmt{e}}
}

// options are none to two options, with what may stand around them.
func (s *scope) options(fd expr) (out []stmt) {
	for range s.g.n(3) {
		out = append(out, s.wrap(s.option(fd))...)
	}
	return out
}

func (g *gen) setter() *function {
	fd := &variable{name: "fd", typ: "int"}
	params := [][]*variable{{fd}, {fd, {name: "on", typ: "int"}}, {{name: "c", typ: "struct conn *"}},
		{fd, {name: "opt", typ: "int"}, {name: "on", typ: "int"}}, {fd, {name: "mode", typ: "int"}}}[g.n(5)]
	s := g.begin("setter", []string{"void", "int"}[g.n(2)], g.name("setup"), params...)
	var target expr = varRef{fd}
	if params[0].name == "c" {
		target = field{varRef{params[0]}, "fd"}
	}
	var body []stmt
	switch {
	case len(params) > 1 && params[1].name == "mode":
		sw := switchStmt{on: varRef{params[1]}}
		for n := range 1 + g.n(3) {
			sw.cases = append(sw.cases, switchCase{label: num(n), body: s.option(target), fall: g.chance(20)})
		}
		if g.chance(50) {
			sw.cases = append(sw.cases, switchCase{body: s.option(target)})
		}
		sw.cases[len(sw.cases)-1].fall = false
		body = append(body, sw)
	case len(params) > 1:
		var opt expr = keepalive
		if params[1].name == "opt" {
			opt = varRef{params[1]}
		}
		e := s.setopt(target, opt, params[len(params)-1], false)
		if g.chance(30) {
			body = append(body, ifStmt{cond: varRef{params[len(params)-1]}, then: []stmt{exprStmt{e}}})
		} else {
			body = append(body, exprStmt{e})
		}
	default:
		if g.chance(30) {
			body = append(body, ifStmt{cond: s.cond(1), then: s.done()})
		}
		body = append(body, s.wrap(s.option(target))...)
	}
	if s.fn.ret == "int" {
		body = append(body, ret{num(0)})
	}
	return s.end(body)
}

// done leaves in success.
func (s *scope) done() []stmt {
	if s.fn.ret != "int" {
		return s.leave()
	}
	return []stmt{ret{num(0)}}
}

func (g *gen) handler() *function {
	s := g.begin("handler", "void", g.name("handle"), &variable{name: "fd", typ: "int"})
	fd := varRef{s.fn.params[0]}
	var body []stmt
	if g.chance(50) {
		body = append(body, s.options(fd)...)
	}
	body = append(body, s.talk(fd)...)
	return s.end(body)
}

// talk writes and closes.
func (s *scope) talk(fd expr) []stmt {
	g := s.g
	w := exprStmt{system{name: "write", fd: fd}}
	c := append([]stmt{exprStmt{system{name: "close", fd: fd}}}, s.gone(fd)...)
	switch s.g.pick(5, 2, 1, 1) {
	case 1:
		return []stmt{w}
	case 2:
		return c
	case 3:
		return append([]stmt{loop{kind: "while", cond: g.free(2), body: []stmt{w}}}, c...)
	}
	return append([]stmt{w}, c...)
}

// gone says in an array, where others look, that a descriptor is not there any more.
func (s *scope) gone(fd expr) []stmt {
	if _, ok := fd.(elem); ok {
		return []stmt{exprStmt{assign{fd, num(-1)}}}
	}
	return nil
}
