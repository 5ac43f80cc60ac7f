package rewrite

import (
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// returned leaves the blocks to the callers of a wrapper where they are planned for
// one of its calls and get the descriptor of another, too: an arm for systems that
// know SOCK_CLOEXEC beside one for the others.
func (m *maker) returned(plan *Plan) {
	wholes := map[callSpot]*Fix{}
	for _, fix := range plan.Fixes {
		if p := fix.parent; p != nil && p.Status == result.FixPatch && p.Site.Node.Func != nil {
			wholes[callSpot{p.Site.Node.File.Path, p.Site.Node.Func.NamePos}] = p
		}
	}
	if len(wholes) == 0 {
		return
	}
	for i, fix := range plan.Fixes {
		t := fix.target
		if fix.Status != result.FixPatch || t == nil || fix.parent != nil || fix.same != nil || fix.Site.Role == result.Listener {
			continue
		}
		if whole := wholes[callSpot{t.Spot.File.Path, t.Spot.Func.NamePos}]; whole != nil && whole != fix && m.onlyReturned(t) {
			plan.Fixes[i] = &Fix{Site: fix.Site, Status: result.FixPatch, same: whole}
		}
	}
}

// onlyReturned reports whether a function does nothing with the descriptor after a
// place but test it, set its options, and return it.
func (m *maker) onlyReturned(t *task) bool {
	f, key := t.Spot.File, t.Spot.Key
	if !ctree.IsName(key) || anchor.NextStmt(t.Place) == nil {
		return false
	}
	back, other := false, false
	t.Spot.Func.Body().Walk(func(s *parse.Stmt) bool {
		if s.End <= t.Place.Offset {
			return false
		}
		if s.Kind == parse.SReturn && s.Expr != nil && ctree.IsLvalue(f, s.Expr, key) {
			back = true
			return false
		}
		s.Exprs(func(e *parse.Expr) {
			if e.Pos < t.Place.Offset {
				return
			}
			other = other || ctree.ChangedIn(e, key)
			e.Walk(func(c *parse.Expr) bool {
				if c.Kind == parse.XCall && mentionsArg(f, c, key) && !m.proj.Exits.SetsOptions(f, c, key) {
					other = true
				}
				return !other
			})
		})
		return !other
	})
	return back && !other
}
