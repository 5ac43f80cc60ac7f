// Package site finds the calls that are judged: socket(), accept() and accept4() by their names, through
// macros that rename them, through syscall(), and with the callee in another form.
//
// A candidate is a call in the text, not in a tree: one that no tree holds is kept, so that a call
// that was misread becomes an undecided site instead of none. Prototypes, definitions, members and
// locals of these names are no candidates. The index tells which files can have one, so the cost is
// linear in the occurrences of the names, and those files are read in parallel.
package site

import (
	"slices"
	"sort"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/sites"
	"github.com/keepatch/keepatch/parse/token"
)

// Candidate is a call site before it is judged.
type Candidate struct {
	File *program.File
	In   *program.FuncInfo // nil where no tree holds the call
	Call *parse.Expr
	Name string
	Off  int // of the call's name
	Dead bool

	Others []program.Ref // the call in the trees of other selections of #if branches
}

// Accepts reports whether the call takes a connection from a listener.
func (c *Candidate) Accepts() bool { return sites.Accepts(c.Name) }

// All lists the candidates of a program in order of path and offset.
func All(p *program.Program) []*Candidate {
	units := Files(p)
	found := make([][]*Candidate, len(units))
	var g errgroup.Group
	g.SetLimit(p.Opt.WorkerCount())
	for i, u := range units {
		g.Go(func() error {
			found[i] = inFile(u)
			return nil
		})
	}
	_ = g.Wait() // no errors are returned
	out := slices.Concat(found...)
	if more := append(aliased(p), syscalls(p)...); len(more) > 0 {
		out = append(out, more...)
		Sort(out)
	}
	return out
}

// Sort puts candidates in order of path and offset.
func Sort(list []*Candidate) {
	sort.SliceStable(list, func(i, j int) bool {
		if a, b := list[i].File, list[j].File; a != b {
			return a.Before(b)
		}
		return list[i].Off < list[j].Off
	})
}

// aliased lists the calls under a name that a macro gives one of the three:
// #define os_socket socket.
func aliased(p *program.Program) []*Candidate {
	var out []*Candidate
	type key struct {
		alias, name string
	}
	done := map[key]bool{}
	for _, name := range sites.Names {
		for _, u := range p.FilesAliasing(name) {
			f := u.Tree()
			for _, m := range f.Macros {
				k := key{m.Name, name}
				if !isAlias(m, name) || sites.Has(m.Name) || done[k] || p.ForeignAt(u, m.Off) {
					continue
				}
				done[k] = true
				out = append(out, CallsNamed(p, m.Name, name)...)
			}
		}
	}
	return out
}

// syscalls lists the calls that make sockets without the C library's functions.
func syscalls(p *program.Program) (out []*Candidate) {
	for _, u := range p.FilesNaming("syscall") {
		for _, fi := range u.FuncsNaming("syscall") {
			for e := range fi.CallsOf("syscall") {
				if name := program.Syscall(e); sites.Has(name) {
					out = append(out, &Candidate{File: u, In: fi, Call: e, Name: name, Off: e.NamePos, Dead: u.Tree().Dead(e.NamePos)})
				}
			}
		}
	}
	return out
}

// isAlias reports whether a macro without parameters stands for the name alone.
func isAlias(m *parse.Macro, name string) bool {
	body := m.Body
	if len(body) == 3 && body[0].Op == token.LParen && body[2].Op == token.RParen {
		body = body[1:2]
	}
	return !m.FnLike && len(body) == 1 && m.File.Spells(body[0], name)
}

// CallsNamed lists the calls of alias, as those of name, where no function of the
// tree has that name but for another platform.
func CallsNamed(p *program.Program, alias, name string) (out []*Candidate) {
	for _, u := range p.FilesNaming(alias) {
		if slices.ContainsFunc(p.FuncsNamed(u, alias), func(fn *parse.Func) bool {
			return fn.File.Foreign(fn.NamePos, p.Opt.Platform) == "" && fn.File.Foreign(fn.BodyPos, p.Opt.Platform) == ""
		}) {
			continue
		}
		for _, fi := range u.FuncsNaming(alias) {
			for e := range fi.CallsOf(alias) {
				if fi.Lookup(alias, e.NamePos) == nil {
					out = append(out, &Candidate{File: u, In: fi, Call: e, Name: name, Off: e.NamePos, Dead: u.Tree().Dead(e.NamePos)})
				}
			}
		}
	}
	return out
}

// Files returns the files that may hold a candidate.
func Files(p *program.Program) (units []*program.File) {
	for _, name := range sites.Names {
		units = program.MergeFiles(units, p.FilesCalling(name))
	}
	return units
}

