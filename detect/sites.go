package detect

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/keepatch/keepatch/parse"
)

var siteNames = []string{"socket", "accept", "accept4"}

// candidate is a call site before it is judged.
type candidate struct {
	u    *unit
	fi   *funcInfo // nil where no tree holds the call
	call *parse.Expr
	name string
	off  int // of the call's name
	dead bool
}

// sites lists every call of the three names in the tree, in order of path and
// offset. Prototypes, definitions and members of that name are none.
func (p *program) sites() []*candidate {
	units := p.unitsWithSites()
	found := make([][]*candidate, len(units))
	var g errgroup.Group
	g.SetLimit(p.opt.workers())
	for i, u := range units {
		g.Go(func() error {
			found[i] = u.sites()
			return nil
		})
	}
	_ = g.Wait() // no errors are returned
	out := slices.Concat(found...)
	if more := p.aliased(); len(more) > 0 {
		out = append(out, more...)
		sort.SliceStable(out, func(i, j int) bool {
			if a, b := out[i].u.index, out[j].u.index; a != b {
				return a < b
			}
			return out[i].off < out[j].off
		})
	}
	return out
}

// aliased lists the calls under a name that a macro gives one of the three:
// #define os_socket socket.
func (p *program) aliased() []*candidate {
	var out []*candidate
	type key struct {
		alias, name string
	}
	done := map[key]bool{}
	for _, name := range siteNames {
		for _, u := range p.indexed(parse.AliasHash(name)) {
			f := u.tree()
			for _, m := range f.Macros {
				k := key{m.Name, name}
				if !isAlias(m, name) || isSite(m.Name) || done[k] || f.Dead(m.Off) || f.Foreign(m.Off, p.opt.Platform) != "" {
					continue
				}
				done[k] = true
				out = append(out, p.callsBy(m.Name, name)...)
			}
		}
	}
	return out
}

// isAlias reports whether a macro without parameters stands for the name alone.
func isAlias(m *parse.Macro, name string) bool {
	body := m.Body
	if len(body) == 3 && body[0].Op == parse.LParen && body[2].Op == parse.RParen {
		body = body[1:2]
	}
	return !m.FnLike && len(body) == 1 && m.File.Spells(body[0], name)
}

// callsBy lists the calls of alias, as those of name, where no function of the
// tree has that name.
func (p *program) callsBy(alias, name string) (out []*candidate) {
	for _, u := range p.unitsWith(alias) {
		if len(p.funcsNamed(u, alias)) > 0 {
			continue
		}
		for _, fi := range u.funcsMentioning(alias) {
			for e := range fi.callsOf(alias) {
				if fi.lookup(alias, e.NamePos) == nil {
					out = append(out, &candidate{u: u, fi: fi, call: e, name: name, off: e.NamePos, dead: u.tree().Dead(e.NamePos)})
				}
			}
		}
	}
	return out
}

// unitsWithSites returns the files that may hold a site.
func (p *program) unitsWithSites() (units []*unit) {
	for _, name := range siteNames {
		units = union(units, p.unitsCalling(name))
	}
	return units
}

// sites lists the call sites of one file.
func (u *unit) sites() []*candidate {
	f := u.tree()
	var out []*candidate
	for _, name := range siteNames {
		for _, i := range f.Idents(name) {
			if c := u.siteAt(name, int(i)); c != nil {
				out = append(out, c)
			}
		}
	}
	for _, m := range f.Macros {
		for k, t := range m.Body {
			if t.Kind == parse.Ident && parse.IsSiteName(f.Src[t.Off:t.End]) && k+1 < len(m.Body) && m.Body[k+1].Op == parse.LParen &&
				(k == 0 || m.Body[k-1].Op != parse.Dot && m.Body[k-1].Op != parse.Arrow) {
				name := f.Text(t)
				c := &candidate{u: u, name: name, off: int(t.Off), dead: f.Dead(int(t.Off))}
				c.find(f.FuncsAt(int(t.Off)))
				out = append(out, c)
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].off < out[j].off })
	return out
}

