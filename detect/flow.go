package detect

import (
	"fmt"

	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/parse"
)

// flow is the set of all places that the descriptor of one site reaches, and
// what happens to it there.
type flow struct {
	p       *program
	site    ref
	sess    *session
	seen    map[stateKey]bool
	left    map[returnKey]bool
	visits  map[place]int
	queue   []state
	chains  map[string]*exitChain
	traces  map[traceKey]*trace
	puts    map[place][]put // what was stored to members, and where
	happens []happening
	escapes bool // stored in a member or a global, or returned: it outlives the function
	handed  bool // returned, or stored through a pointer parameter
	full    bool // the bound was reached
}

type state struct {
	at   place
	from *parse.Expr // the expression that put it there, nil: anywhere in the function
	fi   *funcInfo
	j    journey
}

type stateKey struct {
	at    place
	from  *parse.Expr
	in    *frame
	exits *exitChain
	put   *parse.Expr
}

// returnKey says that a function was left with the descriptor, and on which way.
type returnKey struct {
	fn    *parse.Func
	in    *frame
	exits *exitChain
	put   *parse.Expr
}

type traceKey struct {
	call *parse.Expr
	up   *trace
}

// Bounds of the flow of one descriptor.
const (
	maxStates = 6000
	maxIn     = 8
	maxExits  = 5
	maxTrace  = 24
)

// flowMemos are what is asked by the flows of all sites.
type flowMemos struct {
	argConsts memo.Table[*parse.Expr, []string]
	leading   memo.Table[*parse.Func, map[callKey]bool]
	holding   memo.Table[holdKey, bool]
}

// follow computes the flow of the descriptor that a call makes.
func (p *program) follow(site ref) *flow {
	f := &flow{p: p, site: site, sess: newSession(), seen: map[stateKey]bool{}, left: map[returnKey]bool{}, visits: map[place]int{}, chains: map[string]*exitChain{}, traces: map[traceKey]*trace{}, puts: map[place][]put{}}
	f.value(site.fi, site.e, journey{})
	for len(f.queue) > 0 {
		if len(f.seen) > maxStates {
			f.full = true
			break
		}
		s := f.queue[0]
		f.queue = f.queue[1:]
		f.visit(s)
	}
	return f
}

// arrive puts a place on the list; false says that nothing new comes there.
func (f *flow) arrive(at place, from *parse.Expr, fi *funcInfo, j journey) bool {
	limit := f.limit(at, fi)
	j.any = at.kind != inLocal && f.visits[at] == limit-1
	k := stateKey{at, from, j.in, j.exits, j.put}
	if at.kind == inLocal {
		k.put = nil
	}
	if f.seen[k] {
		return false
	}
	if f.visits[at] >= limit {
		return false // what happens there is known; one more way to it tells nothing new
	}
	f.seen[k] = true
	f.visits[at]++
	f.queue = append(f.queue, state{at, from, fi, j})
	return true
}

// limit is how many ways into one place are followed. What happens to the
// descriptor there is the same on each; only where options are set do the
// ways differ, by the arguments that come along.
func (f *flow) limit(at place, fi *funcInfo) int {
	if fi != nil && fi.callsAny("setsockopt") {
		return 32
	}
	if at.kind != inLocal {
		return 5
	}
	return 4
}

// enter pushes a call; beyond the bound the way back is forgotten.
func (f *flow) enter(j journey, fi *funcInfo, call *parse.Expr) journey {
	up := j.in
	if up.depth() >= maxIn {
		up = nil
	}
	j.in = f.sess.enter(ref{fi, call}, up)
	return f.through(j, fi, call)
}

func (f *flow) through(j journey, fi *funcInfo, call *parse.Expr) journey {
	if j.prov.has(call) {
		return j
	}
	up := j.prov
	if up != nil && up.n >= maxTrace {
		return j
	}
	k := traceKey{call, up}
	t := f.traces[k]
	if t == nil {
		n := 1
		if up != nil {
			n = up.n + 1
		}
		t = &trace{call: call, fi: fi, up: up, n: n}
		f.traces[k] = t
	}
	j.prov = t
	return j
}

// leave adds a call to the chain of exits.
func (f *flow) leave(j journey, c ref) journey {
	j = f.through(j, c.fi, c.e)
	var calls []ref
	key := ""
	if j.exits != nil {
		calls, key = j.exits.calls, j.exits.key
	}
	if len(calls) >= maxExits {
		return j
	}
	key += fmt.Sprintf("%p,", c.e)
	ch := f.chains[key]
	if ch == nil {
		ch = &exitChain{key: key, calls: append(append([]ref{}, calls...), c)}
		f.chains[key] = ch
	}
	j.exits = ch
	return j
}

