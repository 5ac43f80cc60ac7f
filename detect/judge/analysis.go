package judge

import (
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/constraint"
	"github.com/keepatch/keepatch/detect/creation"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/site"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/sites"
)

// Analysis holds the sites while they are judged.
type Analysis struct {
	Prog   *program.Program
	All    []*Judgement
	byCall map[program.CallKey]*Judgement

	constraints *constraint.Constraints

	enableOnce sync.Once
	enables    bool // see mayEnable

	offOnce     sync.Once
	switchesOff bool // see maySwitchOff

	otherOnce sync.Once
	other     result.Transport // see otherListeners
	unmatched []*Judgement     // those of them that can be of TCP
}

// New lists the call sites of a program.
func New(p *program.Program) *Analysis {
	a := &Analysis{Prog: p, byCall: map[program.CallKey]*Judgement{}, constraints: constraint.New(p)}
	for _, c := range candidates(p) {
		j := &Judgement{Cand: c, Site: c.NewSite(), sess: fixpoint.NewSession()}
		a.All = append(a.All, j)
		a.byCall[program.CallKey{File: c.File, Off: c.Off}] = j
	}
	return a
}

// candidates lists the calls by name and those through pointers, in order.
func candidates(p *program.Program) []*site.Candidate {
	list := site.All(p)
	seen := map[program.CallKey]bool{}
	named := map[program.CallKey]bool{} // by the end of the call: a choice of two callees is one call
	for _, c := range list {
		seen[program.CallKey{File: c.File, Off: c.Off}] = true
		if c.Call != nil {
			named[program.CallKey{File: c.File, Off: c.Call.End}] = true
		}
	}
	n := len(list)
	for _, name := range sites.Names {
		for _, r := range callgraph.SystemCalls(p, name) {
			if k := (program.CallKey{File: r.In.File, Off: r.Expr.NamePos}); !seen[k] &&
				!named[program.CallKey{File: k.File, Off: r.Expr.End}] {
				seen[k] = true
				list = append(list, &site.Candidate{File: r.In.File, In: r.In, Call: r.Expr, Name: name,
					Off: r.Expr.NamePos, Dead: r.In.File.Tree().Dead(r.Expr.NamePos)})
			}
		}
	}
	if len(list) > n {
		site.Sort(list)
	}
	return list
}

// Run judges all sites.
func (a *Analysis) Run() {
	sockets := a.All
	if made := a.declaredCalls(); len(made) > 0 {
		sockets = append(sockets[:len(sockets):len(sockets)], made...)
	}
	a.Each(sockets, a.followSite)
	a.link(sockets)
	a.Each(a.All, a.judge)
	a.listeners()
}

// Judgement is a site with what was found out about it.
type Judgement struct {
	Cand         *site.Candidate
	Site         *result.Site
	Flow         *flow.Flow
	unconnected  bool         // neither connected nor listening, as far as it was followed
	feeds        []*Judgement // accept sites that take connections from it
	Sources      []Source     // of an accept site: where its listener comes from
	neverTCP     []bool       // from which of Sources no connection of TCP comes on their way
	fromAccepted []Source     // of an accept site: those that it takes the socket itself from
	Enablings    []Enabling
	off          *flow.FDEvent // turns keepalive off on every way
	sess         *fixpoint.Session
	flowLacks    value.Incomplete // why there may be more that happens to its descriptor
	optionsLack  value.Incomplete // why the options that are set on it are not all known
	undecidedBy  value.Incomplete // one of the two, or what the kind of socket lacks: the verdict was taken back

	// Why no build compiles the site.
	platform string                // of another system
	excluded *constraint.Exclusion // nil where a build takes its #if arms
}

// judgeMemos is what the judge works out once a program.
type judgeMemos struct {
	scriptOption memo.Table[struct{}, program.Ref]           // see optionEffects.scriptOption
	creations    memo.Table[*parse.Expr, *creation.Creation] // by the store
}

