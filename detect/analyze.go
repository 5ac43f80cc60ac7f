// Package detect decides, for every call of socket(), accept() and accept4()
// in a tree of C sources, what kind of socket it makes, what becomes of it and
// whether SO_KEEPALIVE is turned on for it.
//
// The analysis is whole-program and demand-driven: descriptors are followed
// from the call that makes them through variables, parameters, structure
// members, return values and callbacks, over files (flow.go); the arguments of
// the call are folded to sets of values the other way round (eval.go). Every
// step that decides something is recorded as Evidence while deciding.
package detect

import (
	"runtime"
	"sort"
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
	a := newAnalysis(p)
	a.run()
	a.each(a.all, func(j *judged) { a.noteRules(j) })
	return report(p, a.all)
}

// report puts everything in order.
func report(p *program, all []*judged) *Report {
	r := &Report{Errors: append([]FileError{}, p.errs...), Index: newIndex(p)}
	for _, j := range all {
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
	r.Notes = p.suppress(r.Sites)
	var odd []*unit
	for _, u := range p.files {
		if u.odd {
			odd = append(odd, u)
		}
	}
	for _, u := range union(odd, p.unitsWithSites()) {
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
	r.Coverage = Coverage{Files: len(p.files), Bytes: p.bytes, Sites: len(r.Sites)}
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