// value follows the value of expression e, which is the descriptor, upwards
// through the expressions that it is part of.
func (f *flow) value(fi *funcInfo, e *parse.Expr, j journey) {
	for depth := 0; depth < 200; depth++ {
		up := e.Up
		if up == nil {
			f.statement(fi, e, j)
			return
		}
		switch up.Kind {
		case parse.XParen, parse.XCast:
		case parse.XOpaque:
			if len(up.Args) > 1 && up.Args[len(up.Args)-1] != e {
				return
			}
		case parse.XUnary:
			if up.Op != parse.And && up.Op != parse.Mul {
				return
			}
		case parse.XIndex:
			if up.X != e {
				return
			}
		case parse.XBinary:
			// A place in a list that holds it: list->items + i * list->size.
			if up.X != e || up.Op != parse.Add || !fi.isPointer(e) {
				return
			}
		case parse.XCond:
			if up.X == e && up.Y != nil {
				return
			}
		case parse.XComma:
			if up.Args[len(up.Args)-1] != e {
				return
			}
		case parse.XAssign:
			if up.X == e || up.Op != parse.Assign {
				return
			}
			f.store(fi, up.X, up, j)
		case parse.XCall:
			f.argument(fi, up, e, j)
			if !f.p.passesThrough(fi, up, e) {
				return
			}
		case parse.XInit, parse.XDesig:
			f.initializer(fi, e, j)
			return
		default:
			return
		}
		e = up
	}
}

// statement handles a value that is a whole expression.
func (f *flow) statement(fi *funcInfo, e *parse.Expr, j journey) {
	s := e.In
	if fi.fn.Macro != nil && fi.isResult(e) {
		f.returned(fi, j)
		return
	}
	if s == nil {
		return
	}
	if x := fi.blockValue(s); x != nil {
		f.value(fi, x, j)
		return
	}
	switch s.Kind {
	case parse.SReturn:
		f.returned(fi, j)
	case parse.SDecl:
		for _, d := range s.Decls {
			if d.Init == e && d.Name != "" {
				f.arrive(place{kind: inLocal, fn: fi.fn, decl: d}, e, fi, j)
			}
		}
	}
}

// returned hands the descriptor to the caller it came from, else to all.
func (f *flow) returned(fi *funcInfo, j journey) {
	// Functions that return each other's results would go round for ever.
	k := returnKey{fi.fn, j.in, j.exits, j.put}
	if f.left[k] {
		return
	}
	f.left[k] = true
	if j.in != nil {
		c := j.in.call
		j.in = j.in.up
		f.value(c.fi, c.e, j)
		return
	}
	f.escapes, f.handed = true, true
	for _, c := range f.p.entries(fi.fn) {
		if fi.fn.Macro == nil || j.put == nil || f.p.registrationFits(c.fi.fn, j.prov) {
			f.value(c.fi, c.e, f.leave(j, c))
		}
	}
}

// store puts the descriptor where an lvalue says; the value of the assignment
// is followed by the caller.
func (f *flow) store(fi *funcInfo, lhs, at *parse.Expr, j journey) {
	x := lhs.Strip()
	deref := false
	for x != nil && (x.Kind == parse.XIndex || x.Kind == parse.XUnary && x.Op == parse.Mul || x.Kind == parse.XBinary && x.Op == parse.Add) {
		deref = true
		x = x.X.Strip()
	}
	if x == nil {
		return
	}
	if (deref || x.Kind == parse.XCall) && fi.isMessage(x) {
		f.escapes = true
		f.arrive(place{kind: inMessage}, nil, fi, j.laid(x, fi))
		return
	}
	switch x.Kind {
	case parse.XIdent:
		if d := fi.lookup(x.Name, x.Pos); d != nil {
			if deref || d.Static || d.Type.Array || d.Type.Ptr > 0 {
				at = nil // an element, or what it points to: no order is known
			}
			fresh := f.arrive(place{kind: inLocal, fn: fi.fn, decl: d, elem: f.p.element(fi, x)}, at, fi, j)
			if i := fi.isParam(d); i >= 0 && deref && fresh {
				f.outParam(fi, i, j)
			}
			return
		}
		if g := f.p.global(fi.unit, x.Name); g != nil {
			f.escapes = true
			f.arrive(place{kind: inGlobal, key: g.key, elem: f.p.element(fi, x)}, nil, fi, j.laid(x, fi))
			return
		}
		if fi.fn.Macro != nil { // a name of the macro's user
			f.macroUser(fi, x.Name, j)
		}
	case parse.XMember:
		f.escapes = f.escapes || !fi.isLocalStruct(x)
		f.lay(place{kind: inMember, key: fi.ownerKey(x) + "\x00" + x.Name, elem: f.p.element(fi, x)}, x, fi, j)
	case parse.XCall: // a function-like macro as lvalue: FD(c) = socket()
		for _, fn := range f.p.funcsNamed(fi.unit, x.Callee()) {
			gi := f.p.infoOf(fn)
			for _, r := range gi.results() {
				if s := r.Strip(); s != nil && s.Kind == parse.XUnary && s.Op == parse.And {
					r = s.X // the address of an element
				}
				f.store(gi, r, nil, f.enter(j, fi, x))
			}
		}
	}
}

