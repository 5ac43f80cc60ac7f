package ctree

import (
	"slices"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// Borrowed are the names that the macros of a text take from the function that they stand in: the
// replacement names conn, nothing outside of the functions is called that, and a function that uses
// the macro has a variable or a parameter of the name. Without it the macro means nothing, or
// something else.
func (p *Program) Borrowed(f *parse.File, content string) (names []string) {
	for _, root := range Identifiers(content) {
		for _, name := range p.replacementNames(f, root) {
			if !slices.Contains(names, name) && p.declaredByUser(f, root, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// replacementNames are the names in a macro's replacement, and in those of the macros that it
// uses, that stand for nothing there or at the top of the files.
func (p *Program) replacementNames(f *parse.File, root string) (names []string) {
	seen := map[string]bool{root: true}
	for queue := []string{root}; len(queue) > 0; queue = queue[1:] {
		m := p.macro(f, queue[0])
		if m == nil {
			continue
		}
		body := p.MacroFunc(f, m.Name)
		for i, k := range m.Body {
			name := m.File.Text(k)
			if k.Kind != token.Ident || seen[name] || slices.Contains(m.Params, name) ||
				i > 0 && (m.Body[i-1].Op == token.Dot || m.Body[i-1].Op == token.Arrow) {
				continue
			}
			seen[name] = true
			queue = append(queue, name)
			if (body == nil || !Declares(body, name)) && !atTop(m.File, name) && !p.atTop(f, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// macro is what a name means as a macro in a file, one of its own or of its headers.
func (p *Program) macro(f *parse.File, name string) (found *parse.Macro) {
	named := func(g *parse.File) bool {
		for _, m := range g.Macros {
			if m.Name == name {
				found = m
			}
		}
		return found == nil
	}
	if named(f) {
		p.Headers(f, name, named)
	}
	if found == nil {
		return p.FnMacro(f, name)
	}
	return found
}

// declaredByUser reports whether a function of the program that uses a macro declares a name.
func (p *Program) declaredByUser(f *parse.File, macro, name string) bool {
	for _, g := range p.FilesWith(macro, f) {
		for _, i := range g.Idents(macro) {
			if fns := g.FuncsAt(int(g.Toks[i].Off)); len(fns) > 0 && fns[0].Macro == nil && Declares(fns[0], name) {
				return true
			}
		}
	}
	return false
}

// atTop reports whether a file or one of its headers gives a name a meaning outside of functions.
func (p *Program) atTop(f *parse.File, name string) bool {
	found := atTop(f, name)
	if !found {
		p.Headers(f, name, func(h *parse.File) bool {
			found = atTop(h, name)
			return !found
		})
	}
	return found
}

func atTop(f *parse.File, name string) bool {
	return len(f.FuncsNamed(name)) > 0 ||
		slices.ContainsFunc(f.DeclsNaming(name), func(d *parse.Decl) bool { return d.Name == name }) ||
		slices.ContainsFunc(f.Macros, func(m *parse.Macro) bool { return m.Name == name })
}
