package optval

import (
	"slices"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
)

// OptionGuarded reports whether an option call stands in an #ifdef of its option,
// one of those that, like SO_KEEPALIVE, every system has.
func OptionGuarded(m *exemplar.OptionCall) bool {
	return knowledge.OptionsEverywhere[m.Opt] && slices.Contains(m.File.Guards(m.Call.Pos), m.Opt)
}

// guardDecl puts a new declaration under the #ifdef that its only use stands in,
// where the sibling's variable is declared under an #if, too: before that,
// if it stands among the function's own.
func (t *Request) guardDecl(v *Value) {
	m, f := t.Model, t.Spot.File
	if m == nil || !t.Near || m.Func.Start != t.Spot.Func.Start || !OptionGuarded(m) || v.Guarded || v.Edit == nil {
		return
	}
	l, ok := ctree.Visible(m.Func, m.Stmt.Parent, m.Call.Pos, m.Value)
	if !ok || l.Stmt == nil {
		return
	}
	body := t.Spot.Func.Body()
	own, there := ctree.Arms(f, body.Pos+1), ctree.Arms(f, l.Stmt.Pos)
	if len(there) <= len(own) || len(ctree.Arms(f, v.Edit.Start)) != len(own) {
		return
	}
	if l.Stmt.Parent == body {
		if at := text.LineStart(f.Src, there[len(own)].Start); at > v.Edit.Start && at < t.Place.Offset {
			v.Edit.Start, v.Edit.End = at, at
		}
	}
	v.Guarded = true
	v.Edit.New = "#ifdef SO_KEEPALIVE" + t.Style.EOL + v.Edit.New + "#endif" + t.Style.EOL
}
