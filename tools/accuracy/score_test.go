package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/report"
	"github.com/keepatch/keepatch/tools/internal/timing"
)

// row writes a label: its line, and FIELD=VALUE for what is not as on a plain
// client that should be reported.
func row(line int, fields ...string) string {
	values := map[string]string{"site": "call", "tcp": "yes", "role": "client", "keepalive": "no", "platform": "any"}
	for _, f := range fields {
		k, v, _ := strings.Cut(f, "=")
		values[k] = v
	}
	s := fmt.Sprintf(`{"id": "demo:a.c:%d:7"`, line)
	for _, k := range []string{"site", "tcp", "role", "keepalive", "platform", "accepts"} {
		s += fmt.Sprintf(`, %q: %q`, k, values[k])
	}
	return s + `, "why": "seen at line ` + fmt.Sprint(line) + "\"}\n"
}

// madeUp is one site of each kind, right and wrong, as labels and as a report.
func madeUp(t *testing.T) (dir string, packs []pack, rep *detect.Report) {
	dir = t.TempDir()
	text := row(1) + row(2) + row(3, "tcp=maybe") + row(4, "tcp=no") + row(5, "tcp=no") +
		row(6, "keepalive=conditional") + row(7, "site=not-call") + row(8, "role=probe") +
		row(9, "platform=windows") + row(10, "keepalive=inherited", "role=accepted") +
		row(11, "role=listener", "accepts=covered") + "\n"
	if err := os.Mkdir(filepath.Join(dir, "labels"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "labels", "demo.jsonl"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	packs, err := readLabels(filepath.Join(dir, "labels"))
	if err != nil {
		t.Fatal(err)
	}
	site := func(line int, tr result.Transport, role result.Role, v result.Verdict) *result.Site {
		return &result.Site{ID: fmt.Sprint(line), File: "a.c", Line: line, Column: 7, Transport: tr, Role: role, Verdict: v}
	}
	return dir, packs, &detect.Report{Sites: []*result.Site{
		site(1, result.TCP, result.Client, result.Missing),
		// 2 is not in the report.
		site(3, result.MaybeTCP, result.UnknownRole, result.Undecided),
		site(4, result.OtherTransport, result.Client, result.NotTCP),
		site(5, result.TCP, result.Client, result.Missing),
		site(6, result.TCP, result.Client, result.Covered),
		site(7, result.TCP, result.Client, result.Missing),
		site(8, result.TCP, result.Probe, result.Missing),
		site(9, result.TCP, result.Client, result.Missing),
		site(10, result.TCP, result.Accepted, result.Missing),
		site(11, result.TCP, result.Listener, result.Missing),
		site(99, result.TCP, result.Client, result.Missing),
	}}
}

func TestTally(t *testing.T) {
	_, packs, rep := madeUp(t)
	var got tally
	got.add(packs[0], rep)
	want := tally{
		sites: 11, seen: 10, hits: 1, missed: 2, wrong: 2, stray: 1, undecided: 1,
		calls: 9, transport: 7, tcpCalls: 7, role: 5,
		misses: []string{
			"MISSED demo:a.c:2:7 (not in the report; tcp yes, client, keepalive no): seen at line 2",
			"MISSED demo:a.c:3:7 (undecided; tcp maybe, client, keepalive no): seen at line 3",
		},
		alarms: []string{
			"WRONG  demo:a.c:5:7 (missing; tcp no, client, keepalive no): seen at line 5",
			"WRONG  demo:a.c:7:7 (missing; tcp yes, client, keepalive no): seen at line 7",
			"STRAY  demo:a.c:99: no such call is labelled",
		},
		others: []string{
			"UNSEEN demo:a.c:2:7 (not in the report; tcp yes, client, keepalive no): seen at line 2",
			"UNDECIDED demo:a.c:3:7 (undecided; tcp maybe, client, keepalive no): seen at line 3",
			"ROLE unknown demo:a.c:3:7 (undecided; tcp maybe, client, keepalive no): seen at line 3",
			"TRANSPORT tcp demo:a.c:5:7 (missing; tcp no, client, keepalive no): seen at line 5",
		},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(tally{})); d != "" {
		t.Error(d)
	}
	var out bytes.Buffer
	got.print(&out, false)
	if s := out.String(); !strings.Contains(s, "precision 0.250  recall 0.333  F1 0.286\n") || strings.Contains(s, "UNSEEN") {
		t.Errorf("printed:\n%s", s)
	}
}

// The public scorer of the benchmark, where it lies beside the project, counts
// the same.
func TestScorerAgrees(t *testing.T) {
	scorer, err := filepath.Abs("../../../shared/corpus/score.py")
	if path := os.Getenv("KEEPATCH_SCORER"); path != "" {
		scorer, err = path, nil
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(scorer); err != nil {
		t.Skip("KEEPATCH_SCORER names no scorer, and none lies beside the project")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("needs python3")
	}
	dir, packs, rep := madeUp(t)
	for _, d := range []string{"sources/demo", "reports"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	var js bytes.Buffer
	if err := (report.JSON{}).Write(&js, &report.Document{Report: rep}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "reports", "demo.json"), js.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, scorer, "labels", "sources", "reports")
	cmd.Dir = dir
	theirs, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, theirs)
	}
	var c tally
	c.add(packs[0], rep)
	c.misses, c.alarms = nil, nil // it was not asked for them
	var ours bytes.Buffer
	c.print(&ours, false)
	if d := cmp.Diff(string(theirs), ours.String()); d != "" {
		t.Error(d)
	}
}

func TestBadLabels(t *testing.T) {
	for _, text := range []string{"{", `{"id": "demo"}`, `{"id": "demo:a.c:x:7"}`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "demo.jsonl"), []byte(row(1)+text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := readLabels(dir); err == nil || !strings.Contains(err.Error(), "demo.jsonl:2: ") {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := readLabels(t.TempDir()); err == nil {
		t.Error("a folder without labels is taken")
	}
}

func TestRepairs(t *testing.T) {
	src := "int a(void) { int fd = socket(2, 1, 0); DEBUG(\"x\") return fd; }\nint b(void) { return 0; }\n"
	f := parse.New("a.c", []byte(src))
	r := newRepairs()
	r.file(f, []*result.Site{{File: "a.c", Line: 1, Column: strings.Index(src, "socket") + 1}})
	var out bytes.Buffer
	r.print(&out)
	want := "functions with a site 1, repaired 1: macro without semicolon 1\n" +
		"functions in their files 2, repaired 1: macro without semicolon 1\n"
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error(d)
	}
}

// The numbers land in the rows that are marked for them, and nowhere else.
func TestWriteInto(t *testing.T) {
	dir, packs, rep := madeUp(t)
	o := &outcome{tally: &tally{}, mended: newRepairs(), speed: &speed{files: 3, bytes: 2e6, own: &timing.Run{Wall: 3 * time.Second, Memory: 1e8}, rg: &timing.Run{Wall: time.Second / 4}}}
	o.tally.add(packs[0], rep)
	file := filepath.Join(dir, "doc.md")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(`| keepatch<!-- accuracy:demo:row --> | old | |
| other<!-- accuracy:else:row --> | old |
<!-- accuracy:demo:row --> is no row
| now<!-- accuracy:demo:history --> | |
| it<!-- accuracy:demo:agreement --> | |
| it<!-- accuracy:demo:time --> | |
`)
	for range 2 { // the second time there is nothing left to do
		if err := o.writeInto(file, "demo", time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
	}
	want := `| keepatch<!-- accuracy:demo:row --> | 0.25 | 0.33 | 0.29 | 3.0 s |
| other<!-- accuracy:else:row --> | old |
<!-- accuracy:demo:row --> is no row
| 2026-01-02<!-- accuracy:demo:history --> | 10 of 11 | 1 | 3 | 0.250 | 0.333 | 0.286 |
| it<!-- accuracy:demo:agreement --> | 7 of 9 | 5 of 7 | 1 |
| it<!-- accuracy:demo:time --> | 3 | 2.0 | 3.0 s | 100 MB | 0.25 s | 12 |
`
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Error(d)
	}
	write("| it<!-- accuracy:demo:nonsense --> | |\n")
	if err := o.writeInto(file, "demo", time.Now()); err == nil {
		t.Error("a mark that nothing is known for is taken")
	}
}
