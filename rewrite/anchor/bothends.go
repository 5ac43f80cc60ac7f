package anchor

import (
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// A pair of connected sockets made of TCP, where a system has no socketpair(): both
// ends are the program's own, and nothing between them can be lost unnoticed.

// BothEnds reports whether both ends of a connection are the program's own: one
// function listens, connects to the address that getsockname() gave for that listener,
// and accepts; or a function connects to the loopback address and the port that
// another function of the file was given for its listener.
func BothEnds(s *result.Site, sp *Spot) bool {
	if pairWithin(s, sp) {
		return true
	}
	if sp.File == nil {
		return false
	}
	switch {
	case sp.Call.Callee() == "socket" && connectsHome(sp.Func):
		return someFunc(sp.File, givenPort)
	case s.Role == result.Listener:
		return givenPort(sp.Func) && someFunc(sp.File, connectsHome)
	case s.Role == result.Accepted && len(s.Node.Listeners) == 1:
		l := s.Node.Listeners[0].Node
		return l.File == sp.File && l.Func != nil && givenPort(l.Func) && someFunc(sp.File, connectsHome)
	}
	return false
}

func someFunc(f *parse.File, is func(*parse.Func) bool) bool {
	for _, fn := range f.Funcs {
		if is(fn) {
			return true
		}
	}
	return false
}

// pairWithin recognises a function that makes both ends, the spot being one of them or
// their listener.
func pairWithin(s *result.Site, sp *Spot) bool {
	text := func(e *parse.Expr) string { return ctree.Normalize(parse.ExprText(sp.File, e.Bare())) }
	listener, address := map[string]string{}, "" // by the variable that holds its address
	accepts, connects := map[string]bool{}, map[string]string{}
	ctree.Calls(sp.Func.Body(), func(c *parse.Expr, _ *parse.Stmt) {
		if len(c.Args) < 2 {
			return
		}
		switch fd := text(c.Args[0]); c.Callee() {
		case "getsockname":
			if address = rootVariable(c.Args[1]); address != "" {
				listener[address] = fd
			}
		case "connect":
			if l := listener[rootVariable(c.Args[1])]; l != "" && l != fd {
				connects[fd] = l
			}
		case "accept", "accept4":
			accepts[fd] = true
		}
	})
	for fd, l := range connects {
		if accepts[l] && (sp.Key == fd || sp.Key == l || s.Role == result.Accepted && text(sp.Call.Args[0]) == l) {
			return true
		}
	}
	return false
}

// connectsHome recognises a function that connects to the loopback address and a port
// that is no constant.
func connectsHome(fn *parse.Func) bool {
	homes, ports, connected := map[string]bool{}, map[string]bool{}, ""
	eachAssignment(fn, func(member, root string, value *parse.Expr) {
		switch member {
		case "s_addr", "sin_addr":
			homes[root] = names(value, "INADDR_LOOPBACK")
		case "sin_port":
			ports[root] = !ctree.IsConst(portOf(value))
		}
	})
	ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
		if c.Callee() == "connect" && len(c.Args) == 3 {
			connected = rootVariable(c.Args[1])
		}
	})
	return connected != "" && homes[connected] && ports[connected]
}

// givenPort recognises a function that lets the system choose the port of a listener,
// and reads it back.
func givenPort(fn *parse.Func) bool {
	zero, named, reads, listens := false, "", false, false
	eachAssignment(fn, func(member, _ string, value *parse.Expr) {
		n, ok := ctree.Number(portOf(value))
		zero = zero || member == "sin_port" && ok && n == 0
	})
	ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
		switch {
		case c.Callee() == "listen":
			listens = true
		case c.Callee() == "getsockname" && len(c.Args) == 3:
			named = rootVariable(c.Args[1])
		case c.Callee() == "ntohs" && len(c.Args) == 1 && named != "":
			x := c.Args[0].Strip()
			reads = reads || x != nil && x.Kind == parse.XMember && x.Name == "sin_port" && rootVariable(x) == named
		}
	})
	return zero && reads && listens
}

// portOf is the number in host order: x of htons(x).
func portOf(e *parse.Expr) *parse.Expr {
	if c := e.Strip(); c != nil && c.Callee() == "htons" && len(c.Args) == 1 {
		return c.Args[0]
	}
	return e
}

// eachAssignment visits what members of variables are assigned.
func eachAssignment(fn *parse.Func, visit func(member, root string, value *parse.Expr)) {
	fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				if l := x.X.Strip(); x.Kind == parse.XAssign && l != nil && l.Kind == parse.XMember {
					visit(l.Name, rootVariable(l), x.Y)
				}
				return true
			})
		})
		return true
	})
}

// names reports whether a name occurs in an expression.
func names(e *parse.Expr, name string) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		found = found || x.Kind == parse.XIdent && x.Name == name
		return !found
	})
	return found
}

// rootVariable is the variable that an address or a member is of, "" if there is none.
func rootVariable(e *parse.Expr) string {
	for e = e.Strip(); e != nil; e = e.X.Strip() {
		switch e.Kind {
		case parse.XIdent:
			return e.Name
		case parse.XUnary, parse.XMember, parse.XIndex:
		default:
			return ""
		}
	}
	return ""
}
