package rules

import (
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
)

var ka007 = Rule{
	ID: "KA007", Name: "LateKeepalive", Severity: Note,
	Title: "SO_KEEPALIVE set after listen() or connect()",
	Hint:  "move the setsockopt call before listen() or connect()",
	Text: `On a listener the option reaches only connections whose handshake ends after
it was set: one that is already in the queue at listen() keeps the old value.
On a client nothing guards the time between connect() and the call, and an
early return in between leaves the connection without keepalive.`,
	Before: `listen(fd, 5);
setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));`,
	After: `setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
listen(fd, 5);`,
	Run: (*Pass).late,
}

// late attaches KA007: keepalive is turned on only after listen() on a
// listener or connect() on a client, on every way that leads to it.
func (p *Pass) late() {
	s := p.j.Site
	what := knowledge.NoEvent
	switch s.Role {
	case result.Listener:
		what = knowledge.Listen
	case result.Client:
		what = knowledge.Connect
	default:
		return
	}
	for _, e := range p.j.Enablings {
		if before := p.precedes(e.Event, what); before != nil && !e.Event.Ctx.Sent && !p.j.Again(e) {
			p.report("KA007", e.Event.In.Evidence(e.Event.Call.NamePos, "set only after "+before.In.Text(before.Expr)))
		}
	}
}

// precedes returns the call of listen() or connect() without which control never
// gets from the making of the socket to the event h; nil when there is
// none, or when that cannot be told.
func (p *Pass) precedes(h flow.FDEvent, what knowledge.Event) *program.Ref {
	for _, c := range p.j.Flow.Events {
		if c.Kind != what || len(c.Call.Args) == 0 {
			continue
		}
		// It was done in the function that returned the descriptor, before
		// the caller had it.
		if callgraph.ReturnedBefore(c.Ctx.Returns, h.Ctx.Returns) {
			return &program.Ref{In: c.In, Expr: c.Call}
		}
		if c.Ctx.Returns != h.Ctx.Returns {
			continue
		}
		fi, a, b := commonFunction(c, h)
		if fi == nil || a == b {
			continue
		}
		if p.unavoidable(fi, a, b, h.Ctx.Returns) {
			return &program.Ref{In: c.In, Expr: c.Call}
		}
	}
	return nil
}

// commonFunction returns the innermost function that both events go through, and
// the expressions in it that lead to each.
func commonFunction(a, b flow.FDEvent) (*program.FuncInfo, *parse.Expr, *parse.Expr) {
	x, y := callChain(a), callChain(b)
	var fi *program.FuncInfo
	var ea, eb *parse.Expr
	for i := 0; i < len(x) && i < len(y) && x[i].In == y[i].In; i++ {
		fi, ea, eb = x[i].In, x[i].Expr, y[i].Expr
		if ea != eb {
			break
		}
	}
	return fi, ea, eb
}

// callChain lists the calls that lead to an event, the outermost first, and its
// own call.
func callChain(h flow.FDEvent) []program.Ref {
	var out []program.Ref
	for fr := h.Ctx.Frame; fr != nil; fr = fr.Up {
		out = append([]program.Ref{fr.Call}, out...)
	}
	return append(out, program.Ref{In: h.In, Expr: h.Call})
}

// unavoidable reports whether control comes from where the descriptor begins
// in fi to b only through a.
func (p *Pass) unavoidable(fi *program.FuncInfo, a, b *parse.Expr, exits *callgraph.ReturnChain) bool {
	wall, goal := fi.NodeOf(a), fi.NodeOf(b)
	if wall == nil || goal == nil {
		return false
	}
	if wall == goal {
		return a.End <= b.Pos
	}
	start := fi.Graph().Entry
	begin := p.j.Cand.Call
	if exits != nil {
		begin = exits.Calls[len(exits.Calls)-1].Expr
	}
	if s := fi.NodeOf(begin); s != nil && fi.HasCall(begin) {
		start = s
	}
	if start == wall {
		return true
	}
	met := start == goal
	fi.Graph().Forward(start, func(x *cfg.Node) bool {
		met = met || x == goal
		return !met && x != wall
	})
	return !met && defuse.CanFollow(fi, a, b)
}
