package pathtest

import (
	"slices"
	"strings"
)

func (g *gen) socket(domain, typ expr, mayFail bool) *site {
	s := &site{name: "socket", domain: domain, typ: typ, proto: []string{"0", "IPPROTO_TCP"}[0], mayFail: mayFail, id: len(g.p.sites)}
	g.p.sites = append(g.p.sites, s)
	return s
}

func (g *gen) accept(l expr, mayFail bool) *site {
	s := &site{name: []string{"accept", "accept4"}[g.pick(4, 1)], listener: l, mayFail: mayFail, id: len(g.p.sites)}
	if s.name == "accept" {
		s.peer = g.chance(50)
	}
	g.p.sites = append(g.p.sites, s)
	return s
}

func negative(e expr, way int) expr {
	if way == 0 {
		return binary{"<", e, num(0)}
	}
	return binary{"==", e, num(-1)}
}

// create puts a new socket into fd.
func (s *scope) create(fd expr) []stmt {
	g := s.g
	way := g.n(2)
	if way := g.pick(4, 1); way == 1 { // the family is asked for again later
		d := s.domain()
		switch d.(type) {
		case varRef, field:
			s.made = d
			return []stmt{exprStmt{assign{fd, g.socket(d, s.kind(), true)}}, ifStmt{cond: negative(fd, way), then: s.fail("socket")}}
		}
	}
	switch g.pick(4, 4, 1, 1, 2, 1, 1) {
	case 0:
		return []stmt{exprStmt{assign{fd, g.socket(s.domain(), s.kind(), true)}}, ifStmt{cond: negative(fd, way), then: s.fail("socket")}}
	case 2:
		return []stmt{exprStmt{assign{fd, g.socket(s.domain(), s.kind(), false)}}}
	case 3: // tried again
		return []stmt{loop{kind: "while", cond: negative(assign{fd, g.socket(s.domain(), s.kind(), true)}, way),
			body: []stmt{ifStmt{cond: g.free(2), then: s.leave()}}}}
	case 4:
		a := exprStmt{assign{fd, g.socket(s.domain(), s.kind(), true)}}
		b := exprStmt{assign{fd, g.socket(s.domain(), s.kind(), true)}}
		return []stmt{ifStmt{cond: s.cond(1), then: append([]stmt{a}, s.armOptions(fd)...), els: append([]stmt{b}, s.armOptions(fd)...)},
			ifStmt{cond: negative(fd, way), then: s.fail("socket")}}
	case 5:
		cond := s.cond(0)
		return []stmt{exprStmt{assign{fd, ternary{cond, g.socket(s.domain(), s.kind(), true), g.socket(s.domain(), s.kind(), true)}}},
			ifStmt{cond: negative(fd, way), then: s.fail("socket")}}
	case 6:
		sw := switchStmt{on: g.free(3)}
		for n := range 1 + g.n(3) {
			sw.cases = append(sw.cases, switchCase{label: num(n),
				body: append([]stmt{exprStmt{assign{fd, g.socket(s.domain(), s.kind(), true)}}}, s.armOptions(fd)...)})
		}
		sw.cases = append(sw.cases, switchCase{body: s.leave()})
		return []stmt{sw, ifStmt{cond: negative(fd, way), then: s.fail("socket")}}
	}
	return []stmt{ifStmt{cond: negative(assign{fd, g.socket(s.domain(), s.kind(), true)}, way), then: s.fail("socket")}}
}

// armOptions are options inside one of several arms.
func (s *scope) armOptions(fd expr) []stmt {
	if s.g.chance(25) {
		return []stmt{ifStmt{cond: binary{">=", fd, num(0)}, then: s.option(fd)}}
	}
	return nil
}

