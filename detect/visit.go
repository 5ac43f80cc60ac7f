package detect

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// visit follows the descriptor out of one place.
func (f *flow) visit(s state) {
	switch s.at.kind {
	case inLocal:
		f.local(s)
	case inGlobal:
		f.global(s)
	case inMember:
		f.member(s)
	case inStd:
		f.std(s)
	case inMessage:
		f.message(s)
	}
}

// local follows a variable to the uses that its value reaches.
func (f *flow) local(s state) {
	d := s.at.decl
	fi := s.fi
	var reached []reachKind
	if s.from != nil {
		reached = fi.reaches(d, s.from)
	}
	for u := range fi.named(d.Name) {
		if u.Kind != parse.XIdent || fi.lookup(d.Name, u.Pos) != d {
			continue
		}
		if up := u.Up; up != nil && up.Kind == parse.XAssign && up.X == u {
			continue
		}
		if f.otherElement(s.at, fi, u) {
			continue
		}
		if reached != nil {
			if n := fi.nodeOf(u); n == nil || !reached[n.id].covers(u, s.from) {
				continue
			}
		}
		f.value(fi, u, s.j)
	}
}

// reachKind says which part of a node a value reaches.
type reachKind struct {
	ok     bool
	start  bool // the node that holds the definition
	whole  bool // from its beginning, not only behind the definition
	killed int  // end of the expression that overwrites it; 0 for none
}

func (r reachKind) covers(u, from *parse.Expr) bool {
	switch {
	case !r.ok:
		return false
	case r.start && u.Pos >= from.End:
		return true
	case !r.whole:
		return false
	}
	return r.killed == 0 || u.Pos < r.killed
}

// reaches computes which nodes, by their ids, the value reaches that from
// assigns to d; nil when from is in none.
func (fi *funcInfo) reaches(d *parse.Decl, from *parse.Expr) []reachKind {
	start := fi.nodeOf(from)
	if start == nil {
		return nil
	}
	out := make([]reachKind, len(fi.graph().nodes))
	writes := fi.definers()[d.Name]
	out[start.id] = reachKind{ok: true, start: true}
	queue := []*node{start}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if r := out[n.id]; r.whole && r.killed > 0 && !r.start {
			continue // overwritten here
		}
		for _, e := range n.succ {
			q := out[e.to.id]
			if q.whole {
				continue
			}
			q.ok, q.whole = true, true
			if writes.has(e.to) {
				q.killed = fi.kills(e.to, d)
			}
			out[e.to.id] = q
			if !q.start {
				queue = append(queue, e.to)
			}
		}
	}
	return out
}

// kills returns the end of an assignment to d at n, 0 when there is none.
func (fi *funcInfo) kills(n *node, d *parse.Decl) int {
	end := 0
	for _, x := range n.decls {
		if x == d {
			end = x.End
		}
	}
	n.exprs(func(top *parse.Expr) {
		top.Walk(func(x *parse.Expr) bool {
			if x.Kind == parse.XAssign && x.Op == parse.Assign && x.X.Strip() != nil {
				if l := x.X.Strip(); l.Kind == parse.XIdent && l.Name == d.Name && fi.lookup(d.Name, l.Pos) == d {
					end = x.End
				}
			}
			return true
		})
	})
	return end
}

// global follows a variable with file scope to all its uses in the tree.
func (f *flow) global(s state) {
	i := strings.LastIndexByte(s.at.key, ':')
	name := s.at.key[i+1:]
	g := f.p.global(s.fi.unit, name)
	if g == nil || g.key != s.at.key {
		return
	}
	for _, u := range f.p.unitsSeeing(g) {
		funcs, _ := u.funcsWith(name, neverMember)
		for _, fi := range funcs {
			for e := range fi.named(name) {
				if e.Kind != parse.XIdent || fi.lookup(name, e.Pos) != nil || f.stored(e) {
					continue
				}
				if !f.otherElement(s.at, fi, e) {
					f.read(fi, e, s.j)
				}
			}
		}
	}
}

// stored reports whether e is only written where it stands.
func (f *flow) stored(e *parse.Expr) bool {
	x := e
	for x.Up != nil && (x.Up.Kind == parse.XIndex && x.Up.X == x || x.Up.Kind == parse.XParen) {
		x = x.Up
	}
	return x.Up != nil && x.Up.Kind == parse.XAssign && x.Up.X == x
}

