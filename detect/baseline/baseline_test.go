package baseline

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/rules"
)

// sources are lines of files, for findings to stand on.
type sources map[string][]string

func (s sources) line(file string, n int) ([]byte, bool) {
	lines := s[file]
	if n < 1 || n > len(lines) {
		return nil, false
	}
	return []byte(lines[n-1]), true
}

// findings makes one finding for each line that holds a rule's ID.
func (s sources) findings() (list []finding.Finding) {
	for _, file := range []string{"src/a.c", "src/b.c"} {
		for i, l := range s[file] {
			for _, id := range []string{"KA001", "KA002", "KA004"} {
				if strings.Contains(l, id) {
					r := rules.ByID(id)
					list = append(list, finding.Finding{Rule: r, Severity: r.Severity, File: file, Line: i + 1, Suppressed: strings.Contains(l, "ignore")})
				}
			}
		}
	}
	return list
}

func known(list []finding.Finding) (lines []int) {
	for _, f := range list {
		if f.Known {
			lines = append(lines, f.Line)
		}
	}
	return lines
}

func TestBaseline(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("ci", 0o777); err != nil {
		t.Fatal(err)
	}
	before := sources{"src/a.c": {"x", "  KA001  a;", "KA001 same", "KA001 same"}, "src/b.c": {"KA002 b", "KA001 ignore", "KA004 only noted"}}
	file := filepath.Join("ci", "base.json")
	b := New(file, before.findings(), before.line)
	n := 0
	for _, e := range b.entries {
		n += e.Count
	}
	if n != 4 {
		t.Errorf("%d findings, want 4", n)
	}
	if err := b.Write(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := `{
  "schema": 1,
  "entries": [
    {"rule":"KA001","path":"../src/a.c","text":"KA001 a;","count":1},
    {"rule":"KA001","path":"../src/a.c","text":"KA001 same","count":2},
    {"rule":"KA002","path":"../src/b.c","text":"KA002 b","count":1}
  ]
}
`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Error(diff)
	}
	all := func(string) bool { return true }
	mark := func(now sources, seen func(string) bool) ([]int, []Entry) {
		t.Helper()
		b, err := Read(file)
		if err != nil {
			t.Fatal(err)
		}
		list := now.findings()
		stale := b.Mark(list, now.line, seen)
		return known(list), stale
	}

	// The same, and the same with lines above and other blanks.
	lines, stale := mark(before, all)
	if diff := cmp.Diff([]int{2, 3, 4, 1}, lines); diff != "" || stale != nil {
		t.Error(diff, stale)
	}
	moved := sources{"src/a.c": {"", "", "", "\tKA001 a;", "KA001 same", "KA001\tsame"}, "src/b.c": {"", "KA002 b"}}
	if lines, stale = mark(moved, all); len(lines) != 4 || stale != nil {
		t.Error(lines, stale)
	}
	// One more of a kind is new; the text of another rule or file is new.
	more := sources{"src/a.c": {"KA001 same", "KA001 same", "KA001 same", "KA002 b"}, "src/b.c": {"KA001 a;"}}
	lines, stale = mark(more, all)
	if diff := cmp.Diff([]int{1, 2}, lines); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Entry{{"KA001", "../src/a.c", "KA001 a;", 1}, {"KA002", "../src/b.c", "KA002 b", 1}}, stale); diff != "" {
		t.Error(diff)
	}
	// Entries of files that were not looked at are not stale.
	if _, stale = mark(sources{}, func(f string) bool { return f == "src/b.c" }); len(stale) != 1 || stale[0].Rule != "KA002" {
		t.Error(stale)
	}
}

func TestReadErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	for text, want := range map[string]string{"": "no baseline", "[]": "no baseline", `{"schema": 7}`: "schema 7", "{}": "schema 0"} {
		if err := os.WriteFile("b.json", []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Read("b.json"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := Read("nothing.json"); err == nil {
		t.Error("read a file that is not there")
	}
}
