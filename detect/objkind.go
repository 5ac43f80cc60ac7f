package detect

import (
	"slices"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// Where descriptors of several kinds lie in one member, a member beside it often
// tells the kind:
//
//	l->fd = fd; l->kind = K_LOCAL;           where it is laid down
//	case K_LOCAL: c = accept(l->fd, 0, 0);   where it is taken out
//
// What the branches say of an object where its descriptor is taken out has to fit
// what is known of it where the descriptor was laid down.

// maxKindCallers is how many callers of one function are asked what they know of
// an object.
const maxKindCallers = 8

// claims are what is known of the members of an object, by their paths below it.
type claims map[string]*fact

// alike drops the listeners that lie in objects of another kind than the one that
// is accepted from; nothing where none would be left.
func (a *analysis) alike(t *judged, sources []source) []source {
	ev := a.p.evaluator(t.sess)
	ev.symbolic = true
	return but(sources, func(s source) bool { return s.j.got != nil && s.j.put != nil && a.unlike(ev, s) })
}

// unlike reports whether a listener was laid into an object of another kind.
func (a *analysis) unlike(ev *evaluator, s source) bool {
	got, at := s.j.got, s.j.put
	e := got.e.Strip()
	if e == nil || e.Kind != parse.XMember {
		return false
	}
	if !s.j.any && a.p.folder(ev.sess).otherTable(s.from.flow.puts[got.from], at, got.fi.fn) {
		return true
	}
	read := a.p.claimsAt(got.fi, e.X, e, 0)
	if len(read) == 0 {
		return false
	}
	fi := s.j.putIn
	if at.Kind == parse.XMember && !s.j.any {
		for below, f := range a.p.claimsAt(fi, at.X, at, 0) {
			if g := read[below]; g != nil && ev.contradicts(fi, f, g) {
				return true
			}
		}
	}
	for below, f := range read {
		ways, ruled := 0, 0
		for _, q := range s.from.flow.puts[got.from] {
			if q.e == at || s.j.any {
				ways++
				if ev.otherKind(q, below, f) {
					ruled++
				}
			}
		}
		if ways > 0 && ways == ruled {
			return true
		}
	}
	return false
}

// claimsAt returns what branches say of the object x where e is evaluated, in this
// function and in all that call it.
func (p *program) claimsAt(fi *funcInfo, x, e *parse.Expr, depth int) claims {
	x = pointee(x)
	base, n := pathOf(x), fi.nodeOf(e)
	if base == "" || n == nil || !fi.oneElement(base) {
		return nil
	}
	out := claims{}
	for _, asked := range fi.askedBelow(base) {
		path, _, _ := strings.Cut(asked, "&")
		if f := fi.flowFacts(n, path, asked); !f.top() {
			out[asked[len(base)+1:]] = f
		}
	}
	d := fi.lookup(rootOf(base), e.Pos)
	if x.Kind != parse.XIdent || d == nil || depth > 1 {
		return out
	}
	i := fi.isParam(d)
	calls := p.callers(fi.fn)
	if i < 0 || fi.fn.Macro != nil || len(calls) == 0 || len(calls) > maxKindCallers || len(p.mentions(fi.fn)) > 0 || len(fi.definers()[base]) > 0 && fi.reassigned(d) {
		return out
	}
	var above claims
	for k, c := range calls {
		if i >= len(c.e.Args) {
			return out
		}
		own := p.claimsAt(c.fi, c.e.Args[i], c.e, depth+1)
		if k == 0 {
			above = own
			continue
		}
		for below, f := range above {
			if g := own[below]; g == nil || either(f, g).top() {
				delete(above, below)
			} else {
				above[below] = either(f, g)
			}
		}
	}
	for below, f := range above {
		if out[below] == nil {
			out[below] = f
		}
	}
	return out
}

// reassigned reports whether a parameter is given another value.
func (fi *funcInfo) reassigned(d *parse.Decl) bool {
	for u := range fi.named(d.Name) {
		if up := u.Up; up != nil && fi.lookup(d.Name, u.Pos) == d && (up.Kind == parse.XAssign && up.X == u || up.Kind == parse.XPostfix || up.Kind == parse.XUnary && up.Op != parse.Mul && up.Op != parse.Not) {
			return true
		}
	}
	return false
}

// oneElement reports whether a path means one object wherever the function spells
// it: it goes through no array, or always with the same index.
func (fi *funcInfo) oneElement(path string) bool {
	if !strings.Contains(path, "[]") {
		return true
	}
	index := ""
	for u := range fi.named(rootOf(path)) {
		for x := u; x.Up != nil && x.Up.Kind != parse.XCall; x = x.Up {
			if x.Up.Kind == parse.XIndex && x.Up.X == x {
				if x.Up.Y == nil {
					return false
				}
				s := fi.src(x.Up.Y)
				if index != "" && s != index {
					return false
				}
				index = s
			}
		}
	}
	return true
}

// askedBelow lists what the conditions of the function ask for of the object base.
func (fi *funcInfo) askedBelow(base string) (out []string) {
	var all []string
	for _, n := range fi.graph().nodes {
		if len(n.succ) > 1 && n.succ[0].cond != nil {
			all = asksFor(all, n.succ[0].cond)
		}
	}
	for _, asked := range all {
		if strings.HasPrefix(asked, base+".") && len(out) < maxGiven {
			out = append(out, asked)
		}
	}
	return out
}

// otherKind reports whether what the function stores in the member below, beside
// the descriptor, is never what f says.
func (ev *evaluator) otherKind(q put, below string, f *fact) bool {
	member, bit, masked := strings.Cut(below, "&")
	var stored []*parse.Expr
	if q.e.Kind == parse.XMember {
		stored = q.fi.storedBeside(q.e, member)
	} else if row := q.e.Up; row != nil && row.Kind == parse.XDesig && row.Up != nil {
		for _, a := range row.Up.Args {
			if a.Kind == parse.XDesig && a.Name == member {
				stored = append(stored, a.X)
			}
		}
	}
	for _, x := range stored {
		var can []string
		var known bool
		if masked {
			can, known = ev.bitOf(q, x, bit)
		} else {
			can, known = ev.kindsStored(q, x)
		}
		if !known || slices.ContainsFunc(can, func(v string) bool { return !ev.contradicts(q.fi, &fact{allowed: names{v}}, f) }) {
			return false
		}
	}
	return len(stored) > 0
}

// kindsStored returns what a value stored beside the descriptor can be.
func (ev *evaluator) kindsStored(q put, x *parse.Expr) (list []string, known bool) {
	if s := x.Strip(); s != nil && s.Kind == parse.XIdent && (s.Name == "true" || s.Name == "false") {
		return []string{s.Name}, !operates(x)
	}
	v := ev.eval(q.fi, x, q.in)
	return v.set, v.unknown == "" && len(v.set) > 0 && !operates(x)
}

// operates reports whether a value is stored by an operator such as |=.
func operates(x *parse.Expr) bool { return x.Up.Kind == parse.XAssign && x.Up.Op != parse.Assign }

// bitOf returns what a bit of a stored value can be, "0" or "1": by the numbers
// that the value can be, else by whether the bit is named in it.
func (ev *evaluator) bitOf(q put, x *parse.Expr, bit string) (list []string, known bool) {
	if list, known = ev.bitByNumber(q, x, bit); known {
		return list, true
	}
	if mentionsName(x, bit) {
		return []string{"1"}, true
	}
	return []string{"0"}, !operates(x)
}

func (ev *evaluator) bitByNumber(q put, x *parse.Expr, bit string) (out []string, known bool) {
	if operates(x) {
		return nil, false
	}
	mask := ev.numberOf(q.fi, bit)
	v := ev.p.folder(ev.sess).fold(q.fi, x, q.in)
	if len(mask.set) != 1 || mask.open || v.open || v.loop || len(v.set) == 0 {
		return nil, false
	}
	for _, n := range v.set {
		out = append(out, strconv.FormatInt(asInt(n&mask.set[0] != 0), 10))
	}
	return out, true
}

// storedBeside returns what is stored in another member of the object that e is a
// member of, on a way that the store to e is on as well.
func (fi *funcInfo) storedBeside(e *parse.Expr, member string) (out []*parse.Expr) {
	path := pathOf(e.X) + "." + member
	for m := range fi.named(member[strings.LastIndexByte(member, '.')+1:]) {
		if m.Kind != parse.XMember || m.Up == nil || m.Up.Kind != parse.XAssign || m.Up.X != m || pathOf(m) != path {
			continue
		}
		if at := m.Up; fi.nodeOf(at) == fi.nodeOf(e) || fi.comesAfter(at, e) || fi.comesAfter(e, at) {
			out = append(out, at.Y)
		}
	}
	return out
}

// mentionsName reports whether a name occurs in an expression.
func mentionsName(e *parse.Expr, name string) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		found = found || x.Kind == parse.XIdent && constName(x) == name
		return !found
	})
	return found
}
