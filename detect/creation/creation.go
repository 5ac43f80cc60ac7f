// Package creation tells which calls made the object that a descriptor is read from.
//
// A function that stores a descriptor in a struct, or in a global, makes it for its callers: for
// each of them the struct is another one, or the same with another descriptor. Ways returns, for a
// read of such a place, the calls through which what is read there was made, innermost first: those
// that control passes on each way to the read, and that make the object which the read names. It
// answers for the names of objects (value.PathOf) and knows nothing of aliases: where a read stands
// under another name, in a function that a pointer leads to or that some way comes to without such
// a call, the answer is that it is not known.
//
// A maker's calls are followed up MaxCalls times; each question costs the graphs of the functions
// between the read and the calls.
package creation

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// MaxCalls is how many calls up from the store ways are told apart; beyond, those of one caller
// count as one.
const MaxCalls = 3

// Creation is one store of a descriptor, and who gets what it is stored in.
type Creation struct {
	p      *program.Program
	in     *parse.Func
	made   map[*parse.Func][]object
	hidden map[*parse.Func]bool // a call there makes an object that has no name
}

// object is what a call makes in its function.
type object struct {
	path  string // of the descriptor in it, by the names of that function
	calls []program.Ref
}

// maker is a function that makes an object for its callers.
type maker struct {
	fn     *parse.Func
	param  int    // the object is what this parameter points to; -1 otherwise
	result bool   // it is what the function returns
	rest   string // the path below the object, or the whole path of a global
	calls  []program.Ref
}

// Of returns who gets what the function in stores the descriptor to, at store.
func Of(p *program.Program, in *program.FuncInfo, store *parse.Expr) *Creation {
	c := &Creation{p: p, in: in.Func, made: map[*parse.Func][]object{}, hidden: map[*parse.Func]bool{}}
	path := value.PathOf(store)
	if m, ok := c.leaves(in, store.Pos, object{path: path}); ok {
		c.follow(m)
	}
	return c
}

// follow notes what the callers of a maker get, and which of them are makers themselves.
func (c *Creation) follow(m maker) {
	for _, r := range callgraph.CallSites(c.p, m.fn) {
		if r.Expr == nil {
			continue
		}
		fn := r.In.Func
		o := object{m.pathAt(r), append(slices.Clip(m.calls), r)}
		if o.path == "" && !returnedAtOnce(r.Expr) {
			c.hidden[fn] = true
			continue
		}
		if o.path != "" {
			c.made[fn] = append(c.made[fn], o)
		}
		if up, ok := c.leaves(r.In, r.Expr.NamePos, o); ok && len(o.calls) < MaxCalls && fn != m.fn {
			if o.path == "" {
				up.rest = m.rest
			}
			c.follow(up)
		}
	}
}

// pathAt is the path of the descriptor where a maker was called, "" where the object has no name.
func (m *maker) pathAt(call program.Ref) string {
	base := ""
	switch {
	case m.param >= 0:
		if m.param < len(call.Expr.Args) {
			base = value.PathOf(call.Expr.Args[m.param])
		}
	case m.result:
		lhs, d := program.AssignedTo(call.Expr)
		if d != nil {
			base = d.Name
		} else if lhs != nil {
			base = value.PathOf(lhs)
		}
	default:
		if call.In.Lookup(value.RootOf(m.rest), call.Expr.NamePos) != nil {
			return "" // another variable of that name
		}
		return m.rest
	}
	if base == "" {
		return ""
	}
	return base + m.rest
}

// returnedAtOnce reports whether the value of a call is what its function returns.
func returnedAtOnce(call *parse.Expr) bool {
	return call.Up == nil && call.In != nil && call.In.Kind == parse.SReturn
}

// leaves returns how callers get the object of a function, if they do.
func (c *Creation) leaves(fi *program.FuncInfo, pos int, o object) (m maker, ok bool) {
	m = maker{fn: fi.Func, param: -1, calls: o.calls}
	if fi.Func.Macro != nil || len(c.p.AddressesTaken(fi.Func)) > 0 {
		return m, false
	}
	if o.path == "" {
		m.result = true
		return m, true
	}
	root := value.RootOf(o.path)
	d := fi.Lookup(root, pos)
	switch {
	case d == nil:
		m.rest = o.path
		return m, true
	case assigned(fi, d) > 1 || fi.ParamIndex(d) >= 0 && assigned(fi, d) > 0:
		return m, false
	}
	m.rest = o.path[len(root):]
	if m.param = fi.ParamIndex(d); m.param >= 0 {
		return m, true
	}
	m.result = returns(fi, d)
	return m, m.result
}

