package style

import (
	"strings"

	"github.com/keepatch/keepatch/parse/text"
)

// A template writes canonical C: one statement or head a line, braces of an
// if always there and at the end of the line, no indentation that means
// anything. layout gives it the look of the place.

// node is one canonical line and, for a head, what stands in its braces.
type node struct {
	text  string
	kids  []*node
	head  bool // opened a brace
	blank bool // an empty line
}

// LeadMark ends a canonical line that heads the next one without braces.
const LeadMark = " >>"

// parseCanonical reads the output of a template.
func parseCanonical(s string) []*node {
	root := &node{}
	stack := []*node{root}
	for _, l := range strings.Split(s, "\n") {
		l = strings.TrimSpace(l)
		if l == "" {
			if top := stack[len(stack)-1]; len(top.kids) > 0 && top != root {
				top.kids = append(top.kids, &node{blank: true})
			}
			continue
		}
		if strings.HasPrefix(l, "}") && len(stack) > 1 {
			stack = stack[:len(stack)-1]
			l = strings.TrimSpace(l[1:])
			if l == "" {
				continue
			}
		}
		n := &node{text: l}
		top := stack[len(stack)-1]
		top.kids = append(top.kids, n)
		if strings.HasSuffix(l, "{") {
			n.head = true
			n.text = strings.TrimSpace(strings.TrimSuffix(l, "{"))
			stack = append(stack, n)
		}
	}
	return root.kids
}

// Layout returns the lines of a block, each without its line ending.
func (st *Style) Layout(base, canonical string) []string {
	nodes := parseCanonical(canonical)
	if !st.FollowGaps {
		return st.emitAll(nodes, base, 0)
	}
	if base == "" && len(nodes) == 1 && nodes[0].text == "" { // the body of a function
		nodes[0].kids = gapped(nodes[0].kids, st.bodyGap)
		for _, n := range nodes[0].kids {
			st.gaps(n)
		}
	} else {
		for _, n := range nodes {
			st.gaps(n)
		}
		if st.LeadsBlock {
			nodes = gapped(nodes, st.InnerGap)
		}
	}
	return st.emitAll(nodes, base, 0)
}

// gaps sets the declaration that a block begins with off from the rest, or
// does not, as the blocks around do.
func (st *Style) gaps(n *node) {
	if n.head {
		n.kids = gapped(n.kids, st.InnerGap)
	}
	for _, k := range n.kids {
		st.gaps(k)
	}
}

// gapped is a list with or without the empty line after the declaration that
// it begins with.
func gapped(list []*node, gap bool) []*node {
	if len(list) < 2 || !isDeclText(list[0].text) {
		return list
	}
	switch {
	case gap && !list[1].blank:
		return append([]*node{list[0], {blank: true}}, list[1:]...)
	case !gap && list[1].blank:
		return append([]*node{list[0]}, list[2:]...)
	}
	return list
}

// emitAll writes a list of nodes; an else joins the brace before it where
// braces stand on the line.
func (st *Style) emitAll(nodes []*node, base string, at int) []string {
	var out []string
	for len(nodes) > 0 && nodes[len(nodes)-1].blank {
		nodes = nodes[:len(nodes)-1]
	}
	deeper := 0
	for _, n := range nodes {
		if text, ok := strings.CutSuffix(n.text, LeadMark); ok {
			out = append(out, st.Indent(base, at)+text)
			deeper = st.Unit
			continue
		}
		lines := st.emit(n, base, at+deeper)
		deeper = 0
		last := len(out) - 1
		if n.text == "else" && st.Brace == BraceSameLine && last >= 0 && strings.TrimSpace(out[last]) == "}" &&
			strings.HasPrefix(strings.TrimSpace(lines[0]), "else") {
			out[last] += st.BraceGap + strings.TrimSpace(lines[0])
			lines = lines[1:]
		}
		out = append(out, lines...)
	}
	return out
}

