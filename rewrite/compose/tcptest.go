package compose

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
)

// TCPTest decides whether the block needs a test for TCP, and moves the place
// into a branch that has made one already. SO_KEEPALIVE alone is accepted on
// any socket, so a test is written only where the code offers one, or where
// the socket may be a datagram one.
func (p *Composer) TCPTest(t *Target) string {
	if t.Kind != "" {
		return t.Kind
	}
	if t.Place.Late {
		return "" // the program's own options for TCP stand under one
	}
	f := t.Spot.File
	maybe := t.Site.Transport == result.MaybeTCP
	if n := anchor.NextStmt(t.Place); n != nil && n.Kind == parse.SIf && n.Else == nil &&
		(maybe && speaksOfTCP(parse.ExprText(f, n.Expr)) || tellsFamily(parse.ExprText(f, n.Expr))) &&
		ctree.StmtMentions(f, n.Body, t.Spot.Key) && !ctree.Mentions(f, n.Expr, t.Spot.Key) {
		if n.Body.Kind == parse.SBlock {
			a := p.Search(t.Spot)
			if pl, why := a.LinePlace(&anchor.Place{List: n.Body, Check: t.Place.Check}); why == "" && !t.Place.Test {
				t.Place = pl
				return ""
			}
		} else if s := ctree.OneLine(parse.ExprText(f, n.Expr)); len(s) <= 60 {
			return s
		}
	}
	if m := p.nearModel(t); m != nil && (m.Form == exemplar.FormIf || m.Form == exemplar.FormAssign) && m.Call.Pos > t.Place.Offset {
		// The next option on the same descriptor asks for the family.
		if test := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(ctree.OneLine(m.Before)), "&&")); tellsFamily(test) &&
			p.SeesAll(&t.Point, m.Func, test) && len(test) <= 60 {
			return test
		}
	}
	if !maybe {
		return ""
	}
	types := t.Site.Node.Types
	if AnyContains(types, "SOCK_DGRAM", "SOCK_RAW", "SOCK_SEQPACKET") {
		return t.typeTest()
	}
	if test := t.unixTest(); test != "" {
		return test
	}
	if len(types) > 0 && !AnyContains(types, "?") {
		return ""
	}
	test := t.typeTest()
	if strings.Contains(test, "ai_socktype") {
		return "" // nothing says that the addresses are others than usual
	}
	return test
}

var unixFamilies = []string{"AF_UNIX", "AF_LOCAL", "PF_UNIX", "PF_LOCAL"}

// unixTest is the test that keeps a socket out which may be a unix one, where the
// function itself tells these from others: by a constant for the family that it
// makes the socket with, or by the one in the address that accept() filled in. Builds without the
// constant's #if need not have it.
func (t *Target) unixTest() string {
	if t.Inet || !AnyContains(t.Site.Node.Domains, unixFamilies...) || t.besideOther() || t.Spot.OtherArm(t.Place) {
		return ""
	}
	test, ok := t.FamilyTest()
	asked, _, found := strings.Cut(test, " != ")
	if !ok || !found {
		return ""
	}
	name, asks := "", !t.Site.Accepts()
	there := ctree.Arms(t.Spot.File, t.Place.Offset)
	t.Spot.Func.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XIdent && name == "" && slices.Contains(unixFamilies, x.Name) &&
					ctree.Within(there, ctree.Arms(t.Spot.File, x.Pos)) {
					name = x.Name
				}
				asks = asks || x.Kind == parse.XMember && ctree.Normalize(parse.ExprText(t.Spot.File, x)) == asked
				return true
			})
		})
		return true
	})
	if name == "" || !asks {
		return ""
	}
	return asked + " != " + name
}

// FamilyTest is a test for the families that have TCP's timers, for a socket
// that may be a unix one; ok is false where the code offers none.
func (t *Target) FamilyTest() (test string, ok bool) {
	if t.Site.Transport != result.MaybeTCP || t.Inet {
		return "", true
	}
	if d := t.Site.Node.Domains; len(d) > 0 && !AnyContains(d, "AF_UNIX", "AF_LOCAL", "PF_UNIX", "PF_LOCAL", "AF_VSOCK", "?") {
		return "", true
	}
	f, args := t.Spot.File, t.made()
	if len(args) < 2 {
		return "", false
	}
	if !t.Site.Accepts() {
		e := args[0].Strip()
		switch {
		case e == nil:
		case ctree.IsConstName(e):
			return "", true
		case e != nil && (e.Kind == parse.XMember || e.Kind == parse.XIdent):
			return ctree.OneLine(parse.ExprText(f, e)) + " != AF_UNIX", true
		}
		return "", false
	}
	// accept() tells by the address it fills in.
	e := args[1].Strip()
	if e == nil || e.Kind != parse.XUnary || e.Op != token.And || len(args) > 2 && t.noLength(args[2]) {
		return "", false
	}
	v, found := ctree.Visible(t.Spot.Func, t.Place.List, t.Place.Offset, parse.ExprText(f, e.X.Strip()))
	if !found || v.Decl.Type == nil || v.Decl.Type.Ptr > 0 {
		return "", false
	}
	switch v.Decl.Type.Base {
	case "struct sockaddr_storage":
		return v.Decl.Name + ".ss_family != AF_UNIX", true
	case "struct sockaddr":
		return v.Decl.Name + ".sa_family != AF_UNIX", true
	case "struct sockaddr_in", "struct sockaddr_in6":
		return "", true
	}
	return "", false
}

