package detect

import (
	"fmt"
	"runtime"
	"sort"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Options steer an analysis.
type Options struct {
	Platform string // the platform the sources are built for; "" means linux
	Workers  int    // how many files are worked on at once; 0 means one per CPU
	Wrappers Wrappers
	Progress func(done, total int) // called from one goroutine at a time; may be nil

	// Read reads a file; nil means os.ReadFile. It is called from several
	// goroutines.
	Read func(path string) ([]byte, error)

	// Like is the index of an analysis of nearly the same files. Those for which
	// Same is true have the same bytes: they are not read again.
	Like *Index
	Same func(path string) bool
}

func (o *Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// Wrappers are what the user's configuration tells about a project's own
// functions.
type Wrappers struct {
	Creates []Wrapper // functions that make a socket
	Enables []Wrapper // functions that turn keepalive on
}

// Wrapper is one function of the project: NAME(args...).
type Wrapper struct {
	Name string
	// FD is the index of the argument that is the descriptor (Enables).
	FD int
	// Args are the C expressions that stand for domain, type and protocol
	// (Creates), as far as they are known.
	Args []string
}

// Analyze reads the named files and judges every call site in them. Files that
// cannot be read or understood are in the report's Errors.
func Analyze(files []string, opt Options) *Report {
	if opt.Platform == "" {
		opt.Platform = "linux"
	}
	p := load(files, opt)
	a := &analysis{p: p, byCall: map[callKey]*judged{}}
	for _, c := range p.sites() {
		j := &judged{c: c, site: c.newSite(), sess: p.session()}
		a.all = append(a.all, j)
		a.byCall[callKey{c.u, c.off}] = j
	}
	sockets := a.all
	if made := a.made(); len(made) > 0 {
		sockets = append(sockets[:len(sockets):len(sockets)], made...)
	}
	a.each(sockets, a.followSite)
	a.link(sockets)
	a.each(a.all, a.judge)
	a.listeners()
	a.each(a.all, a.noteRules)
	return a.report()
}

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
	if j.c.call == nil || j.c.dead || a.p.foreign(j.c) != "" {
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

// report puts everything in order.
func (a *analysis) report() *Report {
	r := &Report{Errors: append([]FileError{}, a.p.errs...), Index: &Index{a.p}}
	for _, j := range a.all {
		s := j.site
		if s.Rules == nil {
			s.Rules = []string{}
		}
		if s.Guards == nil {
			s.Guards = []string{}
		}
		if s.Evidence == nil {
			s.Evidence = []Evidence{}
		}
		r.Sites = append(r.Sites, s)
	}
	sort.SliceStable(r.Sites, func(i, k int) bool {
		x, y := r.Sites[i], r.Sites[k]
		if x.File != y.File {
			return x.File < y.File
		}
		return x.Node.offset(x) < y.Node.offset(y)
	})
	identify(r.Sites)
	r.Notes = a.suppress()
	var odd []*unit
	for _, u := range a.p.files {
		if u.odd {
			odd = append(odd, u)
		}
	}
	for _, u := range union(odd, a.p.unitsWithSites()) {
		f := u.tree()
		for _, q := range f.Problems {
			r.Errors = append(r.Errors, FileError{u.path, f.Lines().Line(q.Off), q.Msg})
		}
	}
	sort.SliceStable(r.Errors, func(i, k int) bool {
		x, y := r.Errors[i], r.Errors[k]
		if x.File != y.File {
			return x.File < y.File
		}
		return x.Line < y.Line
	})
	r.Coverage = Coverage{Files: len(a.p.files), Bytes: a.p.bytes, Sites: len(r.Sites)}
	for _, s := range r.Sites {
		switch s.Verdict {
		case Missing:
			r.Coverage.Missing++
		case Undecided:
			r.Coverage.Undecided++
		}
	}
	return r
}

func (n Node) offset(s *Site) int {
	return n.File.Lines().Start(s.Line) + s.Column - 1
}
