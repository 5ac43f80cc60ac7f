package flow

import (
	"maps"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// Bounds of asking what a member or a global holds at a point.
const (
	maxHoldDepth   = 2  // how many callers up
	maxHoldCallers = 8  // how many calls of one function
	maxLeading     = 16 // calls that lead to one function
	maxCalled      = 64 // functions that a call leads to
)

// storeReaches reports whether what e loads in fi can be the descriptor that was
// stored in a member or a global: not where something else was stored there since,
// by this function or by each of its callers.
func storeReaches(p *program.Program, fi *program.FuncInfo, e *parse.Expr, ctx Context) bool {
	if ctx.Store == nil || ctx.AnyStore {
		return true
	}
	x := defuse.LvalueOf(e)
	matters, helper := dependsOnObject(p, fi, x)
	path := value.PathOf(x)
	if !matters || path == "" {
		return true
	}
	if fi.Func != ctx.StoreIn.Func && !seenOutside(p, ctx.StoreIn, ctx.Store, fi.Func) {
		return false
	}
	if strings.Contains(path, "[]") {
		return elementReaches(fi, e, ctx)
	}
	return memo.Of[flowMemos](&p.Memos).storeReaches.Get(storeLoad{e, ctx.Store}, func() bool {
		h := storeReach{p: p, in: ctx.StoreIn, end: program.StoreEnd(ctx.Store), helper: helper}
		return h.end == 0 || h.reaches(fi, fi.NodeOf(e), e.Pos, path, 0)
	})
}

// seenOutside reports whether another function can find what was stored in fi: it is still there
// when fi ends, or fi calls something meanwhile that may lead to that function. What is overwritten
// before, as by c->fd = -1 after the close(), is fi's alone.
func seenOutside(p *program.Program, fi *program.FuncInfo, put *parse.Expr, other *parse.Func) bool {
	v := memo.Of[flowMemos](&p.Memos).visible.Get(put, func() visibility {
		end := program.StoreEnd(put)
		if end == 0 || fi.Func.Macro != nil {
			return visibility{everywhere: true}
		}
		calls, kept := defuse.KeptAtExit(fi, put, end)
		if kept {
			return visibility{everywhere: true}
		}
		in := map[*parse.Func]bool{}
		for _, c := range calls {
			refs := []program.Ref{{In: fi, Expr: c}}
			fns := started(p, fi, c)
			if len(fns) > 0 {
				refs = nil
			} else if !known(p, fi, c) {
				return visibility{everywhere: true}
			}
			for _, fn := range fns {
				in[fn] = true
				for _, x := range p.InfoOf(fn).Calls {
					refs = append(refs, program.Ref{In: p.InfoOf(fn), Expr: x})
				}
			}
			called := calledFrom(p, refs...)
			if called == nil {
				return visibility{everywhere: true}
			}
			maps.Copy(in, called)
		}
		for fn := range in {
			gi := p.InfoOf(fn)
			if slices.ContainsFunc(gi.Calls, func(c *parse.Expr) bool { return !known(p, gi, c) }) {
				return visibility{everywhere: true}
			}
		}
		return visibility{in: in}
	})
	return v.everywhere || v.in[other]
}

// visibility says in which functions a store can be seen besides the one that makes it.
type visibility struct {
	everywhere bool
	in         map[*parse.Func]bool
}

// known reports whether all that a call leads to is in the tree: not where a function from elsewhere
// may call back, as an event loop does.
func known(p *program.Program, fi *program.FuncInfo, c *parse.Expr) bool {
	name := c.Callee()
	return name != "" && (knowledge.External.Has(name) && !knowledge.CallsBack.Has(name) || len(p.FuncsNamed(fi.File, name)) > 0)
}

// started are the functions of the tree that a library's function calls back, as pthread_create()
// does, where these are all that it may call.
func started(p *program.Program, fi *program.FuncInfo, c *parse.Expr) (fns []*parse.Func) {
	if !knowledge.External.Has(c.Callee()) || !knowledge.CallsBack.Has(c.Callee()) {
		return nil
	}
	for _, a := range c.Args {
		if x := program.StripAddr(a); x != nil && x.Kind == parse.XIdent && fi.Lookup(x.Name, x.Pos) == nil {
			fns = append(fns, p.FuncsNamed(fi.File, x.Name)...)
		}
	}
	return fns
}

// elementReaches does the same for an element of an array: fds[n] is the last that was stored
// there in the function, as far as that is known.
func elementReaches(fi *program.FuncInfo, e *parse.Expr, ctx Context) bool {
	stores, ok := defuse.ElementStores(fi, e)
	end := program.StoreEnd(ctx.Store)
	return !ok || end == 0 || slices.ContainsFunc(stores, func(s *parse.Expr) bool {
		return s.End == end && ctx.StoreIn.Func == fi.Func
	})
}

// storeLoad is a read of a member or global, and a store to it.
type storeLoad struct {
	e, put *parse.Expr
}

// dependsOnObject reports whether it matters which descriptor e is: not where it is closed,
// read from, compared, or passed to code that has nothing to do with keepalive. helper
// is set where the option may be set, so that the callers of the function matter.
func dependsOnObject(p *program.Program, fi *program.FuncInfo, e *parse.Expr) (matters, helper bool) {
	call, _ := program.ArgOf(program.Wrapping(e))
	if isCopied(e) || call != nil && knowledge.FDOf.Get(call.Callee()) != knowledge.NoFD && isCopied(call) {
		return true, false
	}
	if call == nil {
		return false, false
	}
	switch knowledge.FDUses.Get(call.Callee()).Event {
	case knowledge.SetOption:
		opt := ""
		if len(call.Args) > 2 {
			opt = value.ConstName(call.Args[2])
		}
		keep := opt == "" || opt == "SO_KEEPALIVE" || !strings.Contains(opt, "_")
		return keep, keep
	case knowledge.Accept, knowledge.Listen:
		return true, false
	case knowledge.NoEvent:
		if slices.ContainsFunc(call.Args, func(a *parse.Expr) bool { return value.ConstName(a) == "SO_KEEPALIVE" }) {
			return true, true
		}
		for _, fn := range p.FuncsNamed(fi.File, call.Callee()) {
			if p.Occurs(p.FileOf(fn), "SO_KEEPALIVE") {
				return true, true
			}
		}
	}
	return false, false
}

// isCopied reports whether the value of e is kept in a variable, under whose name the
// option may be set.
func isCopied(e *parse.Expr) bool {
	lhs, d := program.AssignedTo(e)
	return d != nil || lhs != nil && lhs.Strip().Kind == parse.XIdent
}

// isConstantStore reports whether what is stored to the lvalue says only that no
// descriptor is there: c->fd = -1.
func isConstantStore(lhs *parse.Expr) bool {
	up := lhs.Up
	return up != nil && up.Kind == parse.XAssign && up.X == lhs && value.ConstName(up.Y) != ""
}

// storeReach asks where one store, which ends at end in the function in, is still
// to be seen.
type storeReach struct {
	p      *program.Program
	in     *program.FuncInfo
	end    int
	helper bool // ask the callers
}

// reaches reports whether path can have the stored value at position pos of a
// node.
func (h *storeReach) reaches(fi *program.FuncInfo, n *cfg.Node, pos int, path string, depth int) bool {
	if n == nil || fi.Func.Macro != nil || fi.Func.BodyPos == fi.Func.End || strings.Contains(path, "[]") {
		return true
	}
	root := value.RootOf(path)
	d := fi.Lookup(root, pos)
	if d != nil && fi.SetByMacro(d) {
		return true
	}
	defs, entry := defuse.Reaching(fi, n, pos, path)
	if entry && !h.helper {
		return true
	}
	for _, def := range defs {
		if h.isStore(fi, def) {
			return true
		}
	}
	i := -1
	if d != nil {
		i = fi.ParamIndex(d)
	}
	if entry && (d != nil && i < 0 || h.anyCaller(fi, i, depth)) {
		return true
	}
	for _, c := range callsSince(fi, n, pos, path) {
		if mayCall(h.p, fi, c, h.in.Func) {
			return true // stored there
		}
	}
	return entry && h.fromCallers(fi, i, path, depth)
}

// anyCaller reports whether the callers of fi cannot be asked, or would be too
// many.
func (h *storeReach) anyCaller(fi *program.FuncInfo, i, depth int) bool {
	calls := callgraph.CallSites(h.p, fi.Func)
	if len(calls) == 0 {
		return i >= 0 || fi.Func.Name != "main" // nothing runs before main()
	}
	return len(calls) > maxHoldCallers || depth >= maxHoldDepth
}

// isStore reports whether a definition is the store, or one that may bring its
// value from elsewhere.
func (h *storeReach) isStore(fi *program.FuncInfo, d defuse.Def) bool {
	switch d.Kind {
	case defuse.DefZero, defuse.DefUnset:
		return false
	case defuse.DefObject:
		return !isAllocation(d.Expr)
	case defuse.DefOut:
		if mayCall(h.p, fi, d.Expr, h.in.Func) {
			return true
		}
	}
	return fi.File == h.in.File && d.Off == h.end
}

// isAllocation reports whether e is memory that nothing was stored in yet.
func isAllocation(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil || e.Kind != parse.XCall {
		return false
	}
	name := e.Callee()
	return name == "malloc" || name == "calloc"
}

// fromCallers asks the callers of fi: for what they pass as argument i, or for
// the global that path begins with.
func (h *storeReach) fromCallers(fi *program.FuncInfo, i int, path string, depth int) bool {
	for _, c := range callgraph.CallSites(h.p, fi.Func) {
		at := path
		if i >= 0 {
			if i >= len(c.Expr.Args) {
				return true
			}
			base := value.PathOf(c.Expr.Args[i])
			if base == "" {
				return true
			}
			at = base + path[len(value.RootOf(path)):]
		} else if c.In.Lookup(value.RootOf(path), c.Expr.NamePos) != nil {
			return true // another variable of that name
		}
		if h.reaches(c.In, c.In.NodeOf(c.Expr), c.Expr.NamePos, at, depth+1) {
			return true
		}
	}
	return false
}

// callsSince returns the calls between the definitions of path that reach
// position pos of node n, or the function's entry, and this position.
func callsSince(fi *program.FuncInfo, n *cfg.Node, pos int, path string) (calls []*parse.Expr) {
	seen := make([]bool, len(fi.Graph().Nodes))
	nodes := defuse.DefNodes(fi)[value.RootOf(path)]
	var visit func(n *cfg.Node, pos int)
	visit = func(n *cfg.Node, pos int) {
		from := 0
		if nodes.Has(n) {
			if d, ok := defuse.LastDef(fi, n, pos, path); ok {
				from = d.Off
			}
		}
		n.Exprs(func(top *parse.Expr) {
			top.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XCall && x.End > from && x.End <= pos {
					calls = append(calls, x)
				}
				return true
			})
		})
		if from > 0 {
			return
		}
		for _, e := range n.Pred {
			if !seen[e.From.ID] {
				seen[e.From.ID] = true
				visit(e.From, 1<<30)
			}
		}
	}
	visit(n, pos)
	return calls
}

