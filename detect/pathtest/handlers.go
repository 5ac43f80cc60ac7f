package pathtest

// readyType is the type of a function that a struct holds for when its descriptor is ready.
const readyType = "ready"

// freshConn declares a struct of its own.
func (s *scope) freshConn() varRef {
	v := &variable{name: s.g.name("c"), typ: "struct conn *"}
	s.decls = append(s.decls, declare{v, fresh{}})
	s.conns = append(s.conns, varRef{v})
	return varRef{v}
}

// thread is a function that a thread runs, with a descriptor or a struct.
func (g *gen) thread() *function {
	arg := &variable{name: "arg", typ: "void *"}
	s := g.begin("thread", "void *", g.name("work"), arg)
	v := &variable{name: "fd", typ: "int"}
	var fd expr = varRef{v}
	if g.chance(50) {
		v = &variable{name: "c", typ: "struct conn *"}
		fd = field{varRef{v}, "fd"}
		s.conns = append(s.conns, varRef{v})
	}
	s.decls = append(s.decls, declare{v, varRef{arg}})
	var body []stmt
	if g.chance(50) {
		body = append(body, s.options(fd)...)
	}
	return s.end(append(append(body, s.talk(fd)...), s.leave()...))
}

// start starts a thread.
func (s *scope) start(f *function, arg expr) stmt {
	s.fn.calls = append(s.fn.calls, f)
	return spawn{f, arg, s.g.callID()}
}

// registry is an event loop: watch() puts a struct into a list, dispatch() calls what each of
// them holds, and handlers that accept or talk.
func (g *gen) registry() {
	list := &variable{name: "watched", typ: "struct conn *", glob: true}
	g.p.globals = append(g.p.globals, list)

	c := &variable{name: "c", typ: "struct conn *"}
	params := []*variable{c}
	var body []stmt
	if g.chance(50) {
		ready := &variable{name: "ready", typ: readyType}
		params = append(params, ready)
		body = append(body, exprStmt{assign{field{varRef{c}, "ready"}, varRef{ready}}})
	}
	s := g.begin("watch", "void", "watch", params...)
	g.watch = s.end(append(body, exprStmt{assign{field{varRef{c}, "next"}, varRef{list}}}, exprStmt{assign{varRef{list}, varRef{c}}}))

	s = g.begin("dispatch", "void", "dispatch")
	at := &variable{name: "c", typ: "struct conn *"}
	s.decls = append(s.decls, declare{at, nil})
	g.run = s.end([]stmt{loop{kind: "for", init: assign{varRef{at}, varRef{list}}, cond: binary{"!=", varRef{at}, constant{"NULL", 0}},
		post: assign{varRef{at}, field{varRef{at}, "next"}},
		body: []stmt{exprStmt{indirect{&field{varRef{at}, "ready"}, []expr{varRef{at}}, g.callID()}}}}})

	for range 1 + g.n(2) {
		g.readies = append(g.readies, g.ready("io"))
	}
	for range 1 + g.n(2) {
		g.readies = append(g.readies, g.ready("accept"))
	}
}

// ready is a handler of the event loop.
func (g *gen) ready(kind string) *function {
	c := &variable{name: "c", typ: "struct conn *"}
	s := g.begin(kind, "void", g.name("on_"+kind), c)
	fd := field{varRef{c}, "fd"}
	var body []stmt
	if kind == "io" {
		if g.chance(50) {
			body = append(body, s.options(fd)...)
		}
		return s.end(append(body, s.talk(fd)...))
	}
	var got expr = varRef{s.local("client", nil)}
	var conn expr
	if g.chance(60) {
		conn = s.freshConn()
		got = field{conn, "fd"}
	}
	body = append(body, exprStmt{assign{got, g.accept(fd, true)}}, ifStmt{cond: negative(got, g.n(2)), then: s.fail("accept")})
	if g.chance(60) {
		body = append(body, s.options(got)...)
	}
	if conn != nil {
		return s.end(append(body, s.watched(conn, "io")...))
	}
	return s.end(append(body, s.talk(got)...))
}

// watched gives a struct to the event loop; nil where there is none.
func (s *scope) watched(c expr, kind string) []stmt {
	var fit []*function
	for _, f := range s.g.readies {
		if f.kind == kind {
			fit = append(fit, f)
		}
	}
	if len(fit) == 0 {
		return nil
	}
	f := s.address(fit[s.g.n(len(fit))])
	if len(s.g.watch.params) > 1 {
		return []stmt{exprStmt{s.call(s.g.watch, []expr{c, f})}}
	}
	return []stmt{exprStmt{assign{field{c, "ready"}, f}}, exprStmt{s.call(s.g.watch, []expr{c})}}
}

// sweeper goes over an array: it accepts from its listeners, or uses its connections. It sets no
// options of these, as it runs when those that are closed before are gone, which no order tells.
func (g *gen) sweeper() *function {
	s := g.begin("sweep", "void", "sweep")
	i := varRef{s.local("i", num(0))}
	var at expr = elem{g.p.arrays[0], i}
	s.loops++
	fd, body := at, []stmt(nil)
	if g.p.arrays[0].listens {
		fd = varRef{s.local("client", nil)}
		body = []stmt{exprStmt{assign{fd, g.accept(at, true)}}, ifStmt{cond: negative(fd, 0), then: []stmt{jump{"continue"}}}}
	}
	if g.p.arrays[0].listens {
		body = append(body, s.options(fd)...)
	}
	body = append(body, s.talk(fd)...)
	s.loops--
	return s.end([]stmt{loop{kind: "for", init: assign{i, num(0)}, cond: binary{"<", i, num(arraySize)},
		post: assign{i, binary{"+", i, num(1)}}, body: []stmt{ifStmt{cond: binary{">", at, num(0)}, then: body}}}})
}
