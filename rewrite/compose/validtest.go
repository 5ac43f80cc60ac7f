package compose

import (
	"maps"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/noreturn"
)

// validTest is the condition under which the descriptor is one: as the check
// of the call puts it, else as the file tests its other sockets.
func (p *Composer) validTest(t *Target) string {
	f := t.Spot.File
	c := t.Place.Check
	if c == nil {
		c = t.Place.Tested
	}
	form := ""
	if c != nil && c.Expr != nil {
		form = validForm(f, c.Expr, t.Spot.Key)
	}
	if form == "" {
		form = p.usualValidTest(f)
	}
	return strings.ReplaceAll(form, "%s", t.Spot.FD)
}

// validForm is the first test of fd in a condition, turned so that it holds
// for a good descriptor, with %s for it; "" when there is none.
func validForm(f *parse.File, e *parse.Expr, fd string) string {
	out := ""
	e.Walk(func(x *parse.Expr) bool {
		if out != "" {
			return false
		}
		switch x.Kind {
		case parse.XCall:
			if len(x.Args) != 1 || !ctree.IsLvalue(f, x.Args[0], fd) {
				return true
			}
			k := noreturn.ImpliedCall(f, x, fd)
			if !k.Known() {
				return true
			}
			a := x.Args[0]
			out = string(f.Src[x.Pos:a.Pos]) + "%s" + string(f.Src[a.End:x.End])
			if k.Yes == noreturn.Invalid {
				out = "!" + out
			}
			if strings.Count(out, "%") != 1 || strings.ContainsAny(out, "\r\n") {
				out = ""
			}
		case parse.XBinary:
			left := noreturn.Denotes(f, x.X, fd)
			if !left && !noreturn.Denotes(f, x.Y, fd) {
				return true
			}
			if x.Op == token.AndAnd || x.Op == token.OrOr || !noreturn.ImpliedBinary(f, x, fd).Known() {
				return true
			}
			other := x.Y
			if !left {
				other = x.X
			}
			o := ctree.OneLine(parse.ExprText(f, other))
			switch {
			case left && (x.Op != token.EqEq && x.Op != token.NotEq || o == "0"):
				out = "%s >= 0"
			case x.Op != token.EqEq && x.Op != token.NotEq:
				out = "0 <= %s"
			case left:
				out = "%s != " + o
			default:
				out = o + " != %s"
			}
		}
		return out == ""
	})
	return out
}

// usualValidTest is how a file tests most of its sockets.
func (p *Composer) usualValidTest(f *parse.File) string {
	votes := map[string]int{}
	seen := map[int]bool{}
	for _, fn := range f.Funcs {
		if fn.Macro != nil {
			continue
		}
		fds := noreturn.Descriptors(f, fn)
		fn.Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind == parse.SIf && !seen[s.Pos] {
				seen[s.Pos] = true
				for fd := range fds {
					if v := validForm(f, s.Expr, fd); v != "" && !testsCallOn(f, s.Expr, fd) {
						votes[v]++
					}
				}
			}
			return true
		})
	}
	best := "%s >= 0"
	for _, v := range slices.Sorted(maps.Keys(votes)) {
		if votes[v] > votes[best] {
			best = v
		}
	}
	return best
}

// testsCallOn reports whether a condition is about a call that gets fd, other
// than one that tests it.
func testsCallOn(f *parse.File, e *parse.Expr, fd string) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XCall && len(x.Args) > 1 {
			for _, a := range x.Args {
				found = found || ctree.IsLvalue(f, a, fd)
			}
		}
		return !found
	})
	return found
}
