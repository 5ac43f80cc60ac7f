package argv

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
)

// A program may look at the argument at one place, as argv[1], and take what it knows off
// the list: argv++, argc--, or a loop that moves the others. A new comparison asks what its
// siblings ask first, and takes its option off as they do.

// list is the array of a fixed place, as argv of argv[1] or *argv.
func (l *loop) list() (string, bool) {
	if name, ok := strings.CutPrefix(l.x, "*"); ok {
		return name, isName(name)
	}
	name, index, ok := strings.Cut(strings.TrimSuffix(l.x, "]"), "[")
	return name, ok && isName(name) && index != "" && strings.Trim(index, "0123456789") == ""
}

func isName(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
}

// ofList reports whether an expression is an element of an array.
func ofList(e *parse.Expr, list string) bool {
	return e != nil && e.Kind == parse.XIndex && e.X.Strip() != nil && e.X.Strip().Kind == parse.XIdent && e.X.Strip().Name == list
}

// stepping reports whether the only option that is known is taken off the list where it is
// found.
func (l *loop) stepping() bool {
	list, ok := l.list()
	if !ok || len(l.links) != 1 || l.links[0].Else != nil || l.links[0].Body == nil {
		return false
	}
	for _, s := range patch.Flat([]*parse.Stmt{l.links[0].Body}) {
		if takesOff(s, list) {
			return true
		}
	}
	return false
}

// takesOff reports whether a statement takes an argument off a list.
func takesOff(s *parse.Stmt, list string) bool {
	found := false
	s.Walk(func(x *parse.Stmt) bool {
		x.Exprs(func(e *parse.Expr) {
			e.Walk(func(y *parse.Expr) bool {
				switch y.Kind {
				case parse.XAssign:
					to := y.X.Strip()
					found = found || to != nil && (to.Kind == parse.XIdent && to.Name == list || ofList(to, list))
				case parse.XPostfix, parse.XUnary:
					if y.Op == token.Inc || y.Op == token.Dec {
						found = found || y.X.Bare() != nil && y.X.Bare().Name == list
					}
				}
				return !found
			})
		})
		return !found
	})
	return found
}

// countsDown reports whether a statement changes the number of arguments alone.
func countsDown(f *parse.File, s *parse.Stmt) bool {
	if s.Kind != parse.SExpr || s.Expr == nil {
		return false
	}
	switch text.StripSpace(parse.ExprText(f, s.Expr)) {
	case "argc--", "--argc", "argc-=1":
		return true
	}
	return false
}

// consumes is what the comparisons of a row ask before they compare, "" or ending with &&,
// and the statements by which the ones of flags take their option off the list.
func (l *loop) consumes(c *chainOf) (guard, takes string, err error) {
	list, fixed := l.list()
	f := l.fn.File
	best := (*parse.Stmt)(nil)
	stepping := false
	for _, s := range l.links {
		if s.Parent != c.top.Parent || s.Body == nil {
			continue
		}
		var off []*parse.Stmt
		plain := s.Else == nil
		for _, x := range patch.Flat([]*parse.Stmt{s.Body}) {
			switch {
			case takesOff(x, list), countsDown(f, x):
				off = append(off, x)
			default:
				plain = plain && !text.HasWord(patch.TextAt(f, x), list) // the next one is its argument
			}
		}
		if len(off) > 0 {
			stepping = true
		}
		if plain && (best == nil || len(off) > 0 && takes == "") {
			var lines []string
			for _, x := range off {
				lines = append(lines, canonical(f, x)...)
			}
			best, takes = s, strings.Join(append(lines, ""), "\n")
		}
	}
	if !fixed {
		return "", "", nil
	}
	if stepping && strings.TrimSpace(takes) == "" {
		return "", "", fmt.Errorf("%s: no option of %s() is a flag whose way of taking it off the list could be copied", f.Path, l.fn.Name)
	}
	if best == nil {
		best = c.top
	}
	return l.guard(best), takes, nil
}

// canonical gives a statement line by line; a loop has its body in braces.
func canonical(f *parse.File, s *parse.Stmt) []string {
	if s.Body == nil || s.Body.Kind == parse.SBlock || s.Body.Pos <= s.Pos {
		return []string{patch.OneLine(patch.TextAt(f, s))}
	}
	head := patch.OneLine(strings.TrimSpace(string(f.Src[s.Pos:s.Body.Pos])))
	return []string{head + " {", patch.OneLine(patch.TextAt(f, s.Body)), "}"}
}

// guard is what stands before the comparison in a condition: argc > 1 && ...
func (l *loop) guard(s *parse.Stmt) string {
	f := l.fn.File
	e := s.Expr.Strip()
	out := ""
	for e != nil && e.Kind == parse.XBinary && e.Op == token.AndAnd {
		e = e.X.Strip()
	}
	for p := s.Expr.Strip(); p != nil && p.Kind == parse.XBinary && p.Op == token.AndAnd; p = p.X.Strip() {
		left := p.X.Strip()
		if left == nil || compared(f, left) {
			continue
		}
		out = patch.OneLine(parse.ExprText(f, p.X)) + " && "
		break
	}
	return out
}

// compared reports whether an expression compares an argument with an option's name.
func compared(f *parse.File, e *parse.Expr) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		_, _, ok := compares(f, x)
		found = found || ok
		return !found
	})
	return found
}
