package report

import (
	"bufio"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse/text"
)

var _ = register(Format{
	Name: "markdown", Ext: ".md", For: "a job's summary, a merge request, an issue",
	Always: true, Fixes: true,
	New: func(v View) Printer { return Markdown{OnlyNew: v.Check} },
})

// Markdown prints a summary for a job, a merge request or an issue.
type Markdown struct {
	OnlyNew bool // only what check reports
}

// maxRows bounds the findings listed: GitHub cuts a job summary at 1 MiB.
const maxRows = 200

// maxDiff is the size in bytes above which the diff is left out.
const maxDiff = 60_000

// Write prints d.
func (m Markdown) Write(w io.Writer, d *Document) error {
	out := bufio.NewWriter(w)
	c := d.Report.Coverage
	fmt.Fprintf(out, "## keepatch\n\n%s in %s (%s)\n\n", text.Count(c.Sites, "site"), text.Count(c.Files, "file"), Size(c.Bytes))
	by := countVerdicts(d.Report.Sites)
	fmt.Fprint(out, "| verdict | sites |\n|---|---:|\n")
	for _, v := range result.Verdicts {
		if by[v] > 0 || v == result.Missing {
			fmt.Fprintf(out, "| %s | %d |\n", v, by[v])
		}
	}
	m.findings(out, d)
	m.errors(out, d)
	m.diffs(out, d)
	return out.Flush()
}

func (m Markdown) findings(out io.Writer, d *Document) {
	rows, left := 0, 0
	for _, f := range d.reported(m.OnlyNew) {
		if rows == maxRows {
			left++
			continue
		}
		if rows == 0 {
			fmt.Fprint(out, "\n| | place | finding | rule |\n|---|---|---|---|\n")
		}
		rows++
		fmt.Fprintf(out, "| %s | %s | %s<br>%s | %s |\n", f.Severity,
			inlineCode(fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)), escapeCell(f.Message), escapeCell(f.Hint), f.Rule.ID)
	}
	switch {
	case left > 0:
		fmt.Fprintf(out, "\n%d more are not listed.\n", left)
	case rows == 0:
		fmt.Fprint(out, "\nNo findings.\n")
	}
	if m.OnlyNew {
		m.passed(out, d)
	}
}

// passed tells of the findings that check passes over, since the counts of sites have
// them.
func (m Markdown) passed(out io.Writer, d *Document) {
	known, outside := 0, 0
	for i := range d.Findings {
		switch f := &d.Findings[i]; {
		case f.Suppressed || !f.Printed():
		case f.Known:
			known++
		case f.Outside:
			outside++
		}
	}
	if known > 0 {
		fmt.Fprintf(out, "\nIn the baseline: %d.\n", known)
	}
	if outside > 0 {
		fmt.Fprintf(out, "\nNot touched by the change: %d.\n", outside)
	}
}

func (m Markdown) errors(out io.Writer, d *Document) {
	if len(d.Report.Errors) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s:\n\n", capitalize(incomplete(d.Report.Errors)))
	for i, e := range d.Report.Errors {
		if i == maxRows {
			fmt.Fprintf(out, "- %d more\n", len(d.Report.Errors)-i)
			break
		}
		place := e.File
		if e.Line > 0 {
			place = fmt.Sprintf("%s:%d", e.File, e.Line)
		}
		fmt.Fprintf(out, "- %s: %s\n", inlineCode(place), escapeCell(e.Message))
	}
}

func (m Markdown) diffs(out io.Writer, d *Document) {
	diffs := d.Diffs
	if m.OnlyNew {
		diffs = d.diffsOf(reportedSites(d))
	}
	paths := make([]string, 0, len(diffs))
	total := 0
	for p, diff := range diffs {
		paths = append(paths, p)
		total += len(diff)
	}
	if total == 0 || total > maxDiff {
		return
	}
	sort.Strings(paths)
	fmt.Fprint(out, "\n<details><summary>Proposed patch</summary>\n\n")
	fence := "```"
	for _, p := range paths {
		for strings.Contains(string(diffs[p]), fence) {
			fence += "`"
		}
	}
	fmt.Fprintf(out, "%sdiff\n", fence)
	for _, p := range paths {
		fmt.Fprint(out, strings.ToValidUTF8(string(diffs[p]), "\uFFFD"))
	}
	fmt.Fprintf(out, "%s\n\n</details>\n", fence)
}

// escapeCell escapes text for a table cell.
func escapeCell(s string) string {
	var b strings.Builder
	for _, r := range clean(s) {
		if strings.ContainsRune("\\`*_{}[]<>#|~&@", r) {
			b.WriteByte('\\')
		}
		if r == '\n' || r == '\t' {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

// inlineCode formats s as code in a table cell, with apostrophes for backquotes.
func inlineCode(s string) string {
	return "`" + strings.NewReplacer("|", "\\|", "`", "'").Replace(clean(s)) + "`"
}
