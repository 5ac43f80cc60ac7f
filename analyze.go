package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sort"
	"time"

	"github.com/keepatch/keepatch/detect"
)

// analysis is the outcome of a run.
type analysis struct {
	report   *detect.Report
	programs []program // those that were looked at
}

// analyze reads the programs below the options' paths and judges every site in
// them. Programs are analysed one after the other, each by itself: functions of
// the same name in two of them have nothing to do with each other. What could
// not be read is told on stderr and is in the report.
func (e *env) analyze(o *options) *analysis {
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
	for i, p := range programs {
		if !o.shard.has(i) {
			continue
		}
		opt := o.detect
		opt.Progress = shown.report
		join(rep, detect.Analyze(p.files, opt))
		rep.Coverage.NotUnderstood = append(rep.Coverage.NotUnderstood, notUnderstood(p.cxx)...)
		a.programs = append(a.programs, p)
		shown.before += len(p.files)
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
	w      io.Writer // nil when nothing is shown
	total  int       // files of all programs
	before int       // files of the programs that are done
	begin  time.Time
	last   time.Time
	shown  bool
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

// report is told how many files of the program at hand are done.
func (p *progress) report(done, _ int) {
	now := time.Now()
	if p.w == nil || now.Sub(p.begin) < quietFor || now.Sub(p.last) < showEvery {
		return
	}
	p.last, p.shown = now, true
	fmt.Fprintf(p.w, "\r\x1b[K%d of %d files", p.before+done, p.total)
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
