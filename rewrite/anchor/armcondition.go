package anchor

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
)

// A variable may take a stream socket in one arm and a datagram socket in
// another, with one check after both. The block there needs the condition of
// its arm, or goes into the arm.

// maxGate is how long a condition may be that is written a second time.
const maxGate = 48

// SeparateArm finds what keeps a block to the sockets of its own call: a condition,
// or a place in the call's arm. Neither is given where nothing else shares the
// place.
func (p *Finder) SeparateArm(sp *Spot, pl *Place) (string, *Place) {
	var forks []*parse.Stmt // the if or switch that parts another call from this one
	streams, apart := 0, false
	ctree.Calls(sp.Func.Body(), func(c *parse.Expr, s *parse.Stmt) {
		if c == sp.Call || ctree.AssignedTo(sp.File, s, c) != sp.Key {
			return
		}
		direct := c.Callee() == "socket" && len(c.Args) == 3
		a := branchPoint(sp.Stmt, s)
		if a == nil || pl.Offset < a.End || ctree.Ancestor(a, pl.List) || !direct && !p.onlyDatagrams(c.Callee(), 0) {
			return
		}
		if !direct || NeverStream(baseType(c.Args[1])) {
			forks = append(forks, a)
		} else if !unixFamily(c.Args[0]) {
			streams++
			apart = apart || otherType(sp, c)
		}
	})
	if apart && len(forks) == 0 {
		return "", p.inOwnArm(sp)
	}
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
			if in := p.sameArm(sp, at, pl, cond); in != nil {
				return "", in
			}
			return cond, nil
		}
	}
	return "", p.inOwnArm(sp)
}

// deepMaker is how many functions deep the socket() of one is looked for.
const deepMaker = 3

// onlyDatagrams reports whether what a function of the program makes are datagram sockets,
// in itself or by what it calls.
func (p *Finder) onlyDatagrams(name string, depth int) bool {
	datagrams, others := p.made(name, depth)
	return datagrams && !others
}

func (p *Finder) made(name string, depth int) (datagrams, others bool) {
	if depth == deepMaker {
		return false, false
	}
	for _, fn := range p.Exits.Funcs[name] {
		ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
			switch {
			case c.Callee() == "socket" && len(c.Args) == 3:
				never := NeverStream(baseType(c.Args[1]))
				datagrams, others = datagrams || never, others || !never
			case makesSocket(c) && p.Exits.Funcs[c.Callee()] == nil:
				others = true
			case c.Callee() != name:
				d, o := p.made(c.Callee(), depth+1)
				datagrams, others = datagrams || d, others || o
			}
		})
	}
	return datagrams, others
}

// OtherArm reports whether a call in another arm makes the socket for the same place, too.
func (sp *Spot) OtherArm(pl *Place) bool {
	found := false
	ctree.Calls(sp.Func.Body(), func(c *parse.Expr, s *parse.Stmt) {
		if c != sp.Call && c.Callee() == sp.Call.Callee() && ctree.AssignedTo(sp.File, s, c) == sp.Key {
			a := branchPoint(sp.Stmt, s)
			found = found || a != nil && pl.Offset >= a.End && !ctree.Ancestor(a, pl.List)
		}
	})
	return found
}

// sameArm is the place in what follows, where that parts the sockets as the call's own
// branch did, nil where it does not:
//
//	switch (proto) {
//	case TCP:
//		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
func (p *Finder) sameArm(sp *Spot, branch *parse.Stmt, pl *Place, cond string) *Place {
	f, n := sp.File, NextStmt(pl)
	if pl.Test || pl.Braces != nil || n == nil || n.Kind != branch.Kind || n.Body == nil {
		return nil
	}
	var arm *parse.Stmt
	switch n.Kind {
	case parse.SIf:
		if ctree.Normalize(parse.ExprText(f, n.Expr.Bare())) == ctree.Normalize(cond) {
			arm = n.Body
		}
	case parse.SSwitch:
		if ctree.Normalize(parse.ExprText(f, n.Expr)) != ctree.Normalize(parse.ExprText(f, branch.Expr)) {
			return nil
		}
		own := branch.Body.List[caseOf(branch.Body, sp.Stmt)]
		for i, s := range n.Body.List {
			if s.Kind == parse.SCase && s.Expr != nil &&
				ctree.Normalize(parse.ExprText(f, s.Expr)) == ctree.Normalize(parse.ExprText(f, own.Expr)) &&
				(i == 0 || p.Exits.Leaves(f, n.Body.List[i-1])) {
				arm = s.Body
			}
		}
	}
	if arm == nil {
		return nil
	}
	for _, h := range slices.Concat(p.SetterCalls(f), p.OptionCalls(f)) {
		if h.FD != sp.Key || h.Form == exemplar.FormOther || !ctree.Ancestor(arm, h.Stmt) {
			continue
		}
		if arm.Kind != parse.SBlock {
			return p.afterOption(sp, pl, h)
		}
		a := p.Search(sp)
		if at, why := a.inside(arm, pl.Check); why == "" {
			if at, why = a.LinePlace(at); why == "" && !at.Test {
				return at
			}
		}
	}
	return nil
}

