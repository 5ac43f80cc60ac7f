package report

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the page's parts
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/parse/text"
)

var _ = register(Format{
	Name: "html", Ext: ".html", For: "one self-contained page: filters, source, evidence, patch",
	Always: true, Fixes: true, Origin: true,
	New: func(v View) Printer { return HTML{OnlyNew: v.Check} },
})

// HTML prints a self-contained page: it opens from disk, from a CI artefact or
// from a mail, without network. Its content security policy allows no other script
// and no load, so that a hostile source cannot run or fetch anything either.
type HTML struct {
	OnlyNew bool // only the sites that check reports
}

//go:embed assets/page.html
var pageHTML string

//go:embed assets/page.css
var pageCSS string

//go:embed assets/page.js
var pageJS string

var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"clean": clean, "sentence": func(s string) string { return capitalize(clean(s)) },
	}).Parse(pageHTML))
})

// maxDetailed is the number of sites above which only missing and undecided ones
// get full excerpts: a page above some 20 MB opens slowly.
const maxDetailed = 1500

// The data of page.html.
type (
	htmlPage struct {
		CSS        template.CSS
		Script     template.JS
		ScriptHash string

		Version, Headline, Coverage, Apply string
		Title, Revision, Date, Base        string
		Missing, Sites                     int
		ProblemCount                       string
		Problems, Notes                    []htmlPlace
		Folders                            []htmlFolder
		Verdicts                           []htmlVerdict
		Rules                              []htmlRule
		Files                              []htmlFile
	}
	htmlPlace  struct{ Place, Text string }
	htmlFolder struct {
		Name, Title    string
		Parts          []htmlVerdict
		Missing, Total int
		Rest           int // how many sites the largest folder has more
	}
	htmlVerdict struct {
		Verdict result.Verdict
		Count   int
		On      bool
	}
	htmlRule struct {
		*rules.Rule
		Text          []string
		Before, After [][]htmlSpan
	}
	htmlFile struct {
		Path           string
		Missing, Total int
		Sites          []htmlSite
	}
	htmlSite struct {
		*result.Site
		Folder, Call, What, Search, RuleIDs, NoPatch, Apply string
		Badges                                              []htmlBadge
		Findings                                            []*finding.Finding
		Excerpt                                             htmlExcerpt
		Steps                                               []htmlStep
		Diff                                                []htmlDiffLine
		Copy                                                bool // the diff is shown byte for byte, so that it can be copied
	}
	htmlBadge struct {
		ID, Title string
		Severity  rules.Severity
	}
	htmlStep struct {
		Place, Note, Target string
		Excerpt             htmlExcerpt
	}
)

// Write prints d.
func (h HTML) Write(w io.Writer, d *Document) error {
	out := bufio.NewWriter(w)
	if err := page().Execute(out, h.page(d)); err != nil {
		return err
	}
	return out.Flush()
}

func (h HTML) page(d *Document) *htmlPage {
	sites := d.Report.Sites
	if h.OnlyNew {
		sites = reportedSites(d)
	}
	by := countVerdicts(sites)
	sum := sha256.Sum256([]byte(pageJS))
	c := d.Report.Coverage
	p := &htmlPage{
		CSS: template.CSS(pageCSS), Script: template.JS(pageJS),
		ScriptHash: "sha256-" + base64.StdEncoding.EncodeToString(sum[:]),
		Version:    clean(d.Tool.Version), Apply: clean(d.Apply), Sites: len(sites), Missing: by[result.Missing],
		Title: clean(d.Origin.Title), Revision: clean(d.Origin.Revision), Base: clean(d.displayRoot()),
		Headline: headline(len(sites), by),
		Coverage: fmt.Sprintf("%s in %s (%s)", text.Count(c.Sites, "call"), text.Count(c.Files, "file"), Size(c.Bytes)),
		Folders:  folders(d, sites),
	}
	if !d.Origin.Date.IsZero() {
		p.Date = d.Origin.Date.UTC().Format("2006-01-02 15:04 UTC")
	}
	urgent := by[result.Missing]+by[result.Undecided] > 0
	for _, v := range result.Verdicts {
		if by[v] > 0 {
			p.Verdicts = append(p.Verdicts, htmlVerdict{v, by[v], !urgent || v == result.Missing || v == result.Undecided})
		}
	}
	for i := range rules.All {
		r := &rules.All[i]
		p.Rules = append(p.Rules, htmlRule{
			r, strings.Split(r.Text, "\n\n"),
			highlight(strings.Split(r.Before, "\n"), false), highlight(strings.Split(r.After, "\n"), false),
		})
	}
	for _, e := range d.Report.Errors {
		p.Problems = append(p.Problems, htmlPlace{clean(fileLine(d.displayPath(e.File), e.Line)), clean(e.Message)})
	}
	if what, _ := c.Foreign(); what != "" {
		p.Problems = append(p.Problems, htmlPlace{clean(strings.Join(c.NotUnderstood, ", ")), what + ", not understood"})
	}
	p.ProblemCount = text.Count(len(p.Problems), "problem")
	for _, n := range d.Report.Notes {
		p.Notes = append(p.Notes, htmlPlace{clean(fileLine(d.displayPath(n.File), n.Line)), clean(n.Message)})
	}
	p.Files = h.files(d, sites)
	return p
}

