package detect

import (
	"strings"

	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/parse"
)

// callMemos are what is asked again and again of calls and functions.
type callMemos struct {
	likes      memo.Table[likeKey, bool]
	registered memo.Table[*parse.Func, []registration]
	entered    memo.Table[*parse.Func, []ref]
	kinds      memo.Table[*parse.Func, map[string]string]
	indirect   memo.Table[*parse.Expr, []*parse.Func]
	keys       memo.Table[useKey, map[string]bool]
}

// functionValue is how the evaluator writes a function used as a value.
func functionValue(fn *parse.Func) string { return "@" + fn.File.Path + "\x00" + fn.Name }

// functionsOf returns the functions among values.
func (p *program) functionsOf(v values) []*parse.Func {
	var out []*parse.Func
	for _, name := range v.list() {
		if !strings.HasPrefix(name, "@") {
			continue
		}
		path, fn, _ := strings.Cut(name[1:], "\x00")
		for _, u := range p.unitsWith(fn) {
			if u.path == path {
				u.tables()
				out = append(out, u.funcs[fn]...)
			}
		}
	}
	return out
}

// callees returns the functions of the tree that a call can enter: the one it
// names, or those whose address is stored where it looks, which pointsTo
// evaluates.
func (p *program) callees(fi *funcInfo, call *parse.Expr, prov *trace, pointsTo func(*program, *funcInfo, *parse.Expr) []*parse.Func) []*parse.Func {
	if name := call.Callee(); name != "" && fi.lookup(name, call.NamePos) == nil {
		if joined := p.pastedOn(fi, name, prov); joined != "" {
			return p.funcsNamed(fi.unit, joined)
		}
		if fns := p.funcsNamed(fi.unit, name); len(fns) > 0 {
			return fns
		}
		if other := p.alias(fi.unit, name); other != name {
			return p.funcsNamed(fi.unit, other)
		}
		if external[name] || p.global(fi.unit, name) == nil {
			return nil
		}
	}
	all := memo.Of[callMemos](&p.memos).indirect.Get(call, func() []*parse.Func {
		return pointsTo(p, fi, call.X)
	})
	if len(all) < 2 || prov == nil {
		return all
	}
	// Of several, those that were registered by a call which the descriptor
	// went through as well.
	at := map[string]int{} // the registering functions, and which argument is the handler
	for _, fn := range all {
		for _, r := range p.registrations(fn) {
			if prov.has(r.call) {
				return p.handlers(r.fi, all, r.call, r.arg, pointsTo)
			}
			at[r.call.Callee()] = r.arg
		}
	}
	for t := prov; t != nil; t = t.up {
		if i, ok := at[t.call.Callee()]; ok && t.call.Callee() != "" {
			if fns := p.handlers(t.fi, all, t.call, i, pointsTo); len(fns) > 0 {
				return fns
			}
		}
	}
	return all
}

// handlers returns those of the functions that argument i of a call can be.
func (p *program) handlers(fi *funcInfo, all []*parse.Func, call *parse.Expr, i int, pointsTo func(*program, *funcInfo, *parse.Expr) []*parse.Func) []*parse.Func {
	if i >= len(call.Args) {
		return nil
	}
	fns := memo.Of[callMemos](&p.memos).indirect.Get(call.Args[i], func() []*parse.Func {
		return pointsTo(p, fi, call.Args[i])
	})
	var out []*parse.Func
	for _, fn := range fns {
		for _, g := range all {
			if g == fn {
				out = append(out, fn)
			}
		}
	}
	return out
}

// registration is a call that gets a function's address, as argument arg.
type registration struct {
	fi   *funcInfo
	call *parse.Expr
	arg  int
}

// registrations returns the calls that get the function's address.
func (p *program) registrations(fn *parse.Func) []registration {
	return memo.Of[callMemos](&p.memos).registered.Get(fn, func() (out []registration) {
		for _, m := range p.mentions(fn) {
			if m.fi == nil {
				continue
			}
			if call, i := argOf(m.e); call != nil {
				out = append(out, registration{m.fi, call, i})
			}
		}
		return out
	})
}

