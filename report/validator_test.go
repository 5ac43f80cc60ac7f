package report

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestSARIFValidator holds the golden SARIF file, and one with hostile texts,
// against the official validator. It needs sarif-multitool on the PATH, or its
// path in SARIF_MULTITOOL (npm install @microsoft/sarif-multitool). SARIF files
// that SARIF_FILES names, a pattern, are looked at as well.
func TestSARIFValidator(t *testing.T) {
	tool := os.Getenv("SARIF_MULTITOOL")
	if tool == "" {
		var err error
		if tool, err = exec.LookPath("sarif-multitool"); err != nil {
			t.Skip("needs the validator of the npm package @microsoft/sarif-multitool on the PATH or in SARIF_MULTITOOL")
		}
	}
	dir := t.TempDir()
	files := []string{filepath.Join("testdata", "golden", "scan.sarif"), filepath.Join(dir, "hostile.sarif")}
	var b bytes.Buffer
	d := hostile()
	d.Tool.Version = "1.0.0" // the only text that is ours
	if err := (SARIF{}).Write(&b, d); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files[1], b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(os.Getenv("SARIF_FILES"))
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, more...)
	if got := validate(t, tool, dir, files); len(got) > 0 {
		t.Errorf("%d complaints: %v", len(got), got)
	}
	// The validator is at work: it finds what is wrong here.
	bad := filepath.Join(dir, "bad.sarif")
	if err := os.WriteFile(bad, bytes.ReplaceAll(b.Bytes(), []byte(`"startLine": 1`), []byte(`"startLine": -1`)), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := validate(t, tool, dir, []string{bad}); len(got) == 0 {
		t.Error("the validator takes a line of -1")
	}
}

// validate returns the rules of the validator that the files break, those of
// errors and warnings.
func validate(t *testing.T, tool, dir string, files []string) (broken []string) {
	t.Helper()
	out := filepath.Join(dir, "validation.sarif")
	args := append([]string{"validate"}, files...)
	cmd := exec.Command(tool, append(args, "--output", out, "--log", "ForceOverwrite", "--level", "Error;Warning", "--kind", "Fail", "--rule-kind", "Sarif")...)
	cmd.Env = append(os.Environ(), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1") // else it wants libicu
	if msg, err := cmd.CombinedOutput(); err != nil && cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("%v\n%s", err, msg)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Results []struct{ RuleID string }
			Tool    struct{ Driver struct{ Name string } }
		}
	}
	if err := json.Unmarshal(data, &log); err != nil || len(log.Runs) != 1 {
		t.Fatalf("no validation in %.200s: %v", data, err)
	}
	for _, r := range log.Runs[0].Results {
		broken = append(broken, r.RuleID)
	}
	return broken
}
