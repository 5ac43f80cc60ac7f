package cond

import (
	"slices"
	"sort"

	"github.com/keepatch/keepatch/parse/token"
)

// maxPasses bounds the selections of branches that one file is read under.
// Of 259 files that hold sites 241 need one, 15 two; the rest of the bound
// serves the code around the sites.
const maxPasses = 10

// maxPassTokens bounds the passes for sites, which maxPasses does not: no real
// file comes near, but thousands of arms with a socket() each must not make
// the work quadratic.
const maxPassTokens = 20_000_000

// Selection is one consistent selection of #if branches and the tokens it leaves.
type Selection struct {
	Taken  []bool // by Branch.n
	assign map[string]bool
	forced *Branch
}

// selectPasses chooses selections until every branch that anybody could
// compile is in one of them: first with all unknown macros on, as on a
// current Linux, then with those off that this leaves out branches by, then branch
// by branch. A macro is off only where a branch needs it: what stands under #ifdef
// within an #else belongs to the code around it.
func (f *Tree) selectPasses() {
	covered := make([]bool, f.branches)
	add := func(p *Selection) {
		f.fill(p)
		f.Selections = append(f.Selections, p)
		for n, taken := range p.Taken {
			covered[n] = covered[n] || taken
		}
	}
	add(&Selection{})
	var open []*Branch
	var walk func(b *Branch)
	walk = func(b *Branch) {
		for _, g := range b.Subs {
			for _, nb := range g.Branches {
				if nb.dead {
					continue
				}
				if !covered[nb.Number] && f.hasCode(nb) {
					open = append(open, nb)
				}
				walk(nb)
			}
		}
	}
	walk(f.Root)
	if len(open) > 0 {
		add(f.others(covered))
	}
	// Branches that hold calls first: the bound must never cost a site.
	for _, sites := range []bool{true, false} {
		for _, b := range open {
			if covered[b.Number] || len(f.Selections) >= maxPasses && !sites || f.holdsSite(b) != sites || !f.affordsPass() {
				continue
			}
			add(f.force(b))
		}
	}
	// Dead code still has its sites reported, so it needs a tree as well.
	for _, b := range f.deadBranches(f.Root, nil) {
		if f.holdsSite(b) && !covered[b.Number] && f.affordsPass() {
			add(f.force(b))
		}
	}
	f.Passes = len(f.Selections)
}

// affordsPass reports whether one more pass stays within bounds.
func (f *Tree) affordsPass() bool {
	return len(f.Selections) < maxPasses || len(f.Selections)*len(f.Toks) < maxPassTokens
}

// deadBranches appends the outermost dead arms below b to out.
func (f *Tree) deadBranches(b *Branch, out []*Branch) []*Branch {
	for _, g := range b.Subs {
		for _, nb := range g.Branches {
			if nb.dead {
				out = append(out, nb)
			} else {
				out = f.deadBranches(nb, out)
			}
		}
	}
	return out
}

// hasCode reports whether a word stands in the branch, outside directives.
func (f *Tree) hasCode(b *Branch) bool {
	for i := b.From; i < min(b.To, b.From+16); i++ { // the usual case needs no list
		if k := f.Toks[i].Kind; k == token.Ident || k == token.Keyword {
			return true
		}
	}
	return nextIn(f.words(), b)
}

// holdsSite reports whether a call name that matters stands in the branch.
func (f *Tree) holdsSite(b *Branch) bool {
	f.words()
	return nextIn(f.siteToks, b)
}

// words lists the tokens that are words, and among them those that name a
// call that matters, so that branches nested deeply need no walk each.
func (f *Tree) words() []int32 {
	if f.siteToks == nil {
		f.siteToks = []int32{}
		words := f.wordRoom[:0]
		for i := range f.Toks {
			if t := &f.Toks[i]; t.Kind == token.Ident || t.Kind == token.Keyword {
				words = append(words, int32(i))
				if t.Kind == token.Ident && token.IsSiteName(f.Src[t.Off:t.End]) {
					f.siteToks = append(f.siteToks, int32(i))
				}
			}
		}
		f.wordRoom = words
	}
	return f.wordRoom
}

// nextIn reports whether one of the ascending indices lies in the branch.
func nextIn(list []int32, b *Branch) bool {
	i, _ := slices.BinarySearch(list, int32(b.From))
	return i < len(list) && int(list[i]) < b.To
}

// others returns a selection of branches that are not covered yet: from the top down
// the first of each group that what was decided before permits.
func (f *Tree) others(covered []bool) *Selection {
	p := &Selection{assign: map[string]bool{}}
	var walk func(b *Branch)
	walk = func(b *Branch) {
		for _, g := range b.Subs {
			take := f.firstOpen(p, g, covered)
			if take == nil {
				take = p.choose(g)
			}
			if take != nil {
				walk(take)
			}
		}
	}
	walk(f.Root)
	return p
}

