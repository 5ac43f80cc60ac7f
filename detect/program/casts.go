package program

import (
	"github.com/keepatch/keepatch/parse"
)

// castKey is a pair of structs.
type castKey struct{ a, b string }

// Twins returns the structs, by their keys, that have a member of that name at the same place as the
// struct owner, after members of the same types, and that the tree takes for it or it for them by a
// cast: struct listener { int fd; int backlog; } where a function wants a struct conn { int fd; }.
// Those are looked for whose members the file home uses.
func (p *Program) Twins(owner, name string, home *File) (out []string) {
	s := p.StructAt(owner)
	if s == nil {
		return nil
	}
	asked := map[string]bool{owner: true}
	for _, m := range p.MembersIn(home, name) {
		if asked[m.Owner] {
			continue
		}
		asked[m.Owner] = true
		if t := p.StructAt(m.Owner); t != nil && samePlace(s, t, name) && p.casts(owner, m.Owner) {
			out = append(out, m.Owner)
		}
	}
	return out
}

// samePlace reports whether two structs begin alike up to a member.
func samePlace(s, t *parse.Struct, name string) bool {
	for i, d := range s.Fields {
		if i >= len(t.Fields) || s.Union || t.Union {
			return false
		}
		q := t.Fields[i]
		if d.Type.Base != q.Type.Base || d.Type.Ptr != q.Type.Ptr || d.Type.Array || q.Type.Array {
			return false
		}
		if d.Name == name || q.Name == name {
			return d.Name == q.Name
		}
	}
	return false
}

// casts reports whether the tree casts pointers to one of two structs to the other.
func (p *Program) casts(a, b string) bool {
	if b < a {
		a, b = b, a
	}
	return p.castPairs.Get(castKey{a, b}, func() bool { return p.castsTo(b, a) || p.castsTo(a, b) })
}

func (p *Program) castsTo(to, from string) (found bool) {
	for _, w := range p.NamesOf(to) {
		for _, u := range p.FilesNaming(w) {
			funcs, _ := u.FuncsUsing(w, castUse)
			for _, fi := range funcs {
				fi.Func.Body().Walk(func(s *parse.Stmt) bool {
					s.Exprs(func(top *parse.Expr) {
						top.Walk(func(e *parse.Expr) bool {
							found = found || e.Kind == parse.XCast && fi.pointsTo(e, to) && fi.pointsTo(e.X, from)
							return !found
						})
					})
					return !found
				})
				if found {
					return true
				}
			}
		}
	}
	return false
}

// pointsTo reports whether an expression is a pointer to the struct with a key.
func (fi *FuncInfo) pointsTo(e *parse.Expr, key string) bool {
	base, ptr := fi.TypeOf(e)
	return ptr == 1 && base != "" && !IsBuiltin(base) && fi.File.Prog.StructKey(fi.File, base) == key
}
