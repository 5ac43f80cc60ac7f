package compose

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
)

// fileValue is the variable outside functions that holds 1 and that the options
// of the file take, else those of other files that see it by the same header. The
// model counts first; one that has a local of its own shows another habit.
func (p *Composer) fileValue(t *Target, m *exemplar.OptionCall) (*Value, bool) {
	f := t.Spot.File
	calls := append([]*exemplar.OptionCall{m}, p.OptionCalls(f)...)
	if m == nil || m.File != f {
		for _, g := range p.Others(f) {
			calls = append(calls, p.OptionCalls(g)...)
		}
	}
	asked := map[string]bool{}
	for _, h := range calls {
		if h == nil || !exemplar.SwitchedOptions[h.Opt] || !ctree.IsName(h.Value) || exemplar.NamesOtherOption(h.Value) {
			continue
		}
		if _, local := ctree.Visible(h.Func, h.Stmt.Parent, h.Call.Pos, h.Value); local {
			if h == m && h.File == f {
				return nil, false
			}
			continue
		}
		if _, hidden := ctree.Visible(t.Spot.Func, t.Place.List, t.Place.Offset, h.Value); hidden || asked[h.Value] {
			continue
		}
		asked[h.Value] = true
		if d := p.globalOne(f, h.Value); d != nil && p.declares(f, h.Value, t.Place.Offset) {
			return &Value{Name: h.Value, konst: d.Type.Const}, true
		}
	}
	return nil, false
}

// declares reports whether a file, above an offset, or a header that it includes
// declares a variable.
func (p *Composer) declares(f *parse.File, name string, off int) bool {
	found := false
	for _, d := range f.DeclsNaming(name) {
		found = found || d.Name == name && d.NamePos < off
	}
	if !found {
		p.Headers(f, name, func(h *parse.File) bool {
			for _, d := range h.DeclsNaming(name) {
				found = found || d.Name == name && !d.Typedef && !d.Enum
			}
			return !found
		})
	}
	return found
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
