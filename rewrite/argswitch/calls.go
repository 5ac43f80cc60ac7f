package argswitch

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"strings"
)

// callsIn returns the calls of the named functions in all forms of a function,
// each place once.
func callsIn(n *node, names ...string) []*place {
	var out []*place
	seen := map[int]bool{}
	for _, fn := range n.forms {
		fn.Body().Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(x *parse.Expr) bool {
					if x.Kind == parse.XCall && !seen[x.Pos] {
						for _, name := range names {
							if x.Callee() == name || strings.HasPrefix(name, "getopt") && strings.HasSuffix(x.Callee(), "_"+name) {
								seen[x.Pos] = true
								out = append(out, &place{fn: fn, call: x, stmt: s})
							}
						}
					}
					return true
				})
			})
			return true
		})
	}
	return out
}

// place is a call in one form of a function.
type place struct {
	fn   *parse.Func
	call *parse.Expr
	stmt *parse.Stmt
}

// argRange is the text of an argument, words between literals included.
func (p *place) argRange(i int) (from, to int) {
	from = p.call.Args[i].Pos
	if i+1 < len(p.call.Args) {
		to = p.call.Args[i+1].Pos
		for _, t := range tokens(p.fn.File, from, to) {
			if t.Op == token.Comma {
				to = int(t.Off)
			}
		}
		return from, to
	}
	return from, p.call.End - 1
}
