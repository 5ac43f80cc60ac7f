package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"sort"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/report"
	"github.com/keepatch/keepatch/rewrite"
)

// analysis is the outcome of a run.
type analysis struct {
	report   *detect.Report
	programs []program       // those that were looked at
	indexes  []*detect.Index // of each, unless lean
	plans    []*rewrite.Plan // of each, where a patch was asked for; spent with lean
	patches  []patches       // what reports tell of the plans, with lean
}

// patches are a plan without the trees it was made from.
type patches struct {
	fixes map[string][]report.FileEdits // by the site's ID
	diffs map[string][]byte             // by path
}

func patchesOf(plan *rewrite.Plan) patches {
	p := patches{map[string][]report.FileEdits{}, map[string][]byte{}}
	for _, f := range plan.Fixes {
		for _, fe := range f.Files {
			p.fixes[f.Site.ID] = append(p.fixes[f.Site.ID], report.FileEdits{Path: fe.Path, Edits: slices.Clone(fe.Edits)})
		}
	}
	for _, f := range plan.Files {
		p.diffs[f.Path] = f.Diff
	}
	return p
}

// analyze reads the programs below the options' paths and judges every site in
// them. Programs are analysed one after the other, each by itself: functions of
// the same name in two of them have nothing to do with each other. What could
// not be read is told on stderr and is in the report.
//
// With opt set, each program's patch is planned as soon as its sites are
// judged. With lean set, the trees are given up after that: they are most of
// the memory of a run.
func (e *env) analyze(o *options, opt *rewrite.Options, lean bool) *analysis {
	programs, errs := collect(o)
	total := 0
	for i, p := range programs {
		if o.shard.has(i) {
			total += len(p.files)
		}
	}
	shown := e.progress(total)
	a := &analysis{report: &detect.Report{}}
	rep := a.report
	reports, plans, told := e.analyzeAll(programs, o, shown, opt, lean)
	for i, p := range programs {
		if !o.shard.has(i) {
			continue
		}
		join(rep, reports[i])
		rep.Coverage.NotUnderstood = append(rep.Coverage.NotUnderstood, notUnderstood(p.cxx)...)
		a.programs = append(a.programs, p)
		a.indexes = append(a.indexes, reports[i].Index)
		if opt != nil {
			a.plans = append(a.plans, plans[i])
			a.patches = append(a.patches, told[i])
		}
	}
	shown.clear()
	if o.shard.k <= 1 { // a path that is missing is told by one shard
		rep.Errors = append(rep.Errors, errs...)
	}
	order(rep)
	for _, x := range rep.Errors {
		e.complain("%s", errorLine(x))
	}
	return a
}

// analyzeAll analyses the programs, several at a time, each by itself. Which of
// them is ready first does not show: the reports are in the programs' order.
func (e *env) analyzeAll(programs []program, o *options, shown *progress, plan *rewrite.Options, lean bool) ([]*detect.Report, []*rewrite.Plan, []patches) {
	reports, plans := make([]*detect.Report, len(programs)), make([]*rewrite.Plan, len(programs))
	told := make([]patches, len(programs))
	workers := o.detect.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	one := func(i int) {
		p, opt := programs[i], o.detect
		opt.Progress = shown.part()
		reports[i] = detect.Analyze(p.files, opt)
		if plan != nil {
			own := *plan
			own.Files, own.Index = p.files, reports[i].Index
			plans[i] = rewrite.Make(reports[i].Sites, own)
		}
		if lean {
			reports[i].Index = nil
			if plan != nil {
				told[i], plans[i] = patchesOf(plans[i]), nil
			}
			for _, s := range reports[i].Sites {
				s.Node = detect.Node{}
			}
		}
	}
	var wanted []int
	for i := range programs {
		if o.shard.has(i) {
			wanted = append(wanted, i)
		}
	}
	queue := bySize(wanted, programs)
	var g errgroup.Group
	for w := range min(workers, maxPrograms) {
		g.Go(func() error {
			for {
				i, ok := queue.next(w)
				if !ok {
					return nil
				}
				one(i)
				if lean && w == 0 {
					collectTrees()
				}
			}
		})
	}
	_ = g.Wait() // no errors are returned; problems are in the reports
	return reports, plans, told
}

// maxPrograms is how many programs are analysed at a time, whatever the number of
// processors: each is analysed by as many goroutines as there are. It bounds the
// memory, most of which their trees take.
const maxPrograms = 4

