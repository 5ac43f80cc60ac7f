package callgraph

import (
	"cmp"
	"slices"
	"sync"

	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// pointsTo is the relation between places and the functions whose addresses they hold, the
// least fixpoint over the assignments of the tree (Andersen 1994): variables of a function by
// their reaching definitions, all others regardless of order, members by the type that has
// them, the elements of an array as one.
//
// It is computed on demand, each place once a program. Who asks what a place holds has its
// sources listed, and theirs (backward). Who asks for the callers of a function has the
// places listed that its address goes to (forward), and of each call through one of these
// what it can enter: a call is a caller where the function is among that. So both sides of
// the call graph are one relation, and what nobody asks for is not read.
type pointsTo struct {
	p  *program.Program
	mu sync.Mutex

	back, forth map[slot]*node
	seeks       map[target]*seek
	targets     []target // by number
	numbers     map[target]number
	types       memo.Table[program.UseKey, bool] // see canHold
	fillings    map[string]map[string][]program.Initializer
	arrived     []arrival
	todo        []func()
}

// target is what an address leads to: a function of the tree, or one of the system's that
// make sockets.
type target struct {
	fn     *parse.Func
	system string
}

// number stands for a target: many places hold many of them.
type number int32

// slot is a place that can hold the address of a function.
type slot struct {
	kind  slotKind
	expr  *parse.Expr // exprSlot; of a variable, the expression that assigned it, nil for any
	decl  *parse.Decl
	fn    *parse.Func
	owner string // key of the struct that has the member, "?" and the file where it is not known
	name  string // of the member, key of the variable
}

type slotKind uint8

const (
	exprSlot   slotKind = iota // what an expression is
	varSlot                    // a variable of a function, a parameter among them
	outSlot                    // what a function stores through a parameter
	globalSlot                 // a variable at file scope
	memberSlot
	resultSlot
)

// node is a slot in one of the two directions.
type node struct {
	slot
	in     *program.FuncInfo // of an expression, a variable, a result; whoever asked first for a member
	g      *program.Global
	holds  map[number]bool // true once the others know
	next   []*node
	watch  []func(target)
	called bool // see callee
}

type arrival struct {
	n *node
	t number
}

// seek is the search for the calls that can enter a function.
type seek struct {
	direct []program.Ref
	near   map[*parse.Expr]bool // calls through places that its address goes to
	calls  []program.Ref        // those of them that can enter it
	watch  []func(program.Ref)
}

// relationOf returns the relation of a program.
func relationOf(p *program.Program) *pointsTo {
	r := memo.Of[pointsTo](&p.Memos)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.p == nil {
		r.p, r.back, r.forth, r.seeks = p, map[slot]*node{}, map[slot]*node{}, map[target]*seek{}
		r.numbers = map[target]number{}
		r.fillings = map[string]map[string][]program.Initializer{}
	}
	return r
}

// at returns the functions that an expression can point to, in order.
func (r *pointsTo) at(fi *program.FuncInfo, e *parse.Expr) (out []*parse.Func) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.expr(fi, e)
	r.run()
	for t := range n.holds {
		if fn := r.targets[t].fn; fn != nil {
			out = append(out, fn)
		}
	}
	slices.SortFunc(out, func(a, b *parse.Func) int {
		return cmp.Or(cmp.Compare(a.File.Path, b.File.Path), cmp.Compare(a.Start, b.Start), cmp.Compare(a.BodyPos, b.BodyPos))
	})
	return out
}

// callsThrough returns the calls that enter a target through a place that holds its
// address, in order.
func (r *pointsTo) callsThrough(t target) []program.Ref {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.seek(t)
	r.run()
	out := slices.Clone(s.calls)
	slices.SortFunc(out, func(a, b program.Ref) int {
		return cmp.Or(cmp.Compare(a.In.File.Path, b.In.File.Path),
			cmp.Compare(a.Expr.NamePos, b.Expr.NamePos), cmp.Compare(a.Expr.Pos, b.Expr.Pos))
	})
	return out
}

// run works until nothing changes.
func (r *pointsTo) run() {
	for {
		switch n, m := len(r.arrived), len(r.todo); {
		case n > 0:
			a := r.arrived[n-1]
			r.arrived = r.arrived[:n-1]
			a.n.holds[a.t] = true
			for _, to := range a.n.next {
				r.add(to, a.t)
			}
			for _, w := range a.n.watch {
				w(r.targets[a.t])
			}
		case m > 0:
			f := r.todo[m-1]
			r.todo = r.todo[:m-1]
			f()
		default:
			return
		}
	}
}

