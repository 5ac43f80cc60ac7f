package repo

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/cli"
)

// generated are the files that go generate makes, with their commands.
var generated = map[string][]string{
	"docs/keepatch.1":               {"man"},
	"docs/rules.md":                 {"man", "rules"},
	"docs/completion/keepatch.bash": {"completion", "bash"},
	"docs/completion/_keepatch":     {"completion", "zsh"},
	"docs/completion/keepatch.fish": {"completion", "fish"},
}

func output(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if status := cli.Run(args, strings.NewReader(""), &out, &errs); status != cli.ExitOK {
		t.Fatalf("keepatch %s: status %d\n%s", strings.Join(args, " "), status, errs.String())
	}
	return out.String()
}

func TestGenerated(t *testing.T) {
	for file, args := range generated {
		want, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
			continue
		}
		if output(t, args...) != string(want) {
			t.Errorf("%s is not what \"keepatch %s\" prints: run go generate ./cli", file, strings.Join(args, " "))
		}
	}
}

// The completions are scripts that their shells can read, and bash completes
// with them.
func TestCompletion(t *testing.T) {
	for shell, file := range map[string]string{"bash": "keepatch.bash", "zsh": "_keepatch", "fish": "keepatch.fish"} {
		if _, err := exec.LookPath(shell); err != nil {
			t.Logf("%s is not installed: its script is not read", shell)
			continue
		}
		if out, err := exec.Command(shell, "-n", "docs/completion/"+file).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", file, err, out)
		}
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("needs bash")
	}
	for line, want := range map[string]string{
		"keepatch sc":                   "scan",
		"keepatch scan --form":          "--format",
		"keepatch scan --format sa":     "sarif",
		"keepatch check --write":        "--write-baseline",
		"keepatch scan src -o x --colo": "--color",
		"keepatch completion z":         "zsh",
		"keepatch explain docs/rul":     "docs/rules.md",
	} {
		script := `. docs/completion/keepatch.bash; COMP_WORDS=($1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _keepatch; echo "${COMPREPLY[*]}"`
		out, err := exec.Command("bash", "-c", script, "bash", line).CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != want {
			t.Errorf("%q completes to %q, want %q (%v)", line, out, want, err)
		}
	}
}
