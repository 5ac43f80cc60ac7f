package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
)

// braceStyle is where the braces of an if stand.
type braceStyle int8

const (
	braceSameLine    braceStyle = iota // if (x) {
	braceAllman                        // on a line of its own, in the column of the if
	braceGNU                           // on a line of its own, half way in
	braceWhitesmiths                   // on a line of its own, in the column of the body
)

// style is how the code around one place is laid out. It is measured in the
// function first; what the function does not show is taken from the file.
type style struct {
	eol      string
	tabs     bool // eight columns of indentation are a tab
	unit     int  // columns of one level: an unbraced body under its if
	inner    int  // columns from an if to the statements in its braces
	brace    braceStyle
	braceGap string // in front of a brace on the same line
	braceOne bool   // a single statement gets braces too
	keyGap   string // between if and its parenthesis
	callGap  string // between a function's name and its parenthesis
	pad      string // inside the parentheses of calls and conditions
	sizeGap  string // between sizeof and its parenthesis
	limit    int    // columns that a line may have
	text     int    // columns that a line with a message may have
	wrap     wrapStyle
	line     bool // comments are // ones
}

// wrapStyle is how long lines go on.
type wrapStyle struct {
	align  bool // below the first argument
	open   bool // the line breaks right behind the parenthesis
	offset int  // columns from the line's own indentation, when not aligned
	lead   bool // && and || begin the next line
}

// tally counts what the tokens of a piece of code show.
type tally struct {
	keyTight, keyBlank, callTight, callBlank, padYes, padNo int
	sizeTight, sizeBlank, sizeNone                          int
	align, open                                             int
	offsets                                                 map[int]int
	gapYes, gapNo                                           int
	same, allman, gnu, white                                int
	units, inners                                           map[int]int
	oneYes, oneNo                                           int
	tabLines, blankLines                                    int
	lead, trail                                             int
}

func newTally() *tally {
	return &tally{offsets: map[int]int{}, units: map[int]int{}, inners: map[int]int{}}
}

// styleAt measures the style for an insertion into fn.
func (p *project) styleAt(fn *parse.Func, at int) *style {
	f := fn.File
	local := newTally()
	local.function(fn)
	local.lines(f.Src[lineStart(f.Src, fn.BodyPos):fn.End])
	whole, ok := p.tallies[f]
	if !ok {
		whole = newTally()
		last := -1
		for _, g := range f.Funcs {
			if g.Macro == nil && g.Start > last {
				whole.function(g)
				last = g.Start
			}
		}
		whole.lines(f.Src)
		p.tallies[f] = whole
	}
	st := &style{eol: text.EOL(f.Src, at)}
	pick := func(get func(t *tally) (a, b int), enough int) bool {
		a, b := get(local)
		if a+b < enough {
			c, d := get(whole)
			a, b = a*3+c, b*3+d
		}
		return a > b
	}
	if pick(func(t *tally) (int, int) { return t.keyBlank, t.keyTight }, 1) {
		st.keyGap = " "
	}
	if pick(func(t *tally) (int, int) { return t.callBlank, t.callTight }, 3) {
		st.callGap = " "
	}
	if pick(func(t *tally) (int, int) { return t.padYes, t.padNo }, 3) {
		st.pad = " "
	}
	if pick(func(t *tally) (int, int) { return t.sizeBlank, t.sizeTight + t.sizeNone }, 2) {
		st.sizeGap = " "
	}
	st.braceGap = " "
	if pick(func(t *tally) (int, int) { return t.gapNo, t.gapYes }, 1) {
		st.braceGap = ""
	}
	st.braceOne = pick(func(t *tally) (int, int) { return t.oneYes, t.oneNo }, 3)
	st.tabs = pick(func(t *tally) (int, int) { return t.tabLines, t.blankLines }, 2)
	st.wrap.align = pick(func(t *tally) (int, int) { return t.align, peak(t.offsets) }, 2) ||
		local.align+peak(local.offsets)+whole.align+peak(whole.offsets) == 0
	st.wrap.open = pick(func(t *tally) (int, int) { return t.open, t.align + sum(t.offsets) }, 2)
	st.wrap.lead = pick(func(t *tally) (int, int) { return t.lead, t.trail }, 1)
	st.brace = pickBrace(local, whole)
	st.unit = most(local.units, whole.units, 0)
	st.inner = most(local.inners, whole.inners, 0)
	if st.unit == 0 {
		st.unit = st.inner
		if st.brace == braceGNU {
			st.unit = st.inner / 2
		}
	}
	if st.unit == 0 {
		st.unit = 4
		if st.tabs {
			st.unit = 8
		}
	}
	if st.inner == 0 {
		st.inner = st.unit
		if st.brace == braceGNU {
			st.inner = 2 * st.unit
		}
	}
	st.wrap.offset = most(local.offsets, whole.offsets, st.unit)
	st.limit = p.limit(f)
	st.text = textLimit(f.Src, st.limit)
	st.line = lineComments(f)
	return st
}