func headline(n int, by map[result.Verdict]int) string {
	switch {
	case n == 0:
		return "No sites"
	case by[result.Missing] == 1:
		return "1 TCP socket never gets SO_KEEPALIVE"
	case by[result.Missing] > 0:
		return fmt.Sprintf("%d TCP sockets never get SO_KEEPALIVE", by[result.Missing])
	case by[result.Undecided] > 0:
		return fmt.Sprintf("No TCP socket is known to lack SO_KEEPALIVE; %d are undecided", by[result.Undecided])
	}
	if n := by[result.Suppressed]; n > 0 {
		return fmt.Sprintf("No TCP socket lacks SO_KEEPALIVE but %d suppressed", n)
	}
	return "Every TCP socket gets SO_KEEPALIVE"
}

func fileLine(file string, line int) string {
	if line > 0 {
		return fmt.Sprintf("%s:%d", file, line)
	}
	return file
}

func (h HTML) files(d *Document, sites []*result.Site) []htmlFile {
	findings := d.findingsBySite()
	folder := folderNames(d, sites)
	var files []htmlFile
	for _, s := range sites {
		path := clean(d.displayPath(s.File))
		if n := len(files); n == 0 || files[n-1].Path != path {
			files = append(files, htmlFile{Path: path})
		}
		f := &files[len(files)-1]
		f.Total++
		if s.Verdict == result.Missing {
			f.Missing++
		}
		brief := len(sites) > maxDetailed && s.Verdict != result.Missing && s.Verdict != result.Undecided
		f.Sites = append(f.Sites, newHTMLSite(d, s, folder[s], findings[s], brief))
	}
	return files
}

func newHTMLSite(d *Document, s *result.Site, folder string, findings []*finding.Finding, brief bool) htmlSite {
	cols := siteColumns(s)
	v := htmlSite{
		Site: s, Folder: folder, Call: clean(callIn(s)), What: cols[3], Findings: findings, RuleIDs: strings.Join(s.Rules, " "),
		Search: strings.ToLower(clean(d.displayPath(s.File) + " " + s.Function + " " + s.Call)),
	}
	for _, f := range findings {
		v.Badges = append(v.Badges, htmlBadge{f.Rule.ID, f.Rule.Title, f.Severity})
		if f.Rule.ID == rules.Undecided {
			v.RuleIDs = strings.TrimSpace(v.RuleIDs + " " + f.Rule.ID)
		}
	}
	v.Excerpt = d.codeAround(s.File, s.Line, s.Column, len(s.Call), brief)
	for i, e := range s.Evidence {
		v.Steps = append(v.Steps, htmlStep{
			Place: clean(fileLine(d.displayPath(e.File), e.Line)), Note: clean(e.Note), Target: fmt.Sprintf("stop-%s-%d", s.ID, i),
			Excerpt: d.codeAround(e.File, e.Line, e.Column, 0, brief),
		})
	}
	diff := siteDiff(d, s)
	v.Diff = diffLines(diff)
	v.Copy = diff != nil && clean(strings.ReplaceAll(string(diff), "\n", " ")) == strings.ReplaceAll(string(diff), "\n", " ")
	if d.Apply != "" && s.Fix.Status == result.FixPatch {
		v.Apply = d.Apply + " --only " + shellWord(s.ID) + " --write"
	}
	if v.Diff == nil && s.Verdict == result.Missing {
		switch {
		case s.Fix.Status == result.FixElsewhere:
			v.NoPatch = "The sockets accepted from it are patched."
		case s.Fix.Status == result.FixNone && s.Fix.Reason != "":
			v.NoPatch = "No patch: " + clean(s.Fix.Reason) + "."
		}
	}
	return v
}