// smallProgram is the number of files up to which a program counts as small.
const smallProgram = 100

// ends is a queue of programs by size. Worker 0 takes from the large end, so that
// nothing large is left over at last, the others from the small one; all but
// worker 1 leave what is not small, so that no more than two large ones are in
// memory at a time.
type ends struct {
	mu    sync.Mutex
	list  []int
	sizes []int // in files, by program
}

func bySize(list []int, programs []program) *ends {
	q := &ends{list: list, sizes: make([]int, len(programs))}
	for i, p := range programs {
		q.sizes[i] = len(p.files)
	}
	slices.SortStableFunc(list, func(a, b int) int { return q.sizes[b] - q.sizes[a] })
	return q
}

// next takes an element for a worker, false when none is left for it.
func (q *ends) next(worker int) (i int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := len(q.list)
	switch {
	case n == 0:
		return 0, false
	case worker == 0:
		i, q.list = q.list[0], q.list[1:]
		return i, true
	}
	if i = q.list[n-1]; worker > 1 && q.sizes[i] > smallProgram {
		return 0, false
	}
	q.list = q.list[:n-1]
	return i, true
}

// join adds the outcome of one program, or of one shard, to rep.
func join(rep, more *detect.Report) {
	a, b := &rep.Coverage, more.Coverage
	a.Files += b.Files
	a.Bytes += b.Bytes
	a.Sites += b.Sites
	a.Missing += b.Missing
	a.Undecided += b.Undecided
	a.NotUnderstood = append(a.NotUnderstood, b.NotUnderstood...)
	rep.Sites = append(rep.Sites, more.Sites...)
	rep.Errors = append(rep.Errors, more.Errors...)
	rep.Notes = append(rep.Notes, more.Notes...)
}

// order sorts a report by place, so that it reads the same however it was put
// together.
func order(rep *detect.Report) {
	sort.SliceStable(rep.Sites, func(i, j int) bool {
		a, b := rep.Sites[i], rep.Sites[j]
		return before(a.File, a.Line, a.Column, b.File, b.Line, b.Column)
	})
	sort.SliceStable(rep.Errors, func(i, j int) bool {
		a, b := rep.Errors[i], rep.Errors[j]
		return before(a.File, a.Line, 0, b.File, b.Line, 0)
	})
	sort.SliceStable(rep.Notes, func(i, j int) bool {
		a, b := rep.Notes[i], rep.Notes[j]
		return before(a.File, a.Line, a.Column, b.File, b.Line, b.Column)
	})
	sort.Strings(rep.Coverage.NotUnderstood)
}

func before(af string, al, ac int, bf string, bl, bc int) bool {
	switch {
	case af != bf:
		return af < bf
	case al != bl:
		return al < bl
	}
	return ac < bc
}

// errorLine is "path:line: what".
func errorLine(x detect.FileError) string {
	if x.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", x.File, x.Line, x.Message)
	}
	return fmt.Sprintf("%s: %s", x.File, x.Message)
}

// fileError is "path: what" of an error of the file system, without the name of
// the system call.
func fileError(name string, err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Sprintf("%s: %v", name, err)
}

// progress shows on a terminal's stderr how far a long analysis is.
type progress struct {
	w     io.Writer // nil when nothing is shown
	total int       // files of all programs
	done  int       // files of all programs that are done
	begin time.Time
	last  time.Time
	shown bool
	mu    sync.Mutex
}

// The analysis is quiet for quietFor, then shows progress every showEvery.
const (
	quietFor  = time.Second
	showEvery = 100 * time.Millisecond
)

func (e *env) progress(total int) *progress {
	p := &progress{total: total, begin: time.Now()}
	if isTerminal(e.stderr) {
		p.w = e.stderr
	}
	return p
}

// part returns what the analysis of one program tells how many of its files
// are done. Several programs may do so at the same time.
func (p *progress) part() func(done, total int) {
	before := 0
	return func(done, _ int) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.done += done - before
		before = done
		now := time.Now()
		if p.w == nil || now.Sub(p.begin) < quietFor || now.Sub(p.last) < showEvery {
			return
		}
		p.last, p.shown = now, true
		fmt.Fprintf(p.w, "\r\x1b[K%d of %d files", p.done, p.total)
	}
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