func (s *scope) connect(fd expr) []stmt {
	g := s.g
	c := system{name: "connect", fd: fd}
	switch g.pick(5, 2, 1, 1) {
	case 1:
		return []stmt{exprStmt{c}}
	case 2:
		c.mayFail = true
		return []stmt{loop{kind: "while", cond: binary{"<", c, num(0)}, body: []stmt{ifStmt{cond: g.free(2), then: s.leaveWith(fd)}}}}
	case 3:
		c.mayFail = true
		v := s.local("rc", nil)
		return []stmt{exprStmt{assign{varRef{v}, c}}, ifStmt{cond: binary{"!=", varRef{v}, num(0)}, then: s.fail("connect", fd)}}
	}
	c.mayFail = true
	return []stmt{ifStmt{cond: binary{"<", c, num(0)}, then: s.fail("connect", fd)}}
}

func (s *scope) leaveWith(fd expr) []stmt {
	return append([]stmt{exprStmt{system{name: "close", fd: fd}}}, s.leave()...)
}

func (s *scope) listen(fd expr) []stmt {
	g := s.g
	b := system{name: "bind", fd: fd, mayFail: true}
	l := system{name: "listen", fd: fd, mayFail: true}
	if g.chance(40) {
		return []stmt{ifStmt{cond: binary{"||", binary{"<", b, num(0)}, binary{"<", l, num(0)}}, then: s.fail("listen", fd)}}
	}
	b.mayFail = false
	return []stmt{exprStmt{b}, ifStmt{cond: binary{"<", l, num(0)}, then: s.fail("listen", fd)}}
}

// maker is a function that returns a descriptor, or fills a struct.
func (g *gen) maker() *function {
	var params []*variable
	switch {
	case g.chance(30):
		params = append(params, &variable{name: "c", typ: "struct conn *"})
	default:
		if g.chance(20) {
			params = append(params, &variable{name: "made", typ: "int *"})
		}
		for _, name := range []string{"family", "type", "mode", "on"} {
			if g.chance(45) {
				params = append(params, &variable{name: name, typ: "int"})
			}
		}
	}
	s := g.begin("maker", "int", g.name("make"), params...)
	var fd expr
	through := len(params) > 0 && params[0].name == "made"
	switch {
	case len(s.conns) > 0:
		fd = field{s.conns[0], "fd"}
	case through:
		fd = deref{varRef{params[0]}}
	default:
		v := s.local("fd", num(-1))
		fd = varRef{v}
		if g.chance(25) {
			s.out = g.name("out")
			s.fds = append(s.fds, fd)
		}
	}
	if len(s.conns) == 0 && !through && s.out == "" && g.chance(15) {
		return s.end([]stmt{ret{g.socket(s.domain(), s.kind(), true)}})
	}
	var body []stmt
	if len(g.makers) > 0 && g.chance(25) {
		body = s.fromMaker(fd)
	}
	if body == nil {
		body = s.create(fd)
	}
	body = append(body, s.options(fd)...)
	if s.got != "" {
		// it is what it is
	} else if g.chance(20) {
		s.fn.leaves = "connected"
		body = append(body, s.connect(fd)...)
	} else if g.chance(15) {
		s.fn.leaves = "listening"
		body = append(body, s.listen(fd)...)
	}
	if len(s.conns) > 0 || through {
		body = append(body, ret{num(0)})
	} else {
		body = append(body, ret{fd})
	}
	return s.end(body)
}

// fromMaker gets a descriptor from a function; nil where none fits.
func (s *scope) fromMaker(fd expr) []stmt {
	g := s.g
	f := g.makers[g.n(len(g.makers))]
	var args []expr
	for _, v := range f.params {
		switch v.name {
		case "family":
			args = append(args, s.domain())
		case "type":
			args = append(args, s.kind())
		case "mode":
			args = append(args, []expr{num(0), num(1), g.free(2)}[g.n(3)])
		case "on":
			args = append(args, []expr{num(1), num(0), varRef{s.ints[0]}}[g.n(3)])
		case "made":
			if p, ok := fd.(deref); ok {
				args = append(args, p.p)
			} else {
				args = append(args, refTo{fd})
			}
		case "c":
			c, ok := fd.(field)
			if !ok {
				return nil
			}
			args = append(args, c.obj)
		}
	}
	e := s.call(f, args)
	s.got = f.leaves
	if s.fn.kind == "maker" {
		s.fn.leaves = f.leaves
	}
	if len(f.params) > 0 && (f.params[0].name == "c" || f.params[0].name == "made") {
		return []stmt{ifStmt{cond: negative(e, 0), then: s.fail("open")}}
	}
	if g.chance(50) {
		return []stmt{ifStmt{cond: negative(assign{fd, e}, g.n(2)), then: s.fail("open")}}
	}
	return []stmt{exprStmt{assign{fd, e}}, ifStmt{cond: negative(fd, g.n(2)), then: s.fail("open")}}
}

