package rewrite

import (
	"github.com/keepatch/keepatch/rewrite/timers"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestRun patches a program that serves and connects, runs it under strace with
// real traffic on loopback, and wants keepalive, and the timers, on each socket
// that was accepted or connected.
func TestRun(t *testing.T) {
	for _, tool := range []string{"gcc", "strace"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no %s here", tool)
		}
	}
	src, err := os.ReadFile("testdata/run/both.c")
	if err != nil {
		t.Fatal(err)
	}
	plan := planText(t, "both.c", src, Options{Timers: timers.Timers{Idle: 60, Interval: 10, Count: 6}})
	if len(plan.Files) != 1 {
		t.Fatalf("%d files patched", len(plan.Files))
	}
	dir := t.TempDir()
	file, prog, log := filepath.Join(dir, "both.c"), filepath.Join(dir, "both"), filepath.Join(dir, "log")
	if err := os.WriteFile(file, plan.Files[0].New, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("gcc", "-Wall", "-Wextra", "-Werror", "-o", prog, file).CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	if out, err := exec.Command("strace", "-ff", "-e", "trace=network", "-o", log, prog).CombinedOutput(); err != nil {
		if strings.Contains(string(out), "ptrace") || strings.Contains(string(out), "PTRACE") {
			t.Skipf("strace may not trace here: %s", out)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	// One file a process: no call is cut in two by another process's.
	logs, err := filepath.Glob(log + ".*")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, name := range logs {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(strings.TrimSpace(string(b)), "\n") {
			all = append(all, strings.TrimPrefix(filepath.Ext(name), ".")+" "+l)
		}
	}
	checkTrace(t, strings.Join(all, "\n"), 3)
}

var (
	acceptLine  = regexp.MustCompile(`^(\d+) +accept4?\(.*= (\d+)$`)
	connectLine = regexp.MustCompile(`^(\d+) +connect\((\d+),`)
)

// checkTrace follows each descriptor through the trace of its process.
func checkTrace(t *testing.T, trace string, each int) {
	t.Helper()
	accepted, connected := 0, 0
	lines := strings.Split(trace, "\n")
	set := func(from, to int, pid, fd string) {
		for _, opt := range []string{"SO_KEEPALIVE, [1]", "TCP_KEEPIDLE, [60]", "TCP_KEEPINTVL, [10]", "TCP_KEEPCNT, [6]"} {
			found := false
			for _, l := range lines[max(from, 0):to] {
				if strings.HasPrefix(l, pid) && strings.Contains(l, "setsockopt("+fd+",") && strings.Contains(l, opt) && strings.HasSuffix(l, "= 0") {
					found = true
				}
			}
			if !found {
				t.Errorf("no %s on descriptor %s of %s", opt, fd, pid)
			}
		}
	}
	for i, l := range lines {
		if m := acceptLine.FindStringSubmatch(l); m != nil {
			accepted++
			set(i, min(i+30, len(lines)), m[1], m[2])
		}
		if m := connectLine.FindStringSubmatch(l); m != nil {
			connected++
			set(i-30, i, m[1], m[2])
		}
	}
	if accepted != each || connected != each {
		t.Errorf("%d accepted and %d connected, want %d each:\n%s", accepted, connected, each, trace)
	}
}
