package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
)

var _ = register(Format{
	Name: "junit", Ext: ".xml", For: "test reports of Jenkins, GitLab, Azure: a test case per site",
	Always: true,
	New:    func(View) Printer { return JUnit{} },
})

// JUnit prints a JUnit report: a suite per file, a test case per site. A case
// fails if check fails because of the site, and is skipped if the site is
// suppressed, in the baseline, outside the change or undecided. Names hold no line
// number, so that a site keeps its history.
type JUnit struct{}

type junitReport struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []*junitFile `xml:"testsuite"`
}

type junitFile struct {
	Name     string      `xml:"name,attr"`
	File     string      `xml:"file,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitOutcome `xml:"failure"`
	Error   *junitOutcome `xml:"error"`
	Skipped *junitOutcome `xml:"skipped"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitOutcome struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// junitSuites collects cases by file, in order of first appearance.
type junitSuites struct {
	list  []*junitFile
	by    map[string]*junitFile
	names map[[2]string]int // cases by file and name
}

// Write prints d.
func (JUnit) Write(w io.Writer, d *Document) error {
	suites := &junitSuites{by: map[string]*junitFile{}, names: map[[2]string]int{}}
	by := d.findingsBySite()
	for _, s := range d.Report.Sites {
		suites.add(d.inRepo(s.File), junitSite(s, by[s]))
	}
	for _, f := range d.reported(false) {
		if f.Site == nil {
			suites.add(d.inRepo(f.File), junitOf(f.Rule.Title, []*finding.Finding{f}))
		}
	}
	for _, e := range d.Report.Errors {
		text := clean(fileLine(e.File, e.Line) + ": " + e.Message)
		suites.add(d.inRepo(e.File), junitCase{Name: "input", Error: &junitOutcome{inputError, clean(e.Message), text}})
	}
	out := junitReport{Name: d.Tool.Name, Suites: suites.list}
	for _, s := range suites.list {
		out.Tests += s.Tests
		out.Failures += s.Failures
		out.Errors += s.Errors
	}
	return writeXML(w, out)
}

// add appends a case to the suite of a file and numbers a name that is taken.
func (s *junitSuites) add(file string, c junitCase) {
	file = clean(file)
	f := s.by[file]
	if f == nil {
		f = &junitFile{Name: file, File: file}
		s.by[file] = f
		s.list = append(s.list, f)
	}
	key := [2]string{file, c.Name}
	if s.names[key]++; s.names[key] > 1 {
		c.Name += fmt.Sprintf(" #%d", s.names[key])
	}
	c.Class, c.Time = file, "0"
	f.Cases = append(f.Cases, c)
	f.Tests++
	switch {
	case c.Failure != nil:
		f.Failures++
	case c.Error != nil:
		f.Errors++
	case c.Skipped != nil:
		f.Skipped++
	}
}

func junitSite(s *result.Site, findings []*finding.Finding) junitCase {
	c := junitOf(clean(callIn(s)), findings)
	if c.Failure == nil && c.Skipped == nil && s.Verdict == result.Undecided {
		c.Skipped = &junitOutcome{Message: "undecided"}
	}
	return c
}

// junitOf returns the case of findings about one place: errors are its failure,
// warnings its output.
func junitOf(name string, findings []*finding.Finding) junitCase {
	c := junitCase{Name: name}
	var fails, warns []string
	for _, f := range findings {
		text := fmt.Sprintf("%s:%d:%d: %s: %s [%s]\nhint: %s\n", clean(f.File), f.Line, f.Column, f.Severity,
			clean(f.Message), f.Rule.ID, clean(f.Hint))
		switch {
		case f.Fails():
			if c.Failure == nil {
				c.Failure = &junitOutcome{Type: f.Rule.ID, Message: clean(f.Message)}
			}
			fails = append(fails, text)
		case f.Shown():
			warns = append(warns, text)
		case f.Severity == rules.Error && c.Skipped == nil:
			c.Skipped = &junitOutcome{Message: skipReason(f)}
		case f.Rule.ID == rules.Undecided && c.Skipped == nil:
			c.Skipped = &junitOutcome{Message: clean(f.Message)}
		}
	}
	if c.Failure != nil {
		c.Failure.Text, c.Skipped = strings.Join(fails, ""), nil
	}
	c.Out = strings.Join(warns, "")
	return c
}

// skipReason says why check does not report a finding.
func skipReason(f *finding.Finding) string {
	switch {
	case f.Suppressed:
		return "suppressed: " + clean(f.Reason)
	case f.Known:
		return "in the baseline"
	case f.At != nil:
		return fmt.Sprintf("counts at %s:%d, where what it takes lacks SO_KEEPALIVE", clean(f.At.File), f.At.Line)
	}
	return "not touched by the change"
}