// inFile lists the candidates of one file.
func inFile(u *program.File) []*Candidate {
	f := u.Tree()
	var out []*Candidate
	for _, name := range sites.Names {
		for _, i := range f.Idents(name) {
			if c := at(u, name, int(i)); c != nil {
				out = append(out, c)
			}
		}
	}
	for _, m := range f.Macros {
		for k, t := range m.Body {
			if t.Kind == token.Ident && token.IsSiteName(f.Src[t.Off:t.End]) && k+1 < len(m.Body) && m.Body[k+1].Op == token.LParen &&
				!namesOther(m.Body[:k]) {
				name := f.Text(t)
				c := &Candidate{File: u, Name: name, Off: int(t.Off), Dead: f.Dead(int(t.Off))}
				c.find(f.FuncsAt(int(t.Off)))
				out = append(out, c)
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Off < out[j].Off })
	return out
}

// namesOther reports whether the name after some tokens of a macro is no call of the system's
// function: a member, or what a declaration declares, as in bool accept(void).
func namesOther(before []token.Token) bool {
	if len(before) == 0 {
		return false
	}
	prev := before[len(before)-1]
	switch prev.Op {
	case token.Dot, token.Arrow, token.KwTypeSpec:
		return true
	case token.ColonColon:
		return len(before) > 1 && (before[len(before)-2].Kind == token.Ident || before[len(before)-2].Op == token.HashHash)
	}
	return prev.Kind == token.Ident
}

// at makes a candidate of token i if it is a call.
func at(u *program.File, name string, i int) *Candidate {
	f := u.Tree()
	if i+1 >= len(f.Toks) || f.Toks[i+1].Op != token.LParen {
		// (socket)(...): the parentheses keep a macro of that name away.
		if i+2 >= len(f.Toks) || f.Toks[i+1].Op != token.RParen || f.Toks[i+2].Op != token.LParen ||
			i == 0 || f.Toks[i-1].Op != token.LParen {
			return calleeAt(u, name, i)
		}
	}
	if i > 0 {
		switch prev := f.Toks[i-1]; {
		case prev.Op == token.Dot || prev.Op == token.Arrow || prev.Op == token.ColonColon && i > 1 && f.Toks[i-2].Kind == token.Ident:
			return nil
		}
	}
	off := int(f.Toks[i].Off)
	funcs := f.FuncsAt(off)
	for _, fn := range funcs {
		if fn.NamePos == off {
			return nil // its own definition
		}
	}
	if !globalScope(f, i) && ownFunction(u, name) {
		return nil
	}
	c := &Candidate{File: u, Name: name, Off: off, Dead: f.Dead(off)}
	if c.find(funcs) {
		if c.In.Lookup(name, off) != nil {
			return nil // a local of that name
		}
		return c
	}
	for _, fn := range funcs {
		if off >= fn.BodyPos && off < fn.End && !localPrototype(fn, off) {
			return c // in a body, but in no tree: it must not get lost
		}
	}
	return nil
}

// calleeAt makes a candidate of a name that is called in another form: (*socket)(...),
// ((type)socket)(...), (plain ? socket : other)(...).
func calleeAt(u *program.File, name string, i int) *Candidate {
	toks := u.Tree().Toks
	if i+1 >= len(toks) || toks[i+1].Op != token.RParen && toks[i+1].Op != token.Colon {
		return nil
	}
	off := int(toks[i].Off)
	for _, fn := range u.Tree().FuncsAt(off) {
		fi := u.Info(fn)
		for e := range fi.Named(name) {
			if e.Kind != parse.XIdent || e.Pos != off || fi.Lookup(name, off) != nil {
				continue
			}
			if call := calleeOf(e); call != nil && !ownFunction(u, name) {
				return &Candidate{File: u, In: fi, Call: call, Name: name, Off: off, Dead: u.Tree().Dead(off)}
			}
		}
	}
	return nil
}

// calleeOf returns the call whose callee is e, or one of the two that its callee
// chooses between.
func calleeOf(e *parse.Expr) *parse.Expr {
	x := e
	for x.Up != nil {
		up := x.Up
		switch {
		case up.Kind == parse.XParen, up.Kind == parse.XCast, up.Kind == parse.XUnary &&
			(up.Op == token.Mul || up.Op == token.And), up.Kind == parse.XCond && up.X != x:
			x = up
		case up.Kind == parse.XCall && up.X == x:
			return up
		default:
			return nil
		}
	}
	return nil
}

// ownFunction reports whether the file defines a function of its own by that
// name, so that calls in it are no calls of the system's.
func ownFunction(u *program.File, name string) bool {
	u.Tables()
	for _, fn := range u.Funcs[name] {
		if fn.Macro == nil {
			return true
		}
	}
	return false
}

// localPrototype reports whether the name at off is declared, not called.
func localPrototype(fn *parse.Func, off int) bool {
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			found = found || d.NamePos == off
		}
		return !found
	})
	return found
}

// find looks for the call in the trees of the functions around it.
func (c *Candidate) find(funcs []*parse.Func) bool {
	for _, fn := range funcs {
		fi := c.File.Info(fn)
		for e := range fi.CallsOf(c.Name) {
			switch {
			case e.NamePos != c.Off:
			case c.Call == nil:
				c.In, c.Call = fi, e
			default:
				c.Others = append(c.Others, program.Ref{In: fi, Expr: e})
			}
		}
	}
	return c.Call != nil
}

// NewSite makes the report's site of a candidate.
func (c *Candidate) NewSite() *result.Site {
	f := c.File.Tree()
	l := f.Lines()
	s := &result.Site{
		File: c.File.Path, Line: l.Line(c.Off), Column: l.Col(c.Off), Call: c.Name,
		Transport: result.UnknownTransport, Role: result.UnknownRole, Keepalive: result.KeepaliveUnknown, Verdict: result.Undecided,
		Guards: f.Guards(c.Off), Fix: result.Fix{Status: result.FixNone},
		Node: result.Node{File: f, Call: c.Call},
	}
	if c.In != nil {
		s.Node.Func = c.In.Func
		if c.In.Func.Macro == nil {
			s.Function = strings.Clone(c.In.Func.Name) // the report outlives the text
		}
	} else if fns := f.FuncsAt(c.Off); len(fns) > 0 && fns[0].Macro == nil {
		s.Function = strings.Clone(fns[0].Name)
	}
	return s
}

// globalScope reports whether C++ code asks for the system's function in so
// many words: ::accept(), in a method that may be called accept itself.
func globalScope(f *parse.File, i int) bool { return i > 0 && f.Toks[i-1].Op == token.ColonColon }