// noLength reports whether the length of the address buffer was set to 0 last, so that
// accept() fills nothing in.
func (t *Target) noLength(arg *parse.Expr) bool {
	e := arg.Strip()
	if e == nil || e.Kind != parse.XUnary || e.Op != token.And || e.X.Strip() == nil || e.X.Strip().Kind != parse.XIdent {
		return false
	}
	name, value := e.X.Strip().Name, ""
	t.Spot.Func.Body().Walk(func(s *parse.Stmt) bool {
		if s.Pos >= arg.Pos {
			return false
		}
		for _, d := range s.Decls {
			if d.Name == name && d.Init != nil {
				value = parse.ExprText(t.Spot.File, d.Init)
			}
		}
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XAssign && x.Op == token.Assign && x.X.Strip() != nil && x.X.Strip().Name == name && x.Pos < arg.Pos {
					value = parse.ExprText(t.Spot.File, x.Y)
				}
				return true
			})
		})
		return true
	})
	return value == "0"
}

// speaksOfTCP recognises a condition that tells TCP from other sockets.
func speaksOfTCP(cond string) bool {
	for _, w := range []string{"IPPROTO_TCP", "SOCK_STREAM"} {
		if i := strings.Index(cond, w); i >= 0 && !strings.Contains(cond, "!=") {
			return true
		}
	}
	return false
}

// tellsFamily recognises a condition that keeps unix sockets out.
func tellsFamily(cond string) bool {
	if strings.Contains(cond, "||") {
		return strings.Count(cond, "==") == 2 && strings.Contains(cond, "AF_INET6") &&
			strings.Count(cond, "AF_INET") == 2 && !strings.Contains(cond, "&&")
	}
	_, rest, ok := strings.Cut(cond, "!=")
	rest = strings.Trim(rest, " ()")
	return ok && !strings.Contains(cond, "&&") && (rest == "AF_UNIX" || rest == "AF_LOCAL" || rest == "PF_UNIX" || rest == "PF_LOCAL")
}

// AnyContains reports whether one of the texts contains one of the words.
func AnyContains(list []string, words ...string) bool {
	for _, l := range list {
		for _, w := range words {
			if strings.Contains(l, w) {
				return true
			}
		}
	}
	return false
}

// typeTest makes a test out of the creation's own type argument.
func (t *Target) typeTest() string {
	args := t.made()
	if t.Site.Accepts() || len(args) != 3 || t.besideOther() {
		return ""
	}
	f := t.Spot.File
	e := args[1].Strip()
	for e != nil && e.Kind == parse.XBinary && e.Op == token.Or { // type | SOCK_CLOEXEC
		e = e.X.Strip()
	}
	switch {
	case e == nil:
		return ""
	case e.Kind == parse.XCond && e.Y != nil:
		if !asksAgain(e.X) {
			return ""
		}
		cond := ctree.OneLine(parse.ExprText(f, e.X.Bare()))
		yes, no := parse.ExprText(f, e.Y), parse.ExprText(f, e.Z)
		if strings.Contains(yes, "SOCK_STREAM") && !strings.Contains(no, "SOCK_STREAM") {
			return cond
		}
		if strings.Contains(no, "SOCK_STREAM") && e.X.Bare().Kind != parse.XBinary {
			return "!" + cond
		}
		return ""
	case e.Kind == parse.XIdent && !ctree.IsUpper(e.Name), e.Kind == parse.XMember:
		return ctree.OneLine(parse.ExprText(f, e)) + " == SOCK_STREAM"
	}
	return ""
}

// besideOther reports whether the statement makes another socket, too, to which a test of
// this call's arguments says nothing: fd = a ? socket(...) : socket(...).
func (t *Target) besideOther() bool {
	other := false
	t.Spot.Stmt.Exprs(func(e *parse.Expr) {
		e.Walk(func(x *parse.Expr) bool {
			other = other || x.Kind == parse.XCall && x != t.Spot.Call && x.Callee() == t.Spot.Call.Callee()
			return !other
		})
	})
	return other
}

// asksAgain reports whether a condition can be asked a second time: it calls nothing and
// changes nothing.
func asksAgain(e *parse.Expr) bool {
	ok := true
	e.Walk(func(x *parse.Expr) bool {
		switch {
		case x.Kind == parse.XCall, x.Kind == parse.XAssign, x.Op == token.Inc, x.Op == token.Dec:
			ok = false
		}
		return ok
	})
	return ok
}

// made are the arguments that the socket of a target is made with, as they
// are spelled there; nil for what is decided elsewhere.
func (t *Target) made() []*parse.Expr {
	if args, ok := t.Composer.Args[t.Spot.Call]; ok {
		return args
	}
	return t.Spot.Call.Args
}
