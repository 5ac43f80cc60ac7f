package style

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// Counts counts what the tokens of a piece of code show.
type Counts struct {
	tab                                                     int // columns of a tab
	padKeyYes, padKeyNo                                     int
	levelYes, levelNo                                       int
	keyTight, keyBlank, callTight, callBlank, padYes, padNo int
	sizeTight, sizeBlank, sizeNone, sizePad, sizeSnug       int
	align, open                                             int
	offsets                                                 map[int]int
	gapYes, gapNo                                           int
	same, allman, gnu, white                                int
	units, inners                                           map[int]int
	bodies                                                  map[int]int // columns from other heads to their blocks
	oneYes, oneNo                                           int
	braced, bare, longHead                                  int // all ifs with braces, without, and without under a head of several lines
	bareBelow                                               int // those without whose statement is on a line of its own
	tabLines, blankLines                                    int
	lead, trail                                             int
	yoda, plain                                             int
	commaTight, commaBlank                                  int
	VoidTight, VoidBlank                                    int
	longYes, longNo                                         int
	bodyGap, bodySnug, InnerGap, innerSnug                  int
	declTab, declBlank                                      int
	ints, gints                                             int
	eqTight, eqBlank                                        int
}

// NewCounts returns empty counts for files whose tabs are tab columns wide.
func NewCounts(tab int) *Counts {
	return &Counts{tab: tab, offsets: map[int]int{}, units: map[int]int{}, inners: map[int]int{}, bodies: map[int]int{}}
}

// sizes is how many sizeof there are.
func (t *Counts) sizes() int { return t.sizeBlank + t.sizeTight + t.sizeNone }

// function counts one function.
func (t *Counts) function(fn *parse.Func) {
	src := fn.File.Src
	toks := fn.Tokens()
	t.Tokens(src, toks)
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SIf && s.Body != nil && s.HeadEnd > 0 {
			t.ifStmt(src, s)
		}
		if s.Kind == parse.SBlock {
			t.Block(src, s)
		}
		if s.Kind == parse.SDecl {
			for _, d := range s.Decls {
				if ctree.IsPlainInt(d) {
					ctree.Count(d.Type.Base == "gint", &t.gints, &t.ints)
				}
			}
		}
		s.Exprs(func(e *parse.Expr) { e.Walk(t.comparison) })
		return true
	})
}

// Block counts what follows the declarations that a block begins with.
func (t *Counts) Block(src []byte, b *parse.Stmt) {
	if up := b.Parent; len(b.List) > 0 && text.FirstOnLine(src, b.List[0].Pos) &&
		(up == nil || up.Kind == parse.SWhile || up.Kind == parse.SFor) {
		t.bodies[text.Width(text.IndentAt(src, b.List[0].Pos), t.tab)-text.Width(text.IndentAt(src, b.End-1), t.tab)]++
	}
	for i, s := range b.List {
		if s.Kind == parse.SDecl {
			if ctree.IsPlainIntStmt(s) && i == 0 {
				ctree.Count(src[s.Decls[0].NamePos-1] == '\t', &t.declTab, &t.declBlank)
			}
			continue
		}
		if i == 0 || text.LineEnd(src, b.List[i-1].End) >= s.Pos {
			return
		}
		gap := false
		for at := text.LineEnd(src, b.List[i-1].End); at < s.Pos; at = text.LineEnd(src, at) {
			gap = gap || text.BlankLine(src, at)
		}
		if b.Parent == nil {
			ctree.Count(gap, &t.bodyGap, &t.bodySnug)
		} else {
			ctree.Count(gap, &t.InnerGap, &t.innerSnug)
		}
		return
	}
}

// comparison counts on which side constants stand.
func (t *Counts) comparison(x *parse.Expr) bool {
	if x.Kind == parse.XBinary && (x.Op == token.EqEq || x.Op == token.NotEq) {
		l, r := ctree.IsConst(x.X), ctree.IsConst(x.Y)
		if l != r {
			ctree.Count(l, &t.yoda, &t.plain)
		}
	}
	return true
}

// ifStmt counts braces and indentation of one if.
func (t *Counts) ifStmt(src []byte, s *parse.Stmt) {
	if !text.FirstOnLine(src, s.Pos) {
		return
	}
	at := text.Width(text.IndentAt(src, s.Pos), t.tab)
	b := s.Body
	if b.Kind != parse.SBlock {
		t.bare++
		if strings.Contains(string(src[s.Pos:s.HeadEnd]), "\n") {
			t.longHead++
		}
		if s.Else == nil && strings.Contains(string(src[b.Pos:b.End]), "\n") && b.Kind == parse.SExpr {
			t.longNo++
		}
		if text.FirstOnLine(src, b.Pos) {
			t.bareBelow++
			t.units[text.Width(text.IndentAt(src, b.Pos), t.tab)-at]++
		}
		if s.Else == nil {
			t.oneNo++
		}
		return
	}
	t.braced++
	if len(b.List) == 1 && s.Else == nil && b.List[0].Kind != parse.SIf {
		t.oneYes++
		if x := b.List[0]; x.Kind == parse.SExpr && strings.Contains(string(src[x.Pos:x.End]), "\n") {
			t.longYes++
		}
	}
	off := 0
	if len(b.List) > 0 && text.FirstOnLine(src, b.List[0].Pos) {
		off = text.Width(text.IndentAt(src, b.List[0].Pos), t.tab) - at
		t.inners[off]++
	}
	switch brace := text.Width(text.IndentAt(src, b.Pos), t.tab) - at; {
	case !text.FirstOnLine(src, b.Pos):
		t.same++
		ctree.Count(b.Pos == s.HeadEnd, &t.gapNo, &t.gapYes)
	case brace <= 0:
		t.allman++
	case off > brace:
		t.gnu++
	default:
		t.white++
	}
}

