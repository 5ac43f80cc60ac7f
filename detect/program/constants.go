package program

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// ConstDef is a definition of a constant: an object-like macro with its
// replacement, or an enumerator.
type ConstDef struct {
	Macro *parse.Macro
	Expr  *parse.Expr // nil for an enumerator without a value
	Host  *FuncInfo
}

// FileScope is a fresh view of the file that holds the definition.
func (c ConstDef) FileScope() *FuncInfo {
	return &FuncInfo{Func: c.Host.Func, File: c.Host.File}
}

// Constants returns the definitions that a name used in u can mean.
func (p *Program) Constants(u *File, name string) []ConstDef {
	if name == NullName {
		return nil
	}
	key := UseKey{u, name}
	return p.consts.Get(key, func() (out []ConstDef) {
		var cands []*File
		for _, c := range p.filesWithConstant(name) {
			c.Tables()
			if len(c.Macros[name]) > 0 || c.enumerator(name) != nil {
				cands = append(cands, c)
			}
		}
		for _, c := range Nearest(u, cands) {
			host := &FuncInfo{Func: &parse.Func{File: c.Tree(), Name: name}, File: c}
			for _, m := range c.Macros[name] {
				if x := m.Expr(); x != nil {
					out = append(out, ConstDef{m, x, host})
				}
			}
			if d := c.enumerator(name); d != nil {
				out = append(out, ConstDef{nil, d.Init, host})
			}
		}
		return out
	})
}

// OwnName reports whether a name that looks like one of the platform's constants is the tree's
// own, which gives it to another: #define SOCK_QUERY SOCK_DGRAM. What stands for a number, and
// what is defined where nobody else has done so, may be the platform's, for systems that lack it.
func (p *Program) OwnName(u *File, name string) bool {
	if knowledge.Listed(name) {
		return false
	}
	return slices.ContainsFunc(p.Constants(u, name), func(c ConstDef) bool {
		if c.Macro != nil && c.Macro.IsDefault() {
			return false
		}
		x := c.Expr.Strip()
		return x != nil && x.Kind != parse.XNumber && !(x.Kind == parse.XIdent && x.Name == name)
	})
}

// SocketConstant returns the canonical name of a constant of the socket interface that stands by
// itself, or that a name of the tree's own is given to.
func (p *Program) SocketConstant(r Ref) (string, bool) {
	e := r.Expr.Strip()
	if e == nil || e.Kind != parse.XIdent || !p.OwnName(r.In.File, e.Name) {
		return value.SocketConstant(r.Expr)
	}
	if list := p.PlatformNames(r.In.File, e.Name); len(list) == 1 {
		return list[0], true
	}
	return "", false
}

// PlatformNames returns the platform's constants that a name used in u is given to, one for each
// definition; none where it is something else as well.
func (p *Program) PlatformNames(u *File, name string) []string {
	return p.platformNames(u, name, maxOwnNames)
}

func (p *Program) platformNames(u *File, name string, depth int) (out []string) {
	if knowledge.Listed(name) {
		c, _ := knowledge.Canonical(name)
		return []string{c}
	}
	if depth == 0 {
		return nil
	}
	for _, d := range p.Constants(u, name) {
		x := d.Expr.Strip()
		if x == nil || x.Kind != parse.XIdent {
			return nil
		}
		list := p.platformNames(d.Host.File, x.Name, depth-1)
		if len(list) == 0 {
			return nil
		}
		for _, c := range list {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// maxOwnNames is how many names may stand for one another.
const maxOwnNames = 4

// Args returns the arguments of a call, each with the place to evaluate it at. A
// macro can stand for several: #define V4_STREAM AF_INET, SOCK_STREAM. Those of
// syscall(SYS_name, ...) are those of name().
func (fi *FuncInfo) Args(call *parse.Expr) []Ref {
	out := make([]Ref, 0, len(call.Args))
	for _, a := range call.Args {
		if list := fi.listMacro(a); list != nil {
			out = append(out, list...)
			continue
		}
		out = append(out, Ref{fi, a})
	}
	if Syscall(call) != "" {
		return out[1:]
	}
	return out
}

// Syscall returns the name of the function whose work a call of syscall() does; "" for
// other calls.
func Syscall(call *parse.Expr) string {
	if call.Callee() != "syscall" || len(call.Args) == 0 || call.Args[0].Kind != parse.XIdent {
		return ""
	}
	for _, prefix := range []string{"SYS_", "__NR_"} {
		if name, ok := strings.CutPrefix(call.Args[0].Name, prefix); ok {
			return name
		}
	}
	return ""
}

// listMacro returns what a macro without parameters that stands for several arguments
// is replaced by; nil for anything else.
func (fi *FuncInfo) listMacro(a *parse.Expr) (out []Ref) {
	if a.Kind != parse.XIdent || fi.Lookup(a.Name, a.Pos) != nil {
		return nil
	}
	list := fi.File.Prog.Constants(fi.File, a.Name)
	if len(list) == 0 || list[0].Macro == nil || list[0].Expr.Kind != parse.XComma {
		return nil
	}
	host := list[0].FileScope()
	host.Locals = fi.Locals
	for _, x := range list[0].Expr.Args {
		out = append(out, Ref{host, x})
	}
	return out
}

// ExprMacro is a function-like macro that computes something: BIT(n).
type ExprMacro struct {
	Host *FuncInfo // knows the parameters
	Expr *parse.Expr
}

// ExprMacro returns the only function-like macro that a name used in u can mean,
// where it is an expression.
func (p *Program) ExprMacro(u *File, name string) (f ExprMacro, ok bool) {
	f = p.exprMacros.Get(UseKey{u, name}, func() (f ExprMacro) {
		if knowledge.External.Has(name) {
			return f
		}
		n := 0
		for _, c := range Nearest(u, p.FilesWithMacro(name)) {
			c.Tables()
			for _, m := range c.Macros[name] {
				if n++; !m.FnLike {
					return ExprMacro{}
				}
				fn := &parse.Func{File: c.Tree(), Name: name, NamePos: m.Off, Macro: m}
				f.Host = &FuncInfo{Func: fn, File: c}
				for _, param := range m.Params {
					d := &parse.Decl{Name: param, Type: &parse.Type{}, Pos: m.Off, NamePos: m.Off}
					fn.Params = append(fn.Params, d)
					f.Host.Locals = append(f.Host.Locals, LocalDecl{d.Name, d, nil})
				}
				f.Expr = m.Formula()
			}
		}
		if n != 1 {
			return ExprMacro{}
		}
		return f
	})
	return f, f.Expr != nil
}

func (u *File) enumerator(name string) *parse.Decl {
	for _, d := range u.DeclsOf(name) {
		if d.Enum {
			return d
		}
	}
	return nil
}
