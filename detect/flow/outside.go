package flow

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// PassedOutside returns a place where code that is not in the tree gets the descriptor,
// and how: what that code does with it is not known.
func (f *Flow) PassedOutside() (at program.Ref, how string) {
	for _, h := range f.Events {
		if h.Kind == knowledge.PassedOn && f.mayAffect(h) {
			return program.Ref{In: h.In, Expr: h.Call}, "given to " + h.In.Text(h.Call) + ", which is not in the tree"
		}
	}
	if f.otherForm.Expr != nil {
		return f.otherForm, "handed on in another form: " + f.otherForm.In.Text(f.otherForm.Expr)
	}
	for _, l := range f.locations() {
		switch l.kind {
		case inMessage:
			return f.Site, "sent to another process"
		case inStd:
			return f.Site, "made a standard stream, which other programs inherit"
		case inMember:
			owner, name := l.member()
			if base, outside := strings.CutPrefix(owner, "type "); outside && !knowledge.IsSystemStruct(base) {
				return f.Site, "kept in member " + name + " of " + base + ", a type that is not of the tree"
			}
		}
	}
	for _, l := range f.locations() {
		for _, s := range f.Stores[l] {
			if c := f.objectGiven(s); c.Expr != nil {
				return c, "its object is given to " + c.In.Text(c.Expr) + ", which is not in the tree"
			}
		}
	}
	return program.Ref{}, ""
}

// Exposed returns a variable or a struct which holds the descriptor and which code
// outside the tree can read, as it stands in a header of a library.
func (f *Flow) Exposed() string {
	library := sync.OnceValue(f.Prog.IsLibrary)
	for _, l := range f.locations() {
		switch l.kind {
		case inGlobal:
			if _, name, _ := cutLast(l.key, ":"); library() && f.Prog.DeclaredInHeader(name) {
				return "global " + name + " of a library"
			}
		case inMember:
			owner, name := l.member()
			if path, _, ok := cutLast(owner, ":"); ok && strings.HasSuffix(path, ".h") && library() {
				return "member " + name + " of a struct of a library's header"
			}
		}
	}
	return ""
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// locations returns the places in memory that the descriptor reaches, in order.
func (f *Flow) locations() []Location {
	if f.places == nil {
		return f.memory
	}
	var out []Location
	for at, p := range f.places {
		if at.kind != inLocal && f.visits[visit{at: p}] > 0 {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, func(a, b Location) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.key, b.key), cmp.Compare(a.elem, b.elem))
	})
	return out
}

// mayAffect reports whether a function outside the tree may do something to a
// descriptor that it gets: not where it closes it or prints its number, where the
// call is a cast in a macro, (type)(x), or is not compiled for this platform.
func (f *Flow) mayAffect(h FDEvent) bool {
	name := h.Call.Callee()
	if h.In.File.Tree().Foreign(h.Call.NamePos, f.Prog.Opt.Platform) != "" {
		return false
	}
	if m := h.In.Func.Macro; m != nil && slices.Contains(m.Params, name) {
		return false
	}
	if knowledge.EndsDescriptor(name) {
		return false
	}
	for _, a := range h.Call.Args {
		if s := a.Strip(); s != nil && s.Kind == parse.XString && strings.Contains(h.In.Text(s), "%") {
			return false // a message with its number
		}
	}
	return true
}

// objectGiven returns a call outside the tree that gets the object in which the
// descriptor was stored, by its type: a member of a table of functions that nothing
// of the tree fills, as that of a plugin.
func (f *Flow) objectGiven(s Store) program.Ref {
	if s.Expr.Kind != parse.XMember {
		return program.Ref{}
	}
	base, _ := s.In.TypeOf(s.Expr.X)
	key := f.Prog.StructKey(s.In.File, base)
	if base == "" || f.Prog.StructOf(s.In.File, base) == nil {
		return program.Ref{}
	}
	return memo.Of[flowMemos](&f.Prog.Memos).given.Get(structNamed{key, base}, func() program.Ref { return givenOutside(f.Prog, key, base) })
}

// structNamed is a struct by its key, and a name that it has.
type structNamed struct{ key, base string }

