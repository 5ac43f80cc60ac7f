package rules

import (
	"sort"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// optionCall is a setsockopt() that reaches the descriptor of a site and sets
// SO_KEEPALIVE or one of its timers.
type optionCall struct {
	event   flow.FDEvent
	keep    bool     // SO_KEEPALIVE is among the options
	timers  []string // the timers among them, sorted
	sole    bool     // it sets one option, always the same
	foreign bool     // code of another platform
}

// maxOptionCalls bounds the calls that are looked at for one descriptor; a
// setter that is called from hundreds of places tells nothing new each time.
const maxOptionCalls = 200

// options are the calls that set options on a descriptor, in the order in which they are met. A
// rule about another option than these gets a field here, which optionsOf fills in.
type options struct {
	calls []optionCall // of keepalive and its timers
	open  bool         // there are calls whose option is not known
}

// optionsOf lists them.
func optionsOf(p *program.Program, s *fixpoint.Session, f *flow.Flow) (out options) {
	type key struct {
		call *parse.Expr
		in   *callgraph.Frame
	}
	seen := map[key]bool{}
	for _, h := range f.Events {
		out.open = out.open || h.Kind == knowledge.EnableKeepalive // it is unknown what else it sets
		if h.Kind == knowledge.SetOption && len(h.Call.Args) < 4 {
			out.open = out.open || len(h.In.Args(h.Call)) >= 4 // a macro names the option
			continue
		}
		if h.Kind != knowledge.SetOption || seen[key{h.Call, h.Ctx.Frame}] {
			continue
		}
		if len(seen) >= maxOptionCalls {
			out.open = true
			return out
		}
		seen[key{h.Call, h.Ctx.Frame}] = true
		opt := eval.New(p, s).Eval(h.In, h.Call.Args[2], h.Ctx.Frame)
		if (opt.Unknown != "" || len(opt.Set) == 0) && tcpLevel(p, s, h) {
			out.open = true
		}
		c := optionCall{event: h, keep: opt.Set.Has("SO_KEEPALIVE"), sole: len(opt.Set) == 1 && opt.Unknown == ""}
		for _, name := range opt.Set {
			if knowledge.TimerOptions[name] {
				c.timers = append(c.timers, name)
			}
		}
		if !c.keep && len(c.timers) == 0 {
			continue
		}
		sort.Strings(c.timers)
		c.foreign = h.In.File.Tree().Foreign(h.Call.NamePos, p.Opt.Platform) != ""
		out.calls = append(out.calls, c)
	}
	return out
}

// tcpLevel reports whether an option can be one of TCP's.
func tcpLevel(p *program.Program, s *fixpoint.Session, h flow.FDEvent) bool {
	l := eval.New(p, s).Eval(h.In, h.Call.Args[1], h.Ctx.Frame)
	return l.Unknown != "" || len(l.Set) == 0 || value.HasAny(l, knowledge.TCPLevels)
}

// resolveParam follows an argument that is a parameter to what the calls on the way
// here pass for it, past casts, parentheses and &.
func resolveParam(h flow.FDEvent, e *parse.Expr) (*program.FuncInfo, *parse.Expr) {
	fi, fr := h.In, h.Ctx.Frame
	for {
		x := program.StripAddr(e)
		if x == nil || x.Kind != parse.XIdent || fr == nil {
			return fi, x
		}
		d := fi.Lookup(x.Name, x.Pos)
		i := -1
		if d != nil {
			i = fi.ParamIndex(d)
		}
		if i < 0 || fr.Call.Expr == nil || i >= len(fr.Call.Expr.Args) {
			return fi, x
		}
		fi, e, fr = fr.Call.In, fr.Call.Expr.Args[i], fr.Up
	}
}
