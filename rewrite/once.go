package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// descriptor is a variable or member that a function keeps a socket in.
type descriptor struct {
	file *parse.File
	fn   int // where the function's name stands
	key  string
}

// dropJoined leaves one block where the ways from two calls join: a fallback that sets
// the option by itself, and a block after the join, would set it twice on one
// way. The block after the join serves both.
func dropJoined(plan *Plan) {
	blocks := map[descriptor][]*Fix{}
	for _, fix := range plan.Fixes {
		if t := fix.target; fix.Status == result.FixPatch && fix.same == nil && t != nil {
			d := descriptor{t.Spot.File, t.Spot.Func.NamePos, t.Spot.Key}
			blocks[d] = append(blocks[d], fix)
		}
	}
	for _, list := range blocks {
		for _, a := range list {
			for _, b := range list {
				if a.same == nil && b.same == nil && waysJoin(a.target, b.target) {
					a.same = b
				}
			}
		}
	}
}

// waysJoin reports whether control comes from the block of x to the one of y, on the
// same descriptor of a function, and nothing happens to it on the way but options.
func waysJoin(x, y *task) bool {
	if x.Place.Offset >= y.Place.Offset || x.OrElse || y.OrElse || x.Kind != "" || y.Kind != "" {
		return false
	}
	f := x.Spot.File
	if !ctree.Covers(ctree.GuardsAt(f, x.Place.Offset), []ctree.GuardSet{ctree.GuardsAt(f, y.Place.Offset)}) {
		return false
	}
	// The list of b, as the selection of #if branches that holds a has it.
	list := x.Place.List
	var way *parse.Stmt // a switch that x stands in
	for list != nil && (list.Kind != parse.SBlock || list.End <= y.Place.Offset) {
		if list.Kind == parse.SWhile || list.Kind == parse.SFor || list.Kind == parse.SDo || list.Kind == parse.SSwitch && way != nil {
			return false
		}
		if list.Kind == parse.SSwitch {
			way = list
		}
		list = list.Parent
	}
	if list == nil || innermostBlock(x.Spot.Func, y.Place.Offset) != list || list == x.Place.List && x.Place.After == nil {
		return false
	}
	same := true
	leaves := breakAfter(way, x.Place.Offset)
	x.Spot.Func.Body().Walk(func(s *parse.Stmt) bool {
		if s.End <= x.Place.Offset || s.Pos >= y.Place.Offset || leaves != nil && s.Pos >= leaves.Pos && s.End <= way.End {
			return false // before, after, or in other cases of the switch
		}
		if s.Pos < x.Place.Offset {
			return true
		}
		switch s.Kind {
		case parse.SReturn, parse.SGoto, parse.SBreak, parse.SContinue, parse.SLabel:
			// A jump that nothing but an if stands before leaves on some ways only.
			same = same && (!ctree.Ancestor(x.Place.List, s) || s.Parent.Kind == parse.SIf)
		}
		s.Exprs(func(e *parse.Expr) {
			same = same && !ctree.ChangedIn(e, x.Spot.Key)
			e.Walk(func(c *parse.Expr) bool {
				if c.Kind == parse.XCall && mentionsArg(f, c, x.Spot.Key) && !knowledge.SetsOptions.Has(c.Callee()) &&
					!knowledge.HarmlessWords.In(strings.ToLower(c.Callee())) {
					same = false
				}
				return same
			})
		})
		return same
	})
	return same
}

// breakAfter is the break that ends the case of a switch that an offset stands in; nil
// without a switch, and where it goes on to the next case.
func breakAfter(sw *parse.Stmt, off int) (found *parse.Stmt) {
	if sw == nil {
		return nil
	}
	sw.Walk(func(s *parse.Stmt) bool {
		inner := s != sw && (s.Kind == parse.SWhile || s.Kind == parse.SFor ||
			s.Kind == parse.SDo || s.Kind == parse.SSwitch || s.Kind == parse.SIf)
		if s.Kind == parse.SBreak && s.Pos >= off && found == nil {
			found = s
		}
		return found == nil && !inner
	})
	return found
}

func mentionsArg(f *parse.File, c *parse.Expr, fd string) bool {
	for _, a := range c.Args {
		if ctree.Mentions(f, a, fd) {
			return true
		}
	}
	return false
}

// innermostBlock is the list of statements around an offset.
func innermostBlock(fn *parse.Func, off int) *parse.Stmt {
	var best *parse.Stmt
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Pos > off || s.End <= off {
			return false
		}
		if s.Kind == parse.SBlock {
			best = s
		}
		return true
	})
	return best
}