// inOwnArm is the place right after the call, in the arm that it stands in, nil where
// there is none.
func (p *Finder) inOwnArm(sp *Spot) *Place {
	if m := ctree.ListMember(sp.Stmt); m == nil || m != sp.Stmt && m.Kind != parse.SCase && m.Kind != parse.SDefault {
		return nil
	}
	a := p.Search(sp)
	if in, why := a.After(sp.Stmt, nil, true); why == "" {
		if in, why = a.LinePlace(in); why == "" {
			return in
		}
	}
	return nil
}

// otherType reports whether another call's type of socket is made in another way, so
// that a test of the one says nothing of the other: two constants are known to be
// streams.
func otherType(sp *Spot, c *parse.Expr) bool {
	if len(sp.Call.Args) != 3 {
		return false
	}
	own, other := baseType(sp.Call.Args[1]), baseType(c.Args[1])
	return !(ctree.IsConst(own) && ctree.IsConst(other)) &&
		ctree.Normalize(parse.ExprText(sp.File, own)) != ctree.Normalize(parse.ExprText(sp.File, other))
}

// unixFamily reports whether an argument names the family of unix sockets.
func unixFamily(e *parse.Expr) bool {
	if !ctree.IsConstName(e) {
		return false
	}
	_, name, _ := strings.Cut(e.Strip().Name, "_")
	return name == "UNIX" || name == "LOCAL"
}

// baseType is the type of a socket without the flags that are or'ed to it.
func baseType(e *parse.Expr) *parse.Expr {
	e = e.Strip()
	for e != nil && e.Kind == parse.XBinary && e.Op == token.Or {
		e = e.X.Strip()
	}
	return e
}

// branchPoint is the if or switch in whose different arms two statements stand, nil
// when one follows the other.
func branchPoint(a, b *parse.Stmt) *parse.Stmt {
	up := a
	for up != nil && !ctree.Ancestor(up, b) {
		up = up.Parent
	}
	if up == nil {
		return nil
	}
	if up.Kind == parse.SBlock && up.Parent != nil && up.Parent.Kind == parse.SSwitch && caseOf(up, a) != caseOf(up, b) {
		return up.Parent
	}
	if up.Kind == parse.SIf && up.Body != nil && up.Else != nil && ctree.Ancestor(up.Body, a) != ctree.Ancestor(up.Body, b) {
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
		if ctree.Ancestor(x, s) {
			return at
		}
	}
	return at
}

// armCondition is the condition under which the arm of a call is taken, as it
// can be asked again at the place.
func (p *Finder) armCondition(sp *Spot, a *parse.Stmt, pl *Place) string {
	f := sp.File
	cond := ""
	switch a.Kind {
	case parse.SIf:
		e := a.Expr.Bare()
		if !p.repeatable(sp, e, a, pl) {
			return ""
		}
		if cond = ctree.OneLine(parse.ExprText(f, e)); !ctree.Ancestor(a.Body, sp.Stmt) {
			cond = negated(f, e)
		}
		if e.Kind == parse.XBinary && (e.Op == token.AndAnd || e.Op == token.OrOr) {
			return ""
		}
	case parse.SSwitch:
		list := a.Body.List
		i := caseOf(a.Body, sp.Stmt)
		if i < 0 || list[i].Kind != parse.SCase || list[i].Expr == nil || list[i].Body != nil && list[i].Body.Kind == parse.SCase ||
			i > 0 && !p.Exits.Leaves(f, list[i-1]) {
			return ""
		}
		if i > 0 && list[i-1].Kind == parse.SCase || !p.repeatable(sp, a.Expr.Bare(), a, pl) || !ctree.IsConst(list[i].Expr) {
			return ""
		}
		cond = ctree.OneLine(parse.ExprText(f, a.Expr.Bare())) + " == " + ctree.OneLine(parse.ExprText(f, list[i].Expr))
	}
	if len(cond) > maxGate {
		return ""
	}
	return cond
}

