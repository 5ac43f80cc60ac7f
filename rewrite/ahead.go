package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// ahead looks for the check behind the statement that makes the descriptor.
func (a *anchorer) ahead(s *parse.Stmt) (*place, string) {
	return a.aheadFrom(s, nil, true)
}

// aheadFrom walks the statements behind s. check is the test seen so far, and
// test says whether the descriptor may be invalid where nothing more is found.
func (a *anchorer) aheadFrom(s, check *parse.Stmt, test bool) (*place, string) {
	f := a.sp.file
	x := s
	for i := 0; i < maxAhead; i++ {
		n := next(x)
		if n == nil {
			up := climb(x)
			if up == nil {
				break
			}
			if up.Kind == parse.SDo {
				k := a.implied(up.Expr)
				if k.no == valid && !breaks(up.Body) {
					return a.after(up, up, false)
				}
				if k.yes == invalid {
					x = up // tried again on EINTR: the check follows
					continue
				}
				break
			}
			x = up
			continue
		}
		if n.Kind == parse.SBreak {
			// The end of a switch's arm: what follows the switch is next.
			if sw := enclosingBreakable(n); sw != nil && sw.Kind == parse.SSwitch {
				x = sw
				continue
			}
			break
		}
		if n.Kind == parse.SIf && a.tests(n.Expr) {
			if k := a.implied(n.Expr); k.tells() {
				if a.hops++; a.hops > 4 {
					return nil, "the checks of the descriptor were not understood"
				}
				if pl, why := a.onIf(n, false); why == "" {
					return pl, ""
				} else if check == nil {
					return nil, why
				}
			}
			break
		}
		if n.Kind == parse.SMacro && n.Body != nil && a.failHead(n.Expr) && a.exits.leaves(f, n.Body) {
			return a.after(n, n, false)
		}
		if (n.Kind == parse.SExpr || n.Kind == parse.SMacro && n.Body == nil) && a.tests(n.Expr) {
			if a.isCheckMacro(n.Expr) {
				return a.after(n, n, false)
			}
			if a.copies(n.Expr) {
				x = n
				continue
			}
			if !a.isChatter(n.Expr) {
				if a.failsByItself(n) {
					test = test && check != nil
				}
				break
			}
		} else if stmtMentions(f, n, a.sp.key) {
			if n.Kind == parse.SIf && !mentions(f, n.Expr, a.sp.key) && !assigns(f, n, a.sp.key) && a.onlyChatter(n) {
				x = n
				continue
			}
			break
		}
		switch n.Kind {
		case parse.SLabel, parse.SCase, parse.SDefault, parse.SReturn, parse.SGoto, parse.SContinue:
			i = maxAhead
			continue
		}
		x = n
	}
	if check != nil {
		return a.after(check, check, test)
	}
	return a.after(listMember(s), nil, test)
}

// copies recognises c->fd = fd: what is tested behind it may be the copy.
func (a *anchorer) copies(e *parse.Expr) bool {
	e = e.Bare()
	if e == nil || e.Kind != parse.XAssign || e.Op != parse.Assign || !same(a.sp.file, e.Y.Strip(), a.sp.key) || !pureLvalue(e.X.Bare()) {
		return false
	}
	a.names = append(a.names, norm(exprText(a.sp.file, e.X.Bare())))
	return true
}

// isCheckMacro recognises ASSERT(fd >= 0), BAIL_IF(fd < 0, "socket"),
// CHECK_SOCKET(fd): behind it the descriptor is good.
func (a *anchorer) isCheckMacro(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil || e.Kind != parse.XCall || len(e.Args) == 0 {
		return false
	}
	name := strings.ToLower(e.Callee())
	if strings.Contains(name, "assert") && a.implied(e.Args[0]).yes == valid {
		return true
	}
	if strings.Contains(name, "check") && holds(a.sp.file, e.Args[0], a.sp.key) {
		return true
	}
	if m := a.exits.fnMacro(a.sp.file, e.Callee()); m != nil && asks(m) && holds(a.sp.file, e.Args[0], a.sp.key) {
		return a.exits.deals(a.sp.file, e.Callee())
	}
	// The condition says which way it leaves: what goes on behind it uses the
	// descriptor.
	for _, arg := range e.Args {
		if k := a.implied(arg); k.yes == valid || k.no == valid {
			return a.exits.dealsWith(a.sp.file, e.Callee())
		}
	}
	return false
}

// failHead recognises a macro that stands for the head of a check: IF_ERR(fd) {,
// defined as if ((x) < 0).
func (a *anchorer) failHead(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil || e.Kind != parse.XCall || len(e.Args) == 0 {
		return false
	}
	m := a.exits.fnMacro(a.sp.file, e.Callee())
	if m == nil || len(m.Params) == 0 || len(m.Body) == 0 || m.Body[0].Op != parse.KwIf {
		return false
	}
	if a.implied(e.Args[0]).no == valid {
		return true
	}
	head := ""
	for _, k := range m.Body {
		head += m.File.Text(k)
	}
	head = strings.NewReplacer("("+m.Params[0]+")", "x", "("+m.Params[0], "(x").Replace(head)
	return holds(a.sp.file, e.Args[0], a.sp.key) && (strings.HasPrefix(head, "if(x<0)") || strings.HasPrefix(head, "if(x==-1)"))
}

// isChatter recognises a message that prints the descriptor.
func (a *anchorer) isChatter(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil || e.Kind != parse.XCall {
		return false
	}
	name := strings.ToLower(e.Callee())
	for _, w := range []string{"printf", "log", "debug", "trace", "dprint", "warn", "msg"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

func (a *anchorer) onlyChatter(s *parse.Stmt) bool {
	ok := true
	s.Body.Walk(func(x *parse.Stmt) bool {
		if x.Kind == parse.SExpr && mentions(a.sp.file, x.Expr, a.sp.key) && !a.isChatter(x.Expr) {
			ok = false
		}
		return ok
	})
	return ok && s.Else == nil
}

// failsByItself: the program hands the descriptor on without a look, to a
// call that fails on an invalid one in just the way setsockopt does.
func (a *anchorer) failsByItself(s *parse.Stmt) bool {
	found := false
	s.Exprs(func(e *parse.Expr) {
		e.Walk(func(x *parse.Expr) bool {
			switch x.Callee() {
			case "connect", "bind", "setsockopt", "fcntl", "ioctl", "getsockname", "getpeername", "send", "write":
				found = true
			}
			return true
		})
	})
	return found
}
