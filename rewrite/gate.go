package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
)

// gate decides whether the block needs a test for TCP, and moves the place
// into a branch that has made one already. SO_KEEPALIVE alone is accepted on
// any socket, so a test is written only where the code offers one, or where
// the socket may be a datagram one.
func (p *composer) gate(t *target) string {
	if t.kind != "" {
		return t.kind
	}
	f := t.sp.file
	maybe := t.site.Transport == detect.MaybeTCP
	if n := following(t.pl); n != nil && n.Kind == parse.SIf && n.Else == nil && (maybe && speaksOfTCP(exprText(f, n.Expr)) || tellsFamily(exprText(f, n.Expr))) &&
		stmtMentions(f, n.Body, t.sp.key) && !mentions(f, n.Expr, t.sp.key) {
		if n.Body.Kind == parse.SBlock {
			a := p.anchorer(t.sp)
			if pl, why := a.settle(&place{list: n.Body, check: t.pl.check}); why == "" && !t.pl.test {
				t.pl = pl
				return ""
			}
		} else if s := collapse(exprText(f, n.Expr)); len(s) <= 60 {
			return s
		}
	}
	if m, near := p.model(t); near && (m.form == formIf || m.form == formAssign) && m.call.Pos > t.pl.at {
		// The next option on the same descriptor asks for the family.
		if test := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(collapse(m.before)), "&&")); tellsFamily(test) && p.seesAll(&t.point, m.fn, test) && len(test) <= 60 {
			return test
		}
	}
	if !maybe {
		return ""
	}
	types := t.site.Node.Types
	if holdsAny(types, "SOCK_DGRAM", "SOCK_RAW", "SOCK_SEQPACKET") {
		return t.typeTest()
	}
	if len(types) > 0 && !holdsAny(types, "?") {
		return ""
	}
	test := t.typeTest()
	if strings.Contains(test, "ai_socktype") {
		return "" // nothing says that the addresses are others than usual
	}
	return test
}

// familyTest is a test for the families that have TCP's timers, for a socket
// that may be a unix one; ok is false where the code offers none.
func (t *target) familyTest() (test string, ok bool) {
	if t.site.Transport != detect.MaybeTCP {
		return "", true
	}
	if d := t.site.Node.Domains; len(d) > 0 && !holdsAny(d, "AF_UNIX", "AF_LOCAL", "PF_UNIX", "PF_LOCAL", "AF_VSOCK", "?") {
		return "", true
	}
	f, args := t.sp.file, t.made()
	if len(args) < 2 {
		return "", false
	}
	if t.site.Call == "socket" {
		e := args[0].Strip()
		switch {
		case e == nil:
		case isConstName(e):
			return "", true
		case e != nil && (e.Kind == parse.XMember || e.Kind == parse.XIdent):
			return collapse(exprText(f, e)) + " != AF_UNIX", true
		}
		return "", false
	}
	// accept() tells by the address it fills in.
	e := args[1].Strip()
	if e == nil || e.Kind != parse.XUnary || e.Op != parse.And {
		return "", false
	}
	v, found := visible(t.sp.fn, t.pl.list, t.pl.at, exprText(f, e.X.Strip()))
	if !found || v.decl.Type == nil || v.decl.Type.Ptr > 0 {
		return "", false
	}
	switch v.decl.Type.Base {
	case "struct sockaddr_storage":
		return v.decl.Name + ".ss_family != AF_UNIX", true
	case "struct sockaddr":
		return v.decl.Name + ".sa_family != AF_UNIX", true
	case "struct sockaddr_in", "struct sockaddr_in6":
		return "", true
	}
	return "", false
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
		return strings.Count(cond, "==") == 2 && strings.Contains(cond, "AF_INET6") && strings.Count(cond, "AF_INET") == 2 && !strings.Contains(cond, "&&")
	}
	_, rest, ok := strings.Cut(cond, "!=")
	rest = strings.Trim(rest, " ()")
	return ok && !strings.Contains(cond, "&&") && (rest == "AF_UNIX" || rest == "AF_LOCAL" || rest == "PF_UNIX" || rest == "PF_LOCAL")
}

func holdsAny(list []string, words ...string) bool {
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
func (t *target) typeTest() string {
	args := t.made()
	if t.site.Call != "socket" || len(args) != 3 {
		return ""
	}
	f := t.sp.file
	e := args[1].Strip()
	for e != nil && e.Kind == parse.XBinary && e.Op == parse.Or { // type | SOCK_CLOEXEC
		e = e.X.Strip()
	}
	switch {
	case e == nil:
		return ""
	case e.Kind == parse.XCond && e.Y != nil:
		cond := collapse(exprText(f, e.X.Bare()))
		yes, no := exprText(f, e.Y), exprText(f, e.Z)
		if strings.Contains(yes, "SOCK_STREAM") && !strings.Contains(no, "SOCK_STREAM") {
			return cond
		}
		if strings.Contains(no, "SOCK_STREAM") && e.X.Bare().Kind != parse.XBinary {
			return "!" + cond
		}
		return ""
	case e.Kind == parse.XIdent && !isUpper(e.Name), e.Kind == parse.XMember:
		return collapse(exprText(f, e)) + " == SOCK_STREAM"
	}
	return ""
}

// made are the arguments that the socket of a target is made with, as they
// are spelled there; nil for what is decided elsewhere.
func (t *target) made() []*parse.Expr {
	if args, ok := t.proj.args[t.sp.call]; ok {
		return args
	}
	return t.sp.call.Args
}
