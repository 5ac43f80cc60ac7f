package judge

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/alias"
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/socket"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// Enabling is a setsockopt() that turns SO_KEEPALIVE on for a descriptor.
type Enabling struct {
	Event       flow.FDEvent
	conditional bool
	why         string // what it depends on
	// byCaller tells, where the callers of the function that makes the socket decide,
	// on which of them it is done; nil where they do not.
	byCaller map[*parse.Expr]effect
	// objects are the structs in which the descriptor was found, where they are known.
	objects []alias.Object
}

// effect is what a call does to SO_KEEPALIVE.
type effect uint8

const (
	noEffect effect = iota
	turnsOff
	maybeOn // under a run-time option
	turnsOn
)

// enablings finds, among what happens to a descriptor, the calls that turn
// keepalive on, and one that turns it off whatever is chosen.
func (a *Analysis) enablings(s *fixpoint.Session, f *flow.Flow) (out []Enabling, off *flow.FDEvent) {
	p := a.Prog
	var offs, maybes []flow.FDEvent
	t := optionEffects{p: p, s: s, fold: eval.NewIntEval(p, s), ev: eval.New(p, s), origin: func(h flow.FDEvent) *parse.Expr {
		return descriptorOrigin(f, h)
	}, holdersOf: map[flow.Location][]alias.Object{}}
	t.ev.Reachability = t.fold
	for _, h := range f.Events {
		if h.Kind != knowledge.EnableKeepalive && h.Kind != knowledge.SetOption || a.neverBuilt(h) {
			continue
		}
		if t.excluded(f, h) || closedBefore(f, h) || f.Site.Expr.Callee() != "socket" && connectsNext(h) {
			continue
		}
		is, why, objs := t.inObject(f, h)
		e := Enabling{Event: h, objects: objs}
		if is >= maybeOn || is == turnsOff {
			if ways, differ := t.byCaller(f, h); differ {
				e.byCaller, why = ways, "as the caller says"
				is = noEffect
				for _, k := range ways {
					is = max(is, min(k, maybeOn))
				}
			} else {
				for _, k := range ways {
					is = k // the same on all
				}
			}
		}
		switch {
		case is >= maybeOn && (t.neverOnTCP(f, h) || t.noCallerAsks(f, h)):
		case is == turnsOff && !h.Ctx.Sent:
			offs = append(offs, h)
		case is >= maybeOn:
			if why == whenNotZero {
				maybes = append(maybes, h)
			}
			e.conditional, e.why = is == maybeOn, why
			out = append(out, e)
		}
	}
	if len(out) == 0 && len(offs) == 0 {
		if e, ok := t.byScripts(f); ok {
			return []Enabling{e}, nil
		}
	}
	return switchedOff(f, out, offs, maybes), offOnEveryPath(t.fold, f, offs)
}

// excluded reports whether an option call is not reached from where the descriptor is
// made, by the conditions that both stand under:
//
//	if (local)
//		s = socket(AF_UNIX, SOCK_STREAM, 0);
//	else
//		s = socket(AF_INET, SOCK_STREAM, 0);
//	if (local)
//		setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
func (t *optionEffects) excluded(f *flow.Flow, h flow.FDEvent) bool {
	if !fromHere(h) {
		return false
	}
	way := eval.WayTo(f.Site, h.Ctx.Returns, h.Ctx.Frame, program.Ref{In: h.In, Expr: h.Call})
	return way != nil && t.ev.Excluded(f.Site, way)
}

// fromHere reports whether a descriptor that was taken out of memory was put there in
// this call of the function, and not in an earlier one.
func fromHere(h flow.FDEvent) bool {
	if h.Ctx.Store == nil {
		return true
	}
	fi, e := outermost(h)
	path := pathAt(h, e) // of a global
	if l := h.Ctx.Load; l != nil {
		fi, e, path = l.In, l.Expr, value.PathOf(l.Expr)
	}
	if fi != h.Ctx.StoreIn || path == "" {
		return false
	}
	_, entry := defuse.Reaching(fi, fi.NodeOf(e), e.Pos, path)
	return !entry
}

