package rewrite

import "github.com/keepatch/keepatch/parse"

// behindSibling moves a block behind the option that is set next on the same
// descriptor, where a variable is declared for that one among the statements:
//
//	const int yes = 1;
//	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
//
// In front of it the block would need a variable of its own.
func (p *finder) behindSibling(sp *spot, pl *place) *place {
	if pl.braces != nil || pl.test {
		return pl
	}
	f := sp.file
	var fresh *parse.Decl
	n := following(pl)
	if at := p.behindValue(sp, pl, n); at != nil {
		return at
	}
	for ; n != nil && n.Kind == parse.SDecl; n = next(n) {
		for _, d := range n.Decls {
			if v, ok := number(d.Init); ok && v == 1 && isPlainInt(d) && (d.Type.Const || !changed(sp.fn, d.Name)) && genericName(d.Name) {
				fresh = d
			}
		}
	}
	if fresh == nil || n == nil || pl.after == nil || pl.after.Kind == parse.SDecl && !midway(pl.after) {
		return pl
	}
	for _, h := range p.habitsOf(f) {
		if h.stmt != n || h.fd != sp.key || h.form == formOther || !switches[h.opt] || h.value != fresh.Name || len(arms(f, n.Pos)) != len(arms(f, pl.at)) {
			continue
		}
		if h.form == formAssign || h.form == formCheck && h.check.result != "" {
			n = next(n)
		}
		a := p.anchorer(sp)
		if at, why := a.after(n, pl.check, false); why == "" {
			if at, why = a.settle(at); why == "" && !at.test {
				return at
			}
		}
	}
	return pl
}

// behindValue moves a block behind on = 1, which stands in front of the next
// option on the same descriptor, nil where nothing of the kind follows.
func (p *finder) behindValue(sp *spot, pl *place, n *parse.Stmt) *place {
	if n == nil || n.Kind != parse.SExpr || n.Expr.Bare().Kind != parse.XAssign || !firstOnLine(sp.file.Src, n.Pos) {
		return nil
	}
	x := n.Expr.Bare().X.Bare()
	for _, h := range p.habitsOf(sp.file) {
		if h.stmt != next(n) || h.fd != sp.key || h.form == formOther || !switches[h.opt] || x.Kind != parse.XIdent || h.value != x.Name {
			continue
		}
		a := p.anchorer(sp)
		at, why := a.after(n, pl.check, false)
		if why == "" {
			at, why = a.settle(at)
		}
		l, ok := visible(sp.fn, pl.list, pl.at, x.Name)
		if why == "" && !at.test && ok && at.at <= h.stmt.Pos && assignedOne(sp.fn, at.list, at.at, l) {
			return at
		}
	}
	return nil
}

// setBehind reports whether one of the next statements turns keepalive on for
// the descriptor already: no block is put in front of its twin.
func (p *finder) setBehind(sp *spot, pl *place) bool {
	n := following(pl)
	for i := 0; n != nil && i < maxSteps && !assigns(sp.file, n, sp.key); i++ {
		for _, h := range p.habitsOf(sp.file) {
			if h.opt == "SO_KEEPALIVE" && h.fd == sp.key && h.before == "" && (h.stmt == n || listMember(h.stmt) == n && h.stmt.Kind == parse.SExpr && n.Kind == parse.SExpr) {
				return true
			}
		}
		n = next(n)
	}
	return false
}
