package compose

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/style"
)

// ElseEdit writes a block as the else of the check.
func (t *Target) ElseEdit(canonical string) edit.Edit {
	c := t.Place.Check
	st := *t.Style
	st.FollowGaps = false
	if strings.HasPrefix(canonical, "if (") {
		canonical = "else " + canonical
	} else {
		canonical = "else {\n" + canonical + "}\n"
	}
	braced := c.Body.Kind == parse.SBlock
	shift := len("}" + st.BraceGap) // the else begins after the brace
	if braced {
		st.BraceOne = true
	}
	if !braced || st.Brace != style.BraceSameLine {
		shift = 0
	}
	st.Limit -= shift
	lines := st.Layout(text.IndentAt(t.Spot.File.Src, c.Pos), canonical)
	if braced && st.Brace == style.BraceSameLine {
		for i := 1; i < len(lines) && st.Wrap.Align && !strings.HasSuffix(lines[i-1], "{"); i++ {
			content := strings.TrimLeft(lines[i], " \t")
			lines[i] = st.Columns(text.Width(lines[i][:len(lines[i])-len(content)], st.Tab)+shift) + content
		}
		lines[0] = st.BraceGap + strings.TrimLeft(lines[0], " \t")
		return edit.Insert(c.End, strings.Join(lines, st.EOL))
	}
	return edit.Insert(text.LineEnd(t.Spot.File.Src, c.End), strings.Join(lines, st.EOL)+st.EOL)
}
