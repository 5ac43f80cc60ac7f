package argswitch

import (
	"sort"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// block is the literals of one function, macro or variable.
type block struct {
	f     *parse.File
	from  int
	lines []*usageLine
	score int
}

// blocks gathers the program's literals by what they stand in.
func (j *job) blocks(sp *spelling) []*block {
	files := map[*parse.File]bool{}
	for n := range sp.near {
		files[n.file] = true
	}
	known := map[string]bool{}
	for _, p := range sp.peers {
		known[p] = true
	}
	var out []*block
	var order []*parse.File
	for f := range files {
		order = append(order, f)
	}
	sort.Slice(order, func(a, b int) bool { return order[a].Path < order[b].Path })
	for _, f := range order {
		byFrom := map[int]*block{}
		for _, t := range f.Toks {
			lits := []literal{}
			from := 0
			switch {
			case t.Kind == token.String && f.Src[t.Off] == '"':
				lits = append(lits, literal{f, int(t.Off), int(t.End)})
				from = -1 - itemStart(f, int(t.Off))
				for _, fn := range f.FuncsAt(int(t.Off)) {
					from = fn.Start
				}
			default:
				continue
			}
			b := byFrom[from]
			if b == nil {
				b = &block{f: f, from: from}
				byFrom[from] = b
				out = append(out, b)
			}
			for _, l := range lits {
				b.lines = append(b.lines, usageLines(l)...)
			}
		}
		for _, m := range f.Macros {
			b := &block{f: f, from: m.Off}
			for _, t := range m.Body {
				if t.Kind == token.String && f.Src[t.Off] == '"' {
					b.lines = append(b.lines, usageLines(literal{f, int(t.Off), int(t.End)})...)
				}
			}
			if len(b.lines) > 0 {
				out = append(out, b)
			}
		}
	}
	for _, b := range out {
		seen := map[string]bool{}
		for _, l := range b.lines {
			if l.entry == nil {
				continue
			}
			for _, n := range l.entry.names() {
				if known[n] && !seen[n] {
					seen[n] = true
					b.score++
				}
			}
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].score > out[b].score })
	return out
}

// itemStart tells the declarations at file scope apart.
func itemStart(f *parse.File, off int) int {
	for _, d := range f.Decls() {
		if d.Init != nil && d.Init.Pos <= off && off < d.Init.End {
			return d.Init.Pos
		}
	}
	return 0
}
