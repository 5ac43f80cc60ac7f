package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/noreturn"
	"github.com/keepatch/keepatch/rewrite/optval"
	"github.com/keepatch/keepatch/templates"
)

// orElse is the block as the else of the check, and its variable, where OrElse is set
// after it.
func (m *maker) orElse(t *task, test string) (b templates.Block, v *optval.Value) {
	if !m.mayElse(t) {
		return b, nil
	}
	t.Place.Test, t.OrElse = false, true
	b, v = m.block(t, test)
	b.Comment = "" // none fits before an else
	if v.Declare != "" || b.Guard != "" || b.Under != "" || b.Result != "" || b.Assign != "" || b.Declare != "" {
		t.Place.Test, t.OrElse = true, false
	}
	return b, v
}

// mayElse reports whether a block after a check that goes on can be its else
// instead of testing the descriptor once more.
func (m *maker) mayElse(t *task) bool {
	f, c := t.Spot.File, t.Place.Check
	if !t.Place.Test || c == nil || t.Place.Moved || t.Spot.Shared || !anchor.TakesElse(m.proj.Program, f, c) ||
		m.setsTimers(t) || t.swOn != "" || m.opt.HelperFile != "" || m.opt.Style == "helper" {
		return false
	}
	if t.Place.Else == nil && (noreturn.Implied(f, c.Expr, t.Spot.Key).No != noreturn.Valid || m.proj.Exits.Leaves(f, c.Body) ||
		ctree.Assigns(f, c.Body, t.Spot.Key)) {
		return false
	}
	head := c
	if t.Place.Else != nil {
		head = anchor.ChainHead(c)
	}
	if head != t.Place.After || !text.FirstOnLine(f.Src, head.Pos) {
		return false
	}
	if up := head.Parent; up != nil && up.Kind == parse.SIf {
		return false // whose else it is must not change
	}
	return len(strings.TrimSpace(string(f.Src[c.End:text.LineEnd(f.Src, c.End)]))) == 0
}
