package anchor

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// pastCopy moves a place after the copy of the descriptor to a variable of its own,
// where the one that took it is the function's variable for results:
//
//	ret = accept(lfd, NULL, NULL);
//	if (ret < 0)
//		return ret;
//	fd = ret;
//
// The block names the copy then.
func (a *Search) pastCopy(pl *Place) *Place {
	f, sp := a.spot.File, a.spot
	n := NextStmt(pl)
	if !pl.Test && pl.Braces == nil && a.declaredCopy(pl) {
		return pl
	}
	if pl.Test || pl.Braces != nil || !ctree.IsName(sp.Key) || n == nil {
		return pl
	}
	copied := copyIn(f, n, sp.Key)
	if copied == "" {
		return pl
	}
	again := false
	sp.Func.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(x *parse.Expr) {
			x.Walk(func(y *parse.Expr) bool {
				again = again || y.Kind == parse.XAssign && y.Pos > n.End && ctree.IsLvalue(f, y.X, sp.Key) &&
					y.Y.Strip() != nil && y.Y.Strip().Kind == parse.XCall
				return !again
			})
		})
		return !again
	})
	if !again {
		return pl
	}
	at := a.movedTo(pl, n)
	if at != pl {
		sp.FD, sp.Key = copied, ctree.Normalize(copied)
	}
	return at
}

// copyIn is the variable that a statement copies the descriptor to, one that it declares with
// it among them; "" where it does something else.
func copyIn(f *parse.File, n *parse.Stmt, key string) string {
	if n.Kind == parse.SDecl && len(n.Decls) == 1 && n.Decls[0].Init != nil && ctree.IsLvalue(f, n.Decls[0].Init, key) {
		return n.Decls[0].Name
	}
	if e := n.Expr.Bare(); n.Kind == parse.SExpr && e.Kind == parse.XAssign && e.Op == token.Assign &&
		ctree.IsLvalue(f, e.Y, key) && e.X.Bare().Kind == parse.XIdent {
		return parse.ExprText(f, e.X.Bare())
	}
	return ""
}

// declaredCopy names the descriptor after the variable that a branch begins with, where
// the statements after it know it by that name alone:
//
//	if (rc >= 0) {
//		int const accepted = rc;
func (a *Search) declaredCopy(pl *Place) bool {
	f, sp := a.spot.File, a.spot
	if pl.After == nil || pl.After.Kind != parse.SDecl || pl.After.IsMixedDecl() || ctree.Ancestor(pl.List, sp.Stmt) {
		return false
	}
	name := ""
	for _, s := range pl.List.List {
		if s.Pos > pl.After.Pos {
			if ctree.StmtMentions(f, s, sp.Key) {
				return false
			}
			continue
		}
		for _, d := range s.Decls {
			if d.Init != nil && ctree.IsLvalue(f, d.Init, sp.Key) && d.Type != nil && d.Type.Ptr == 0 {
				name = d.Name
			}
		}
	}
	if name == "" {
		return false
	}
	sp.FD, sp.Key = name, name
	return true
}

// FamilyArm is the place in the arm for internet addresses, where a switch over the
// address family follows that has one for unix sockets, too; nil where there is none.
// test is the condition that keeps another protocol of the arm from the block.
func (p *Finder) FamilyArm(sp *Spot, pl *Place) (at *Place, test string) {
	n := NextStmt(pl)
	if pl.Test || pl.Braces != nil || n == nil || n.Kind != parse.SSwitch || n.Body == nil || !asksFamily(sp.File, n.Expr) {
		return nil, ""
	}
	var inet, unix, more int
	var first *parse.Stmt
	for _, s := range n.Body.List {
		var names []string
		head := s
		for head != nil && (head.Kind == parse.SCase || head.Kind == parse.SDefault) {
			if head.Kind == parse.SCase && ctree.IsConstName(head.Expr) {
				names = append(names, head.Expr.Strip().Name)
			}
			head = head.Body
		}
		net := false
		for _, name := range names {
			_, family, _ := strings.Cut(name, "_")
			switch family {
			case "UNIX", "LOCAL":
				unix++
			case "INET", "INET6":
				net = true
			}
		}
		if net {
			if inet++; head == nil {
				return nil, ""
			}
			first = s
		} else if len(names) > 0 {
			more++
		}
	}
	a := p.Search(sp)
	if inet != 1 || unix != 1 || more != 1 || !a.logsDescriptor(unlabelled(first).Expr) {
		return nil, ""
	}
	at, why := a.After(first, pl.Check, false)
	if why == "" {
		at, why = a.LinePlace(at)
	}
	if why != "" || at.Test || at.Offset >= n.End { // an #endif put it behind the switch
		return nil, ""
	}
	if next := NextStmt(at); next != nil && next.Kind == parse.SIf && next.Else == nil {
		e := next.Expr.Strip()
		if e.Kind == parse.XBinary && e.Op == token.EqEq && ctree.IsConstName(e.Y) &&
			e.Y.Strip().Name == "IPPROTO_SCTP" && ctree.PureLvalue(e.X.Bare()) {
			test = parse.ExprText(sp.File, e.X) + " != " + e.Y.Strip().Name
		}
	}
	return at, test
}

// asksFamily reports whether an expression is an address family, by its name.
func asksFamily(f *parse.File, e *parse.Expr) bool {
	e = e.Strip()
	return e != nil && (e.Kind == parse.XIdent || e.Kind == parse.XMember) && strings.HasSuffix(parse.ExprText(f, e), "family")
}
