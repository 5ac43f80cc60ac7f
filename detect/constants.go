package detect

import (
	"github.com/keepatch/keepatch/parse"
)

// macro evaluates an object-like macro or an enumerator of the tree.
func (ev *evaluator) macro(fi *funcInfo, e *parse.Expr, fr *frame) (values, bool) {
	defs := ev.p.constants(fi.unit, e.Name)
	var v values
	for _, c := range defs {
		switch {
		case c.macro == nil && c.x == nil:
			v.add(e.Name) // an enumerator without a value of its own
		case c.macro == nil:
			v.join(ev.eval(c.host, c.x, fr))
		case c.x.Kind == parse.XIdent && c.x.Name == e.Name:
			if k, ok := canonical(e.Name); ok {
				v.add(k)
			}
		case ev.symbolic && c.x.Kind == parse.XNumber:
			v.add(e.Name)
		default:
			ev.note(c.host, c.macro.Off, "#define %s %s", e.Name, c.x)
			host := c.host0()
			host.local = fi.local
			v.join(ev.eval(host, c.x, fr))
		}
	}
	return v, len(defs) > 0
}

// constDef is a definition of a constant: an object-like macro with its
// replacement, or an enumerator.
type constDef struct {
	macro *parse.Macro
	x     *parse.Expr // nil for an enumerator without a value
	host  *funcInfo
}

// host0 is a fresh view of the file that holds the definition.
func (c constDef) host0() *funcInfo {
	return &funcInfo{fn: c.host.fn, unit: c.host.unit}
}

// constants returns the definitions that a name used in u can mean.
func (p *program) constants(u *unit, name string) []constDef {
	if name == nullName {
		return nil
	}
	key := useKey{u, name}
	return p.consts.Get(key, func() (out []constDef) {
		var cands []*unit
		for _, c := range p.unitsNaming(name) {
			c.tables()
			if len(c.macros[name]) > 0 || c.enumerator(name) != nil {
				cands = append(cands, c)
			}
		}
		for _, c := range nearest(u, cands) {
			host := &funcInfo{fn: &parse.Func{File: c.tree(), Name: name}, unit: c}
			for _, m := range c.macros[name] {
				if x := m.Expr(); x != nil {
					out = append(out, constDef{m, x, host})
				}
			}
			if d := c.enumerator(name); d != nil {
				out = append(out, constDef{nil, d.Init, host})
			}
		}
		return out
	})
}

// formula is a function-like macro that computes something: BIT(n).
type formula struct {
	host *funcInfo // knows the parameters
	x    *parse.Expr
}

// formula returns the only function-like macro that a name used in u can mean,
// where it is an expression.
func (p *program) formula(u *unit, name string) (f formula, ok bool) {
	f = p.formulas.Get(useKey{u, name}, func() (f formula) {
		if external[name] {
			return f
		}
		n := 0
		for _, c := range nearest(u, p.unitsWithMacro(name)) {
			c.tables()
			for _, m := range c.macros[name] {
				if n++; !m.FnLike {
					return formula{}
				}
				fn := &parse.Func{File: c.tree(), Name: name, NamePos: m.Off, Macro: m}
				f.host = &funcInfo{fn: fn, unit: c}
				for _, param := range m.Params {
					d := &parse.Decl{Name: param, Type: &parse.Type{}, Pos: m.Off, NamePos: m.Off}
					fn.Params = append(fn.Params, d)
					f.host.local = append(f.host.local, localDecl{d.Name, d, nil})
				}
				f.x = m.Formula()
			}
		}
		if n != 1 {
			return formula{}
		}
		return f
	})
	return f, f.x != nil
}

func (u *unit) enumerator(name string) *parse.Decl {
	for _, d := range u.declsOf(name) {
		if d.Enum {
			return d
		}
	}
	return nil
}
