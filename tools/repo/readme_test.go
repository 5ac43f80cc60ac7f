package repo

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/cli"
)

var update = flag.Bool("update", false, "write the blocks of README.md anew")

// What README.md shows of the demo is what the program prints. With -update it
// is written anew.
func TestReadme(t *testing.T) {
	readme, err := filepath.Abs("README.md")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir("testdata/demo")
	blocks := 0
	block := regexp.MustCompile(`(?s)(<!-- demo:(scan|apply) -->\n).*?(<!-- demo:end -->)`)
	got := block.ReplaceAllStringFunc(string(want), func(s string) string {
		m := block.FindStringSubmatch(s)
		blocks++
		var out, errs bytes.Buffer
		if status := cli.Run([]string{m[2]}, strings.NewReader(""), &out, &errs); status != cli.ExitOK {
			t.Fatalf("%s: status %d\n%s", m[2], status, errs.String())
		}
		language := map[string]string{"scan": "", "apply": "diff"}[m[2]]
		return m[1] + "```" + language + "\n" + out.String() + "```\n" + m[3]
	})
	if blocks != 2 {
		t.Errorf("README.md has %d blocks for the demo", blocks)
	}
	if *update {
		if err := os.WriteFile(readme, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("README.md (- as it is, + as it should be; go test ./tools/repo -run Readme -update writes it):\n%s", d)
	}
}

// Links to files of the project lead somewhere.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	files, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range append(files, "README.md", "CHANGELOG.md", "CONTRIBUTING.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			seen++
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d links found: the pattern no longer fits", seen)
	}
}