// registrationFits reports whether a descriptor that was stored in memory, on the
// way prov, can be what the function fn finds there. Where it was handed over
// together with a handler, as in event_add(loop, fd, on_read), it is for this
// handler and not for others of the same kind.
func (p *program) registrationFits(fn *parse.Func, prov *trace) bool {
	fits := true
	for t := prov; t != nil && fits; t = t.up {
		fits = !p.registersLike(t, fn)
	}
	if fits {
		return true
	}
	list := p.registrations(fn)
	for t := prov; t != nil; t = t.up {
		for _, r := range list {
			if t.call == r.call {
				return true
			}
		}
	}
	return len(list) == 0
}

// registersLike reports whether a call on the way registers a handler that takes
// as many arguments as fn.
func (p *program) registersLike(t *trace, fn *parse.Func) bool {
	n := len(fn.Params)
	return memo.Of[callMemos](&p.memos).likes.Get(likeKey{t.call, n}, func() bool { return p.registersTaking(t.fi, t.call, n) })
}

// likeKey is a call and a number of parameters.
type likeKey struct {
	call *parse.Expr
	n    int
}

// registersTaking reports whether an argument of the call is a function of n
// parameters, or a member that points to one.
func (p *program) registersTaking(fi *funcInfo, call *parse.Expr, n int) bool {
	for _, a := range call.Args {
		x := pointee(a)
		switch {
		case x == nil:
		case x.Kind == parse.XMember:
			if d := fi.member(x, 0); d != nil && d.Type.Func && len(d.Params) == n {
				return true
			}
		case x.Kind == parse.XIdent && fi.lookup(x.Name, x.Pos) == nil:
			for _, f := range p.funcsNamed(fi.unit, x.Name) {
				if f.Macro == nil && len(f.Params) == n {
					return true
				}
			}
		}
	}
	return false
}

// entries returns the calls that can enter fn: direct ones, and those through
// a member, a table or a parameter that holds its address.
func (p *program) entries(fn *parse.Func) []ref {
	return memo.Of[callMemos](&p.memos).entered.Get(fn, func() (out []ref) {
		out = p.callers(fn)
		if fn.Macro == nil {
			seen := map[*parse.Expr]bool{}
			for _, c := range out {
				seen[c.e] = true
			}
			for _, s := range p.slots(fn) {
				for _, c := range p.slotCalls(s, 0) {
					if !seen[c.e] {
						seen[c.e] = true
						out = append(out, c)
					}
				}
			}
		}
		return out
	})
}

// slot is a place that holds the address of a function.
type slot struct {
	owner string // struct key of a member
	name  string // of the member or variable
	fi    *funcInfo
	param *parse.Decl // of fi, when a parameter holds it
	unit  *unit
}

// mention is a use of a function's name as a value.
type mention struct {
	fi *funcInfo // nil in an initializer at file scope
	u  *unit
	e  *parse.Expr // with & and casts around it
	d  *parse.Decl // the initialized variable at file scope
}

// mentions returns the uses of fn's name that are no calls.
func (p *program) mentions(fn *parse.Func) []mention {
	var out []mention
	home := p.unitOf(fn)
	for _, u := range p.unitsWith(fn.Name) {
		if fn.Static && u != home && !p.includes(u, home) || !p.means(u, fn) {
			continue
		}
		out = append(out, p.mentionsIn(u, fn)...)
	}
	return out
}

// mentionsIn returns those in one file.
func (p *program) mentionsIn(u *unit, fn *parse.Func) []mention {
	var out []mention
	funcs, outside := u.funcsWith(fn.Name, heldMention)
	for _, fi := range funcs {
		for e := range fi.named(fn.Name) {
			if e.Kind != parse.XIdent || e.Up != nil && e.Up.Kind == parse.XCall && e.Up.X == e {
				continue
			}
			x := wrapping(e)
			out = append(out, mention{fi: fi, u: u, e: x})
		}
	}
	if !outside {
		return out
	}
	for _, d := range u.tree().DeclsNaming(fn.Name) {
		if d.Init == nil {
			continue
		}
		d.Init.Walk(func(x *parse.Expr) bool {
			if x.Kind == parse.XIdent && x.Name == fn.Name {
				out = append(out, mention{u: u, e: wrapping(x), d: d})
			}
			return true
		})
	}
	return out
}

