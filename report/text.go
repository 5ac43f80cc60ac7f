package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/parse/text"
)

// verdictColor maps verdicts to colours.
var verdictColor = map[result.Verdict]string{
	result.Missing:    red,
	result.Undecided:  yellow,
	result.Covered:    green,
	result.Exempt:     dim,
	result.Suppressed: dim,
	result.NotTCP:     dim,
}

const textName = "text"

var _ = register(Format{
	Name: textName, Ext: ".txt", For: "people at a terminal; check prints as compilers do",
	Counts: true,
	New: func(v View) Printer {
		if v.Check {
			return Check{Terminal: v.Terminal}
		}
		return Text{Terminal: v.Terminal, Verdicts: v.Verdicts}
	},
})

// Text prints the report for people: sites by file, aligned; missing and undecided
// ones with their source line.
type Text struct {
	Terminal
	Verdicts map[result.Verdict]bool // verdicts to list; nil lists all
}

// Write prints d.
func (t Text) Write(w io.Writer, d *Document) error {
	out := bufio.NewWriter(w)
	sites := t.listed(d.Report.Sites)
	width := columnWidths(sites)
	for i, s := range sites {
		if i == 0 || sites[i-1].File != s.File {
			if i > 0 {
				fmt.Fprintln(out)
			}
			fmt.Fprintln(out, t.fileLink(s.File, paint(t.Color, bold, clean(s.File))))
		}
		t.site(out, d, s, width)
	}
	if len(sites) > 0 {
		fmt.Fprintln(out)
	}
	for _, n := range d.Report.Notes {
		fmt.Fprintf(out, "%s:%d:%d: %s %s\n", clean(n.File), n.Line, n.Column, clean(n.Message),
			paint(t.Color, dim, "["+n.Rule+"]"))
	}
	t.legend(out, sites)
	t.summary(out, d)
	return out.Flush()
}

func (t Text) listed(sites []*result.Site) []*result.Site {
	if t.Verdicts == nil {
		return sites
	}
	var list []*result.Site
	for _, s := range sites {
		if t.Verdicts[s.Verdict] {
			list = append(list, s)
		}
	}
	return list
}

// TransportText is a transport in words for people.
func TransportText(t result.Transport) string {
	switch t {
	case result.OtherTransport:
		return "not TCP"
	case result.UnknownTransport:
		return "unknown kind"
	case result.TCP:
		return "TCP"
	case result.MaybeTCP:
		return maybeTCP
	}
	return string(t)
}

const (
	maybeTCP      = "maybe TCP"
	maybeTCPMeans = "at run time TCP or something else, as the program or its user chooses, or known only in part; counts as TCP"
)

// siteColumns returns the cells of a site's line, not yet aligned.
func siteColumns(s *result.Site) [4]string {
	what := TransportText(s.Transport)
	if s.Role != result.UnknownRole && s.Role != "" {
		what += " " + string(s.Role)
	}
	if s.Code != knowledge.Product && s.Code != "" {
		what += ", " + s.Code
	}
	return [4]string{fmt.Sprintf("%d:%d", s.Line, s.Column), string(s.Verdict), callIn(s), what}
}

// callIn returns the site's call and the function that contains it.
func callIn(s *result.Site) string {
	if s.Function == "" {
		return s.Call + "()"
	}
	return s.Call + "() in " + s.Function
}

func columnWidths(sites []*result.Site) (width [4]int) {
	for _, s := range sites {
		for i, c := range siteColumns(s) {
			// A single long name must not widen the column of all.
			width[i] = max(width[i], min(utf8.RuneCountInString(c), 40))
		}
	}
	return width
}

