package patch

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// CallsIn returns the calls of the named functions in all forms of a function,
// each place once.
func CallsIn(n *program.Node, names ...string) []*CallSite {
	var out []*CallSite
	seen := map[int]bool{}
	for _, fn := range n.Forms {
		fn.Body().Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(x *parse.Expr) bool {
					if x.Kind == parse.XCall && !seen[x.Pos] {
						for _, name := range names {
							if x.Callee() == name || strings.HasPrefix(name, "getopt") && strings.HasSuffix(x.Callee(), "_"+name) {
								seen[x.Pos] = true
								out = append(out, &CallSite{Func: fn, Call: x, Stmt: s})
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

// CallSite is a call in one form of a function.
type CallSite struct {
	Func *parse.Func
	Call *parse.Expr
	Stmt *parse.Stmt
}

// ArgRange is the text of an argument, words between literals included.
func (p *CallSite) ArgRange(i int) (from, to int) {
	from = p.Call.Args[i].Pos
	if i+1 < len(p.Call.Args) {
		to = p.Call.Args[i+1].Pos
		for _, t := range p.Func.File.Between(from, to) {
			if t.Op == token.Comma {
				to = int(t.Off)
			}
		}
		return from, to
	}
	return from, p.Call.End - 1
}
