package judge

import (
	"fmt"
	"slices"

	"github.com/keepatch/keepatch/detect/alias"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// maxVtableFuncs bounds how many functions are asked for the method table they work for.
const maxVtableFuncs = 24

// narrowListeners drops, from the listeners that lie in the member which an accept() takes from,
// those that it cannot mean: they lie in other objects, in objects of another kind, or were stored
// by functions of another method table. Each step leaves at least one.
func (a *Analysis) narrowListeners(t *Judgement, sources []Source) []Source {
	several := false
	for _, s := range sources {
		several = several || s.From != sources[0].From || s.ctx.Store != sources[0].ctx.Store
	}
	if !several {
		return sources
	}
	sources = a.keepSameObject(t, sources)
	sources = a.keepSameKind(t, sources)
	return a.keepSameVtable(t, sources)
}

// keepSameVtable drops those that another method table opened: where each kind of transport has
// functions of its own behind one struct of pointers, its accept function gets what its own open
// function made. Nothing is dropped unless one is left that surely fits.
func (a *Analysis) keepSameVtable(t *Judgement, sources []Source) []Source {
	mine := entriesOf(a.Prog, t.Cand.In.Func)
	if mine == nil {
		return sources
	}
	var out []Source
	fits := false
	for _, s := range sources {
		if s.ctx.StoreIn == nil {
			out = append(out, s)
			continue
		}
		theirs := entriesOf(a.Prog, s.ctx.StoreIn.Func)
		same := theirs != nil && mine.sharedWith(theirs)
		if same || theirs == nil {
			out = append(out, s)
		}
		fits = fits || same
	}
	if !fits {
		return sources
	}
	return out
}

// keepSameObject drops those listeners that lie in other objects than the one that is
// accepted from.
func (a *Analysis) keepSameObject(t *Judgement, sources []Source) []Source {
	tell := optionEffects{p: a.Prog, s: t.sess, fold: eval.NewIntEval(a.Prog, t.sess)}
	return dropUnlessAll(sources, func(s Source) bool {
		got := s.ctx.Load
		if got == nil {
			return false
		}
		puts := s.From.Flow.Stores[got.From]
		if !s.ctx.AnyStore {
			puts = slices.DeleteFunc(slices.Clone(puts), func(q flow.Store) bool { return q.Expr != s.ctx.Store })
		}
		return alias.NoAlias(tell.holders(puts), alias.Holders(tell.fold, got.In, got.Expr, got.ReturnedBy(s.ctx.Returns)))
	})
}

// dropUnlessAll leaves out those sources that are strange; nothing where none would be left.
func dropUnlessAll(sources []Source, strange func(Source) bool) []Source {
	out := slices.DeleteFunc(slices.Clone(sources), strange)
	if len(out) == 0 {
		return sources
	}
	return out
}

// entries is how control comes to a function.
type entries struct {
	// tables are the method tables that lead to it: the braced initializers that hold its
	// address or that of a function that calls it, and the functions that store it to members.
	tables map[string]bool
	// unused are the files of those functions on the way that nothing in the tree uses: they
	// are for callers outside of it.
	unused map[string]bool
	// offered are the files of those that callers outside of the tree can see.
	offered map[string]bool
}

// sharedWith reports whether who comes to one function can come to the other too. A
// caller outside of the tree sees all that a file offers.
func (e *entries) sharedWith(o *entries) bool {
	meet := func(a, b map[string]bool) bool {
		for k := range a {
			if b[k] {
				return true
			}
		}
		return false
	}
	return meet(e.tables, o.tables) || meet(e.unused, o.unused) || meet(e.unused, o.offered) || meet(e.offered, o.unused)
}

// entriesOf lists them; nil where something else leads to the function.
func entriesOf(p *program.Program, fn *parse.Func) *entries {
	out := &entries{tables: map[string]bool{}, unused: map[string]bool{}, offered: map[string]bool{}}
	seen := map[*parse.Func]bool{fn: true}
	queue := []*parse.Func{fn}
	for len(queue) > 0 {
		fn := queue[0]
		queue = queue[1:]
		mentions, callers := p.AddressesTaken(fn), p.Callers(fn)
		if len(seen) > maxVtableFuncs || fn.Macro != nil || fn.Name == "main" {
			return nil
		}
		for _, m := range mentions {
			key := vtableOf(m)
			if key == "" {
				return nil
			}
			out.tables[key] = true
		}
		for _, c := range callers {
			if !seen[c.In.Func] {
				seen[c.In.Func] = true
				queue = append(queue, c.In.Func)
			}
		}
		if len(mentions) == 0 && len(callers) == 0 {
			out.unused[fn.File.Path] = true
		}
		if !fn.Static {
			out.offered[fn.File.Path] = true
		}
	}
	return out
}

// vtableOf names the object that a function's address is stored in, "" where
// it goes elsewhere.
func vtableOf(m program.AddressTaken) string {
	row := m.Expr.Up
	if row != nil && row.Kind == parse.XDesig {
		row = row.Up
	}
	switch {
	case row == nil:
	case row.Kind == parse.XInit:
		return fmt.Sprintf("%s:%d", m.File.Path, row.Pos)
	case row.Kind == parse.XAssign && row.Y == m.Expr && m.In != nil && row.X.Strip() != nil && row.X.Strip().Kind == parse.XMember:
		if root := value.RootName(row.X); root != "" {
			return fmt.Sprintf("%s:%d:%s", m.File.Path, m.In.Func.Start, root)
		}
	}
	return ""
}