// mayCall reports whether a call can lead to a function, as far as is known.
func mayCall(p *program.Program, fi *program.FuncInfo, call *parse.Expr, to *parse.Func) bool {
	name := call.Callee()
	if name != "" && fi.Lookup(name, call.NamePos) == nil && len(p.FuncsNamed(fi.File, name)) == 0 &&
		p.Alias(fi.File, name) == name && p.Global(fi.File, name) == nil {
		return false // not of the tree
	}
	if fi.Func == to {
		return true
	}
	memos := memo.Of[flowMemos](&p.Memos)
	calls := memos.leading.Get(to, func() map[program.CallKey]bool { return callsLeadingTo(p, to) })
	if calls != nil {
		return calls[program.CallKey{File: fi.File, Off: call.NamePos}]
	}
	called := memos.called.Get(call, func() map[*parse.Func]bool { return calledFrom(p, program.Ref{In: fi, Expr: call}) })
	return called == nil || called[to]
}

// calledFrom returns the functions that calls lead to, directly or through others; nil
// where they are too many.
func calledFrom(p *program.Program, queue ...program.Ref) map[*parse.Func]bool {
	out := map[*parse.Func]bool{}
	for len(queue) > 0 {
		c := queue[0]
		queue = queue[1:]
		for _, fn := range callgraph.Callees(p, c.In, c.Expr, nil) {
			if out[fn] {
				continue
			}
			if out[fn] = true; len(out) > maxCalled {
				return nil
			}
			gi := p.InfoOf(fn)
			for _, x := range gi.Calls {
				queue = append(queue, program.Ref{In: gi, Expr: x})
			}
		}
	}
	return out
}

// callsLeadingTo returns the calls that lead to a function, directly or through
// others; nil where they are too many.
func callsLeadingTo(p *program.Program, to *parse.Func) map[program.CallKey]bool {
	out := map[program.CallKey]bool{}
	seen := map[*parse.Func]bool{to: true}
	queue := []*parse.Func{to}
	for len(queue) > 0 {
		fn := queue[0]
		queue = queue[1:]
		for _, c := range callgraph.CallSites(p, fn) {
			if len(out) > maxLeading {
				return nil
			}
			out[program.CallKey{File: c.In.File, Off: c.Expr.NamePos}] = true
			if !seen[c.In.Func] {
				seen[c.In.Func] = true
				queue = append(queue, c.In.Func)
			}
		}
	}
	return out
}
