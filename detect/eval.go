package detect

import (
	"fmt"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// values is the set of values that an expression can have, constants by their
// canonical names. unknown says why there may be others; "" where not.
type values struct {
	set     map[string]bool
	unknown string
}

func (v *values) add(name string) {
	if v.set == nil {
		v.set = map[string]bool{}
	}
	v.set[name] = true
}

func (v *values) join(w values) {
	for k := range w.set {
		v.add(k)
	}
	if v.unknown == "" {
		v.unknown = w.unknown
	}
}

// list returns the values sorted, "?" last where there may be others.
func (v values) list() []string {
	out := make([]string, 0, len(v.set)+1)
	for k := range v.set {
		out = append(out, k)
	}
	sort.Strings(out)
	if v.unknown != "" {
		out = append(out, "?")
	}
	return out
}

func (v values) String() string { return strings.Join(v.list(), ", ") }

func one(name string) values { return values{set: map[string]bool{name: true}} }

func dunno(format string, args ...any) values {
	return values{unknown: fmt.Sprintf(format, args...)}
}

// frame says through which call a function was entered; nil means any.
type frame struct {
	call ref // the call, in the caller
	up   *frame
}

func (f *frame) depth() int {
	n := 0
	for ; f != nil; f = f.up {
		n++
	}
	return n
}

// Bounds of the evaluation. They are far above what real code needs (the
// deepest chain seen had six calls) and keep hostile input harmless.
const (
	maxEvalDepth = 60
	maxEvalSteps = 4000
	maxSiteSteps = 30000
	maxCallers   = 40
)

// evaluator folds expressions to values, backwards along the flow of data.
type evaluator struct {
	p      *program
	steps  int
	busy   map[busyKey]bool
	trail  []Evidence // what decided, in order of discovery
	memo   map[busyKey]values
	params map[paramKey]values
	sess   *session
	// open is set when a parameter of the outermost function was met while no
	// frame says who calls it.
	open map[*parse.Func]bool
	// prov are the calls that the descriptor at hand went through: where a
	// parameter is asked for, the caller is one of them.
	prov *trace
	// symbolic keeps the names of macros that stand for plain numbers.
	symbolic bool
}

// through keeps, of the callers of a function, those that the descriptor went
// through, when it went through any.
func (ev *evaluator) through(calls []ref) []ref {
	var out []ref
	for _, c := range calls {
		if ev.prov.has(c.e) {
			out = append(out, c)
		}
	}
	if len(out) > 0 {
		return out
	}
	return calls
}

type busyKey struct {
	e     *parse.Expr
	path  string
	frame *frame
}

// session is what the evaluations for one site share: what members and
// globals hold, which depends on no way of calling, and the bound on all of
// them together. It is not shared between sites: in what order they are
// worked on must not show.
type session struct {
	steps int
	sets  map[string]*held
}

// held is a fact about memory and the evidence that led to it.
type held struct {
	v     values
	trail []Evidence
}

func (p *program) session() *session { return &session{sets: map[string]*held{}} }

// recall returns the fact of that key, found out at most once a session.
func (ev *evaluator) recall(key string, find func() values) values {
	if h, ok := ev.sess.sets[key]; ok {
		for _, e := range h.trail {
			ev.add(e)
		}
		return h.v
	}
	h := &held{} // a cycle adds nothing
	ev.sess.sets[key] = h
	outer := ev.trail
	ev.trail = nil
	h.v = find()
	h.trail = ev.trail
	ev.trail = outer
	for _, e := range h.trail {
		ev.add(e)
	}
	return h.v
}

// spent counts a step and reports whether the bound is reached.
func (ev *evaluator) spent() bool {
	ev.steps++
	ev.sess.steps++
	return ev.steps > maxEvalSteps || ev.sess.steps > maxSiteSteps
}

func (p *program) evaluator(s *session) *evaluator {
	return &evaluator{p: p, sess: s, busy: map[busyKey]bool{}, memo: map[busyKey]values{}, params: map[paramKey]values{}, open: map[*parse.Func]bool{}}
}

// note records an evidence once.
func (ev *evaluator) note(fi *funcInfo, off int, format string, args ...any) {
	ev.add(fi.evidence(off, fmt.Sprintf(format, args...)))
}

func (ev *evaluator) add(e Evidence) {
	if len(ev.trail) > 24 {
		return
	}
	for _, x := range ev.trail {
		if x == e {
			return
		}
	}
	ev.trail = append(ev.trail, e)
}

// src is the text of an expression as it stands, blanks folded.
func (fi *funcInfo) src(e *parse.Expr) string {
	s := strings.Join(strings.Fields(string(fi.fn.File.Src[e.Pos:e.End])), " ")
	if len(s) > 60 {
		s = s[:57] + "..."
	}
	return s
}

// eval returns the values of e, evaluated where it stands in fi, in a
// function entered through fr.
func (ev *evaluator) eval(fi *funcInfo, e *parse.Expr, fr *frame) values {
	if ev.spent() {
		return dunno("too much to follow")
	}
	e = e.Strip()
	if e == nil {
		return dunno("not understood")
	}
	key := busyKey{e, "", fr}
	if v, ok := ev.memo[key]; ok {
		return v
	}
	if ev.busy[key] || len(ev.busy) > maxEvalDepth {
		return values{} // a cycle adds nothing
	}
	ev.busy[key] = true
	v := ev.fold(fi, e, fr)
	delete(ev.busy, key)
	ev.memo[key] = v
	return v
}

// fold evaluates an expression by its kind.
func (ev *evaluator) fold(fi *funcInfo, e *parse.Expr, fr *frame) values {
	switch e.Kind {
	case parse.XNumber:
		return one(strings.TrimRight(e.Name, "uUlL"))
	case parse.XChar, parse.XString:
		return one(e.Name)
	case parse.XSizeof:
		return one("sizeof")
	case parse.XIdent:
		return ev.ident(fi, e, fr)
	case parse.XMember, parse.XIndex:
		return ev.object(fi, e, "", fr)
	case parse.XUnary:
		switch e.Op {
		case parse.Mul, parse.And:
			return ev.eval(fi, e.X, fr)
		case parse.Sub:
			if e.X != nil && e.X.Kind == parse.XNumber {
				return one("-" + e.X.Name)
			}
		case parse.Not:
			v := one("0")
			v.add("1")
			return v
		}
		return dunno("computed: %s", fi.src(e))
	case parse.XAssign:
		return ev.eval(fi, e.Y, fr)
	case parse.XComma:
		return ev.eval(fi, e.Args[len(e.Args)-1], fr)
	case parse.XCond:
		if e.Y == nil {
			v := ev.eval(fi, e.X, fr)
			v.join(ev.eval(fi, e.Z, fr))
			return v
		}
		v := ev.eval(fi, e.Y, fr)
		v.join(ev.eval(fi, e.Z, fr))
		return v
	case parse.XBinary:
		return ev.binary(fi, e, fr)
	case parse.XInit:
		var v values
		for _, a := range e.Args {
			if a.Kind == parse.XDesig {
				a = a.X
			}
			if a != nil && a.Kind != parse.XInit {
				v.join(ev.eval(fi, a, fr))
			}
		}
		return v
	case parse.XCompound:
		return ev.eval(fi, e.X, fr)
	case parse.XCall:
		return ev.callResult(fi, e, "", fr)
	}
	return dunno("not understood: %s", fi.src(e))
}

// binary folds the operators that flags are made with.
func (ev *evaluator) binary(fi *funcInfo, e *parse.Expr, fr *frame) values {
	switch e.Op {
	case parse.Or, parse.Add, parse.Xor:
		x, y := ev.eval(fi, e.X, fr), ev.eval(fi, e.Y, fr)
		return combine(x, y)
	case parse.And:
		// type & ~FLAGS, type & MASK: the value without its flags.
		if y := e.Y.Strip(); y != nil && (y.Kind == parse.XUnary && y.Op == parse.Tilde || y.Kind == parse.XIdent || y.Kind == parse.XNumber) {
			return ev.eval(fi, e.X, fr)
		}
		return ev.eval(fi, e.Y, fr)
	case parse.EqEq, parse.NotEq, parse.Lt, parse.Gt, parse.Le, parse.Ge, parse.AndAnd, parse.OrOr:
		v := one("0")
		v.add("1")
		return v
	}
	return dunno("computed: %s", fi.src(e))
}

// combine is the value of a | b where one of them may be flags alone.
func combine(a, b values) values {
	base := func(v values) values {
		out := values{unknown: v.unknown}
		for k := range v.set {
			if !typeFlags[k] {
				out.add(k)
			}
		}
		return out
	}
	x, y := base(a), base(b)
	switch {
	case len(x.set) > 0 && len(y.set) == 0:
		x.unknown = a.unknown // an unknown operand beside a type is flags
		return x
	case len(y.set) > 0 && len(x.set) == 0:
		y.unknown = b.unknown
		return y
	case len(x.set) == 0 && len(y.set) == 0:
		a.join(b)
		return a
	}
	x.join(y)
	return x
}

// ident evaluates a name: a constant, a macro, an enumerator, a variable.
func (ev *evaluator) ident(fi *funcInfo, e *parse.Expr, fr *frame) values {
	d := fi.lookup(e.Name, e.Pos)
	if d == nil {
		if c, ok := canonical(e.Name); ok {
			return one(c)
		}
		if v, ok := ev.macro(fi, e, fr); ok {
			return v
		}
	}
	return ev.object(fi, e, "", fr)
}

// macro evaluates an object-like macro or an enumerator of the tree.
func (ev *evaluator) macro(fi *funcInfo, e *parse.Expr, fr *frame) (values, bool) {
	defs := ev.p.constants(fi.unit, e.Name)
	var v values
	for _, c := range defs {
		switch {
		case c.macro == nil && c.x == nil:
			v.add(e.Name) // an enumerator without a value of its own
		case c.macro == nil:
			v.join(ev.eval(c.host, c.x, fr))
		case c.x.Kind == parse.XIdent && c.x.Name == e.Name:
			if k, ok := canonical(e.Name); ok {
				v.add(k)
			}
		case ev.symbolic && c.x.Kind == parse.XNumber:
			v.add(e.Name)
		default:
			ev.note(c.host, c.macro.Off, "#define %s %s", e.Name, c.host.src(c.x))
			host := *c.host0()
			host.local = fi.local
			v.join(ev.eval(&host, c.x, fr))
		}
	}
	return v, len(defs) > 0
}

// constDef is a definition of a constant: an object-like macro with its
// replacement, or an enumerator.
type constDef struct {
	macro *parse.Macro
	x     *parse.Expr // nil for an enumerator without a value
	host  *funcInfo
}

// host0 is a fresh view of the file that holds the definition.
func (c constDef) host0() *funcInfo {
	return &funcInfo{fn: c.host.fn, unit: c.host.unit}
}

// constants returns the definitions that a name used in u can mean.
func (p *program) constants(u *unit, name string) []constDef {
	key := useKey{u, name}
	p.caches.mu.Lock()
	out, ok := p.consts[key]
	p.caches.mu.Unlock()
	if ok {
		return out
	}
	var cands []*unit
	for _, c := range p.unitsDefining(name) {
		c.tables()
		if len(c.macros[name]) > 0 || c.enumerator(name) != nil {
			cands = append(cands, c)
		}
	}
	for _, c := range nearest(u, cands) {
		host := &funcInfo{fn: &parse.Func{File: c.tree(), Name: name}, unit: c}
		for _, m := range c.macros[name] {
			if x := m.Expr(); x != nil {
				out = append(out, constDef{m, x, host})
			}
		}
		if d := c.enumerator(name); d != nil {
			out = append(out, constDef{nil, d.Init, host})
		}
	}
	p.caches.mu.Lock()
	p.consts[key] = out
	p.caches.mu.Unlock()
	return out
}

func (u *unit) enumerator(name string) *parse.Decl {
	for _, d := range u.decls[name] {
		if d.Enum {
			return d
		}
	}
	return nil
}

// object evaluates the path e+suffix: the value stored in a variable, a
// member or an element.
func (ev *evaluator) object(fi *funcInfo, e *parse.Expr, suffix string, fr *frame) values {
	if ev.spent() {
		return dunno("too much to follow")
	}
	e = e.Strip()
	for e != nil && e.Kind == parse.XUnary && (e.Op == parse.And || e.Op == parse.Mul) {
		e = e.X.Strip()
	}
	if e == nil {
		return dunno("not understood")
	}
	// The next element of a list of addresses was asked for with the same hints.
	suffix = strings.ReplaceAll(suffix, ".ai_next", "")
	for e.Kind == parse.XMember && e.Name == "ai_next" && e.X.Strip() != nil {
		e = e.X.Strip()
	}
	if e.Kind == parse.XCall {
		return ev.callResult(fi, e, suffix, fr)
	}
	if e.Kind == parse.XCond && e.Y != nil {
		v := ev.object(fi, e.Y, suffix, fr)
		v.join(ev.object(fi, e.Z, suffix, fr))
		return v
	}
	if suffix != "" && isNull(e) {
		return values{} // nothing lies below a null pointer
	}
	if strings.Count(suffix, ".") > 3 {
		return dunno("too far below %s", fi.src(e))
	}
	key := busyKey{e, suffix + "#object", fr}
	if v, ok := ev.memo[key]; ok {
		return v
	}
	if ev.busy[key] || len(ev.busy) > maxEvalDepth {
		return values{}
	}
	ev.busy[key] = true
	v := ev.stored(fi, e, suffix, fr)
	delete(ev.busy, key)
	ev.memo[key] = v
	return v
}

// stored evaluates what the path e+suffix holds.
func (ev *evaluator) stored(fi *funcInfo, e *parse.Expr, suffix string, fr *frame) values {
	path := pathOf(e) + suffix
	if pathOf(e) == "" {
		if e.Kind == parse.XMember && e.Name == "p_proto" {
			return ev.protocolByName(fi, e.X, suffix, fr)
		}
		return dunno("not understood: %s", fi.src(e))
	}
	if v, ok := ev.known(fi, e, suffix, path, fr); ok {
		return ev.filter(fi, e, path, v)
	}
	var v values
	var defs []def
	entry := true
	if fi.fn.BodyPos != fi.fn.End && e.In != nil {
		defs, entry = fi.reach(fi.nodeOf(e), e.Pos, path)
	}
	for _, d := range defs {
		v.join(ev.definition(fi, d, path, fr))
	}
	if entry {
		v.join(ev.atEntry(fi, e, suffix, path, fr))
	} else if len(v.set) == 0 && v.unknown == "" && path != rootOf(path) && ev.ownMember(fi, e, suffix) {
		v = ev.fieldStores(fi, e, suffix) // filled in by somebody who got its address
	}
	return ev.filter(fi, e, path, v)
}

// filter keeps the values that the branches taken allow.
func (ev *evaluator) filter(fi *funcInfo, e *parse.Expr, path string, v values) values {
	if e.In == nil || fi.fn.End == 0 {
		return v
	}
	f := fi.factsAt(e, path)
	if f.top() {
		return v
	}
	out := values{unknown: v.unknown}
	for k := range v.set {
		if f.excluded[k] || f.allowed != nil && !f.allowed[k] && !(k == "AF_UNSPEC" && (f.allowed["AF_INET"] || f.allowed["AF_INET6"])) {
			continue
		}
		out.add(k)
	}
	if f.allowed != nil && (v.unknown != "" || len(out.set) == 0 && len(v.set) == 0 || v.set["AF_UNSPEC"]) {
		// The branches name the values themselves.
		if out.set != nil {
			delete(out.set, "AF_UNSPEC")
		}
		for k := range f.allowed {
			out.add(k)
		}
		out.unknown = ""
		ev.note(fi, e.Pos, "only where %s is %s", path, out)
	}
	return out
}

// definition evaluates one reaching definition.
func (ev *evaluator) definition(fi *funcInfo, d def, path string, fr *frame) values {
	switch d.kind {
	case defZero:
		return one("0")
	case defUnknown:
		return values{} // never set on this way
	case defObject:
		return ev.object(fi, d.e, d.suffix, fr)
	case defOut:
		return ev.outParam(fi, d.e, d.arg, d.suffix, fr)
	}
	if d.e.Kind == parse.XInit {
		return ev.eval(fi, d.e, fr)
	}
	if v := ev.eval(fi, d.e, fr); len(v.set) > 0 || v.unknown != "" {
		if d.e.Kind == parse.XIdent || d.e.Kind == parse.XCond || d.e.Kind == parse.XBinary {
			if _, isConst := canonical(d.e.Name); isConst || d.e.Kind != parse.XIdent {
				ev.note(fi, d.e.Pos, "%s = %s", path, fi.src(d.e))
			}
		}
		return v
	}
	return values{}
}

// atEntry evaluates a path that nothing in the function defines before its
// use: a parameter, a global, a member of something that lives elsewhere.
func (ev *evaluator) atEntry(fi *funcInfo, e *parse.Expr, suffix, path string, fr *frame) values {
	root := rootOf(path)
	rest := path[len(root):]
	if d := fi.lookup(root, e.Pos); d != nil {
		if i := fi.isParam(d); i >= 0 {
			if rest != "" && ev.ownMember(fi, e, suffix) {
				// A member of a struct of the tree: what all of the tree
				// stores to it is found without going through the callers.
				if w := ev.fieldStores(fi, e, suffix); len(w.set) > 0 {
					return w
				}
			}
			return ev.param(fi, i, rest, fr)
		}
		if rest != "" {
			return ev.fieldStores(fi, e, suffix)
		}
		if d.Static {
			return ev.localStores(fi, d, fr)
		}
		return values{}
	}
	if g := ev.p.global(fi.unit, root); g != nil {
		return ev.globalValue(g, rest, suffix, e, fi)
	}
	if rest != "" {
		return ev.fieldStores(fi, e, suffix)
	}
	if fns := ev.p.funcsNamed(fi.unit, root); len(fns) > 0 && rest == "" {
		return one(functionValue(fns[0])) // a function as a value
	}
	if fi.fn.Macro != nil {
		return dunno("%s is what the macro's user has", root)
	}
	return dunno("%s is not declared in the tree", root)
}

// ownMember reports whether the path e+suffix goes through a member of a struct
// that the tree defines.
func (ev *evaluator) ownMember(fi *funcInfo, e *parse.Expr, suffix string) bool {
	chain, _ := ev.pathSteps(fi, e, suffix)
	for i := len(chain) - 1; i >= 0; i-- {
		if o := chain[i].owner; o != "" && !isForeign(o) && ev.p.structOf(fi.unit, o) != nil {
			return true
		}
	}
	return false
}

// param evaluates parameter i (and the path rest below it) from what callers
// pass.
func (ev *evaluator) param(fi *funcInfo, i int, rest string, fr *frame) values {
	if fr != nil {
		return ev.argument(fr.call, i, rest, fr.up)
	}
	ev.open[fi.fn] = true
	key := paramKey{fi.fn.Params[i], "<" + rest, nil}
	if v, ok := ev.params[key]; ok {
		return v
	}
	ev.params[key] = values{}
	v := ev.fromCallers(fi, i, rest)
	ev.params[key] = v
	return v
}

// fromCallers joins what all callers pass.
func (ev *evaluator) fromCallers(fi *funcInfo, i int, rest string) values {
	calls := ev.p.entries(fi.fn)
	if len(calls) == 0 {
		return dunno("%s() has no caller in the tree", fi.fn.Name)
	}
	calls = ev.through(calls)
	if len(calls) > maxCallers {
		calls = calls[:maxCallers]
	}
	var v values
	for _, c := range calls {
		v.join(ev.argument(c, i, rest, nil))
	}
	return v
}

func (ev *evaluator) argument(c ref, i int, rest string, up *frame) values {
	if c.e == nil || i >= len(c.e.Args) {
		return dunno("called with fewer arguments")
	}
	a := c.e.Args[i]
	if rest == "" {
		ev.note(c.fi, c.e.NamePos, "called from %s(): %s", c.fi.fn.Name, c.fi.src(c.e))
		return ev.typesAt(c, ev.eval(c.fi, a, up))
	}
	return ev.typesAt(c, ev.object(c.fi, a, rest, up))
}

// typesAt narrows socket types by the branches that lead to a call, whatever
// variable they ask: if (udp_type == SOCK_DGRAM) s = make(ai->ai_socktype).
func (ev *evaluator) typesAt(c ref, v values) values {
	if len(v.set) < 2 || !has(v, streamType) || !has(v, otherType) || c.fi.fn.End == 0 {
		return v
	}
	for _, path := range c.fi.typePaths() {
		f := c.fi.factsAt(c.e, path)
		out := values{unknown: v.unknown}
		for k := range v.set {
			if !f.excluded[k] && (f.allowed == nil || f.allowed[k]) {
				out.add(k)
			}
		}
		if len(out.set) > 0 && len(out.set) < len(v.set) {
			ev.note(c.fi, c.e.NamePos, "only where %s is %s", path, out)
			return out
		}
	}
	return v
}

// typePaths lists the paths that the function compares with socket types.
func (fi *funcInfo) typePaths() []string {
	found := map[string]bool{}
	for _, name := range []string{"SOCK_STREAM", "SOCK_DGRAM"} {
		for _, e := range fi.names[name] {
			if up := e.Up; up != nil && up.Kind == parse.XBinary && (up.Op == parse.EqEq || up.Op == parse.NotEq) {
				other := up.X
				if other.Strip() == e {
					other = up.Y
				}
				found[pathOf(lhsOf(other))] = true
			} else if up == nil && e.In != nil && e.In.Kind == parse.SCase {
				for s := e.In.Parent; s != nil; s = s.Parent {
					if s.Kind == parse.SSwitch {
						found[pathOf(s.Expr)] = true
						break
					}
				}
			}
		}
	}
	delete(found, "")
	var out []string
	for p := range found {
		out = append(out, p)
	}
	sortStrings(out)
	return out
}

// callResult evaluates what a function of the tree returns.
func (ev *evaluator) callResult(fi *funcInfo, e *parse.Expr, suffix string, fr *frame) values {
	name := e.Callee()
	switch name {
	case "ntohs", "htons", "ntohl", "htonl", "abs":
		if len(e.Args) == 1 {
			return ev.eval(fi, e.Args[0], fr)
		}
	case "malloc", "calloc", "realloc":
		return values{}
	}
	fns := ev.p.funcsNamed(fi.unit, name)
	if len(fns) == 0 {
		return dunno("%s() is not in the tree", orExpr(name, fi, e))
	}
	if fr.depth() > 8 {
		return dunno("calls nested too deeply")
	}
	var v values
	for _, fn := range fns {
		gi := ev.p.infoOf(fn)
		sub := &frame{call: ref{fi, e}, up: fr}
		for _, r := range gi.results() {
			if suffix == "" {
				v.join(ev.eval(gi, r, sub))
			} else {
				v.join(ev.object(gi, r, suffix, sub))
			}
		}
	}
	return v
}

func orExpr(name string, fi *funcInfo, e *parse.Expr) string {
	if name != "" {
		return name
	}
	return fi.src(e.X)
}

// results returns the expressions that a function returns; for a macro the
// last expression of its replacement.
func (fi *funcInfo) results() []*parse.Expr {
	var out []*parse.Expr
	if fi.fn.Macro != nil {
		if l := fi.fn.Body().List; len(l) > 0 && l[len(l)-1].Kind == parse.SExpr {
			out = append(out, l[len(l)-1].Expr)
		}
		return out
	}
	fi.fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SReturn && s.Expr != nil {
			out = append(out, s.Expr)
		}
		return true
	})
	return out
}

