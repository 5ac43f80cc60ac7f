package rules

import (
	"slices"

	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/judge"
	"github.com/keepatch/keepatch/parse"
)

var ka008 = Rule{
	ID: "KA008", Name: "IgnoredKeepaliveResult", Severity: Note,
	Title: "Result of setsockopt(SO_KEEPALIVE) ignored",
	Hint:  "check the result and say so when it fails",
	Text: `When the call fails (a wrong descriptor, a value of the wrong size) the
connection has no keepalive and nobody hears of it. Most projects log the
failure and go on; few treat it as fatal, and on an accepted socket nobody
should.`,
	Before: `setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));`,
	After: `if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
	perror("setsockopt(SO_KEEPALIVE)");`,
	Run: (*Pass).ignored,
}

// ignored attaches KA008: the result of a setsockopt(SO_KEEPALIVE) that this socket can get is neither
// used nor cast to void.
func (p *Pass) ignored() {
	for _, c := range p.calls {
		gets := func(e judge.Enabling) bool { return e.Event.Call == c.event.Call }
		if c.keep && !c.foreign && slices.ContainsFunc(p.j.Enablings, gets) && resultIgnored(c.event) {
			p.report("KA008", c.event.In.Evidence(c.event.Call.NamePos, "the result is ignored: "+c.event.In.Text(c.event.Call)))
		}
	}
}

// resultIgnored follows the result out of the functions that return it as it
// is.
func resultIgnored(h flow.FDEvent) bool {
	fi, e, fr := h.In, h.Call, h.Ctx.Frame
	for {
		for e.Up != nil && e.Up.Kind == parse.XParen {
			e = e.Up
		}
		if e.Up != nil || e.In == nil {
			return false
		}
		if e.In.Kind == parse.SExpr && !(fi.Func.Macro != nil && fi.IsResult(e)) {
			return true
		}
		if e.In.Kind != parse.SReturn && e.In.Kind != parse.SExpr || fr == nil || fr.Call.Expr == nil {
			return false
		}
		fi, e, fr = fr.Call.In, fr.Call.Expr, fr.Up
	}
}
