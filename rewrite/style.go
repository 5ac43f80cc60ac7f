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
	tabs     bool // indentation is made of tabs
	tab      int  // columns of a tab
	level    bool // tabs up to the column of the statement, blanks from there on
	unit     int  // columns of one level: an unbraced body under its if
	inner    int  // columns from an if to the statements in its braces
	brace    braceStyle
	braceGap string // in front of a brace on the same line
	braceOne bool   // a single statement gets braces too
	keyGap   string // between if and its parenthesis
	callGap  string // between a function's name and its parenthesis
	pad      string // inside the parentheses of calls
	padKey   string // inside those of conditions
	sizeGap  string // between sizeof and its parenthesis
	limit    int    // columns that a line may have
	text     int    // columns that a line with a message may have
	wrap     wrapStyle
	line     bool   // comments are // ones
	yoda     bool   // constants stand first in comparisons
	comma    bool   // no blank behind commas
	voidGap  string // between a cast to void and the call
	sizeBare bool   // sizeof x
	sizeOwn  bool   // the function itself says which
	voids    bool   // the file casts results to void
	braceAll bool   // a single statement of several lines gets braces
	// braceLong: nearly all bodies have braces, and one under a condition of
	// several lines gets them too.
	braceLong bool
	bodyGap   bool   // an empty line follows the declarations of a function
	innerGap  bool   // and those of other blocks
	word      string // int, or gint where variables are of that type
	holds     string // between a variable and its value: " = "
	fits      bool   // empty lines behind declarations are to follow the habit
	leads     bool   // the block begins its list, with its own declaration
	declGap   string // between int and the name in a function's first declaration
}

// wrapStyle is how long lines go on.
type wrapStyle struct {
	align  bool // below the first argument
	open   bool // the line breaks right behind the parenthesis
	offset int  // columns from the line's own indentation, when not aligned
	lead   bool // && and || begin the next line
	breakStyle
}

// styleAt measures the style for an insertion into fn.
func (p *styles) styleAt(fn *parse.Func, at int) *style {
	k := styleKey{fn, at}
	st := p.measured[k]
	if st == nil {
		st = p.measure(fn, at)
		p.measured[k] = st
	}
	own := *st // the caller adds what the block needs
	return &own
}

type styleKey struct {
	fn *parse.Func
	at int
}