// server accepts from the listener that it is given.
func (g *gen) server() *function {
	param := &variable{name: "fd", typ: "int"}
	var l expr = varRef{param}
	if g.chance(30) {
		param = &variable{name: "c", typ: "struct conn *"}
		l = field{varRef{param}, "fd"}
	}
	s := g.begin("server", "void", g.name("serve"), param)
	return s.end(s.acceptLoop(l))
}

func (s *scope) acceptLoop(l expr) []stmt {
	g := s.g
	v := varRef{s.local("client", nil)}
	once := g.chance(20)
	if !once {
		s.loops++
	}
	var body []stmt
	switch g.pick(3, 2) {
	case 0:
		body = append(body, exprStmt{assign{v, g.accept(l, true)}}, ifStmt{cond: negative(v, g.n(2)), then: s.fail("accept")})
	default:
		body = append(body, ifStmt{cond: negative(assign{v, g.accept(l, true)}, g.n(2)), then: s.fail("accept")})
	}
	if g.chance(60) {
		body = append(body, s.options(v)...)
	}
	if g.chance(10) {
		body = append(body, ifStmt{cond: s.cond(0), then: []stmt{exprStmt{system{name: "close", fd: v}}, s.next(once)}})
	}
	switch {
	case len(g.handles) > 0 && g.chance(60):
		body = append(body, exprStmt{s.call(g.handles[g.n(len(g.handles))], []expr{v})})
	case len(g.threads) > 0 && g.threads[0].takesDescriptor() && g.chance(50):
		body = append(body, s.start(g.threads[0], v))
	default:
		body = append(body, s.talk(v)...)
	}
	if once {
		return body
	}
	s.loops--
	switch g.pick(3, 2, 1) {
	case 1:
		return []stmt{loop{kind: "while", cond: g.free(2), body: body}}
	case 2:
		return []stmt{loop{kind: "do", cond: g.free(2), body: body}}
	}
	return []stmt{loop{kind: "ever", body: body}}
}

func (s *scope) next(once bool) stmt {
	if !once {
		return jump{"continue"}
	}
	return s.leave()[0]
}

// user makes a socket and uses it.
func (g *gen) user() *function {
	var params []*variable
	if g.chance(25) {
		params = append(params, &variable{name: "family", typ: "int"})
	}
	if g.chance(25) {
		params = append(params, &variable{name: "mode", typ: "int"})
	}
	s := g.begin("user", []string{"void", "int"}[g.n(2)], g.name("use"), params...)
	if g.chance(15) {
		return s.end(append(s.lookup(), s.done()...))
	}
	fd, body := s.target()
	var made []stmt
	if len(g.makers) > 0 && g.chance(65) {
		made = s.fromMaker(fd)
	}
	if made == nil {
		made = s.create(fd)
	}
	body = append(body, made...)
	if g.chance(50) {
		body = append(body, s.options(fd)...)
	}
	if g.chance(10) {
		v := varRef{s.local("copy", nil)}
		body = append(body, exprStmt{assign{v, system{name: "dup", fd: fd}}})
		body = append(body, s.options(v)...)
	}
	if v, ok := fd.(varRef); ok && !v.v.glob && s.out == "" && g.chance(15) {
		c := s.freshConn()
		body = append(body, exprStmt{assign{field{c, "fd"}, fd}})
		fd = field{c, "fd"}
	}
	way := g.pick(6, 4, 1)
	e, ok := fd.(elem)
	if ok {
		way = map[bool]int{false: 0, true: 1}[e.arr.listens]
	}
	switch s.got {
	case "connected":
		way = 0
	case "listening":
		way = 1
	}
	switch way {
	case 0:
		if s.got == "" {
			body = append(body, s.connect(fd)...)
		}
		if g.chance(30) {
			body = append(body, s.options(fd)...)
		}
		body = append(body, s.spend(fd)...)
	case 1:
		if s.got == "" {
			body = append(body, s.listen(fd)...)
		}
		if g.chance(20) {
			body = append(body, s.options(fd)...)
		}
		body = append(body, s.serve(fd)...)
	default:
		body = append(body, exprStmt{system{name: "close", fd: fd}})
		if g.chance(30) {
			body = append(body, s.options(fd)...)
		}
	}
	return s.end(append(body, s.done()...))
}

