package detect

import "github.com/keepatch/keepatch/parse"

// Use is a direct call of a function of the tree.
type Use struct {
	Func *parse.Func // that makes the call
	Call *parse.Expr
}

// Taker is a call that gets the descriptor which a wrapper returns at once,
// and what is known to happen to it on that way.
type Taker struct {
	Use
	Connects, Listens bool
}

// Calls returns the direct calls of a function, each once however many
// selections of #if branches show it. sealed tells that its name occurs in no
// other way: nothing calls it through a pointer.
func (x *Index) Calls(fn *parse.Func) (uses []Use, sealed bool) {
	if x.p.unitOf(fn) == nil {
		return nil, false
	}
	for _, c := range x.p.distinctCallers(fn) {
		uses = append(uses, Use{c.fi.fn, c.e})
	}
	return uses, len(x.p.mentions(fn)) == 0
}

// distinctCallers are the callers without those that other selections of #if
// branches show again, and without those that nobody compiles.
func (p *program) distinctCallers(fn *parse.Func) []ref {
	type key struct {
		u   *unit
		off int
	}
	seen := map[key]bool{}
	var out []ref
	for _, c := range p.callers(fn) {
		k := key{c.fi.unit, c.e.NamePos}
		if !seen[k] && !c.fi.unit.tree().Dead(c.e.NamePos) {
			seen[k] = true
			out = append(out, c)
		}
	}
	return out
}

// takers lists who gets the descriptor of a call that is returned at once;
// sealed is false where a pointer to the function may have others.
func (a *analysis) takers(j *judged) (out []Taker, sealed bool) {
	top := j.c.call
	for top.Up != nil && (top.Up.Kind == parse.XParen || top.Up.Kind == parse.XCast) {
		top = top.Up
	}
	fn := j.c.fi.fn
	if top.Up != nil || top.In == nil || top.In.Kind != parse.SReturn || fn.Macro != nil {
		return nil, false
	}
	for _, c := range a.p.distinctCallers(fn) {
		t := Taker{Use: Use{c.fi.fn, c.e}}
		for _, h := range j.flow.happens {
			if h.j.exits == nil || h.j.exits.calls[0].e.NamePos != c.e.NamePos || h.j.exits.calls[0].fi.unit != c.fi.unit {
				continue
			}
			t.Connects = t.Connects || h.what == evConnect
			t.Listens = t.Listens || h.what == evListen
		}
		out = append(out, t)
	}
	return out, len(a.p.mentions(fn)) == 0
}
