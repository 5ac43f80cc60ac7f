package anchor

import (
	"bytes"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
)

// PastNextOption moves a block behind the option that is set next on the same
// descriptor, where a variable is declared for that one among the statements:
//
//	const int yes = 1;
//	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
//
// In front of it the block would need a variable of its own.
func (p *Finder) PastNextOption(sp *Spot, pl *Place) *Place {
	if pl.Braces != nil || pl.Test {
		return pl
	}
	f := sp.File
	var fresh *parse.Decl
	n := NextStmt(pl)
	if at := p.pastNextValue(sp, pl, n); at != nil {
		return at
	}
	for ; n != nil && n.Kind == parse.SDecl; n = ctree.Next(n) {
		for _, d := range n.Decls {
			if v, ok := ctree.Number(d.Init); ok && v == 1 && ctree.IsPlainInt(d) && (d.Type.Const || !ctree.Changed(sp.Func, d.Name)) && exemplar.GenericName(d.Name) {
				fresh = d
			}
		}
	}
	if fresh == nil || n == nil || pl.After == nil || pl.After.Kind == parse.SDecl && !ctree.IsMixedDecl(pl.After) {
		return pl
	}
	for _, h := range p.OptionCalls(f) {
		if h.Stmt != n || h.FD != sp.Key || h.Form == exemplar.FormOther || !knowledge.SwitchedOptions[h.Opt] || h.Value != fresh.Name || len(ctree.Arms(f, n.Pos)) != len(ctree.Arms(f, pl.Offset)) {
			continue
		}
		if h.Form == exemplar.FormAssign || h.Form == exemplar.FormCheck && h.Check.Result != "" {
			n = ctree.Next(n)
		}
		a := p.Search(sp)
		if at, why := a.After(n, pl.Check, false); why == "" {
			if at, why = a.LinePlace(at); why == "" && !at.Test {
				return at
			}
		}
	}
	return pl
}

// pastNextValue moves a block behind on = 1, which stands in front of the next
// option on the same descriptor, nil where nothing of the kind follows.
func (p *Finder) pastNextValue(sp *Spot, pl *Place, n *parse.Stmt) *Place {
	if n == nil || n.Kind != parse.SExpr || n.Expr.Bare().Kind != parse.XAssign || !text.FirstOnLine(sp.File.Src, n.Pos) {
		return nil
	}
	x := n.Expr.Bare().X.Bare()
	for _, h := range p.OptionCalls(sp.File) {
		if h.Stmt != ctree.Next(n) || h.FD != sp.Key || h.Form == exemplar.FormOther || !knowledge.SwitchedOptions[h.Opt] || x.Kind != parse.XIdent || h.Value != x.Name {
			continue
		}
		a := p.Search(sp)
		at, why := a.After(n, pl.Check, false)
		if why == "" {
			at, why = a.LinePlace(at)
		}
		l, ok := ctree.Visible(sp.Func, pl.List, pl.Offset, x.Name)
		if why == "" && !at.Test && ok && at.Offset <= h.Stmt.Pos && ctree.AssignedOne(sp.Func, at.List, at.Offset, l) {
			return at
		}
	}
	return nil
}

// SetNext reports whether one of the next statements turns keepalive on for
// the descriptor already: no block is put in front of its twin.
func (p *Finder) SetNext(sp *Spot, pl *Place) bool {
	for _, h := range p.OptionCalls(sp.File) {
		if h.Opt == "SO_KEEPALIVE" && h.FD == sp.Key && h.Func.NamePos == sp.Func.NamePos && h.Stmt.Pos >= pl.Offset && onlyDirectives(sp.File.Src[pl.Offset:h.Stmt.Pos]) {
			return true
		}
	}
	n := NextStmt(pl)
	for i := 0; n != nil && i < MaxSteps && !ctree.Assigns(sp.File, n, sp.Key); i++ {
		for _, h := range p.OptionCalls(sp.File) {
			if h.Opt == "SO_KEEPALIVE" && h.FD == sp.Key && h.Before == "" && (h.Stmt == n || ctree.ListMember(h.Stmt) == n && h.Stmt.Kind == parse.SExpr && n.Kind == parse.SExpr) {
				return true
			}
		}
		n = ctree.Next(n)
	}
	return false
}

// onlyDirectives reports whether a text holds nothing but blanks and lines of the
// preprocessor.
func onlyDirectives(text []byte) bool {
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			return false
		}
	}
	return true
}
