package report

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/parse/text"
)

var _ = register(Format{
	Name: "sarif", Ext: ".sarif", For: "GitHub code scanning, VS Code and other viewers of SARIF 2.1.0",
	Always: true, Fixes: true,
	New: func(View) Printer { return SARIF{} },
})

// SARIF prints SARIF 2.1.0 for GitHub code scanning, VS Code and other viewers.
//
// How viewers use it:
//   - GitHub identifies a result by ruleId and the fingerprint
//     primaryLocationLineHash, or a hash of the lines around it if there is none.
//     The fingerprint is the site's ID, which survives added lines.
//   - GitHub shows the message, the rule's help in Markdown, and codeFlows as
//     "show paths". It ignores fixes; VS Code's viewer applies them.
//   - Columns count UTF-16 units (columnKind).
//   - Paths must be relative to the repository's root, without a leading "./".
//   - GitHub closes a result that has suppressions.
type SARIF struct{}

// Write prints d.
func (SARIF) Write(w io.Writer, d *Document) error {
	c := d.Report.Coverage
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{d.Tool.Name, d.Tool.Version, Home, sarifRules()}},
		Invocations: []sarifInvocation{{ExecutionSuccessful: len(d.Report.Errors) == 0}},
		ColumnKind:  "utf16CodeUnits",
		Results:     []sarifResult{},
		Properties:  sarifRunProps{sarifCoverage{c.Files, c.Bytes, c.Sites, c.Missing, c.Undecided}, d.Shards},
	}
	for _, e := range d.Report.Errors {
		n := sarifNotification{Level: "error", Message: sarifText{Text: fullStop(e.Message)}}
		loc := sarifLocation{PhysicalLocation: sarifPhysical{ArtifactLocation: d.artifactLocation(e.File)}}
		if e.Line > 0 {
			loc.PhysicalLocation.Region = &sarifRegion{StartLine: e.Line}
		}
		n.Locations = []sarifLocation{loc}
		run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, n)
	}
	for i := range d.Findings {
		if f := &d.Findings[i]; !f.Outside && f.At == nil {
			run.Results = append(run.Results, d.sarifResult(f))
		}
	}
	return writeSARIF(w, run)
}

func writeSARIF(w io.Writer, run sarifRun) error {
	return writeJSON(w, sarifLog{sarifSchema, sarifVersion, []sarifRun{run}})
}

// sarifLevel maps severities to levels.
var sarifLevel = map[rules.Severity]string{
	rules.Error: "error", rules.Warning: "warning", rules.Note: "note", rules.Off: "none",
}

// sarifRules returns all rules, so that viewers also list those without results.
func sarifRules() []sarifRule {
	var list []sarifRule
	for i := range rules.All {
		r := &rules.All[i]
		list = append(list, sarifRule{
			ID: r.ID, Name: r.Name,
			ShortDescription: sarifText{Text: r.Title + "."},
			FullDescription:  sarifText{Text: firstParagraph(r.Text)},
			Help:             sarifText{Text: ruleText(r), Markdown: ruleMarkdown(r)},
			HelpURI:          RuleAddress(r),
			DefaultConfiguration: sarifConfig{
				Enabled: r.Severity != rules.Off, Level: sarifLevel[r.Severity],
			},
			Properties: sarifRuleProps{Tags: []string{"reliability", "network"}, Precision: "high"},
		})
	}
	return list
}

// RuleAddress returns the address of a rule's documentation.
func RuleAddress(r *rules.Rule) string {
	return Home + "/blob/main/docs/rules.md#" + strings.ToLower(r.ID)
}

func ruleText(r *rules.Rule) string {
	return r.Text + "\n\nInstead of:\n" + indent(r.Before) + "\nwrite:\n" + indent(r.After) + "\n\nWhat to do: " + r.Hint + "."
}

func ruleMarkdown(r *rules.Rule) string {
	return "**" + r.Title + "**\n\n" + r.Text + "\n\nInstead of\n\n```c\n" + r.Before + "\n```\n\nwrite\n\n```c\n" + r.After +
		"\n```\n\nWhat to do: " + r.Hint + "."
}

func firstParagraph(s string) string {
	p, _, _ := strings.Cut(s, "\n\n")
	return strings.ReplaceAll(p, "\n", " ")
}

// fullStop ends a message with a full stop, as SARIF requires.
func fullStop(s string) string {
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

func ruleIndex(id string) int {
	for i := range rules.All {
		if rules.All[i].ID == id {
			return i
		}
	}
	return -1
}

func (d *Document) sarifResult(f *finding.Finding) sarifResult {
	r := sarifResult{
		RuleID: f.Rule.ID, RuleIndex: ruleIndex(f.Rule.ID), Level: sarifLevel[f.Severity],
		Message:             sarifText{Text: fullStop(capitalize(clean(f.Message))) + " " + fullStop(capitalize(clean(f.Hint)))},
		PartialFingerprints: d.fingerprints(f),
	}
	loc := sarifLocation{PhysicalLocation: d.physicalLocation(f.File, f.Line, f.Column, markWidth(f))}
	loc.PhysicalLocation.ContextRegion = d.contextRegion(f.File, f.Line)
	if s := f.Site; s != nil {
		if s.Function != "" {
			loc.LogicalLocations = []sarifLogical{{s.Function, "function"}}
		}
		r.RelatedLocations, r.CodeFlows = d.sarifEvidence(s)
		if hasFix(f.Rule) {
			r.Fixes = d.sarifFixes(s)
		}
	}
	r.Locations = []sarifLocation{loc}
	switch {
	case f.Suppressed:
		r.Suppressions = []sarifSuppression{{"inSource", clean(f.Reason)}}
	case f.Known:
		r.BaselineState = "unchanged"
		r.Suppressions = []sarifSuppression{{"external", "in the baseline"}}
	}
	return r
}

// fingerprints identify a finding independently of line numbers.
func (d *Document) fingerprints(f *finding.Finding) map[string]string {
	id := d.findingKey(f)
	return map[string]string{"keepatchSite/v1": id, "primaryLocationLineHash": id + ":1"}
}

// findingKey returns the site's ID, or a hash of rule, file and line text for a
// finding without a site.
func (d *Document) findingKey(f *finding.Finding) string {
	if f.Site != nil {
		return f.Site.ID
	}
	line, _ := d.Sources.Line(f.File, f.Line)
	return shortHash(f.Rule.ID, f.File, strings.Join(strings.Fields(string(line)), " "))
}

func shortHash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:8])
}