func pad(s string, width int) string {
	if n := width - utf8.RuneCountInString(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s
}

func (t Text) site(out io.Writer, d *Document, s *result.Site, width [4]int) {
	c := siteColumns(s)
	line := "  " + pad(c[0], width[0]) + "  " +
		paint(t.Color, verdictColor[s.Verdict], pad(c[1], width[1])) + "  " + pad(clean(c[2]), width[2])
	if rules := strings.Join(s.Rules, " "); rules != "" {
		line += "  " + pad(c[3], width[3]) + "  " + paint(t.Color, dim, rules)
	} else {
		line += "  " + c[3]
	}
	fmt.Fprintln(out, line+t.id(s))
	if why := silent(s); why != "" {
		fmt.Fprintf(out, "      %s\n", clean(why))
	}
	if s.Verdict != result.Missing && s.Verdict != result.Undecided {
		return
	}
	excerpt(out, d.Sources, s.File, s.Line, s.Column, len(s.Call), "      ", t.Terminal)
	switch {
	case s.Verdict == result.Undecided && len(s.Evidence) > 0:
		e := s.Evidence[len(s.Evidence)-1]
		at := ""
		if e.File != s.File || e.Line != s.Line {
			at = fmt.Sprintf(" (%s:%d)", clean(e.File), e.Line)
		}
		fmt.Fprintf(out, "      %s%s\n", clean(e.Note), at)
	case s.Verdict == result.Missing && s.Fix.Status == result.FixNone && s.Fix.Reason != "":
		fmt.Fprintf(out, "      no patch: %s\n", clean(s.Fix.Reason))
	case s.Verdict == result.Missing && s.Fix.Status == result.FixElsewhere:
		fmt.Fprintf(out, "      what it accepts lacks SO_KEEPALIVE: patched at its accept()\n")
	}
}

// silent says why a site that lacks keepalive is no finding; "" where that is not so.
func silent(s *result.Site) string {
	switch {
	case s.Verdict == result.Exempt:
		return s.Fix.Reason
	case s.Verdict == result.Suppressed && len(s.Evidence) > 0:
		return strings.TrimPrefix(s.Evidence[len(s.Evidence)-1].Note, string(result.Suppressed)+": ")
	}
	return ""
}

// summary prints the counts and what is incomplete.
func (t Text) summary(out io.Writer, d *Document) {
	fmt.Fprintln(out, t.counts(d))
	if s := incomplete(d.Report.Errors); s != "" {
		fmt.Fprintln(out, paint(t.Color, yellow, s))
	}
	if what, files := d.Report.Coverage.Foreign(); what != "" {
		fmt.Fprintf(out, "not understood: %s (%s)\n", what, clean(files))
	}
	if what := patchable(d.Report.Sites); what != "" && d.Apply != "" {
		fmt.Fprintf(out, "%s can be patched; to see the diff: %s\n", what, d.Apply)
	}
}

// patchable counts what apply would patch; "" if nothing.
func patchable(sites []*result.Site) string {
	missing, some := 0, 0
	for _, s := range sites {
		switch {
		case s.Fix.Status != result.FixPatch:
		case s.Verdict == result.Missing:
			missing++
		default:
			some++
		}
	}
	var parts []string
	if missing > 0 {
		parts = append(parts, fmt.Sprintf("%d of the missing", missing))
	}
	if some > 0 {
		parts = append(parts, fmt.Sprintf("%d of the covered (%s)", some, rules.SomePaths))
	}
	return strings.Join(parts, " and ")
}

// legend says what the words and rules beside the sites mean. KA001 and KA002 say what the
// verdict says.
func (t Text) legend(out io.Writer, sites []*result.Site) {
	seen := map[string]bool{}
	for _, s := range sites {
		if s.Transport == result.MaybeTCP && !seen[maybeTCP] {
			seen[maybeTCP] = true
			fmt.Fprintf(out, "%s: %s\n", maybeTCP, maybeTCPMeans)
		}
		for _, id := range s.Rules {
			seen[id] = id != rules.Missing && id != rules.MissingAccept
		}
	}
	for _, r := range rules.All {
		if seen[r.ID] {
			fmt.Fprintf(out, "%s: %s (keepatch explain %s)\n", t.ruleLink(r.ID), r.Title, r.ID)
		}
	}
}

func (t Text) counts(d *Document) string {
	c := d.Report.Coverage
	by := countVerdicts(d.Report.Sites)
	var parts []string
	for _, v := range result.Verdicts {
		if n := by[v]; n > 0 || v == result.Missing || v == result.Undecided {
			color := verdictColor[v]
			if n == 0 {
				color = ""
			}
			parts = append(parts, paint(t.Color, color, fmt.Sprintf("%d %s", n, v)))
		}
	}
	return fmt.Sprintf("%s in %s (%s): %s", text.Count(c.Sites, "site"), text.Count(c.Files, "file"),
		Size(c.Bytes), strings.Join(parts, ", "))
}

// incomplete says how many inputs were not read or parsed completely; "" if none.
func incomplete(errors []result.FileError) string {
	files := map[string]bool{}
	for _, e := range errors {
		files[e.File] = true
	}
	switch len(files) {
	case 0:
		return ""
	case 1:
		return "results are incomplete: 1 input could not be read or parsed"
	}
	return fmt.Sprintf("results are incomplete: %d inputs could not be read or parsed", len(files))
}

// countVerdicts counts sites by verdict.
func countVerdicts(sites []*result.Site) map[result.Verdict]int {
	by := map[result.Verdict]int{}
	for _, s := range sites {
		by[s.Verdict]++
	}
	return by
}

// Size formats a number of bytes with at most three digits before the point.
func Size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000*1000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1000*1000*1000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}
