package cli

import (
	"flag"
	"os"
	"testing"

	"github.com/urfave/cli/v2"
)

// The server gets what the configuration file says of the baseline.
func TestLSPSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(".keepatch.yaml", []byte("baseline: known.json\nstrict: true\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	set := flag.NewFlagSet("lsp", flag.ContinueOnError)
	for _, f := range sourceFlags() {
		if err := f.Apply(set); err != nil {
			t.Fatal(err)
		}
	}
	s, err := lspSettings(cli.NewContext(cli.NewApp(), set, nil))
	if err != nil || s.Baseline != "known.json" || !s.Strict {
		t.Errorf("%+v, %v", s, err)
	}
}
