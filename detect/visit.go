package detect

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/memo"
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
	if fi.fn.Macro == nil && (j.put != nil && !f.p.registrationFits(fi.fn, j.prov) || !f.p.mayHold(fi, e, j)) {
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
	return memo.Of[flowMemos](&p.memos).argConsts.Get(call, func() (out []string) {
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
			ev := p.evaluator(newSession())
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

// stdNames are the names of the descriptors that a process is born with.
var stdNames = map[string]string{"0": "STDIN_FILENO", "1": "STDOUT_FILENO", "2": "STDERR_FILENO"}