// outParam evaluates what a call stores through one of its arguments.
func (ev *evaluator) outParam(fi *funcInfo, call *parse.Expr, arg int, suffix string, fr *frame) values {
	name := call.Callee()
	fns := ev.p.funcsNamed(fi.unit, name)
	if hints := ev.p.hintsOf(fi, call, fns, arg); hints >= 0 && strings.HasPrefix(suffix, ".ai_") {
		return ev.fromHints(fi, call, hints, suffix, fr)
	}
	if len(fns) == 0 {
		return dunno("set by %s()", orExpr(name, fi, call))
	}
	if fr.depth() > 8 {
		return dunno("calls nested too deeply")
	}
	var v values
	for _, fn := range fns {
		if arg >= len(fn.Params) {
			continue
		}
		gi := ev.p.infoOf(fn)
		sub := &frame{call: ref{fi, call}, up: fr}
		v.join(ev.storedInParam(gi, fn.Params[arg], suffix, sub))
	}
	return v
}

// storedInParam evaluates all that a function stores to the path
// param+suffix.
func (ev *evaluator) storedInParam(gi *funcInfo, d *parse.Decl, suffix string, fr *frame) values {
	key := paramKey{d, suffix, fr}
	if v, ok := ev.params[key]; ok {
		return v
	}
	ev.params[key] = values{} // a cycle adds nothing
	if ev.spent() {
		return dunno("too much to follow")
	}
	v := ev.storesInParam(gi, d, suffix, fr)
	ev.params[key] = v
	return v
}