// sarifEvidence returns the evidence as related locations, which every viewer
// lists, and as a code flow, which some step through.
func (d *Document) sarifEvidence(s *result.Site) (related []sarifLocation, flows []sarifCodeFlow) {
	var steps []sarifFlowStep
	for i, e := range s.Evidence {
		if e.Line < 1 {
			continue
		}
		id := i + 1
		loc := sarifLocation{PhysicalLocation: d.physicalLocation(e.File, e.Line, e.Column, 1),
			Message: &sarifText{Text: fullStop(clean(e.Note))}}
		steps = append(steps, sarifFlowStep{loc})
		loc.ID = &id
		related = append(related, loc)
	}
	if len(steps) > 0 {
		flows = []sarifCodeFlow{{[]sarifThreadFlow{{steps}}}}
	}
	return related, flows
}

// hasFix reports whether a site's fix resolves the findings of a rule.
func hasFix(r *rules.Rule) bool {
	return r.ID == rules.Missing || r.ID == rules.MissingAccept
}

func (d *Document) sarifFixes(s *result.Site) []sarifFix {
	var changes []sarifArtifactChange
	for _, fe := range d.Fixes[s.ID] {
		change := sarifArtifactChange{ArtifactLocation: d.artifactLocation(fe.Path)}
		for _, e := range fe.Edits {
			from, ok1 := d.regionAt(fe.Path, e.Start)
			to, ok2 := d.regionAt(fe.Path, e.End)
			if !ok1 || !ok2 || !utf8.ValidString(e.New) {
				return nil // the file has changed, or JSON cannot hold the text
			}
			from.EndLine, from.EndColumn = to.StartLine, to.StartColumn
			change.Replacements = append(change.Replacements, sarifReplacement{from, sarifText{Text: e.New}})
		}
		if len(change.Replacements) > 0 {
			changes = append(changes, change)
		}
	}
	if len(changes) == 0 {
		return nil
	}
	return []sarifFix{{sarifText{Text: "Turn SO_KEEPALIVE on."}, changes}}
}

// regionAt returns the empty region at a byte offset.
func (d *Document) regionAt(file string, offset int) (sarifRegion, bool) {
	line, col, ok := d.Sources.Position(file, offset)
	if !ok {
		return sarifRegion{}, false
	}
	return sarifRegion{StartLine: line, StartColumn: d.utf16Column(file, line, col)}, true
}

func (d *Document) physicalLocation(file string, line, column, length int) sarifPhysical {
	p := sarifPhysical{ArtifactLocation: d.artifactLocation(file)}
	if line < 1 {
		return p
	}
	p.Region = &sarifRegion{StartLine: line}
	if column >= 1 {
		p.Region.StartColumn = d.utf16Column(file, line, column)
		p.Region.EndColumn = p.Region.StartColumn + length
	}
	return p
}

// contextRegion returns the whole line, for viewers without the sources. SARIF
// wants it to be larger than the region.
func (d *Document) contextRegion(file string, line int) *sarifRegion {
	src, ok := d.Sources.Line(file, line)
	if !ok || len(src) == 0 || len(src) > 1000 {
		return nil
	}
	return &sarifRegion{StartLine: line, EndLine: line, StartColumn: 1,
		EndColumn: text.UTF16Col(src, len(src)+1), Snippet: &sarifText{Text: clean(string(src))}}
}

// utf16Column converts a byte column to UTF-16 units. If the source lacks the line
// it returns the byte column, which is right for ASCII.
func (d *Document) utf16Column(file string, line, column int) int {
	src, ok := d.Sources.Line(file, line)
	if !ok {
		return column
	}
	return text.UTF16Col(src, column)
}

// artifactLocation returns a file as a URI relative to the repository's root.
func (d *Document) artifactLocation(file string) sarifArtifact { return sarifArtifact{d.uri(file)} }

func (d *Document) uri(file string) string {
	if !path.IsAbs(file) && filepath.VolumeName(file) == "" {
		if p := path.Join(d.Repo, file); p != ".." && !strings.HasPrefix(p, "../") {
			return (&url.URL{Path: p}).EscapedPath()
		}
	}
	abs, err := filepath.Abs(filepath.FromSlash(file))
	if err != nil {
		return (&url.URL{Path: file}).EscapedPath()
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(abs)}).String()
}

func capitalize(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
