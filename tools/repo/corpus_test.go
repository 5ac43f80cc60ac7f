package repo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/cli"
)

// corpus moves into the folder of real packages, which KEEPATCH_CORPUS names
// (make corpus fetches it), and returns their names.
func corpus(t *testing.T) []string {
	t.Helper()
	dir := os.Getenv("KEEPATCH_CORPUS")
	if dir == "" {
		t.Skip("KEEPATCH_CORPUS is not set")
	}
	t.Chdir(dir)
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	if len(names) < 2 {
		t.Fatalf("%s holds %d packages", dir, len(names))
	}
	return names
}

// scan runs keepatch scan and returns the report; inputs that could not be read
// are in it.
func scan(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	if status := cli.Run(append([]string{"scan", "--no-config"}, args...), strings.NewReader(""), &out, &errs); status == cli.ExitError && out.Len() == 0 {
		t.Fatalf("scan %s: %s", strings.Join(args, " "), errs.String())
	}
	return out.Bytes()
}

// The shards of the corpus, joined, are one run over it.
func TestCorpusShards(t *testing.T) {
	corpus(t)
	dir := t.TempDir()
	for _, format := range []string{"json", "sarif"} {
		whole := scan(t, ".", "--format", format)
		args := []string{"merge"}
		for k := 5; k >= 1; k-- {
			name := filepath.Join(dir, fmt.Sprintf("%d.%s", k, format))
			if err := os.WriteFile(name, scan(t, ".", "--format", format, "--jobs", "1", "--shard", fmt.Sprintf("%d/5", k)), 0o666); err != nil {
				t.Fatal(err)
			}
			args = append(args, name)
		}
		var out, errs bytes.Buffer
		if status := cli.Run(args, strings.NewReader(""), &out, &errs); status != cli.ExitOK {
			t.Fatal(errs.String())
		}
		if !bytes.Equal(whole, out.Bytes()) {
			t.Errorf("%s: the shards joined differ from one run:\n%s", format, cmp.Diff(string(whole), out.String()))
		}
	}
}

// Each site of a package has a fingerprint of its own.
func TestCorpusFingerprints(t *testing.T) {
	for _, name := range corpus(t) {
		var log struct {
			Runs []struct {
				Results []struct {
					RuleID              string
					PartialFingerprints map[string]string
				}
			}
		}
		if err := json.Unmarshal(scan(t, name, "--format", "sarif"), &log); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, r := range log.Runs[0].Results {
			key := r.RuleID + " " + r.PartialFingerprints["keepatchSite/v1"]
			if seen[key] || r.PartialFingerprints["keepatchSite/v1"] == "" {
				t.Errorf("%s: %q twice", name, key)
			}
			seen[key] = true
		}
	}
}
