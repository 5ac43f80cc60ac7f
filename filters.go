package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/baseline"
	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/since"
	"github.com/keepatch/keepatch/report"
)

// filters are what makes check silent about findings that are not new.
type filters struct {
	write    string // baseline to write
	baseline *baseline.Baseline
	name     string // of the baseline
	change   *since.Change
}

// readFilters reads them before the analysis, so that a slip is told at once.
func readFilters(c *cli.Context, o *options) (f filters, err error) {
	f.write = c.String("write-baseline")
	f.name = c.String("baseline")
	if f.name == "" {
		f.name = o.config.Path(o.config.Baseline)
	}
	if f.write != "" {
		if c.String("baseline") != "" || c.String("diff") != "" {
			return f, fmt.Errorf("--write-baseline writes all findings; --baseline and --diff do not go with it")
		}
		return f, nil
	}
	if f.name != "" {
		if f.baseline, err = baseline.Read(f.name); err != nil {
			return f, fmt.Errorf("%s", fileError(f.name, err))
		}
	}
	if rev := c.String("diff"); rev != "" {
		if f.change, err = since.Since(".", rev); err != nil {
			return f, fmt.Errorf("--diff %s: %v", rev, err)
		}
	}
	return f, nil
}

func (e *env) writeBaseline(name string, d *report.Document) error {
	b := baseline.New(name, d.Findings, d.Sources.Line)
	if err := b.Write(); err != nil {
		return fmt.Errorf("%s", fileError(name, err))
	}
	e.note("%s written to %s", plural(b.Len(), "finding"), name)
	return nil
}

// apply marks the findings that are not new.
func (e *env) apply(f filters, o *options, a *analysis, d *report.Document) {
	if f.baseline != nil {
		seen := seenFiles(a)
		for _, s := range f.baseline.Mark(d.Findings, d.Sources.Line, func(file string) bool {
			_, err := os.Stat(file)
			return seen[file] || err != nil
		}) {
			if r := detect.RuleByID(s.Rule); r != nil && o.policy.Of(r) == detect.SevOff {
				continue
			}
			e.note("%s: stale entry, no longer found: %s %s: %s", f.name, s.Rule, s.Path, s.Text)
		}
	}
	if f.change != nil {
		e.markChange(f.change, o, a, d.Findings)
	}
}

func seenFiles(a *analysis) map[string]bool {
	seen := map[string]bool{}
	for _, p := range a.programs {
		for _, f := range p.files {
			seen[f] = true
		}
	}
	return seen
}

// markChange marks what a change has not touched: findings on lines that are as
// they were, unless they were no findings before.
func (e *env) markChange(c *since.Change, o *options, a *analysis, list []finding.Finding) {
	var open []*finding.Finding
	for i := range list {
		f := &list[i]
		if c.Touches(f.File, f.Line) {
			continue
		}
		f.Outside = true
		if f.Site != nil && !f.Suppressed && !f.Known && f.Printed() {
			open = append(open, f)
		}
	}
	if len(open) == 0 || c.Empty() {
		return
	}
	was := findingsBefore(c, o, a)
	for _, f := range open {
		f.Outside = was[f.Rule.ID+" "+f.Site.ID]
	}
}

// findingsBefore analyses the programs as they were and returns the rules that
// were broken then, with the site's ID.
func findingsBefore(c *since.Change, o *options, a *analysis) map[string]bool {
	was := map[string]bool{}
	for i, p := range a.programs {
		files := c.Before(p.files, func(file string) bool {
			for j, q := range a.programs {
				if q.root != "" && underRoot(q.root, file) {
					return i == j
				}
			}
			return i == 0 && p.root == "" && underPaths(o.paths, file)
		})
		opt := o.detect
		opt.Read = c.Read
		opt.Like, opt.Same = a.indexes[i], c.Same
		rep := detect.Analyze(files, opt)
		for _, f := range finding.List(rep, o.policy) {
			if f.Site != nil && f.New() {
				was[f.Rule.ID+" "+f.Site.ID] = true
			}
		}
	}
	return was
}

// underPaths says whether a file, as git names it, lies below one of the paths.
func underPaths(paths []string, file string) bool {
	for _, p := range paths {
		rel, err := filepath.Rel(absolute(p), absolute(file))
		if err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}
