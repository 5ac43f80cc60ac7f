package repo

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What one package and one function may hold, so that each can be read in one go.
// What the package table of docs/architecture.md says stays true only while that is so.
const (
	maxFiles     = 25
	maxLines     = 3500
	maxFuncLines = 80
)

// larger are the packages that were larger when the limit came, with their lines: they may
// shrink, and leave the list where they fit.
var larger = map[string]int{}

// longer are the functions that were longer when the limit came, with their lines: they
// may shrink, and leave the list where they fit.
var longer = map[string]int{}

// A package has at most maxFiles files and maxLines lines beside its tests, and no
// function has more than maxFuncLines, but for those of longer.
func TestSizes(t *testing.T) {
	out, err := exec.Command("go", append([]string{"list", "-json=Dir,ImportPath,GoFiles"}, allPackages(t)...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	packages, met := 0, map[string]bool{}
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
			for fn, n := range longFunctions(t, name, src) {
				key := strings.TrimPrefix(p.ImportPath, module+"/") + "." + fn
				if met[key] = true; n > longer[key] {
					t.Errorf("%s() of %s has %d lines, at most %d", fn, p.ImportPath, n, max(maxFuncLines, longer[key]))
				}
			}
		}
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		if lines > max(maxLines, larger[name]) {
			t.Errorf("%s has %d lines, at most %d", name, lines, max(maxLines, larger[name]))
		}
		if larger[name] > 0 && lines <= maxLines {
			t.Errorf("%s is no longer too large", name)
		}
	}
	for key := range longer {
		if !met[key] {
			t.Errorf("%s is no longer too long", key)
		}
	}
	if packages != len(layers) {
		t.Errorf("measured %d packages of %d", packages, len(layers))
	}
}

// longFunctions are the functions of a file that are too long, with their lines.
func longFunctions(t *testing.T, name string, src []byte) map[string]int {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			if n := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1; n > maxFuncLines {
				out[fn.Name.Name] = n
			}
		}
	}
	return out
}

// The rule sees what it forbids.
func TestLongFunctions(t *testing.T) {
	of := func(lines int) int {
		return longFunctions(t, "x.go", []byte("package x\nfunc f() {\n"+strings.Repeat("\t_ = 0\n", lines-2)+"}\n"))["f"]
	}
	if of(maxFuncLines) != 0 || of(maxFuncLines+1) != maxFuncLines+1 {
		t.Errorf("%d lines: %d, one more: %d", maxFuncLines, of(maxFuncLines), of(maxFuncLines+1))
	}
}
