package report

import (
	"io"
	"unicode/utf8"

	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/rules"
)

var _ = register(Format{
	Name: "rdjson", Ext: ".json", For: "reviewdog, which comments on a pull request and suggests the fix",
	Always: true, Fixes: true,
	New: func(v View) Printer { return RDJSON{OnlyNew: v.Check} },
})

// RDJSON prints the Reviewdog Diagnostic Format. Columns count bytes, and the end
// of a range is exclusive.
type RDJSON struct {
	OnlyNew bool // only what check reports
}

type rdResult struct {
	Source      rdSource       `json:"source"`
	Diagnostics []rdDiagnostic `json:"diagnostics"`
}

type rdSource struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type rdDiagnostic struct {
	Message     string         `json:"message"`
	Location    rdLocation     `json:"location"`
	Severity    string         `json:"severity"`
	Code        *rdCode        `json:"code,omitempty"`
	Suggestions []rdSuggestion `json:"suggestions,omitempty"`
	Related     []rdRelated    `json:"related_locations,omitempty"`
}

type rdCode struct {
	Value string `json:"value"`
	URL   string `json:"url"`
}

type rdLocation struct {
	Path  string   `json:"path"`
	Range *rdRange `json:"range,omitempty"`
}

type rdRange struct {
	Start rdPosition  `json:"start"`
	End   *rdPosition `json:"end,omitempty"`
}

type rdPosition struct {
	Line   int `json:"line"`
	Column int `json:"column,omitempty"`
}

type rdSuggestion struct {
	Range rdRange `json:"range"`
	Text  string  `json:"text"`
}

type rdRelated struct {
	Message  string     `json:"message"`
	Location rdLocation `json:"location"`
}

var rdSeverity = map[rules.Severity]string{
	rules.Error: "ERROR", rules.Warning: "WARNING", rules.Note: "INFO",
}

// Write prints d.
func (r RDJSON) Write(w io.Writer, d *Document) error {
	out := rdResult{Source: rdSource{d.Tool.Name, Home}, Diagnostics: []rdDiagnostic{}}
	for _, f := range d.reported(r.OnlyNew) {
		out.Diagnostics = append(out.Diagnostics, d.rdDiagnostic(f))
	}
	for _, e := range d.Report.Errors {
		out.Diagnostics = append(out.Diagnostics, rdDiagnostic{
			Message: fullStop(capitalize(clean(e.Message))), Location: d.rdLocation(e.File, e.Line, 0, 0),
			Severity: rdSeverity[rules.Warning],
		})
	}
	return writeJSON(w, out)
}

func (d *Document) rdDiagnostic(f *finding.Finding) rdDiagnostic {
	x := rdDiagnostic{
		Message:  fullStop(capitalize(clean(f.Message))) + " " + fullStop(capitalize(clean(f.Hint))),
		Location: d.rdLocation(f.File, f.Line, f.Column, markWidth(f)), Severity: rdSeverity[f.Severity],
		Code: &rdCode{f.Rule.ID, RuleAddress(f.Rule)},
	}
	if f.Site == nil {
		return x
	}
	for _, e := range f.Site.Evidence {
		if e.Line > 0 {
			x.Related = append(x.Related, rdRelated{fullStop(capitalize(clean(e.Note))), d.rdLocation(e.File, e.Line, e.Column, 0)})
		}
	}
	if hasFix(f.Rule) {
		x.Suggestions = d.rdSuggestions(f)
	}
	return x
}

// rdSuggestions returns the fix of a finding. A suggestion applies to the file of
// its diagnostic, so a fix that changes another file too cannot be expressed.
func (d *Document) rdSuggestions(f *finding.Finding) []rdSuggestion {
	var list []rdSuggestion
	for _, fe := range d.Fixes[f.Site.ID] {
		for _, e := range fe.Edits {
			line, col, ok1 := d.Sources.Position(fe.Path, e.Start)
			endLine, endCol, ok2 := d.Sources.Position(fe.Path, e.End)
			if fe.Path != f.File || !ok1 || !ok2 || !utf8.ValidString(e.New) {
				return nil
			}
			list = append(list, rdSuggestion{rdRange{rdPosition{line, col}, &rdPosition{endLine, endCol}}, e.New})
		}
	}
	return list
}

// rdLocation returns a range of length bytes; the line if column is 0, the file if
// line is 0.
func (d *Document) rdLocation(file string, line, column, length int) rdLocation {
	l := rdLocation{Path: clean(d.inRepo(file))}
	if line < 1 {
		return l
	}
	l.Range = &rdRange{Start: rdPosition{line, column}}
	if column > 0 && length > 0 {
		l.Range.End = &rdPosition{line, column + length}
	}
	return l
}