// neverOnTCP reports whether an option call is reached only by sockets that are not of
// TCP, by the conditions on its way and those by which the kind was chosen:
//
//	s = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
//	if (udp)
//		setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
func (t *optionEffects) neverOnTCP(f *flow.Flow, h flow.FDEvent) bool {
	if f.Site.Expr.Callee() != "socket" || !fromHere(h) {
		return false
	}
	if t.kinds == nil {
		t.kinds = fixpoint.NewSession()
		t.transports = t.transport(f, nil, nil)
	}
	if t.transports != result.MaybeTCP {
		return false
	}
	way := eval.WayTo(f.Site, h.Ctx.Returns, h.Ctx.Frame, program.Ref{In: h.In, Expr: h.Call})
	return way != nil && t.transport(f, h.Ctx.Returns.Frames(), way) == result.OtherTransport
}

// transport is the transport of the socket by its arguments.
func (t *optionEffects) transport(f *flow.Flow, fr *callgraph.Frame, way []eval.Step) (tr result.Transport) {
	list, _ := socket.On(t.p, t.kinds, f.Site, fr, way)
	for _, args := range list {
		x, _ := args.Transport()
		tr = socket.Merge(tr, x)
	}
	return tr
}

// whenNotZero is what an option depends on whose value may be 0.
const whenNotZero = "when its value is not 0"

// optionEffects finds out what calls do to SO_KEEPALIVE on the descriptor of one flow.
type optionEffects struct {
	p    *program.Program
	s    *fixpoint.Session
	fold *eval.IntEval
	ev   *eval.Evaluator // one for all calls: they get their arguments from the same places

	origin    func(flow.FDEvent) *parse.Expr   // the expression that made the descriptor, see descriptorOrigin
	holdersOf map[flow.Location][]alias.Object // memo of holders: the objects in which it lies

	// The transport of the socket on all ways, once neverOnTCP has asked; in a session of its own,
	// since the kind must not use up what the options have to spend.
	transports result.Transport
	kinds      *fixpoint.Session
}

// byCaller asks again for each call through which the function that makes the
// socket is entered, and whether the answers differ.
func (t *optionEffects) byCaller(f *flow.Flow, h flow.FDEvent) (ways map[*parse.Expr]effect, differ bool) {
	fn := f.Site.In.Func
	if fi, _ := outermost(h); h.Ctx.Returns != nil || fi.Func != fn {
		return nil, false
	}
	first := noEffect
	for i, c := range t.decidingCalls(fn) {
		is, _ := t.effect(h, callgraph.ExtendOuter(h.Ctx.Frame, c))
		if i == 0 {
			ways, first = map[*parse.Expr]effect{}, is
		}
		ways[c.Expr] = is
		differ = differ || is != first
	}
	return ways, differ
}

// noCallerAsks reports whether an option call in a function that the descriptor was returned
// to is done for none of that function's callers: if (keep) setsockopt(...), and each passes 0.
func (t *optionEffects) noCallerAsks(f *flow.Flow, h flow.FDEvent) bool {
	fi, _ := outermost(h)
	fn := fi.Func
	if h.Ctx.Returns == nil || fn == f.Site.In.Func || !fn.Static && t.p.IsLibrary() {
		return false
	}
	calls := t.decidingCalls(fn)
	// The first that asks for it ends the search: what the others pass need not be worked out.
	return len(calls) > 0 && len(t.p.AddressesTaken(fn)) == 0 && !slices.ContainsFunc(calls, func(c program.Ref) bool {
		is, _ := t.effect(h, callgraph.ExtendOuter(h.Ctx.Frame, c))
		return is >= maybeOn
	})
}

// decidingCalls returns the calls of a function whose parameters decide about options; none
// where they do not, or are too many.
func (t *optionEffects) decidingCalls(fn *parse.Func) []program.Ref {
	if fn.Macro != nil || !t.fold.CallerDependent[fn] {
		return nil
	}
	if calls := callgraph.CallSites(t.p, fn); len(calls) <= eval.MaxWays {
		return calls
	}
	return nil
}