// givenOutside returns a call through a pointer, to no function of the tree, that gets a pointer to
// the struct with a key, in the files that hold its name.
func givenOutside(p *program.Program, key, base string) program.Ref {
	for _, u := range p.FilesNaming(strings.TrimPrefix(base, "struct ")) {
		for _, fn := range u.Tree().Funcs {
			if fn.Macro != nil {
				continue
			}
			fi := u.Info(fn)
			for _, r := range fi.Names.Refs {
				c := calledThrough(r)
				if c == nil || r.Kind == parse.XIdent && fi.Lookup(r.Name, r.Pos) == nil {
					continue // a function by its name: without its text it does not know the type
				}
				for _, a := range c.Args {
					b, n := fi.TypeOf(a)
					if n != 1 || b == "" || p.StructKey(u, b) != key {
						continue
					}
					if len(callgraph.Callees(p, fi, c, nil)) == 0 {
						return program.Ref{In: fi, Expr: c}
					}
				}
			}
		}
	}
	return program.Ref{}
}

// calledThrough returns the call that is made through the pointer e.
func calledThrough(e *parse.Expr) *parse.Expr {
	x := e
	for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XUnary && x.Up.Op == token.Mul) {
		x = x.Up
	}
	if x.Up != nil && x.Up.Kind == parse.XCall && x.Up.X == x {
		return x.Up
	}
	return nil
}

// startsPrograms reports whether the file of a function starts other programs or
// changes what they find in their environment.
func (f *Flow) startsPrograms(fi *program.FuncInfo) bool {
	for name := range knowledge.Starts.All() {
		if f.Prog.Occurs(fi.File, name) {
			return true
		}
	}
	return false
}

// noteOtherForm notes that the descriptor goes on as another number, as text, or under a
// number that another program expects.
func (f *Flow) noteOtherForm(fi *program.FuncInfo, e *parse.Expr) {
	if f.otherForm.Expr == nil {
		f.otherForm = program.Ref{In: fi, Expr: e}
	}
}

// reversible reports whether an operator makes a number out of which its operand can
// be had again: fd << 1, fd | TAG.
func reversible(up, e *parse.Expr) bool {
	switch up.Op {
	case token.Or, token.Xor:
		return true
	case token.Shl, token.Mul:
		return up.X == e
	}
	return false
}

// isOffset reports whether an operator adds to its operand, or takes from it: fd + 1. Mostly that is
// the number of descriptors for select(), so what becomes of it matters.
func isOffset(up, e *parse.Expr) bool { return up.Op == token.Add || up.Op == token.Sub && up.X == e }

// isKept reports whether a value outlives its expression: it is returned, put into a member or
// handed to a function of the tree.
func (f *Flow) isKept(fi *program.FuncInfo, e *parse.Expr) bool {
	e = program.Wrapping(e)
	if up := e.Up; up != nil && up.Kind == parse.XCond && up.X != e {
		return f.isKept(fi, up)
	}
	if lhs, _ := program.AssignedTo(e); lhs != nil {
		return lhs.Strip().Kind == parse.XMember
	}
	if call, _ := program.ArgOf(e); call != nil {
		return len(f.Prog.FuncsNamed(fi.File, call.Callee())) > 0
	}
	return e.Up == nil && e.In != nil && e.In.Kind == parse.SReturn
}

// ClosedAfter reports whether no way leads from an event of a kind out of the function that
// makes the descriptor, or to a call that never returns, without a close().
func (f *Flow) ClosedAfter(kind knowledge.Event) bool {
	fi := f.Site.In
	g := fi.Graph()
	closes := map[*cfg.Node]bool{}
	for _, h := range f.Events {
		if h.Kind == knowledge.Close && h.In == fi {
			closes[fi.NodeOf(h.Call)] = true
		}
	}
	for _, h := range f.Events {
		if h.Kind != kind {
			continue
		}
		from := fi.NodeOf(h.Call)
		if h.In != fi || from == nil {
			return false
		}
		met := g.Reachable(from, nil, func(e *cfg.Edge) bool { return !closes[e.To] })
		for _, n := range g.Nodes {
			if met.Has(n) && (n == g.Exit || len(n.Succ) == 0) {
				return false
			}
		}
	}
	return true
}