// spend hands a connected descriptor on, or uses it here.
func (s *scope) spend(fd expr) []stmt {
	g := s.g
	if len(g.handles) > 0 && g.chance(40) {
		return append([]stmt{exprStmt{s.call(g.handles[g.n(len(g.handles))], []expr{fd})}}, s.gone(fd)...)
	}
	if c, ok := fd.(field); ok && s.fn.kind == "user" && g.chance(40) {
		if list := s.watched(c.obj, "io"); list != nil {
			return list
		}
	}
	for _, f := range g.threads {
		if !g.chance(40) {
			continue
		}
		if f.takesDescriptor() {
			return append([]stmt{s.start(f, fd)}, s.gone(fd)...)
		}
		if c, ok := fd.(field); ok {
			return []stmt{s.start(f, c.obj)}
		}
	}
	if e, ok := fd.(elem); ok && !e.arr.listens && g.chance(60) {
		return nil // for the one that goes over the array
	}
	return s.talk(fd)
}

func (s *scope) serve(fd expr) []stmt {
	g := s.g
	if e, ok := fd.(elem); ok && e.arr.listens {
		return nil // for the one that goes over the array
	}
	if c, ok := fd.(field); ok && g.chance(60) {
		if list := s.watched(c.obj, "accept"); list != nil {
			return list
		}
	}
	for _, f := range g.serves {
		if f.params[0].name == "fd" {
			return []stmt{exprStmt{s.call(f, []expr{fd})}}
		}
		if c, ok := fd.(field); ok {
			return []stmt{exprStmt{s.call(f, []expr{c.obj})}}
		}
	}
	return s.acceptLoop(fd)
}

// target is where the descriptor lies: a local, a global, a member.
func (s *scope) target() (expr, []stmt) {
	g := s.g
	switch g.pick(5, 1, 3, 2, 2) {
	case 1:
		for _, v := range g.p.globals {
			if v.name == "main_fd" {
				return varRef{v}, nil
			}
		}
	case 2:
		if len(g.p.objects) > 0 {
			o := g.p.objects[g.n(len(g.p.objects))]
			a := address{o}
			s.conns = append(s.conns, a)
			s.fams = append(s.fams, field{a, "family"})
			s.types = append(s.types, field{a, "type"})
			return field{a, "fd"}, s.prepare(a)
		}
	case 4:
		for _, a := range g.p.arrays {
			return elem{a, num(g.n(arraySize))}, nil
		}
	case 3:
		c := s.freshConn()
		list := []stmt{exprStmt{assign{field{c, "family"}, s.domain()}}, exprStmt{assign{field{c, "type"}, s.kind()}},
			exprStmt{assign{field{c, "flags"}, g.free(2)}}}
		return field{c, "fd"}, append(list, s.prepare(c)...)
	}
	v := s.local("fd", num(-1))
	if g.chance(20) {
		s.out = g.name("out")
		s.fds = append(s.fds, varRef{v})
	}
	return varRef{v}, nil
}

// address is the address of a function.
func (s *scope) address(f *function) expr {
	s.fn.calls = append(s.fn.calls, f)
	return funcRef{f}
}

