//go:build linux && (amd64 || arm64)

package preload_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// both is a Python program that is both ends of a connection and prints the
// options of each socket, after it has set a timer itself.
const both = `
import socket as s
K = (s.SOL_SOCKET, s.SO_KEEPALIVE)
l = s.socket(); l.bind(("127.0.0.1", 0)); l.listen()
c = s.create_connection(l.getsockname())
a, _ = l.accept()
for x in (l, c, a): x.setsockopt(6, 4, 5)
print(*[x.getsockopt(*K) for x in (l, c, a)], *[x.getsockopt(6, 4) for x in (l, c, a)])
`

// sandboxed runs keepatch where some calls are refused.
func sandboxed(t *testing.T, calls string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	cmd := exec.Command(compile(t, "deny.c", "gcc"), append([]string{calls, keepatch}, args...)...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.WaitDelay = 5 * time.Second
	_ = cmd.Run()
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// TestWithoutPidfd: where a copy of a descriptor is refused, as in Docker's
// default profile, sockets are made in the supervisor, and the program's own
// timers do not win.
func TestWithoutPidfd(t *testing.T) {
	supervised(t)
	need(t, "python3")
	for _, calls := range []string{"pidfd_getfd", "pidfd_getfd,process_vm_readv"} {
		out, stderr, status := sandboxed(t, calls, "run", "--idle", "44", "--", "python3", "-c", both)
		if out != "1 1 1 44 44 44\n" || status != 0 {
			t.Errorf("without %s: status %d, %q\n%s", calls, status, out, stderr)
		}
	}
	// Go's net package sets its own timers on every connection.
	l := listen(t)
	deny, gopeer := compile(t, "deny.c", "gcc"), compile(t, "gopeer", "go build")
	r := start(t, nil, deny, "pidfd_getfd", keepatch, "run", "--idle", "44", "--", gopeer, "client", "plain", l.port)
	r.line("ready")
	if s := connections(t, r.cmd.Process.Pid, l.port); len(s) != 1 || !s[0].KeepAlive || s[0].Idle != 44 {
		t.Errorf("Go: %v", s)
	}
	r.finish()
	// The descriptor has the flags that were asked for.
	out, stderr, _ := sandboxed(t, "pidfd_getfd", "run", "--", "python3", "-c", `
import fcntl, socket as s
for flags in (0, s.SOCK_CLOEXEC, s.SOCK_NONBLOCK):
    x = s.socket(s.AF_INET6, s.SOCK_STREAM | flags)
    print(x.getsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE), bool(fcntl.fcntl(x, fcntl.F_GETFL) & 0o4000))
`)
	if out != "1 False\n1 False\n1 True\n" {
		t.Errorf("flags: %q\n%s", out, stderr)
	}
	// A service that drops root's identity has sockets of its own identity.
	if os.Geteuid() == 0 {
		out, stderr, _ = sandboxed(t, "pidfd_getfd", "run", "--idle", "44", "--", "python3", "-c", `
import os, socket as s
os.setgid(65534); os.setuid(65534)
x = s.socket(); print(x.getsockopt(6, 4), os.fstat(x.fileno()).st_uid)
`)
		if out != "44 65534\n" {
			t.Errorf("without root's identity: %q\n%s", out, stderr)
		}
	}
	// The program is started twice here, and a large environment makes garbage: a
	// collection would wait for the start, and the start for the collection.
	t.Setenv("GARBAGE", strings.Repeat("x", 120000))
	for i := range 12 {
		t.Setenv("GARBAGE"+itoa(i), strings.Repeat("x", 120000))
	}
	for range 60 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		cmd := exec.CommandContext(ctx, deny, "pidfd_getfd", keepatch, "run", "--idle", "44", "--", "true")
		if err := cmd.Run(); err != nil {
			t.Fatalf("with a large environment: %v", err)
		}
		cancel()
	}
	_, stderr, status := sandboxed(t, "pidfd_getfd", "run", "--report", "--", "true")
	if status != 2 || !strings.Contains(stderr, "--cap-add SYS_PTRACE") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("with --report: status %d, %q", status, stderr)
	}
}

