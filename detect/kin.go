package detect

import (
	"fmt"
	"slices"

	"github.com/keepatch/keepatch/parse"
)

// maxKin bounds how many functions are asked for the method table they work for.
const maxKin = 24

// kindred drops, from the listeners that an accept() may take from, those that
// another method table opened: where each kind of transport has functions of its
// own behind one struct of pointers, its accept function gets what its own open
// function made. Nothing is dropped unless one is left that surely fits.
func (a *analysis) kindred(t *judged, sources []source) []source {
	several := false
	for _, s := range sources {
		several = several || s.from != sources[0].from || s.j.put != sources[0].j.put
	}
	if !several {
		return sources
	}
	sources = a.alike(t, a.together(t, sources))
	mine, ok := a.p.kin(t.c.fi.fn)
	if !ok {
		return sources
	}
	var out []source
	fits := false
	for _, s := range sources {
		if s.j.putIn == nil {
			out = append(out, s)
			continue
		}
		theirs, ok := a.p.kin(s.j.putIn.fn)
		same := false
		for k := range theirs {
			same = same || mine[k]
		}
		if same || !ok {
			out = append(out, s)
		}
		fits = fits || same
	}
	if !fits {
		return sources
	}
	return out
}

// together drops those listeners that lie in other objects than the one that is
// accepted from.
func (a *analysis) together(t *judged, sources []source) []source {
	tell := teller{p: a.p, s: t.sess, fold: a.p.folder(t.sess)}
	return but(sources, func(s source) bool {
		got := s.j.got
		if got == nil {
			return false
		}
		puts := s.from.flow.puts[got.from]
		if !s.j.any {
			puts = slices.DeleteFunc(slices.Clone(puts), func(q put) bool { return q.e != s.j.put })
		}
		return apart(tell.holders(puts), tell.fold.holder(got.fi, got.e, got.left(s.j.exits)))
	})
}

// but leaves out those sources that are strange; nothing where none would be left.
func but(sources []source, strange func(source) bool) []source {
	out := slices.DeleteFunc(slices.Clone(sources), strange)
	if len(out) == 0 {
		return sources
	}
	return out
}

// kin names the method tables that lead to a function: the braced initializers
// that hold its address or that of a function that calls it, the functions that
// store it to members, or its file where nothing in the tree uses it. ok is
// false where something else leads to it.
func (p *program) kin(fn *parse.Func) (tables map[string]bool, ok bool) {
	tables = map[string]bool{}
	seen := map[*parse.Func]bool{fn: true}
	queue := []*parse.Func{fn}
	for len(queue) > 0 {
		fn := queue[0]
		queue = queue[1:]
		mentions, callers := p.mentions(fn), p.callers(fn)
		if len(seen) > maxKin || fn.Macro != nil || fn.Name == "main" {
			return nil, false
		}
		for _, m := range mentions {
			key := methodTable(m)
			if key == "" {
				return nil, false
			}
			tables[key] = true
		}
		for _, c := range callers {
			if !seen[c.fi.fn] {
				seen[c.fi.fn] = true
				queue = append(queue, c.fi.fn)
			}
		}
		if len(mentions) == 0 && len(callers) == 0 {
			tables[fn.File.Path] = true
		}
	}
	return tables, true
}

// methodTable names the object that a function's address is stored in, "" where
// it goes elsewhere.
func methodTable(m mention) string {
	row := m.e.Up
	if row != nil && row.Kind == parse.XDesig {
		row = row.Up
	}
	switch {
	case row == nil:
	case row.Kind == parse.XInit:
		return fmt.Sprintf("%s:%d", m.u.path, row.Pos)
	case row.Kind == parse.XAssign && row.Y == m.e && m.fi != nil && row.X.Strip() != nil && row.X.Strip().Kind == parse.XMember:
		if root := rootName(row.X); root != "" {
			return fmt.Sprintf("%s:%d:%s", m.u.path, m.fi.fn.Start, root)
		}
	}
	return ""
}