// repeatable reports whether a condition is the same at the place: it calls
// nothing but macros that only compute, and nothing from it changes on the way.
func (p *Finder) repeatable(sp *Spot, e *parse.Expr, from *parse.Stmt, pl *Place) bool {
	ok := true
	e.Walk(func(x *parse.Expr) bool {
		switch x.Kind {
		case parse.XIdent:
			from.Walk(func(s *parse.Stmt) bool {
				ok = ok && !ctree.Assigns(sp.File, s, x.Name)
				return ok
			})
		case parse.XCall:
			ok = ok && p.computes(sp.File, x.Callee())
		case parse.XAssign, parse.XPostfix, parse.XBlock, parse.XOpaque:
			ok = false
		case parse.XUnary:
			ok = ok && x.Op != token.Inc && x.Op != token.Dec
		}
		return ok
	})
	for s := ctree.Next(from); s != nil && s.Pos < pl.Offset; s = ctree.Next(s) {
		e.Walk(func(x *parse.Expr) bool {
			ok = ok && (x.Kind != parse.XIdent || !ctree.Assigns(sp.File, s, x.Name))
			return ok
		})
	}
	return ok
}

// computes reports whether a name is that of a macro with arguments that calls and stores nothing.
func (p *Finder) computes(f *parse.File, name string) bool {
	m := p.Exits.FnMacro(f, name)
	if m == nil || len(m.Body) == 0 {
		return false
	}
	for i, k := range m.Body {
		switch {
		case k.Kind == token.Ident && i+1 < len(m.Body) && m.Body[i+1].Op == token.LParen,
			k.Op == token.Inc, k.Op == token.Dec, k.Op == token.Semi, k.Op == token.LBrace:
			return false
		case strings.HasSuffix(m.File.Text(k), "=") && k.Op != token.EqEq && k.Op != token.NotEq && k.Op != token.Le && k.Op != token.Ge:
			return false
		}
	}
	return true
}

// negated is the opposite of a simple condition, "" for others.
func negated(f *parse.File, e *parse.Expr) string {
	switch {
	case e.Kind == parse.XUnary && e.Op == token.Not:
		return ctree.OneLine(parse.ExprText(f, e.X.Bare()))
	case e.Kind == parse.XIdent || e.Kind == parse.XMember || e.Kind == parse.XCall:
		return "!" + ctree.OneLine(parse.ExprText(f, e))
	case e.Kind == parse.XBinary && (e.Op == token.EqEq || e.Op == token.NotEq):
		op, other := "==", "!="
		if e.Op == token.NotEq {
			op, other = other, op
		}
		between := string(f.Src[e.X.End:e.Y.Pos])
		return ctree.OneLine(parse.ExprText(f, e.X) + strings.Replace(between, op, other, 1) + parse.ExprText(f, e.Y))
	}
	return ""
}

// datagramElse is the condition of udp ? socket(.., SOCK_DGRAM, ..) : socket(...)
// under which the call makes a stream socket.
func (sp *Spot) datagramElse() string {
	if !sp.Shared || sp.cond == nil && !sp.decl {
		return ""
	}
	cond := ""
	look := func(e *parse.Expr) bool {
		if e.Kind != parse.XCond || e.Y == nil {
			return true
		}
		yes, no := e.Y.Strip(), e.Z.Strip()
		switch {
		case yes == sp.Call && datagram(no):
			cond = ctree.OneLine(parse.ExprText(sp.File, e.X.Bare()))
		case no == sp.Call && datagram(yes):
			cond = negated(sp.File, e.X.Bare())
		}
		return true
	}
	sp.Stmt.Exprs(func(e *parse.Expr) { e.Walk(look) })
	if strings.ContainsAny(cond, "(&|+-") || len(cond) > maxGate {
		return ""
	}
	return cond
}

// datagram reports whether an expression makes a socket that is none of TCP's.
func datagram(e *parse.Expr) bool {
	return e != nil && e.Kind == parse.XCall && e.Callee() == "socket" && len(e.Args) == 3 && NeverStream(baseType(e.Args[1]))
}