// numberOf returns the number of a target.
func (r *pointsTo) numberOf(t target) number {
	k, ok := r.numbers[t]
	if !ok {
		k = number(len(r.targets))
		r.targets = append(r.targets, t)
		r.numbers[t] = k
	}
	return k
}

// add puts a target into a node.
func (r *pointsTo) add(n *node, t number) {
	if _, ok := n.holds[t]; !ok {
		n.holds[t] = false
		r.arrived = append(r.arrived, arrival{n, t})
	}
}

// edge has all that from holds go on to to.
func (r *pointsTo) edge(from, to *node) {
	if from == nil || from == to {
		return
	}
	from.next = append(from.next, to)
	for t := range from.holds {
		r.add(to, t)
	}
}

// watching calls f for each target of a node, now and later.
func (r *pointsTo) watching(n *node, f func(target)) {
	n.watch = append(n.watch, f)
	for t, told := range n.holds {
		if told {
			r.todo = append(r.todo, func() { f(r.targets[t]) })
		}
	}
}

// source returns the node of a slot whose sources are listed, and dest that of one whose
// uses are; each in time.
func (r *pointsTo) source(s slot, in *program.FuncInfo, g *program.Global) *node {
	return r.node(r.back, s, in, g, r.sources)
}

func (r *pointsTo) dest(s slot, in *program.FuncInfo, g *program.Global) *node {
	return r.node(r.forth, s, in, g, r.uses)
}

func (r *pointsTo) node(nodes map[slot]*node, s slot, in *program.FuncInfo, g *program.Global, expand func(*node)) *node {
	n := nodes[s]
	if n == nil {
		n = &node{slot: s, in: in, g: g, holds: map[number]bool{}}
		nodes[s] = n
		r.todo = append(r.todo, func() { expand(n) })
	}
	return n
}

// seek returns the search for a target, which is begun where it is new.
func (r *pointsTo) seek(t target) *seek {
	s := r.seeks[t]
	if s == nil {
		s = &seek{near: map[*parse.Expr]bool{}}
		r.seeks[t] = s
		var taken []program.AddressTaken
		if t.fn == nil {
			taken = r.p.SystemAddressesTaken(t.system)
		} else {
			s.direct = r.p.Callers(t.fn)
			if t.fn.Macro == nil {
				taken = r.p.AddressesTaken(t.fn)
			}
		}
		for _, m := range taken {
			for _, n := range r.mentioned(m) {
				r.add(n, r.numberOf(t))
			}
		}
	}
	return s
}

// near notes a call through e, a place that the target's address goes to. Where the function
// assigns to that place itself, what the call can enter tells whether it is a caller.
func (r *pointsTo) near(t target, c program.Ref, e *parse.Expr) {
	s := r.seeks[t]
	if s == nil || s.near[c.Expr] || t.system != "" && program.CalleeName(c.Expr) == t.system {
		return // a member of that name is no call of the system's
	}
	s.near[c.Expr] = true
	if !assignsHere(c.In, e) || r.callee(c).holds[r.numberOf(t)] {
		r.enter(s, t, c)
	}
}

// enter notes that a call can enter what is sought.
func (r *pointsTo) enter(s *seek, t target, c program.Ref) {
	if t.fn != nil && !canEnter(r.p, c, t.fn) {
		return
	}
	s.calls = append(s.calls, c)
	for _, w := range s.watch {
		w(c)
	}
}

// callers calls f for each call that can enter a function, now and later.
func (r *pointsTo) callers(fn *parse.Func, f func(program.Ref)) {
	s := r.seek(target{fn: fn})
	s.watch = append(s.watch, f)
	for _, list := range [][]program.Ref{s.direct, s.calls} {
		for _, c := range list {
			if c.Expr != nil {
				f(c)
			}
		}
	}
}

// callee returns the node of what an indirect call enters.
func (r *pointsTo) callee(c program.Ref) *node {
	n := r.expr(c.In, c.Expr.X)
	if !n.called {
		n.called = true
		r.watching(n, func(t target) {
			if s := r.seeks[t]; s != nil && s.near[c.Expr] {
				r.enter(s, t, c)
			}
		})
	}
	return n
}

// entered calls f for each function that a call can enter, now and later.
func (r *pointsTo) entered(fi *program.FuncInfo, call *parse.Expr, f func(*parse.Func)) {
	if fns, known := direct(r.p, fi, call, nil); known {
		for _, fn := range fns {
			f(fn)
		}
		return
	}
	c := program.Ref{In: fi, Expr: call}
	r.watching(r.callee(c), func(t target) {
		if t.fn != nil && canEnter(r.p, c, t.fn) {
			f(t.fn)
		}
	})
}
