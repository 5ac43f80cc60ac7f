package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// mayElse reports whether a block behind a check that goes on can be its else
// instead of testing the descriptor once more.
func (m *maker) mayElse(t *target) bool {
	c := t.pl.check
	if !t.pl.test || c == nil || c != t.pl.after || t.pl.moved || t.sp.shared || c.Kind != parse.SIf || c.Else != nil || c.Body == nil ||
		m.timed() || m.opt.HelperFile != "" || m.opt.Style == "helper" {
		return false
	}
	f := t.sp.file
	if implied(f, c.Expr, t.sp.key).no != valid || m.proj.exits.leaves(f, c.Body) || assigns(f, c.Body, t.sp.key) || !firstOnLine(f.Src, c.Pos) {
		return false
	}
	for _, d := range f.Dirs {
		if off := int(f.Toks[d.Tok].Off); off > c.Pos && off < c.End {
			return false
		}
	}
	if c.Body.Kind != parse.SBlock && c.Body.Kind != parse.SExpr {
		return false // an if in it would take the else
	}
	if up := c.Parent; up != nil && up.Kind == parse.SIf {
		return false // whose else it is must not change
	}
	return len(strings.TrimSpace(string(f.Src[c.End:lineEnd(f.Src, c.End)]))) == 0
}

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