func (st *Style) emit(n *node, base string, at int) []string {
	ind := st.Indent(base, at)
	switch {
	case n.blank:
		return []string{""}
	case strings.HasPrefix(n.text, "#"):
		return []string{n.text}
	case !n.head:
		return st.fold(ind, st.spaced(n.text), "")
	case n.text == "": // a block of its own
		out := []string{ind + "{"}
		out = append(out, st.emitAll(n.kids, base, at+st.Unit)...)
		return append(out, ind+"}")
	}
	head := st.head(st.spaced(n.text))
	if st.bare(n) {
		out := st.fold(ind, head, "")
		body := st.emit(n.kids[0], base, at+st.Unit)
		if (len(body) == 1 || !st.braceAll) && (len(out) == 1 || !st.BraceLong && (st.longBare || !st.hidesBody(out, body))) {
			return append(out, body...)
		}
	}
	var out []string
	brace := at
	switch st.Brace {
	case BraceSameLine:
		out = st.fold(ind, head, st.BraceGap+"{")
	case braceAllman:
		out = append(st.fold(ind, head, ""), ind+"{")
	case BraceGNU:
		brace = at + st.Inner/2
	case BraceWhitesmiths:
		brace = at + st.Inner
	}
	if st.Brace == BraceGNU || st.Brace == BraceWhitesmiths {
		out = append(st.fold(ind, head, ""), st.Indent(base, brace)+"{")
	}
	out = append(out, st.emitAll(n.kids, base, at+st.Inner)...)
	return append(out, st.Indent(base, brace)+"}")
}

// hidesBody reports whether the condition's last line stands in the column of the body,
// which then looks like a part of it.
func (st *Style) hidesBody(head, body []string) bool {
	return text.Width(text.IndentAt([]byte(head[len(head)-1]), 0), st.Tab) == text.Width(text.IndentAt([]byte(body[0]), 0), st.Tab)
}

// bare reports whether an if goes without its braces here.
func (st *Style) bare(n *node) bool {
	return !st.BraceOne && len(n.kids) == 1 && !n.kids[0].head && !strings.HasPrefix(n.kids[0].text, "#") &&
		!strings.HasPrefix(n.kids[0].text, "/") && !isDeclText(n.kids[0].text)
}

func isDeclText(s string) bool {
	return strings.HasPrefix(s, "static ") || declText.MatchString(s)
}

var declText = text.NewPattern(`^(?:const )?\w+[ \t]+\w+ ?=`)

// head gives "if (cond)" the place's blanks.
func (st *Style) head(s string) string {
	for _, key := range []string{"if", "else if", "for", "while"} {
		if rest, ok := strings.CutPrefix(s, key+" ("); ok {
			rest = strings.TrimSuffix(rest, ")")
			return key + st.keyGap + "(" + st.padKey + rest + st.padKey + ")"
		}
	}
	return s
}

// lineBreak is a place where a line may break, with the columns of the first
// arguments of the parentheses open there.
type lineBreak struct {
	i     int
	open  []int
	logic bool // at && or ||
	text  bool // after a text, in the call that it is an argument of
}

// fold breaks a line that is too long. tail is kept on the last line.
func (st *Style) fold(ind, s, tail string) []string {
	var out []string
	var open []int
	cur := ind
	if strings.Contains(s, `"`) && text.Width(ind+s+tail, st.Tab) <= st.TextLimit {
		return []string{ind + s + tail}
	}
	for pins := st.pins(ind, s, tail); len(out) < 12; {
		pin := 0
		if len(pins) > 0 {
			pin = pins[0]
		}
		c, ok := st.findBreak(cur, s, tail, open, len(out) == 0, pin)
		if !ok {
			break
		}
		if pin > 0 && c.i >= pin {
			pins = pins[1:] // it may have broken at the parenthesis in front of it
		}
		out = append(out, strings.TrimRight(cur+s[:c.i], " "))
		gone := len(s)
		s = strings.TrimLeft(s[c.i:], " ")
		gone -= len(s)
		for i := range pins {
			pins[i] -= gone
		}
		open = c.open
		if by := st.Wrap.OpenBy; by > 0 && len(open) > 0 && strings.HasSuffix(out[len(out)-1], "(") {
			open[len(open)-1] = text.Width(ind, st.Tab) + by
		}
		col := text.Width(ind, st.Tab) + st.Wrap.Offset
		if (st.Wrap.Align || st.Wrap.OpenBy > 0 && st.Wrap.Open) && len(open) > 0 {
			col = open[len(open)-1]
			if col+len(firstWord(s)) > st.Limit { // no room to the right
				col = text.Width(ind, st.Tab) + st.Unit
			}
		}
		cur = st.continuationIndent(ind, col)
	}
	return append(out, cur+s+tail)
}

