// Package style measures the layout of the code around a place and lays out new
// lines like it. Tokens and statements are counted in the function first and, where
// that shows too little, in the file: what occurs more often wins. Each file is
// counted once, in time linear in its tokens.
package style

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// BraceStyle is where the braces of an if stand.
type BraceStyle int8

const (
	BraceSameLine    BraceStyle = iota // if (x) {
	braceAllman                        // on a line of its own, in the column of the if
	BraceGNU                           // on a line of its own, half way in
	BraceWhitesmiths                   // on a line of its own, in the column of the body
)

// CommaStyle is whether a blank stands after commas.
type CommaStyle int8

const (
	CommasUnknown CommaStyle = iota
	CommasTight
	CommasBlank
)

// Style is how the code around one place is laid out. It is measured in the
// function first; what the function does not show is taken from the file.
type Style struct {
	EOL          string
	tabs         bool // indentation is made of tabs
	Tab          int  // columns of a tab
	level        bool // tabs up to the column of the statement, blanks from there on
	Unit         int  // columns of one level: an unbraced body under its if
	Inner        int  // columns from an if to the statements in its braces
	Brace        BraceStyle
	BraceGap     string // before a brace on the same line
	BraceOne     bool   // a single statement gets braces too
	keyGap       string // between if and its parenthesis
	CallGap      string // between a function's name and its parenthesis
	Pad          string // inside the parentheses of calls
	padKey       string // inside those of conditions
	SizeGap      string // between sizeof and its parenthesis
	SizePad      string // inside the parentheses of sizeof
	SizeSeen     bool   // the function or the file has such
	Limit        int    // columns that a line may have
	TextLimit    int    // columns that a line with a message may have
	Wrap         WrapStyle
	LineComments bool // comments are // ones
	Yoda         bool // constants stand first in comparisons
	TightCommas  bool // no blank after commas
	// OptionCommas are the commas of calls that set an option, where the program's others
	// agree on them.
	OptionCommas CommaStyle
	VoidGap      string // between a cast to void and the call
	SizeBare     bool   // sizeof x
	SizeOwn      bool   // the function itself says which
	Voids        bool   // the file casts results to void
	braceAll     bool   // a single statement of several lines gets braces
	// BraceLong: nearly all bodies have braces, and one under a condition of
	// several lines gets them too.
	BraceLong  bool
	longBare   bool   // a body under a condition of several lines goes without somewhere
	bodyGap    bool   // an empty line follows the declarations of a function
	InnerGap   bool   // and those of other blocks
	IntWord    string // int, or gint where variables are of that type
	EqualSign  string // between a variable and its value: " = "
	FollowGaps bool   // empty lines after declarations are to follow the habit
	LeadsBlock bool   // the block begins its list, with its own declaration
	DeclGap    string // between int and the name in a function's first declaration
}

// WrapStyle is how long lines go on.
type WrapStyle struct {
	Align  bool // below the first argument
	Open   bool // the line breaks right after the parenthesis
	OpenBy int  // columns from the line's own indentation to what follows it then, 0 where that is not known
	Offset int  // columns from the line's own indentation, when not aligned
	lead   bool // && and || begin the next line
	BreakStyle
}

