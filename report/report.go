// Package report renders the outcome of a run in every output format.
//
// A Document holds the sites and findings, the fixes planned for them and the
// sources that they refer to. A Printer renders it. Printers decide nothing: which
// findings there are, their severity, their order and what silences them come with
// the Document, and the output depends on nothing else.
//
// Paths, names, comments and messages are untrusted. No format lets them act as
// markup, as a terminal's control sequence or as a command to the program that
// reads the report: [Clean] and the escapes of each format prevent it, and
// TestHostileTexts tries all formats.
//
// A format registers itself (see [Format]), so that a new one is one file. The
// cost is linear in the findings and the lines shown; sources are read on demand
// and at most maxKept bytes of them are held.
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

// Home is the address of the project, for links in reports.
const Home = "https://github.com/keepatch/keepatch"

// FileEdits are the edits of a fix in one file.
type FileEdits struct {
	Path  string // as in the report's sites
	Edits []edit.Edit
}

// Document is the input of a Printer.
type Document struct {
	Report   *detect.Report
	Tool     Tool
	Shards   []string // K/N of each part of a whole that the report holds; none of a whole
	Findings []finding.Finding
	Fixes    map[string][]FileEdits // by Site.ID; nil when no fix was planned
	Diffs    map[string][]byte      // unified diff by path
	Sources  *Sources
	Apply    string   // the shell command that prints the patch of this run; may be empty
	Repo     string   // the working directory relative to the repository's root: "" or "sub/dir"
	Paths    []string // the scanned files and folders
	Origin   Origin
}

// Origin identifies the sources of a report. Each field may be empty.
type Origin struct {
	Title    string // of the project
	Revision string // of the sources
	Date     time.Time
}

// reported returns the findings that are not suppressed, in the baseline or
// outside the change; with shown set, only those that check prints.
func (d *Document) reported(shown bool) []*finding.Finding {
	var list []*finding.Finding
	for i := range d.Findings {
		if f := &d.Findings[i]; f.IsNew() && (!shown || f.Shown()) {
			list = append(list, f)
		}
	}
	return list
}

// findingsBySite groups the findings that have a site.
func (d *Document) findingsBySite() map[*result.Site][]*finding.Finding {
	by := map[*result.Site][]*finding.Finding{}
	for i := range d.Findings {
		if f := &d.Findings[i]; f.Site != nil {
			by[f.Site] = append(by[f.Site], f)
		}
	}
	return by
}

// markWidth returns the number of bytes to mark in the line of a finding.
func markWidth(f *finding.Finding) int {
	if f.Site == nil {
		return 1
	}
	return len(f.Site.Call)
}

// inRepo returns a path relative to the repository's root; one outside of it
// unchanged.
func (d *Document) inRepo(file string) string {
	if path.IsAbs(file) || d.Repo == "" {
		return file
	}
	return path.Join(d.Repo, file)
}
