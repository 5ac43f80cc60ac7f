// Package detect decides, for every call of socket(), accept() and accept4()
// in a tree of C sources, what kind of socket it makes, what becomes of it and
// whether SO_KEEPALIVE is turned on for it.
//
// The analysis is whole-program and demand-driven: package flow follows a
// descriptor forwards from the call that makes it, over variables, parameters,
// members, results and callbacks; package eval computes the arguments of calls
// backwards; package judge draws the conclusions, rules and suppress refine them.
// Every step that decides something is recorded as evidence while deciding.
//
// This package is the entry: Analyze runs the phases and puts the report in order.
package detect

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect/judge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/detect/site"
	"github.com/keepatch/keepatch/detect/suppress"
)

// Analyze reads the named files and judges every call site in them. Files that
// cannot be read or understood are in the report's Errors.
func Analyze(files []string, opt program.Options) *Report {
	if opt.Platform == "" {
		opt.Platform = "linux"
	}
	p := program.Load(files, opt)
	a := judge.New(p)
	a.Run()
	a.Each(a.All, func(j *judge.Judgement) { rules.Check(a, j) })
	return report(p, a.All)
}

// report puts everything in order.
func report(p *program.Program, all []*judge.Judgement) *Report {
	r := &Report{Errors: append([]result.FileError{}, p.Errors...), Index: program.NewIndex(p)}
	for _, j := range all {
		s := j.Site
		if s.Rules == nil {
			s.Rules = []string{}
		}
		if s.Guards == nil {
			s.Guards = []string{}
		}
		if s.Evidence == nil {
			s.Evidence = []result.Evidence{}
		}
		r.Sites = append(r.Sites, s)
	}
	sort.SliceStable(r.Sites, func(i, k int) bool {
		x, y := r.Sites[i], r.Sites[k]
		if x.File != y.File {
			return x.File < y.File
		}
		return x.Node.Offset(x) < y.Node.Offset(y)
	})
	identify(r.Sites)
	r.Notes = suppress.Apply(p, r.Sites)
	var odd []*program.File
	for _, u := range p.Files {
		if u.LexErrors {
			odd = append(odd, u)
		}
	}
	for _, u := range program.MergeFiles(odd, site.Files(p)) {
		f := u.Tree()
		for _, q := range f.Problems {
			r.Errors = append(r.Errors, result.FileError{File: u.Path, Line: f.Lines().Line(q.Off), Message: q.Msg})
		}
	}
	sort.SliceStable(r.Errors, func(i, k int) bool {
		x, y := r.Errors[i], r.Errors[k]
		if x.File != y.File {
			return x.File < y.File
		}
		return x.Line < y.Line
	})
	r.Coverage = result.Coverage{Files: p.Read, Bytes: p.Bytes, Sites: len(r.Sites)}
	for _, s := range r.Sites {
		switch s.Verdict {
		case result.Missing:
			r.Coverage.Missing++
		case result.Undecided:
			r.Coverage.Undecided++
		}
	}
	return r
}

// Report is the outcome of a run, in the order of file, line and column.
type Report struct {
	Coverage result.Coverage
	Sites    []*result.Site
	Errors   []result.FileError
	Index    *program.Index // of the tree, for package rewrite; nil where nothing was analysed
	Notes    []result.Note  // about comments, in the same order
}

// identify gives every site an ID made of what stays when lines are added
// elsewhere: path, function, call and its text; equal ones are numbered.
func identify(sites []*result.Site) {
	seen := map[string]int{}
	for _, s := range sites {
		text := s.Call
		if s.Node.Call != nil {
			text = strings.Join(strings.Fields(string(s.Node.File.Src[s.Node.Call.Pos:s.Node.Call.End])), " ")
		}
		key := strings.Join([]string{s.File, s.Function, s.Call, text}, "\x00")
		n := seen[key]
		seen[key]++
		sum := sha256.Sum256([]byte(fmt.Sprintf("%s\x00%d", key, n)))
		s.ID = "ka-" + hex.EncodeToString(sum[:6])
	}
}
