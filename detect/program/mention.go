package program

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// AddressTaken is a use of a function's name as a value.
type AddressTaken struct {
	In   *FuncInfo // nil in an initializer at file scope
	File *File
	Expr *parse.Expr // with & and casts around it
	Decl *parse.Decl // the initialized variable at file scope
}

// StoredIn returns the braced initializer of which the use is an element, or the member that it is
// assigned to in a function; nil for both where it goes elsewhere.
func (m AddressTaken) StoredIn() (row, member *parse.Expr) {
	up := m.Expr.Up
	if up != nil && up.Kind == parse.XDesig {
		up = up.Up
	}
	switch {
	case up == nil:
	case up.Kind == parse.XInit:
		return up, nil
	case up.Kind == parse.XAssign && up.Y == m.Expr && m.In != nil:
		if lhs := up.X.Strip(); lhs != nil && lhs.Kind == parse.XMember {
			return nil, lhs
		}
	}
	return nil, nil
}

// AddressesTaken returns the uses of fn's name that are no calls.
func (p *Program) AddressesTaken(fn *parse.Func) []AddressTaken {
	return p.addresses.Get(fn, func() (out []AddressTaken) {
		home := p.FileOf(fn)
		for _, u := range p.FilesNaming(fn.Name) {
			if fn.Static && u != home && !p.includes(u, home) || !p.means(u, fn) {
				continue
			}
			out = append(out, p.AddressesTakenIn(u, fn)...)
		}
		return slices.Clip(out)
	})
}

// AddressesTakenIn returns those in one file.
func (p *Program) AddressesTakenIn(u *File, fn *parse.Func) []AddressTaken {
	return u.addressesTaken(fn.Name)
}

// SystemAddressesTaken returns the uses of the name of a function that makes sockets
// which are no calls: the system's own is meant.
func (p *Program) SystemAddressesTaken(name string) (out []AddressTaken) {
	for _, u := range p.indexed(token.HeldHash(name)) {
		if len(p.FuncsNamed(u, name)) > 0 || p.Global(u, name) != nil {
			continue
		}
		for _, m := range u.addressesTaken(name) {
			if m.In == nil || m.In.Lookup(name, m.Expr.Pos) == nil {
				out = append(out, m)
			}
		}
	}
	return out
}

func (u *File) addressesTaken(name string) []AddressTaken {
	var out []AddressTaken
	funcs, outside := u.FuncsUsing(name, heldMention)
	for _, fi := range funcs {
		for e := range fi.Named(name) {
			if e.Kind != parse.XIdent || e.Up != nil && e.Up.Kind == parse.XCall && e.Up.X == e {
				continue
			}
			x := Wrapping(e)
			out = append(out, AddressTaken{In: fi, File: u, Expr: x})
		}
	}
	if !outside {
		return out
	}
	for _, d := range u.Tree().DeclsNaming(name) {
		if d.Init == nil {
			continue
		}
		d.Init.Walk(func(x *parse.Expr) bool {
			if x.Kind == parse.XIdent && x.Name == name {
				out = append(out, AddressTaken{File: u, Expr: Wrapping(x), Decl: d})
			}
			return true
		})
	}
	return out
}

// Callers returns the direct calls of fn in the tree: those whose callee,
// seen from their file, can be fn.
func (p *Program) Callers(fn *parse.Func) []Ref {
	return p.callers.Get(fn, func() (out []Ref) {
		p.eachCaller(fn, func(c Ref) bool {
			out = append(out, c)
			return true
		})
		return slices.Clip(out) // what others append is theirs
	})
}

