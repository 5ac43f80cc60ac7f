package report

import (
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// Schema is the version of the JSON report. Removing a field or changing its
// meaning increments it; adding one does not.
const Schema = 1

// jsonReport is the format that docs/report.schema.json describes. Its arrays are
// never null.
type jsonReport struct {
	Schema   int                `json:"schema"`
	Tool     Tool               `json:"tool"`
	Shards   []string           `json:"shards,omitempty"` // of a part: K/N each
	Coverage result.Coverage    `json:"coverage"`
	Sites    []*jsonSite        `json:"sites"`
	Errors   []result.FileError `json:"errors"`
	Notes    []result.Note      `json:"notes,omitempty"` // only when there are any
}

var _ = register(Format{
	Name: "json", Ext: ".json", For: "programs; docs/report.schema.json describes it",
	Always: true, Fixes: true,
	New: func(v View) Printer { return JSON{OnlyNew: v.Check} },
})

// jsonSite is a site with the edits of its fix.
type jsonSite struct {
	result.Site
	Fix jsonFix `json:"fix"`
}

type jsonFix struct {
	Status string     `json:"status"`
	Reason string     `json:"reason"`
	Edits  []jsonEdit `json:"edits,omitempty"`
}

// jsonEdit replaces the bytes [Start, End) of a file by Text. An edit shared by
// several fixes, such as an #include, is listed with each.
type jsonEdit struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// JSON prints the report for other programs; keepatch merge reads it.
type JSON struct {
	OnlyNew bool // only the sites that check reports
}

// Write prints d.
func (j JSON) Write(w io.Writer, d *Document) error {
	sites := d.Report.Sites
	if j.OnlyNew {
		sites = reportedSites(d)
	}
	out := jsonReport{
		Schema: Schema, Tool: d.Tool, Shards: d.Shards, Coverage: d.Report.Coverage,
		Sites: make([]*jsonSite, len(sites)), Errors: d.Report.Errors, Notes: d.Report.Notes,
	}
	for i, s := range sites {
		c := &jsonSite{Site: *s, Fix: jsonFix{s.Fix.Status, s.Fix.Reason, d.jsonEdits(s)}}
		c.Rules = orEmpty(c.Rules)
		c.Guards = orEmpty(c.Guards)
		c.Evidence = orEmpty(c.Evidence)
		out.Sites[i] = c
	}
	out.Errors = orEmpty(out.Errors)
	return writeJSON(w, out)
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// jsonEdits returns the edits of a site's fix, or nil if one of them is not UTF-8,
// which JSON cannot hold.
func (d *Document) jsonEdits(s *result.Site) []jsonEdit {
	var list []jsonEdit
	for _, fe := range d.Fixes[s.ID] {
		for _, e := range fe.Edits {
			if !utf8.ValidString(e.New) {
				return nil
			}
			list = append(list, jsonEdit{fe.Path, e.Start, e.End, e.New})
		}
	}
	return list
}

// reportedSites returns the sites that check reports.
func reportedSites(d *Document) []*result.Site {
	shown := map[*result.Site]bool{}
	for i := range d.Findings {
		if f := &d.Findings[i]; f.Shown() || f.At != nil && f.Printed() {
			shown[f.Site] = true
		}
	}
	var sites []*result.Site
	for _, s := range d.Report.Sites {
		if shown[s] {
			sites = append(sites, s)
		}
	}
	return sites
}

// ReadJSON parses a JSON report. It sets Report, Tool, Shards and Fixes.
func ReadJSON(data []byte) (*Document, error) {
	var in jsonReport
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, err
	}
	if in.Schema != Schema {
		return nil, fmt.Errorf("schema %d, but this version reads schema %d", in.Schema, Schema)
	}
	d := &Document{
		Report: &detect.Report{Coverage: in.Coverage, Errors: in.Errors, Notes: in.Notes},
		Tool:   in.Tool, Shards: in.Shards, Fixes: map[string][]FileEdits{},
	}
	for i, s := range in.Sites {
		if s == nil {
			return nil, fmt.Errorf("site %d is null", i)
		}
		s.Site.Fix = result.Fix{Status: s.Fix.Status, Reason: s.Fix.Reason}
		d.Report.Sites = append(d.Report.Sites, &s.Site)
		if list := fileEdits(s.Fix.Edits); list != nil {
			d.Fixes[s.ID] = list
		}
	}
	return d, nil
}

// fileEdits groups edits by file.
func fileEdits(edits []jsonEdit) (list []FileEdits) {
	for _, e := range edits {
		if n := len(list); n == 0 || list[n-1].Path != e.File {
			list = append(list, FileEdits{Path: e.File})
		}
		fe := &list[len(list)-1]
		fe.Edits = append(fe.Edits, edit.Edit{Start: e.Start, End: e.End, New: e.Text})
	}
	return list
}