// slots returns the places that hold the address of fn.
func (p *program) slots(fn *parse.Func) []slot {
	var out []slot
	for _, m := range p.mentions(fn) {
		up := m.e.Up
		switch {
		case up == nil && m.d != nil:
			out = append(out, slot{name: m.d.Name, unit: m.u})
		case up == nil:
		case up.Kind == parse.XAssign && up.Y == m.e && m.fi != nil:
			out = append(out, p.slotOf(m.fi, up.X)...)
		case up.Kind == parse.XCall:
			call, i := argOf(m.e)
			if call == nil {
				continue
			}
			for _, g := range p.funcsNamed(m.u, call.Callee()) {
				if i < len(g.Params) {
					out = append(out, slot{fi: p.infoOf(g), param: g.Params[i], name: g.Params[i].Name, unit: m.u})
				}
			}
		case up.Kind == parse.XDesig && up.Name != "":
			out = append(out, slot{owner: "?", name: up.Name, unit: m.u})
		case up.Kind == parse.XInit && m.d != nil:
			if name, owner := p.initSlot(m); name != "" {
				out = append(out, slot{owner: owner, name: name, unit: m.u})
			} else {
				out = append(out, slot{name: m.d.Name, unit: m.u})
			}
		}
	}
	return out
}

// initSlot tells which member a positional initializer fills.
func (p *program) initSlot(m mention) (name, owner string) {
	base, _ := declType(m.d)
	s := p.structOf(m.u, base)
	if s == nil {
		return "", ""
	}
	for i, a := range m.e.Up.Args {
		if a == m.e && i < len(s.Fields) {
			return s.Fields[i].Name, p.structKey(m.u, base)
		}
	}
	return "", ""
}

func (p *program) slotOf(fi *funcInfo, lhs *parse.Expr) []slot {
	lhs = lhs.Strip()
	for lhs != nil && (lhs.Kind == parse.XIndex || lhs.Kind == parse.XUnary && lhs.Op == parse.Mul) {
		lhs = lhs.X.Strip()
	}
	if lhs == nil {
		return nil
	}
	switch lhs.Kind {
	case parse.XMember:
		return []slot{{owner: fi.ownerKey(lhs), name: lhs.Name, unit: fi.unit}}
	case parse.XIdent:
		if d := fi.lookup(lhs.Name, lhs.Pos); d != nil {
			return []slot{{fi: fi, param: d, name: d.Name, unit: fi.unit}}
		}
		return []slot{{name: lhs.Name, unit: fi.unit}}
	}
	return nil
}

// slotCalls returns the calls through a slot.
func (p *program) slotCalls(s slot, depth int) []ref {
	if depth > 5 || s.name == "" {
		return nil
	}
	var out []ref
	if s.param != nil {
		for e := range s.fi.named(s.name) {
			if e.Kind != parse.XIdent || s.fi.lookup(s.name, e.Pos) != s.param {
				continue
			}
			out = append(out, p.throughValue(s.fi, e, depth)...)
		}
		return out
	}
	units := p.unitsWith(s.name)
	if s.owner != "" {
		units = p.unitsAccessing(s.name)
	}
	for _, u := range units {
		for _, fi := range u.funcsMentioning(s.name) {
			for e := range fi.named(s.name) {
				switch {
				case s.owner != "" && e.Kind == parse.XMember:
					if s.owner != "?" && fi.ownerKey(e) != s.owner && fi.ownerKey(e) != "?" {
						continue
					}
				case s.owner == "" && e.Kind == parse.XIdent && fi.lookup(s.name, e.Pos) == nil:
				default:
					continue
				}
				if c := calledThrough(e); c != nil {
					out = append(out, ref{fi, c})
				}
			}
		}
	}
	return out
}

