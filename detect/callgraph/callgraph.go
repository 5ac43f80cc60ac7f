package callgraph

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// callMemos are what is asked again and again of calls and functions.
type callMemos struct {
	arities      memo.Table[callArity, bool]
	registered   memo.Table[*parse.Func, []registration]
	callSites    memo.Once[*parse.Func, []program.Ref]
	dispatchKeys memo.Table[*parse.Func, map[string]string]
	indirect     memo.Once[*parse.Expr, Functions] // what a pointer points to asks for no callees
	tableKeys    memo.Table[program.UseKey, map[string]bool]
}

// FunctionValue is how the evaluator writes a function used as a value.
func FunctionValue(fn *parse.Func) string { return "@" + fn.File.Path + "\x00" + fn.Name }

// FunctionsAmong returns the functions among values.
func FunctionsAmong(p *program.Program, v value.Values) []*parse.Func {
	var out []*parse.Func
	for _, name := range v.List() {
		if !strings.HasPrefix(name, "@") {
			continue
		}
		path, fn, _ := strings.Cut(name[1:], "\x00")
		for _, u := range p.FilesNaming(fn) {
			if u.Path == path {
				u.Tables()
				out = append(out, u.Funcs[fn]...)
			}
		}
	}
	return out
}

// Functions are those that a pointer can point to.
type Functions struct {
	List       []*parse.Func
	Incomplete value.Incomplete
}

// Callees returns the functions of the tree that a call can enter: the one it
// names, or those whose address is stored where it looks, which pointsTo
// evaluates.
func Callees(p *program.Program, fi *program.FuncInfo, call *parse.Expr, prov *CallPath,
	pointsTo func(*program.Program, *program.FuncInfo, *parse.Expr) Functions) Functions {
	if name := call.Callee(); name != "" && fi.Lookup(name, call.NamePos) == nil {
		if joined := pastedName(p, fi, name, prov); joined != "" {
			return Functions{List: p.FuncsNamed(fi.File, joined)}
		}
		if fns := p.FuncsNamed(fi.File, name); len(fns) > 0 {
			return Functions{List: fns}
		}
		if other := p.Alias(fi.File, name); other != name {
			return Functions{List: p.FuncsNamed(fi.File, other)}
		}
		if knowledge.External[name] || p.Global(fi.File, name) == nil {
			return Functions{}
		}
	}
	all := memo.Of[callMemos](&p.Memos).indirect.Get(call, func() Functions {
		return pointsTo(p, fi, call.X)
	})
	if len(all.List) < 2 || prov == nil {
		return all
	}
	// Of several, those that were registered by a call which the descriptor
	// went through as well.
	at := map[string]int{} // the registering functions, and which argument is the handler
	for _, fn := range all.List {
		for _, r := range registrations(p, fn) {
			if prov.Has(r.call) {
				return handlerArgs(p, r.in, all, r.call, r.arg, pointsTo)
			}
			at[r.call.Callee()] = r.arg
		}
	}
	for t := prov; t != nil; t = t.Up {
		if i, ok := at[t.Call.Callee()]; ok && t.Call.Callee() != "" {
			if fns := handlerArgs(p, t.In, all, t.Call, i, pointsTo); len(fns.List) > 0 {
				return fns
			}
		}
	}
	return all
}

// handlerArgs returns those of the functions that argument i of a call can be.
func handlerArgs(p *program.Program, fi *program.FuncInfo, all Functions, call *parse.Expr, i int,
	pointsTo func(*program.Program, *program.FuncInfo, *parse.Expr) Functions) Functions {
	if i >= len(call.Args) {
		return Functions{Incomplete: all.Incomplete}
	}
	fns := memo.Of[callMemos](&p.Memos).indirect.Get(call.Args[i], func() Functions {
		return pointsTo(p, fi, call.Args[i])
	})
	out := Functions{Incomplete: all.Incomplete}
	out.Incomplete.Because(fns.Incomplete)
	for _, fn := range fns.List {
		if slices.Contains(all.List, fn) {
			out.List = append(out.List, fn)
		}
	}
	return out
}

// registration is a call that gets a function's address, as argument arg.
type registration struct {
	in   *program.FuncInfo
	call *parse.Expr
	arg  int
}

// registrations returns the calls that get the function's address.
func registrations(p *program.Program, fn *parse.Func) []registration {
	return memo.Of[callMemos](&p.Memos).registered.Get(fn, func() (out []registration) {
		for _, m := range p.AddressesTaken(fn) {
			if m.In == nil {
				continue
			}
			if call, i := program.ArgOf(m.Expr); call != nil {
				out = append(out, registration{m.In, call, i})
			}
		}
		return out
	})
}

