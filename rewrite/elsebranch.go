package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/noreturn"
)

// mayElse reports whether a block behind a check that goes on can be its else
// instead of testing the descriptor once more.
func (m *maker) mayElse(t *task) bool {
	c := t.Place.Check
	if !t.Place.Test || c == nil || c != t.Place.After || t.Place.Moved || t.Spot.Shared ||
		c.Kind != parse.SIf || c.Else != nil || c.Body == nil ||
		m.setsTimers(t) || t.swOn != "" || m.opt.HelperFile != "" || m.opt.Style == "helper" {
		return false
	}
	f := t.Spot.File
	if noreturn.Implied(f, c.Expr, t.Spot.Key).No != noreturn.Valid || m.proj.Exits.Leaves(f, c.Body) ||
		ctree.Assigns(f, c.Body, t.Spot.Key) || !text.FirstOnLine(f.Src, c.Pos) {
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
	return len(strings.TrimSpace(string(f.Src[c.End:text.LineEnd(f.Src, c.End)]))) == 0
}