func (p *styles) measure(fn *parse.Func, at int) *style {
	f := fn.File
	tab := p.tab(f)
	local := newTally(tab)
	local.function(fn)
	local.lines(f.Src[lineStart(f.Src, fn.BodyPos):fn.End])
	whole, ok := p.tallies[f]
	if !ok {
		whole = newTally(tab)
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
	st := &style{eol: text.EOL(f.Src, at), tab: tab}
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
	blank, tight := callsNear(fn, at, 0) // the creation block's
	if blank+tight < 2 || blank*tight > 0 {
		blank, tight = callsNear(fn, at, 6)
	}
	if blank*tight == 0 && blank+tight > 1 {
		if blank > 0 {
			st.callGap = " " // the calls around agree
		}
	} else if pick(func(t *tally) (int, int) { return t.callBlank, t.callTight }, 3) {
		st.callGap = " "
	}
	if pick(func(t *tally) (int, int) { return t.padYes, t.padNo }, 3) {
		st.pad = " "
	}
	if pick(func(t *tally) (int, int) { return t.padKeyYes, t.padKeyNo }, 2) {
		st.padKey = " "
	}
	if pick(func(t *tally) (int, int) { return t.sizeBlank, t.sizeTight + t.sizeNone }, 1) {
		st.sizeGap = " "
	}
	st.sizeOwn = local.sizeBlank*local.sizeTight == 0 && local.sizeBlank+local.sizeTight > 1
	if local.sizes()+whole.sizes() == 0 {
		st.sizeGap = st.callGap
	}
	st.braceGap = " "
	if pick(func(t *tally) (int, int) { return t.gapNo, t.gapYes }, 1) {
		st.braceGap = ""
	}
	st.braceOne = pick(func(t *tally) (int, int) { return t.oneYes, t.oneNo }, 3)
	if whole.bare == 0 && local.braced > 3 {
		st.braceOne = true // nothing goes without
	}
	st.braceLong = local.longHead == 0 && local.braced > max(3, 8*local.bare) && (local.braced > 8 || whole.longHead == 0 && whole.braced > 8*whole.bare)
	st.tabs = pick(func(t *tally) (int, int) { return t.tabLines, t.blankLines }, 2)
	st.wrap.align = pick(func(t *tally) (int, int) { return t.align, peak(t.offsets) }, 2) ||
		local.align+peak(local.offsets)+whole.align+peak(whole.offsets) == 0
	st.wrap.open = pick(func(t *tally) (int, int) { return t.open, t.align + sum(t.offsets) }, 2)
	st.level = pick(func(t *tally) (int, int) { return t.levelYes, t.levelNo }, 1)
	st.wrap.lead = pick(func(t *tally) (int, int) { return t.lead, t.trail }, 1)
	st.brace = pickBrace(local, whole)
	st.unit = most(local.units, whole.units, 0)
	st.inner = most(local.inners, whole.inners, 0)
	if n := local.inners[st.inner]; st.inner > 0 && n > 3*local.units[st.unit] && (st.brace == braceSameLine || st.brace == braceAllman) {
		st.unit = st.inner // bodies without braces are rare here
	}
	if st.unit == 0 {
		st.unit = st.inner
		if st.brace == braceGNU {
			st.unit = st.inner / 2
		}
	}
	if st.unit == 0 && st.brace == braceSameLine {
		st.unit = most(local.bodies, whole.bodies, 0)
	}
	if st.unit == 0 {
		st.unit = 4
		if st.tabs {
			st.unit = tab
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
	st.text = textLimit(f.Src, st.limit, tab)
	st.line = lineComments(f)
	st.yoda = pick(func(t *tally) (int, int) { return t.yoda, t.plain }, 4)
	st.comma = pick(func(t *tally) (int, int) { return t.commaTight, t.commaBlank }, 4)
	st.sizeBare = pick(func(t *tally) (int, int) { return t.sizeNone, t.sizeBlank + t.sizeTight }, 1)
	if st.voidGap = ""; pick(func(t *tally) (int, int) { return t.voidBlank, t.voidTight }, 1) {
		st.voidGap = " "
	}
	st.voids = whole.voidBlank+whole.voidTight > 0
	st.braceAll = pick(func(t *tally) (int, int) { return t.longYes, t.longNo }, 2)
	st.bodyGap = whole.bodyGap >= whole.bodySnug
	st.innerGap = pick(func(t *tally) (int, int) { return t.innerGap, t.innerSnug }, 2)
	if local.innerGap+local.innerSnug+whole.innerGap+whole.innerSnug == 0 {
		st.innerGap = whole.bodyGap > whole.bodySnug // as in functions, where no inner block tells
	}
	st.word, st.holds = "int", " = "
	if pick(func(t *tally) (int, int) { return t.gints, t.ints }, 1) {
		st.word = "gint"
	}
	if pick(func(t *tally) (int, int) { return t.eqTight, t.eqBlank }, 4) {
		st.holds = "="
	}
	if st.declGap = " "; pick(func(t *tally) (int, int) { return t.declTab, t.declBlank }, 2) {
		st.declGap = "\t"
	}
	return st
}

func peak(m map[int]int) int {
	n := 0
	for _, v := range m {
		n = max(n, v)
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

// render is the white space for a line that begins extra columns behind base.
func (st *style) render(base string, extra int) string {
	if extra <= 0 {
		return base
	}
	return st.columns(width(base, st.tab) + extra)
}

func (st *style) columns(n int) string {
	if st.tabs {
		return strings.Repeat("\t", n/st.tab) + strings.Repeat(" ", n%st.tab)
	}
	return strings.Repeat(" ", n)
}

// beneath is the white space of a line that goes on another one's statement.
func (st *style) beneath(ind string, col int) string {
	if n := col - width(ind, st.tab); st.level && n > 0 {
		return ind + strings.Repeat(" ", n)
	}
	return st.columns(col)
}

// callsNear counts the calls on the lines around a place, by the blank in
// front of their parenthesis.
func callsNear(fn *parse.Func, at, below int) (blank, tight int) {
	src := fn.File.Src
	from, to := at, at
	for i := 0; i < 12 && from > fn.BodyPos; i++ {
		from = lineStart(src, from-1)
	}
	for i := 0; i < below && to < fn.End; i++ {
		to = lineEnd(src, to)
	}
	t := newTally(8)
	var toks []parse.Token
	for _, k := range fn.Tokens() {
		if int(k.Off) >= max(from, fn.BodyPos) && int(k.End) <= to {
			toks = append(toks, k)
		}
	}
	t.tokens(src, toks)
	return t.callBlank, t.callTight
}

// styles measures the style of places, each file and each function once.
type styles struct {
	*program
	measured map[styleKey]*style
	tallies  map[*parse.File]*tally
	limits   map[*parse.File]int
	tabs     map[*parse.File]int // columns of a tab
}

func newStyles(p *program) *styles {
	return &styles{program: p, measured: map[styleKey]*style{}, tallies: map[*parse.File]*tally{}, limits: map[*parse.File]int{}, tabs: map[*parse.File]int{}}
}

// one declares a variable that holds 1.
func (st *style) one(name string, konst bool) string {
	word := st.word
	if konst {
		word = "const " + word
	}
	return word + " " + name + st.holds + "1;"
}
