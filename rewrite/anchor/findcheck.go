package anchor

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/noreturn"
)

// findCheck looks for the check after the statement that makes the descriptor.
func (a *Search) findCheck(s *parse.Stmt) (*Place, string) {
	return a.findCheckFrom(s, nil)
}

// findCheckFrom walks the statements after s. check is the test seen so far.
func (a *Search) findCheckFrom(s, check *parse.Stmt) (*Place, string) {
	f, x, zero, fails := a.spot.File, s, false, false
	test := true // the descriptor may be invalid where nothing more is found
	for i := 0; i < maxToCheck; i++ {
		n := ctree.Next(x)
		if n == nil {
			up, tested := a.climb(x)
			if tested {
				return a.After(up, up, false)
			}
			if up == nil {
				break
			}
			x = up
			continue
		}
		if n.Kind == parse.SBreak {
			// The end of a switch's arm: what follows the switch is next.
			if sw := ctree.EnclosingBreakable(n); sw != nil && sw.Kind == parse.SSwitch {
				x = sw
				continue
			}
			break
		}
		if n.Kind == parse.SIf && a.tests(n.Expr) {
			if k := a.conditionState(n.Expr); k.Known() && !(k.Yes == noreturn.Valid && a.underOwnIf(n)) {
				if a.hops++; a.hops > 4 {
					return nil, "the checks of the descriptor are too complex"
				}
				if pl, why := a.ifStmt(n, false); why == "" || check == nil {
					return a.behindLoop(n, pl, why)
				}
			} else if k.Known() || a.onlyOptions(n) || a.leavesOnNoSocket(n) || a.leavesOnMany(n) {
				x = n
				continue
			} else if check == nil && a.slips(n.Expr) && n.Else == nil && a.exits.Leaves(f, n.Body) {
				x, check, zero = n, n, true
				continue
			}
			fails = a.failsByItself(n)
			test = test && !(zero && fails)
			break
		}
		if n.Kind == parse.SMacro && n.Body != nil && a.isFailureHead(n.Expr) && a.exits.Leaves(f, n.Body) {
			return a.After(n, n, false)
		}
		if (n.Kind == parse.SExpr || n.Kind == parse.SMacro && n.Body == nil) && a.tests(n.Expr) {
			if a.isCheckMacro(n.Expr) {
				return a.After(n, n, false)
			}
			if a.copies(n.Expr) {
				x = n
				continue
			}
			if !a.logsDescriptor(n.Expr) {
				if a.failsByItself(n) {
					test = test && check != nil && !zero
				}
				break
			}
		} else if ctree.StmtMentions(f, n, a.spot.Key) {
			if n.Kind == parse.SIf && !ctree.Mentions(f, n.Expr, a.spot.Key) && !ctree.Assigns(f, n, a.spot.Key) &&
				(a.onlyLogs(n) || a.onlyOptions(n) || n.Else == nil && a.exits.Leaves(f, n.Body)) {
				x = n
				continue
			}
			break
		}
		switch n.Kind {
		case parse.SLabel, parse.SCase, parse.SDefault, parse.SReturn, parse.SGoto, parse.SContinue:
			i = maxToCheck
			continue
		}
		x = n
	}
	if check != nil {
		return a.After(check, check, test)
	}
	return a.unchecked(s, test, fails)
}

// unchecked is the place behind a call that nothing checks.
func (a *Search) unchecked(s *parse.Stmt, test, fails bool) (*Place, string) {
	pl, why := a.After(ctree.ListMember(s), nil, test)
	if why == "" {
		pl.Fails = fails
	}
	return pl, why
}

// underOwnIf reports whether a statement stands in an arm of an #if that the call does not
// stand in, so that not every build has it: a test under #ifdef SO_NOSIGPIPE.
func (a *Search) underOwnIf(s *parse.Stmt) bool {
	return !ctree.Within(ctree.Arms(a.spot.File, a.spot.Call.Pos), ctree.Arms(a.spot.File, s.Pos))
}

// leavesOnMany recognises if (fd >= MAX_CLIENTS) { close(fd); return; }, which may stand in
// front of the check.
func (a *Search) leavesOnMany(s *parse.Stmt) bool {
	e := s.Expr.Strip()
	if s.Else != nil || e == nil || e.Kind != parse.XBinary || e.Op != token.Gt && e.Op != token.Ge ||
		!noreturn.Denotes(a.spot.File, e.X, a.spot.Key) {
		return false
	}
	v, isNumber := ctree.Number(e.Y)
	return (ctree.IsConstName(e.Y) || isNumber && v > 2) && a.exits.Leaves(a.spot.File, s.Body)
}

// climb goes from the last statement of a list to the one around it, after which the
// search goes on; nil where it does not. tested reports that it is a loop which ends with
// a good descriptor alone.
func (a *Search) climb(x *parse.Stmt) (up *parse.Stmt, tested bool) {
	if loop := a.untilGood(x); loop != nil {
		return loop, true
	}
	if up = ctree.Climb(x); up == nil || up.Kind != parse.SDo {
		return up, false
	}
	k := a.conditionState(up.Expr)
	switch {
	case k.No == noreturn.Valid && !noreturn.Breaks(up.Body):
		return up, true
	case k.Yes == noreturn.Invalid:
		return up, false // tried again on EINTR: the check follows
	}
	return nil, false
}