// eachCaller calls visit for them, until it returns false.
func (p *Program) eachCaller(fn *parse.Func, visit func(c Ref) bool) {
	home := p.FileOf(fn)
	units := p.FilesNaming(fn.Name)
	if fn.Static && !strings.HasSuffix(home.Path, ".h") {
		units = []*File{home}
		for _, u := range p.FilesNaming(fn.Name) {
			if u != home && p.includes(u, home) {
				units = append(units, u)
			}
		}
	}
	for _, u := range units {
		// A macro that bears the name of a library's function is what its users
		// call: #define socket(d, t, p) my_socket(d, t, p).
		shadows := fn.Macro != nil && knowledge.External.Has(fn.Name)
		if !shadows && !p.means(u, fn) {
			continue
		}
		kind := calledUse
		if fn.Macro != nil && !fn.Macro.FnLike {
			kind = AnyUse // such a macro is used without parentheses
		}
		funcs, _ := u.FuncsUsing(fn.Name, kind)
		for _, fi := range funcs {
			if fi.Func == fn || shadows && fi.Func.Macro != nil || fn.Macro != nil && p.InfoOf(fn).CallsAny(fi.Func.Name) {
				continue // recursion adds nothing: in my_socket() itself the call is the library's
			}
			uses := fi.CallsOf(fn.Name)
			if kind == AnyUse {
				uses = fi.Named(fn.Name)
			}
			for c := range uses {
				if fi.Lookup(fn.Name, c.NamePos) == nil && !visit(Ref{fi, c}) {
					return
				}
			}
		}
	}
}

// means reports whether the name of fn, used in u, can mean fn.
func (p *Program) means(u *File, fn *parse.Func) bool {
	for _, t := range p.FuncsNamed(u, fn.Name) {
		if t == fn || t.File == fn.File && t.Start == fn.Start {
			return true
		}
	}
	return false
}

// UseKind says which occurrences of a name are asked for. To leave out the
// others by their neighbours saves the trees of the functions they stand in.
type UseKind uint8

const (
	AnyUse          UseKind = iota
	heldMention             // of a function's name: otherwise than being called
	calledUse               // of a function's name: f(), (f)() or (c ? f : g)()
	memberUse               // after . or ->
	nestedMemberUse         // after . or -> which stands after more than a variable, and in macros
	NonMemberUse            // elsewhere
	InitializedUse          // of a type's name: before a variable with a braced initializer
	castUse                 // of a type's name: (name), (struct name *)
)

func (k UseKind) takes(toks []token.Token, i int) bool {
	switch k {
	case heldMention:
		return i+1 >= len(toks) || toks[i+1].Op != token.LParen
	case calledUse:
		if i+1 >= len(toks) {
			return false
		}
		next := toks[i+1].Op
		return next == token.LParen || next == token.RParen || next == token.Colon && i > 0 && toks[i-1].Op == token.Question
	case memberUse, NonMemberUse:
		behind := i > 0 && (toks[i-1].Op == token.Dot || toks[i-1].Op == token.Arrow)
		return behind == (k == memberUse)
	case nestedMemberUse:
		return memberUse.takes(toks, i) && nestedMember(toks, i)
	case InitializedUse:
		return declaresInitialized(toks, i)
	case castUse:
		before := i > 0 && (toks[i-1].Op == token.LParen || toks[i-1].Kind == token.Keyword)
		return before && i+1 < len(toks) && (toks[i+1].Op == token.RParen || toks[i+1].Op == token.Mul)
	}
	return true
}

// declaresInitialized reports whether a variable with a braced initializer stands after a
// token: ops o = {, ops *const list[] = {.
func declaresInitialized(toks []token.Token, i int) bool {
	for i++; i < len(toks); i++ {
		switch t := toks[i]; {
		case t.Kind == token.Ident, t.Kind == token.Keyword, t.Kind == token.Number,
			t.Op == token.LBrack, t.Op == token.RBrack, t.Op == token.Mul:
		case t.Op == token.Assign:
			return i+1 < len(toks) && toks[i+1].Op == token.LBrace
		default:
			return false
		}
	}
	return false
}

