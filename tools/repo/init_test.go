package repo

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	_ "github.com/keepatch/keepatch/cli" // and all that it is made of
)

// What a package may allocate before main, in bytes. Each start of keepatch pays for it, and keepatch
// run starts twice before its program does: a page that is touched costs as much as 10 system calls.
// What is over that belongs into a sync.OnceValue or a text.Pattern.
const maxInit = 12 << 10

// moreInit are the packages that allocate more, with their bytes.
var moreInit = map[string]int{
	"detect/knowledge": 32 << 10, // its sets that are no tables
}

// TestInit reads what the runtime says of the packages of this test, which are those of keepatch.
func TestInit(t *testing.T) {
	cmd := exec.Command("/proc/self/exe", "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	cmd.Dir = "tools/repo" // as go test does it
	var trace strings.Builder
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		t.Skip(err) // not on Linux
	}
	ours := regexp.MustCompile(`(?m)^init ` + module + `/(\S+) @.* clock, (\d+) bytes`)
	list := ours.FindAllStringSubmatch(trace.String(), -1)
	if len(list) < 10 {
		t.Fatalf("%d packages only:\n%s", len(list), trace.String())
	}
	for _, m := range list {
		bytes, err := strconv.Atoi(m[2])
		if err != nil {
			t.Fatal(err)
		}
		if most := max(maxInit, moreInit[m[1]]); bytes > most {
			t.Errorf("%s allocates %d bytes before main, at most %d", m[1], bytes, most)
		}
	}
}

// TestPackagePatterns: one expression allocates little, and all of them together took longer than the
// rest of the start.
func TestPackagePatterns(t *testing.T) {
	for _, folder := range []string{"cli", "detect", "driver", "lsp", "parse", "preload", "report", "rewrite", "templates"} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return nil // testdata
			}
			for _, d := range f.Decls {
				if g, ok := d.(*ast.GenDecl); ok && compiles(g) {
					t.Errorf("%s: a variable is a regexp.MustCompile, not a text.NewPattern", path)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// compiles reports whether a declaration compiles a regular expression when the process starts.
func compiles(d *ast.GenDecl) (found bool) {
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			found = found || ok && x.Name == "regexp" && strings.HasPrefix(n.Sel.Name, "MustCompile")
		}
		return true
	})
	return found
}
