package repo

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// What one package may hold, so that it can be read in one go.
// What the package table of docs/architecture.md says stays true only while that is so.
const (
	maxFiles = 25
	maxLines = 3500
)

// A package has at most maxFiles files and maxLines lines beside its tests.
func TestSizes(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=Dir,ImportPath,GoFiles", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := 0
	for dec := json.NewDecoder(bytes.NewReader(out)); ; packages++ {
		var p struct {
			Dir, ImportPath string
			GoFiles         []string
		}
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > maxFiles {
			t.Errorf("%s has %d files, at most %d", p.ImportPath, len(p.GoFiles), maxFiles)
		}
		lines := 0
		for _, name := range p.GoFiles {
			src, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			lines += bytes.Count(src, []byte("\n"))
		}
		if lines > maxLines {
			t.Errorf("%s has %d lines, at most %d", p.ImportPath, lines, maxLines)
		}
	}
	if packages != len(layers) {
		t.Errorf("measured %d packages of %d", packages, len(layers))
	}
}
