package rewrite

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/templates"
)

// visible holds that each name of the block means at its place what it means
// where it was taken from, in every #if selection that compiles the place: a
// variable is declared there, a macro is defined above, a function is declared
// above. What the file never defines comes from a header, and is not asked for
// here.
func (t *target) visible(b *templates.Block, v *value) *breach {
	ownVar := func(p *plain) bool { return dropped(&p.ownVar) }
	if v.edit != nil && !covers(guardsAt(t.sp.file, t.pl.at), []guardSet{guardsAt(t.sp.file, v.edit.Start)}) {
		return &breach{"visible", v.name + " is declared under an #if that the block does not stand under", ownVar}
	}
	var refused *breach
	ask := func(text string, drop func(name string) func(*plain) bool) {
		for _, name := range words(text) {
			if refused != nil || name == v.name && (v.edit != nil || v.declare != "") {
				continue
			}
			if why := t.hidden(name); why != "" {
				refused = &breach{"visible", name + " " + why, drop(name)}
			}
		}
	}
	ask(b.Set+" "+b.Assign, func(name string) func(*plain) bool {
		if name == v.name {
			return ownVar
		}
		return func(p *plain) bool { return dropped(&p.noCast) }
	})
	for _, s := range append(append([]string{b.Failed}, b.Report...), b.Leave...) {
		ask(s, func(string) func(*plain) bool {
			first := words(s)
			return func(p *plain) bool {
				if len(first) > 0 && p.silence(first[0]) {
					return true
				}
				return dropped(&p.stays)
			}
		})
	}
	ask(b.Test, func(string) func(*plain) bool { return nil })
	return refused
}

// hidden says why a name of the block means nothing at its place, "" where it
// does or where the file cannot tell.
func (t *target) hidden(name string) string {
	f, fn, at := t.sp.file, t.sp.fn, t.pl.at
	here := guardsAt(f, at)
	if places, inner := localPlaces(fn, at, name); len(places) > 0 {
		if !covers(here, places) {
			return "is declared under an #if that the block does not stand under"
		}
		return ""
	} else if inner && !definedAnywhere(f, name) {
		return "is declared in another block"
	}
	var above, below []guardSet
	def := func(off int) {
		if off < at {
			above = append(above, guardsAt(f, off).without(name))
		} else {
			below = append(below, nil)
		}
	}
	for _, m := range f.Macros {
		if m.Name == name {
			def(m.Off)
		}
	}
	for _, d := range f.DeclsNaming(name) {
		if d.Name == name {
			def(d.NamePos)
		}
	}
	for _, g := range f.Funcs {
		if g.Name == name && g.Macro == nil {
			def(g.NamePos)
		}
	}
	if len(above)+len(below) == 0 || covers(here, above) || t.usedAbove(name, here) {
		return ""
	}
	if len(above) == 0 {
		return "is defined further down"
	}
	return "is defined under an #if that the block does not stand under"
}

// definedAnywhere reports whether a file gives a name a meaning outside its
// functions.
func definedAnywhere(f *parse.File, name string) bool {
	for _, m := range f.Macros {
		if m.Name == name {
			return true
		}
	}
	for _, g := range f.Funcs {
		if g.Name == name {
			return true
		}
	}
	return len(f.DeclsNaming(name)) > 0
}

// localPlaces are the conditions under which a function declares a name that is
// in scope at an offset, in all its selections of #if branches. inner is set when
// it declares the name anywhere.
func localPlaces(fn *parse.Func, at int, name string) (places []guardSet, inner bool) {
	seen := map[int]bool{}
	for _, g := range fn.File.Funcs {
		if g.NamePos != fn.NamePos || g.Macro != nil {
			continue
		}
		for _, l := range locals(g) {
			if l.decl.Name != name || seen[l.decl.NamePos] {
				continue
			}
			inner = true
			if l.stmt != nil && (l.decl.NamePos >= at || l.block.Pos > at || l.block.End <= at) {
				continue
			}
			seen[l.decl.NamePos] = true
			places = append(places, guardsAt(fn.File, l.decl.NamePos))
		}
	}
	return places, inner
}

// usedAbove reports whether other code above the block uses the name under no
// more conditions than the block: what compiles there compiles here.
func (t *target) usedAbove(name string, here guardSet) bool {
	f := t.sp.file
	for _, i := range f.Idents(name) {
		off := int(f.Toks[i].Off)
		if off >= t.pl.at {
			continue
		}
		if fns := f.FuncsAt(off); len(fns) == 0 || fns[0].Macro != nil || declares(fns[0], name) {
			continue
		}
		if covers(here, []guardSet{guardsAt(f, off)}) {
			return true
		}
	}
	return false
}

// breach is an obligation that a block does not meet: which one, why, and what
// the block can do without to meet it. drop reports whether that was anything
// new; nil means that no other form of the block can help.
type breach struct {
	obligation string // "visible", "way out" ...
	why        string
	drop       func(*plain) bool
}

func (b *breach) String() string {
	if b == nil {
		return ""
	}
	return b.obligation + ": " + b.why
}
