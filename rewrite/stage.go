package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// sameStage reports whether the way out of another check fits the place of the
// block: both stand in the same loop, and between them the function neither
// acquires what the way out releases nor releases what it had at the first of
// them. A way out from further on undoes too much or too little, and one from
// outside a loop over addresses never tries the next one.
func (t *target) sameStage(other *parse.Stmt, out []string) bool {
	if enclosingLoop(other) != enclosingLoop(firstIn(t.pl)) {
		return false
	}
	from, to := t.pl.at, other.Pos
	if to < from {
		from, to = other.End, t.pl.at
	}
	undone := map[string]bool{}
	for _, s := range out {
		for _, w := range words(s) {
			undone[w] = true
		}
	}
	f := t.sp.file
	fits := true
	t.sp.fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.End <= from || s.Pos >= to || !fits {
			return false
		}
		if s.Pos >= from && t.exits().leaves(f, s) {
			return false // what a branch does that leaves is over there
		}
		s.Exprs(func(e *parse.Expr) {
			if e.Pos < from || e.Pos >= to {
				return
			}
			e.Walk(func(c *parse.Expr) bool {
				switch {
				case c.Kind == parse.XAssign && undone[root(c.X)] && !same(f, c.X, t.sp.key):
					fits = false // acquired on the way
				case c.Kind == parse.XCall && (acquires(c.Callee()) || releases(c.Callee())):
					for _, a := range c.Args {
						if undone[root(a)] && !same(f, a, t.sp.key) || releases(c.Callee()) && !mentions(f, a, t.sp.key) {
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

func (t *target) exits() *exits { return t.proj.exits }

// root is the variable at the head of an lvalue or of its address.
func root(e *parse.Expr) string {
	for e = e.Strip(); e != nil; e = e.X.Strip() {
		switch e.Kind {
		case parse.XIdent:
			return e.Name
		case parse.XMember, parse.XUnary, parse.XIndex:
		default:
			return ""
		}
	}
	return ""
}

// releases and acquires tell by a function's name whether it gives a resource
// back or takes one: free(), freeaddrinfo(), pthread_mutex_unlock().
func releases(name string) bool { return hasPart(name, releaseParts) }

func acquires(name string) bool { return !releases(name) && hasPart(name, acquireParts) }

var (
	releaseParts = []string{"free", "unlock", "close", "release", "destroy", "unref", "delete", "dispose", "cleanup", "finish"}
	acquireParts = []string{"alloc", "lock", "strdup", "open", "getaddrinfo", "create", "acquire", "wait", "_new", "_init", "_ref"}
)

func hasPart(name string, parts []string) bool {
	low := strings.ToLower(name)
	for _, p := range parts {
		if strings.Contains(low, p) {
			return true
		}
	}
	return false
}
