package parse

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDeltas splits each pass whole and only where it differs from the first,
// to the same end.
func TestDeltas(t *testing.T) {
	for _, root := range []string{"../detect/testdata", "testdata", "../rewrite"} {
		compareSplits(t, root)
	}
}

// TestCorpusDeltas does the same with real packages. Templates of headers are
// left out: what stands before their first declaration is no C, and goes with
// the next one or not.
func TestCorpusDeltas(t *testing.T) {
	root := os.Getenv("KEEPATCH_CORPUS")
	if root == "" {
		t.Skip("KEEPATCH_CORPUS is not set")
	}
	compareSplits(t, root)
}

func compareSplits(t *testing.T, root string) {
	t.Helper()
	files, passes := 0, 0
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".c") && !strings.HasSuffix(path, ".h") || strings.HasSuffix(path, ".in.h") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		part := New(path, src)
		wholePasses = true
		whole := New(path, src)
		wholePasses = false
		files++
		passes += part.Passes
		if splitDump(part) != splitDump(whole) {
			t.Errorf("%s: the passes split otherwise when they are split whole", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 || passes <= files {
		t.Errorf("%s: %d passes in %d files compare nothing", root, passes, files)
	}
}

// splitDump spells what splitAll found.
func splitDump(f *File) string {
	var b strings.Builder
	for _, fn := range f.Funcs {
		fmt.Fprintln(&b, fn.Name, fn.Start, fn.BodyPos, fn.End, fn.Pass, len(fn.head), len(fn.body), keyOf(fn.head, fn.body))
	}
	for _, it := range f.decls.items {
		fmt.Fprintln(&b, len(it), keyOf(it))
	}
	return b.String()
}
