package cli

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/report"
)

// summaryFlags say what is printed on stderr besides errors.
func summaryFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "print nothing but the report and errors"},
		&cli.BoolFlag{Name: "ids", Usage: "show the ID of each socket, which explain and apply --only take"},
		&cli.BoolFlag{Name: "stats", Usage: "print on stderr what was read and parsed, the time and the memory it took"},
	}
}

// scanSummary ends a scan with its counts, where what is printed does not.
func (e *env) scanSummary(d *report.Document, targets []target) {
	if targets[0].format.Counts {
		return
	}
	n := d.Report.Coverage
	e.note("%s in %s: %d %s, %d %s", text.Count(n.Sites, "site"), text.Count(n.Files, "file"),
		n.Missing, result.Missing, n.Undecided, result.Undecided)
}

// checkSummary ends a check that has printed something with the counts of it.
func (e *env) checkSummary(d *report.Document) {
	if line := countFindings(d.Findings); line != "" {
		n := d.Report.Coverage
		e.note("%s; %s in %s", line, text.Count(n.Sites, "site"), text.Count(n.Files, "file"))
	}
}

// countFindings is "1 error, 2 warnings (3 more in the baseline)" of what check prints.
func countFindings(list []finding.Finding) string {
	by, known := map[rules.Severity]int{}, finding.CountKnown(list)
	for i := range list {
		if f := &list[i]; f.Shown() {
			by[f.Severity]++
		}
	}
	var parts []string
	for _, s := range []rules.Severity{rules.Error, rules.Warning} {
		if by[s] > 0 {
			parts = append(parts, text.Count(by[s], string(s)))
		}
	}
	line := strings.Join(parts, ", ")
	if line != "" && known > 0 {
		line += fmt.Sprintf(" (%d more in the baseline)", known)
	}
	return line
}

// printStats prints what a run has cost.
func (e *env) printStats(s driver.Stats) {
	e.say("stats: %s (%s) in %s; %s in %s parsed; %.2f s, %s of memory", text.Count(s.Files, "file"), report.Size(s.Bytes),
		text.Count(s.Programs, "program"), text.Count(s.Functions, "function"),
		text.Count(s.Trees, "file"), s.Time.Seconds(), report.Size(int64(s.Peak)))
}
