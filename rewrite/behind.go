package rewrite

import "github.com/keepatch/keepatch/parse"

// behindSibling moves a block behind the option that is set next on the same
// descriptor, where a variable is declared for that one among the statements:
//
//	const int yes = 1;
//	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
//
// In front of it the block would need a variable of its own.
func (p *project) behindSibling(sp *spot, pl *place) *place {
	if pl.braces != nil || pl.test {
		return pl
	}
	f := sp.file
	var fresh *parse.Decl
	n := following(pl)
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
		a := &anchorer{sp: sp, exits: &p.exits}
		if at, why := a.after(n, pl.check, false); why == "" {
			if at, why = a.settle(at); why == "" && !at.test {
				return at
			}
		}
	}
	return pl
}
