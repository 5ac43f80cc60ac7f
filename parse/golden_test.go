package parse

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files of testdata/parse anew")

// TestGolden holds the whole outcome of a parse, fixture by fixture, against
// a file that a human has read.
func TestGolden(t *testing.T) {
	names, _ := filepath.Glob("testdata/parse/*.c")
	if len(names) == 0 {
		t.Fatal("no fixtures")
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f := New(name, src)
			if err := checkTree(f); err != nil {
				t.Error(err)
			}
			got, golden := dumpFile(f), strings.TrimSuffix(name, ".c")+".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}
