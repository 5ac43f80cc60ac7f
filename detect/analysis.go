package detect

import (
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"
)

type callKey struct {
	u   *unit
	off int
}

// analysis holds the sites while they are judged.
type analysis struct {
	p      *program
	all    []*judged
	byCall map[callKey]*judged

	loneOnce sync.Once
	lone     Transport // see loneListeners
}

// newAnalysis lists the call sites of a program.
func newAnalysis(p *program) *analysis {
	a := &analysis{p: p, byCall: map[callKey]*judged{}}
	for _, c := range p.sites() {
		j := &judged{c: c, site: c.newSite(), sess: newSession()}
		a.all = append(a.all, j)
		a.byCall[callKey{c.u, c.off}] = j
	}
	return a
}

// run judges all sites.
func (a *analysis) run() {
	sockets := a.all
	if made := a.made(); len(made) > 0 {
		sockets = append(sockets[:len(sockets):len(sockets)], made...)
	}
	a.each(sockets, a.followSite)
	a.link(sockets)
	a.each(a.all, a.judge)
	a.listeners()
}

// judged is a site with what was found out about it.
type judged struct {
	c       *candidate
	site    *Site
	flow    *flow
	feeds   []*judged // accept sites that take connections from it
	sources []source  // of an accept site: where its listener comes from
	chained []*judged // of an accept site: those that it takes the socket itself from
	enable  []enabling
	sess    *session

	foreign *string // see foreignTo
}

// source is a socket site that an accept site's listener comes from, and the
// way it came.
type source struct {
	from *judged
	j    journey
}

// each runs f for every site, several at a time. f may write to its own site
// only.
func (a *analysis) each(all []*judged, f func(*judged)) {
	var g errgroup.Group
	g.SetLimit(3 * a.p.opt.workers()) // many wait for what another one finds out
	for _, j := range all {
		g.Go(func() error {
			defer func() {
				if r := recover(); r != nil {
					// A fault of ours must cost one site, not the run.
					j.site.Evidence = append(j.site.Evidence, Evidence{j.site.File, j.site.Line, j.site.Column, fmt.Sprint("internal error: ", r)})
					j.flow = nil
				}
			}()
			f(j)
			return nil
		})
	}
	_ = g.Wait() // no errors are returned
}

func (a *analysis) followSite(j *judged) {
	if j.c.call == nil || j.c.dead || a.foreignTo(j) != "" {
		return
	}
	j.flow = a.p.follow(ref{j.c.fi, j.c.call})
	j.enable = a.p.enablings(j.sess, j.flow)
}

// link joins listeners with the accept calls that they reach. Where several
// sockets reach one accept, only those that listen() are its listeners: the
// others merely lie in the same member at another time, as one that is connected
// does always.
func (a *analysis) link(sockets []*judged) {
	for _, j := range sockets {
		if j.flow == nil {
			continue
		}
		accepted := j.c.name == "accept" || j.c.name == "accept4"
		for _, h := range j.flow.happens {
			if h.what != evAccept {
				continue
			}
			if t := a.byCall[callKey{h.fi.unit, h.call.NamePos}]; t != nil && accepted {
				t.chained = append(t.chained, j)
			} else if t != nil {
				t.sources = append(t.sources, source{j, h.j})
			}
		}
	}
	for _, t := range a.all {
		var heard, quiet []source
		for _, s := range t.sources {
			switch {
			case s.from.flow.has(evListen) || s.from.c.isMade():
				heard = append(heard, s)
			case !s.from.flow.has(evConnect):
				quiet = append(quiet, s)
			}
		}
		if len(heard) == 0 {
			heard = quiet
		}
		t.sources = a.kindred(t, heard)
		seen := map[*judged]bool{}
		for _, s := range t.sources {
			if j := s.from; !seen[j] {
				seen[j] = true
				if j.c.isMade() {
					continue
				}
				j.feeds = append(j.feeds, t)
				j.site.Node.Feeds = append(j.site.Node.Feeds, t.site)
				t.site.Node.Listeners = append(t.site.Node.Listeners, j.site)
			}
		}
	}
}

// has reports whether something of that kind happens to the descriptor.
func (f *flow) has(what event) bool {
	for _, h := range f.happens {
		if h.what == what {
			return true
		}
	}
	return false
}
