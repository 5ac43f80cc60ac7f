package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// breakStyle is where the calls of a function are broken that are like the new
// one.
type breakStyle struct {
	after  int  // number of arguments in front of the break, 0 for no habit
	single bool // each argument has a line of its own
	heads  bool // in conditions, too
}

// breaksOf reads where a call is broken that could have gone on.
func (st *style) breaksOf(f *parse.File, c *parse.Expr) (b breakStyle) {
	n := 0
	for i := 1; i < len(c.Args); i++ {
		was, arg := c.Args[i-1], c.Args[i]
		if strings.Contains(string(f.Src[arg.Pos:arg.End]), "\n") {
			return breakStyle{}
		}
		if !strings.Contains(string(f.Src[was.End:arg.Pos]), "\n") {
			continue
		}
		n++
		if line := string(f.Src[lineStart(f.Src, was.Pos):was.End]); width(line, st.tab)+len(", ")+arg.End-arg.Pos < st.limit {
			b.after = i
		}
	}
	if b.single, b.heads = n > 1 && n == len(c.Args)-1, true; n != 1 {
		b.after = 0
	}
	if b.after == 0 && !b.single {
		return breakStyle{}
	}
	return b
}

// pins are the offsets in a line too long at which the function's habit breaks
// it, nil where it has none or the pieces would not fit.
func (st *style) pins(ind, s, tail string) []int {
	w := st.wrap
	call := "setsockopt" + st.callGap + "("
	at := strings.Index(s, call)
	if at < 0 || w.after == 0 && (!w.single || !w.heads && strings.HasPrefix(s, "if")) || width(ind+s+tail, st.tab) <= st.limit {
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
	if !w.single {
		if w.after > len(commas) {
			return nil
		}
		commas = commas[w.after-1 : w.after]
	}
	from, begin := 0, width(ind, st.tab)
	for _, end := range append(commas, len(s)) {
		n := len(strings.TrimLeft(s[from:end], " "))
		if end == len(s) {
			n += len(tail)
		}
		if begin+n > st.limit {
			return nil
		}
		from, begin = end, width(ind, st.tab)+w.offset
		if w.align {
			begin = width(ind, st.tab) + at + len(call) + len(st.pad)
		}
	}
	return commas
}
