package driver

import (
	"path/filepath"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/since"
)

// Files returns the paths of the files that were analysed and asked for.
func (a *Analysis) Files() map[string]bool {
	seen := map[string]bool{}
	for _, p := range a.programs {
		for _, f := range p.files {
			seen[f] = p.asked == nil || p.asked(f)
		}
	}
	return seen
}

// MarkChange marks the findings that a change did not cause: those on lines that
// it does not touch, unless they were no findings before. The analysis must not
// be lean.
func MarkChange(c *since.Change, o *Options, a *Analysis, list []finding.Finding) {
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
func findingsBefore(c *since.Change, o *Options, a *Analysis) map[string]bool {
	was := map[string]bool{}
	for i, p := range a.programs {
		files := c.Before(p.files, func(file string) bool {
			for j, q := range a.programs {
				if q.root != "" && underRoot(q.root, file) {
					return i == j
				}
			}
			return i == 0 && p.root == "" && underPaths(o.reading(), file)
		})
		opt := o.detectOptions(p.root)
		opt.Read = c.Read
		opt.Like, opt.Same = a.indexes[i], c.Same
		rep := detect.Analyze(files, opt)
		for _, f := range finding.List(rep, o.Policy) {
			if f.Site != nil && !f.Suppressed { // one that counted at its accept() was there, too
				was[f.Rule.ID+" "+f.Site.ID] = true
			}
		}
	}
	return was
}

// underPaths says whether a file, as git names it, lies below one of the paths.
func underPaths(paths []string, file string) bool {
	for _, p := range paths {
		rel, err := filepath.Rel(Absolute(p), Absolute(file))
		if err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}