// nestedMember reports whether the member at a token may be one of something else than a
// variable.
func nestedMember(toks []token.Token, i int) bool {
	if i < 2 || toks[i-2].Kind != token.Ident { // an index as well
		return true
	}
	if i > 2 && (toks[i-3].Op == token.Dot || toks[i-3].Op == token.Arrow) {
		return true
	}
	return toks[i].Bol || toks[i-1].Bol // the branches of an #if may come between
}

// FuncsNaming returns the functions of a file in whose text a name occurs.
func (u *File) FuncsNaming(name string) []*FuncInfo {
	out, _ := u.FuncsUsing(name, AnyUse)
	return out
}

// FuncsUsing returns those with an occurrence of that kind, and whether there is
// one outside of functions.
func (u *File) FuncsUsing(name string, kind UseKind) (out []*FuncInfo, outside bool) {
	return u.funcsUsing(name, kind, nil)
}

// funcsUsing is the same of the occurrences that wanted, unless nil, is true for, by the
// function and the index of the token. Those in macros are all there.
func (u *File) funcsUsing(name string, kind UseKind, wanted func(*parse.Func, int) bool) (out []*FuncInfo, outside bool) {
	f := u.Tree()
	seen := map[*parse.Func]bool{}
	var funcs []*parse.Func
	for _, i := range f.Idents(name) {
		if !kind.takes(f.Toks, int(i)) {
			continue
		}
		funcs = f.AppendFuncsAt(funcs[:0], int(f.Toks[i].Off))
		for _, fn := range funcs {
			if !seen[fn] && (wanted == nil || wanted(fn, int(i))) {
				seen[fn] = true
				out = append(out, u.Info(fn))
			}
		}
		outside = outside || len(funcs) == 0
	}
	if kind == nestedMemberUse {
		kind = memberUse
	}
	for _, m := range u.macrosNaming(name) {
		if !seen[m.fn] && kind.takes(m.fn.Macro.Body, m.token) {
			seen[m.fn] = true
			out = append(out, u.Info(m.fn))
		}
	}
	return out, outside
}

// macroName is an occurrence of a name in the replacement of a macro that reads as
// a function.
type macroName struct {
	fn    *parse.Func
	token int
}

// macrosNaming returns the occurrences of a name in such replacements, in order.
func (u *File) macrosNaming(name string) []macroName {
	if u.twin != nil {
		return u.twin.macrosNaming(name)
	}
	u.bodyOnce.Do(func() {
		f := u.Tree()
		u.bodies = map[string][]macroName{}
		for _, fn := range f.Funcs {
			if fn.Macro == nil {
				continue
			}
			for i, t := range fn.Macro.Body {
				if t.Kind == token.Ident {
					u.bodies[f.Text(t)] = append(u.bodies[f.Text(t)], macroName{fn, i})
				}
			}
		}
	})
	return u.bodies[name]
}

// Calls returns the direct calls of a function, each once however many
// selections of #if branches show it. sealed tells that its name occurs in no
// other way: nothing calls it through a pointer.
func (x *Index) Calls(fn *parse.Func) (uses []result.Use, sealed bool) {
	if x.prog.FileOf(fn) == nil {
		return nil, false
	}
	for _, c := range x.prog.DistinctCallers(fn) {
		uses = append(uses, result.Use{Func: c.In.Func, Call: c.Expr})
	}
	return uses, len(x.prog.AddressesTaken(fn)) == 0
}

// DistinctCallers are the callers, each once although several selections of #if
// branches show it, and without those in code that no build compiles.
func (p *Program) DistinctCallers(fn *parse.Func) []Ref {
	type key struct {
		u   *File
		off int
	}
	seen := map[key]bool{}
	var out []Ref
	for _, c := range p.Callers(fn) {
		k := key{c.In.File, c.Expr.NamePos}
		if !seen[k] && !c.In.File.Tree().Dead(c.Expr.NamePos) {
			seen[k] = true
			out = append(out, c)
		}
	}
	return out
}
