package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// mayElse reports whether a block behind a check that goes on can be its else
// instead of testing the descriptor once more.
func (m *maker) mayElse(t *task) bool {
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
