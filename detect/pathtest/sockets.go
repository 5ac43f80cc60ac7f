package pathtest

import "fmt"

// The numbers of Linux.
const (
	afUnix, afInet, afInet6 = 1, 2, 10
	sockStream, sockDgram   = 1, 2
	soKeepalive             = 9
	typeMask                = 15
)

func (m *machine) open(s *sock) val {
	s.refs = 1
	m.socks = append(m.socks, s)
	m.descs = append(m.descs, descriptor{s, true})
	return val{desc, len(m.descs) - 1}
}

var failed = val{number, -1}

func (e *site) ev(m *machine) val {
	m.step()
	s := &sock{site: e, way: fmt.Sprint(m.stack)}
	if e.name == "socket" {
		s.family = m.num(e.domain.ev(m))
		typ := m.num(e.typ.ev(m)) & typeMask
		s.stream = typ == sockStream
		if s.family != afUnix && s.family != afInet && s.family != afInet6 || typ != sockStream && typ != sockDgram {
			return failed
		}
		if e.mayFail && m.in.choose(2) == 1 {
			return failed
		}
		m.note("%s:%d makes a socket of family %d, stream %v", FileName(e.file), e.line, s.family, s.stream)
		return m.open(s)
	}
	l := m.at(e.listener.ev(m))
	if l == nil || !l.listening {
		return failed
	}
	if e.mayFail && m.in.choose(2) == 1 {
		return failed
	}
	s.family, s.stream, s.from, s.keep = l.family, true, l, l.keep
	l.accepted = append(l.accepted, s)
	m.note("%s:%d accepts from %s:%d", FileName(e.file), e.line, FileName(l.site.file), l.site.line)
	return m.open(s)
}

// at is the socket that a value names while it is open.
func (m *machine) at(v val) *sock {
	if v.k == undef {
		panic(stop{false, "undefined"})
	}
	if v.k != desc || !m.descs[v.n].open {
		return nil
	}
	return m.descs[v.n].s
}

func (e system) ev(m *machine) val {
	m.step()
	v := e.fd.ev(m)
	s := m.at(v)
	fails := func() bool { return s == nil || e.mayFail && m.in.choose(2) == 1 }
	ok := val{number, 0}
	switch e.name {
	case "close":
		if s == nil {
			return failed
		}
		s.refs--
		m.descs[v.n].open = false
		return ok
	case "dup":
		if fails() {
			return failed
		}
		s.refs++
		m.descs = append(m.descs, descriptor{s, true})
		return val{desc, len(m.descs) - 1}
	case "write":
		if s != nil {
			s.data = true
		}
		return val{number, 1}
	case "bind":
		if fails() {
			return failed
		}
		return ok
	case "connect":
		if s != nil && s.listening {
			panic(stop{false, "connect() of a listener"})
		}
		if fails() {
			return failed
		}
		s.connected = true
		return ok
	case "listen":
		if s != nil && s.connected {
			panic(stop{false, "listen() on a connection"})
		}
		if fails() || !s.stream {
			return failed
		}
		s.listening = true
		return ok
	case "setsockopt":
		return m.setOption(s, m.num(e.opt.ev(m)), m.num(m.get(e.value)), e.mayFail)
	}
	panic("call of " + e.name)
}

// setOption sets an option. Where a failure is looked at it may be reported, but it
// is not what a verdict has to reckon with: the option is on.
func (m *machine) setOption(s *sock, opt, value int, mayFail bool) val {
	if s == nil {
		return failed
	}
	if opt == soKeepalive {
		s.keep, s.off = value != 0, value == 0
		if s.keep {
			s.sets++
		}
		m.note("the option is %v for the socket of %s:%d", s.keep, FileName(s.site.file), s.site.line)
	}
	if mayFail && m.in.choose(2) == 1 {
		return failed
	}
	return val{number, 0}
}

func (s exprStmt) do(m *machine) ctl {
	m.step()
	s.e.ev(m)
	return ctl{}
}