type paramKey struct {
	d      *parse.Decl
	suffix string
	fr     *frame
}

func (ev *evaluator) storesInParam(gi *funcInfo, d *parse.Decl, suffix string, fr *frame) values {
	var v values
	path := d.Name + suffix
	var defs []def
	if len(gi.definers()[d.Name]) > 0 {
		defs, _ = gi.reach(gi.graph().exit, 1<<30, path)
		// The end is reached from the returns as well.
		for _, n := range gi.graph().nodes {
			if n.stmt != nil && n.stmt.Kind == parse.SReturn {
				ds, _ := gi.reach(n, 1<<30, path)
				defs = append(defs, ds...)
			}
		}
	}
	seen := map[int]bool{}
	for _, x := range defs {
		if seen[x.off] {
			continue
		}
		seen[x.off] = true
		v.join(ev.definition(gi, x, path, fr))
	}
	// Handed on: f(p, ...) with p itself the pointer.
	for _, r := range gi.names[d.Name] {
		call, i := argOf(r)
		if call == nil || gi.lookup(d.Name, r.Pos) != d || fr.depth() > 6 {
			continue
		}
		targets := ev.p.funcsNamed(gi.unit, call.Callee())
		if hints := ev.p.hintsOf(gi, call, targets, i); hints >= 0 && strings.HasPrefix(suffix, ".ai_") {
			v.join(ev.fromHints(gi, call, hints, suffix, fr))
			continue
		}
		for _, fn := range targets {
			if i < len(fn.Params) && fn != gi.fn {
				v.join(ev.storedInParam(ev.p.infoOf(fn), fn.Params[i], suffix, &frame{call: ref{gi, call}, up: fr}))
			}
		}
	}
	return v
}

// argOf returns the call that e is an argument of, and its index.
func argOf(e *parse.Expr) (*parse.Expr, int) {
	x := e
	for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XCast || x.Up.Kind == parse.XUnary && x.Up.Op == parse.And) {
		x = x.Up
	}
	if x.Up == nil || x.Up.Kind != parse.XCall || x.Up.X == x {
		return nil, 0
	}
	for i, a := range x.Up.Args {
		if a == x {
			return x.Up, i
		}
	}
	return nil, 0
}
