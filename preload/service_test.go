//go:build linux && (amd64 || arm64)

package preload_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestActivationQueue: connections that were waiting in an inherited listener's
// queue before the program began are covered as well, soon after accept, with
// and without children, and new ones inherit.
func TestActivationQueue(t *testing.T) {
	supervised(t)
	need(t, "python3")
	for name, flags := range map[string][]string{"run": nil, "run --no-accept": {"--no-accept"}} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp4", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			f, err := l.(*net.TCPListener).File()
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			for range 3 {
				dial(t, portOf(l))
			}
			args := append(append([]string{"run", "--idle", "44"}, flags...), "--", "python3", "-c", `
import os, socket, time
l = socket.socket(fileno=3)
if os.fork() == 0:  # a worker, as pre-forking servers have them
    held = [l.accept()[0] for i in range(3)]
    for n in range(200):
        got = [(s.getsockopt(1, 9), s.getsockopt(6, 4)) for s in held]
        if got == [(1, 44)] * 3: break
        time.sleep(0.01)
    print(got, flush=True)
    os._exit(0)
os.wait()
`)
			cmd := exec.Command(keepatch, args...)
			cmd.ExtraFiles = []*os.File{f}
			out, err := cmd.CombinedOutput()
			if err != nil || string(out) != "[(1, 44), (1, 44), (1, 44)]\n" {
				t.Errorf("%q (%v)", out, err)
			}
		})
	}
}

// TestPIDVariables: what systemd tells a service about its process id is true
// of the program, and variables for other processes stay.
func TestPIDVariables(t *testing.T) {
	supervised(t)
	out, err := exec.Command("sh", "-c", `LISTEN_PID=$$ WATCHDOG_PID=$$ SYSTEMD_EXEC_PID=$$ OTHER_PID=$$ exec "$0" run -- sh -c '
for p in $LISTEN_PID $WATCHDOG_PID $SYSTEMD_EXEC_PID $OTHER_PID; do [ $p = $$ ] && echo own || echo other; done'`, keepatch).CombinedOutput()
	if string(out) != "own\nown\nown\nother\n" {
		t.Errorf("%q (%v)", out, err)
	}
	out, _ = exec.Command(keepatch, "run", "--", "sh", "-c", `LISTEN_PID=1 exec sh -c 'echo $LISTEN_PID'`).CombinedOutput()
	if string(out) != "1\n" {
		t.Errorf("another's: %q", out)
	}
}

// TestContinuedJob: a job that was stopped from the keyboard goes on for good
// when it is continued, however long it was stopped.
func TestContinuedJob(t *testing.T) {
	supervised(t)
	tt := openTerminal(t)
	tt.keys("$KP run -- cat\nbegun\n")
	tt.expect("begun")
	for i := range 12 {
		tt.keys("\x1a")
		tt.expect("Stopped")
		time.Sleep(650 * time.Millisecond)
		tt.foreground()
		time.Sleep(100 * time.Millisecond)
		tt.keys("round" + itoa(i) + "\n")
		tt.expect("round" + itoa(i))
	}
	tt.keys("\x03")
}

// TestLostPrivilege: the user learns that a program runs without the privilege
// that its file would give it.
func TestLostPrivilege(t *testing.T) {
	supervised(t)
	if os.Geteuid() != 0 {
		t.Skip("only root can give files privileges")
	}
	b, err := os.ReadFile("/bin/true")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(filepath.Dir(keepatch), "privilege")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	file := func(name string, mode os.FileMode) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, b, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(p, mode); err != nil {
			t.Fatal(err)
		}
		return p
	}
	capable := file("capable", 0o755)
	// struct vfs_ns_cap_data of linux/capability.h, version 2: CAP_NET_RAW.
	data := []byte{1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	if err := unix.Setxattr(capable, "security.capability", data, 0); err != nil {
		t.Skipf("no file capabilities here: %v", err)
	}
	for _, c := range []struct{ path, want string }{
		{capable, "has file capabilities"},
		{file("setuid", 0o755|os.ModeSetuid), "is set-user-ID"},
		{file("plain", 0o755), ""},
	} {
		cmd := exec.Command(keepatch, "run", "--", c.path)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		cmd.Dir = "/"
		out, err := cmd.CombinedOutput()
		if err != nil || (c.want == "") != (len(out) == 0) || !strings.Contains(string(out), c.want) {
			t.Errorf("%s: %q, want %q (%v)", c.path, out, c.want, err)
		}
	}
}

// TestAttachNothingThere: a process that no descriptor leads into is an error,
// and one that has lost its main thread is none.
func TestAttachNothingThere(t *testing.T) {
	need(t, "python3")
	kernel := 0
	for pid := 2; pid < 200 && kernel == 0; pid++ {
		if b, err := os.ReadFile("/proc/" + itoa(pid) + "/cmdline"); err == nil && len(b) == 0 && stat(pid) != "Z" {
			kernel = pid
		}
	}
	if kernel == 0 {
		t.Log("no kernel thread to be seen here")
	} else if out, stderr, ps := output(t, nil, "attach", itoa(kernel)); ps.ExitCode() != 2 || !strings.Contains(stderr, "is a kernel thread") {
		t.Errorf("a kernel thread: status %d, %q, %q", ps.ExitCode(), out, stderr)
	}
	l := listen(t)
	r := start(t, nil, "python3", "-c", `
import ctypes, os, socket, sys, threading, time
c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def rest():
    time.sleep(0.2); os.write(1, b"ready\n"); time.sleep(60)
threading.Thread(target=rest).start()
ctypes.CDLL(None).syscall(60 if os.uname().machine == "x86_64" else 93, 0)  # exit of the main thread alone
`, l.port)
	r.line("ready")
	out, stderr, ps := output(t, nil, "attach", "--idle", "50", itoa(r.cmd.Process.Pid))
	if strings.Contains(stderr, "this kernel cannot") && ps.ExitCode() == 2 {
		t.Skip("Linux before 6.9")
	}
	if ps.ExitCode() != 0 || !strings.Contains(out, "=> on 50/") {
		t.Errorf("without its main thread: status %d, %q, %q", ps.ExitCode(), out, stderr)
	}
	z := exec.Command("true")
	if err := z.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond)
	if _, stderr, ps := output(t, nil, "attach", itoa(z.Process.Pid)); ps.ExitCode() != 2 || !strings.Contains(stderr, "has ended already") {
		t.Errorf("a zombie: status %d, %q", ps.ExitCode(), stderr)
	}
	_ = z.Wait()
}

// TestMemory: a second after its start no process of keepatch's takes more than
// 10 MB.
func TestMemory(t *testing.T) {
	supervised(t)
	r := start(t, nil, keepatch, "run", "--", "sh", "-c", "echo ready; read x")
	r.line("ready")
	time.Sleep(1500 * time.Millisecond)
	for _, pid := range []int{r.cmd.Process.Pid, helperPID(t, r.cmd.Process.Pid, "kp-supervisor")} {
		b, err := os.ReadFile("/proc/" + itoa(pid) + "/status")
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(b), "VmRSS:")
		kb := atoi(t, strings.Fields(rest)[0])
		t.Logf("process %d: %d kB", pid, kb)
		if kb > 10000 {
			t.Errorf("process %d takes %d kB", pid, kb)
		}
	}
}