// do runs the thread to its end: one of the orders in which they may run.
func (s spawn) do(m *machine) ctl {
	m.call(s.fn, []val{s.arg.ev(m)}, s.id)
	return ctl{}
}

func (s raw) do(*machine) ctl { return ctl{} }

func (s declare) do(m *machine) ctl {
	m.step()
	if s.v.stat {
		if !m.inited[s.v] {
			m.inited[s.v] = true
			m.set(s.v, val{number, 0})
			if s.init != nil {
				m.set(s.v, s.init.ev(m))
			}
		}
		return ctl{}
	}
	m.set(s.v, val{})
	if s.init != nil {
		m.set(s.v, s.init.ev(m))
	}
	return ctl{}
}

func (s ifStmt) do(m *machine) ctl {
	m.step()
	if m.truth(s.cond.ev(m)) {
		return m.block(s.then)
	}
	return m.block(s.els)
}

func (s hashIf) do(m *machine) ctl {
	if m.world[s.under] == 1 {
		return m.block(s.then)
	}
	return m.block(s.els)
}

func (s loop) do(m *machine) ctl {
	if s.init != nil {
		s.init.ev(m)
	}
	for round := 0; ; round++ {
		m.step()
		switch {
		case s.kind == "ever" && round >= 2:
			panic(stop{true, "served"}) // the program is ended from outside
		case s.kind != "ever" && s.kind != "do" && !m.truth(s.cond.ev(m)):
			return ctl{}
		case round >= maxRounds:
			panic(stop{false, "rounds"})
		}
		switch c := m.block(s.body); c.kind {
		case "break":
			return ctl{}
		case "return", "goto":
			return c
		}
		if s.kind == "do" && !m.truth(s.cond.ev(m)) {
			return ctl{}
		}
		if s.post != nil {
			s.post.ev(m)
		}
	}
}

func (s switchStmt) do(m *machine) ctl {
	m.step()
	v := m.num(s.on.ev(m))
	at := -1
	for n, c := range s.cases {
		if c.label.name != "" && c.label.n == v {
			at = n
			break
		}
		if c.label.name == "" && at < 0 {
			at = n
		}
	}
	if at < 0 {
		return ctl{}
	}
	for n := at; n < len(s.cases); n++ {
		switch c := m.block(s.cases[n].body); c.kind {
		case "break":
			return ctl{}
		case "":
			if !s.cases[n].fall {
				return ctl{}
			}
		default:
			return c
		}
	}
	return ctl{}
}

func (s jump) do(m *machine) ctl     { return ctl{kind: s.kind} }
func (s gotoStmt) do(m *machine) ctl { return ctl{kind: "goto", label: s.label} }
func (s label) do(m *machine) ctl    { return ctl{} }
func (s ret) do(m *machine) ctl {
	m.step()
	c := ctl{kind: "return", v: val{number, 0}}
	if s.e != nil {
		c.v = s.e.ev(m)
	}
	return c
}

func (s rows) do(m *machine) ctl {
	fd := m.at(s.fd.ev(m))
	for _, r := range s.table.rows {
		m.setOption(fd, r.opt.n, r.value, false)
	}
	m.set(s.idx, val{number, len(s.table.rows)})
	return ctl{}
}

// do gives one or two addresses of a family that the hints allow.
func (s addresses) do(m *machine) ctl {
	m.step()
	fam, typ := m.num(s.family.ev(m)), m.num(s.typ.ev(m))&typeMask
	if m.in.choose(2) == 1 || fam == afUnix {
		return m.block(s.fail)
	}
	n := 1 + m.in.choose(2)
	for range n {
		a := map[string]int{"family": fam, "socktype": typ}
		if fam == 0 {
			a["family"] = []int{afInet, afInet6}[m.in.choose(2)]
		}
		if typ == 0 {
			a["socktype"] = []int{sockStream, sockDgram}[m.in.choose(2)]
		}
		m.ai[s.ai] = a
		switch c := m.block(s.body); c.kind {
		case "break":
			return ctl{}
		case "return", "goto":
			return c
		}
	}
	return ctl{}
}