// Tokens counts blanks and line breaks between tokens.
func (t *Counts) Tokens(src []byte, toks []token.Token) {
	var open []int // indices of open parentheses
	for i, k := range toks {
		if i+1 >= len(toks) {
			break
		}
		n := toks[i+1]
		switch {
		case k.Op == token.KwIf || k.Op == token.KwWhile || k.Op == token.KwFor || k.Op == token.KwSwitch:
			if n.Op == token.LParen {
				ctree.Count(n.Off == k.End, &t.keyTight, &t.keyBlank)
			}
		case k.Op == token.KwSizeof:
			if n.Op == token.LParen {
				ctree.Count(n.Off == k.End, &t.sizeTight, &t.sizeBlank)
			} else {
				t.sizeNone++
			}
		case n.Op == token.Assign && !n.Bol && i+2 < len(toks) && !toks[i+2].Bol:
			ctree.Count(n.Off == k.End && toks[i+2].Off == n.End, &t.eqTight, &t.eqBlank)
		case k.Kind == token.Ident && n.Op == token.LParen && !n.Bol:
			ctree.Count(n.Off == k.End, &t.callTight, &t.callBlank)
		case k.Op == token.Comma && len(open) > 0 && !n.Bol:
			ctree.Count(n.Off == k.End, &t.commaTight, &t.commaBlank)
		case k.Op == token.RParen && i > 1 && string(src[toks[i-1].Off:toks[i-1].End]) == "void" && toks[i-2].Op == token.LParen &&
			n.Kind == token.Ident && !n.Bol && i+2 < len(toks) && toks[i+2].Op == token.LParen:
			ctree.Count(n.Off == k.End, &t.VoidTight, &t.VoidBlank)
		case k.Op == token.AndAnd || k.Op == token.OrOr:
			if k.Bol {
				t.lead++
			} else if n.Bol {
				t.trail++
			}
		}
		switch k.Op {
		case token.LParen:
			open = append(open, i)
			if n.Op == token.RParen || n.Bol || i == 0 {
				break
			}
			switch before := toks[i-1]; {
			case before.Op == token.KwIf || before.Op == token.KwWhile || before.Op == token.KwFor || before.Op == token.KwSwitch:
				ctree.Count(n.Off == k.End, &t.padKeyNo, &t.padKeyYes)
			case before.Op == token.KwSizeof:
				ctree.Count(n.Off == k.End, &t.sizeSnug, &t.sizePad)
			case before.Kind == token.Ident:
				ctree.Count(n.Off == k.End, &t.padNo, &t.padYes)
			}
		case token.RParen:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
		if n.Bol && len(open) > 0 && n.Op != token.RParen {
			t.wrapped(src, toks, open, i)
		}
	}
}

// wrapped counts how the line break after token i is indented.
func (t *Counts) wrapped(src []byte, toks []token.Token, open []int, i int) {
	n := int(toks[i+1].Off)
	ind := string(src[text.LineStart(src, n):n])
	col := text.Width(ind, t.tab)
	o := toks[open[len(open)-1]]
	head := text.LineStart(src, int(toks[open[0]].Off))
	own := text.Width(text.IndentAt(src, head), t.tab)
	t.levelled(text.IndentAt(src, head), ind)
	if int(o.End) == int(toks[i].End) { // right after the parenthesis
		t.open++
		t.offsets[col-own]++
		return
	}
	first := int(toks[open[len(open)-1]+1].Off)
	switch at := text.Width(string(src[text.LineStart(src, first):first]), t.tab); {
	case at == col && col-own == 4:
		// Below the condition of an if and four columns in are the same.
	case at == col, col-own > 16, col-own > 8 && (col-own)%8 != 0:
		t.align++
	case col-own < 4: // no program's habit
	default:
		t.offsets[col-own]++
	}
}

// levelled counts lines that go on another and keep its tabs, with blanks after
// them where tabs would have fitted, and those that have more tabs.
func (t *Counts) levelled(head, ind string) {
	tabs := strings.Count(head, "\t")
	switch n := strings.Count(ind, "\t"); {
	case tabs == 0 || strings.Trim(ind, "\t ") != "":
	case n == tabs && len(ind)-n >= t.tab:
		t.levelYes++
	case n > tabs:
		t.levelNo++
	}
}

// lines counts lines that begin with a tab, and with eight blanks.
func (t *Counts) lines(src []byte) {
	for len(src) > 0 {
		end := text.LineEnd(src, 0)
		l := src[:end]
		src = src[end:]
		switch {
		case len(l) > 1 && l[0] == '\t':
			t.tabLines++
		case strings.HasPrefix(string(l), "    "):
			ind := text.IndentAt(l, 0)
			if strings.Contains(ind, "\t") {
				t.tabLines++
			} else if len(ind) >= t.tab && strings.TrimSpace(string(l)) != "" {
				t.blankLines++
			}
		}
	}
}
