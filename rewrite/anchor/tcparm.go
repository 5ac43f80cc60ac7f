package anchor

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// TCPArm is the place before the first of the program's own options for TCP, where
// these stand in a later branch because the socket may be another one; nil where there
// is no such branch.
//
//	if (server->type == SERVER_TYPE_TCP) {
//		val = 1;
//		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &val, sizeof(val));
//
// A client's block has to stand before its connect().
func (p *Finder) TCPArm(sp *Spot, pl *Place) *Place {
	f := sp.File
	if pl.Test || pl.Braces != nil || pl.Moved {
		return nil
	}
	for _, h := range p.OptionCalls(f) {
		if h.FD != sp.Key || h.Func.NamePos != sp.Func.NamePos || h.Stmt.Pos < pl.Offset {
			continue
		}
		arm := h.Stmt.Parent
		if !strings.HasPrefix(h.Opt, "TCP_") || arm == nil || arm.Kind != parse.SBlock || arm.Parent == nil ||
			arm.Parent.Kind != parse.SIf || arm.Parent.Body != arm || !asksForTCP(parse.ExprText(f, arm.Parent.Expr)) ||
			ctree.Mentions(f, arm.Parent.Expr, sp.Key) {
			return nil
		}
		head := ChainHead(arm.Parent)
		if head.Parent != pl.List || connects(sp, pl, head) {
			return nil
		}
		a := p.Search(sp)
		at, why := &Place{List: arm, Check: pl.Check}, ""
		if prev := ctree.Prev(h.Stmt); prev != nil {
			at, why = a.After(prev, pl.Check, false)
		}
		if why == "" {
			at, why = a.LinePlace(at)
		}
		if why != "" || at.Test || at.Moved || a.changedBefore(at) {
			return nil
		}
		at.Late = true
		return at
	}
	return nil
}

// tcpCondition matches what is true for TCP alone.
var tcpCondition = text.NewPattern(`(?i)(==\s*\w*tcp|==\s*SOCK_STREAM\b|==\s*AF_INET6?\b|!=\s*[AP]F_(UNIX|LOCAL)\b)`)

// asksForTCP recognises a condition that tells TCP, or the internet, from other sockets.
func asksForTCP(cond string) bool { return tcpCondition.MatchString(cond) }

// connects reports whether the descriptor is connected between a place and a later
// statement of its list.
func connects(sp *Spot, pl *Place, to *parse.Stmt) bool {
	found := false
	for n := NextStmt(pl); n != nil && n != to; n = ctree.Next(n) {
		ctree.Calls(n, func(c *parse.Expr, _ *parse.Stmt) {
			found = found || knowledge.FDUses.Get(c.Callee()).Event == knowledge.Connect && ctree.Mentions(sp.File, c, sp.Key)
		})
	}
	return found
}
