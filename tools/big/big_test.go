package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/tools/internal/timing"
)

// measured is a project with made-up numbers.
func measured(name string, rg, scan time.Duration, memory int64) *project {
	return &project{name: name, files: 10, bytes: 1e6, lines: 5,
		pair: &pair{scan: &timing.Run{Wall: scan, CPU: scan / 2, Memory: memory}, rg: &timing.Run{Wall: rg, CPU: rg / 4}}}
}

func TestMarkdown(t *testing.T) {
	stopped := measured("stopped", 100*time.Millisecond, time.Minute, 6e9)
	stopped.scan.TimedOut = true
	tab := &table{
		projects: []*project{
			measured("quick", 100*time.Millisecond, 200*time.Millisecond, 5e7),
			measured("most", 10*time.Millisecond, 700*time.Millisecond, 6e7),      // just the allowance and the multiple
			measured("above", 10*time.Millisecond, 710*time.Millisecond, 7e7),     // a little above
			measured("unmeasured", 100*time.Millisecond, 100*time.Millisecond, 0), // no memory known
			stopped,
		},
		whole: &pair{scan: &timing.Run{Wall: 62 * time.Second, CPU: 80 * time.Second, Memory: 7e9}, rg: &timing.Run{Wall: 400 * time.Millisecond, CPU: 800 * time.Millisecond}},
	}
	want := header + `| stopped | 10 | 1.0 | 5 | 0.100 s | > 60.00 s | > 600.0 | 0.025 s | > 30.00 s | > 1200.0 | > 6000 MB | over |
| above | 10 | 1.0 | 5 | 0.010 s | 0.71 s | 71.0 | 0.003 s | 0.35 s | 142.0 | 70 MB | over |
| most | 10 | 1.0 | 5 | 0.010 s | 0.70 s | 70.0 | 0.003 s | 0.35 s | 140.0 | 60 MB |  |
| quick | 10 | 1.0 | 5 | 0.100 s | 0.20 s | 2.0 | 0.025 s | 0.10 s | 4.0 | 50 MB |  |
| unmeasured | 10 | 1.0 | 5 | 0.100 s | 0.10 s | 1.0 | 0.025 s | 0.05 s | 2.0 |  |  |

5 projects, 50 files, 5 MB: rg 0.32 s, scan > 61.7 s, ratio of the sums > 192.8 (CPU 0.08 s, > 30.9 s, > 385.7), median ratio 70.0. ` +
		`Over the limit of 0.5 s + 20 x rg: 2, of them stopped at the time limit: 1. Highest peak: stopped, 6000 MB.

| all in one scan | rg -w | scan | ratio | rg CPU | scan CPU | ratio | peak memory |
|---|---|---|---|---|---|---|---|
| 5 projects | 0.400 s | 62.00 s | 155.0 | 0.800 s | 80.00 s | 100.0 | 7000 MB |
`
	if d := cmp.Diff(want, tab.markdown()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(header, (&table{}).markdown()); d != "" {
		t.Error(d)
	}
}

func TestReadList(t *testing.T) {
	file := filepath.Join(t.TempDir(), "big.txt")
	if err := os.WriteFile(file, []byte("# a set\nfirst 1.0-1\n\nsecond 2:1 # why\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	names, err := readList(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"first", "second"}, names); d != "" {
		t.Error(d)
	}
	if err := os.WriteFile(file, []byte("# nothing\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := readList(file); err == nil {
		t.Error("an empty list is taken")
	}
}

// script puts a program for sh into a folder.
func script(t *testing.T, dir, name, text string) string {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh")
	}
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+text), 0o777); err != nil {
		t.Fatal(err)
	}
	return file
}

// sources are two projects, of which the second one has no more than a file
// that counts and one that does not.
func sources(t *testing.T) (dir, list string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{
		"one/a.c": "int a;\n", "one/sub/b.h": "int b;\n", "one/.pc/c.c": "int c;\n", "one/d.txt": "d\n",
		"two/a.c": "int a;\n", "list": "one 1\ntwo 2\n",
	} {
		file := filepath.Join(dir, "src", name)
		if name == "list" {
			file = filepath.Join(dir, name)
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "src"), filepath.Join(dir, "list")
}

// settings are for runs with programs that stand in for keepatch and rg.
func settings(t *testing.T, keepatch string) *options {
	dir, list := sources(t)
	bin := t.TempDir()
	script(t, bin, "rg", "echo a.c:1: socket\necho a.c:2: accept\n")
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return &options{
		keepatch: script(t, bin, "keepatch", keepatch), list: list, sources: dir,
		format: "text", timeout: 20 * time.Second, whole: 20 * time.Second,
	}
}

func TestProject(t *testing.T) {
	// Each call leaves a line; the scan of "two" has to be stopped.
	o := settings(t, `echo "$*" >>../calls; case $PWD in */two) exec sleep 30 ;; esac; exit 2`)
	p, err := o.project("one")
	if err != nil {
		t.Fatal(err)
	}
	if p.files != 2 || p.bytes != 14 || p.lines != 2 || p.scan.TimedOut {
		t.Errorf("got %+v, %+v", p, p.scan)
	}
	calls, err := os.ReadFile(filepath.Join(o.sources, "calls"))
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Repeat("scan --no-config --format text .\n", rounds); string(calls) != want {
		t.Errorf("called with %q", calls)
	}
	o.timeout = 300 * time.Millisecond
	if p, err = o.project("two"); err != nil {
		t.Fatal(err)
	}
	if !p.scan.TimedOut || !p.over() {
		t.Errorf("got %+v", p.scan)
	}
}

func TestRun(t *testing.T) {
	o := settings(t, "exit 0")
	o.write = filepath.Join(t.TempDir(), "doc.md")
	if err := os.WriteFile(o.write, []byte("<!-- begin big:table -->\n<!-- end big:table -->\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := o.run(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(o.write)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`(?m)^\| one \| 2 \| 0\.0 \| 2 \|`, `(?m)^\| two \| 1 \|`, `(?m)^2 projects, 3 files`, `(?m)^\| 2 projects \|`} {
		if !regexp.MustCompile(want).Match(text) {
			t.Errorf("nothing like %s in\n%s", want, text)
		}
	}
}

// A project that is not there or that keepatch fails on is an error, and
// nothing is written.
func TestRunFails(t *testing.T) {
	for _, keepatch := range []string{"exit 3", "kill -9 $$"} {
		o := settings(t, keepatch)
		o.write = filepath.Join(o.sources, "none.md")
		err := o.run()
		if err == nil || !strings.Contains(err.Error(), "one: ") || !strings.Contains(err.Error(), "two: ") || !strings.Contains(err.Error(), "all: ") {
			t.Errorf("%s: %v", keepatch, err)
		}
	}
	o := settings(t, "exit 0")
	o.only = "one,three"
	if err := o.run(); err == nil || !strings.Contains(err.Error(), "three: ") || strings.Contains(err.Error(), "one: ") {
		t.Errorf("got %v", err)
	}
}
