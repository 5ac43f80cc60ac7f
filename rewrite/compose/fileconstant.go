package compose

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
)

// fileValue is the variable outside functions that holds 1 and that the file's
// options take: its own constant, or a global that a header declares. The model
// counts first; one that has a local of its own says that the file has no such habit.
func (p *Composer) fileValue(t *Target, m *exemplar.OptionCall) (*Value, bool) {
	f := t.Spot.File
	for _, h := range append([]*exemplar.OptionCall{m}, p.OptionCalls(f)...) {
		if h == nil || h.File != f || !exemplar.SwitchedOptions[h.Opt] || !ctree.IsName(h.Value) || exemplar.NamesOtherOption(h.Value) {
			continue
		}
		if _, local := ctree.Visible(h.Func, h.Stmt.Parent, h.Call.Pos, h.Value); local {
			if h == m {
				return nil, false
			}
			continue
		}
		if _, hidden := ctree.Visible(t.Spot.Func, t.Place.List, t.Place.Offset, h.Value); hidden {
			continue
		}
		if d := p.globalOne(f, h.Value); d != nil {
			return &Value{Name: h.Value, konst: d.Type.Const}, true
		}
	}
	return nil, false
}

// globalOne is the declaration of a variable at file scope that is 1 from the
// start and that nothing sets, nil where the program does not say so.
func (p *Composer) globalOne(f *parse.File, name string) *parse.Decl {
	var found *parse.Decl
	one := false
	for _, g := range p.FilesWith(name, f) {
		local := false
		for _, d := range g.DeclsNaming(name) {
			if d.Name != name || !ctree.IsPlainInt(d) || d.Typedef || d.Enum {
				continue
			}
			if d.Static && g != f {
				local = true // another variable of that name
				continue
			}
			if found == nil || g == f {
				found = d
			}
			if v, ok := ctree.Number(d.Init); ok && v == 1 {
				one = true
			} else if d.Init != nil {
				return nil
			}
		}
		if !local && setsGlobal(g, name) {
			return nil
		}
	}
	if !one {
		return nil
	}
	return found
}

// setsGlobal reports whether a function of a file may change a variable of file
// scope.
func setsGlobal(f *parse.File, name string) bool {
	for _, fn := range f.Funcs {
		if !ctree.Declares(fn, name) && ctree.Changed(fn, name) {
			return true
		}
	}
	return false
}

// taken reports whether a name means something where a function stands: in its
// file, or in a header of the program that the file includes.
func (p *Composer) taken(fn *parse.Func, name string) bool {
	return ctree.Taken(fn, name) || p.takenOutside(fn, name)
}

// takenOutside is taken for the names outside the function.
func (p *Composer) takenOutside(fn *parse.Func, name string) bool {
	found := ctree.TakenOutside(fn, name)
	if !found {
		p.Headers(fn.File, name, func(h *parse.File) bool {
			for _, d := range h.DeclsNaming(name) {
				found = found || d.Name == name && !(d.Type != nil && d.Type.Func)
			}
			for _, m := range h.Macros {
				found = found || m.Name == name
			}
			return !found
		})
	}
	return found
}