// Source is a socket site that an accept site's listener comes from, and the
// way it came.
type Source struct {
	From *Judgement
	ctx  flow.Context
}

// Each runs f for every site, several at a time. f may write to its own site only.
func (a *Analysis) Each(all []*Judgement, f func(*Judgement)) {
	var g errgroup.Group
	g.SetLimit(3 * a.Prog.Opt.WorkerCount()) // many wait for what another one finds out
	for _, j := range all {
		g.Go(func() error {
			defer func() {
				if r := recover(); r != nil {
					// A fault of ours must cost one site, not the run.
					j.Site.Evidence = append(j.Site.Evidence, result.Evidence{File: j.Site.File, Line: j.Site.Line,
						Column: j.Site.Column, Note: fmt.Sprint("internal error: ", r)})
					j.Flow = nil
				}
			}()
			f(j)
			a.Prog.Judged(len(all))
			return nil
		})
	}
	_ = g.Wait() // no errors are returned
}

func (a *Analysis) followSite(j *Judgement) {
	if j.Cand.Dead {
		return
	}
	j.platform, j.excluded = a.constraints.Platform(j.Cand.File, j.Cand.Off), a.constraints.Excluded(j.Cand.File, j.Cand.Off)
	if j.Cand.Call == nil || j.platform != "" || j.excluded != nil {
		return
	}
	a.followSelections(j)
	j.flowLacks = j.Flow.Incomplete
	j.flowLacks.Because(j.Flow.Sess.Incomplete)
	j.optionsLack = j.sess.Incomplete
}

// follow follows the descriptor that a call makes, to the options that are set on it.
func (a *Analysis) follow(s *fixpoint.Session, r program.Ref) (*flow.Flow, []Enabling, *flow.FDEvent) {
	f := flow.Follow(a.Prog, r)
	list, off := a.enablings(s, f)
	for len(list) == 0 && f.LiftLimit(knowledge.SetOption, knowledge.EnableKeepalive) {
		list, off = a.enablings(s, f)
	}
	// What is accepted inherits from the one listener and not from the other. More ways to
	// it do not make the answer about the options less complete.
	for lacks := f.Incomplete; len(list) > 0 && f.Has(knowledge.Listen) && f.LiftLimit(knowledge.Accept); {
		f.Incomplete = lacks
	}
	f.Release()
	return f, list, off
}

// link joins listeners with the accept calls that they reach. Where several
// sockets reach one accept, only those that listen() are its listeners: the
// others merely lie in the same member at another time, as one that is connected
// does always.
func (a *Analysis) link(sockets []*Judgement) {
	for _, j := range sockets {
		if j.Flow == nil {
			continue
		}
		for _, h := range j.Flow.Events {
			if h.Kind != knowledge.Accept {
				continue
			}
			if t := a.byCall[program.CallKey{File: h.In.File, Off: h.Call.NamePos}]; t != nil && j.Cand.Accepts() {
				t.fromAccepted = append(t.fromAccepted, Source{j, h.Ctx})
			} else if t != nil {
				t.Sources = append(t.Sources, Source{j, h.Ctx})
			}
		}
	}
	for _, t := range a.All {
		var listening, silent []Source // silent: neither listen() nor connect() is known of it
		for _, s := range t.Sources {
			switch {
			case s.From.Flow.Has(knowledge.Listen) || isDeclared(s.From.Cand):
				listening = append(listening, s)
			case !s.From.Flow.Has(knowledge.Connect):
				silent = append(silent, s)
			}
		}
		if len(listening) == 0 {
			listening = silent
		}
		t.Sources = a.narrowListeners(t, listening)
		seen := map[*Judgement]bool{}
		for _, s := range t.Sources {
			if j := s.From; !seen[j] {
				seen[j] = true
				if isDeclared(j.Cand) {
					continue
				}
				j.feeds = append(j.feeds, t)
				j.Site.Node.Feeds = append(j.Site.Node.Feeds, t.Site)
				t.Site.Node.Listeners = append(t.Site.Node.Listeners, j.Site)
			}
		}
	}
}
