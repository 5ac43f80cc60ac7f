package rewrite

import (
	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
)

// once leaves one block where the ways from two calls join: a fallback that sets
// the option by itself, and a block behind the join, would set it twice on one
// way. The block behind the join serves both.
func (m *maker) once(plan *Plan) {
	for _, a := range plan.Fixes {
		for _, b := range plan.Fixes {
			if a != b && a.same == nil && b.same == nil && m.joins(a, b) {
				a.same = b
			}
		}
	}
}

// joins reports whether control comes from the block of a to the one of b with
// the same descriptor, and nothing happens to it on the way but options.
func (m *maker) joins(a, b *Fix) bool {
	x, y := a.target, b.target
	if a.Status != detect.FixPatch || b.Status != detect.FixPatch || x == nil || y == nil || x.sp.file != y.sp.file ||
		x.sp.fn.NamePos != y.sp.fn.NamePos || x.sp.key != y.sp.key || x.pl.at >= y.pl.at || x.orElse || y.orElse || x.kind != "" || y.kind != "" {
		return false
	}
	f := x.sp.file
	if !covers(guardsAt(f, x.pl.at), []guardSet{guardsAt(f, y.pl.at)}) {
		return false
	}
	// The list of b, as the selection of #if branches that holds a has it.
	list := x.pl.list
	for list != nil && (list.Kind != parse.SBlock || list.End <= y.pl.at) {
		if list.Kind == parse.SWhile || list.Kind == parse.SFor || list.Kind == parse.SDo || list.Kind == parse.SSwitch {
			return false
		}
		list = list.Parent
	}
	if list == nil || innermostBlock(x.sp.fn, y.pl.at) != list || list == x.pl.list && x.pl.after == nil {
		return false
	}
	same := true
	x.sp.fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.End <= x.pl.at || s.Pos >= y.pl.at {
			return false
		}
		if s.Pos < x.pl.at {
			return true
		}
		switch s.Kind {
		case parse.SReturn, parse.SGoto, parse.SBreak, parse.SContinue, parse.SLabel:
			same = same && !ancestor(x.pl.list, s) || s.Parent.Kind == parse.SIf
		}
		s.Exprs(func(e *parse.Expr) {
			same = same && !changedIn(e, x.sp.key)
			e.Walk(func(c *parse.Expr) bool {
				if c.Kind == parse.XCall && mentionsArg(f, c, x.sp.key) && !onlySets[c.Callee()] {
					same = false
				}
				return same
			})
		})
		return same
	})
	return same
}

// onlySets are the calls that leave a socket as usable as it was.
var onlySets = map[string]bool{"fcntl": true, "ioctl": true, "setsockopt": true, "getsockopt": true, "fcntl64": true, "ioctlsocket": true}

func mentionsArg(f *parse.File, c *parse.Expr, fd string) bool {
	for _, a := range c.Args {
		if mentions(f, a, fd) {
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
