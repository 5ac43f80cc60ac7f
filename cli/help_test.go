package cli

import (
	"bytes"
	"strings"
	"testing"
)

// Every command says what it does, shows an example and fits a terminal.
func TestHelpTexts(t *testing.T) {
	for _, c := range newApp(&env{}).Commands {
		if c.Hidden {
			continue
		}
		var out, errs bytes.Buffer
		if status := Run([]string{c.Name, "--help"}, strings.NewReader(""), &out, &errs); status != ExitOK {
			t.Fatalf("%s --help: status %d\n%s", c.Name, status, errs.String())
		}
		help := out.String()
		if !strings.Contains(help, "\nExample") || !strings.Contains(help, "\n  keepatch "+c.Name) {
			t.Errorf("%s has no example:\n%s", c.Name, help)
		}
		for _, line := range strings.Split(help, "\n") {
			if len(line) > 120 {
				t.Errorf("%s: %d columns: %s", c.Name, len(line), line)
			}
		}
		for _, o := range optionsOf(c.Flags) {
			if o.usage == "" || !strings.Contains(help, "--"+o.long) {
				t.Errorf("%s: --%s has no text", c.Name, o.long)
			}
		}
	}
}

// What is wider than the terminal goes on below where it began.
func TestHelpIsWrapped(t *testing.T) {
	const option = "  -f, --format FORMAT       print as FORMAT, one of the list above\n"
	for _, c := range []struct {
		line  string
		width int
		want  string
	}{
		{option, 80, option},
		{option, 66, option},
		{option, 65, "  -f, --format FORMAT       print as FORMAT, one of the list\n                            above\n"},
		{option, 56, "  -f, --format FORMAT       print as FORMAT, one of the\n                            list above\n"},
		{option, 40, "  -f, --format FORMAT       print as\n     FORMAT, one of the list above\n"},
		{"Reports every call of socket()\n", 20, "Reports every call\nof socket()\n"},
		{"  keepatch scan . --output html=report.html\n", 20, "  keepatch scan .\n  --output\n  html=report.html\n"},
		{strings.Repeat("x", 30) + "\n", 20, strings.Repeat("x", 30) + "\n"},
		{"      " + strings.Repeat("x", 30) + " y\n", 20, "      " + strings.Repeat("x", 30) + " y\n"},
	} {
		if got := wrap(c.line, c.width); got != c.want {
			t.Errorf("%q in %d columns: got %q, want %q", c.line, c.width, got, c.want)
		}
	}
}