// RegistrationFits reports whether a descriptor that was stored in memory, on the
// way path, can be what the function fn finds there. Where it was handed over
// together with a handler, as in event_add(loop, fd, on_read), it is for this
// handler and not for others of the same kind.
func RegistrationFits(p *program.Program, fn *parse.Func, prov *CallPath) bool {
	fits := true
	for t := prov; t != nil && fits; t = t.Up {
		fits = !registersArity(p, t, fn)
	}
	if fits {
		return true
	}
	list := registrations(p, fn)
	for t := prov; t != nil; t = t.Up {
		for _, r := range list {
			if t.Call == r.call {
				return true
			}
		}
	}
	return len(list) == 0
}

// registersArity reports whether a call on the way registers a handler that takes
// as many arguments as fn.
func registersArity(p *program.Program, t *CallPath, fn *parse.Func) bool {
	n := len(fn.Params)
	return memo.Of[callMemos](&p.Memos).arities.Get(callArity{t.Call, n}, func() bool { return registersTaking(p, t.In, t.Call, n) })
}

// callArity is a call and a number of parameters.
type callArity struct {
	call *parse.Expr
	n    int
}

// registersTaking reports whether an argument of the call is a function of n
// parameters, or a member that points to one.
func registersTaking(p *program.Program, fi *program.FuncInfo, call *parse.Expr, n int) bool {
	for _, a := range call.Args {
		x := program.Pointee(a)
		switch {
		case x == nil:
		case x.Kind == parse.XMember:
			if d := fi.Member(x, 0); d != nil && d.Type.Func && len(d.Params) == n {
				return true
			}
		case x.Kind == parse.XIdent && fi.Lookup(x.Name, x.Pos) == nil:
			for _, f := range p.FuncsNamed(fi.File, x.Name) {
				if f.Macro == nil && len(f.Params) == n {
					return true
				}
			}
		}
	}
	return false
}

// CallSites returns the calls that can enter fn: direct ones, and those through
// a member, a table or a parameter that holds its address.
func CallSites(p *program.Program, fn *parse.Func) []program.Ref {
	return memo.Of[callMemos](&p.Memos).callSites.Get(fn, func() (out []program.Ref) {
		out = p.Callers(fn)
		if fn.Macro == nil {
			seen := map[*parse.Expr]bool{}
			for _, c := range out {
				seen[c.Expr] = true
			}
			done := map[funcPtrSlot]bool{}
			for _, s := range funcPtrSlots(p, fn) {
				for _, c := range slotCalls(p, s, done) {
					if !seen[c.Expr] {
						seen[c.Expr] = true
						out = append(out, c)
					}
				}
			}
		}
		return out
	})
}

// funcPtrSlot is a place that holds the address of a function.
type funcPtrSlot struct {
	owner string // struct key of a member
	name  string // of the member or variable
	in    *program.FuncInfo
	param *parse.Decl // of fi, when a parameter holds it
	file  *program.File
}

// funcPtrSlots returns the places that hold the address of fn.
func funcPtrSlots(p *program.Program, fn *parse.Func) []funcPtrSlot {
	return slotsOf(p, p.AddressesTaken(fn))
}

// SystemCalls returns the calls, through a variable, a parameter or a member of another
// name, of one of the system's functions that make sockets.
func SystemCalls(p *program.Program, name string) (out []program.Ref) {
	done := map[funcPtrSlot]bool{}
	for _, s := range slotsOf(p, p.SystemAddressesTaken(name)) {
		if s.owner == "?" || s.owner != "" && s.name == name {
			continue // any struct may have a member of that name, and a vtable's is no call of the system's
		}
		out = append(out, slotCalls(p, s, done)...)
	}
	return out
}

func slotsOf(p *program.Program, taken []program.AddressTaken) []funcPtrSlot {
	var out []funcPtrSlot
	for _, m := range taken {
		up := m.Expr.Up
		switch {
		case up == nil && m.Decl != nil:
			out = append(out, funcPtrSlot{name: m.Decl.Name, file: m.File})
		case up == nil && m.In != nil:
			if _, d := program.AssignedTo(m.Expr); d != nil {
				out = append(out, funcPtrSlot{in: m.In, param: d, name: d.Name, file: m.File})
			}
		case up == nil:
		case up.Kind == parse.XAssign && up.Y == m.Expr && m.In != nil:
			out = append(out, slotOf(p, m.In, up.X)...)
		case up.Kind == parse.XCall:
			call, i := program.ArgOf(m.Expr)
			if call == nil {
				continue
			}
			for _, g := range p.FuncsNamed(m.File, call.Callee()) {
				if i < len(g.Params) {
					out = append(out, funcPtrSlot{in: p.InfoOf(g), param: g.Params[i], name: g.Params[i].Name, file: m.File})
				}
			}
		case up.Kind == parse.XDesig && up.Name != "":
			out = append(out, funcPtrSlot{owner: designatedOwner(p, m), name: up.Name, file: m.File})
		case up.Kind == parse.XInit && m.Decl != nil:
			if name, owner := positionalSlot(p, m); name != "" {
				out = append(out, funcPtrSlot{owner: owner, name: name, file: m.File})
			} else {
				out = append(out, funcPtrSlot{name: m.Decl.Name, file: m.File})
			}
		}
	}
	return out
}

