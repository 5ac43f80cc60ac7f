package proof

import (
	"strings"

	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/compose"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/optval"
	"github.com/keepatch/keepatch/templates"
)

// contents are what a variable can hold at a node of the flow graph, a set. Joins are
// unions.
type contents uint8

const (
	unset contents = 1 << iota // declared, and given nothing yet
	null
	given
)

// Assigned holds that each variable that a block's messages and way out name has been
// given a value on every path to the block, and is no null pointer where it is said:
// a message of further down may be about what is only made there. What the pattern
// itself would meet at its own place is no breach.
func Assigned(t *compose.Target, b *templates.Block, v *optval.Value) *Breach {
	var graph *assigned
	for _, s := range append(append([]string(nil), b.Report...), b.Leave...) {
		for _, name := range ctree.Identifiers(s) {
			l, ok := ctree.Visible(t.Spot.Func, t.Place.List, t.Place.Offset, name)
			if !ok || l.Stmt == nil || name == v.Name || name == b.Result || l.Decl.Type == nil || l.Decl.Type.Array ||
				l.Decl.Static || text.HasWord(t.Spot.Key, name) {
				continue
			}
			if graph == nil {
				if graph = newAssigned(t); graph == nil {
					return nil
				}
			}
			bad := graph.bad(t, l.Decl, s)
			why := ""
			switch isReport := contains(b.Report, s); {
			case bad&unset != 0:
				why = name + " may be unset at the block"
			case bad&null != 0 && isReport:
				why = name + " may be NULL at the block"
			default:
				continue
			}
			return &Breach{"message", why, func(p *compose.Plain) bool {
				if member, local := graph.sameAs(t, s, name); local != "" && p.Alias(member, local) {
					return true
				}
				if contains(b.Report, s) && p.PassOver(t.Idiom, compose.Never) {
					return true
				}
				return compose.Dropped(&p.Stays)
			}}
		}
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// assigned is the flow graph of a function with the block in it.
type assigned struct {
	g    *cfg.Graph
	mark *cfg.Node
}

func newAssigned(t *compose.Target) *assigned {
	l := &liveness{exits: t.Composer.Exits, spot: t.Spot, place: t.Place}
	body := l.withMark()
	if body == nil {
		return nil
	}
	a := &assigned{g: cfg.New(body, func(e *parse.Expr) bool {
		return l.exits.Leaves(t.Spot.File, &parse.Stmt{Kind: parse.SExpr, Expr: e})
	})}
	for _, n := range a.g.Nodes {
		if n.Stmt == l.mark {
			a.mark = n
		}
	}
	return a
}

// bad is what a variable may hold at the block that it may not hold at the place of
// the pattern.
func (a *assigned) bad(t *compose.Target, d *parse.Decl, stmt string) contents {
	in := a.solve(d, d.Type.Ptr > 0 || strings.Contains(stmt, d.Name+"->"))
	bad := a.at(in, a.mark)
	if m := t.Idiom.Pattern(); m != nil {
		bad &^= a.at(in, a.g.NodeOf(m.Call))
	}
	return bad
}

// sameAs is the one member of a variable that a statement names, and the function's
// local pointer of that name: in obj->engine of an object that is made further down,
// engine.
func (a *assigned) sameAs(t *compose.Target, stmt, name string) (member, local string) {
	for rest := stmt; ; {
		i := strings.Index(rest, name+"->")
		if i < 0 {
			break
		}
		rest = rest[i+len(name)+2:]
		field := rest[:len(rest)-len(strings.TrimLeft(rest, wordBytes))]
		if local != "" && field != local {
			return "", ""
		}
		local = field
	}
	member = name + "->" + local
	l, ok := ctree.Visible(t.Spot.Func, t.Place.List, t.Place.Offset, local)
	if !ok || l.Decl.Type == nil || l.Decl.Type.Ptr != 1 || text.HasWord(strings.ReplaceAll(stmt, member, ""), name) {
		return "", ""
	}
	if l.Stmt != nil && a.bad(t, l.Decl, local+"->") != 0 {
		return "", ""
	}
	return member, local
}

const wordBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

// at is the fact at a node, nothing where there is none.
func (a *assigned) at(in []contents, n *cfg.Node) contents {
	if n == nil {
		return 0
	}
	return in[n.ID] &^ given
}

// solve follows one variable to the fixpoint. pointer says that a 0 is no number.
func (a *assigned) solve(d *parse.Decl, pointer bool) []contents {
	in := make([]contents, len(a.g.Nodes))
	work := append([]*cfg.Node(nil), a.g.Nodes...)
	for len(work) > 0 {
		n := work[0]
		work = work[1:]
		out := in[n.ID]
		if declares(n, d) {
			out = unset
			if d.Init != nil {
				out = valueOf(d.Init, pointer)
			} else if d.Static {
				out = given
			}
		} else if out != 0 {
			n.Exprs(func(e *parse.Expr) { out = after(e, d.Name, pointer, out) })
		}
		for _, e := range n.Succ {
			if s := in[e.To.ID] | along(e, d.Name, out); s != in[e.To.ID] {
				in[e.To.ID] = s
				work = append(work, e.To)
			}
		}
	}
	return in
}

func declares(n *cfg.Node, d *parse.Decl) bool {
	for _, x := range n.Decls {
		if x == d {
			return true
		}
	}
	return false
}

// valueOf is what an assignment of e gives a variable.
func valueOf(e *parse.Expr, pointer bool) contents {
	if e = e.Strip(); e != nil && e.Kind == parse.XIdent && e.Name == "NULL" {
		return null
	}
	if v, ok := ctree.Number(e); ok && v == 0 && pointer {
		return null
	}
	return given
}

// after is what the evaluation of an expression makes of a variable's contents: an
// assignment gives it a value, and so may code that gets its address, and a macro.
func after(e *parse.Expr, name string, pointer bool, s contents) contents {
	is := func(x *parse.Expr) bool { x = x.Strip(); return x != nil && x.Kind == parse.XIdent && x.Name == name }
	e.Walk(func(x *parse.Expr) bool {
		switch {
		case x.Kind == parse.XAssign && is(x.X):
			s = valueOf(x.Y, pointer)
		case x.Kind == parse.XUnary && x.Op == token.And && is(x.X):
			s = given
		case x.Kind == parse.XCall && ctree.IsUpper(x.Callee()):
			for _, arg := range x.Args {
				if is(arg) && s&unset != 0 {
					s = given
				}
			}
		}
		return true
	})
	return s
}

// along is what is left of the contents on one edge, by the test that it stands for.
func along(e *cfg.Edge, name string, s contents) contents {
	if e.Cond == nil || e.IsSwitch {
		return s
	}
	switch tested(e.Cond, name, e.Truth) {
	case null:
		if s&(given|null) != 0 {
			return s&unset | null
		}
	case given:
		return s &^ null
	}
	return s
}

// tested is what a condition with a truth value says of a pointer: null, given, or
// nothing.
func tested(e *parse.Expr, name string, truth bool) contents {
	e = e.Strip()
	if e == nil {
		return 0
	}
	is := func(x *parse.Expr) bool {
		if x = x.Strip(); x != nil && x.Kind == parse.XAssign {
			x = x.X.Strip()
		}
		return x != nil && x.Kind == parse.XIdent && x.Name == name
	}
	says := func(isNull bool) contents {
		if isNull {
			return null
		}
		return given
	}
	switch {
	case e.Kind == parse.XUnary && e.Op == token.Not:
		return tested(e.X, name, !truth)
	case e.Kind == parse.XBinary && (e.Op == token.AndAnd && truth || e.Op == token.OrOr && !truth):
		return tested(e.X, name, truth) | tested(e.Y, name, truth)
	case e.Kind == parse.XBinary && (e.Op == token.EqEq || e.Op == token.NotEq):
		if is(e.X) && valueOf(e.Y, true) == null || is(e.Y) && valueOf(e.X, true) == null {
			return says(truth == (e.Op == token.EqEq))
		}
	case is(e):
		return says(!truth)
	}
	return 0
}
