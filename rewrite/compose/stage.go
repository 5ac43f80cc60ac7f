package compose

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/noreturn"
)

// sameStage reports whether the way out of another check fits the place of the
// block: both stand in the same loop, and between them the function neither
// acquires what the way out releases nor releases what it had at the first of
// them. A way out from further on undoes too much or too little, and one from
// outside a loop over addresses never tries the next one.
func (t *Target) sameStage(other *parse.Stmt, out []string) bool {
	if ctree.EnclosingLoop(other) != ctree.EnclosingLoop(anchor.FirstStmt(t.Place)) {
		return false
	}
	from, to := t.Place.Offset, other.Pos
	if to < from {
		from, to = other.End, t.Place.Offset
	}
	undone, owner := t.undoes(out)
	f := t.Spot.File
	fits := true
	t.Spot.Func.Body().Walk(func(s *parse.Stmt) bool {
		if s.End <= from || s.Pos >= to || !fits {
			return false
		}
		if s.Pos >= from && t.exits().Leaves(f, s) {
			return false // what a branch does that leaves is over there
		}
		s.Exprs(func(e *parse.Expr) {
			if e.Pos < from || e.Pos >= to {
				return
			}
			e.Walk(func(c *parse.Expr) bool {
				switch {
				case c.Kind == parse.XAssign && (undone[ctree.Root(c.X)] || parse.ExprText(f, c.X) == owner) && !ctree.IsLvalue(f, c.X, t.Spot.Key):
					fits = false // acquired on the way
				case c.Kind == parse.XCall && (acquires(c.Callee()) || releases(c.Callee())):
					for _, a := range c.Args {
						if undone[ctree.Root(a)] && !ctree.IsLvalue(f, a, t.Spot.Key) ||
							releases(c.Callee()) && !ctree.Mentions(f, a, t.Spot.Key) {
							fits = false
						}
					}
				}
				return fits
			})
		})
		return fits
	})
	return fits
}

// undoes are the names that a way out works on. owner is the object that holds the
// descriptor, where no more than its memory is freed: a member that was set in between is
// no matter then.
func (t *Target) undoes(out []string) (undone map[string]bool, owner string) {
	undone = map[string]bool{}
	owner, _, held := strings.Cut(t.Spot.Key, "->")
	free := "free(" + owner + ");"
	held = held && slices.ContainsFunc(out, func(s string) bool { return ctree.Normalize(s) == free })
	for _, s := range out {
		s += t.afterLabel(s)
		switch {
		case held && ctree.Normalize(s) == free:
			continue
		case held:
			s = strings.ReplaceAll(s, t.Spot.Key, "")
		}
		for _, w := range ctree.Identifiers(s) {
			undone[w] = true
		}
	}
	if !held {
		owner = ""
	}
	return undone, owner
}

// afterLabel is the code that a goto leads to, "" for another statement.
func (t *Target) afterLabel(stmt string) (text string) {
	name, ok := strings.CutPrefix(strings.TrimSuffix(stmt, ";"), "goto ")
	if !ok {
		return ""
	}
	f := t.Spot.File
	t.Spot.Func.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SLabel && s.Parent != nil && strings.HasPrefix(string(f.Src[s.Pos:s.End]), strings.TrimSpace(name)) {
			text = " " + string(f.Src[s.Pos:s.Parent.End])
		}
		return true
	})
	return ctree.WithoutStrings(text)
}

func (t *Target) exits() *noreturn.Exits { return t.Composer.Exits }

// releases and acquires tell by a function's name whether it gives a resource
// back or takes one: free(), freeaddrinfo(), pthread_mutex_unlock().
func releases(name string) bool { return knowledge.ReleaseWords.In(strings.ToLower(name)) }

func acquires(name string) bool {
	return !releases(name) && knowledge.AcquireWords.In(strings.ToLower(name))
}
