package optval

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
)

// fileValue is the variable outside functions that holds 1 and that the options
// of the file take, else those of other files that see it by the same header. The
// model counts first; one that has a local of its own shows another habit.
func (p *Chooser) fileValue(t *Request, m *exemplar.OptionCall) (*Value, bool) {
	f := t.Spot.File
	var names []string
	if name, local := outerValue(m); local && m.File == f {
		return nil, false
	} else if name != "" && !local {
		names = append(names, name)
	}
	names = append(names, p.outerValues(f)...)
	if m == nil || m.File != f {
		for _, g := range p.Others(f) {
			names = append(names, p.outerValues(g)...)
		}
	}
	for _, name := range names {
		if _, hidden := ctree.Visible(t.Spot.Func, t.Place.List, t.Place.Offset, name); hidden {
			continue
		}
		if d := p.globalOne(f, name); d != nil && p.declares(f, name, t.Place.Offset) {
			return &Value{Name: name, Const: d.Type.Const}, true
		}
	}
	return nil, false
}

// fileLiteral is the compound literal that all options of a file that are switched on take
// instead of a variable, nil without one.
func (p *Chooser) fileLiteral(f *parse.File, m *exemplar.OptionCall) *Value {
	var found *Value
	if m != nil && m.File != f && !slices.ContainsFunc(p.OptionCalls(f), func(h *exemplar.OptionCall) bool {
		return knowledge.SwitchedOptions[h.Opt]
	}) {
		f = m.File // it has no habit of its own
	}
	for _, h := range p.OptionCalls(f) {
		if !knowledge.SwitchedOptions[h.Opt] || h.Through != nil || len(h.Call.Args) < 5 {
			continue
		}
		c := h.Call.Args[3].Strip()
		if c == nil || c.Kind != parse.XUnary || c.X.Strip() == nil || c.X.Strip().Kind != parse.XCompound {
			return nil
		}
		value := ctree.OneLine(parse.ExprText(f, h.Call.Args[3]))
		size := ctree.OneLine(parse.ExprText(f, h.Call.Args[4]))
		if !literalOne.MatchString(value) || !strings.Contains(size, "int") {
			return nil
		}
		if found == nil {
			found = &Value{Literal: value, Size: size}
		}
	}
	return found
}

// literalOne matches the address of an int that is 1.
var literalOne = text.NewPattern(`&\s*\(\s*(?:const\s+)?int\s*\)\s*\{\s*1\s*\}\s*$`)

// outerValue is the variable that an option call takes, if it may hold 1; local
// where it is one of its function's own.
func outerValue(h *exemplar.OptionCall) (name string, local bool) {
	if h == nil || !knowledge.SwitchedOptions[h.Opt] || !ctree.IsName(h.Value) || exemplar.NamesOtherOption(h.Value) {
		return "", false
	}
	_, local = ctree.Visible(h.Func, h.Stmt.Parent, h.Call.Pos, h.Value)
	return h.Value, local
}

// outerValues are the variables outside functions that the option calls of a file
// take.
func (p *Chooser) outerValues(f *parse.File) []string {
	return p.values.Get(f, func() (names []string) {
		for _, h := range p.OptionCalls(f) {
			if name, local := outerValue(h); name != "" && !local && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		return names
	})
}

// declares reports whether a file, above an offset, or a header that it includes
// declares a variable.
func (p *Chooser) declares(f *parse.File, name string, off int) bool {
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
func (p *Chooser) globalOne(f *parse.File, name string) *parse.Decl {
	return p.globals.Get(nameIn{f, name}, func() *parse.Decl { return p.findGlobalOne(f, name) })
}

func (p *Chooser) findGlobalOne(f *parse.File, name string) *parse.Decl {
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
func (p *Chooser) taken(fn *parse.Func, name string) bool {
	return ctree.Taken(fn, name) || p.takenOutside(fn, name)
}

// takenOutside is taken for the names outside the function.
func (p *Chooser) takenOutside(fn *parse.Func, name string) bool {
	return p.takenNames.Get(nameIn{fn.File, name}, func() bool { return p.findTaken(fn, name) })
}

func (p *Chooser) findTaken(fn *parse.Func, name string) bool {
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

// nameIn is a name outside of the functions of a file.
type nameIn struct {
	file *parse.File
	name string
}