// read follows a descriptor that is taken out of memory in function fi. Where
// fi is entered by kind from a table, only descriptors handed over with that
// kind come there.
func (f *flow) read(fi *funcInfo, e *parse.Expr, j journey) {
	if kinds := f.p.kindsOf(fi.fn); len(kinds) > 0 && (!f.kindFits(kinds, j.prov) || !f.p.putFits(kinds, j)) {
		return
	}
	if fi.fn.Macro == nil && (!f.p.registrationFits(fi.fn, j) || !f.p.mayHold(fi, e, j)) {
		return
	}
	f.value(fi, e, j) // FD(c) is read by whoever uses the macro
}

// kindFits looks for constants of the same table among the arguments of the
// calls that the descriptor went through.
func (f *flow) kindFits(kinds map[string]string, t *trace) bool {
	conflict := false
	for ; t != nil; t = t.up {
		for _, c := range f.p.argConstants(t.fi, t.call) {
			if kinds[c] != "" {
				return true
			}
			conflict = conflict || likeKind(c, kinds)
		}
	}
	return !conflict
}

// putFits asks the function that stored the descriptor: whether it is entered
// by other kinds itself, or gives the object another kind.
func (p *program) putFits(kinds map[string]string, j journey) bool {
	if j.put == nil {
		return true
	}
	own := p.kindsOf(j.putIn.fn)
	for k, table := range own {
		if table != "" && kinds[k] != "" {
			return true
		}
	}
	if len(own) > 0 {
		return false
	}
	root, clash := rootName(j.put), false
	for _, n := range j.putIn.graph().nodes {
		x := n.expr
		if x == nil || x.Kind != parse.XAssign || x.X.Kind != parse.XMember || rootName(x.X) != root {
			continue
		}
		if c := constName(x.Y); c != "" {
			if kinds[c] != "" {
				return true
			}
			clash = clash || likeKind(c, kinds)
		}
	}
	return !clash
}

// argConstants returns the names of the constants that the arguments of a call
// can be, where all that an argument can be is known.
func (p *program) argConstants(fi *funcInfo, call *parse.Expr) []string {
	return p.argConsts.get(call, func() (out []string) {
		for _, a := range call.Args {
			if c := constName(a); c != "" {
				out = append(out, c)
				continue
			}
			s := a.Strip()
			if s == nil || s.Kind != parse.XIdent {
				continue
			}
			if b, n := fi.typeOf(s); n > 0 || b == "" || b == "char" {
				continue
			}
			ev := p.evaluator(p.session())
			ev.symbolic = true
			if v := ev.eval(fi, s, nil); v.unknown == "" {
				out = append(out, v.list()...)
			}
		}
		return out
	})
}

