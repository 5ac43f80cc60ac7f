//go:build linux && (amd64 || arm64)

package preload_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestIoUring: a connection that no filter sees is found by looking.
func TestIoUring(t *testing.T) {
	supervised(t)
	l := listen(t)
	prog := compile(t, "uring.c", "gcc")
	probe := exec.Command(prog, l.port)
	if err := probe.Run(); err != nil && probe.ProcessState.ExitCode() == 77 {
		t.Skip("the kernel has no io_uring for us")
	}
	l = listen(t)
	r := start(t, nil, keepatch, "run", "--idle", "91", "--", prog, l.port)
	r.line("ready")
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		s := connections(t, r.cmd.Process.Pid, l.port)
		if len(s) != 1 {
			t.Fatalf("%d connections", len(s))
		}
		if s[0].KeepAlive && s[0].Idle == 91 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("keepalive is %v", s[0])
		}
	}
	if n := r.finish(); n != 0 {
		t.Errorf("status %d", n)
	}
}

// TestIoUringDirect: a socket that no descriptor shows is out of reach, and the
// program that has one is named; host covers it.
func TestIoUringDirect(t *testing.T) {
	supervised(t)
	prog := compile(t, "uring.c", "gcc")
	l := listen(t)
	probe := exec.Command(prog, l.port, "direct")
	if err := probe.Run(); err != nil && probe.ProcessState.ExitCode() == 77 {
		t.Skip("the kernel has no io_uring for us")
	}
	_, stderr, _ := output(t, nil, "run", "--report-file", "/dev/null", "--", prog, listen(t).port, "direct")
	if !strings.Contains(stderr, "keeps sockets in an io_uring alone") {
		t.Errorf("it is not named: %q", stderr)
	}
	c := newCell(t)
	c.enable("--loopback", "--idle", "44")
	c.output(prog, listen(t).port, "direct")
	if s := c.state(); s.Set != 1 || s.Failed != 0 {
		t.Errorf("host: %+v", s)
	}
}
