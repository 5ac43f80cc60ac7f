package repo

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The blocks "console" of the documents are transcripts: what stands behind $ is run, one
// block after the other, in a copy of the demo, and prints what follows. With -update they
// are written anew.
func TestConsole(t *testing.T) {
	for _, tool := range []string{"bash", "make", "gcc", "python3"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("needs %s", tool)
		}
	}
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(bin, "keepatch"), ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	block := regexp.MustCompile("(?s)```console\n.*?```\n")
	found := 0
	for _, name := range []string{"docs/tour.md", "docs/maintainers.md", "docs/run.md"} {
		want := content(t, name)
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS("testdata/demo")); err != nil {
			t.Fatal(err)
		}
		got := block.ReplaceAllStringFunc(want, func(text string) string {
			found++
			var b strings.Builder
			for l := range strings.Lines(text) {
				command, ok := strings.CutPrefix(l, "$ ")
				if !ok {
					continue
				}
				cmd := exec.Command("bash", "-c", command)
				cmd.Dir = dir
				cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
				out, _ := cmd.CombinedOutput() // check fails, and that is shown
				b.WriteString(l + string(out))
			}
			return "```console\n" + b.String() + "```\n"
		})
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (- as it is, + as it should be; go test ./tools/repo -run Console -update writes it):\n%s", name, diff)
		}
	}
	if found < 5 {
		t.Errorf("%d transcripts", found)
	}
}
