package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// A variable may take a stream socket in one arm and a datagram socket in
// another, with one check behind both. The block there needs the condition of
// its arm, or goes into the arm.

// maxGate is how long a condition may be that is written a second time.
const maxGate = 48

// apart finds what keeps a block to the sockets of its own call: a condition,
// or a place in the call's arm. Neither is given where nothing else shares the
// place.
func (p *finder) apart(sp *spot, pl *place) (string, *place) {
	var forks []*parse.Stmt // the if or switch that parts another call from this one
	streams := 0
	calls(sp.fn.Body(), func(c *parse.Expr, s *parse.Stmt) {
		if c == sp.call || c.Callee() != "socket" || len(c.Args) != 3 || target0(sp.file, s, c) != sp.key {
			return
		}
		a := fork(sp.stmt, s)
		if a == nil || pl.at < a.End || ancestor(a, pl.list) {
			return
		}
		if neverStream(baseType(c.Args[1])) {
			forks = append(forks, a)
		} else if !unixFamily(c.Args[0]) {
			streams++
		}
	})
	if cond := sp.datagramElse(); cond != "" && len(forks) == 0 {
		return cond, nil
	}
	if len(forks) == 0 {
		return "", nil
	}
	at := forks[0]
	for _, a := range forks {
		if a != at {
			at = nil
		}
		if at == nil {
			break
		}
	}
	if at != nil && streams == 0 {
		if cond := p.armCondition(sp, at, pl); cond != "" {
			return cond, nil
		}
	}
	if m := listMember(sp.stmt); m == nil || m != sp.stmt && m.Kind != parse.SCase && m.Kind != parse.SDefault {
		return "", nil
	}
	a := p.anchorer(sp)
	if in, why := a.after(sp.stmt, nil, true); why == "" {
		if in, why = a.settle(in); why == "" {
			return "", in
		}
	}
	return "", nil
}

// unixFamily reports whether an argument names the family of unix sockets.
func unixFamily(e *parse.Expr) bool {
	if !isConstName(e) {
		return false
	}
	_, name, _ := strings.Cut(e.Strip().Name, "_")
	return name == "UNIX" || name == "LOCAL"
}

// baseType is the type of a socket without the flags that are or'ed to it.
func baseType(e *parse.Expr) *parse.Expr {
	e = e.Strip()
	for e != nil && e.Kind == parse.XBinary && e.Op == parse.Or {
		e = e.X.Strip()
	}
	return e
}

// fork is the if or switch in whose different arms two statements stand, nil
// when one follows the other.
func fork(a, b *parse.Stmt) *parse.Stmt {
	up := a
	for up != nil && !ancestor(up, b) {
		up = up.Parent
	}
	if up == nil {
		return nil
	}
	if up.Kind == parse.SBlock && up.Parent != nil && up.Parent.Kind == parse.SSwitch && caseOf(up, a) != caseOf(up, b) {
		return up.Parent
	}
	if up.Kind == parse.SIf && up.Body != nil && up.Else != nil && ancestor(up.Body, a) != ancestor(up.Body, b) {
		return up
	}
	return nil
}

// caseOf is the index of the label in a switch's list that a statement of it
// stands under.
func caseOf(list, s *parse.Stmt) int {
	at := -1
	for i, x := range list.List {
		if x.Kind == parse.SCase || x.Kind == parse.SDefault {
			at = i
		}
		if ancestor(x, s) {
			return at
		}
	}
	return at
}

