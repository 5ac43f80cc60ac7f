package defuse

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// MayChange reports whether what a path holds may be another after node n.
func MayChange(fi *program.FuncInfo, n *cfg.Node, path string) bool {
	if !DefNodes(fi)[value.RootOf(path)].Has(n) {
		return false
	}
	_, ok := LastDef(fi, n, 1<<30, path)
	n.Exprs(func(top *parse.Expr) {
		top.Walk(func(x *parse.Expr) bool {
			ok = ok || x.Kind == parse.XAssign && value.PathOf(x.X) == path // x |= F
			return !ok
		})
	})
	return ok
}

// UnchangedBetween reports whether a way leads from one node to another on which nothing
// changes the path.
func UnchangedBetween(fi *program.FuncInfo, from, to *cfg.Node, path string) bool {
	for u := range fi.Named(path[strings.LastIndexByte(path, '.')+1:]) {
		if up := u.Up; up != nil && (up.Kind == parse.XPostfix || up.Kind == parse.XUnary && (up.Op == token.Inc || up.Op == token.Dec)) {
			return false
		}
	}
	if MayChange(fi, to, path) || MayChange(fi, from, path) {
		return false
	}
	if from == to {
		return true
	}
	seen := fi.Graph().NewSet()
	seen.Add(to)
	for queue := []*cfg.Node{to}; len(queue) > 0; queue = queue[1:] {
		for _, e := range queue[0].Pred {
			if e.From == from {
				return true
			}
			if !seen.Has(e.From) && !MayChange(fi, e.From, path) {
				seen.Add(e.From)
				queue = append(queue, e.From)
			}
		}
	}
	return false
}

// NeverChangedBetween reports whether the path is not changed on any way from one node
// to another that does not come through the first again.
func NeverChangedBetween(fi *program.FuncInfo, from, to *cfg.Node, path string) bool {
	if !UnchangedBetween(fi, from, to, path) {
		return false
	}
	g := fi.Graph()
	ahead := g.Reachable(from, nil, func(e *cfg.Edge) bool { return e.To != from && e.From != to })
	defs := DefNodes(fi)[value.RootOf(path)]
	for _, n := range g.Nodes {
		if defs.Has(n) && n != from && n != to && ahead.Has(n) && MayChange(fi, n, path) &&
			g.Reachable(n, to, func(e *cfg.Edge) bool { return e.To != from }).Has(to) {
			return false
		}
	}
	return true
}

// EnclosingConditions adds the conditions of the statements around e.
func EnclosingConditions(list []*parse.Expr, e *parse.Expr) []*parse.Expr {
	for x := e; x.Up != nil; x = x.Up {
		if x.Up.Kind == parse.XCond && x.Up.X != x {
			list = append(list, x.Up.X)
		}
	}
	for s := e.In; s != nil; s = s.Parent {
		if (s.Kind == parse.SIf || s.Kind == parse.SSwitch) && s.Expr != nil && !slices.Contains(list, s.Expr) {
			list = append(list, s.Expr)
		}
	}
	return list
}