// firstOpen returns the first branch of a group that is not covered yet and can be
// taken, and decides about the macros that it needs.
func (f *Tree) firstOpen(p *Selection, g *Group, covered []bool) *Branch {
	var formula []*cond
	for _, nb := range g.Branches {
		if !nb.dead && !covered[nb.Number] && f.hasCode(nb) {
			all := formula
			if nb.cond != nil {
				all = append(all, nb.cond)
			}
			for _, c := range all {
				c.atoms(func(a *cond) {
					if v := atomValue(a.atom, "linux"); v != Open {
						p.assign[a.atom] = v == Yes
					}
				})
			}
			steps := maxSolve
			if len(all) <= maxFormula && solve(all, p.assign, &steps) {
				return nb
			}
		}
		if nb.cond == nil || nb.always {
			break
		}
		formula = append(formula, negate(nb.cond))
	}
	return nil
}

// value is the truth of an atom in the selection: as it was decided, as the platform
// has it, else on.
func (p *Selection) value(c *cond) Truth {
	if v, ok := p.assign[c.atom]; ok {
		return truthOf(v)
	}
	if v := atomValue(c.atom, "linux"); v != Open {
		return v
	}
	return truthOf(!c.low)
}

// choose returns the branch of a group that the selection takes.
func (p *Selection) choose(g *Group) *Branch {
	for _, nb := range g.Branches {
		if nb.dead && !nb.always {
			continue
		}
		if nb.always || nb.cond == nil || nb.cond.eval(p.value) == Yes {
			return nb
		}
	}
	return nil
}

// force returns a pass in which b is taken. Groups on the way are forced
// outright where their conditions contradict each other.
func (f *Tree) force(b *Branch) *Selection {
	p := &Selection{assign: map[string]bool{}, forced: b}
	var formula []*cond
	for x := b; x != nil && x != f.Root; x = f.parent(x) {
		for _, q := range x.Group.Branches {
			if q == x {
				break
			}
			if q.cond != nil && !q.always {
				formula = append(formula, negate(q.cond))
			}
		}
		if x.cond != nil && !x.always {
			formula = append(formula, x.cond)
		}
	}
	if len(formula) <= maxFormula {
		steps := maxSolve
		solve(formula, p.assign, &steps)
	}
	return p
}

func (f *Tree) parent(b *Branch) *Branch {
	if b.Group == nil {
		return nil
	}
	if b.Group.Parent != nil {
		return b.Group.Parent
	}
	return f.Root
}

// maxSolve bounds the search for values, which is exponential in the worst
// case, and the conditions it is tried for. Real chains are solved in a few
// dozen steps; of any longer one the arm is taken all the same.
const (
	maxSolve   = 2000
	maxFormula = 200
)

// solve finds values for the atoms that make every condition true, depth
// first; it gives up, leaving what it has, where there are none.
func solve(cs []*cond, assign map[string]bool, steps *int) bool {
	value := func(c *cond) Truth {
		if v, ok := assign[c.atom]; ok {
			return truthOf(v)
		}
		return Open
	}
	var pick *cond
	for _, c := range cs {
		switch c.eval(value) {
		case No:
			return false
		case Open:
			if pick == nil {
				c.atoms(func(a *cond) {
					if _, ok := assign[a.atom]; !ok && pick == nil {
						pick = a
					}
				})
			}
		}
	}
	if pick == nil {
		return true
	}
	if *steps--; *steps < 0 {
		return false
	}
	for _, v := range []bool{true, false} {
		assign[pick.atom] = v
		if solve(cs, assign, steps) {
			return true
		}
	}
	delete(assign, pick.atom)
	return false
}

// fill selects the branches.
func (f *Tree) fill(p *Selection) {
	p.Taken = make([]bool, f.branches)
	must := make([]bool, f.branches)
	for x := p.forced; x != nil && x != f.Root; x = f.parent(x) {
		must[x.Number] = true
	}
	var walk func(b *Branch)
	walk = func(b *Branch) {
		for _, g := range b.Subs {
			var take *Branch
			for _, nb := range g.Branches {
				if must[nb.Number] {
					take = nb
				}
			}
			if take == nil {
				take = p.choose(g)
			}
			if take != nil {
				p.Taken[take.Number] = true
				walk(take)
			}
		}
	}
	walk(f.Root)
}

// Collect appends, of the tokens with an index in [from,to), those of the
// branches that a pass takes to buf.
func (f *Tree) Collect(p *Selection, from, to int, buf []token.Token) []token.Token {
	var walk func(b *Branch)
	walk = func(b *Branch) {
		at := max(b.From, from)
		copyTo := func(end int) {
			for end = min(end, to); at < end; at++ {
				run := at
				for at < end && f.Toks[at].Kind != token.Hash {
					at++
				}
				buf = append(buf, f.Toks[run:at]...)
			}
		}
		subs := b.Subs[sort.Search(len(b.Subs), func(i int) bool { _, last := b.Subs[i].Span(); return last > from }):]
		for _, g := range subs {
			first, last := g.Span()
			if first >= to {
				break
			}
			copyTo(first)
			for _, nb := range g.Branches {
				if p.Taken[nb.Number] && nb.To > from && nb.From < to {
					walk(nb)
				}
			}
			at = max(at, last)
		}
		copyTo(b.To)
	}
	walk(f.Root)
	return buf
}

// Span is the range of token indices from the first arm's begin to the last
// one's end.
func (g *Group) Span() (from, to int) {
	return g.Branches[0].From, g.Branches[len(g.Branches)-1].To
}
