package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// The edits that JSON, SARIF and rdjson print give the patched file, columns of
// bytes and of UTF-16 units included.
func TestPrintedEditsGiveThePatch(t *testing.T) {
	dir := t.TempDir()
	src := "int f(void) /* größer \U0001F600 */ {\r\n\tint s = socket(2, 1, 0);\r\n\treturn s; }\r\n"
	at := strings.Index(src, " {\r\n")
	edits := []edit.Edit{edit.Insert(at+2, " int on = 1;"), edit.Insert(strings.Index(src, "\treturn"), "\tkeepalive(s, &on);\r\n")}
	want, err := edit.Apply([]byte(src), edits)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.c"), []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	rep := &detect.Report{Sites: []*result.Site{{
		ID: "x", File: "a.c", Line: 2, Column: 10, Call: "socket", Transport: result.TCP, Verdict: result.Missing,
		Rules: []string{"KA001"}, Fix: result.Fix{Status: result.FixPatch},
	}}}
	d := &Document{
		Report: rep, Findings: finding.List(rep, finding.Policy{}), Sources: &Sources{Dir: dir},
		Fixes: map[string][]FileEdits{"x": {{Path: "a.c", Edits: edits}}},
	}
	lines := text.NewLines([]byte(src))
	for _, c := range []struct {
		name   string
		format Printer
		read   func([]byte) []edit.Edit
	}{
		{"json", JSON{OnlyNew: true}, func(data []byte) (list []edit.Edit) {
			back, err := ReadJSON(data)
			if err != nil {
				t.Fatal(err)
			}
			return back.Fixes["x"][0].Edits
		}},
		{"sarif", SARIF{}, func(data []byte) (list []edit.Edit) {
			var log sarifLog
			if err := json.Unmarshal(data, &log); err != nil {
				t.Fatal(err)
			}
			for _, r := range log.Runs[0].Results[0].Fixes[0].ArtifactChanges[0].Replacements {
				offset := func(line, col int) int {
					return lines.Start(line) + len(string(utf16Prefix(string(lines.Text(line)), col-1)))
				}
				g := r.DeletedRegion
				list = append(list, edit.Edit{Start: offset(g.StartLine, g.StartColumn), End: offset(g.EndLine, g.EndColumn), New: r.InsertedContent.Text})
			}
			return list
		}},
		{"rdjson", RDJSON{OnlyNew: true}, func(data []byte) (list []edit.Edit) {
			var r rdResult
			if err := json.Unmarshal(data, &r); err != nil {
				t.Fatal(err)
			}
			for _, s := range r.Diagnostics[0].Suggestions {
				offset := func(p rdPosition) int { return lines.Start(p.Line) + p.Column - 1 }
				list = append(list, edit.Edit{Start: offset(s.Range.Start), End: offset(*s.Range.End), New: s.Text})
			}
			return list
		}},
	} {
		var b bytes.Buffer
		if err := c.format.Write(&b, d); err != nil {
			t.Fatal(err)
		}
		got, err := edit.Apply([]byte(src), c.read(b.Bytes()))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v\n%q, want\n%q", c.name, err, got, want)
		}
	}
}

// utf16Prefix returns the runes of s that its first n UTF-16 units hold.
func utf16Prefix(s string, n int) (out []rune) {
	for _, r := range s {
		if n <= 0 {
			break
		}
		n--
		if r > 0xffff {
			n--
		}
		out = append(out, r)
	}
	return out
}

// A suggestion has no file of its own, so that a fix of two files is none.
func TestNoSuggestionForHalfAFix(t *testing.T) {
	d := sample(t)
	d.Fixes["c1"] = append(d.Fixes["c1"], FileEdits{Path: "src/server.c", Edits: []edit.Edit{edit.Insert(0, "x")}})
	var b bytes.Buffer
	if err := (RDJSON{}).Write(&b, d); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "suggestions") {
		t.Error("half of a fix is suggested")
	}
}