// designatedOwner tells which struct has the member that .name = f fills: the type of the
// variable, or of its elements; "?" where that cannot be seen.
func designatedOwner(p *program.Program, m program.AddressTaken) string {
	if m.Decl == nil || m.Decl.Init == nil {
		return "?"
	}
	row := m.Expr.Up.Up
	if row != m.Decl.Init && (!m.Decl.Type.Array || row == nil ||
		row.Up != m.Decl.Init && (row.Up == nil || row.Up.Kind != parse.XDesig || row.Up.Up != m.Decl.Init)) {
		return "?"
	}
	base, _ := program.DeclType(m.Decl)
	if p.StructOf(m.File, base) == nil {
		return "?"
	}
	return p.StructKey(m.File, base)
}

// positionalSlot tells which member a positional initializer fills.
func positionalSlot(p *program.Program, m program.AddressTaken) (name, owner string) {
	base, _ := program.DeclType(m.Decl)
	s := p.StructOf(m.File, base)
	if s == nil {
		return "", ""
	}
	for i, a := range m.Expr.Up.Args {
		if a == m.Expr && i < len(s.Fields) {
			return s.Fields[i].Name, p.StructKey(m.File, base)
		}
	}
	return "", ""
}

func slotOf(p *program.Program, fi *program.FuncInfo, lhs *parse.Expr) []funcPtrSlot {
	lhs = lhs.Strip()
	for lhs != nil && (lhs.Kind == parse.XIndex || lhs.Kind == parse.XUnary && lhs.Op == token.Mul) {
		lhs = lhs.X.Strip()
	}
	if lhs == nil {
		return nil
	}
	switch lhs.Kind {
	case parse.XMember:
		return []funcPtrSlot{{owner: fi.OwnerKey(lhs), name: lhs.Name, file: fi.File}}
	case parse.XIdent:
		if d := fi.Lookup(lhs.Name, lhs.Pos); d != nil {
			return []funcPtrSlot{{in: fi, param: d, name: d.Name, file: fi.File}}
		}
		return []funcPtrSlot{{name: lhs.Name, file: fi.File}}
	}
	return nil
}

// slotCalls returns the calls through a slot, and through those that the address
// is handed on to; none for a slot that was asked before.
func slotCalls(p *program.Program, s funcPtrSlot, done map[funcPtrSlot]bool) []program.Ref {
	if done[s] || s.name == "" {
		return nil
	}
	done[s] = true
	var out []program.Ref
	if s.param != nil {
		for e := range s.in.Named(s.name) {
			if e.Kind != parse.XIdent || s.in.Lookup(s.name, e.Pos) != s.param {
				continue
			}
			out = append(out, callsThroughVar(p, s.in, e, done)...)
		}
		return out
	}
	units := p.FilesNaming(s.name)
	if s.owner != "" {
		units = p.FilesAccessing(s.name)
	}
	for _, u := range units {
		for _, fi := range u.FuncsNaming(s.name) {
			for e := range fi.Named(s.name) {
				switch {
				case s.owner != "" && e.Kind == parse.XMember:
					if s.owner != "?" && fi.OwnerKey(e) != s.owner && fi.OwnerKey(e) != "?" {
						continue
					}
				case s.owner == "" && e.Kind == parse.XIdent && fi.Lookup(s.name, e.Pos) == nil:
				default:
					continue
				}
				if c := program.CalledThrough(e); c != nil {
					out = append(out, program.Ref{In: fi, Expr: c})
				}
			}
		}
	}
	return out
}

// callsThroughVar follows a parameter or local that holds a function's address.
func callsThroughVar(p *program.Program, fi *program.FuncInfo, e *parse.Expr, done map[funcPtrSlot]bool) []program.Ref {
	if c := program.CalledThrough(e); c != nil {
		return []program.Ref{{In: fi, Expr: c}}
	}
	x := e
	for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XCast) {
		x = x.Up
	}
	if x.Up == nil {
		return nil
	}
	var out []program.Ref
	if x.Up.Kind == parse.XAssign && x.Up.Y == x {
		for _, s := range slotOf(p, fi, x.Up.X) {
			out = append(out, slotCalls(p, s, done)...)
		}
	}
	if call, i := program.ArgOf(x); call != nil {
		for _, g := range p.FuncsNamed(fi.File, call.Callee()) {
			if i < len(g.Params) && g != fi.Func {
				out = append(out,
					slotCalls(p, funcPtrSlot{in: p.InfoOf(g), param: g.Params[i], name: g.Params[i].Name, file: fi.File}, done)...)
			}
		}
	}
	return out
}

