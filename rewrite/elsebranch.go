package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// elseEdit writes a block as the else of the check.
func (t *target) elseEdit(canonical string) edit.Edit {
	c := t.pl.check
	st := *t.st
	st.fits = false
	if strings.HasPrefix(canonical, "if (") {
		canonical = "else " + canonical
	} else {
		canonical = "else {\n" + canonical + "}\n"
	}
	braced := c.Body.Kind == parse.SBlock
	shift := len("}" + st.braceGap) // the else begins behind the brace
	if braced {
		st.braceOne = true
	}
	if !braced || st.brace != braceSameLine {
		shift = 0
	}
	st.limit -= shift
	lines := st.layout(indentAt(t.sp.file.Src, c.Pos), canonical)
	if braced && st.brace == braceSameLine {
		for i := 1; i < len(lines) && st.wrap.align && !strings.HasSuffix(lines[i-1], "{"); i++ {
			text := strings.TrimLeft(lines[i], " \t")
			lines[i] = st.columns(width(lines[i][:len(lines[i])-len(text)], st.tab)+shift) + text
		}
		lines[0] = st.braceGap + strings.TrimLeft(lines[0], " \t")
		return edit.Insert(c.End, strings.Join(lines, st.eol))
	}
	return edit.Insert(lineEnd(t.sp.file.Src, c.End), strings.Join(lines, st.eol)+st.eol)
}
