package style

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
)

// UnitNearby takes the columns of one level from the lines around the place, where
// those that stand in the same list and the list itself agree on others than
// most of the function: 3 in a file of 4.
func (st *Style) UnitNearby(list *parse.Stmt, at int, src []byte) {
	if st.Brace != BraceSameLine && st.Brace != braceAllman {
		return
	}
	var seen []int
	note := func(head, body *parse.Stmt) {
		if body != nil && text.FirstOnLine(src, head.Pos) && text.FirstOnLine(src, body.Pos) {
			seen = append(seen, text.Width(text.IndentAt(src, body.Pos), st.Tab)-text.Width(text.IndentAt(src, head.Pos), st.Tab))
		}
	}
	if up := list.Parent; up != nil && len(list.List) > 0 {
		for up.Parent != nil && up.Parent.Kind == parse.SIf && up.Parent.Else == up {
			up = up.Parent
		}
		note(up, list.List[0])
	} else if up == nil && len(list.List) > 0 && text.FirstOnLine(src, list.List[0].Pos) { // the function's own
		seen = append(seen, text.Width(text.IndentAt(src, list.List[0].Pos), st.Tab)-text.Width(text.IndentAt(src, list.End-1), st.Tab))
	}
	var before, behind *parse.Stmt
	for _, s := range list.List {
		if s.Kind != parse.SIf {
			continue
		}
		if s.Pos < at {
			before = s
		} else if behind == nil {
			behind = s
		}
	}
	for _, s := range []*parse.Stmt{before, behind} {
		if s != nil && s.Body != nil && s.Body.Kind == parse.SBlock && len(s.Body.List) > 0 {
			note(s, s.Body.List[0])
		} else if s != nil && s.Body != nil {
			note(s, s.Body)
		}
	}
	if len(seen) < 2 {
		return
	}
	for _, n := range seen {
		if n != seen[0] || n != 2 && n != 3 && n != 4 && n != 8 { // others are slips
			return
		}
	}
	st.Unit, st.Inner = seen[0], seen[0]
}
