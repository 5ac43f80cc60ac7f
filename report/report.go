// Package report prints what a run has found, one small type a format. The
// printers decide nothing: what is said, how grave it is and in which order it
// comes is in the Document.
package report

import (
	"path"
	"time"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// Tool is the program that made a report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Home is where a reader of a report finds more about the tool.
const Home = "https://github.com/keepatch/keepatch"

// FileEdits are the edits of a fix in one file.
type FileEdits struct {
	Path  string // as in the report
	Edits []edit.Edit
}

// Document is everything that a printer may show.
type Document struct {
	Report   *detect.Report
	Tool     Tool
	Findings []finding.Finding
	Fixes    map[string][]FileEdits // by Site.ID; nil when no fix was planned
	Diffs    map[string][]byte      // unified diff by path
	Sources  *Sources
	Apply    string   // the command that prints the patch of this run, as typed in a shell
	Repo     string   // the folder that paths are relative to, as seen from the repository's root: "" or "sub/dir"
	Paths    []string // what was scanned
	Origin   Origin
}

// Origin says what a report is about. Its fields may be empty.
type Origin struct {
	Title    string // of the project
	Revision string // of the sources
	Date     time.Time
}

// open returns the findings that nothing silences; with shown set, only those
// that check prints.
func (d *Document) open(shown bool) []*finding.Finding {
	var list []*finding.Finding
	for i := range d.Findings {
		if f := &d.Findings[i]; f.New() && (!shown || f.Shown()) {
			list = append(list, f)
		}
	}
	return list
}

// bySite groups the findings by the site that they are about.
func (d *Document) bySite() map[*result.Site][]*finding.Finding {
	by := map[*result.Site][]*finding.Finding{}
	for i := range d.Findings {
		if f := &d.Findings[i]; f.Site != nil {
			by[f.Site] = append(by[f.Site], f)
		}
	}
	return by
}

// width is the number of bytes that a finding marks in its line.
func width(f *finding.Finding) int {
	if f.Site == nil {
		return 1
	}
	return len(f.Site.Call)
}

// inRepo is a path as seen from the repository's root, where it lies in it.
func (d *Document) inRepo(file string) string {
	if path.IsAbs(file) || d.Repo == "" {
		return file
	}
	return path.Join(d.Repo, file)
}