// siteAt makes a candidate of token i when it is a call.
func (u *unit) siteAt(name string, i int) *candidate {
	f := u.tree()
	if i+1 >= len(f.Toks) || f.Toks[i+1].Op != parse.LParen {
		// (socket)(...): the parentheses keep a macro of that name away.
		if i+2 >= len(f.Toks) || f.Toks[i+1].Op != parse.RParen || f.Toks[i+2].Op != parse.LParen || i == 0 || f.Toks[i-1].Op != parse.LParen {
			return nil
		}
	}
	if i > 0 {
		switch prev := f.Toks[i-1]; {
		case prev.Op == parse.Dot || prev.Op == parse.Arrow || prev.Op == parse.ColonColon && i > 1 && f.Toks[i-2].Kind == parse.Ident:
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
	if !globalScope(f, i) && u.ownFunction(name) {
		return nil
	}
	c := &candidate{u: u, name: name, off: off, dead: f.Dead(off)}
	if c.find(funcs) {
		if c.fi.lookup(name, off) != nil {
			return nil // a local of that name
		}
		return c
	}
	for _, fn := range funcs {
		if off >= fn.BodyPos && off < fn.End && !u.localPrototype(fn, off) {
			return c // in a body, but in no tree: it must not get lost
		}
	}
	return nil
}

// ownFunction reports whether the file defines a function of its own by that
// name, so that calls in it are no calls of the system's.
func (u *unit) ownFunction(name string) bool {
	u.tables()
	for _, fn := range u.funcs[name] {
		if fn.Macro == nil {
			return true
		}
	}
	return false
}

// localPrototype reports whether the name at off is declared, not called.
func (u *unit) localPrototype(fn *parse.Func, off int) bool {
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
func (c *candidate) find(funcs []*parse.Func) bool {
	for _, fn := range funcs {
		fi := c.u.info(fn)
		for e := range fi.callsOf(c.name) {
			if e.NamePos == c.off {
				c.fi, c.call = fi, e
				return true
			}
		}
	}
	return false
}

// newSite makes the report's site of a candidate.
func (c *candidate) newSite() *Site {
	f := c.u.tree()
	l := f.Lines()
	s := &Site{
		File: c.u.path, Line: l.Line(c.off), Column: l.Col(c.off), Call: c.name,
		Transport: UnknownTransport, Role: UnknownRole, Keepalive: KeepaliveUnknown, Verdict: Undecided,
		Guards: f.Guards(c.off), Fix: Fix{Status: FixNone},
		Node: Node{File: f, Call: c.call},
	}
	if c.fi != nil {
		s.Node.Func = c.fi.fn
		if c.fi.fn.Macro == nil {
			s.Function = strings.Clone(c.fi.fn.Name) // the report outlives the text
		}
	} else if fns := f.FuncsAt(c.off); len(fns) > 0 && fns[0].Macro == nil {
		s.Function = strings.Clone(fns[0].Name)
	}
	return s
}

// identify gives every site an ID made of what stays when lines are added
// elsewhere: path, function, call and its text; equal ones are numbered.
func identify(sites []*Site) {
	seen := map[string]int{}
	for _, s := range sites {
		text := s.Call
		if s.Node.Call != nil {
			text = strings.Join(strings.Fields(string(s.Node.File.Src[s.Node.Call.Pos:s.Node.Call.End])), " ")
		}
		key := strings.Join([]string{s.File, s.Function, s.Call, text}, "\x00")
		n := seen[key]
		seen[key]++
		sum := sha256.Sum256([]byte(fmt.Sprintf("%s\x00%d", key, n)))
		s.ID = "ka-" + hex.EncodeToString(sum[:6])
	}
}

// globalScope reports whether C++ code asks for the system's function in so
// many words: ::accept(), in a method that may be called accept itself.
func globalScope(f *parse.File, i int) bool { return i > 0 && f.Toks[i-1].Op == parse.ColonColon }