// effect tells what the call does where the functions that lead to it were
// entered through fr, and what it depends on.
func (t *optionEffects) effect(h flow.FDEvent, fr *callgraph.Frame) (effect, string) {
	var made *parse.Expr // the descriptor's own call, unless it was returned from there
	if h.Ctx.Returns == nil {
		made = t.origin(h)
	}
	args := h.In.Args(h.Call)
	if h.Kind == knowledge.SetOption && (len(args) < 4 || otherOption(args[2])) || !feasibleEvent(t.fold, h, fr, made) {
		return noEffect, ""
	}
	c := condition(t.fold, h, fr, t.origin(h))
	if h.Kind == knowledge.EnableKeepalive {
		if c != "" {
			return maybeOn, c
		}
		return turnsOn, ""
	}
	is, why := noEffect, ""
	rows, ok := t.fold.OptionRows(args[2].In, args[2].Expr, fr)
	if !ok {
		rows = []eval.OptionRow{{}}
	}
	last := noEffect // of the last row that says anything
	for _, r := range rows {
		k, because := t.option(args, fr, r)
		if k != noEffect {
			last = k
		}
		if k > is {
			is, why = k, because
		}
	}
	switch {
	case last == turnsOff && is >= maybeOn && c == "" && slices.ContainsFunc(callsTo(h), repeated):
		// All rows are applied, one after the other.
		return turnsOff, ""
	case is == turnsOn && c != "":
		return maybeOn, c
	case is == turnsOn && len(rows) > 1:
		return maybeOn, "from a table of options"
	case is == maybeOn:
		return maybeOn, cmp.Or(why, c)
	}
	return is, ""
}

// repeated reports whether a call is done in each round of a loop of its function.
func repeated(call program.Ref) bool {
	g, n := call.In.Graph(), call.In.NodeOf(call.Expr)
	loops, chosen := false, false
	again := g.Reachable(n, nil, func(*cfg.Edge) bool { return true })
	for _, d := range g.ControlDeps(n) {
		if again.Has(d) {
			head := d.Stmt.Kind == parse.SFor || d.Stmt.Kind == parse.SWhile || d.Stmt.Kind == parse.SDo
			loops, chosen = loops || head, chosen || !head
		}
	}
	return loops && !chosen
}

// option tells what a call of setsockopt() does with one row of a table, or
// without any, and what that depends on.
func (t *optionEffects) option(args []program.Ref, fr *callgraph.Frame, row eval.OptionRow) (effect, string) {
	ev := t.ev
	ev.Trail = &fixpoint.Trail{}
	// numbers says whether what an argument is as a number is asked for.
	arg := func(i int, numbers bool) (val value.Values, n value.Ints) {
		in, e := args[i].In, args[i].Expr
		if row.In != nil {
			if fi, x, own := row.Arg(e, args[2].Expr); own {
				if i == 3 && t.changes(in, e) {
					return value.Values{Set: value.NameSet{"0"}, Unknown: "changed at run time"}, value.Ints{Open: true}
				}
				if x == nil {
					return value.Single("0"), value.IntOf(0)
				}
				if numbers {
					n = t.fold.Eval(fi, x, nil)
				}
				return ev.Eval(fi, x, nil), n
			}
		}
		if numbers {
			n = t.fold.Eval(in, e, fr)
		}
		return ev.Eval(in, e, fr), n
	}
	defer func() { t.fold.DependsLike(ev) }()
	opt, _ := arg(2, false)
	if outside := t.outsideOption(args, opt); !outside && !opt.Set.Has("SO_KEEPALIVE") || program.IsNull(args[3].Expr) {
		return noEffect, ""
	} else if level, _ := arg(1, false); !socketLevel(level) {
		return noEffect, ""
	} else if outside {
		return maybeOn, "as a caller outside of the tree says"
	}
	val, n := arg(3, true)
	switch off := n.Only(0) || val.Only("0") && t.sees(args[3].In, args[3].Expr); {
	case off && len(opt.Set) == 1:
		return turnsOff, ""
	case len(opt.Set) > 1 || opt.Unknown != "":
		return maybeOn, "from a table of options"
	case val.Set.Has("0") && !val.Only("0") && !n.Excludes(0):
		return maybeOn, whenNotZero
	}
	return turnsOn, ""
}