func peak(m map[int]int) int {
	n := 0
	for _, v := range m {
		n = max(n, v)
	}
	return n
}

// limit is lineLimit, measured once a file.
func (p *project) limit(f *parse.File) int {
	n, ok := p.limits[f]
	if !ok {
		n = lineLimit(f)
		p.limits[f] = n
	}
	return n
}

func sum(m map[int]int) int {
	n := 0
	for _, v := range m {
		n += v
	}
	return n
}

// most returns the key with the highest count, the smaller one on a draw.
func most(local, whole map[int]int, otherwise int) int {
	best, n := otherwise, 0
	count := map[int]int{}
	for k, v := range local {
		count[k] += 4 * v
	}
	for k, v := range whole {
		count[k] += v
	}
	for k, v := range count {
		if k > 0 && k <= 32 && (v > n || v == n && k < best) {
			best, n = k, v
		}
	}
	return best
}

func pickBrace(local, whole *tally) braceStyle {
	for _, t := range []*tally{local, whole} {
		best, n := braceSameLine, t.same
		for b, c := range map[braceStyle]int{braceAllman: t.allman, braceGNU: t.gnu, braceWhitesmiths: t.white} {
			if c > n || c == n && c > 0 && b < best {
				best, n = b, c
			}
		}
		if n > 0 {
			return best
		}
	}
	return braceSameLine
}

// function counts one function.
func (t *tally) function(fn *parse.Func) {
	src := fn.File.Src
	toks := fn.Tokens()
	t.tokens(src, toks)
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SIf && s.Body != nil && s.HeadEnd > 0 {
			t.ifStmt(src, s)
		}
		return true
	})
}

// ifStmt counts braces and indentation of one if.
func (t *tally) ifStmt(src []byte, s *parse.Stmt) {
	if !firstOnLine(src, s.Pos) {
		return
	}
	at := width(indentAt(src, s.Pos))
	b := s.Body
	if b.Kind != parse.SBlock {
		if firstOnLine(src, b.Pos) {
			t.units[width(indentAt(src, b.Pos))-at]++
		}
		if s.Else == nil {
			t.oneNo++
		}
		return
	}
	if len(b.List) == 1 && s.Else == nil && b.List[0].Kind != parse.SIf {
		t.oneYes++
	}
	off := 0
	if len(b.List) > 0 && firstOnLine(src, b.List[0].Pos) {
		off = width(indentAt(src, b.List[0].Pos)) - at
		t.inners[off]++
	}
	switch brace := width(indentAt(src, b.Pos)) - at; {
	case !firstOnLine(src, b.Pos):
		t.same++
		count(b.Pos == s.HeadEnd, &t.gapNo, &t.gapYes)
	case brace <= 0:
		t.allman++
	case off > brace:
		t.gnu++
	default:
		t.white++
	}
}

