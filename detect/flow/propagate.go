package flow

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// propagate follows the descriptor out of one location.
func (f *Flow) propagate(s state) {
	switch s.at.kind {
	case inLocal:
		f.local(s)
	case inGlobal:
		f.global(s)
	case inMember:
		f.member(s)
	case inStd:
		f.stdStream(s)
	case inMessage:
		f.sendMessage(s)
	}
}

// local follows a variable to the uses that its value reaches.
func (f *Flow) local(s state) {
	for _, u := range defuse.UsesOf(s.in, s.at.decl, s.from) {
		if !f.otherElement(s.at.Location, s.in, u) && !returnsFailure(s.in, u) {
			f.value(s.in, u, s.ctx)
		}
	}
	f.userNames(s)
}

// returnsFailure reports whether a variable or member is returned where it is known not
// to be a descriptor: as the error that the caller gets instead.
func returnsFailure(fi *program.FuncInfo, e *parse.Expr) bool {
	return e.In != nil && e.In.Kind == parse.SReturn && defuse.Failed(fi, e)
}

// global follows a variable with file scope to all its uses in the tree.
func (f *Flow) global(s state) {
	i := strings.LastIndexByte(s.at.key, ':')
	name := s.at.key[i+1:]
	g := f.Prog.Global(s.in.File, name)
	if g == nil || g.Key != s.at.key {
		return
	}
	for _, u := range f.Prog.FilesSeeing(g) {
		funcs, _ := u.FuncsUsing(name, program.NonMemberUse)
		for _, fi := range funcs {
			for e := range fi.Named(name) {
				if e.Kind != parse.XIdent || fi.Lookup(name, e.Pos) != nil || f.isStore(e) {
					continue
				}
				if !f.otherElement(s.at.Location, fi, e) {
					f.load(fi, e, s.ctx)
				}
			}
		}
	}
}

// isStore reports whether e is only written where it stands.
func (f *Flow) isStore(e *parse.Expr) bool {
	x := e
	for x.Up != nil && (x.Up.Kind == parse.XIndex && x.Up.X == x || x.Up.Kind == parse.XParen) {
		x = x.Up
	}
	return x.Up != nil && x.Up.Kind == parse.XAssign && x.Up.X == x
}

// load follows a descriptor that function fi reads from memory, if the descriptor can lie there:
// a function that a table selects by a kind reads only what was stored with the same kind, a
// callback only what was registered with it, and no function reads a failure's value.
func (f *Flow) load(fi *program.FuncInfo, e *parse.Expr, ctx Context) {
	if kinds := callgraph.DispatchKeys(f.Prog, fi.Func); len(kinds) > 0 &&
		(!f.keysMatch(kinds, ctx.path) || !storeMatches(f.Prog, kinds, ctx)) {
		return
	}
	if fi.Func.Macro == nil &&
		(ctx.Store != nil && !callgraph.RegistrationFits(f.Prog, fi.Func, ctx.path) || !storeReaches(f.Prog, fi, e, ctx)) {
		return
	}
	if returnsFailure(fi, e) {
		return
	}
	f.value(fi, e, ctx) // FD(c): each use of the macro reads it
}

// keysMatch looks for constants of the same table among the arguments of the
// calls that the descriptor went through.
func (f *Flow) keysMatch(kinds map[string]string, t *callgraph.CallPath) bool {
	conflict := false
	for ; t != nil; t = t.Up {
		for _, c := range argConstants(f.Prog, t.In, t.Call) {
			if kinds[c] != "" {
				return true
			}
			conflict = conflict || sameKeySet(c, kinds)
		}
	}
	return !conflict
}

// storeMatches asks the function that stored the descriptor: whether it is entered
// by other kinds itself, or gives the object another kind.
func storeMatches(p *program.Program, kinds map[string]string, ctx Context) bool {
	if ctx.Store == nil {
		return true
	}
	own := callgraph.DispatchKeys(p, ctx.StoreIn.Func)
	for k, table := range own {
		if table != "" && kinds[k] != "" {
			return true
		}
	}
	if len(own) > 0 {
		return false
	}
	root, clash := value.RootName(ctx.Store), false
	for _, n := range ctx.StoreIn.Graph().Nodes {
		x := n.Expr
		if x == nil || x.Kind != parse.XAssign || x.X.Kind != parse.XMember || value.RootName(x.X) != root {
			continue
		}
		if c := value.ConstName(x.Y); c != "" {
			if kinds[c] != "" {
				return true
			}
			clash = clash || sameKeySet(c, kinds)
		}
	}
	return !clash
}

// argConstants returns the names of the constants that the arguments of a call
// can be, where all that an argument can be is known.
func argConstants(p *program.Program, fi *program.FuncInfo, call *parse.Expr) []string {
	return memo.Of[flowMemos](&p.Memos).argConsts.Get(call, func() (out []string) {
		for _, a := range call.Args {
			if c := value.ConstName(a); c != "" {
				out = append(out, c)
				continue
			}
			s := a.Strip()
			if s == nil || s.Kind != parse.XIdent {
				continue
			}
			if b, n := fi.TypeOf(s); n > 0 || b == "" || b == "char" {
				continue
			}
			ev := eval.New(p, fixpoint.NewSession())
			ev.Symbolic = true
			if v := ev.Eval(fi, s, nil); v.Unknown == "" {
				out = append(out, v.List()...)
			}
		}
		return out
	})
}

