package usage

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// longestPart is the part of a list that has the most options: headings and blank lines set
// the parts off.
func longestPart(b *Block, list []*Line) (from, to int) {
	at := map[*Line]int{}
	for i, l := range b.Lines {
		at[l] = i
	}
	start := 0
	for i := 1; i <= len(list); i++ {
		if i < len(list) && !hasHeading(b.Lines[at[list[i-1]]+1:at[list[i]]]) {
			continue
		}
		if i-start > to-from {
			from, to = start, i
		}
		start = i
	}
	return from, to
}

// hasHeading reports whether a heading or a blank line stands among lines.
func hasHeading(lines []*Line) bool {
	for _, l := range lines {
		s := strings.TrimSpace(strings.ReplaceAll(l.text, `\t`, " "))
		if l.Entry == nil && l.newline && (s == "" || strings.HasSuffix(s, ":")) {
			return true
		}
	}
	return false
}

// unconditional tells the lines of a list that are printed wherever most of it is: no if of
// theirs alone stands around them.
func unconditional(b *Block, list []*Line) []bool {
	depth := make([]int, len(list))
	count := map[int]int{}
	for i, l := range list {
		s := statementOf(b.f, l.lit.Off)
		if s == nil { // in a table, or compared with an argument
			depth[i] = -1
			continue
		}
		for up := s.Parent; up != nil; up = up.Parent {
			if up.Kind == parse.SIf || up.Kind == parse.SCase {
				depth[i]++
			}
		}
		count[depth[i]]++
	}
	least := -1
	for d, n := range count {
		if n > 1 && (least < 0 || d < least) {
			least = d
		}
	}
	out := make([]bool, len(list))
	for i, d := range depth {
		out[i] = least < 0 || d <= least
	}
	return out
}
