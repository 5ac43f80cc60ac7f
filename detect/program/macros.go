package program

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// Alias returns the name that an object-like macro gives a call: after
// #define SOCKET_CONNECT connect it is connect.
func (p *Program) Alias(u *File, name string) string {
	// What bears a library's name does that function's work, whatever a
	// replacement header makes of it: #define dup2 rpl_dup2.
	if _, known := knowledge.FDUses.Lookup(name); known || knowledge.External.Has(name) || name == "" {
		return name
	}
	for _, c := range p.Constants(u, name) {
		if c.Macro == nil || c.Expr == nil || c.Expr.Kind != parse.XIdent {
			continue
		}
		if _, ok := knowledge.FDUses.Lookup(c.Expr.Name); ok || len(p.FuncsNamed(u, c.Expr.Name)) > 0 {
			return c.Expr.Name
		}
	}
	return name
}

// NeverUsed reports whether a function is a macro of a C file that only code which is
// never compiled uses. What nothing uses at all may have users in other selections.
func (p *Program) NeverUsed(fn *parse.Func) bool {
	if fn.Macro == nil || !strings.HasSuffix(fn.File.Path, ".c") {
		return false
	}
	dead := false
	for _, u := range p.FilesNaming(fn.Name) {
		f := u.Tree()
		for _, i := range f.Idents(fn.Name) {
			if !f.Dead(int(f.Toks[i].Off)) {
				return false
			}
			dead = true
		}
		for _, m := range f.Macros {
			if m.Name != fn.Name && slices.ContainsFunc(m.Body, func(t token.Token) bool { return f.Spells(t, fn.Name) }) {
				return false
			}
		}
	}
	return dead
}

// MacroNamed reports whether the tree has a function-like macro of that name.
func (p *Program) MacroNamed(name string) bool {
	for _, u := range p.FilesWithMacro(name) {
		u.Tables()
		for _, m := range u.Macros[name] {
			if m.FnLike {
				return true
			}
		}
	}
	return false
}

// Converts reports whether the value of a macro is made of what it is given, out of
// which that may be had again: ((n) << 1 | TAG). One that compares only asks.
func (p *Program) Converts(u *File, call *parse.Expr) bool {
	if call.Up == nil && call.In != nil && call.In.Kind == parse.SExpr {
		return false
	}
	for _, c := range Nearest(u, p.FilesWithMacro(call.Callee())) {
		c.Tables()
		for _, m := range c.Macros[call.Callee()] {
			if !m.Compares() {
				return true
			}
		}
	}
	return false
}

// MayAssign reports whether a call is the use of a macro that can change what it
// is given, as SET(x, 1) does.
func (p *Program) MayAssign(u *File, name string) bool {
	if name == "" || knowledge.External.Has(name) {
		return false
	}
	units := p.FilesWithMacro(name)
	if len(units) == 0 {
		return name == strings.ToUpper(name) && len(p.FuncsNamed(u, name)) == 0
	}
	for _, c := range units {
		c.Tables()
		for _, m := range c.Macros[name] {
			if m.Changes() {
				return true
			}
		}
	}
	return false
}

// MayPaste reports whether a macro of the file puts names together of which this
// can be one: what is done to them is not seen.
func (u *File) MayPaste(name string) bool {
	u.Tables()
	for _, list := range u.Macros {
		for _, m := range list {
			if m.Pastes(name) {
				return true
			}
		}
	}
	return false
}

// NamedOutsideFuncs reports whether a name stands outside of functions otherwise than
// being declared there, or being a member in a braced initializer.
func (u *File) NamedOutsideFuncs(name string) bool {
	t := u.Tree()
	declared := map[int]bool{}
	var declare func(list []*parse.Decl)
	declare = func(list []*parse.Decl) {
		for _, d := range list {
			if d.Name == name {
				declared[d.NamePos] = true
			}
			if d.Type != nil && d.Type.Def != nil {
				declare(d.Type.Def.Fields)
			}
		}
	}
	declare(t.DeclsNaming(name))
	for _, i := range t.Idents(name) {
		at := int(t.Toks[i].Off)
		if !declared[at] && len(t.FuncsAt(at)) == 0 && !t.DeclaresAt(int(i)) {
			return true
		}
	}
	return false
}