// StyleAt measures the style for an insertion into fn.
func (p *Styles) StyleAt(fn *parse.Func, at int) *Style {
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

func (p *Styles) measure(fn *parse.Func, at int) *Style {
	f := fn.File
	tab := p.tab(f)
	m := measured{local: NewCounts(tab), whole: p.fileCounts(f, tab)}
	m.local.function(fn)
	m.local.lines(f.Src[text.LineStart(f.Src, fn.BodyPos):fn.End])
	st := &Style{EOL: text.EOL(f.Src, at), Tab: tab}
	m.calls(st, fn, at)
	m.braces(st)
	m.indentation(st)
	m.lineBreaks(st)
	lines := p.linesOf(f)
	st.Limit, st.TextLimit, st.LineComments = lines.limit, lines.text, lines.comments
	m.habits(st)
	m.declarations(st)
	return st
}

// fileCounts counts what a file shows, each function once.
func (p *Styles) fileCounts(f *parse.File, tab int) *Counts {
	if whole, ok := p.counts[f]; ok {
		return whole
	}
	whole := NewCounts(tab)
	last := -1
	for _, g := range f.Funcs {
		if g.Macro == nil && g.Start > last {
			whole.function(g)
			last = g.Start
		}
	}
	whole.lines(f.Src)
	p.counts[f] = whole
	return whole
}

// measured is what a function and its file show.
type measured struct{ local, whole *Counts }

// pick reports which of two ways prevails: in the function where it shows enough of them,
// else in the file, where the function counts threefold.
func (m measured) pick(get func(t *Counts) (a, b int), enough int) bool {
	a, b := get(m.local)
	if a+b < enough {
		c, d := get(m.whole)
		a, b = a*3+c, b*3+d
	}
	return a > b
}

// calls sets the blanks of calls, conditions and sizeof.
func (m measured) calls(st *Style, fn *parse.Func, at int) {
	local, whole := m.local, m.whole
	if !m.pick(func(t *Counts) (int, int) { return t.keyTight, t.keyBlank }, 1) {
		st.keyGap = " "
	}
	blank, tight := callsNear(fn, at, 0) // the creation block's
	if blank+tight < 2 || blank*tight > 0 {
		blank, tight = callsNear(fn, at, 6)
	}
	if blank*tight == 0 && blank+tight > 1 {
		if blank > 0 {
			st.CallGap = " " // the calls around agree
		}
	} else if m.pick(func(t *Counts) (int, int) { return t.callBlank, t.callTight }, 3) {
		st.CallGap = " "
	}
	if m.pick(func(t *Counts) (int, int) { return t.padYes, t.padNo }, 3) {
		st.Pad = " "
	}
	if m.pick(func(t *Counts) (int, int) { return t.padKeyYes, t.padKeyNo }, 2) {
		st.padKey = " "
	}
	if m.pick(func(t *Counts) (int, int) { return t.sizeBlank, t.sizeTight + t.sizeNone }, 1) {
		st.SizeGap = " "
	}
	if st.SizeSeen = whole.sizePad+whole.sizeSnug > 0; m.pick(func(t *Counts) (int, int) { return t.sizePad, t.sizeSnug }, 1) {
		st.SizePad = " "
	}
	st.SizeOwn = local.sizeBlank*local.sizeTight == 0 && local.sizeBlank+local.sizeTight > 1
	if local.sizes()+whole.sizes() == 0 {
		st.SizeGap = st.CallGap
	}
	st.SizeBare = m.pick(func(t *Counts) (int, int) { return t.sizeNone, t.sizeBlank + t.sizeTight }, 1)
}

// braces sets where braces stand and what has them.
func (m measured) braces(st *Style) {
	local, whole := m.local, m.whole
	st.BraceGap = " "
	if m.pick(func(t *Counts) (int, int) { return t.gapNo, t.gapYes }, 1) {
		st.BraceGap = ""
	}
	st.BraceOne = m.pick(func(t *Counts) (int, int) { return t.oneYes, t.oneNo }, 3)
	switch {
	case whole.bareBelow == 0 && local.braced > 3 && whole.braced > 8*whole.bare:
		st.BraceOne = true // nothing goes without, but a few on the line of their if: if (n < 0) n = 0;
	case whole.bare == 0 && whole.braced > 5:
		st.BraceOne = true // no body of the file goes without
	}
	st.BraceLong = local.longHead == 0 && local.braced > max(3, 8*local.bare) &&
		(local.braced > 8 || whole.longHead == 0 && whole.braced > 8*whole.bare)
	st.longBare = local.longHead+whole.longHead > 0 || whole.braced == 0
	st.braceAll = m.pick(func(t *Counts) (int, int) { return t.longYes, t.longNo }, 2)
	st.Brace = pickBrace(local, whole)
}

// indentation sets the columns of one level; the braces are known.
func (m measured) indentation(st *Style) {
	local, whole := m.local, m.whole
	st.tabs = m.pick(func(t *Counts) (int, int) { return t.tabLines, t.blankLines }, 2)
	st.level = m.pick(func(t *Counts) (int, int) { return t.levelYes, t.levelNo }, 1)
	st.Unit = most(local.units, whole.units, 0)
	st.Inner = most(local.inners, whole.inners, 0)
	if n := local.inners[st.Inner]; st.Inner > 0 && n > 3*local.units[st.Unit] && (st.Brace == BraceSameLine || st.Brace == braceAllman) {
		st.Unit = st.Inner // bodies without braces are rare here
	}
	if st.Brace == BraceGNU && st.Inner > 0 && len(local.units) == 0 && len(local.inners) > 0 {
		st.Unit = 0 // the function's own blocks tell
	}
	if st.Unit == 0 {
		st.Unit = st.Inner
		if st.Brace == BraceGNU {
			st.Unit = st.Inner / 2
		}
	}
	if st.Unit == 0 && st.Brace == BraceSameLine {
		st.Unit = most(local.bodies, whole.bodies, 0)
	}
	if st.Unit == 0 {
		st.Unit = 4
		if st.tabs {
			st.Unit = st.Tab
		}
	}
	if st.Inner == 0 {
		st.Inner = st.Unit
		if st.Brace == BraceGNU {
			st.Inner = 2 * st.Unit
		}
	}
}

// lineBreaks sets how a line that is too long goes on; the columns of a level are known.
func (m measured) lineBreaks(st *Style) {
	local, whole := m.local, m.whole
	st.Wrap.Align = m.pick(func(t *Counts) (int, int) { return t.align, highestCount(t.offsets) }, 2) ||
		local.align+highestCount(local.offsets)+whole.align+highestCount(whole.offsets) == 0
	st.Wrap.Open = m.pick(func(t *Counts) (int, int) { return t.open, t.align + sum(t.offsets) }, 2)
	st.Wrap.lead = m.pick(func(t *Counts) (int, int) { return t.lead, t.trail }, 1)
	st.Wrap.Offset = most(local.offsets, whole.offsets, st.Unit)
}

// habits sets what else is a matter of taste.
func (m measured) habits(st *Style) {
	whole := m.whole
	st.Yoda = m.pick(func(t *Counts) (int, int) { return t.yoda, t.plain }, 4)
	st.TightCommas = m.pick(func(t *Counts) (int, int) { return t.commaTight, t.commaBlank }, 4)
	if st.VoidGap = ""; m.pick(func(t *Counts) (int, int) { return t.VoidBlank, t.VoidTight }, 1) {
		st.VoidGap = " "
	}
	st.Voids = whole.VoidBlank+whole.VoidTight > 0
}

// declarations sets how the declarations at the start of a block are written.
func (m measured) declarations(st *Style) {
	local, whole := m.local, m.whole
	st.bodyGap = whole.bodyGap >= whole.bodySnug
	st.InnerGap = m.pick(func(t *Counts) (int, int) { return t.InnerGap, t.innerSnug }, 2)
	if local.InnerGap+local.innerSnug+whole.InnerGap+whole.innerSnug == 0 {
		st.InnerGap = whole.bodyGap > whole.bodySnug // as in functions, where no inner block tells
	}
	st.IntWord, st.EqualSign = "int", " = "
	if m.pick(func(t *Counts) (int, int) { return t.gints, t.ints }, 1) {
		st.IntWord = "gint"
	}
	if m.pick(func(t *Counts) (int, int) { return t.eqTight, t.eqBlank }, 4) {
		st.EqualSign = "="
	}
	if st.DeclGap = " "; m.pick(func(t *Counts) (int, int) { return t.declTab, t.declBlank }, 2) {
		st.DeclGap = "\t"
	}
}

func highestCount(m map[int]int) int {
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

func pickBrace(local, whole *Counts) BraceStyle {
	for _, t := range []*Counts{local, whole} {
		best, n := BraceSameLine, t.same
		for b, c := range map[BraceStyle]int{braceAllman: t.allman, BraceGNU: t.gnu, BraceWhitesmiths: t.white} {
			if c > n || c == n && c > 0 && b < best {
				best, n = b, c
			}
		}
		if n > 0 {
			return best
		}
	}
	return BraceSameLine
}

// Indent is the white space for a line that begins extra columns after base.
func (st *Style) Indent(base string, extra int) string {
	if extra <= 0 {
		return base
	}
	return st.Columns(text.Width(base, st.Tab) + extra)
}

// WithBlanks is the style where a function, other than its file, indents with blanks, by so
// many a level.
func (st *Style) WithBlanks(unit int) *Style {
	own := *st
	own.tabs, own.Unit, own.Inner = false, unit, unit*max(1, st.Inner/max(1, st.Unit))
	return &own
}

// Columns returns white space n columns wide, with tabs if the file indents with tabs.
func (st *Style) Columns(n int) string {
	if st.tabs {
		return strings.Repeat("\t", n/st.Tab) + strings.Repeat(" ", n%st.Tab)
	}
	return strings.Repeat(" ", n)
}

// continuationIndent is the white space of a line that goes on another one's statement.
func (st *Style) continuationIndent(ind string, col int) string {
	if n := col - text.Width(ind, st.Tab); st.level && n > 0 {
		return ind + strings.Repeat(" ", n)
	}
	return st.Columns(col)
}

// callsNear counts the calls on the lines around a place, by the blank in
// front of their parenthesis.
func callsNear(fn *parse.Func, at, below int) (blank, tight int) {
	src := fn.File.Src
	from, to := at, at
	for i := 0; i < 12 && from > fn.BodyPos; i++ {
		from = text.LineStart(src, from-1)
	}
	for i := 0; i < below && to < fn.End; i++ {
		to = text.LineEnd(src, to)
	}
	t := NewCounts(8)
	var toks []token.Token
	for _, k := range fn.Tokens() {
		if int(k.Off) >= max(from, fn.BodyPos) && int(k.End) <= to {
			toks = append(toks, k)
		}
	}
	t.Tokens(src, toks)
	return t.callBlank, t.callTight
}

// Styles measures the style of places, each file and each function once.
type Styles struct {
	*ctree.Program
	measured map[styleKey]*Style
	counts   map[*parse.File]*Counts
	lines    map[*parse.File]lineHabits
	tabs     map[*parse.File]int // columns of a tab
}

// NewStyles returns an empty collection; functions and files are measured on demand.
func NewStyles(p *ctree.Program) *Styles {
	return &Styles{Program: p, measured: map[styleKey]*Style{}, counts: map[*parse.File]*Counts{},
		lines: map[*parse.File]lineHabits{}, tabs: map[*parse.File]int{}}
}

// DeclareOne declares a variable that holds 1.
func (st *Style) DeclareOne(name string, konst bool) string {
	word := st.IntWord
	if konst {
		word = "const " + word
	}
	return word + " " + name + st.EqualSign + "1;"
}
