package parse

import (
	"sort"

	"github.com/keepatch/keepatch/parse/cond"
	"github.com/keepatch/keepatch/parse/token"
)

// deltas splits the passes after the first: most of a file is the same in all
// of them, and only the declarations around the #if groups that a pass takes
// otherwise are split again.
type deltas struct {
	f       *File
	extents []extent // of the declarations and functions of the first pass
	uneven  bool     // its brackets do not pair up, so that nothing is local
}

// wholePasses splits every pass whole, for tests to compare with.
var wholePasses bool

// maxWiden is how often a range is widened before the pass is split whole.
const maxWiden = 4

// extent is a range of token indices.
type extent struct{ from, to int }

func newDeltas(f *File, first *splitter) *deltas {
	d := &deltas{f: f, uneven: wholePasses || !first.even()}
	if d.uneven {
		return d
	}
	add := func(from, to token.Token) {
		d.extents = append(d.extents, extent{f.TokAt(int(from.Off)), f.TokAt(int(to.Off)) + 1})
	}
	for _, fn := range first.funcs {
		begin := fn.body[0]
		if len(fn.head) > 0 {
			begin = fn.head[0]
		}
		add(begin, fn.body[len(fn.body)-1])
	}
	for _, it := range first.items {
		add(first.toks[it.from], first.toks[it.to-1])
	}
	sort.Slice(d.extents, func(i, j int) bool { return d.extents[i].from < d.extents[j].from })
	return d
}

// split enters what pass p has that the first has not. buf is memory for its
// tokens, returned to be used again.
func (d *deltas) split(p *cond.Selection, n int, k *keeper, buf []token.Token) []token.Token {
	if d.uneven {
		return d.whole(p, n, k, buf)
	}
	var parts []splitter
	ranges := d.ranges(p)
	for i := 0; i < len(ranges); i++ {
		r := ranges[i]
		for tries := 0; ; tries++ {
			if tries == maxWiden {
				return d.whole(p, n, k, buf[:0])
			}
			from := len(buf)
			buf = d.f.Collect(p, r.from, r.to, buf)
			s := splitter{f: d.f, toks: buf[from:len(buf):len(buf)], pass: n}
			s.split()
			if !s.even() {
				return d.whole(p, n, k, buf[:0])
			}
			if s.rest == len(s.toks) || r.to == len(d.f.Toks) {
				parts = append(parts, s)
				break
			}
			// What is left over goes with what follows.
			buf = buf[:from]
			if r.to = d.next(r.to); i+1 < len(ranges) && ranges[i+1].from < r.to {
				i++
				r.to = max(r.to, ranges[i].to)
			}
		}
	}
	for i := range parts {
		k.keep(&parts[i])
	}
	return buf
}

// whole splits all of the pass.
func (d *deltas) whole(p *cond.Selection, n int, k *keeper, buf []token.Token) []token.Token {
	buf = d.f.Collect(p, 0, len(d.f.Toks), buf)
	s := splitter{f: d.f, toks: buf, pass: n}
	s.split()
	k.keep(&s)
	return buf
}

// next is the end of the declaration that begins at or after a token.
func (d *deltas) next(at int) int {
	i := sort.Search(len(d.extents), func(i int) bool { return d.extents[i].from >= at })
	if i == len(d.extents) {
		return len(d.f.Toks)
	}
	return d.extents[i].to
}

// ranges lists where pass p differs from the first, widened to whole
// declarations of that one.
func (d *deltas) ranges(p *cond.Selection) (out []extent) {
	first := d.f.Selections[0]
	add := func(r extent) {
		i := sort.Search(len(d.extents), func(i int) bool { return d.extents[i].to > r.from })
		for ; i < len(d.extents) && d.extents[i].from < r.to; i++ {
			r.from, r.to = min(r.from, d.extents[i].from), max(r.to, d.extents[i].to)
		}
		if n := len(out); n > 0 && r.from < out[n-1].to {
			out[n-1].to = max(out[n-1].to, r.to)
			return
		}
		out = append(out, r)
	}
	var walk func(b *cond.Branch)
	walk = func(b *cond.Branch) {
		for _, g := range b.Subs {
			same := true
			for _, nb := range g.Branches {
				same = same && p.Taken[nb.Number] == first.Taken[nb.Number]
			}
			if from, to := g.Span(); !same && from < to {
				add(extent{from, to})
				continue
			}
			for _, nb := range g.Branches {
				if p.Taken[nb.Number] {
					walk(nb)
				}
			}
		}
	}
	walk(d.f.Root)
	return out
}