// armCondition is the condition under which the arm of a call is taken, as it
// can be asked again at the place.
func (p *finder) armCondition(sp *spot, a *parse.Stmt, pl *place) string {
	f := sp.file
	cond := ""
	switch a.Kind {
	case parse.SIf:
		e := a.Expr.Bare()
		if !repeatable(sp, e, a, pl) {
			return ""
		}
		if cond = collapse(exprText(f, e)); !ancestor(a.Body, sp.stmt) {
			cond = negated(f, e)
		}
		if e.Kind == parse.XBinary && (e.Op == parse.AndAnd || e.Op == parse.OrOr) {
			return ""
		}
	case parse.SSwitch:
		list := a.Body.List
		i := caseOf(a.Body, sp.stmt)
		if i < 0 || list[i].Kind != parse.SCase || list[i].Expr == nil || list[i].Body != nil && list[i].Body.Kind == parse.SCase || i > 0 && !p.exits.leaves(f, list[i-1]) {
			return ""
		}
		if i > 0 && list[i-1].Kind == parse.SCase || !repeatable(sp, a.Expr.Bare(), a, pl) || !isConst(list[i].Expr) {
			return ""
		}
		cond = collapse(exprText(f, a.Expr.Bare())) + " == " + collapse(exprText(f, list[i].Expr))
	}
	if len(cond) > maxGate {
		return ""
	}
	return cond
}

// repeatable reports whether a condition is the same at the place: it calls
// nothing, and nothing from it changes on the way.
func repeatable(sp *spot, e *parse.Expr, from *parse.Stmt, pl *place) bool {
	ok := true
	e.Walk(func(x *parse.Expr) bool {
		switch x.Kind {
		case parse.XIdent:
			from.Walk(func(s *parse.Stmt) bool {
				ok = ok && !assigns(sp.file, s, x.Name)
				return ok
			})
		case parse.XCall, parse.XAssign, parse.XPostfix, parse.XBlock, parse.XOpaque:
			ok = false
		case parse.XUnary:
			ok = ok && x.Op != parse.Inc && x.Op != parse.Dec
		}
		return ok
	})
	for s := next(from); s != nil && s.Pos < pl.at; s = next(s) {
		e.Walk(func(x *parse.Expr) bool {
			ok = ok && (x.Kind != parse.XIdent || !assigns(sp.file, s, x.Name))
			return ok
		})
	}
	return ok
}

// negated is the opposite of a simple condition, "" for others.
func negated(f *parse.File, e *parse.Expr) string {
	switch {
	case e.Kind == parse.XUnary && e.Op == parse.Not:
		return collapse(exprText(f, e.X.Bare()))
	case e.Kind == parse.XIdent || e.Kind == parse.XMember:
		return "!" + collapse(exprText(f, e))
	case e.Kind == parse.XBinary && (e.Op == parse.EqEq || e.Op == parse.NotEq):
		op, other := "==", "!="
		if e.Op == parse.NotEq {
			op, other = other, op
		}
		between := string(f.Src[e.X.End:e.Y.Pos])
		return collapse(exprText(f, e.X) + strings.Replace(between, op, other, 1) + exprText(f, e.Y))
	}
	return ""
}

// datagramElse is the condition of udp ? socket(.., SOCK_DGRAM, ..) : socket(...)
// under which the call makes a stream socket.
func (sp *spot) datagramElse() string {
	if !sp.shared || sp.cond == nil && !sp.decl {
		return ""
	}
	cond := ""
	look := func(e *parse.Expr) bool {
		if e.Kind != parse.XCond || e.Y == nil {
			return true
		}
		yes, no := e.Y.Strip(), e.Z.Strip()
		switch {
		case yes == sp.call && datagram(no):
			cond = collapse(exprText(sp.file, e.X.Bare()))
		case no == sp.call && datagram(yes):
			cond = negated(sp.file, e.X.Bare())
		}
		return true
	}
	sp.stmt.Exprs(func(e *parse.Expr) { e.Walk(look) })
	if strings.ContainsAny(cond, "(&|+-") || len(cond) > maxGate {
		return ""
	}
	return cond
}

// datagram reports whether an expression makes a socket that is none of TCP's.
func datagram(e *parse.Expr) bool {
	return e != nil && e.Kind == parse.XCall && e.Callee() == "socket" && len(e.Args) == 3 && neverStream(baseType(e.Args[1]))
}
