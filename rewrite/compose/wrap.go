package compose

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// Opening is what stands before the call; where the line would become too
// long it breaks there.
func (t *Target) Opening(name string, call *parse.Expr) string {
	src := t.Spot.File.Src
	open := name + t.Style.CallGap + "(" + t.Style.Pad
	from := text.LineStart(src, call.Pos)
	first := strings.TrimRight(string(src[from:text.LineEnd(src, call.Pos)]), "\r\n")
	_, alone := ctree.LineAfter(t.Spot.File, t.Spot.Stmt.End)
	if text.Width(first, t.Style.Tab)+len(open)+1 <= t.Style.Limit || text.FirstOnLine(src, call.Pos) ||
		!alone || t.Spot.Stmt.Kind == parse.SFor {
		return open
	}
	ind := t.Style.Columns(text.Width(text.IndentAt(src, call.Pos), t.Style.Tab) + t.Style.Wrap.Offset)
	return strings.TrimRight(open, " ") + t.Style.EOL + ind
}
