package judge

import (
	"slices"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/creation"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/socket"
	"github.com/keepatch/keepatch/parse"
)

// onEveryPath reports whether keepalive is on whatever way the descriptor takes:
// without a condition, and for each caller that the function which makes the
// socket hands it to.
func (a *Analysis) onEveryPath(j *Judgement) bool {
	ways := map[*parse.Expr]bool{}
	for _, e := range j.Enablings {
		switch {
		case e.byCaller != nil:
			for c, is := range e.byCaller {
				if is == turnsOn {
					ways[c] = true
				}
			}
		case e.conditional:
		case e.Event.Ctx.Returns == nil:
			return true
		default:
			ways[e.Event.Ctx.Returns.Calls[0].Expr] = true
		}
	}
	for _, c := range callgraph.CallSites(a.Prog, j.Cand.In.Func) {
		if c.Expr != nil && !ways[c.Expr] {
			return false
		}
	}
	return len(ways) > 0
}

// uncoveredCalls returns the calls that hand on the descriptor of a TCP socket on whose way
// keepalive is never set, not even under a run-time option, where it is set on the
// ways of other calls.
func (a *Analysis) uncoveredCalls(j *Judgement) []program.Ref {
	if len(j.Enablings) == 0 || j.Flow.Incomplete.Is() || j.sess.Incomplete.Is() {
		return nil
	}
	mayInherit := func(s Source) bool { return len(s.From.Enablings) > 0 }
	if j.Cand.Accepts() && (len(j.Sources) == 0 || slices.ContainsFunc(j.Sources, mayInherit)) {
		return nil // what has no option of its own may inherit it
	}
	byCall := map[*parse.Expr]bool{}
	var chains [][]program.Ref
	for _, e := range j.Enablings {
		if e.byCaller != nil {
			for c, is := range e.byCaller {
				byCall[c] = byCall[c] || is >= maybeOn
			}
			continue
		}
		ways := a.waysTo(j, e.Event)
		if len(ways) == 0 {
			return nil // in the function itself, or nobody knows on which ways
		}
		chains = append(chains, ways...)
	}
	fn := j.Cand.In.Func
	if fn.Macro != nil || len(a.Prog.AddressesTaken(fn)) > 0 {
		return nil
	}
	return a.uncoveredCallers(j, fn, nil, chains, byCall)
}

// waysTo returns the calls through which a descriptor comes from the function that makes it to
// an event: those that it is returned through, and those that made the object which it is read
// from. It is nil in that function itself, and where that object is not known.
func (a *Analysis) waysTo(j *Judgement, h flow.FDEvent) [][]program.Ref {
	var returned []program.Ref
	if h.Ctx.Returns != nil {
		returned = h.Ctx.Returns.Calls
	}
	in := j.Cand.In.Func
	if n := len(returned); n > 0 {
		in = returned[n-1].In.Func
	}
	load := h.Ctx.Load
	if load != nil && load.Returns == len(returned) && h.Ctx.StoreIn != nil && h.Ctx.StoreIn.Func == in && !h.Ctx.AnyStore {
		made := memo.Of[judgeMemos](&a.Prog.Memos).creations.Get(h.Ctx.Store, func() *creation.Creation {
			return creation.Of(a.Prog, h.Ctx.StoreIn, h.Ctx.Store)
		})
		ways, _ := made.Ways(load.In, load.Expr)
		for i := range ways {
			ways[i] = append(slices.Clip(returned), ways[i]...)
		}
		if len(ways) > 0 {
			return ways
		}
	}
	if len(returned) == 0 {
		return nil
	}
	return [][]program.Ref{returned}
}

// excludedByArgs reports whether what a call passes decides that an option is not set.
func (j *Judgement) excludedByArgs(call *parse.Expr) bool {
	for _, e := range j.Enablings {
		if _, asked := e.byCaller[call]; asked {
			return true
		}
	}
	return false
}

// uncoveredCallers looks among the calls of fn, through which the descriptor comes from the
// calls of way; chains are those through which it comes to an option.
func (a *Analysis) uncoveredCallers(j *Judgement, fn *parse.Func, way []program.Ref,
	chains [][]program.Ref, byCall map[*parse.Expr]bool) (out []program.Ref) {
	n := len(way)
	if n >= creation.MaxCalls {
		return nil
	}
	for _, c := range callgraph.CallSites(a.Prog, fn) {
		if c.Expr == nil || byCall[c.Expr] {
			continue
		}
		var deeper [][]program.Ref
		set := false
		for _, chain := range chains {
			if chain[n].Expr == c.Expr {
				set = set || len(chain) == n+1
				deeper = append(deeper, chain)
			}
		}
		on := append(way[:n:n], c)
		switch {
		case set:
		case len(deeper) > 0:
			out = append(out, a.uncoveredCallers(j, c.In.Func, on, deeper, nil)...)
		case a.needsKeepalive(j, on):
			out = append(out, c)
		}
	}
	return out
}

// uncovered is what the patch has to know of such a call.
func (a *Analysis) uncovered(j *Judgement, c program.Ref) result.UncoveredCall {
	b := result.UncoveredCall{Use: result.Use{Func: c.In.Func, Call: c.Expr}, ExcludedByArgs: j.excludedByArgs(c.Expr)}
	for _, fn := range a.Prog.FuncsNamed(c.In.File, c.Expr.Callee()) {
		b.Direct = b.Direct || fn.File == j.Cand.In.Func.File && fn.Start == j.Cand.In.Func.Start
		b.Returns = b.Returns || fn.Macro == nil && fn.Result != nil && fn.Result.Ptr == 0 &&
			knowledge.IsDescriptorType(fn.Result.Base) && j.Flow.ReturnedBy(fn)
	}
	return b
}

// needsKeepalive reports whether what comes out of the calls of a way can be a TCP
// socket that is connected: not one that listens there or is of another kind, and
// not in a test.
func (a *Analysis) needsKeepalive(j *Judgement, way []program.Ref) bool {
	last := way[len(way)-1]
	if last.In.Func.Macro != nil ||
		knowledge.CodeKind(a.Prog.Below(last.In.File.Path)) != knowledge.CodeKind(a.Prog.Below(j.Cand.File.Path)) ||
		a.Prog.IsForeign(last) {
		return false
	}
	exits := &callgraph.ReturnChain{Calls: way}
	connects := false
	for _, h := range j.Flow.Events {
		if h.Kind != knowledge.Listen && h.Kind != knowledge.Connect || !h.Ctx.Returns.MayCoincide(exits) {
			continue
		}
		ways := a.waysTo(j, h)
		if len(ways) > 0 && !slices.ContainsFunc(ways, func(w []program.Ref) bool { return (&callgraph.ReturnChain{Calls: w}).MayCoincide(exits) }) {
			continue
		}
		if h.Kind == knowledge.Listen && (len(ways) > 0 || h.Ctx.Load != nil) {
			return false
		}
		connects = connects || h.Kind == knowledge.Connect
	}
	if j.Cand.Accepts() {
		return j.Site.Transport == result.TCP && a.returns(j.sess, exits.Frames())
	}
	if !connects {
		return false
	}
	r := program.Ref{In: j.Cand.In, Expr: j.Cand.Call}
	if !a.returns(j.sess, exits.Frames()) {
		return false
	}
	list, _ := socket.Of(a.Prog, j.sess, r, exits.Frames())
	for _, t := range list {
		if tr, _ := t.Transport(); tr == result.TCP || tr == result.MaybeTCP {
			return true
		}
	}
	return false
}
