package style

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
)

// tabWidths are the columns that people give a tab, the usual one first.
var tabWidths = []int{8, 4, 2}

// tab is how wide a tab is in a file: its own word to an editor, else what lines
// that go on below an argument say. One file says little of that, so those of
// the program have to agree with it.
func (p *Styles) tab(f *parse.File) int {
	if n, ok := p.tabs[f]; ok {
		return n
	}
	n := modeline(f.Src)
	if n == 0 {
		var all [3]int
		for _, g := range p.Files {
			for i, v := range aligned(g) {
				all[i] += v
			}
		}
		if n = tabWidth(all); !explains(n, aligned(f)) || nested(f.Src, n) || beyond(f.Src, n) {
			n = tabWidths[0]
		}
	}
	p.tabs[f] = n
	return n
}

// tabWidth is the width that explains most lines, the usual one where they say
// little.
func tabWidth(votes [3]int) int {
	best := 0
	for i, v := range votes {
		if v > votes[best] {
			best = i
		}
	}
	if votes[best] < 3 || votes[best] <= 2*votes[0] {
		return tabWidths[0]
	}
	return tabWidths[best]
}

// explains reports whether a width fits the lines of a file, as far as there are
// any.
func explains(n int, votes [3]int) bool {
	for i, w := range tabWidths {
		if w == n {
			return votes[i] >= votes[0]
		}
	}
	return false
}

// nested reports whether a file has several lines with one tab inside of what a line with n
// blanks or more opens: the tab is wider than those.
func nested(src []byte, n int) bool {
	inside, blanks := 0, -1
	for line := range bytes.Lines(src) {
		code := bytes.TrimSpace(line)
		if len(code) == 0 {
			continue
		}
		ind := line[:bytes.IndexByte(line, code[0])]
		if blanks >= n && len(ind) == 1 && ind[0] == '\t' && code[0] != '}' {
			inside++
		}
		if blanks = -1; code[len(code)-1] == '{' && bytes.Count(ind, []byte(" ")) == len(ind) {
			blanks = len(ind)
		}
	}
	return inside > 2
}

// beyond reports whether a file has several statements that begin with a tab and with n blanks or more
// behind it: another tab would have been shorter, so that one is wider.
func beyond(src []byte, n int) bool {
	found, last := 0, byte(';')
	for line := range bytes.Lines(src) {
		code := bytes.TrimSpace(line)
		if len(code) == 0 {
			continue
		}
		ind := line[:bytes.IndexByte(line, code[0])]
		blanks := len(ind) - len(bytes.TrimRight(ind, " "))
		if blanks >= n && blanks < tabWidths[0] && blanks < len(ind) && strings.IndexByte(";{}", last) >= 0 && strings.IndexByte("*/&|", code[0]) < 0 {
			found++
		}
		last = code[len(code)-1]
	}
	return found > 4
}

// aligned counts, for each width of a tab, the lines that begin below the first
// argument of the parenthesis open there. Only those count that have more tabs
// than the line above.
func aligned(f *parse.File) (votes [3]int) {
	var open []int
	for i := 0; i+1 < len(f.Toks); i++ {
		t, n := f.Toks[i], f.Toks[i+1]
		switch t.Op {
		case token.LParen:
			open = append(open, i)
		case token.RParen:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case token.LBrace, token.RBrace, token.Semi:
			open = open[:0]
		}
		if len(open) == 0 || !n.Bol || open[len(open)-1] == i {
			continue
		}
		first := int(f.Toks[open[len(open)-1]+1].Off)
		head, ind := string(f.Src[text.LineStart(f.Src, first):first]), string(f.Src[text.LineStart(f.Src, int(n.Off)):n.Off])
		own := strings.Count(head, "\t")
		if !strings.HasSuffix(ind, " ") || strings.Count(ind, "\t") <= own || strings.Count(text.IndentAt(f.Src, first), "\t") != own {
			continue // a fixed number of tabs, or a table
		}
		for k, w := range tabWidths {
			if text.Width(head, w) == text.Width(ind, w) {
				votes[k]++
			}
		}
	}
	return votes
}

var modelineTab = text.NewPattern(`(?:tab-width:\s*|\b(?:ts|tabstop)=)([248])\b`)

// modeline is what a file tells an editor in its first or last lines, 0 for
// nothing.
func modeline(src []byte) int {
	head, tail := src[:min(len(src), 400)], src[max(0, len(src)-400):]
	for _, b := range [][]byte{head, tail} {
		if m := modelineTab.Regexp().FindSubmatch(b); m != nil {
			n, _ := strconv.Atoi(string(m[1]))
			return n
		}
	}
	return 0
}