// prepare gives members of a struct values.
func (s *scope) prepare(c expr) (out []stmt) {
	g := s.g
	if g.chance(30) {
		out = append(out, exprStmt{assign{field{c, "family"}, s.domain()}})
	}
	if g.chance(30) {
		for _, f := range g.setters {
			if len(f.params) == 1 && f.params[0].name == "fd" && f.ret == "int" {
				out = append(out, exprStmt{assign{field{c, "setup"}, s.address(f)}})
				break
			}
		}
	}
	return out
}

// lookup loops over the addresses of a name.
func (s *scope) lookup() []stmt {
	g := s.g
	fd := varRef{s.local("fd", num(-1))}
	ai := &addrInfo{name: g.name("ai")}
	a := addresses{ai: ai, hints: g.name("hints"), res: g.name("res"), fail: s.leave()}
	a.family = []constant{{"AF_UNSPEC", 0}, inet, inet6}[g.n(3)]
	a.typ = []constant{stream, dgram, {"0", 0}}[g.pick(5, 1, 1)]
	s.loops++
	a.body = []stmt{exprStmt{assign{fd, g.socket(aiField{ai, "family"}, aiField{ai, "socktype"}, true)}},
		ifStmt{cond: negative(fd, 0), then: []stmt{jump{"continue"}}}}
	a.body = append(a.body, s.options(fd)...)
	c := system{name: "connect", fd: fd, mayFail: true}
	a.body = append(a.body, ifStmt{cond: binary{"==", c, num(0)}, then: []stmt{jump{"break"}}},
		exprStmt{system{name: "close", fd: fd}}, exprStmt{assign{fd, num(-1)}})
	s.loops--
	out := []stmt{a, ifStmt{cond: binary{"<", fd, num(0)}, then: s.leave()}}
	if g.chance(40) {
		out = append(out, s.options(fd)...)
	}
	return append(out, s.spend(fd)...)
}

// main chooses options and calls the users.
func (g *gen) main() {
	s := g.begin("main", "int", "main")
	s.fn.file = 0
	var body []stmt
	for _, v := range g.p.globals {
		switch {
		case strings.HasPrefix(v.name, "opt_") && v.init == nil:
			body = append(body, exprStmt{assign{varRef{v}, g.free(2)}})
		case v.name == "cfg_family" && v.init == nil:
			body = append(body, exprStmt{assign{varRef{v}, []expr{g.family(), ternary{g.free(2), g.family(), g.family()}}[g.n(2)]}})
		}
	}
	for _, o := range g.p.objects {
		body = append(body, exprStmt{assign{field{address{o}, "flags"}, g.free(2)}})
	}
	for _, f := range g.users {
		var args []expr
		for _, v := range f.params {
			if strings.HasPrefix(v.name, "family") {
				args = append(args, s.domain())
			} else {
				args = append(args, []expr{num(0), num(1), g.free(2)}[g.n(3)])
			}
		}
		run := []stmt{exprStmt{s.call(f, args)}}
		switch g.pick(3, 1, 1) { // not by an option that the function asks for as well
		case 1:
			run = []stmt{ifStmt{cond: g.free(2), then: run}}
		case 2:
			run = []stmt{hashIf{under: g.selector(), then: run}}
		}
		body = append(body, run...)
	}
	if g.run != nil {
		body = append(body, exprStmt{s.call(g.run, nil)}, exprStmt{s.call(g.run, nil)})
	}
	if g.sweep != nil {
		body = append(body, exprStmt{s.call(g.sweep, nil)})
	}
	g.prune(s.end(append(body, ret{num(0)})))
}

// prune drops the functions that nothing calls: they would be judged for any caller.
func (g *gen) prune(from *function) {
	called := map[*function]bool{}
	var visit func(f *function)
	visit = func(f *function) {
		if called[f] {
			return
		}
		called[f] = true
		for _, k := range f.calls {
			visit(k)
		}
	}
	visit(from)
	g.p.funcs = slices.DeleteFunc(g.p.funcs, func(f *function) bool { return !called[f] })
}