// tokens counts blanks and line breaks between tokens.
func (t *tally) tokens(src []byte, toks []parse.Token) {
	var open []int // indices of open parentheses
	for i, k := range toks {
		if i+1 >= len(toks) {
			break
		}
		n := toks[i+1]
		switch {
		case k.Op == parse.KwIf || k.Op == parse.KwWhile || k.Op == parse.KwFor || k.Op == parse.KwSwitch:
			if n.Op == parse.LParen {
				count(n.Off == k.End, &t.keyTight, &t.keyBlank)
			}
		case k.Op == parse.KwSizeof:
			if n.Op == parse.LParen {
				count(n.Off == k.End, &t.sizeTight, &t.sizeBlank)
			} else {
				t.sizeNone++
			}
		case k.Kind == parse.Ident && n.Op == parse.LParen && !n.Bol:
			count(n.Off == k.End, &t.callTight, &t.callBlank)
		case k.Op == parse.AndAnd || k.Op == parse.OrOr:
			if k.Bol {
				t.lead++
			} else if n.Bol {
				t.trail++
			}
		}
		switch k.Op {
		case parse.LParen:
			open = append(open, i)
			if n.Op != parse.RParen && !n.Bol {
				count(n.Off == k.End, &t.padNo, &t.padYes)
			}
		case parse.RParen:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
		if n.Bol && len(open) > 0 && n.Op != parse.RParen {
			t.wrapped(src, toks, open, i)
		}
	}
}

func count(first bool, a, b *int) {
	if first {
		*a++
	} else {
		*b++
	}
}

// wrapped counts how the line break behind token i is indented.
func (t *tally) wrapped(src []byte, toks []parse.Token, open []int, i int) {
	n := int(toks[i+1].Off)
	col := width(string(src[lineStart(src, n):n]))
	o := toks[open[len(open)-1]]
	head := lineStart(src, int(toks[open[0]].Off))
	own := width(indentAt(src, head))
	if int(o.End) == int(toks[i].End) { // right behind the parenthesis
		t.open++
		t.offsets[col-own]++
		return
	}
	first := int(toks[open[len(open)-1]+1].Off)
	switch at := width(string(src[lineStart(src, first):first])); {
	case at == col && col-own == 4:
		// Below the condition of an if and four columns in are the same.
	case at == col, col-own > 16, col-own > 8 && col-own%8 != 0:
		t.align++
	case col-own < 4: // nobody's habit
	default:
		t.offsets[col-own]++
	}
}

// lines counts lines that begin with a tab, and with eight blanks.
func (t *tally) lines(src []byte) {
	for len(src) > 0 {
		end := lineEnd(src, 0)
		l := src[:end]
		src = src[end:]
		switch {
		case len(l) > 1 && l[0] == '\t':
			t.tabLines++
		case strings.HasPrefix(string(l), "    "):
			ind := indentAt(l, 0)
			if strings.Contains(ind, "\t") {
				t.tabLines++
			} else if len(ind) >= 8 && strings.TrimSpace(string(l)) != "" {
				t.blankLines++
			}
		}
	}
}

// lineLimits are the columns that projects agree on, the usual one first.
var lineLimits = []int{80, 100, 120, 132}

// lineLimit finds the limit that explains the file's lines best: few lines are
// longer, and few were broken that would have fitted.
func lineLimit(f *parse.File) int {
	longer, broken := lineStats(f)
	best := 0
	for best+1 < len(lineLimits) && longer[best] > 2 && longer[best] >= broken[best+1]-broken[best] {
		best++
	}
	return lineLimits[best]
}

// lineStats counts, for each limit, the lines that are longer and those that
// were broken though they would have fitted.
func lineStats(f *parse.File) (longer, broken []int) {
	src := f.Src
	longer = make([]int, len(lineLimits))
	broken = make([]int, len(lineLimits))
	for at := 0; at < len(src); at = lineEnd(src, at) {
		l := strings.TrimRight(string(src[at:lineEnd(src, at)]), "\r\n\t ")
		if !couldBreak(l) {
			continue
		}
		w := width(l)
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
		case parse.LParen:
			depth++
		case parse.RParen:
			depth--
		case parse.LBrace, parse.RBrace, parse.Semi:
			depth = 0
		}
		if depth <= 0 || !n.Bol || t.Op != parse.Comma && t.Op != parse.AndAnd && t.Op != parse.OrOr {
			continue
		}
		// What the line would be with the next piece on it.
		j := i + 1
		for j+1 < len(f.Toks) && f.Toks[j].Op != parse.Comma && f.Toks[j].Op != parse.RParen && !f.Toks[j+1].Bol {
			j++
		}
		w := width(string(src[lineStart(src, int(t.Off)):t.End])) + 1 + int(f.Toks[j].End-n.Off)
		for k, l := range lineLimits {
			if w <= l {
				broken[k]++
			}
		}
	}
	return longer, broken
}

// textLimit is the limit for lines with a message: some programs never break
// behind one, however long the line gets.
func textLimit(src []byte, limit int) int {
	long, broken := 0, 0
	for at := 0; at < len(src); at = lineEnd(src, at) {
		l := strings.TrimRight(string(src[at:lineEnd(src, at)]), "\r\n\t ")
		switch {
		case strings.HasSuffix(l, `",`):
			broken++
		case strings.Contains(l, `", `) && width(l) > limit:
			long++
		}
	}
	if long > 2 && long > 2*broken {
		return 132
	}
	return limit
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

// render is the white space for a line that begins extra columns behind base.
func (st *style) render(base string, extra int) string {
	if extra <= 0 {
		return base
	}
	return st.columns(width(base) + extra)
}

func (st *style) columns(n int) string {
	if st.tabs {
		return strings.Repeat("\t", n/8) + strings.Repeat(" ", n%8)
	}
	return strings.Repeat(" ", n)
}