func firstWord(s string) string {
	if i := strings.IndexAny(s, ", "); i > 0 {
		return s[:i]
	}
	return s
}

// findBreak finds where the line cur+s+tail is to break, false when it fits or
// cannot be broken. A break at && goes before one at a comma, one after a text
// before those of an inner call, and one at the pin before any.
func (st *Style) findBreak(cur, s, tail string, open []int, first bool, pin int) (lineBreak, bool) {
	if pin == 0 && text.Width(cur+s+tail, st.Tab) <= st.Limit {
		return lineBreak{}, false
	}
	open = append([]int(nil), open...)
	told := 0 // how many parentheses are open around a text
	var best lineBreak
	offer := func(i int, logic bool) {
		// Of two operators the outer one: a break within (a || b) hides what belongs together.
		outer := !best.logic || len(open) <= len(best.open)
		if i > 0 && (logic && outer || !best.logic && (!best.text || len(open) <= len(best.open))) {
			best = lineBreak{i, append([]int(nil), open...), logic, told == len(open)}
		}
	}
	col := text.Width(cur, st.Tab)
	quote := byte(0)
	for i := 0; i < len(s) && (col < st.Limit || best.i == 0); i, col = i+1, col+1 {
		c := s[i]
		if pin > 0 && i+1 == pin {
			return lineBreak{i: pin, open: append([]int(nil), open...)}, true
		}
		switch {
		case quote != 0:
			if c == '\\' {
				i++
				col++
			} else if c == quote {
				quote, told = 0, len(open)
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(':
			pad := st.Pad
			if word := strings.TrimSpace(s[:i]); first && (word == "if" || word == "else if") {
				pad = st.padKey
			}
			open = append(open, col+1+len(pad))
			if st.Wrap.Open && first && len(open) == 1 && !strings.HasPrefix(s, "if") && i > 0 && !strings.HasPrefix(s[i:], "(void)") {
				return lineBreak{i: i + 1, open: append([]int(nil), open...)}, true
			}
		case c == ')':
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case c == ',' && len(open) > 0 && (col+1 <= st.Limit || best.i == 0):
			offer(i+1, false)
		case (c == '&' || c == '|') && i+1 < len(s) && s[i+1] == c:
			if st.Wrap.lead {
				offer(i, true)
			} else if col+2 <= st.Limit {
				offer(i+2, true)
			}
			i++
			col++
		}
	}
	return best, best.i > 0
}

// spaced takes the blanks after commas away where the file has none, literals
// and comments kept.
func (st *Style) spaced(s string) string {
	if i := strings.Index(s, " = "); i > 0 && st.EqualSign == "=" && !strings.ContainsAny(s[:i], "(\"/") {
		s = s[:i] + "=" + s[i+3:]
	}
	tight := st.TightCommas
	if st.OptionCommas != CommasUnknown && strings.Contains(s, "SO_KEEPALIVE, ") {
		tight = st.OptionCommas == CommasTight
	}
	if !tight || strings.HasPrefix(s, "/") {
		return s
	}
	var b strings.Builder
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		b.WriteByte(c)
		switch {
		case quote != 0 && c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == ',' && i+1 < len(s) && s[i+1] == ' ':
			i++
		}
	}
	return b.String()
}
