package report

import (
	"fmt"
	"io"

	"github.com/keepatch/keepatch/detect/rules"
)

var _ = register(Format{
	Name: "codequality", Ext: ".json", For: "the Code Quality widget of a GitLab merge request",
	Always: true,
	New:    func(v View) Printer { return CodeQuality{OnlyNew: v.Check} },
})

// CodeQuality prints what GitLab reads as a Code Quality report, a part of the
// Code Climate format
// (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format).
// GitLab compares the fingerprints of two branches and drops all but one of
// several with the same.
type CodeQuality struct {
	OnlyNew bool // only what check reports
}

type codeIssue struct {
	Description string       `json:"description"`
	Check       string       `json:"check_name"`
	Fingerprint string       `json:"fingerprint"`
	Severity    string       `json:"severity"`
	Location    codeLocation `json:"location"`
}

type codeLocation struct {
	Path  string    `json:"path"`
	Lines codeLines `json:"lines"`
}

type codeLines struct {
	Begin int `json:"begin"`
}

var codeSeverity = map[rules.Severity]string{
	rules.Error: "major", rules.Warning: "minor", rules.Note: "info",
}

// Write prints d.
func (q CodeQuality) Write(w io.Writer, d *Document) error {
	issues := []codeIssue{}
	seen := map[string]int{}
	add := func(print string, i codeIssue) {
		if seen[print]++; seen[print] > 1 {
			print = shortHash(print, fmt.Sprint(seen[print]))
		}
		i.Fingerprint = print
		issues = append(issues, i)
	}
	for _, f := range d.open(q.OnlyNew) {
		add(shortHash(f.Rule.ID, d.identity(f)), codeIssue{
			Description: stop(sentence(clean(f.Message))) + " " + stop(sentence(clean(f.Hint))),
			Check:       f.Rule.ID, Severity: codeSeverity[f.Severity],
			Location: codeLocation{clean(d.inRepo(f.File)), codeLines{f.Line}},
		})
	}
	for _, e := range d.Report.Errors {
		add(shortHash("error", e.File, e.Message), codeIssue{
			Description: stop(sentence(clean(e.Message))), Check: inputError, Severity: codeSeverity[rules.Warning],
			Location: codeLocation{clean(d.inRepo(e.File)), codeLines{max(e.Line, 1)}},
		})
	}
	return writeJSON(w, issues)
}

// inputError stands for a rule's ID where a report lists an input that could not
// be read or understood.
const inputError = "input-error"
