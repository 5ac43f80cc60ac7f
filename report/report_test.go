package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/finding"
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

func evidence(t testing.TB, file, word, note string) detect.Evidence {
	line, col := at(t, file, word, 1)
	return detect.Evidence{File: file, Line: line, Column: col, Note: note}
}

// sample is a report over the files in testdata/src as the analysis would give
// it.
func sample(t testing.TB) *Document {
	t.Helper()
	const client, server = "src/net/client.c", "src/server.c"
	site := func(id, file, word string, n int, s detect.Site) *detect.Site {
		s.ID, s.File = id, file
		s.Line, s.Column = at(t, file, word+"(", n)
		s.Call = word
		return &s
	}
	rep := &detect.Report{
		Sites: []*detect.Site{
			site("c1", client, "socket", 1, detect.Site{
				Function: "dial", Transport: detect.TCP, Role: detect.Client, Keepalive: detect.KeepaliveMissing,
				Verdict: detect.Missing, Rules: []string{"KA001"}, Fix: detect.Fix{Status: detect.FixPatch},
				Evidence: []detect.Evidence{
					evidence(t, client, "ai_socktype = SOCK", "the hints ask for SOCK_STREAM"),
					evidence(t, client, "connect(", "fd is connected here"),
					evidence(t, client, "return fd", "returned; no caller sets SO_KEEPALIVE"),
				},
			}),
			site("c2", client, "socket", 3, detect.Site{
				Function: "log_socket", Transport: detect.OtherTransport, Role: detect.UnknownRole, Keepalive: detect.KeepaliveMissing,
				Verdict: detect.Suppressed, Rules: []string{"KA001"}, Fix: detect.Fix{Status: detect.FixNone},
				Evidence: []detect.Evidence{evidence(t, client, "keepatch:ignore", "suppressed: never idle")},
			}),
			site("c3", client, "socket", 4, detect.Site{
				Function: "open_any", Transport: detect.UnknownTransport, Role: detect.UnknownRole, Keepalive: detect.KeepaliveUnknown,
				Verdict: detect.Undecided, Fix: detect.Fix{Status: detect.FixNone, Reason: "undecided"},
				Evidence: []detect.Evidence{evidence(t, client, "domain)\n"[:6], "no caller of open_any() was found")},
			}),
			site("s1", server, "socket", 1, detect.Site{
				Function: "serve", Transport: detect.TCP, Role: detect.Listener, Keepalive: detect.KeepaliveMissing,
				Verdict: detect.Missing, Rules: []string{"KA001"}, Fix: detect.Fix{Status: detect.FixElsewhere},
				Evidence: []detect.Evidence{evidence(t, server, "listen(", "listens")},
			}),
			site("s2", server, "accept", 1, detect.Site{
				Function: "serve", Transport: detect.TCP, Role: detect.Accepted, Keepalive: detect.KeepaliveMissing,
				Verdict: detect.Missing, Rules: []string{"KA002"}, Fix: detect.Fix{Status: detect.FixPatch},
				Evidence: []detect.Evidence{evidence(t, server, "write(c", "used, never set")},
			}),
			site("s3", server, "accept4", 1, detect.Site{
				Function: "admin", Transport: detect.TCP, Role: detect.Accepted, Keepalive: detect.KeepaliveSet,
				Verdict: detect.Covered, Rules: []string{"KA004", "KA008"}, Guards: []string{"HAVE_ADMIN"},
				Evidence: []detect.Evidence{evidence(t, server, "setsockopt(c", "SO_KEEPALIVE is set")},
				Fix:      detect.Fix{Status: detect.FixNone},
			}),
		},
		Errors: []detect.FileError{{File: "src/broken.c", Line: 3, Message: "comment is never ended"}},
		Notes: []detect.Note{{Rule: "KA101", File: client, Line: 1, Column: 1,
			Message: "nothing here needs this suppression (old)"}},
		Coverage: detect.Coverage{Files: 2, Bytes: 1534, Sites: 6, Missing: 3, Undecided: 1, NotUnderstood: []string{"src/gui.cc"}},
	}
	d := &Document{
		Report: rep, Tool: Tool{"keepatch", "1.2.3"}, Findings: finding.List(rep, finding.Policy{}),
		Sources: &Sources{Dir: "testdata"}, Apply: "keepatch apply src",
	}
	addFix(t, d, "c1", client, "\t\tif (fd < 0)\n\t\t\tcontinue;\n", "\t\tsetsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));\n")
	return d
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

func golden(t *testing.T, name string, f Format, d *Document) {
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
	formats := map[string]Format{
		"scan.txt":        Text{},
		"scan-color.txt":  Text{Color: true},
		"scan-listed.txt": Text{Verdicts: map[detect.Verdict]bool{detect.Undecided: true}},
		"check.txt":       Check{},
		"check-color.txt": Check{Color: true},
		"scan.json":       JSON{},
		"check.json":      JSON{OnlyNew: true},
		"scan.sarif":      SARIF{},
		"scan.github":     GitHub{},
		"check.github":    GitHub{OnlyNew: true},
		"scan.md":         Markdown{},
		"check.md":        Markdown{OnlyNew: true},
		"scan.html":       HTML{},
	}
	for name, f := range formats {
		t.Run(name, func(t *testing.T) { golden(t, name, f, sample(t)) })
	}
	t.Run("explain.txt", func(t *testing.T) {
		d := sample(t)
		golden(t, "explain.txt", Explain{Sites: d.Report.Sites[:1]}, d)
	})
}
