package repo

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/config"
	"github.com/keepatch/keepatch/parse/sites"
)

var inTicks = regexp.MustCompile("`([^`]+)`")

// ticked returns what stands in backquotes.
func ticked(s string) (out []string) {
	for _, m := range inTicks.FindAllStringSubmatch(s, -1) {
		out = append(out, m[1])
	}
	return out
}

// The table "to change X, open Y" of docs/architecture.md names files that exist, and for
// each row something that stands in one of them.
func TestChangeTable(t *testing.T) {
	doc, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(doc), "| to change | open | look for |\n|---|---|---|\n")
	if !ok {
		t.Fatal("docs/architecture.md has no table of changes")
	}
	n := 0
	for l := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(l), "|"), " | ")
		if len(cells) != 3 {
			break
		}
		n++
		text := ""
		files := ticked(cells[1])
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Errorf("%s: %v", cells[0], err)
			}
			text += string(b)
		}
		names := ticked(cells[2])
		for _, name := range names {
			if !regexp.MustCompile(`(^|\W)` + regexp.QuoteMeta(name) + `\b`).MatchString(text) {
				t.Errorf("%s: %s stands in none of %v", cells[0], name, files)
			}
		}
		if len(files) == 0 || len(names) == 0 {
			t.Errorf("%s: no file, or nothing to look for", cells[0])
		}
	}
	if n < 20 {
		t.Errorf("%d rows", n)
	}
}

// The documents name Go files and tables that exist, by their paths or their last names.
func TestDocumentedFiles(t *testing.T) {
	known := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != "." {
			return filepath.SkipDir
		}
		known[filepath.ToSlash(path)], known[d.Name()] = true, true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	docs, err := filepath.Glob("docs/*.md")
	if err != nil || len(docs) == 0 {
		t.Fatal(docs, err)
	}
	for _, name := range append(docs, "CONTRIBUTING.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range ticked(string(text)) {
			if (strings.HasSuffix(file, ".go") || strings.HasSuffix(file, ".tsv")) && !strings.ContainsAny(file, " *") && !known[file] {
				t.Errorf("%s names %s, which does not exist", name, file)
			}
		}
	}
}

// Each key of .keepatch.yaml is in the page about it.
func TestConfigKeys(t *testing.T) {
	page, err := os.ReadFile("docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	typ := reflect.TypeFor[config.Config]()
	for i := range typ.NumField() {
		key := typ.Field(i).Tag.Get("yaml")
		if key != "-" && !regexp.MustCompile("`"+key+"`|(?m)^"+key+":").Match(page) {
			t.Errorf("docs/config.md lacks the key %s", key)
		}
	}
}

// The schema of the report lists the calls that can be in it.
func TestCallsInSchema(t *testing.T) {
	schema, err := os.ReadFile("docs/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(schema), `"call": {"enum": [`)
	list, tail, _ := strings.Cut(rest, "]")
	want := `"` + strings.Join(sites.Names, `", "`) + `"`
	switch {
	case list == want:
	case *update:
		if err := os.WriteFile("docs/report.schema.json", []byte(head+`"call": {"enum": [`+want+"]"+tail), 0o666); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("docs/report.schema.json has the calls %s, parse/sites %s (go test ./tools/repo -run Calls -update)", list, want)
	}
}
