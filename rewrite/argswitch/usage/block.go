package usage

import (
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
)

// Block is the literals of one function, macro or variable.
type Block struct {
	f     *parse.File
	from  int
	Lines []*Line
	score int
}

// Blocks gathers the program's literals by what they stand in.
func Blocks(j *patch.Patch, sp *patch.Spelling) []*Block {
	files := map[*parse.File]bool{}
	for n := range sp.Near {
		files[n.File] = true
	}
	known := map[string]bool{}
	for _, p := range sp.Peers {
		known[p] = true
	}
	var out []*Block
	var order []*parse.File
	for f := range files {
		order = append(order, f)
	}
	sort.Slice(order, func(a, b int) bool { return order[a].Path < order[b].Path })
	for _, f := range order {
		byFrom := map[int]*Block{}
		others := otherFuncs(j, sp, f)
		foreign := func(from int) bool { return others[from] }
		for _, t := range f.Toks {
			lits := []patch.Literal{}
			from := 0
			switch {
			case t.Kind == token.String && f.Src[t.Off] == '"':
				lits = append(lits, patch.Literal{File: f, Off: int(t.Off), End: int(t.End)})
				from = -1 - itemStart(f, int(t.Off))
				for _, fn := range f.FuncsAt(int(t.Off)) {
					from = fn.Start
				}
				if foreign(from) {
					continue
				}
			default:
				continue
			}
			b := byFrom[from]
			if b == nil {
				b = &Block{f: f, from: from}
				byFrom[from] = b
				out = append(out, b)
			}
			for _, l := range lits {
				b.Lines = append(b.Lines, linesOf(l)...)
			}
		}
		for _, m := range f.Macros {
			b := &Block{f: f, from: m.Off}
			for _, t := range m.Body {
				if t.Kind == token.String && f.Src[t.Off] == '"' {
					b.Lines = append(b.Lines, linesOf(patch.Literal{File: f, Off: int(t.Off), End: int(t.End)})...)
				}
			}
			if len(b.Lines) > 0 {
				out = append(out, b)
			}
		}
	}
	for _, b := range out {
		pairLines(b.Lines)
		seen := map[string]bool{}
		for _, l := range b.Lines {
			if l.Entry == nil {
				continue
			}
			for _, n := range l.Entry.Names() {
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

// otherFuncs are the starts of the functions of a file that programs run which do not run
// the reader of the option: what these print is no text of this program alone.
func otherFuncs(j *patch.Patch, sp *patch.Spelling, f *parse.File) map[int]bool {
	out := map[int]bool{}
	if sp.Func == nil {
		return out
	}
	for _, p := range j.Programs {
		reads := false
		for n := range p.Steps {
			if n.File == sp.Func.File && n.Name == sp.Func.Name {
				reads = true
			}
		}
		if reads {
			continue
		}
		for n := range p.Steps {
			if n.File == f && !n.Macro {
				for _, fn := range n.Forms {
					out[fn.Start] = true
				}
			}
		}
	}
	return out
}

// pairLines tells each option's line what stands on the next one.
func pairLines(lines []*Line) {
	for i, l := range lines {
		if l.Entry != nil && i+1 < len(lines) && lines[i+1].Entry == nil {
			l.pairWith(lines[i+1].text)
		}
	}
}

// NewLine is an option's line of a manual, with the one that follows.
func NewLine(e *Entry, next string) *Line {
	l := &Line{Entry: e}
	if ReadEntry(next) == nil {
		l.pairWith(next)
	}
	return l
}

// pairWith takes the next line for the description, where it is deeper than the option.
func (l *Line) pairWith(next string) {
	white := leadingSpace(next)
	if l.Entry.Desc == "" && len(white) < len(next) && colWidth(white) > colWidth(l.Entry.lead) {
		l.below, l.under = white, next[len(white):]
	}
}

// leadingSpace is the white space that a line begins with, as it is spelled.
func leadingSpace(s string) string {
	n := 0
	for n < len(s) {
		switch {
		case s[n] == ' ' || s[n] == '\t':
			n++
		case strings.HasPrefix(s[n:], `\t`):
			n += 2
		default:
			return s[:n]
		}
	}
	return s
}
