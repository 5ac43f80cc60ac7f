package report

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
)

// Schema is the version of the JSON report. A field that is added leaves it as
// it is; one that goes or changes its meaning raises it.
const Schema = 1

// jsonReport is the report contract. Its arrays are never null.
type jsonReport struct {
	Schema   int                `json:"schema"`
	Tool     Tool               `json:"tool"`
	Coverage result.Coverage    `json:"coverage"`
	Sites    []*result.Site     `json:"sites"`
	Errors   []result.FileError `json:"errors"`
	Notes    []result.Note      `json:"notes,omitempty"` // only when there are any
}

// JSON prints the report of the contract. It is what other programs, merge
// among them, read.
type JSON struct {
	// OnlyNew leaves out the sites that check has nothing to say about.
	OnlyNew bool
}

// Write prints d.
func (j JSON) Write(w io.Writer, d *Document) error {
	sites := d.Report.Sites
	if j.OnlyNew {
		sites = newSites(d)
	}
	out := jsonReport{
		Schema: Schema, Tool: d.Tool, Coverage: d.Report.Coverage,
		Sites: make([]*result.Site, len(sites)), Errors: d.Report.Errors, Notes: d.Report.Notes,
	}
	for i, s := range sites {
		c := *s // the report is not ours to change
		c.Rules = orEmpty(c.Rules)
		c.Guards = orEmpty(c.Guards)
		c.Evidence = orEmpty(c.Evidence)
		out.Sites[i] = &c
	}
	out.Errors = orEmpty(out.Errors)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// newSites are the sites that have something shown about them.
func newSites(d *Document) []*result.Site {
	shown := map[*result.Site]bool{}
	for i := range d.Findings {
		if f := &d.Findings[i]; f.Shown() {
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

// ReadJSON reads a JSON report back.
func ReadJSON(data []byte) (*detect.Report, Tool, error) {
	var in jsonReport
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, Tool{}, err
	}
	if in.Schema != Schema {
		return nil, Tool{}, fmt.Errorf("schema %d, but this version reads schema %d", in.Schema, Schema)
	}
	for i, s := range in.Sites {
		if s == nil {
			return nil, Tool{}, fmt.Errorf("site %d is null", i)
		}
	}
	return &detect.Report{Coverage: in.Coverage, Sites: in.Sites, Errors: in.Errors, Notes: in.Notes}, in.Tool, nil
}
