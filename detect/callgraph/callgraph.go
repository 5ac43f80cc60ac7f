package callgraph

import (
	"slices"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/sites"
)

// callMemos are what is asked again and again of calls and functions.
type callMemos struct {
	arities      memo.Table[callArity, bool]
	registered   memo.Table[*parse.Func, []registration]
	callSites    memo.Once[*parse.Func, []program.Ref]
	dispatchKeys memo.Table[*parse.Func, map[string]string]
	indirect     memo.Once[*parse.Expr, []*parse.Func]
	entered      memo.Once[*parse.Expr, []*parse.Func] // by an indirect call
	registrars   memo.Once[*parse.Expr, *registrars]
	tableKeys    memo.Table[program.UseKey, map[string]bool]
}

// FunctionValue is how the evaluator writes a function used as a value.
func FunctionValue(fn *parse.Func) string { return "@" + fn.File.Path + "\x00" + fn.Name }

// Callees returns the functions of the tree that a call can enter: the one it names, or
// those whose address is stored where it looks.
func Callees(p *program.Program, fi *program.FuncInfo, call *parse.Expr, path *CallPath) []*parse.Func {
	if fns, known := direct(p, fi, call, path); known {
		return fns
	}
	all := memo.Of[callMemos](&p.Memos).entered.Get(call, func() []*parse.Func {
		return slices.DeleteFunc(slices.Clone(pointees(p, fi, call.X)), func(fn *parse.Func) bool {
			return !canEnter(p, program.Ref{In: fi, Expr: call}, fn)
		})
	})
	if len(all) < 2 || path == nil {
		return all
	}
	// Of several, those that were registered by a call which the descriptor
	// went through as well.
	regs := registering(p, call, all)
	var first *numbered
	for t := path; t != nil; t = t.Up {
		if r, ok := regs.calls[t.Call]; ok && (first == nil || r.n < first.n) {
			first = &r
		}
	}
	if first != nil {
		return regs.handlers(p, first.in, first.call, first.arg)
	}
	for t := path; t != nil; t = t.Up {
		if i, ok := regs.args[t.Call.Callee()]; ok && t.Call.Callee() != "" {
			if fns := regs.handlers(p, t.In, t.Call, i); len(fns) > 0 {
				return fns
			}
		}
	}
	return all
}

// registrars are the calls that register what a call through a pointer can enter.
type registrars struct {
	all   map[*parse.Func]bool
	calls map[*parse.Expr]numbered
	args  map[string]int // by the name of the registering function, which argument is the handler
}

type numbered struct {
	registration
	n int
}

// registering returns the registrars of a call, which enters all.
func registering(p *program.Program, call *parse.Expr, all []*parse.Func) *registrars {
	return memo.Of[callMemos](&p.Memos).registrars.Get(call, func() *registrars {
		out := &registrars{map[*parse.Func]bool{}, map[*parse.Expr]numbered{}, map[string]int{}}
		for _, fn := range all {
			out.all[fn] = true
			for _, r := range registrations(p, fn) {
				if _, ok := out.calls[r.call]; !ok {
					out.calls[r.call] = numbered{r, len(out.calls)}
				}
				out.args[r.call.Callee()] = r.arg
			}
		}
		return out
	})
}

// direct returns the functions that a call names, none where they are not of the tree; known
// is false where it goes through a pointer.
func direct(p *program.Program, fi *program.FuncInfo, call *parse.Expr, path *CallPath) (fns []*parse.Func, known bool) {
	name := call.Callee()
	if name == "" || fi.Lookup(name, call.NamePos) != nil {
		return nil, false
	}
	if joined := pastedName(fi, name, path); joined != "" {
		return p.FuncsNamed(fi.File, joined), true
	}
	if fns := p.FuncsNamed(fi.File, name); len(fns) > 0 {
		return fns, true
	}
	if other := p.Alias(fi.File, name); other != name {
		return p.FuncsNamed(fi.File, other), true
	}
	return nil, knowledge.External.Has(name) || p.Global(fi.File, name) == nil
}

// pointees returns the functions that an expression can point to.
func pointees(p *program.Program, fi *program.FuncInfo, e *parse.Expr) []*parse.Func {
	return memo.Of[callMemos](&p.Memos).indirect.Get(e, func() []*parse.Func { return relationOf(p).at(fi, e) })
}

// handlers returns those of the functions that argument i of a call can be.
func (r *registrars) handlers(p *program.Program, fi *program.FuncInfo, call *parse.Expr, i int) (out []*parse.Func) {
	if i >= len(call.Args) {
		return nil
	}
	for _, fn := range pointees(p, fi, call.Args[i]) {
		if r.all[fn] {
			out = append(out, fn)
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
func RegistrationFits(p *program.Program, fn *parse.Func, path *CallPath) bool {
	fits := true
	for t := path; t != nil && fits; t = t.Up {
		fits = !registersArity(p, t, fn)
	}
	if fits {
		return true
	}
	list := registrations(p, fn)
	for t := path; t != nil; t = t.Up {
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

// CallSites returns the calls that can enter fn: direct ones, and those through a place that
// holds its address.
func CallSites(p *program.Program, fn *parse.Func) []program.Ref {
	return memo.Of[callMemos](&p.Memos).callSites.Get(fn, func() []program.Ref {
		out := p.Callers(fn)
		if fn.Macro != nil || len(p.AddressesTaken(fn)) == 0 {
			return out
		}
		seen := map[*parse.Expr]bool{}
		for _, c := range out {
			seen[c.Expr] = true
		}
		for _, c := range relationOf(p).callsThrough(target{fn: fn}) {
			if !seen[c.Expr] {
				out = append(out, c)
			}
		}
		return out
	})
}

// SystemCalls returns the calls, through a place that holds its address, of one of the
// system's functions that make sockets.
func SystemCalls(p *program.Program, name string) []program.Ref {
	if len(p.SystemAddressesTaken(name)) == 0 {
		return nil
	}
	return relationOf(p).callsThrough(target{system: name})
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
				if slices.ContainsFunc(sites.Accepting, p.InfoOf(fn).CallsAny) {
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
// its argument k, will get as parameter q: one of the same type, or the one after
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
	base, levels := p.DeclType(fi.File, q)
	if levels != 1 || program.IsBuiltin(base) {
		return nil
	}
	var found *parse.Expr
	for n, a := range call.Args {
		if n == k {
			continue
		}
		if b, ptr := fi.TypeOf(a); b == base && ptr == 1 {
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