// throughValue follows a parameter or local that holds a function's address.
func (p *program) throughValue(fi *funcInfo, e *parse.Expr, depth int) []ref {
	if c := calledThrough(e); c != nil {
		return []ref{{fi, c}}
	}
	x := e
	for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XCast) {
		x = x.Up
	}
	if x.Up == nil {
		return nil
	}
	var out []ref
	if x.Up.Kind == parse.XAssign && x.Up.Y == x {
		for _, s := range p.slotOf(fi, x.Up.X) {
			out = append(out, p.slotCalls(s, depth+1)...)
		}
	}
	if call, i := argOf(x); call != nil {
		for _, g := range p.funcsNamed(fi.unit, call.Callee()) {
			if i < len(g.Params) && g != fi.fn {
				out = append(out, p.slotCalls(slot{fi: p.infoOf(g), param: g.Params[i], name: g.Params[i].Name, unit: fi.unit}, depth+1)...)
			}
		}
	}
	return out
}

// calledThrough returns the call whose callee is e: e(), (*e)(), e[i]().
func calledThrough(e *parse.Expr) *parse.Expr {
	x := e
	for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XUnary && x.Up.Op == parse.Mul || x.Up.Kind == parse.XIndex && x.Up.X == x) {
		x = x.Up
	}
	if x.Up != nil && x.Up.Kind == parse.XCall && x.Up.X == x {
		return x.Up
	}
	return nil
}

// kindsOf returns the constants under which fn is entered in tables, with the
// table's name: table[KIND] = fn. Descriptors that were handed over together
// with another KIND of the same table never reach fn. Where fn accepts
// connections the other kinds of its tables are there as well, with "": an object
// may go through several of them, but what is accepted from was made for it.
func (p *program) kindsOf(fn *parse.Func) map[string]string {
	return memo.Of[callMemos](&p.memos).kinds.Get(fn, func() (k map[string]string) {
		k = map[string]string{}
		if fn.Macro == nil {
			home := p.unitOf(fn) // tables of handlers stand where the handlers do
			for _, m := range p.mentionsIn(home, fn) {
				up := m.e.Up
				if up == nil {
					continue
				}
				switch {
				case up.Kind == parse.XAssign && up.Y == m.e && up.X.Strip().Kind == parse.XIndex:
					if c := constName(up.X.Strip().Y); c != "" {
						k[c] = lastWord(pathOf(up.X.Strip().X))
					}
				case up.Kind == parse.XDesig && up.Y != nil && m.d != nil:
					if c := constName(up.Y); c != "" {
						k[c] = m.d.Name
					}
				}
			}
			if len(k) > 0 {
				if fi := p.infoOf(fn); fi.callsAny("accept") || fi.callsAny("accept4") {
					p.addOthers(home, k)
				}
			}
		}
		return k
	})
}

// addOthers adds the keys of the tables that lead to other functions.
func (p *program) addOthers(u *unit, k map[string]string) {
	tables := map[string]bool{}
	for _, name := range k {
		tables[name] = true
	}
	for name := range tables {
		for key := range p.tableKeys(u, name) {
			if _, own := k[key]; !own && !isNumber(key) {
				k[key] = ""
			}
		}
	}
}

// tableKeys returns the constants under which a file enters functions in the
// table of that name.
func (p *program) tableKeys(u *unit, table string) map[string]bool {
	return memo.Of[callMemos](&p.memos).keys.Get(useKey{u, table}, func() map[string]bool {
		out := map[string]bool{}
		funcs, _ := u.funcsWith(table, anyMention)
		for _, fi := range funcs {
			for e := range fi.named(table) {
				if at := e.Up; at != nil && at.Kind == parse.XIndex && at.X == e && at.Up != nil && at.Up.Kind == parse.XAssign && at.Up.X == at {
					out[constName(at.Y)] = true
				}
			}
		}
		for _, d := range u.declsOf(table) {
			if d.Init == nil || d.Init.Kind != parse.XInit {
				continue
			}
			for _, a := range d.Init.Args {
				if a.Kind == parse.XDesig && a.Y != nil {
					out[constName(a.Y)] = true
				}
			}
		}
		delete(out, "")
		return out
	})
}