// outsideOption reports whether an option is what a function of the library's interface is given, or comes
// with its level out of the data of an interpreter, in a tree that tells the option's name to those who
// say which: a language that has setsockopt().
func (t *optionEffects) outsideOption(args []program.Ref, known value.Values) bool {
	opt := args[2]
	e := opt.Expr.Strip()
	if known.Unknown == "" || len(known.Set) > 0 || e.Kind != parse.XIdent {
		return false
	}
	d := opt.In.Lookup(e.Name, e.Pos)
	switch {
	case d == nil || len(t.p.FilesNaming("SO_KEEPALIVE")) == 0:
		return false
	case opt.In.ParamIndex(d) >= 0:
		return !opt.In.Func.Static && len(callgraph.CallSites(t.p, opt.In.Func)) == 0
	}
	return t.fromData(opt) && t.fromData(args[1])
}

// fromData reports whether an argument is a variable of which the tree says nothing: what converts the
// values of a language gave it its own, level = number(arg[2]).
func (t *optionEffects) fromData(r program.Ref) bool {
	e := r.Expr.Strip()
	if e.Kind != parse.XIdent {
		return false
	}
	d := r.In.Lookup(e.Name, e.Pos)
	if d == nil || r.In.ParamIndex(d) >= 0 {
		return false
	}
	defs, entry := defuse.Reaching(r.In, r.In.NodeOf(e), e.Pos, e.Name)
	for _, d := range defs {
		if d.Kind != defuse.DefValue && d.Kind != defuse.DefOut {
			return false
		}
	}
	v := t.ev.Eval(r.In, e, nil)
	return len(defs) > 0 && !entry && onlyData(v)
}

// onlyData reports whether nothing is known of a value but that it may be missing: -1. It can be
// empty where functions and macros that go round are all there is.
func onlyData(v value.Values) bool {
	return (v.Unknown != "" || len(v.Set) == 0) && !slices.ContainsFunc(v.Set, func(k string) bool { return !strings.HasPrefix(k, "-") })
}

// sees reports whether the evaluator knows all that a value can be: of a variable
// that is counted up or whose address lies in a table of settings it does not.
func (t *optionEffects) sees(fi *program.FuncInfo, e *parse.Expr) bool {
	x := e.Strip()
	if x != nil && x.Kind == parse.XUnary {
		x = x.X.Strip()
	}
	if x == nil || x.Kind != parse.XIdent && x.Kind != parse.XMember {
		return true
	}
	if x.Kind == parse.XIdent {
		if d := fi.Lookup(x.Name, x.Pos); d != nil {
			return fi.ParamIndex(d) >= 0
		}
	}
	for _, u := range t.p.FilesNaming(x.Name) {
		if u.NamedOutsideFuncs(x.Name) {
			return false
		}
	}
	return true
}

// changes reports whether the tree assigns to the member whose value or address
// is handed over.
func (t *optionEffects) changes(fi *program.FuncInfo, e *parse.Expr) bool {
	x := e.Strip()
	if x != nil && x.Kind == parse.XUnary {
		x = x.X.Strip()
	}
	return x != nil && x.Kind == parse.XMember && t.p.IsStored(fi, x)
}

// otherOption reports whether an argument is another option than SO_KEEPALIVE by
// its name.
func otherOption(r program.Ref) bool {
	c, ok := r.In.File.Prog.SocketConstant(r)
	return ok && c != "SO_KEEPALIVE"
}

// reaches reports whether it is done to a descriptor that was returned through returns, and
// not only to that of another caller of the same wrapper.
func (e *Enabling) reaches(exits *callgraph.ReturnChain) bool {
	if e.byCaller != nil && exits != nil && len(exits.Calls) > 0 && e.byCaller[exits.Calls[0].Expr] < maybeOn {
		return false
	}
	return exits.MayCoincide(e.Event.Ctx.Returns)
}

// socketLevel reports whether an option can be one of SOL_SOCKET's; with the
// level of TCP the number of SO_KEEPALIVE means something else.
func socketLevel(level value.Values) bool {
	if level.Unknown != "" || len(level.Set) == 0 {
		return true
	}
	for _, k := range level.Set {
		if !knowledge.NotSocketLevel(k) {
			return true
		}
	}
	return false
}

// neverBuilt reports whether something is done to a descriptor in code that is not
// compiled where its site is, or that only such code leads to.
func (a *Analysis) neverBuilt(h flow.FDEvent) bool {
	return slices.ContainsFunc(callsTo(h), func(r program.Ref) bool { return a.constraints.NeverBuilt(r.In.File, r.Expr.NamePos) })
}
