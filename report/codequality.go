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

// CodeQuality prints a GitLab Code Quality report, a subset of the Code Climate
// format
// (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format).
// GitLab compares the fingerprints of two branches and keeps one issue per
// fingerprint, so fingerprints are made unique.
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
	for _, f := range d.reported(q.OnlyNew) {
		add(shortHash(f.Rule.ID, d.findingKey(f)), codeIssue{
			Description: fullStop(capitalize(clean(f.Message))) + " " + fullStop(capitalize(clean(f.Hint))),
			Check:       f.Rule.ID, Severity: codeSeverity[f.Severity],
			Location: codeLocation{clean(d.inRepo(f.File)), codeLines{f.Line}},
		})
	}
	for _, e := range d.Report.Errors {
		add(shortHash("error", e.File, e.Message), codeIssue{
			Description: fullStop(capitalize(clean(e.Message))), Check: inputError, Severity: codeSeverity[rules.Warning],
			Location: codeLocation{clean(d.inRepo(e.File)), codeLines{max(e.Line, 1)}},
		})
	}
	return writeJSON(w, issues)
}

// inputError is the rule ID of an input that could not be read or parsed.
const inputError = "input-error"
