package argswitch

import (
	"fmt"
	"path"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// choice is a setting of the program that decides about keepalive at a socket that
// has it already: a variable, or a member of one, that the user can set.
type choice struct {
	expr string // as it stands in the condition
	root string // the variable in it
	node *program.Node
	decl *parse.Decl
	line int
}

// existingSettings are the conditions on calls that set SO_KEEPALIVE, in the order of the
// files.
func (s *Switch) existingSettings() []*choice {
	var out []*choice
	for _, f := range s.t.Files {
		if len(f.Idents("SO_KEEPALIVE")) == 0 {
			continue
		}
		for _, n := range s.t.ByFileOf(f) {
			for _, fn := range n.Forms {
				fn.Body().Walk(func(st *parse.Stmt) bool {
					st.Exprs(func(e *parse.Expr) {
						e.Walk(func(x *parse.Expr) bool {
							if x.Kind == parse.XCall && setsKeepalive(f, x) {
								if c := s.condition(n, fn, st, x); c != nil {
									out = append(out, c)
								}
							}
							return true
						})
					})
					return true
				})
			}
		}
	}
	return out
}

func setsKeepalive(f *parse.File, call *parse.Expr) bool {
	for _, a := range call.Args {
		if patch.Squeeze(patch.TextOf(f, a)) == "SO_KEEPALIVE" {
			return !strings.HasPrefix(call.Callee(), "get")
		}
	}
	return false
}

// condition is the setting that stands in the condition on a call, or in front of it
// in the same one.
func (s *Switch) condition(n *program.Node, fn *parse.Func, st *parse.Stmt, call *parse.Expr) *choice {
	for up, in := st, (*parse.Stmt)(nil); up != nil; up, in = up.Parent, up {
		if up.Kind != parse.SIf || in != nil && up.Else == in {
			continue
		}
		for _, e := range conjuncts(up.Expr) {
			if in == nil && e.Pos > call.Pos {
				break
			}
			if c := s.setting(n, fn, e); c != nil {
				return c
			}
		}
	}
	return nil
}

// conjuncts are the operands of && that hold where the whole condition does.
func conjuncts(e *parse.Expr) []*parse.Expr {
	e = e.Bare()
	if e == nil {
		return nil
	}
	if e.Kind == parse.XBinary && e.Op == token.AndAnd {
		return append(conjuncts(e.X), conjuncts(e.Y)...)
	}
	return []*parse.Expr{e}
}

// setting takes an expression for a choice: a variable outside functions, or a member
// of one, that is named for keepalive and that other code stores to.
func (s *Switch) setting(n *program.Node, fn *parse.Func, e *parse.Expr) *choice {
	f := n.File
	name := e.Name
	base := e
	for base != nil && base.Kind == parse.XMember {
		base = base.X.Bare()
	}
	if base == nil || base.Kind != parse.XIdent || !strings.Contains(strings.ReplaceAll(strings.ToLower(name), "_", ""), "keepalive") || isLocal(fn, base.Name) {
		return nil
	}
	d := declared(s.t, f, base.Name)
	if d == nil || !s.stored(name) {
		return nil
	}
	return &choice{expr: patch.OneLine(patch.TextOf(f, e)), root: base.Name, node: n, decl: d, line: lineOf(f, e.Pos)}
}

func lineOf(f *parse.File, off int) int { return 1 + strings.Count(string(f.Src[:off]), "\n") }

func isLocal(fn *parse.Func, name string) bool {
	for _, d := range fn.Params {
		if d.Name == name {
			return true
		}
	}
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			found = found || d.Name == name && !d.Extern
		}
		return !found
	})
	return found
}

// declared is the declaration of a variable outside functions that a file sees.
func declared(t *program.Tree, f *parse.File, name string) *parse.Decl {
	for _, g := range append([]*parse.File{f}, t.Headers(f)...) {
		for _, d := range g.Decls() {
			if d.Name == name && !d.Typedef && !d.Enum && d.Type != nil && !d.Type.Func && len(d.Params) == 0 {
				return d
			}
		}
	}
	return nil
}

// stored reports whether something assigns to a name or takes its address: it is no
// constant.
func (s *Switch) stored(name string) bool {
	for _, f := range s.t.Files {
		for _, at := range f.Idents(name) {
			i := int(at)
			if i+1 < len(f.Toks) {
				switch f.Toks[i+1].Op {
				case token.Assign, token.Inc, token.OrAssign:
					return true
				}
			}
			k := i - 1
			for k > 1 && (f.Toks[k].Op == token.Dot || f.Toks[k].Op == token.Arrow) {
				k -= 2
			}
			if k >= 0 && f.Toks[k].Op == token.And {
				return true
			}
		}
	}
	return false
}

// adopt lets a group's sites follow a choice that their programs have. Where that
// is not in sight of a site, there is a reason.
func (s *Switch) adopt(g *group, all []*choice) {
	for _, c := range all {
		near, reached := false, len(g.programs) > 0
		for _, n := range g.sites {
			near = near || path.Dir(n.File.Path) == path.Dir(c.node.File.Path)
		}
		for _, p := range g.programs {
			_, ok := p.Steps[c.node]
			reached = reached && ok
		}
		if !near || !reached {
			continue
		}
		g.choice = c
		for _, n := range g.sites {
			if declared(s.t, n.File, c.root) == nil && !c.simple() {
				g.reason = fmt.Sprintf("%s:%d: the program has a choice already, %s, which %s does not see", c.node.File.Path, c.line, c.expr, n.File.Path)
			}
		}
		return
	}
}

// simple reports whether the variable can be declared in other files.
func (c *choice) simple() bool {
	if c.decl.Static || c.expr != c.root || c.decl.Type.Ptr > 0 || c.decl.Type.Array {
		return false
	}
	switch c.decl.Type.Base {
	case "int", "char", "short", "long", "unsigned int", "unsigned char", "unsigned":
		return true
	}
	return false
}

// follow declares the choice's variable where a site does not see it, and says so.
func (j *extension) follow(sites []Site) error {
	c := j.g.choice
	files := map[*parse.File]bool{}
	for _, x := range sites {
		if n := j.s.node(x); declared(j.Tree, n.File, c.root) == nil {
			files[n.File] = true
		}
	}
	for _, f := range inOrder(files) {
		at, ok := variablePlace(f)
		if !ok {
			return fmt.Errorf("%s: no certain place for the variable's declaration", f.Path)
		}
		j.Insert(f, at, around(f, at, "extern "+c.decl.Type.Base+" "+c.root+";"))
	}
	j.Notes = append(j.Notes, fmt.Sprintf("%s:%d: %s decides, as for the sockets that have keepalive already", c.node.File.Path, c.line, c.expr))
	return nil
}
