package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/rewrite/edit"
)

var update = flag.Bool("update", false, "write the golden files anew")

// at finds the n-th occurrence of a word in a file and returns its line and
// column, so that the fixtures can change without recounting.
func at(t testing.TB, file, word string, n int) (line, col int) {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range strings.Split(string(src), "\n") {
		for from := 0; ; {
			j := strings.Index(l[from:], word)
			if j < 0 {
				break
			}
			if n--; n == 0 {
				return i + 1, from + j + 1
			}
			from += j + len(word)
		}
	}
	t.Fatalf("%s has no %q", file, word)
	return 0, 0
}

func evidence(t testing.TB, file, word, note string) result.Evidence {
	line, col := at(t, file, word, 1)
	return result.Evidence{File: file, Line: line, Column: col, Note: note}
}

// sample is a report over the files in testdata/src as the analysis would give
// it.
func sample(t testing.TB) *Document {
	t.Helper()
	const client, server = "src/net/client.c", "src/server.c"
	site := func(id, file, word string, n int, s result.Site) *result.Site {
		s.ID, s.File = id, file
		s.Line, s.Column = at(t, file, word+"(", n)
		s.Call = word
		return &s
	}
	rep := &detect.Report{
		Sites: []*result.Site{
			site("c1", client, "socket", 1, result.Site{
				Function: "dial", Code: "product", Transport: result.TCP, Role: result.Client, Keepalive: result.KeepaliveMissing,
				Verdict: result.Missing, Rules: []string{"KA001"}, Fix: result.Fix{Status: result.FixPatch},
				Evidence: []result.Evidence{
					evidence(t, client, "ai_socktype = SOCK", "the hints ask for SOCK_STREAM"),
					evidence(t, client, "connect(", "fd is connected here"),
					evidence(t, client, "return fd", "returned; no caller sets SO_KEEPALIVE"),
				},
			}),
			site("c2", client, "socket", 3, result.Site{
				Function: "log_socket", Transport: result.OtherTransport, Role: result.UnknownRole, Keepalive: result.KeepaliveMissing,
				Verdict: result.Suppressed, Rules: []string{"KA001"}, Fix: result.Fix{Status: result.FixNone},
				Evidence: []result.Evidence{evidence(t, client, "keepatch:ignore", "suppressed: never idle")},
			}),
			site("c3", client, "socket", 4, result.Site{
				Function: "open_any", Transport: result.UnknownTransport, Role: result.UnknownRole, Keepalive: result.KeepaliveUnknown,
				Verdict: result.Undecided, Fix: result.Fix{Status: result.FixNone, Reason: "undecided"},
				Evidence: []result.Evidence{evidence(t, client, "domain)\n"[:6], "no caller of open_any() was found")},
			}),
			site("s1", server, "socket", 1, result.Site{
				Function: "serve", Transport: result.TCP, Role: result.Listener, Keepalive: result.KeepaliveMissing,
				Verdict: result.Missing, Rules: []string{"KA001"}, Fix: result.Fix{Status: result.FixElsewhere},
				Evidence: []result.Evidence{evidence(t, server, "listen(", "listens")},
			}),
			site("s2", server, "accept", 1, result.Site{
				Function: "serve", Code: "test", Transport: result.TCP, Role: result.Accepted, Keepalive: result.KeepaliveMissing,
				Verdict: result.Missing, Rules: []string{"KA002"}, Fix: result.Fix{Status: result.FixPatch},
				Evidence: []result.Evidence{evidence(t, server, "write(c", "used, never set")},
			}),
			site("s3", server, "accept4", 1, result.Site{
				Function: "admin", Transport: result.TCP, Role: result.Accepted, Keepalive: result.KeepaliveSet,
				Verdict: result.Covered, Rules: []string{"KA004", "KA008"}, Guards: []string{"HAVE_ADMIN"},
				Evidence: []result.Evidence{evidence(t, server, "setsockopt(c", "SO_KEEPALIVE is set")},
				Fix:      result.Fix{Status: result.FixNone},
			}),
		},
		Errors: []result.FileError{{File: "src/broken.c", Line: 3, Message: "comment is never ended"}},
		Notes: []result.Note{{Rule: "KA101", File: client, Line: 1, Column: 1,
			Message: "nothing here needs this suppression (old)"}},
		Coverage: result.Coverage{Files: 2, Bytes: 1534, Sites: 6, Missing: 3, Undecided: 1, NotUnderstood: []string{"src/gui.cc"}},
	}
	d := &Document{
		Report: rep, Tool: Tool{"keepatch", "1.2.3"}, Findings: finding.List(rep, finding.Policy{}),
		Sources: &Sources{Dir: "testdata"}, Apply: "keepatch apply src",
		Origin: Origin{"demo", "0123456789ab", time.Date(2026, 11, 29, 14, 5, 0, 0, time.UTC)},
	}
	addFix(t, d, "c1", client, "\t\tif (fd < 0)\n\t\t\tcontinue;\n", "\t\tsetsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));\n")
	return d
}

func emptyDocument() *Document {
	return &Document{Report: &detect.Report{}, Tool: Tool{"keepatch", "1.2.3"}, Sources: &Sources{}}
}

// addFix gives a site a fix that inserts a line after some text.
func addFix(t testing.TB, d *Document, id, file, after, line string) {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	i := strings.Index(string(src), after)
	if i < 0 {
		t.Fatalf("%s lacks %q", file, after)
	}
	d.Fixes = map[string][]FileEdits{id: {{Path: file, Edits: []edit.Edit{edit.Insert(i+len(after), line)}}}}
	d.Diffs = map[string][]byte{file: []byte("--- a/" + file + "\n+++ b/" + file + "\n@@ -20,2 +20,3 @@\n \t\tif (fd < 0)\n \t\t\tcontinue;\n+" + line)}
}

func golden(t *testing.T, name string, f Printer, d *Document) {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-want +got), go test ./report -update writes it anew:\n%s", name, diff)
	}
}

func TestGolden(t *testing.T) {
	formats := map[string]Printer{
		"scan.txt":        Text{},
		"scan-color.txt":  Text{Terminal: Terminal{Color: true}},
		"scan-listed.txt": Text{Verdicts: map[result.Verdict]bool{result.Undecided: true}},
		"check.txt":       Check{},
		"check-color.txt": Check{Terminal: Terminal{Color: true}},
		"scan.json":       JSON{},
		"check.json":      JSON{OnlyNew: true},
		"scan.sarif":      SARIF{},
		"scan.github":     GitHub{},
		"check.github":    GitHub{OnlyNew: true},
		"scan.md":         Markdown{},
		"check.md":        Markdown{OnlyNew: true},
		"scan.html":       HTML{},

		"scan.junit.xml":         JUnit{},
		"scan.codequality.json":  CodeQuality{},
		"check.codequality.json": CodeQuality{OnlyNew: true},
		"scan.checkstyle.xml":    Checkstyle{},
		"check.checkstyle.xml":   Checkstyle{OnlyNew: true},
		"scan.rdjson.json":       RDJSON{},
		"check.rdjson.json":      RDJSON{OnlyNew: true},
	}
	for name, f := range formats {
		t.Run(name, func(t *testing.T) { golden(t, name, f, sample(t)) })
	}
	t.Run("explain.txt", func(t *testing.T) {
		d := sample(t)
		golden(t, "explain.txt", Explain{Sites: d.Report.Sites[:1]}, d)
	})
}