// isLocalStruct reports whether a member expression is rooted at a local
// struct (no pointer).
func (fi *funcInfo) isLocalStruct(x *parse.Expr) bool {
	for x.Kind == parse.XMember {
		if x.Op == parse.Arrow {
			return false
		}
		x = x.X.Strip()
	}
	return x.Kind == parse.XIdent && fi.lookup(x.Name, x.Pos) != nil
}

// laid is the journey of a descriptor that at lays down in memory: nobody knows
// who takes it out.
func (j journey) laid(at *parse.Expr, fi *funcInfo) journey {
	j.in, j.put, j.putIn, j.got = nil, at, fi, nil
	return j
}

// lay puts the descriptor into a member, at e.
func (f *flow) lay(at place, e *parse.Expr, fi *funcInfo, j journey) {
	f.puts[at] = append(f.puts[at], put{fi, e, j.in})
	f.arrive(at, nil, fi, j.laid(e, fi))
}

// outParam hands a descriptor stored through pointer parameter i to the
// variables of the callers.
func (f *flow) outParam(fi *funcInfo, i int, j journey) {
	back := func(c ref, j journey) {
		if c.e == nil || i >= len(c.e.Args) {
			return
		}
		f.pointed(c.fi, c.e.Args[i], c.e, j)
	}
	if j.in != nil {
		c := j.in.call
		j.in = j.in.up
		back(c, j)
		return
	}
	f.escapes, f.handed = true, true
	for _, c := range f.p.entries(fi.fn) {
		back(c, f.leave(j, c))
	}
}

// pointed stores the descriptor into what argument a points to.
func (f *flow) pointed(fi *funcInfo, a, call *parse.Expr, j journey) {
	x := pointee(a)
	if x == nil {
		return
	}
	if x.Kind == parse.XIdent {
		if d := fi.lookup(x.Name, x.Pos); d != nil {
			at := call
			if d.Type.Array || d.Type.Ptr > 0 || d.Static {
				at = nil
			}
			fresh := f.arrive(place{kind: inLocal, fn: fi.fn, decl: d}, at, fi, j)
			if i := fi.isParam(d); i >= 0 && d.Type.Ptr > 0 && fresh {
				f.outParam(fi, i, j) // handed on as it came
			}
			return
		}
	}
	f.store(fi, x, call, j)
}

// macroUser continues with a variable that a macro's replacement names and
// that its users have.
func (f *flow) macroUser(fi *funcInfo, name string, j journey) {
	for _, c := range f.p.callers(fi.fn) {
		if d := c.fi.lookup(name, c.e.NamePos); d != nil {
			f.arrive(place{kind: inLocal, fn: c.fi.fn, decl: d}, c.e, c.fi, f.leave(j, c))
		}
	}
}

// initializer stores a value that stands in a braced initializer.
func (f *flow) initializer(fi *funcInfo, e *parse.Expr, j journey) {
	up := e.Up
	if up.Kind == parse.XDesig {
		if up.Name != "" {
			f.lay(place{kind: inMember, key: f.ownerOf(fi, up.Up) + "\x00" + up.Name}, e, fi, j)
		}
		return
	}
	if e.In == nil {
		return
	}
	for _, d := range e.In.Decls {
		if d.Init != up {
			continue
		}
		if d.Type.Array {
			f.arrive(place{kind: inLocal, fn: fi.fn, decl: d}, nil, fi, j)
			continue
		}
		base, _ := declType(d)
		if s := f.p.structOf(fi.unit, base); s != nil {
			for i, a := range up.Args {
				if a == e && i < len(s.Fields) {
					f.lay(place{kind: inMember, key: f.p.structKey(fi.unit, base) + "\x00" + s.Fields[i].Name}, e, fi, j)
				}
			}
		}
	}
}

// ownerOf names the struct that a braced initializer fills, "?" where that is not
// known.
func (f *flow) ownerOf(fi *funcInfo, init *parse.Expr) string {
	base := ""
	switch {
	case init == nil:
	case init.Up != nil && init.Up.Kind == parse.XCompound && !init.Up.Type.Array:
		base = init.Up.Type.Base
	case init.Up == nil && init.In != nil:
		for _, d := range init.In.Decls {
			if d.Init == init && !d.Type.Array {
				base, _ = declType(d)
			}
		}
	}
	if base == "" || f.p.structOf(fi.unit, base) == nil {
		return "?"
	}
	return f.p.structKey(fi.unit, base)
}