// sameKeySet reports whether a constant belongs to the same set of names as the
// kinds: it is the key of another function, or they share their first two words.
func sameKeySet(c string, kinds map[string]string) bool {
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
func (f *Flow) member(s state) {
	owner, name := s.at.member()
	members, twins := f.membersAndTwins(owner, name, s.in.File)
	number := !s.ctx.AnyStore && s.ctx.Store != nil && storesNumber(s.ctx.StoreIn, s.ctx.Store)
	if !s.ctx.AnyStore {
		stores := 0
		for _, m := range members {
			if m.Owner == owner && m.Written && !isConstantStore(m.Expr) {
				stores++
			}
		}
		s.ctx.AnyStore = stores < 2
	}
	for _, m := range members {
		twin := slices.Contains(twins, m.Owner)
		if m.Owner != owner && !twin && !((m.Owner == program.UnknownStruct || owner == program.UnknownStruct) && m.In.File == s.in.File) && !f.macroReads(m, owner) ||
			f.isStore(m.Expr) {
			continue // where a type is not known, the name decides, within the file
		}
		if f.otherElement(s.at.Location, m.In, m.Expr) || number && loadsObject(m.In, m.Expr) {
			continue
		}
		ctx := s.ctx
		ctx.Load = &Load{From: s.at.Location, In: m.In, Expr: m.Expr, Returns: ctx.Returns.Len(), Twin: twin}
		f.load(m.In, m.Expr, ctx)
	}
}

// membersAndTwins returns the members of a name that can be of a struct. What lies in it lies in those,
// too, for which the tree takes it: twins are their keys, and their members are among the others.
func (f *Flow) membersAndTwins(owner, name string, home *program.File) (members []program.MemberRef, twins []string) {
	members = f.Prog.MembersOf(owner, name, home)
	if twins = f.Prog.Twins(owner, name, home); len(twins) == 0 {
		return members, nil
	}
	members = slices.Clip(members)
	known := map[*parse.Expr]bool{}
	for _, m := range members {
		known[m.Expr] = true
	}
	for _, twin := range twins {
		for _, m := range f.Prog.MembersOf(twin, name, home) {
			if !known[m.Expr] {
				known[m.Expr] = true
				members = append(members, m)
			}
		}
	}
	return members, twins
}

// macroReads reports whether a member that a macro's replacement names is that of a
// struct, by what the macro's users give it: #define FD(c) ((int)(c)->handle).
func (f *Flow) macroReads(m program.MemberRef, owner string) bool {
	if m.Owner != program.UnknownStruct || m.In.Func.Macro == nil {
		return false
	}
	root := value.RootName(m.Expr)
	if root == "" {
		return false
	}
	i := slices.Index(m.In.Func.Macro.Params, root)
	if i < 0 {
		return false
	}
	return memo.Of[flowMemos](&f.Prog.Memos).macroReads.Get(macroRead{m.Expr, owner}, func() bool {
		return slices.ContainsFunc(f.Prog.Callers(m.In.Func), func(c program.Ref) bool {
			if c.Expr == nil || i >= len(c.Expr.Args) || m.Expr.X.Strip().Kind != parse.XIdent {
				return false
			}
			base, _ := c.In.TypeOf(c.Expr.Args[i])
			return base != "" && f.Prog.StructKey(c.In.File, base) == owner
		})
	})
}

// stdStream follows a descriptor that became standard input (or output) to the
// calls in the same program that name it by number.
func (f *Flow) stdStream(s state) {
	dir, n, own := s.at.std()
	main := s.in.File.HasMain()
	for _, u := range f.Prog.Files {
		if u.Dir != dir || main && u != s.in.File && u.HasMain() {
			continue // another program
		}
		if !f.Prog.Occurs(u, knowledge.StdNames[n]) && !f.Prog.Occurs(u, "setsockopt") && (own == "" || !f.Prog.Occurs(u, own)) {
			continue
		}
		for _, fi := range funcsUsingNumber(u, n, knowledge.StdNames[n], own) {
			for _, name := range []string{knowledge.StdNames[n], own} {
				for e := range fi.Named(name) {
					f.value(fi, e, s.ctx)
				}
			}
			for _, c := range fi.Calls {
				if len(c.Args) == 0 || c.Args[0].Kind != parse.XNumber || c.Args[0].Name != n {
					continue
				}
				if passesOn(c.Callee()) {
					f.argument(fi, c, c.Args[0], s.ctx)
				}
			}
		}
	}
}

// passesOn reports whether a call with a descriptor's number can be of interest:
// a function of the program, or one of the library that sets options or
// duplicates; not close(0) or exit(0).
func passesOn(name string) bool {
	return !knowledge.External.Has(name) || knowledge.FDUses.Get(name).Event == knowledge.SetOption || knowledge.FDOf.Get(name) == knowledge.DuplicateOf
}

// funcsUsingNumber returns the functions of a file in which the first argument of a
// call that passesOn lets by is the number, or one of the names occurs, in order.
func funcsUsingNumber(u *program.File, number string, names ...string) (out []*program.FuncInfo) {
	f := u.Tree()
	want := map[*parse.Func]bool{}
	for i := 1; i < len(f.Toks); i++ {
		if t := f.Toks[i]; t.Kind == token.Number && f.Toks[i-1].Op == token.LParen &&
			f.Spells(t, number) && (i < 2 || passesOn(f.Text(f.Toks[i-2]))) {
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
			out = append(out, u.Info(fn))
		}
	}
	return out
}
