//go:build linux && (amd64 || arm64)

package preload_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestAttach sets, changes and clears the options of a running program.
func TestAttach(t *testing.T) {
	l := listen(t)
	r := start(t, nil, compile(t, "peer.c", "gcc -pthread"), "client", "plain", l.port)
	r.line("ready")
	pid := itoa(r.cmd.Process.Pid)
	for _, c := range []struct {
		flags []string
		want  string
	}{
		{[]string{"--idle", "50", "--count", "3"}, "off => on 50/75/3"},
		{nil, "on 50/75/3 => on 50/75/3"},
		{[]string{"--idle", "60", "--user-timeout", "9000"}, "on 50/75/3 => on 60/75/3 user-timeout 9000ms"},
		{[]string{"--off"}, "on 60/75/3 user-timeout 9000ms => off"},
	} {
		out, stderr, ps := output(t, nil, append(append([]string{"attach"}, c.flags...), pid)...)
		if ps.ExitCode() != 0 || !strings.HasSuffix(out, c.want+"\n") || strings.Count(out, "\n") != 1 ||
			!strings.Contains(out, "-> 127.0.0.1:"+l.port) {
			t.Errorf("%v: %q, want %q (status %d)\n%s", c.flags, out, c.want, ps.ExitCode(), stderr)
		}
	}
	if s := connections(t, r.cmd.Process.Pid, l.port); len(s) != 1 || s[0].KeepAlive || s[0].Idle != 60 {
		t.Errorf("the socket itself: %v", s)
	}
	out, _, _ := output(t, nil, "attach", "--json", pid)
	var c struct {
		PID, FD       int
		Local, Remote string
		Before, After struct{ KeepAlive bool }
	}
	if err := json.Unmarshal([]byte(out), &c); err != nil || itoa(c.PID) != pid || c.Before.KeepAlive || !c.After.KeepAlive {
		t.Errorf("%q: %v", out, err)
	}
}

// Where there is no socket to set that is told.
func TestAttachNothing(t *testing.T) {
	l := listen(t)
	r := start(t, nil, compile(t, "peer.c", "gcc -pthread"), "client", "plain", l.port)
	r.line("ready")
	pid := itoa(r.cmd.Process.Pid)
	idle := start(t, nil, "sleep", "60")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{itoa(idle.cmd.Process.Pid)}, "no TCP socket in process " + itoa(idle.cmd.Process.Pid)},
		{[]string{"--ports", "1", "--format", "json", pid}, "no TCP socket with port 1 in process " + pid},
		{[]string{"--port", "1", pid}, "no TCP socket with port 1 in process " + pid},
	} {
		out, stderr, ps := output(t, nil, append([]string{"attach"}, c.args...)...)
		if ps.ExitCode() != 1 || out != "" || stderr != "keepatch: attach: "+c.want+": nothing was set\n" {
			t.Errorf("%v: status %d, %q, %q", c.args, ps.ExitCode(), out, stderr)
		}
	}
}

// TestAttachSS lets ss(8) be the judge.
func TestAttachSS(t *testing.T) {
	need(t, "ss")
	l := listen(t)
	r := start(t, nil, compile(t, "peer.c", "gcc -pthread"), "client", "plain", l.port)
	r.line("ready")
	output(t, nil, "attach", "--idle", "500", itoa(r.cmd.Process.Pid))
	out, err := exec.Command("ss", "-tno", "dport", "=", ":"+l.port).Output()
	if err != nil || !strings.Contains(string(out), "timer:(keepalive,") {
		t.Errorf("ss shows no keepalive timer (%v):\n%s", err, out)
	}
}

// TestAttachTree takes in a child's sockets, and a socket shared by both once.
func TestAttachTree(t *testing.T) {
	r := start(t, nil, compile(t, "peer.c", "gcc -pthread"), "server", "fork")
	port := r.line("port ")
	dial(t, port)
	r.line("ready")
	pid := itoa(r.cmd.Process.Pid)
	if out, _, _ := output(t, nil, "attach", pid); strings.Count(out, "\n") != 1 {
		t.Errorf("alone: %q, want the listener", out)
	}
	out, _, ps := output(t, nil, "attach", "--tree", "--idle", "70", pid)
	if ps.ExitCode() != 0 || strings.Count(out, "\n") != 2 {
		t.Errorf("--tree: %q, want the listener and the child's connection", out)
	}
	if s := connections(t, r.cmd.Process.Pid, port); len(s) != 1 || !s[0].KeepAlive || s[0].Idle != 70 {
		t.Errorf("the child's connection: %v", s)
	}
}

// TestAttachWatch covers connections made later, and ends with the process.
func TestAttachWatch(t *testing.T) {
	r := start(t, nil, compile(t, "peer.c", "gcc -pthread"), "server", "fork")
	port := r.line("port ")
	w := start(t, nil, keepatch, "attach", "--watch", "--tree", "--every", "20ms", "--idle", "80", itoa(r.cmd.Process.Pid))
	w.line(itoa(r.cmd.Process.Pid)) // the listener
	dial(t, port)
	r.line("ready")
	w.line("")
	if s := connections(t, r.cmd.Process.Pid, port); len(s) != 1 || !s[0].KeepAlive || s[0].Idle != 80 {
		t.Errorf("the later connection: %v", s)
	}
	if n := r.finish(); n != 0 {
		t.Errorf("the program's status is %d", n)
	}
	if n := w.finish(); n != 0 {
		t.Errorf("status %d when the process ends\n%s", n, w.stderr.String())
	}
}

// TestAttachRefused: not ours, and a thread.
func TestAttachRefused(t *testing.T) {
	need(t, "sleep")
	r := start(t, nil, "sleep", "60")
	if os.Geteuid() == 0 {
		cmd := exec.Command(keepatch, "attach", itoa(r.cmd.Process.Pid))
		cmd.Dir = "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		out, _ := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(out), "not permitted") || strings.Count(string(out), "\n") != 1 {
			t.Errorf("another user: status %d, %q", cmd.ProcessState.ExitCode(), out)
		}
	}
	// A thread that is no process: one of this test's own.
	tid := 0
	for deadline := time.Now().Add(time.Second); tid == 0 && time.Now().Before(deadline); {
		entries, err := os.ReadDir("/proc/self/task")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if n := atoi(t, e.Name()); n != os.Getpid() {
				tid = n
			}
		}
	}
	_, stderr, ps := output(t, nil, "attach", itoa(tid))
	if ps.ExitCode() != 2 || !strings.Contains(stderr, "is a thread, not a process") {
		t.Errorf("a thread: status %d, %q", ps.ExitCode(), stderr)
	}
}