// untilGood is the loop that the last statement of its body leads back to and that ends with a good
// descriptor alone, nil without one: while (fd < 0) fd = accept(...);
func (a *Search) untilGood(last *parse.Stmt) *parse.Stmt {
	loop := last.Parent
	if loop != nil && loop.Kind == parse.SBlock && ctree.Next(last) == nil {
		loop = loop.Parent
	}
	if loop == nil || loop.Kind != parse.SWhile || a.conditionState(loop.Expr).No != noreturn.Valid || noreturn.Breaks(loop.Body) {
		return nil
	}
	return loop
}

// behindLoop is the place after a check, or after the loop around it where that one ends with a good
// descriptor and the check goes on with a bad one.
func (a *Search) behindLoop(check *parse.Stmt, pl *Place, why string) (*Place, string) {
	if loop := a.untilGood(check); loop != nil && why == "" && pl.Test {
		return a.After(loop, loop, false)
	}
	return pl, why
}

// copies recognises c->fd = fd: what is tested after it may be the copy.
func (a *Search) copies(e *parse.Expr) bool {
	e = e.Bare()
	if e == nil || e.Kind != parse.XAssign || e.Op != token.Assign ||
		!ctree.IsLvalue(a.spot.File, e.Y.Strip(), a.spot.Key) || !ctree.PureLvalue(e.X.Bare()) {
		return false
	}
	a.names = append(a.names, ctree.Normalize(parse.ExprText(a.spot.File, e.X.Bare())))
	return true
}

// isCheckMacro recognises ASSERT(fd >= 0), BAIL_IF(fd < 0, "socket"),
// CHECK_SOCKET(fd): after it the descriptor is good.
func (a *Search) isCheckMacro(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil || e.Kind != parse.XCall || len(e.Args) == 0 {
		return false
	}
	name := strings.ToLower(e.Callee())
	if strings.Contains(name, "assert") && (a.conditionState(e.Args[0]).Yes == noreturn.Valid || noreturn.Asserts(a.spot.File, e, a.spot.Key)) {
		return true
	}
	if strings.Contains(name, "check") && noreturn.Denotes(a.spot.File, e.Args[0], a.spot.Key) {
		return true
	}
	if m := a.exits.FnMacro(a.spot.File, e.Callee()); m != nil && noreturn.TestsParameter(m) &&
		noreturn.Denotes(a.spot.File, e.Args[0], a.spot.Key) {
		return a.exits.HandlesFailure(a.spot.File, e.Callee())
	}
	// The condition says which way it leaves: what goes on after it uses the
	// descriptor.
	for _, arg := range e.Args {
		if k := a.conditionState(arg); k.Yes == noreturn.Valid || k.No == noreturn.Valid {
			return a.exits.HandlesTest(a.spot.File, e.Callee())
		}
	}
	return false
}

// isFailureHead recognises a macro that stands for the head of a check: IF_ERR(fd) {,
// defined as if ((x) < 0).
func (a *Search) isFailureHead(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil || e.Kind != parse.XCall || len(e.Args) == 0 {
		return false
	}
	m := a.exits.FnMacro(a.spot.File, e.Callee())
	if m == nil || len(m.Params) == 0 || len(m.Body) == 0 || m.Body[0].Op != token.KwIf {
		return false
	}
	if a.conditionState(e.Args[0]).No == noreturn.Valid {
		return true
	}
	head := ""
	for _, k := range m.Body {
		head += m.File.Text(k)
	}
	head = strings.NewReplacer("("+m.Params[0]+")", "x", "("+m.Params[0], "(x").Replace(head)
	return noreturn.Denotes(a.spot.File, e.Args[0], a.spot.Key) &&
		(strings.HasPrefix(head, "if(x<0)") || strings.HasPrefix(head, "if(x==-1)"))
}

// logsDescriptor recognises a message that prints the descriptor.
func (a *Search) logsDescriptor(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil || e.Kind != parse.XCall {
		return false
	}
	if knowledge.ChatterWords.In(strings.ToLower(e.Callee())) {
		return true
	}
	for i, x := range e.Args {
		if ctree.Mentions(a.spot.File, x, a.spot.Key) {
			return ctree.Printed(e, i)
		}
	}
	return false
}

func (a *Search) onlyLogs(s *parse.Stmt) bool {
	ok := true
	s.Body.Walk(func(x *parse.Stmt) bool {
		if x.Kind == parse.SExpr && ctree.Mentions(a.spot.File, x.Expr, a.spot.Key) && !a.logsDescriptor(x.Expr) {
			ok = false
		}
		return ok
	})
	return ok && s.Else == nil
}

// onlyOptions reports whether an if does nothing with the descriptor but set options
// of it, as some do before the check.
func (a *Search) onlyOptions(s *parse.Stmt) bool {
	f, sets, other := a.spot.File, false, s.Else != nil || ctree.Assigns(a.spot.File, s, a.spot.Key)
	s.Walk(func(x *parse.Stmt) bool {
		x.Exprs(func(e *parse.Expr) {
			if !ctree.Mentions(f, e, a.spot.Key) {
				return
			}
			known := false
			e.Walk(func(c *parse.Expr) bool {
				if c.Kind == parse.XCall && ctree.Mentions(f, c, a.spot.Key) {
					known = a.exits.SetsOptions(f, c, a.spot.Key)
					other = other || !known
					return false
				}
				return true
			})
			sets, other = sets || known, other || !known
		})
		return !other
	})
	return sets && !other
}

// failsByItself: the program hands the descriptor on without a look, to a
// call that fails on an invalid one in just the way setsockopt does.
func (a *Search) failsByItself(s *parse.Stmt) bool {
	found := false
	s.Exprs(func(e *parse.Expr) {
		e.Walk(func(x *parse.Expr) bool {
			found = found || knowledge.FailsOnInvalid(x.Callee())
			return !found
		})
	})
	return found
}
