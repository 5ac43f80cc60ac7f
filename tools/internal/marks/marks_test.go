package marks

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func document(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "doc.md")
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

func expect(t *testing.T, file, want string) {
	t.Helper()
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestRows(t *testing.T) {
	file := document(t, "| set | n |\n|---|---|\n| a<!-- count:one:sum --> | 1 |\n| b<!-- count:two:sum --> | 2 |\n| c<!-- other:one:sum --> | 3 |\n")
	err := Rows(file, "count", "one", func(kind, first string) (string, string, error) {
		return first + "+", kind + " 7", nil
	})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, file, "| set | n |\n|---|---|\n| a+<!-- count:one:sum --> | sum 7 |\n| b<!-- count:two:sum --> | 2 |\n| c<!-- other:one:sum --> | 3 |\n")
}

func TestRowsError(t *testing.T) {
	const text = "| a<!-- count:one:sum --> | 1 |\n"
	file := document(t, text)
	unknown := errors.New("unknown")
	if err := Rows(file, "count", "one", func(string, string) (string, string, error) { return "x", "y", unknown }); !errors.Is(err, unknown) {
		t.Errorf("got %v", err)
	}
	expect(t, file, text)
}

func TestBlock(t *testing.T) {
	file := document(t, "before\n<!-- begin big:all -->\nold\n<!-- end big:all -->\nafter\n")
	for _, lines := range []string{"new\nnewer\n", ""} {
		if err := Block(file, "big", "all", lines); err != nil {
			t.Fatal(err)
		}
		expect(t, file, "before\n<!-- begin big:all -->\n"+lines+"<!-- end big:all -->\nafter\n")
	}
}

func TestBlockUnmarked(t *testing.T) {
	file := document(t, "nothing\n")
	if err := Block(file, "big", "all", "new\n"); err != nil {
		t.Error(err)
	}
	expect(t, file, "nothing\n")

	open := document(t, "<!-- begin big:all -->\nrest\n")
	if err := Block(open, "big", "all", "new\n"); err == nil {
		t.Error("a block without an end is written")
	}
	expect(t, open, "<!-- begin big:all -->\nrest\n")
}
