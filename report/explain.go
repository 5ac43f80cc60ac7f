package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
)

// Explain prints sites with their evidence.
type Explain struct {
	Terminal
	Sites []*result.Site
}

// Write prints x.Sites with the findings and sources of d.
func (x Explain) Write(w io.Writer, d *Document) error {
	out := bufio.NewWriter(w)
	for i, s := range x.Sites {
		if i > 0 {
			fmt.Fprintln(out)
		}
		x.site(out, d, s)
	}
	return out.Flush()
}

func (x Explain) site(out io.Writer, d *Document, s *result.Site) {
	fmt.Fprintf(out, "%s %s\n", x.fileLink(s.File, paint(x.Color, bold, fmt.Sprintf("%s:%d:%d:", clean(s.File), s.Line, s.Column))),
		paint(x.Color, verdictColor[s.Verdict], string(s.Verdict)))
	excerpt(out, d.Sources, s.File, s.Line, s.Column, len(s.Call), "    ", x.Terminal)
	for _, row := range siteFacts(s) {
		fmt.Fprintf(out, "  %-10s %s\n", row[0], clean(row[1]))
	}
	for i := range d.Findings {
		if f := &d.Findings[i]; f.Site == s {
			fmt.Fprintf(out, "  %-10s %s: %s\n", "rule", f.Rule.ID, clean(f.Message))
			fmt.Fprintf(out, "  %-10s %s\n", "hint", clean(f.Hint))
		}
	}
	if len(s.Evidence) > 0 {
		fmt.Fprintln(out, paint(x.Color, bold, "Evidence"))
	}
	for i, ev := range s.Evidence {
		fmt.Fprintf(out, "%3d. %s %s\n", i+1,
			x.fileLink(ev.File, paint(x.Color, dim, fmt.Sprintf("%s:%d:%d:", clean(ev.File), ev.Line, ev.Column))), clean(ev.Note))
		excerpt(out, d.Sources, ev.File, ev.Line, ev.Column, 1, "       ", x.Terminal)
	}
}

// siteFacts returns the properties of a site as name and value.
func siteFacts(s *result.Site) [][2]string {
	transport := TransportText(s.Transport)
	if s.Transport == result.MaybeTCP {
		transport += ": " + maybeTCPMeans
	}
	rows := [][2]string{
		{"call", callIn(s)},
		{"transport", transport},
		{"role", string(s.Role)},
		{"keepalive", string(s.Keepalive)},
	}
	if len(s.Guards) > 0 {
		rows = append(rows, [2]string{"under", "#if " + strings.Join(s.Guards, ", #if ")})
	}
	if s.Fix.Status != "" && (s.Fix.Status != result.FixNone || s.Fix.Reason != "") {
		fix := s.Fix.Status
		if s.Fix.Reason != "" {
			fix += ": " + s.Fix.Reason
		}
		rows = append(rows, [2]string{"fix", fix})
	}
	return rows
}