// TestWithoutMemory: where the program's memory may not be read with
// process_vm_readv (Podman's default profile), the user's timers are in force.
func TestWithoutMemory(t *testing.T) {
	supervised(t)
	need(t, "python3")
	out, stderr, status := sandboxed(t, "process_vm_readv", "run", "--idle", "44", "--", "python3", "-c", both)
	if out != "1 1 1 44 44 44\n" || status != 0 {
		t.Errorf("status %d, %q\n%s", status, out, stderr)
	}
}

// TestNested: run below run starts the program, which the outer one covers.
func TestNested(t *testing.T) {
	supervised(t)
	need(t, "python3")
	out, stderr, ps := output(t, nil, "run", "--idle", "44", "--", keepatch, "run", "--", "python3", "-c", both)
	if out != "1 1 1 44 44 44\n" || stderr != "" || ps.ExitCode() != 0 {
		t.Errorf("status %d, %q, %q", ps.ExitCode(), out, stderr)
	}
	_, stderr, ps = output(t, nil, "run", "--", keepatch, "run", "--idle", "9", "--", "true")
	if !strings.Contains(stderr, "its timers are in force") || ps.ExitCode() != 0 {
		t.Errorf("other timers: status %d, %q", ps.ExitCode(), stderr)
	}
	_, stderr, ps = output(t, nil, "run", "--", keepatch, "run", "--report", "--", "true")
	if ps.ExitCode() != 2 || !strings.Contains(stderr, "no report below another") {
		t.Errorf("a report: status %d, %q", ps.ExitCode(), stderr)
	}
}

// TestSandboxWithTracer: calls that a program denies itself by a tracer that is
// not there go on under run, and the user learns it.
func TestSandboxWithTracer(t *testing.T) {
	supervised(t)
	deny := compile(t, "deny.c", "gcc")
	_, stderr, ps := output(t, nil, "run", "--", deny, "-t", "connect", "true")
	if ps.ExitCode() != 0 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "has a sandbox that asks a tracer") {
		t.Errorf("status %d, %q", ps.ExitCode(), stderr)
	}
	if _, stderr, _ := output(t, nil, "run", "--", deny, "connect", "true"); stderr != "" {
		t.Errorf("a sandbox without tracer: %q", stderr)
	}
}

// TestIoUringDeny: a program that may have no io_uring does without.
func TestIoUringDeny(t *testing.T) {
	supervised(t)
	l := listen(t)
	prog := compile(t, "uring.c", "gcc")
	if _, _, ps := output(t, nil, "run", "--io-uring", "deny", "--", prog, l.port); ps.ExitCode() != 77 {
		t.Errorf("status %d, want the program's 77 for no io_uring", ps.ExitCode())
	}
}

// TestNames: a program chooses its name, and the terminal must not obey it.
func TestNames(t *testing.T) {
	supervised(t)
	need(t, "python3")
	script := `
import ctypes, socket, sys
ctypes.CDLL(None).prctl(15, b"a\x1b]0;b\x07", 0, 0, 0)
l = socket.socket(); l.bind(("127.0.0.1", 0)); l.listen()
c = socket.create_connection(l.getsockname())
print("ready", flush=True)
sys.stdin.readline()`
	r := start(t, nil, keepatch, "run", "--report", "--", "python3", "-c", script)
	r.line("ready")
	out, errs, _ := output(t, nil, "attach", "--tree", itoa(r.cmd.Process.Pid))
	_, _ = r.stdin.Write([]byte("\n"))
	r.finish()
	for what, text := range map[string]string{"attach": out + errs, "the report": r.stderr.String()} {
		if strings.ContainsAny(text, "\x1b\x07") || !strings.Contains(text, `a\x1b]0;b\a`) {
			t.Errorf("%s: %q", what, text)
		}
	}
	if _, stderr, _ := output(t, nil, "run", "--", "no\x1bprogram"); strings.Contains(stderr, "\x1b") {
		t.Errorf("an error: %q", stderr)
	}
}
