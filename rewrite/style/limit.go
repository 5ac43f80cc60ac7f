package style

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// lineHabits are what the lines of a file have in common.
type lineHabits struct {
	limit, text int  // columns that a line may have, and one with a message
	comments    bool // comments are // ones
}

// linesOf measures the lines of a file, once.
func (p *Styles) linesOf(f *parse.File) lineHabits {
	h, ok := p.lines[f]
	if !ok {
		tab := p.tab(f)
		h.limit = lineLimit(f, tab)
		h.text = textLimit(f.Src, h.limit, tab)
		h.comments = lineComments(f)
		p.lines[f] = h
	}
	return h
}

// lineLimits are the columns that projects agree on, the usual one first.
var lineLimits = []int{80, 100, 120, 132}

// lineLimit finds the limit that explains the file's lines best: few lines are
// longer, and few were broken that would have fitted.
func lineLimit(f *parse.File, tab int) int {
	longer, broken := lineStats(f, tab)
	best := 0
	for best+1 < len(lineLimits) && longer[best] > 2 && longer[best] >= broken[best+1]-broken[best] && 6*longer[best] > broken[best] {
		best++
	}
	return lineLimits[best]
}

// lineStats counts, for each limit, the lines that are longer and those that
// were broken though they would have fitted.
func lineStats(f *parse.File, tab int) (longer, broken []int) {
	src := f.Src
	longer = make([]int, len(lineLimits))
	broken = make([]int, len(lineLimits))
	for at := 0; at < len(src); at = text.LineEnd(src, at) {
		l := strings.TrimRight(string(src[at:text.LineEnd(src, at)]), "\r\n\t ")
		if !couldBreak(l) {
			continue
		}
		w := text.Width(l, tab)
		for i, l := range lineLimits {
			if w > l {
				longer[i]++
			}
		}
	}
	depth := 0
	for i := 0; i+1 < len(f.Toks); i++ {
		t, n := f.Toks[i], f.Toks[i+1]
		switch t.Op {
		case token.LParen:
			depth++
		case token.RParen:
			depth--
		case token.LBrace, token.RBrace, token.Semi:
			depth = 0
		}
		if depth <= 0 || !n.Bol || t.Op != token.Comma && t.Op != token.AndAnd && t.Op != token.OrOr {
			continue
		}
		w, _ := joined(src, f.Toks, i, tab)
		for k, l := range lineLimits {
			if w <= l {
				broken[k]++
			}
		}
	}
	return longer, broken
}

// textLimit is the limit for lines with a message: some programs never break
// beside one, however long the line gets.
func textLimit(src []byte, limit, tab int) int {
	long, broken := 0, 0
	comma := false // the line above ends with one
	for at := 0; at < len(src); at = text.LineEnd(src, at) {
		l := strings.TrimRight(string(src[at:text.LineEnd(src, at)]), "\r\n\t ")
		switch {
		case strings.HasSuffix(l, `",`), strings.HasSuffix(l, `"),`), comma && strings.HasPrefix(strings.TrimLeft(l, " \t"), `"`):
			broken++
		case text.Width(l, tab) > limit && besideText.MatchString(l):
			long++
		}
		comma = strings.HasSuffix(l, ",")
	}
	if long > 2 && long > 2*broken {
		return 132
	}
	return limit
}

// besideText matches a line that could break before a text or after it.
var besideText = text.NewPattern(`"\)?, |, (?:_\()?"`)

// WidenAsNeighbours takes the lines around a place for the limit, where their author let
// them be longer than most of the file, and broke none that would have been as long.
func (st *Style) WidenAsNeighbours(fn *parse.Func, at int) {
	src := fn.File.Src
	from, to := at, at
	for i := 0; i < 10 && from > fn.BodyPos; i++ {
		from = text.LineStart(src, from-1)
	}
	for i := 0; i < 10 && to < fn.End; i++ {
		to = text.LineEnd(src, to)
	}
	to = min(to, fn.End)
	code, words := st.Limit, st.TextLimit
	for at := from; at < to; at = text.LineEnd(src, at) {
		l := strings.TrimRight(string(src[at:text.LineEnd(src, at)]), "\r\n\t ")
		switch n := text.Width(l, st.Tab); {
		case couldBreak(l):
			code, words = max(code, n), max(words, n)
		case besideText.MatchString(l) && !strings.Contains(l, "/*") && !strings.Contains(l, "//"):
			words = max(words, n)
		}
	}
	toks := fn.Tokens()
	for i := 0; i+1 < len(toks); i++ {
		n, ok := joined(src, toks, i, st.Tab)
		if ok && int(toks[i].Off) >= from && int(toks[i].End) <= to && n > st.Limit && n <= words {
			return
		}
	}
	st.Limit, st.TextLimit = code, words
}

// joined is how long a line would be that is broken after token i, with the next piece on it; ok is
// false where none is broken there.
func joined(src []byte, toks []token.Token, i, tab int) (width int, ok bool) {
	t, n := toks[i], toks[i+1]
	if !n.Bol || t.Op != token.Comma && t.Op != token.AndAnd && t.Op != token.OrOr && (t.Kind != token.String || n.Kind != token.String) {
		return 0, false
	}
	j := i + 1
	for j+1 < len(toks) && toks[j].Op != token.Comma && toks[j].Op != token.RParen && !toks[j+1].Bol {
		j++
	}
	return text.Width(string(src[text.LineStart(src, int(t.Off)):t.End]), tab) + 1 + int(toks[j].End-n.Off), true
}

// LineOf is how long the line of a call is that stands on one, 0 for others.
func LineOf(f *parse.File, c *parse.Expr, tab int) int {
	from := c.Pos
	if len(c.Args) > 0 && strings.Contains(string(f.Src[c.X.End:c.Args[0].Pos]), "\n") {
		from = c.Args[0].Pos // what is broken after its parenthesis alone
	}
	end := text.LineEnd(f.Src, from)
	if c.End > end {
		return 0
	}
	from = text.LineStart(f.Src, from)
	l := string(f.Src[from:end])
	if i := ctree.CommentAfter(f, c.End); i >= 0 && i < end {
		l = l[:i-from]
	}
	return text.Width(strings.TrimRight(l, "\r\n\t "), tab)
}

// couldBreak reports whether a line is code that its author could have
// broken: long messages and comments say nothing of a limit.
func couldBreak(l string) bool {
	t := strings.TrimSpace(l)
	return !strings.ContainsAny(t, "\"#") && !strings.HasPrefix(t, "*") && !strings.Contains(t, "/*") && !strings.Contains(t, "//") &&
		(strings.Contains(t, ", ") || strings.Contains(t, "&&") || strings.Contains(t, "||"))
}

// lineComments reports whether // comments are the file's habit.
func lineComments(f *parse.File) bool {
	line, block := 0, 0
	for _, c := range f.Comments {
		if c.Line {
			line++
		} else {
			block++
		}
	}
	return line > block
}
