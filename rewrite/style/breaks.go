package style

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
)

// BreakStyle is where the calls of a function are broken that are like the new
// one.
type BreakStyle struct {
	After  int  // number of arguments before the break, 0 for no habit
	Single bool // each argument has a line of its own
	Heads  bool // in conditions, too
}

// BreaksOf reads where a call is broken that could have gone on.
func (st *Style) BreaksOf(f *parse.File, c *parse.Expr) (b BreakStyle) {
	n := 0
	for i := 1; i < len(c.Args); i++ {
		was, arg := c.Args[i-1], c.Args[i]
		if strings.Contains(string(f.Src[arg.Pos:arg.End]), "\n") {
			return BreakStyle{}
		}
		if !strings.Contains(string(f.Src[was.End:arg.Pos]), "\n") {
			continue
		}
		n++
		if line := string(f.Src[text.LineStart(f.Src, was.Pos):was.End]); text.Width(line, st.Tab)+len(", ")+arg.End-arg.Pos < st.Limit {
			b.After = i
		}
	}
	if b.Single, b.Heads = n > 1 && n == len(c.Args)-1, true; n != 1 {
		b.After = 0
	}
	if b.After == 0 && !b.Single {
		return BreakStyle{}
	}
	return b
}

// pins are the offsets in a line too long at which the function's habit breaks
// it, nil where it has none or the pieces would not fit.
func (st *Style) pins(ind, s, tail string) []int {
	w := st.Wrap
	call := "setsockopt" + st.CallGap + "("
	at := strings.Index(s, call)
	if at < 0 || w.After == 0 && (!w.Single || !w.Heads && strings.HasPrefix(s, "if")) || text.Width(ind+s+tail, st.Tab) <= st.Limit {
		return nil
	}
	var commas []int
	depth := 0
	for i := at + len(call); i < len(s) && depth >= 0; i++ {
		switch s[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ',':
			if depth == 0 {
				commas = append(commas, i+1)
			}
		}
	}
	if !w.Single {
		if w.After > len(commas) {
			return nil
		}
		commas = commas[w.After-1 : w.After]
	}
	from, begin := 0, text.Width(ind, st.Tab)
	for _, end := range append(commas, len(s)) {
		n := len(strings.TrimLeft(s[from:end], " "))
		if end == len(s) {
			n += len(tail)
		}
		if begin+n > st.Limit {
			return nil
		}
		from, begin = end, text.Width(ind, st.Tab)+w.Offset
		if w.Align {
			begin = text.Width(ind, st.Tab) + at + len(call) + len(st.Pad)
		}
	}
	return commas
}
