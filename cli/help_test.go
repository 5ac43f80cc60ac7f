package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// Every command says what it does, names what stands for a value once, shows an example and fits a terminal.
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
		for _, f := range c.Flags {
			if v, ok := f.(cli.VisibleFlag); ok && !v.IsVisible() {
				continue
			}
			if strings.Contains(help, " preload: ") || strings.Contains(help, "|no: ") {
				t.Errorf("%s: what stands for a value heads the text as well", c.Name)
			}
			if f.(cli.DocGenerationFlag).GetUsage() == "" || !strings.Contains(help, "--"+f.Names()[0]) {
				t.Errorf("%s: --%s has no text", c.Name, f.Names()[0])
			}
		}
	}
}
