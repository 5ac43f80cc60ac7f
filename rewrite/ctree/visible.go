package ctree

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// UsesGlobal reports whether a function of a file uses a name that is none of its own locals, parameters
// or members: a parameter may be called errno, too.
func UsesGlobal(f *parse.File, name string) bool {
	for _, i := range f.Idents(name) {
		if i > 0 && (f.Toks[i-1].Op == token.Dot || f.Toks[i-1].Op == token.Arrow) {
			continue
		}
		if fns := f.FuncsAt(int(f.Toks[i].Off)); len(fns) > 0 && !Declares(fns[0], name) {
			return true
		}
	}
	return false
}

// StaticAtTop reports whether a file, no header, has a static variable or function of a name.
func StaticAtTop(f *parse.File, name string) bool {
	return !strings.HasSuffix(f.Path, ".h") && (slices.ContainsFunc(f.DeclsNaming(name), func(d *parse.Decl) bool { return d.Name == name && d.Static }) ||
		slices.ContainsFunc(f.FuncsNamed(name), func(fn *parse.Func) bool { return fn.Static }))
}

// DefinesAtTop reports whether a file gives a name a meaning outside of its functions.
func DefinesAtTop(f *parse.File, name string) bool {
	return len(f.FuncsNamed(name)) > 0 ||
		slices.ContainsFunc(f.DeclsNaming(name), func(d *parse.Decl) bool { return d.Name == name }) ||
		slices.ContainsFunc(f.Macros, func(m *parse.Macro) bool { return m.Name == name })
}

// OfHeader reports whether a header of the program that a file includes has a name.
func (p *Program) OfHeader(f *parse.File, name string) (found bool) {
	p.Headers(f, name, func(*parse.File) bool {
		found = true
		return false
	})
	return found
}
