package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/keepatch/keepatch/detect/rules"
)

// Rules lists the rules, one per line.
type Rules struct {
	Color bool
}

// Write prints all rules.
func (r Rules) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	for i := range rules.All {
		x := &rules.All[i]
		fmt.Fprintf(out, "%s  %s  %s\n", paint(r.Color, bold, x.ID),
			paint(r.Color, severityColor[x.Severity], pad(string(x.Severity), len("warning"))), x.Title)
	}
	return out.Flush()
}

// RuleDoc prints the documentation of one rule.
type RuleDoc struct {
	Rule  *rules.Rule
	Color bool
}

// Write prints the rule.
func (r RuleDoc) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	x := r.Rule
	fmt.Fprintf(out, "%s %s (%s)\n\n%s\n", paint(r.Color, bold, x.ID), x.Title,
		paint(r.Color, severityColor[x.Severity], string(x.Severity)), x.Text)
	fmt.Fprintf(out, "\n%s\n%s\n", paint(r.Color, red, "Instead of"), indent(x.Before))
	fmt.Fprintf(out, "\n%s\n%s\n", paint(r.Color, green, "write"), indent(x.After))
	fmt.Fprintf(out, "\nWhat to do: %s.\n", x.Hint)
	return out.Flush()
}

func indent(code string) string {
	return "    " + strings.ReplaceAll(code, "\n", "\n    ")
}
