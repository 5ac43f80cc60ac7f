package flow

import (
	"maps"
	"slices"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// Has reports whether something of that kind happens to the descriptor.
func (f *Flow) Has(what knowledge.Event) bool {
	for _, h := range f.Events {
		if h.Kind == what {
			return true
		}
	}
	return false
}

// Flow is the set of all locations that the descriptor of one site reaches, and
// the events there.
type Flow struct {
	Prog *program.Program
	Site program.Ref
	Sess *fixpoint.Session
	search
	steps      int                  // see step
	Stores     map[Location][]Store // what was stored to members, and where
	Events     []FDEvent
	escapes    bool             // stored in a member or a global, or returned: it outlives the function
	HandedOut  bool             // returned, or stored through a pointer parameter
	Duplicated bool             // it has a duplicate, which a close() of the one leaves open
	Incomplete value.Incomplete // why there may be places that it did not come to
	otherForm  program.Ref      // where it goes on in another form, see noteOtherForm
	memory     []Location       // the places in memory that it reaches, see Release
	returning  map[*parse.Func]bool
}

// search is what a flow needs while places are visited.
type search struct {
	locals map[*parse.Decl]*place
	places map[Location]*place
	seen   map[stateKey]bool
	left   map[returnKey]bool
	visits map[visit]int
	sets   map[*program.FuncInfo]bool // whether it sets options
	queue  []state
	chains map[chainKey]*callgraph.ReturnChain
	traces map[traceKey]*callgraph.CallPath
	handed map[callgraph.Handed]*callgraph.Handed

	// Where many ways lead into a function, only some are followed; what becomes of
	// the descriptor there is the same on all, so that the others go on where it
	// comes out again.
	entered map[*callgraph.Frame]*parse.Decl // by which parameter it came in
	late    map[*parse.Decl][]state          // the ways in that were not followed
	exits   map[*parse.Decl][]exit           // where it comes out
	lifted  map[*parse.Decl]bool             // more ways are followed, see LiftLimit; true: all, or the answer lacks them
}

// exit is a way for a descriptor to leave the function that it was handed to: it is
// returned, or stored through a parameter.
type exit struct {
	fi    *program.FuncInfo
	param int // -1: returned
}

// place is a location that the descriptor reaches. There is one of each in a flow, so
// that the keys of tables are small.
type place struct{ Location }

// placeOf returns the place at a location.
func (f *Flow) placeOf(at Location) *place {
	if at.kind == inLocal && at.elem == "" {
		p := f.locals[at.decl]
		if p == nil {
			p = &place{at}
			f.locals[at.decl] = p
		}
		return p
	}
	p := f.places[at]
	if p == nil {
		p = &place{at}
		f.places[at] = p
	}
	return p
}

type state struct {
	at   *place
	from *parse.Expr // the expression that put it there, nil: anywhere in the function
	in   *program.FuncInfo
	ctx  Context
}

// visit is a place, and for a variable the expression that put it there.
type visit struct {
	at     *place
	from   *parse.Expr
	exits  *callgraph.ReturnChain // of memory: by whom the descriptor was handed on to there
	handed *callgraph.Handed
}

type stateKey struct {
	at     *place
	from   *parse.Expr
	in     *callgraph.Frame
	exits  *callgraph.ReturnChain
	put    *parse.Expr
	handed *callgraph.Handed
	handle bool
}

// returnKey says that a function was left with the descriptor, and on which way.
type returnKey struct {
	fn     *parse.Func
	in     *callgraph.Frame
	exits  *callgraph.ReturnChain
	put    *parse.Expr
	handed *callgraph.Handed
	handle bool
}

// chainKey is a call after those of a chain.
type chainKey struct {
	call *parse.Expr
	up   *callgraph.ReturnChain
}

type traceKey struct {
	call *parse.Expr
	up   *callgraph.CallPath
}

// Bounds of the flow of one descriptor. Where one is reached, ways are taken for the same; the
// bounds that leave something out are in value.Bound.
const (
	maxIn    = 8  // calls that a function is returned from to where it was entered; beyond, to all its callers
	maxExits = 5  // calls through which the descriptor came out that are told apart
	maxTrace = 24 // calls that say which functions an indirect call can enter

	// Ways into one variable, the same where options are set or where LiftLimit asks for more, and
	// ways into one place in memory. The last one into memory stands for all (Context.AnyStore);
	// those into a parameter that come later leave the function where the first ones did (late).
	maxLocalWays  = 4
	maxOptionWays = 32
	maxMemoryWays = 5

	maxOwners = 4 // times as many ways into memory, where others handed the descriptor on
)

// flowMemos are what is asked by the flows of all sites.
type flowMemos struct {
	argConsts    memo.Once[*parse.Expr, []string]
	leading      memo.Table[*parse.Func, map[program.CallKey]bool]
	called       memo.Table[*parse.Expr, map[*parse.Func]bool]
	storeReaches memo.Table[storeLoad, bool]
	visible      memo.Table[*parse.Expr, visibility]
	macroReads   memo.Table[macroRead, bool]
	holds        memo.Table[program.UseKey, bool]
	callsNaming  memo.Once[nameIn, []*parse.Expr]
	given        memo.Table[structNamed, program.Ref]
}

// macroRead is a member in a macro's replacement, and a struct that it can be of.
type macroRead struct {
	e     *parse.Expr
	owner string
}

// Follow computes the flow of the descriptor that a call makes: it begins at the call's value, or
// in the argument that functions.tsv names.
func Follow(p *program.Program, site program.Ref) *Flow {
	f := &Flow{Prog: p, Site: site, Sess: fixpoint.NewSession(), Stores: map[Location][]Store{}, returning: map[*parse.Func]bool{}}
	f.search = search{
		locals: map[*parse.Decl]*place{}, places: map[Location]*place{}, seen: map[stateKey]bool{},
		left: map[returnKey]bool{}, visits: map[visit]int{}, sets: map[*program.FuncInfo]bool{},
		chains: map[chainKey]*callgraph.ReturnChain{}, traces: map[traceKey]*callgraph.CallPath{},
		entered: map[*callgraph.Frame]*parse.Decl{}, late: map[*parse.Decl][]state{},
		handed: map[callgraph.Handed]*callgraph.Handed{},
		exits:  map[*parse.Decl][]exit{}, lifted: map[*parse.Decl]bool{},
	}
	if into, ok := knowledge.AcceptsInto.Lookup(site.Expr.Callee()); !ok {
		f.value(site.In, site.Expr, Context{})
	} else if into < len(site.Expr.Args) {
		f.storeThroughArg(site.In, site.Expr.Args[into], site.Expr, Context{handle: true})
	}
	f.run()
	return f
}

// Release gives up the memory of the search; LiftLimit must not be called again.
func (f *Flow) Release() {
	f.memory = f.locations()
	f.search = search{}
}

// Join adds what happens to the descriptor in another tree of the function that makes it,
// under another selection of #if branches. Both are released.
func (f *Flow) Join(o *Flow) {
	type key struct {
		call program.CallKey
		kind knowledge.Event
	}
	at := func(h FDEvent) key {
		return key{program.CallKey{File: h.In.File, Off: h.Call.NamePos}, h.Kind}
	}
	seen := map[key]bool{}
	for _, h := range f.Events {
		seen[at(h)] = true
	}
	for _, h := range o.Events {
		if !seen[at(h)] {
			f.Events = append(f.Events, h)
		}
	}
	for l, list := range o.Stores {
		if len(f.Stores[l]) == 0 {
			f.Stores[l] = list
		}
	}
	for _, l := range o.memory {
		if !slices.Contains(f.memory, l) {
			f.memory = append(f.memory, l)
		}
	}
	maps.Copy(f.returning, o.returning)
	f.escapes, f.HandedOut = f.escapes || o.escapes, f.HandedOut || o.HandedOut
	f.Duplicated = f.Duplicated || o.Duplicated
	f.Incomplete.Because(o.Incomplete)
	if f.otherForm.Expr == nil {
		f.otherForm = o.otherForm
	}
}

// run visits the places on the list, in order. Two pieces of memory take turns: what is found goes
// to the one while the other is read.
func (f *Flow) run() {
	var spare []state
	for len(f.queue) > 0 {
		batch := f.queue
		f.queue = spare[:0]
		for i, s := range batch {
			if !f.step(s.in, s.off()) {
				f.queue = append(batch[i:], f.queue...)
				return
			}
			f.propagate(s)
		}
		spare = batch
	}
}

// step counts a place that is visited or a way out of a function that is taken, and
// reports whether the limit allows it.
func (f *Flow) step(fi *program.FuncInfo, off int) bool {
	if f.steps >= value.Bound.States {
		f.Incomplete.Because(value.Incomplete{Reason: "too many paths from here to follow", File: fi.File.Tree(), Off: off})
		return false
	}
	f.steps++
	return true
}

// off is where in its function a place stands.
func (s state) off() int {
	switch {
	case s.from != nil:
		return s.from.Pos
	case s.at.decl != nil:
		return s.at.decl.NamePos
	}
	return s.in.Func.NamePos
}

// LiftLimit follows the ways that were left out into functions in which, or below which,
// one of the things happens: an option may be set on one way and not on another, by the
// arguments that come along, and what is accepted from may be a listener on one way
// alone. It reports whether there were any.
func (f *Flow) LiftLimit(kinds ...knowledge.Event) bool {
	found := false
	for _, h := range f.Events {
		if !slices.Contains(kinds, h.Kind) {
			continue
		}
		for fr := h.Ctx.Frame; fr != nil; fr = fr.Up {
			d := f.entered[fr]
			if _, done := f.lifted[d]; d == nil || done || len(f.late[d]) == 0 {
				continue
			}
			f.lifted[d], found = h.Kind != knowledge.Accept, true
			for _, s := range f.late[d] {
				delete(f.seen, keyOf(s.at, s.from, s.ctx))
				f.enqueue(s.at.Location, s.from, s.in, s.ctx)
			}
		}
	}
	if found {
		f.run()
	}
	return found
}

// enqueue adds a location to the worklist; false says that it holds nothing new.
func (f *Flow) enqueue(loc Location, from *parse.Expr, fi *program.FuncInfo, ctx Context) bool {
	if loc.kind == inLocal && !f.canHold(fi.File, loc.decl.Type, ctx) {
		return false
	}
	at := f.placeOf(loc)
	k := keyOf(at, from, ctx)
	if f.seen[k] {
		return false
	}
	limit, all := f.visitLimit(at, fi, ctx)
	n := visit{at: at, from: from, handed: ctx.handed}
	own := n
	if at.kind != inLocal {
		n.from, own = nil, visit{at: at, exits: ctx.Returns}
		ctx.AnyStore = f.visits[n] == limit-1
	} else {
		ctx.AnyStore = false
	}
	param := at.kind == inLocal && ctx.Frame != nil && fi.ParamIndex(at.decl) >= 0
	if f.visits[n] >= limit && (f.visits[own] > 0 || f.visits[n] >= maxOwners*limit) {
		// What happens there is known; one more way to it tells nothing new.
		if all {
			f.Incomplete.Because(value.Incomplete{Reason: "too many call paths into a function that sets options",
				File: fi.File.Tree(), Off: fi.Func.NamePos})
		}
		if param {
			f.seen[k] = true
			f.late[at.decl] = append(f.late[at.decl], state{at, from, fi, ctx})
			for _, x := range f.exits[at.decl] {
				f.exitToCall(x, ctx)
			}
		}
		return false
	}
	if param && f.entered[ctx.Frame] == nil {
		f.entered[ctx.Frame] = at.decl
	}
	f.seen[k] = true
	f.visits[n]++
	if own != n {
		f.visits[own]++
	}
	f.queue = append(f.queue, state{at, from, fi, ctx})
	return true
}

func keyOf(at *place, from *parse.Expr, ctx Context) stateKey {
	k := stateKey{at, from, ctx.Frame, ctx.Returns, ctx.Store, ctx.handed, ctx.handle}
	if at.kind == inLocal {
		k.put = nil
	}
	return k
}

// visitLimit is how many ways into one location are followed. What happens to the
// descriptor there is the same on each; only where options are set do the
// ways differ, by the arguments that come along. all says that every way is asked for, so that
// the answer lacks those beyond the limit.
func (f *Flow) visitLimit(at *place, fi *program.FuncInfo, ctx Context) (limit int, all bool) {
	d := at.decl
	if at.kind == inLocal && fi.ParamIndex(d) < 0 {
		d = f.entered[ctx.Frame] // fd = sock: as many ways as into the parameter
	}
	all, more := f.lifted[d]
	if at.kind == inLocal && all {
		return value.Bound.Ways, true
	}
	sets, ok := f.sets[fi]
	if !ok {
		sets = fi != nil && fi.CallsAny("setsockopt")
		f.sets[fi] = sets
	}
	switch {
	case sets, at.kind == inLocal && more:
		return maxOptionWays, false
	case at.kind != inLocal:
		return maxMemoryWays, false
	}
	return maxLocalWays, false
}

// enterCall pushes a call; beyond the bound the way back is forgotten.
func (f *Flow) enterCall(ctx Context, fi *program.FuncInfo, call *parse.Expr) Context {
	up := ctx.Frame
	if up.Depth() >= maxIn {
		up = nil
	}
	ctx.Frame = f.Sess.Enter(program.Ref{In: fi, Expr: call}, up)
	return f.extendPath(ctx, fi, call)
}

func (f *Flow) extendPath(ctx Context, fi *program.FuncInfo, call *parse.Expr) Context {
	if ctx.path.Has(call) {
		return ctx
	}
	up := ctx.path
	if up != nil && up.Length >= maxTrace {
		return ctx
	}
	k := traceKey{call, up}
	t := f.traces[k]
	if t == nil {
		n := 1
		if up != nil {
			n = up.Length + 1
		}
		t = &callgraph.CallPath{Call: call, In: fi, Up: up, Length: n}
		f.traces[k] = t
	}
	ctx.path = t
	return ctx
}

// eachCaller goes on at each call that the function fi, which was entered by any caller, can
// return to.
func (f *Flow) eachCaller(fi *program.FuncInfo, ctx Context, visit func(c program.Ref, ctx Context)) {
	for _, c := range ctx.handed.Callers(f.Prog, fi.Func) {
		ctx.handed = f.handedOnce(c.Handed)
		visit(c.Ref, f.returnTo(ctx, c.Ref))
	}
}

// handedOnce returns the pointer that stands for h in this flow.
func (f *Flow) handedOnce(h callgraph.Handed) *callgraph.Handed {
	if h == (callgraph.Handed{}) {
		return nil
	}
	p := f.handed[h]
	if p == nil {
		p = &h
		f.handed[h] = p
	}
	return p
}

// returnTo adds a call to the chain of returns.
func (f *Flow) returnTo(ctx Context, c program.Ref) Context {
	ctx = f.extendPath(ctx, c.In, c.Expr)
	if ctx.Returns.Len() >= maxExits {
		return ctx
	}
	k := chainKey{c.Expr, ctx.Returns}
	ch := f.chains[k]
	if ch == nil {
		ch = ctx.Returns.Plus(c)
		f.chains[k] = ch
	}
	ctx.Returns = ch
	return ctx
}

// value follows the value of expression e, which is the descriptor, upwards
// through the expressions that it is part of.
func (f *Flow) value(fi *program.FuncInfo, e *parse.Expr, ctx Context) {
	for {
		up := e.Up
		if up == nil {
			f.statement(fi, e, ctx)
			return
		}
		switch up.Kind {
		case parse.XParen:
		case parse.XCast:
			if !f.canHold(fi.File, up.Type, ctx) {
				f.notePacked(fi, e, up.Type, ctx)
				return
			}
		case parse.XOpaque:
			if len(up.Args) > 1 && up.Args[len(up.Args)-1] != e {
				return
			}
		case parse.XUnary:
			if up.Op != token.And && up.Op != token.Mul {
				if (up.Op == token.Tilde || up.Op == token.Sub) && f.isKept(fi, up) {
					f.noteOtherForm(fi, up)
				}
				return
			}
		case parse.XIndex:
			if up.X != e {
				return
			}
		case parse.XBinary:
			// A place in a list that holds it: list->items + i * list->size.
			if up.X != e || up.Op != token.Add || !fi.IsPointer(e) {
				if reversible(up, e) || isOffset(up, e) && f.isKept(fi, up) {
					f.noteOtherForm(fi, up)
				}
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
			if up.X == e || up.Op != token.Assign {
				return
			}
			f.store(fi, up.X, up, ctx)
		case parse.XCall:
			f.argument(fi, up, e, ctx)
			if !f.Prog.PassesThrough(fi, up, e) {
				return
			}
		case parse.XInit, parse.XDesig:
			f.initializer(fi, e, ctx)
			return
		default:
			return
		}
		e = up
	}
}

// statement handles a value that is a whole expression.
func (f *Flow) statement(fi *program.FuncInfo, e *parse.Expr, ctx Context) {
	s := e.In
	if fi.Func.Macro != nil && fi.IsResult(e) {
		f.returned(fi, ctx)
		return
	}
	if s == nil {
		return
	}
	if x := fi.BlockValue(s); x != nil {
		f.value(fi, x, ctx)
		return
	}
	switch s.Kind {
	case parse.SReturn:
		f.notePacked(fi, e, fi.Func.Result, ctx)
		f.returned(fi, ctx)
	case parse.SDecl:
		for _, d := range s.Decls {
			if d.Init == e && d.Name != "" {
				f.notePacked(fi, e, d.Type, ctx)
				f.enqueue(Location{kind: inLocal, fn: fi.Func, decl: d}, e, fi, ctx)
			}
		}
	}
}

// returned hands the descriptor to the caller it came from, else to all.
func (f *Flow) returned(fi *program.FuncInfo, ctx Context) {
	// Functions that return each other's results would go round for ever.
	k := returnKey{fi.Func, ctx.Frame, ctx.Returns, ctx.Store, ctx.handed, ctx.handle}
	if f.left[k] || !f.canHold(fi.File, fi.Func.Result, ctx) || !f.step(fi, fi.Func.NamePos) {
		return
	}
	f.left[k] = true
	f.returning[fi.Func] = true
	if ctx.Frame != nil {
		f.exitFunction(exit{fi, -1}, ctx)
		return
	}
	f.noteEscape(fi)
	f.paired(fi, ctx)
	f.eachCaller(fi, ctx, func(c program.Ref, out Context) {
		if fi.Func.Macro == nil || ctx.Store == nil || callgraph.RegistrationFits(f.Prog, c.In.Func, ctx.path) {
			f.value(c.In, c.Expr, out)
		}
	})
}

// ReturnedBy reports whether a function returns the descriptor.
func (f *Flow) ReturnedBy(fn *parse.Func) bool {
	return f.returning[fn]
}

// noteEscape notes that the descriptor leaves a function for callers that may not all be
// in the tree; those of a static one are, and what they do is followed.
func (f *Flow) noteEscape(fi *program.FuncInfo) {
	fn := fi.Func
	if fn.Macro != nil || !fn.Static || len(f.Prog.AddressesTaken(fn)) > 0 || len(callgraph.CallSites(f.Prog, fn)) == 0 {
		f.escapes, f.HandedOut = true, true
	}
}

// exitFunction goes out of a function on the way by which the descriptor came in, and on
// those that were not followed.
func (f *Flow) exitFunction(x exit, ctx Context) {
	d := f.entered[ctx.Frame]
	f.exitToCall(x, ctx)
	if d == nil || slices.Contains(f.exits[d], x) {
		return
	}
	f.exits[d] = append(f.exits[d], x)
	for _, s := range f.late[d] {
		f.exitToCall(x, s.ctx)
	}
}

// exitToCall goes out of a function to the call that the descriptor came in by.
func (f *Flow) exitToCall(x exit, ctx Context) {
	c := ctx.Frame.Call
	if !f.step(c.In, c.Expr.NamePos) {
		return
	}
	ctx.Frame = ctx.Frame.Up
	switch {
	case x.param < 0:
		f.value(c.In, c.Expr, ctx)
	case x.param < len(c.Expr.Args):
		f.storeThroughArg(c.In, c.Expr.Args[x.param], c.Expr, ctx)
	}
}

// store puts the descriptor where an lvalue says; the value of the assignment
// is followed by the caller.
func (f *Flow) store(fi *program.FuncInfo, lhs, at *parse.Expr, ctx Context) {
	f.storeTo(fi, lhs, at, false, ctx)
}

// storeTo does the same; deref says that it goes to what the lvalue points to.
func (f *Flow) storeTo(fi *program.FuncInfo, lhs, at *parse.Expr, deref bool, ctx Context) {
	x := lhs.Strip()
	for x != nil && (x.Kind == parse.XIndex || x.Kind == parse.XUnary && x.Op == token.Mul ||
		x.Kind == parse.XBinary && x.Op == token.Add) {
		deref = true
		x = x.X.Strip()
	}
	if x == nil {
		return
	}
	if (deref || x.Kind == parse.XCall) && isMessage(fi, x) {
		f.escapes = true
		f.enqueue(Location{kind: inMessage, key: receiverFile(fi.File)}, nil, fi, ctx.stored(x, fi))
		return
	}
	switch x.Kind {
	case parse.XIdent:
		if d := fi.Lookup(x.Name, x.Pos); d != nil {
			whole, levels := lhs.Strip(), f.Prog.PointerLevels(fi.File, d.Type)
			ordered := levels == 0 && !deref || levels == 1 && whole.Kind == parse.XUnary && whole.X.Strip() == x // fd = , *fd =
			if d.Static || d.Type.Array || !ordered {
				at = nil // an element, or what lies further: no order is known
			}
			fresh := f.enqueue(Location{kind: inLocal, fn: fi.Func, decl: d, elem: element(f.Prog, fi, x)}, at, fi, ctx)
			switch i := fi.ParamIndex(d); {
			case i >= 0 && fi.Func.Macro != nil && fresh:
				f.macroArgument(fi, i, ctx)
			case i >= 0 && deref && fresh:
				f.outParam(fi, i, ctx)
			}
			if deref && fresh && f.Prog.PointerLevels(fi.File, d.Type) > 0 {
				f.storePointee(fi, d, ctx)
			}
			return
		}
		if g := f.Prog.Global(fi.File, x.Name); g != nil {
			if !f.canHold(fi.File, g.Decl.Type, ctx) {
				return
			}
			f.escapes = true
			f.enqueue(Location{kind: inGlobal, key: g.Key, elem: element(f.Prog, fi, x)}, nil, fi, ctx.stored(x, fi))
			return
		}
		if fi.Func.Macro != nil { // a name of the macro's user
			f.macroUser(fi, x.Name, ctx)
			return
		}
		f.noteOtherForm(fi, x) // a macro, or not of the tree: where that is cannot be told
	case parse.XMember:
		if d := fi.Member(x, 0); d != nil && !f.canHold(fi.File, d.Type, ctx) {
			return
		}
		f.escapes = f.escapes || !isLocalStruct(fi, x)
		f.storeMember(Location{kind: inMember, key: memberKey(fi.OwnerKey(x), x.Name), elem: element(f.Prog, fi, x)}, x, fi, ctx)
	case parse.XCall: // a function-like macro as lvalue: FD(c) = socket()
		fns := f.Prog.FuncsNamed(fi.File, x.Callee())
		switch {
		case len(fns) > 0:
		case len(x.Args) == 1 && f.Prog.PassesThrough(fi, x, x.Args[0]):
			f.storeTo(fi, x.Args[0], at, deref, ctx)
		default:
			f.noteOtherForm(fi, x) // where that is cannot be told
		}
		for _, fn := range fns {
			gi := f.Prog.InfoOf(fn)
			for _, r := range gi.Results() {
				into := deref
				if s := r.Strip(); s != nil && s.Kind == parse.XUnary && s.Op == token.And {
					r, into = s.X, false // the address of an element
				}
				f.storeTo(gi, r, nil, into, f.enterCall(ctx, fi, x))
			}
		}
	}
}

// storePointee puts the descriptor where a local pointer points to, by each value that the
// function gives it: fd = &fds[n]; *fd = socket().
func (f *Flow) storePointee(fi *program.FuncInfo, d *parse.Decl, ctx Context) {
	var put func(e *parse.Expr)
	put = func(e *parse.Expr) {
		e = e.Strip()
		switch {
		case e == nil:
		case e.Kind == parse.XCond:
			if e.Y == nil { // p ?: q
				put(e.X)
			}
			put(e.Y)
			put(e.Z)
		case e.Kind == parse.XUnary && e.Op == token.And:
			f.store(fi, e.X, nil, ctx)
		case e.Kind == parse.XCall: // of what a function returns only what it names: return &c->fd
			for _, fn := range f.Prog.FuncsNamed(fi.File, e.Callee()) {
				gi := f.Prog.InfoOf(fn)
				for _, r := range gi.Results() {
					if r = r.Strip(); r != nil && r.Kind == parse.XUnary && r.Op == token.And {
						f.store(gi, r.X, nil, f.enterCall(ctx, fi, e))
					}
				}
			}
		default:
			f.storeTo(fi, e, nil, true, ctx)
		}
	}
	put(d.Init)
	for e := range fi.Named(d.Name) {
		if up := e.Up; up != nil && up.Kind == parse.XAssign && up.X == e && up.Op == token.Assign && fi.Lookup(d.Name, e.Pos) == d {
			put(up.Y)
		}
	}
}

// isLocalStruct reports whether a member expression is rooted at a local
// struct (no pointer).
func isLocalStruct(fi *program.FuncInfo, x *parse.Expr) bool {
	for x.Kind == parse.XMember {
		if x.Op == token.Arrow {
			return false
		}
		x = x.X.Strip()
	}
	return x.Kind == parse.XIdent && fi.Lookup(x.Name, x.Pos) != nil
}

// stored is the context of a descriptor that at stores in memory: any function may
// load it.
func (ctx Context) stored(at *parse.Expr, fi *program.FuncInfo) Context {
	ctx.Frame, ctx.Store, ctx.StoreIn, ctx.Load, ctx.handed = nil, at, fi, nil, nil
	return ctx
}

// StoreFrames returns the calls through which the descriptor came to a store, with those that lead
// there as well and were not followed on; nil stands for any.
func (f *Flow) StoreFrames(s Store) []*callgraph.Frame {
	out := []*callgraph.Frame{s.Frame}
	for fr := s.Frame; fr != nil; fr = fr.Up {
		late := f.late[f.entered[fr]]
		if len(late) > 0 && fr != s.Frame {
			return []*callgraph.Frame{nil}
		}
		for _, t := range late {
			out = append(out, t.ctx.Frame)
		}
	}
	return out
}

// storeMember puts the descriptor into a member, at e.
func (f *Flow) storeMember(at Location, e *parse.Expr, fi *program.FuncInfo, ctx Context) {
	f.Stores[at] = append(f.Stores[at], Store{fi, e, ctx.Frame})
	f.enqueue(at, nil, fi, ctx.stored(e, fi))
}

// outParam hands a descriptor stored through pointer parameter i to the
// variables of the callers.
func (f *Flow) outParam(fi *program.FuncInfo, i int, ctx Context) {
	if ctx.Frame != nil {
		f.exitFunction(exit{fi, i}, ctx)
		return
	}
	f.noteEscape(fi)
	f.eachCaller(fi, ctx, func(c program.Ref, out Context) {
		if c.Expr != nil && i < len(c.Expr.Args) {
			f.storeThroughArg(c.In, c.Expr.Args[i], c.Expr, out)
		}
	})
}

// storeThroughArg stores the descriptor into what argument a points to.
func (f *Flow) storeThroughArg(fi *program.FuncInfo, a, call *parse.Expr, ctx Context) {
	x := program.Pointee(a)
	if x == nil {
		return
	}
	if x.Kind == parse.XIdent {
		if d := fi.Lookup(x.Name, x.Pos); d != nil {
			at := call
			if d.Type.Array || f.Prog.PointerLevels(fi.File, d.Type) > 0 || d.Static {
				at = nil
			}
			fresh := f.enqueue(Location{kind: inLocal, fn: fi.Func, decl: d}, at, fi, ctx)
			if i := fi.ParamIndex(d); i >= 0 && f.Prog.PointerLevels(fi.File, d.Type) > 0 && fresh {
				f.outParam(fi, i, ctx) // handed on as it came
			}
			return
		}
	}
	f.store(fi, x, call, ctx)
}

// macroArgument stores the descriptor, which a macro assigns to its parameter i, where
// its users say.
func (f *Flow) macroArgument(fi *program.FuncInfo, i int, ctx Context) {
	if ctx.Frame != nil {
		if c := ctx.Frame.Call; c.Expr != nil && i < len(c.Expr.Args) {
			ctx.Frame = ctx.Frame.Up
			f.store(c.In, c.Expr.Args[i], c.Expr, ctx)
		}
		return
	}
	for _, c := range f.Prog.Callers(fi.Func) {
		if c.Expr != nil && i < len(c.Expr.Args) {
			f.store(c.In, c.Expr.Args[i], c.Expr, f.returnTo(ctx, c))
		}
	}
}

// macroUser continues with a variable that a macro's replacement names and
// that its users have.
func (f *Flow) macroUser(fi *program.FuncInfo, name string, ctx Context) {
	for _, c := range f.Prog.Callers(fi.Func) {
		if d := c.In.Lookup(name, c.Expr.NamePos); d != nil {
			f.enqueue(Location{kind: inLocal, fn: c.In.Func, decl: d}, c.Expr, c.In, f.returnTo(ctx, c))
		}
	}
}

// initializer stores a value that stands in a braced initializer.
func (f *Flow) initializer(fi *program.FuncInfo, e *parse.Expr, ctx Context) {
	up := e.Up
	if up.Kind == parse.XDesig {
		if up.Name != "" {
			f.storeMember(Location{kind: inMember, key: memberKey(f.ownerOf(fi, up.Up), up.Name)}, e, fi, ctx)
		}
		return
	}
	if base := f.filled(fi, up); base != "" {
		f.initializeMember(fi, up, e, base, ctx)
	}
	if e.In == nil {
		return
	}
	for _, d := range e.In.Decls {
		if d.Init == up && d.Type.Array {
			f.enqueue(Location{kind: inLocal, fn: fi.Func, decl: d}, nil, fi, ctx)
		}
	}
}

// initializeMember stores what stands at e in the braced initializer of a struct.
func (f *Flow) initializeMember(fi *program.FuncInfo, init, e *parse.Expr, base string, ctx Context) {
	s := f.Prog.StructOf(fi.File, base)
	if i := slices.Index(init.Args, e); s != nil && i >= 0 && i < len(s.Fields) {
		f.storeMember(Location{kind: inMember, key: memberKey(f.Prog.StructKey(fi.File, base), s.Fields[i].Name)}, e, fi, ctx)
	}
}

// ownerOf names the struct that a braced initializer fills, program.UnknownStruct where that
// is not known.
func (f *Flow) ownerOf(fi *program.FuncInfo, init *parse.Expr) string {
	base := f.filled(fi, init)
	if base == "" || f.Prog.StructOf(fi.File, base) == nil {
		return program.UnknownStruct
	}
	return f.Prog.StructKey(fi.File, base)
}

// KeptUnseen reports whether the descriptor is stored into a struct whose readers are not
// known.
func (f *Flow) KeptUnseen() bool {
	for at := range f.Stores {
		if at.kind != inMember {
			continue
		}
		if owner, _ := at.member(); owner == program.UnknownStruct {
			return true
		}
	}
	return false
}

// filled is the struct type that a braced initializer fills, also one within another: "" where
// it is not known, or fills no struct.
func (f *Flow) filled(fi *program.FuncInfo, init *parse.Expr) string {
	if init == nil {
		return ""
	}
	up := init.Up
	switch {
	case up == nil || up.Kind == parse.XCompound:
		base, array := f.declared(init)
		if array {
			return ""
		}
		return base
	case up.Kind == parse.XDesig && up.Name == "":
		base, _ := f.declared(up.Up) // a row
		return base
	case up.Kind == parse.XDesig:
		if s := f.Prog.StructOf(fi.File, f.filled(fi, up.Up)); s != nil {
			return f.memberStruct(fi, s.Field(up.Name))
		}
	case up.Kind == parse.XInit:
		if base, array := f.declared(up); array {
			return base
		}
		s, i := f.Prog.StructOf(fi.File, f.filled(fi, up)), slices.Index(up.Args, init)
		if s != nil && i >= 0 && i < len(s.Fields) {
			return f.memberStruct(fi, s.Fields[i])
		}
	}
	return ""
}

// declared is the type of the variable or the compound literal that a braced initializer is for,
// of an array's rows where array is set.
func (f *Flow) declared(init *parse.Expr) (base string, array bool) {
	if c := init.Up; c != nil && c.Kind == parse.XCompound {
		return c.Type.Base, c.Type.Array
	}
	if init.Up != nil || init.In == nil {
		return "", false
	}
	for _, d := range init.In.Decls {
		if d.Init == init {
			base, _ = program.DeclType(d)
			return base, d.Type.Array
		}
	}
	return "", false
}

// memberStruct is the type of a member that is a struct, not a pointer to one.
func (f *Flow) memberStruct(fi *program.FuncInfo, d *parse.Decl) string {
	if d == nil {
		return ""
	}
	if base, n := f.Prog.DeclType(fi.File, d); n == 0 {
		return base
	}
	return ""
}

// Escapes reports whether the descriptor outlives the functions that were seen:
// it is kept in memory or handed to callers that are not in the tree.
func (f *Flow) Escapes() bool { return f.escapes }
