package parse

// maxPasses bounds the selections of branches that one file is read under.
// Of 259 files that hold sites 241 need one, 15 two; the rest of the bound
// serves the code around the sites.
const maxPasses = 10

// pass is one consistent selection of #if branches and the tokens it leaves.
type pass struct {
	toks    []Token
	taken   map[*Branch]bool
	assign  map[string]bool
	deflt   bool
	forced  *Branch
	repairs int
}

// selectPasses chooses selections until every branch that anybody could
// compile is in one of them: first with all unknown macros on, as on a
// current Linux, then with all off, then branch by branch.
func (f *File) selectPasses() {
	covered := map[*Branch]bool{}
	add := func(p *pass) {
		f.fill(p)
		f.passes = append(f.passes, p)
		for b := range p.taken {
			covered[b] = true
		}
	}
	add(&pass{deflt: true})
	var open []*Branch
	var walk func(b *Branch)
	walk = func(b *Branch) {
		for _, g := range b.Subs {
			for _, nb := range g.Branches {
				if nb.dead {
					continue
				}
				if !covered[nb] && f.hasCode(nb) {
					open = append(open, nb)
				}
				walk(nb)
			}
		}
	}
	walk(f.top)
	if len(open) > 0 {
		add(&pass{deflt: false})
	}
	// Branches that hold calls first: the bound must never cost a site.
	for _, sites := range []bool{true, false} {
		for _, b := range open {
			if covered[b] || len(f.passes) >= maxPasses && !sites || f.holdsSite(b) != sites {
				continue
			}
			if p := f.force(b); p != nil {
				add(p)
			}
		}
	}
	// Dead code still has its sites reported, so it needs a tree as well.
	for _, b := range f.deadBranches(f.top) {
		if f.holdsSite(b) && !covered[b] {
			if p := f.force(b); p != nil {
				add(p)
			}
		}
	}
	f.Passes = len(f.passes)
}

func (f *File) deadBranches(b *Branch) []*Branch {
	var out []*Branch
	for _, g := range b.Subs {
		for _, nb := range g.Branches {
			if nb.dead {
				out = append(out, nb)
			} else {
				out = append(out, f.deadBranches(nb)...)
			}
		}
	}
	return out
}

func (f *File) hasCode(b *Branch) bool {
	for i := b.From; i < b.To; i++ {
		if f.Toks[i].Kind == Ident || f.Toks[i].Kind == Keyword {
			return true
		}
	}
	return false
}

// holdsSite reports whether a call name that matters stands in the branch.
func (f *File) holdsSite(b *Branch) bool {
	for i := b.From; i < b.To; i++ {
		if t := f.Toks[i]; t.Kind == Ident && IsSiteName(f.Src[t.Off:t.End]) {
			return true
		}
	}
	return false
}

// IsSiteName reports whether s names one of the calls that make a socket.
func IsSiteName(s []byte) bool {
	switch len(s) {
	case 6:
		return string(s) == "socket" || string(s) == "accept"
	case 7:
		return string(s) == "accept4"
	}
	return false
}

// force returns a pass in which b is taken, nil when no assignment of the
// macros does that. Groups on the way are forced outright where their
// conditions contradict each other.
func (f *File) force(b *Branch) *pass {
	p := &pass{deflt: true, assign: map[string]bool{}, forced: b}
	var formula []*cond
	for x := b; x != nil && x != f.top; x = f.parent(x) {
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
	solve(formula, p.assign, 0)
	return p
}

func (f *File) parent(b *Branch) *Branch {
	if b.Group == nil {
		return nil
	}
	if b.Group.Parent != nil {
		return b.Group.Parent
	}
	return f.top
}

// solve finds values for the atoms that make every condition true, depth
// first; it gives up, leaving what it has, where there are none.
func solve(cs []*cond, assign map[string]bool, depth int) bool {
	value := func(c *cond) tri {
		if v, ok := assign[c.atom]; ok {
			return truth(v)
		}
		return open
	}
	var pick *cond
	for _, c := range cs {
		switch c.eval(value) {
		case no:
			return false
		case open:
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
	if depth > 24 {
		return false
	}
	for _, v := range []bool{true, false} {
		assign[pick.atom] = v
		if solve(cs, assign, depth+1) {
			return true
		}
	}
	delete(assign, pick.atom)
	return false
}

// fill selects the branches and collects their tokens.
func (f *File) fill(p *pass) {
	p.taken = map[*Branch]bool{}
	must := map[*Branch]bool{}
	for x := p.forced; x != nil && x != f.top; x = f.parent(x) {
		must[x] = true
	}
	value := func(c *cond) tri {
		if v, ok := p.assign[c.atom]; ok {
			return truth(v)
		}
		if v := atomValue(c.atom, "linux"); v != open {
			return v
		}
		if c.low {
			return truth(!p.deflt)
		}
		return truth(p.deflt)
	}
	p.toks = make([]Token, 0, len(f.Toks))
	var walk func(b *Branch)
	walk = func(b *Branch) {
		at := b.From
		copyTo := func(to int) {
			for ; at < to; at++ {
				if f.Toks[at].Kind != Hash {
					p.toks = append(p.toks, f.Toks[at])
				}
			}
		}
		for _, g := range b.Subs {
			copyTo(g.Branches[0].From)
			var take *Branch
			for _, nb := range g.Branches {
				if must[nb] {
					take = nb
				}
			}
			for _, nb := range g.Branches {
				if take != nil {
					break
				}
				if nb.dead && !nb.always {
					continue
				}
				if nb.always || nb.cond == nil || nb.cond.eval(value) == yes {
					take = nb
				}
			}
			if take != nil {
				p.taken[take] = true
				walk(take)
			}
			last := g.Branches[len(g.Branches)-1]
			at = last.To
		}
		copyTo(b.To)
	}
	walk(f.top)
}
