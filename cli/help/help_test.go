package help

import (
	"bytes"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

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

// On a narrow terminal a paragraph is filled anew, and what is indented is not.
func TestHelpIsFilled(t *testing.T) {
	c := &cli.Command{Name: "x", Usage: "y", UsageText: "keepatch x", Description: "One line of words that\nwas broken before. And\none more.\n\nExamples:\n  keepatch x\n  keepatch x y"}
	for width, want := range map[int]string{
		30: "One line of words that was\nbroken before. And one more.\n\nExamples:\n  keepatch x\n  keepatch x y\n",
		80: "One line of words that\nwas broken before. And\none more.\n\nExamples:\n  keepatch x\n  keepatch x y\n",
	} {
		var out bytes.Buffer
		writeHelp(&out, c)
		if got := fitted(out.String(), width); !strings.HasSuffix(got, "\n\n"+want) {
			t.Errorf("%d: %s", width, got)
		}
	}
}
