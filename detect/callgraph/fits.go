package callgraph

import (
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// canEnter reports whether a call through a pointer can enter a function whose address lies
// there: it passes as much as the function takes, and of structs the right ones.
// A table of anything, from which each user casts what it knows to be there, leads to all
// functions otherwise.
func canEnter(p *program.Program, c program.Ref, fn *parse.Func) bool {
	u := p.FileOf(fn)
	for i, q := range fn.Params {
		if q.Name == "..." {
			return true
		}
		if i >= len(c.Expr.Args) {
			return false
		}
		base, ptr := c.In.TypeOf(c.Expr.Args[i])
		own, levels := p.DeclType(u, q)
		s, t := structOf(p, c.In.File, base), structOf(p, u, own)
		switch {
		case s == nil && t == nil || base == "" || own == "":
		case s == nil || t == nil: // a pointer to anything, or a number for one
			if ptr == 0 && s != nil && levels > 0 || levels == 0 && t != nil && ptr > 0 {
				return false
			}
		case (ptr > 0) != (levels > 0):
			return false
		case s != t && (s.Tag == "" || s.Tag != t.Tag) && !begins(p, s, t) && !begins(p, t, s):
			return false
		}
	}
	return len(fn.Params) == 0 || len(c.Expr.Args) == len(fn.Params) // old C says f() of any
}

func structOf(p *program.Program, u *program.File, base string) *parse.Struct {
	if base == "" || program.IsBuiltin(base) {
		return nil
	}
	return p.StructOf(u, base)
}

// begins reports whether a struct has another one at its beginning, as objects of a derived
// type have; a union has all its members there.
func begins(p *program.Program, outer, inner *parse.Struct) bool {
	for depth := 0; depth < 8 && outer != nil; depth++ {
		if outer == inner || outer.Tag != "" && outer.Tag == inner.Tag {
			return true
		}
		if outer.Union {
			return true
		}
		if len(outer.Fields) == 0 {
			return true
		}
		d := outer.Fields[0]
		u := p.FileAt(outer.File)
		base, ptr := p.DeclType(u, d)
		if ptr > 0 || base == "" {
			return false
		}
		if outer = structOf(p, u, base); outer == nil {
			return !program.IsBuiltin(base) // a macro may stand for the members
		}
	}
	return false
}
