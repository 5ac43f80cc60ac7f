package noreturn

import (
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// Descriptors are the names that a function keeps sockets under.
func Descriptors(f *parse.File, fn *parse.Func) map[string]bool {
	out := map[string]bool{}
	ctree.Calls(fn.Body(), func(c *parse.Expr, s *parse.Stmt) {
		at, ok := knowledge.SocketCall(c.Callee())
		switch {
		case ok && at >= 0 && at < len(c.Args):
			out[ctree.Normalize(parse.ExprText(f, c.Args[at].Strip()))] = true
		case ok:
			if l := ctree.AssignedTo(f, s, c); l != "" {
				out[l] = true
			}
			for _, d := range s.Decls { // int fd = c->fd = socket(...)
				if d.Init != nil && d.Init.Bare().Kind == parse.XAssign && d.Init.Bare().Y.Strip() == c {
					out[d.Name] = true
				}
			}
		}
	})
	return out
}

// TestedCall reads which call an if tests: one in its condition, or the one that
// made what it compares.
func TestedCall(f *parse.File, s *parse.Stmt, fds map[string]bool) (fd string, socket bool) {
	look := func(e *parse.Expr) {
		e.Walk(func(x *parse.Expr) bool {
			if x.Kind != parse.XCall {
				return true
			}
			at, ok := knowledge.SocketCall(x.Callee())
			socket = socket || ok
			if ok && at >= 0 && at < len(x.Args) {
				fd = ctree.Normalize(parse.ExprText(f, x.Args[at].Strip()))
			}
			for _, a := range x.Args {
				if t := ctree.Normalize(parse.ExprText(f, a.Strip())); fd == "" && fds[t] {
					fd = t
				}
			}
			return true
		})
	}
	look(s.Expr)
	s.Expr.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XIdent || x.Kind == parse.XMember || x.Kind == parse.XUnary {
			if t := ctree.Normalize(parse.ExprText(f, x)); fd == "" && fds[t] {
				fd = t
			}
		}
		return true
	})
	if b := ctree.Prev(s); b != nil && b.Kind == parse.SExpr && !socket {
		if e := b.Expr.Bare(); e.Kind == parse.XAssign && ctree.Mentions(f, s.Expr, ctree.Normalize(parse.ExprText(f, e.X.Strip()))) {
			look(e.Y)
			if _, ok := knowledge.SocketCall(e.Y.Strip().Callee()); ok && fd == "" {
				fd = ctree.Normalize(parse.ExprText(f, e.X.Strip()))
			}
		}
	}
	return fd, socket
}
