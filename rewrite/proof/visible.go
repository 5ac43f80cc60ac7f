package proof

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/compose"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/optval"
	"github.com/keepatch/keepatch/templates"
)

// Visible holds that each name of the block means at its place what it means
// where it was taken from, in every #if selection that compiles the place: a
// variable is declared there, a macro is defined above, a function is declared
// above. What the file never defines comes from a header, and is not asked for
// here.
func Visible(t *compose.Target, b *templates.Block, v *optval.Value) *Breach {
	ownVar := func(p *compose.Plain) bool { return compose.Dropped(&p.OwnVar) }
	if v.Edit != nil && !ctree.Covers(ctree.GuardsAt(t.Spot.File, t.Place.Offset),
		[]ctree.GuardSet{ctree.GuardsAt(t.Spot.File, v.Edit.Start)}) {
		return &Breach{"visible", v.Name + " is declared under an #if that the block does not stand under", ownVar}
	}
	if v.Edit != nil && !inScope(t, v.Edit.Start) {
		return &Breach{"visible", v.Name + " is declared in another block", ownVar}
	}
	var refused *Breach
	ask := func(text string, drop func(name string) func(*compose.Plain) bool) {
		for _, name := range ctree.Identifiers(text) {
			if refused != nil || name == v.Name && (v.Edit != nil || v.Declare != "") {
				continue
			}
			if why := hidden(t, name); why != "" {
				refused = &Breach{"visible", name + " " + why, drop(name)}
			}
		}
		for _, name := range t.Composer.Borrowed(t.Spot.File, text) {
			if refused == nil && !localHere(t, name) {
				refused = &Breach{"visible", name + ", which a macro uses, is declared in other functions", drop(name)}
			}
		}
	}
	called := ctree.Identifiers(b.Set)
	for _, name := range ctree.Identifiers(b.Failed) {
		if !slices.Contains(called, name) && foreign(t, name) {
			return &Breach{"visible", name + " is of another platform's headers", func(p *compose.Plain) bool { return compose.Dropped(&p.OwnTest) }}
		}
	}
	ask(b.Set+" "+b.Assign, func(name string) func(*compose.Plain) bool {
		switch {
		case name == v.Name:
			return ownVar
		case name == b.Helper, len(called) > 0 && name == called[0]:
			return func(p *compose.Plain) bool { return compose.Dropped(&p.Direct) }
		}
		return func(p *compose.Plain) bool { return compose.Dropped(&p.NoCast) }
	})
	for _, s := range append(append([]string{b.Failed}, b.Report...), b.Leave...) {
		ask(s, func(string) func(*compose.Plain) bool {
			first := ctree.Identifiers(s)
			return func(p *compose.Plain) bool {
				if len(first) > 0 && p.Silence(first[0]) {
					return true
				}
				return compose.Dropped(&p.Stays)
			}
		})
	}
	ask(b.Test, func(string) func(*compose.Plain) bool { return nil })
	return refused
}

// foreign reports whether a constant means nothing where a block stands: no header of the program
// has it, and the code that the file compiles wherever the block is does without. SOCKET_ERROR stands
// under an #if for Windows, or in a file that only Windows has.
func foreign(t *compose.Target, name string) bool {
	f := t.Spot.File
	_, socket := knowledge.Canonical(name)
	return strings.ToUpper(name) == name && strings.ToLower(name) != name && name != "NULL" && !socket && !definedAnywhere(f, name) &&
		!t.Composer.Src.InHeaders(name) && !usedElsewhere(t, name, ctree.GuardsAt(f, t.Place.Offset), nil)
}

// localHere reports whether a name is one of the function's own where a block stands.
func localHere(t *compose.Target, name string) bool {
	at := t.Place.Offset
	places, _ := localPlaces(t.Spot.Func, at, name)
	return len(places) > 0 && ctree.Covers(ctree.GuardsAt(t.Spot.File, at), places)
}

// inScope reports whether the place of a block lies in the braces in which a declaration
// is put at an offset.
func inScope(t *compose.Target, decl int) bool {
	ok := true
	t.Spot.Func.Body().Walk(func(s *parse.Stmt) bool {
		if s.Pos >= decl || s.End <= decl {
			return false
		}
		ok = ok && (s.Kind != parse.SBlock || t.Place.Offset >= decl && t.Place.Offset < s.End)
		return true
	})
	return ok
}

// hidden says why a name of the block means nothing at its place, "" where it
// does or where the file cannot tell.
func hidden(t *compose.Target, name string) string {
	f, fn, at := t.Spot.File, t.Spot.Func, t.Place.Offset
	here := ctree.GuardsAt(f, at)
	if places, inner := localPlaces(fn, at, name); len(places) > 0 {
		if !ctree.Covers(here, places) {
			return "is declared under an #if that the block does not stand under"
		}
		return ""
	} else if inner && !definedAnywhere(f, name) {
		return "is declared in another block"
	}
	var above []ctree.GuardSet
	var below []int
	def := func(off int) {
		if off < at {
			above = append(above, ctree.GuardsAt(f, off).Without(name))
		} else {
			below = append(below, off)
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
	for _, g := range f.FuncsNamed(name) {
		if g.Macro == nil {
			def(g.NamePos)
		}
	}
	if len(above)+len(below) == 0 || ctree.Covers(here, above) || usedElsewhere(t, name, here, below) {
		return ""
	}
	if len(above) == 0 && t.Composer.DeclaredInHeader(f, name) {
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
	return len(f.FuncsNamed(name))+len(f.DeclsNaming(name)) > 0
}

// localPlaces are the conditions under which a function declares a name that is
// in scope at an offset, in all its selections of #if branches. inner is set when
// it declares the name anywhere.
func localPlaces(fn *parse.Func, at int, name string) (places []ctree.GuardSet, inner bool) {
	seen := map[int]bool{}
	for _, g := range fn.File.FuncsNamed(fn.Name) {
		if g.Macro != nil || !g.SameBody(fn) {
			continue
		}
		for _, l := range ctree.Locals(g) {
			if l.Decl.Name != name || seen[l.Decl.NamePos] {
				continue
			}
			inner = true
			if l.Decl.NamePos >= at || l.Block.End <= at {
				continue
			}
			seen[l.Decl.NamePos] = true
			places = append(places, ctree.GuardsAt(fn.File, l.Decl.NamePos))
		}
	}
	return places, inner
}

// usedElsewhere reports whether other code uses the name under no more conditions than
// the block: what compiles there compiles here. Code below the block tells as much unless
// the name can get a meaning between the two, by a definition or a header.
func usedElsewhere(t *compose.Target, name string, here ctree.GuardSet, below []int) bool {
	f, at := t.Spot.File, t.Place.Offset
	changes := len(f.Src)
	if len(below) > 0 {
		changes = slices.Min(below)
	}
	for _, d := range f.Dirs {
		if off := int(f.Toks[d.Tok].Off); d.Name == "include" && off > at {
			changes = min(changes, off)
		}
	}
	for _, i := range f.Idents(name) {
		off := int(f.Toks[i].Off)
		if off >= changes {
			break
		}
		if fns := f.FuncsAt(off); len(fns) == 0 || ctree.Declares(fns[0], name) {
			continue
		}
		if ctree.Covers(here, []ctree.GuardSet{ctree.GuardsAt(f, off)}) {
			return true
		}
	}
	return false
}