// likeKind reports whether a constant belongs to the same set of names as the
// kinds: it is the key of another function, or they share their first two words.
func likeKind(c string, kinds map[string]string) bool {
	if _, other := kinds[c]; other {
		return true
	}
	i := strings.IndexByte(c, '_')
	if i < 0 {
		return false
	}
	k := strings.IndexByte(c[i+1:], '_')
	if k < 0 {
		return false
	}
	prefix := c[:i+1+k+1]
	for name := range kinds {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// member follows a member of a struct to all places that read it.
func (f *flow) member(s state) {
	owner, name, _ := strings.Cut(s.at.key, "\x00")
	if !s.j.any {
		stores := 0
		for _, m := range f.p.members(name) {
			if m.owner == owner && m.written && !isConstantStore(m.e) {
				stores++
			}
		}
		s.j.any = stores < 2
	}
	for _, m := range f.p.members(name) {
		if m.owner != owner && !((m.owner == "?" || owner == "?") && m.fi.unit == s.fi.unit) || f.stored(m.e) {
			continue // where a type is not known, the name decides, within the file
		}
		if f.otherElement(s.at, m.fi, m.e) {
			continue
		}
		j := s.j
		j.got = &taken{from: s.at, fi: m.fi, e: m.e, exits: j.exits.len()}
		f.read(m.fi, m.e, j)
	}
}

// std follows a descriptor that became standard input (or output) to the
// calls in the same program that name it by number.
func (f *flow) std(s state) {
	dir, rest, _ := strings.Cut(s.at.key, "\x00")
	n, own, _ := strings.Cut(rest, "\x00")
	main := s.fi.unit.hasMain()
	for _, u := range f.p.files {
		if u.dir != dir || main && u != s.fi.unit && u.hasMain() {
			continue // another program
		}
		if !f.p.has(u, stdNames[n]) && !f.p.has(u, "setsockopt") && (own == "" || !f.p.has(u, own)) {
			continue
		}
		for _, fi := range u.funcsNaming(n, stdNames[n], own) {
			for _, name := range []string{stdNames[n], own} {
				for e := range fi.named(name) {
					f.value(fi, e, s.j)
				}
			}
			for _, c := range fi.calls {
				if len(c.Args) == 0 || c.Args[0].Kind != parse.XNumber || c.Args[0].Name != n {
					continue
				}
				if passesOn(c.Callee()) {
					f.argument(fi, c, c.Args[0], s.j)
				}
			}
		}
	}
}

// passesOn reports whether a call with a descriptor's number can be of interest:
// a function of the program, or one of the library that sets options or
// duplicates; not close(0) or exit(0).
func passesOn(name string) bool {
	return !external[name] || fdUses[name].what == evSetOpt || name == "dup"
}

// funcsNaming returns the functions of a file in which the first argument of a
// call that passesOn lets by is the number, or one of the names occurs, in order.
func (u *unit) funcsNaming(number string, names ...string) (out []*funcInfo) {
	f := u.tree()
	want := map[*parse.Func]bool{}
	for i := 1; i < len(f.Toks); i++ {
		if t := f.Toks[i]; t.Kind == parse.Number && f.Toks[i-1].Op == parse.LParen && f.Spells(t, number) && (i < 2 || passesOn(f.Text(f.Toks[i-2]))) {
			for _, fn := range f.FuncsAt(int(t.Off)) {
				want[fn] = true
			}
		}
	}
	for _, name := range names {
		for _, i := range f.Idents(name) {
			for _, fn := range f.FuncsAt(int(f.Toks[i].Off)) {
				want[fn] = true
			}
		}
	}
	for _, fn := range f.Funcs {
		if want[fn] || fn.Macro != nil {
			out = append(out, u.info(fn))
		}
	}
	return out
}

// hasMain reports whether a file holds a program's main function.
func (u *unit) hasMain() bool {
	if !u.prog.has(u, "main") {
		return false
	}
	u.tables()
	return len(u.funcs["main"]) > 0
}

// has reports whether a name occurs in a file.
func (p *program) has(u *unit, name string) bool {
	_, ok := slices.BinarySearchFunc(p.unitsWith(name), u.index, func(v *unit, index int) int { return v.index - index })
	return ok
}

// argument follows a descriptor into a call.
func (f *flow) argument(fi *funcInfo, call, arg *parse.Expr, j journey) {
	if call.X == arg {
		return // called through: it is no descriptor then
	}
	i := -1
	for k, a := range call.Args {
		if a == arg {
			i = k
		}
	}
	if i < 0 {
		return
	}
	name := f.p.alias(fi.unit, call.Callee())
	if f.p.enablesKeepalive(name, i) {
		f.happens = append(f.happens, happening{evEnable, fi, call, j})
	}
	if use, ok := fdUses[name]; ok && !f.p.definesLocally(fi.unit, name) {
		if use.arg == i {
			f.happens = append(f.happens, happening{use.what, fi, call, j})
		}
		return
	}
	switch name {
	case "fileno", "fileno_unlocked":
		f.value(fi, call, j)
		return
	case "fdopen":
		f.happens = append(f.happens, happening{evData, fi, call, j})
		f.value(fi, call, j) // the stream stands for its descriptor
		return
	case "dup", "fcntl":
		if i == 0 && (name == "dup" || f.duplicates(fi, call)) {
			f.value(fi, call, j)
		}
		return
	case "memcpy", "memmove", "bcopy":
		if dst, src := 0, 1; len(call.Args) > 1 {
			if name == "bcopy" {
				dst, src = 1, 0
			}
			if i == src {
				f.pointed(fi, call.Args[dst], call, j)
			}
		}
		return
	case "dup2", "dup3":
		if i == 0 && len(call.Args) > 1 {
			f.duplicated(fi, call, j)
		}
		return
	}
	fns := f.p.callees(fi, call, j.prov)
	for _, fn := range fns {
		if i >= len(fn.Params) || fn.Params[i].Name == "" {
			continue
		}
		if kinds := f.p.kindsOf(fn); len(kinds) > 0 && !f.kindFits(kinds, f.through(j, fi, call).prov) {
			continue
		}
		gi := f.p.infoOf(fn)
		f.arrive(place{kind: inLocal, fn: fn, decl: fn.Params[i]}, nil, gi, f.enter(j, fi, call))
	}
	if len(fns) > 0 || external[name] && name != "pthread_create" {
		return
	}
	if f.p.macroNamed(name) {
		return // a macro that calls nothing: it tests or converts
	}
	if f.setsOutside(fi, call, i, j) {
		f.happens = append(f.happens, happening{evEnable, fi, call, j})
	}
	if f.handle(fi, call, i, j) {
		return
	}
	f.happens = append(f.happens, happening{evPassed, fi, call, j})
	f.callbacks(fi, call, i, j)
	if f.handles(fi, call, arg) {
		f.value(fi, call, j)
	}
}

// alias returns the name that an object-like macro gives a call: after
// #define SOCKET_CONNECT connect it is connect.
func (p *program) alias(u *unit, name string) string {
	// What bears a library's name does that function's work, whatever a
	// replacement header makes of it: #define dup2 rpl_dup2.
	if _, known := fdUses[name]; known || external[name] || name == "" {
		return name
	}
	for _, c := range p.constants(u, name) {
		if c.macro == nil || c.x == nil || c.x.Kind != parse.XIdent {
			continue
		}
		if _, ok := fdUses[c.x.Name]; ok || len(p.funcsNamed(u, c.x.Name)) > 0 {
			return c.x.Name
		}
	}
	return name
}

// macroNamed reports whether the tree has a function-like macro of that name.
func (p *program) macroNamed(name string) bool {
	for _, u := range p.unitsWithMacro(name) {
		u.tables()
		for _, m := range u.macros[name] {
			if m.FnLike {
				return true
			}
		}
	}
	return false
}

// duplicates reports whether an fcntl call returns a copy of the descriptor.
func (f *flow) duplicates(fi *funcInfo, call *parse.Expr) bool {
	return len(call.Args) > 1 && strings.HasPrefix(constName(call.Args[1]), "F_DUPFD")
}

// stdNames are the names of the descriptors that a process is born with.
var stdNames = map[string]string{"0": "STDIN_FILENO", "1": "STDOUT_FILENO", "2": "STDERR_FILENO"}

// duplicated handles dup2(fd, n). Where the program has a name of its own for n,
// the calls that use it mean the same descriptor.
func (f *flow) duplicated(fi *funcInfo, call *parse.Expr, j journey) {
	f.value(fi, call, j)
	v := f.p.evaluator(f.sess).eval(fi, call.Args[1], j.in)
	if c := constName(call.Args[1]); c != "" {
		v.add(c)
	}
	sym := f.p.evaluator(f.sess)
	sym.symbolic = true
	own := ""
	for _, name := range sym.eval(fi, call.Args[1], j.in).list() {
		if isUpper(name) && !strings.HasSuffix(name, "_FILENO") {
			own = name
		}
	}
	for _, k := range v.list() {
		for n, name := range stdNames {
			if k == name {
				k = n
			}
		}
		if stdNames[k] != "" {
			f.escapes = true
			f.arrive(place{kind: inStd, key: fi.unit.dir + "\x00" + k + "\x00" + own}, nil, fi, j.laid(call, fi))
		}
	}
}

// callbacks follows a descriptor that is registered together with a function
// of the tree, as event loops do: the function is called with it.
//
// Where its address is handed over, as to pthread_create(), the function gets
// a pointer to it.
func (f *flow) callbacks(fi *funcInfo, call *parse.Expr, fd int, j journey) {
	byRef := fi.isPointer(call.Args[fd])
	for k, a := range call.Args {
		if k == fd {
			continue
		}
		x := a.Strip()
		if x != nil && x.Kind == parse.XUnary && x.Op == parse.And {
			x = x.X.Strip()
		}
		if x == nil || x.Kind != parse.XIdent || fi.lookup(x.Name, x.Pos) != nil {
			continue
		}
		for _, fn := range f.p.funcsNamed(fi.unit, x.Name) {
			if fn.Macro != nil {
				continue
			}
			if byRef {
				for _, q := range fn.Params {
					if q.Type != nil && q.Type.Ptr > 0 {
						f.arrive(place{kind: inLocal, fn: fn, decl: q}, nil, f.p.infoOf(fn), f.enter(j, fi, call))
						break
					}
				}
				continue
			}
			f.watched(fi, call, k, fn, j)
			for _, q := range fn.Params {
				if q.Type != nil && q.Type.Ptr == 0 && isDescriptorType(q.Type.Base) {
					f.arrive(place{kind: inLocal, fn: fn, decl: q}, nil, f.p.infoOf(fn), f.enter(j, fi, call))
					break
				}
			}
		}
	}
}

// namesDescriptor reports whether a function gives a descriptor, by its name.
func namesDescriptor(name string) bool {
	s := strings.ToLower(name)
	return strings.HasSuffix(s, "fd") || strings.HasSuffix(s, "fileno") || strings.HasSuffix(s, "get_socket")
}

// isDescriptorType reports whether a parameter of that type can be a
// descriptor.
func isDescriptorType(base string) bool {
	b := strings.ToLower(base)
	return b == "int" || strings.Contains(b, "socket") || strings.Contains(b, "fd") || b == "const int"
}