// assigned counts the assignments to a local variable as a whole, but for null pointers.
func assigned(fi *program.FuncInfo, d *parse.Decl) (n int) {
	if d.Init != nil && !program.IsNull(d.Init) {
		n++
	}
	for e := range fi.Named(d.Name) {
		up := e.Up
		if up != nil && up.Kind == parse.XAssign && up.X == e && !program.IsNull(up.Y) && fi.Lookup(d.Name, e.Pos) == d {
			n++
		}
	}
	return n
}

// returns reports whether a function returns a local variable.
func returns(fi *program.FuncInfo, d *parse.Decl) bool {
	for e := range fi.Named(d.Name) {
		x := e
		for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XCast) {
			x = x.Up
		}
		if returnedAtOnce(x) && fi.Lookup(d.Name, e.Pos) == d {
			return true
		}
	}
	return false
}

// Ways returns the calls that made what e reads in fi, those of each way innermost first. It is
// not known where some way comes there without one of them.
func (c *Creation) Ways(fi *program.FuncInfo, e *parse.Expr) (ways [][]program.Ref, known bool) {
	path := value.PathOf(e)
	if path == "" || strings.Contains(path, "[]") {
		return nil, false
	}
	return c.ways(program.Ref{In: fi, Expr: e}, path, 0)
}

// ways answers for the place path at an expression.
func (c *Creation) ways(at program.Ref, path string, depth int) (out [][]program.Ref, known bool) {
	fi := at.In
	fn := fi.Func
	if fn == c.in || fn.Macro != nil || c.hidden[fn] || depth > MaxCalls {
		return nil, false
	}
	var made []object
	for _, o := range c.made[fn] {
		if o.path == path {
			made = append(made, o)
		}
	}
	if len(made) > 0 {
		return lastMade(at, made)
	}
	d := fi.Lookup(value.RootOf(path), at.Expr.Pos)
	i := -1
	if d != nil {
		if i = fi.ParamIndex(d); i < 0 || assigned(fi, d) > 0 {
			return nil, false
		}
	}
	callers := callgraph.CallSites(c.p, fn)
	if len(callers) == 0 || len(c.p.AddressesTaken(fn)) > 0 || !fn.Static && c.p.IsLibrary() {
		return nil, false
	}
	for _, r := range callers {
		there := path
		if i >= 0 {
			base := ""
			if i < len(r.Expr.Args) {
				base = value.PathOf(r.Expr.Args[i])
			}
			if base == "" || strings.Contains(base, "[]") {
				return nil, false
			}
			there = base + path[len(value.RootOf(path)):]
		}
		more, known := c.ways(r, there, depth+1)
		if !known {
			return nil, false
		}
		out = append(out, more...)
	}
	return out, true
}

// lastMade returns the ways of those objects whose call can be the last before an expression of
// its function; it is not known where control comes there past all of them.
func lastMade(at program.Ref, made []object) (out [][]program.Ref, known bool) {
	g, goal := at.In.Graph(), at.In.NodeOf(at.Expr)
	if goal == nil {
		return nil, false
	}
	calls := g.NewSet()
	nodes := make([]*cfg.Node, len(made))
	for i, o := range made {
		call := o.calls[len(o.calls)-1].Expr
		nodes[i] = at.In.NodeOf(call)
		switch n := nodes[i]; {
		case n == nil || n == goal && call.Pos > at.Expr.Pos:
			return nil, false
		case n == goal:
			return [][]program.Ref{o.calls}, true
		}
		calls.Add(nodes[i])
	}
	past := func(e *cfg.Edge) bool { return !calls.Has(e.From) }
	if calls.Has(g.Entry) || g.Reachable(g.Entry, goal, past).Has(goal) {
		return nil, false
	}
	for i, o := range made {
		if g.Reachable(nodes[i], goal, func(e *cfg.Edge) bool { return e.From == nodes[i] || past(e) }).Has(goal) {
			out = append(out, o.calls)
		}
	}
	return out, len(out) > 0
}
