package repo

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestPatterns compiles what a text.NewPattern would compile at its first use.
func TestPatterns(t *testing.T) {
	count := 0
	look := func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil // testdata
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				return true
			}
			if fun, ok := call.Fun.(*ast.SelectorExpr); !ok || fun.Sel.Name != "NewPattern" {
				return true
			}
			expr, ok := literal(call.Args[0])
			if !ok {
				return true
			}
			count++
			if _, err := regexp.Compile(expr); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			return true
		})
		return nil
	}
	for _, folder := range []string{"cli", "detect", "lsp", "parse", "report", "rewrite"} {
		if err := filepath.WalkDir(folder, look); err != nil {
			t.Error(err)
		}
	}
	if count < 50 {
		t.Errorf("%d patterns only", count)
	}
}

// literal is the value of string literals that are added up.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		a, okA := literal(e.X)
		b, okB := literal(e.Y)
		return a + b, okA && okB
	}
	return "", false
}

// The calls that accept are asked of parse/sites by what they do, not by their names: a name that
// is added there is one everywhere.
func TestAcceptingNames(t *testing.T) {
	named := regexp.MustCompile(`"accept4?"`)
	for _, folder := range []string{"detect", "driver", "lsp", "rewrite"} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
				strings.HasPrefix(filepath.ToSlash(path), "detect/pathtest/") {
				return err
			}
			text, err := os.ReadFile(path)
			for l := range strings.Lines(string(text)) {
				if named.MatchString(l) && !strings.Contains(l, `"accept": Accept`) && !strings.Contains(l, "HasPrefix(") { // the word of functions.tsv, and of messages
					t.Errorf("%s: %s", path, strings.TrimSpace(l))
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
