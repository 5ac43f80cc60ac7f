package report

import (
	"cmp"
	"encoding/xml"
	"io"
	"slices"

	"github.com/keepatch/keepatch/detect/rules"
)

var _ = register(Format{
	Name: "checkstyle", Ext: ".xml", For: "Jenkins Warnings, SonarQube, reviewdog and others",
	Always: true,
	New:    func(v View) Printer { return Checkstyle{OnlyNew: v.Check} },
})

// Checkstyle prints Checkstyle's XML: the findings of each file, with the rule as
// source.
type Checkstyle struct {
	OnlyNew bool // only what check reports
}

// checkstyleVersion is the version of the format, that of Checkstyle itself.
const checkstyleVersion = "8.0"

type checkstyleReport struct {
	XMLName xml.Name         `xml:"checkstyle"`
	Version string           `xml:"version,attr"`
	Files   []checkstyleFile `xml:"file"`
}

type checkstyleFile struct {
	Name   string            `xml:"name,attr"`
	Errors []checkstyleError `xml:"error"`
}

type checkstyleError struct {
	Line     int    `xml:"line,attr"`
	Column   int    `xml:"column,attr,omitempty"`
	Severity string `xml:"severity,attr"`
	Message  string `xml:"message,attr"`
	Source   string `xml:"source,attr"`
}

var checkstyleSeverity = map[rules.Severity]string{
	rules.Error: "error", rules.Warning: "warning", rules.Note: "info",
}

// Write prints d.
func (c Checkstyle) Write(w io.Writer, d *Document) error {
	by := map[string][]checkstyleError{}
	for _, f := range d.reported(c.OnlyNew) {
		name := clean(d.inRepo(f.File))
		by[name] = append(by[name], checkstyleError{
			Line: f.Line, Column: d.utf16Column(f.File, f.Line, f.Column), Severity: checkstyleSeverity[f.Severity],
			Message: clean(f.Message) + "; hint: " + clean(f.Hint), Source: "keepatch." + f.Rule.ID,
		})
	}
	for _, e := range d.Report.Errors {
		name := clean(d.inRepo(e.File))
		by[name] = append(by[name], checkstyleError{
			Line: max(e.Line, 1), Severity: checkstyleSeverity[rules.Warning],
			Message: clean(e.Message), Source: "keepatch." + inputError,
		})
	}
	out := checkstyleReport{Version: checkstyleVersion}
	for name, errors := range by {
		slices.SortStableFunc(errors, func(a, b checkstyleError) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
		out.Files = append(out.Files, checkstyleFile{name, errors})
	}
	slices.SortFunc(out.Files, func(a, b checkstyleFile) int { return cmp.Compare(a.Name, b.Name) })
	return writeXML(w, out)
}

func writeXML(w io.Writer, v any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