// DispatchKeys returns the constants under which fn is entered in tables, with the
// table's name: table[KIND] = fn. Descriptors that were handed over together
// with another KIND of the same table never reach fn. Where fn accepts
// connections the other kinds of its tables are there as well, with "": an object
// may go through several of them, but what is accepted from was made for it.
func DispatchKeys(p *program.Program, fn *parse.Func) map[string]string {
	return memo.Of[callMemos](&p.Memos).dispatchKeys.Get(fn, func() (k map[string]string) {
		k = map[string]string{}
		if fn.Macro == nil {
			home := p.FileOf(fn) // tables of handlers stand where the handlers do
			for _, m := range p.AddressesTakenIn(home, fn) {
				up := m.Expr.Up
				if up == nil {
					continue
				}
				switch {
				case up.Kind == parse.XAssign && up.Y == m.Expr && up.X.Strip().Kind == parse.XIndex:
					if c := value.ConstName(up.X.Strip().Y); c != "" {
						k[c] = value.LastWord(value.PathOf(up.X.Strip().X))
					}
				case up.Kind == parse.XDesig && up.Y != nil && m.Decl != nil:
					if c := value.ConstName(up.Y); c != "" {
						k[c] = m.Decl.Name
					}
				}
			}
			if len(k) > 0 {
				if fi := p.InfoOf(fn); fi.CallsAny("accept") || fi.CallsAny("accept4") {
					addOtherKeys(p, home, k)
				}
			}
		}
		return k
	})
}

// addOtherKeys adds the keys of the tables that lead to other functions.
func addOtherKeys(p *program.Program, u *program.File, k map[string]string) {
	tables := map[string]bool{}
	for _, name := range k {
		tables[name] = true
	}
	for name := range tables {
		for key := range tableKeys(p, u, name) {
			if _, own := k[key]; !own && !value.IsNumeral(key) {
				k[key] = ""
			}
		}
	}
}

// tableKeys returns the constants under which a file enters functions in the
// table of that name.
func tableKeys(p *program.Program, u *program.File, table string) map[string]bool {
	return memo.Of[callMemos](&p.Memos).tableKeys.Get(program.UseKey{File: u, Name: table}, func() map[string]bool {
		out := map[string]bool{}
		funcs, _ := u.FuncsUsing(table, program.AnyUse)
		for _, fi := range funcs {
			for e := range fi.Named(table) {
				if at := e.Up; at != nil && at.Kind == parse.XIndex && at.X == e &&
					at.Up != nil && at.Up.Kind == parse.XAssign && at.Up.X == at {
					out[value.ConstName(at.Y)] = true
				}
			}
		}
		for _, d := range u.DeclsOf(table) {
			if d.Init == nil || d.Init.Kind != parse.XInit {
				continue
			}
			for _, a := range d.Init.Args {
				if a.Kind == parse.XDesig && a.Y != nil {
					out[value.ConstName(a.Y)] = true
				}
			}
		}
		delete(out, "")
		return out
	})
}

// CallbackArg returns the argument of a call outside the tree that a function, which is
// its argument k, will get as parameter q: one of the same type, or the one behind
// the function where its last parameter is a pointer to anything.
func CallbackArg(p *program.Program, fi *program.FuncInfo, call *parse.Expr, k int, q *parse.Decl, last bool) *parse.Expr {
	if len(p.FuncsNamed(fi.File, call.Callee())) > 0 {
		return nil
	}
	if IsUserData(q.Type) {
		if last && k+1 < len(call.Args) {
			return call.Args[k+1]
		}
		return nil
	}
	if q.Type.Ptr != 1 || program.IsBuiltin(q.Type.Base) {
		return nil
	}
	var found *parse.Expr
	for n, a := range call.Args {
		if n == k {
			continue
		}
		if b, ptr := fi.TypeOf(a); b == q.Type.Base && ptr == 1 {
			if found != nil {
				return nil
			}
			found = a
		}
	}
	return found
}

// IsUserData reports whether a parameter is a pointer to anything.
func IsUserData(t *parse.Type) bool {
	return t.Ptr == 1 && t.Base == "void" || t.Ptr == 0 && t.Base == "gpointer"
}
