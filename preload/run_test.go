//go:build linux && (amd64 || arm64)

package preload_test

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/procfd"
)

// output runs keepatch to its end.
func output(t testing.TB, env []string, args ...string) (stdout, stderr string, ps *os.ProcessState) {
	t.Helper()
	cmd := exec.Command(keepatch, args...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.Env = append(os.Environ(), env...)
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState
}

// TestRunStatus compares the exit status, of every sort, with env(1)'s.
func TestRunStatus(t *testing.T) {
	supervised(t)
	need(t, "env")
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return p
	}
	for name, program := range map[string][]string{
		"success":            {"true"},
		"status":             {"sh", "-c", "exit 7"},
		"signal":             {"sh", "-c", "kill -TERM $$"},
		"core signal":        {"sh", "-c", "ulimit -c 0; kill -SEGV $$"},
		"kill":               {"sh", "-c", "kill -KILL $$"},
		"not found":          {"no-such-program"},
		"no such path":       {"./no/such/program"},
		"empty name":         {""},
		"directory":          {dir},
		"not executable":     {file("plain", "x", 0o644)},
		"no interpreter":     {file("badscript", "#!/no/such/interpreter\n", 0o755)},
		"no #! line":         {file("script", "exit 9\n", 0o755)},
		"file in the way":    {"/etc/passwd/x"},
		"program named help": {"help"},
		"flags of its own":   {"sh", "-c", "exit $#", "sh", "--idle", "-x", "--"},
	} {
		t.Run(name, func(t *testing.T) {
			if os.Geteuid() == 0 && name == "not executable" {
				t.Log("as root: no right to execute is still EACCES")
			}
			want := exec.Command("env", append([]string{"--"}, program...)...)
			_ = want.Run()
			_, stderr, got := output(t, nil, append([]string{"run", "--"}, program...)...)
			if got.Sys() != want.ProcessState.Sys() {
				t.Errorf("status %v, env's %v\n%s", got, want.ProcessState, stderr)
			}
			if code := got.ExitCode(); code == 126 || code == 127 {
				if !strings.HasPrefix(stderr, "keepatch: ") || strings.Count(stderr, "\n") != 1 {
					t.Errorf("stderr %q, want one line of keepatch's", stderr)
				}
			}
		})
	}
}

// TestUsage holds every mistake to one line and exit 2, before anything runs.
func TestUsage(t *testing.T) {
	for want, args := range map[string][]string{
		"no program given":                             {"run"},
		"--idle 0 is out of range 1..32767":            {"run", "--idle", "0", "--", "true"},
		"--idle 32768 is out of range 1..32767":        {"run", "--idle", "32768", "--", "true"},
		"--interval -1 is out of range 1..32767":       {"run", "--interval", "-1", "--", "true"},
		"--count 128 is out of range 1..127":           {"run", "--count", "128", "--", "true"},
		"--user-timeout 0 is out of range":             {"run", "--user-timeout", "0", "--", "true"},
		"flag provided but not defined":                {"run", "--nope", "--", "true"},
		"invalid value":                                {"run", "--idle", "soon", "--", "true"},
		"--expect some: all or covered":                {"run", "--expect", "some", "--", "true"},
		"--format xml: text or json":                   {"run", "--format", "xml", "--", "true"},
		"--fallback pray: preload is the only one":     {"run", "--fallback", "pray", "--", "true"},
		"--shim needs --library or --fallback preload": {"run", "--shim", "x.so", "--", "true"},
		"no such file or directory":                    {"run", "--report-file", "/no/such/dir/x", "--", "true"},
		"no PID given":                                 {"attach"},
		`"x" is no process id`:                         {"attach", "x"},
		`"0" is no process id`:                         {"attach", "0"},
		"one PID at a time":                            {"attach", "1", "--tree"},
		"process 4194304: no such process":             {"attach", "4194304"},
		"--every 1ns is less than 10ms":                {"attach", "--every", "1ns", "1"},
		"takes no arguments":                           {"preload", "x"},
		"--output does not go with --install":          {"preload", "--install", "-o", "x.so"},
		"--output does not go with --source":           {"preload", "--source", "-o", "x.c"},
		"--uninstall does not go with --install":       {"preload", "--uninstall", "--install"},
		"--cc does not go with --uninstall":            {"preload", "--uninstall", "--cc", "cc"},
		"preload: /no/such/dir/x.so: no such file":     {"preload", "-o", "/no/such/dir/x.so"},
		"no C compiler: no-such-cc is not in PATH":     {"preload", "--cc", "no-such-cc", "-o", "/dev/null/x.so"},
		"run-helper is for keepatch run only":          {"run-helper", "front"},
		"no such role: dance":                          {"run-helper", "dance", "{}", "--", "true"},
		"KEEPIDLE=99999 is out of range 1..32767":      {"env", "KEEPIDLE=99999", "run", "--", "true"},
		"KEEPCNT=many is not a number":                 {"env", "KEEPCNT=many", "run", "--", "true"},
		"KEEPALIVE=off is set and no option":           {"env", "KEEPALIVE=off", "attach", "1"},
	} {
		var env []string
		if args[0] == "env" {
			env, args = args[1:2], args[2:]
		}
		if strings.HasPrefix(want, "no C compiler") {
			args[len(args)-1] = filepath.Join(t.TempDir(), "x.so")
		}
		stdout, stderr, ps := output(t, env, args...)
		if ps.ExitCode() != 2 || !strings.Contains(stderr, want) || !strings.HasPrefix(stderr, "keepatch: ") ||
			strings.Count(stderr, "\n") != 1 || stdout != "" {
			t.Errorf("%q: status %d, stdout %q, stderr %q; want 2 and one line with %q", args, ps.ExitCode(), stdout, stderr, want)
		}
	}
}

// TestRunTransparent compares what a program can see of how it was started
// with what env(1) gives it: environment, descriptors, signal mask, directory,
// process group and limits.
func TestRunTransparent(t *testing.T) {
	supervised(t)
	need(t, "sh", "env")
	const script = `env | grep -v '^_=' | sort
ls -l /proc/self/fd | awk '{print $9}' | grep -v '^3$'
grep -E '^(SigBlk|SigIgn|SigCgt)' /proc/self/status
pwd; ulimit -n; ulimit -c; umask
awk '{print $5, $6}' /proc/$$/stat`
	see := func(args ...string) string {
		cmd := exec.Command(args[0], append(args[1:], "sh", "-c", script)...)
		cmd.Env = append(os.Environ(), "LISTEN_PID=1", "ODD=a=b", "EMPTY=")
		f, err := os.Open(os.DevNull)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		cmd.ExtraFiles = []*os.File{f, f, f, f}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	for _, front := range [][]string{
		{"env"},
		{"sh", "-c", `trap '' HUP INT; exec "$@"`, "sh"}, // as nohup, and a shell's background jobs
	} {
		if bare, run := see(append(front, "env")...), see(append(front, keepatch, "run", "--")...); bare != run {
			t.Errorf("%q: under env:\n%s\nunder keepatch run:\n%s", front, bare, run)
		}
	}
}

// TestRunSignals sends signals to the front, to the process group, and by
// name: the program gets each once.
func TestRunSignals(t *testing.T) {
	supervised(t)
	r := &running{}
	begin := func(t *testing.T) int {
		cmd := []string{"setsid", keepatch, "run", "--", compile(t, "sigcount.c", "gcc")}
		need(t, "setsid")
		r = start(t, nil, cmd...)
		r.line("ready")
		return r.cmd.Process.Pid
	}
	count := func() (n int) {
		select { // a busy machine may take its time
		case l := <-r.lines:
			if strings.HasPrefix(l, "signal ") {
				n++
			}
		case <-time.After(10 * time.Second):
		}
		time.Sleep(200 * time.Millisecond)
		for {
			select {
			case l, ok := <-r.lines:
				if !ok {
					return n
				}
				if strings.HasPrefix(l, "signal ") {
					n++
				}
			default:
				return n
			}
		}
	}
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGWINCH, syscall.SIGQUIT} {
		t.Run(sig.String(), func(t *testing.T) {
			pid := begin(t)
			for what, to := range map[string]int{"front": pid, "group": -pid} {
				if err := unix.Kill(to, sig); err != nil {
					t.Fatal(err)
				}
				if n := count(); n != 1 {
					t.Errorf("%v to the %s arrived %d times", sig, what, n)
				}
			}
			if n := r.finish(); n != 0 {
				t.Errorf("exit status %d", n)
			}
		})
	}
}

// helperPID finds keepatch's own process by the role in its command line.
func helperPID(t *testing.T, below int, name string) int {
	t.Helper()
	for _, p := range procfd.Tree(below) {
		if b, err := os.ReadFile("/proc/" + itoa(p) + "/cmdline"); err == nil && strings.HasPrefix(string(b), name+"\x00") {
			return p
		}
	}
	t.Fatalf("no process %s below %d", name, below)
	return 0
}

// TestSupervisorKilled: the front goes on in its place. Connections there are
// live on, new ones are covered, and the status is the program's.
func TestSupervisorKilled(t *testing.T) {
	supervised(t)
	need(t, "python3")
	l := listen(t)
	r := start(t, nil, keepatch, "run", "--idle", "77", "--", "python3", "-c", `
import socket, sys, time
a = ("127.0.0.1", int(sys.argv[1]))
c = socket.create_connection(a)
print("ready", flush=True)
sys.stdin.readline()
began = time.monotonic()
d = socket.create_connection(a)
print("again", d.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE), d.getsockopt(6, 4), int(1000 * (time.monotonic() - began)), flush=True)
sys.exit(5)`, l.port)
	r.line("ready")
	_ = unix.Kill(helperPID(t, r.cmd.Process.Pid, "kp-supervisor"), unix.SIGKILL)
	_, _ = r.stdin.Write([]byte("\n"))
	var on, idle, ms int
	if _, err := fmt.Sscan(r.line("again "), &on, &idle, &ms); err != nil || on != 1 || idle != 77 || ms > 1000 {
		t.Errorf("keepalive %d at %d s after %d ms, want 1 at 77 (%v)", on, idle, ms, err)
	}
	if n := r.finish(); n != 5 {
		t.Errorf("exit status %d, want the program's 5", n)
	}
	if !strings.Contains(r.stderr.String(), "keepatch: the supervisor was killed") {
		t.Errorf("stderr %q does not tell", r.stderr.String())
	}
}

// TestSupervisorKilledUnderLoad: whatever call was in the supervisor's hands is
// answered, and no connection is lost or left without keepalive.
func TestSupervisorKilledUnderLoad(t *testing.T) {
	supervised(t)
	const n = 8000
	prog := compile(t, "gostress", "go build")
	r := start(t, nil, keepatch, "run", "--idle", "77", "--", "sh", "-c", `echo runs; exec "$0" "$@"`, prog, itoa(n), "50")
	r.line("runs")
	time.Sleep(300 * time.Millisecond)
	_ = unix.Kill(helperPID(t, r.cmd.Process.Pid, "kp-supervisor"), unix.SIGKILL)
	if got, want := r.line("accepted "), fmt.Sprintf("%d connected %d failed 0", n, n); got != want {
		t.Errorf("accepted %s, want %s", got, want)
	}
	if n := r.finish(); n != 0 {
		t.Errorf("status %d", n)
	}
}

// TestSupervisorKilledDaemon: what the program left behind is covered all the
// same when the supervisor was killed, by another one.
func TestSupervisorKilledDaemon(t *testing.T) {
	supervised(t)
	need(t, "setsid")
	l := listen(t)
	out := filepath.Join(t.TempDir(), "out")
	r := start(t, nil, keepatch, "run", "--idle", "77", "--", "sh", "-c", `echo ready; read x
setsid python3 -c '
import socket, sys, time
time.sleep(1)
c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
open(sys.argv[2], "w").write("keepalive %d %d." % (c.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE), c.getsockopt(6, 4)))
' "$0" "$1" <&- >&- 2>&- &
exit 4`, l.port, out)
	r.line("ready")
	_ = unix.Kill(helperPID(t, r.cmd.Process.Pid, "kp-supervisor"), unix.SIGKILL)
	time.Sleep(100 * time.Millisecond)
	_, _ = r.stdin.Write([]byte("\n"))
	if n := r.finish(); n != 4 {
		t.Errorf("exit status %d, want the program's 4", n)
	}
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if b, err := os.ReadFile(out); err == nil && strings.HasSuffix(string(b), ".") {
			if string(b) != "keepalive 1 77." {
				t.Errorf("the daemon has %s", b)
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the daemon never connected")
		}
	}
}

// TestFrontKilled: killing the process the caller knows kills the program, as
// if they were one.
func TestFrontKilled(t *testing.T) {
	supervised(t)
	need(t, "sleep")
	r := start(t, nil, keepatch, "run", "--", "sh", "-c", "echo pid $$; exec sleep 60")
	p, err := procfd.Open(atoi(t, r.line("pid ")))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	_ = unix.Kill(r.cmd.Process.Pid, unix.SIGKILL)
	for deadline := time.Now().Add(5 * time.Second); p.Alive(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the program lives on")
		}
	}
	_ = r.wait()
}

// TestDaemon: keepatch ends with the program, and what the program left behind
// is covered all the same, by the supervisor, which ends with the last of them.
func TestDaemon(t *testing.T) {
	supervised(t)
	l := listen(t)
	prog := compile(t, "peer.c", "gcc -pthread")
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	hold, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, nil, keepatch, "run", "--", "sh", "-c",
		`(sleep 0.5; exec "$0" client plain "$1") <"$2" >/dev/null 2>&1 & echo pid $!; echo parent $PPID`, prog, l.port, fifo)
	pid, parent := atoi(t, r.line("pid ")), atoi(t, r.line("parent "))
	began := time.Now()
	if n := r.finish(); n != 0 || time.Since(began) > 400*time.Millisecond {
		t.Errorf("status %d after %v: keepatch waits for the daemon", n, time.Since(began))
	}
	var states int
	for deadline := time.Now().Add(10 * time.Second); states == 0 && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		for _, s := range connections(t, pid, l.port) {
			states++
			if !s.KeepAlive {
				t.Error("the daemon's connection has no keepalive")
			}
		}
	}
	if states == 0 {
		t.Error("the daemon never connected")
	}
	hold.Close() // the end of its input is the daemon's end
	for deadline := time.Now().Add(5 * time.Second); unix.Kill(parent, 0) == nil && stat(parent) != "Z"; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the supervisor outlives the last process")
		}
	}
}

// TestStreams: a pipe ends when the program closes it, not when keepatch ends.
func TestStreams(t *testing.T) {
	supervised(t)
	r := start(t, nil, keepatch, "run", "--", "sh", "-c", "echo ready; exec >&-; read x")
	r.line("ready")
	select {
	case _, ok := <-r.lines:
		if ok {
			t.Error("more output")
		}
	case <-time.After(5 * time.Second):
		t.Error("standard output is held open")
	}
	r.finish()
}

// TestInheritedListener covers what a program is born with (systemd's socket
// activation), which it never calls listen on, and keeps LISTEN_PID right.
func TestInheritedListener(t *testing.T) {
	supervised(t)
	need(t, "python3")
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
	c := dial(t, portOf(l)) // queued already: only the accepted socket itself could be set
	_ = c
	cmd := exec.Command("sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" run --idle 44 --no-accept -- python3 -c '
import os, socket, sys
l = socket.socket(fileno=3)
sys.stdin.readline()
l.accept()
a, _ = l.accept()
print(int(os.environ["LISTEN_PID"]) == os.getpid(), a.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE), a.getsockopt(6, 4))'`, keepatch)
	cmd.ExtraFiles = []*os.File{f}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(500 * time.Millisecond)
	dial(t, portOf(l))
	_, _ = in.Write([]byte("\n"))
	if err := cmd.Wait(); err != nil || out.String() != "True 1 44\n" {
		t.Errorf("%q, want LISTEN_PID right and keepalive at 44 s (%v)\n%s", out.String(), err, errs.String())
	}
}

// TestOtherSockets: what is no TCP stays as it is, and MPTCP is covered.
func TestOtherSockets(t *testing.T) {
	supervised(t)
	need(t, "python3")
	out, stderr, ps := output(t, nil, "run", "--idle", "44", "--user-timeout", "9000", "--", "python3", "-c", `
import socket
l = socket.socket(); l.bind(("127.0.0.1", 0)); l.listen()
def show(name, s): print(name, s.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))
u = socket.socket(type=socket.SOCK_DGRAM); u.connect(l.getsockname()); show("udp", u)
x = socket.socket(socket.AF_UNIX); x.bind("\0keepatch-test-%d" % id(x)); x.listen(); show("unix", x)
try:
    m = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_CLOEXEC, 262)
    m.connect(l.getsockname()); show("mptcp", m)
except OSError: print("mptcp 1")
s = socket.socket(); s.connect(l.getsockname()); print("tcp", s.getsockopt(6, 4), s.getsockopt(6, 18))
s.setsockopt(6, 4, 5); s.setsockopt(6, 5, 6); print("timers", s.getsockopt(6, 4), s.getsockopt(6, 5))
`)
	const want = "udp 0\nunix 0\nmptcp 1\ntcp 44 9000\ntimers 44 6\n"
	if out != want || ps.ExitCode() != 0 {
		t.Errorf("got %q, want %q\n%s", out, want, stderr)
	}
}

// TestSwitchedOff: KEEPALIVE=off leaves the program alone, and any flag wins.
func TestSwitchedOff(t *testing.T) {
	supervised(t)
	need(t, "python3")
	const script = `import socket
l = socket.socket(); l.bind(("127.0.0.1", 0)); l.listen()
print(l.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE), l.getsockopt(6, 4))`
	for _, c := range []struct {
		want string
		env  []string
		args []string
	}{
		{"0 7200\n", []string{"KEEPALIVE=OFF", "KEEPIDLE=33"}, nil},
		{"1 33\n", []string{"KEEPALIVE=skip", "KEEPIDLE= 33"}, nil},
		{"1 55\n", []string{"KEEPALIVE=off"}, []string{"--idle", "55"}},
		{"1 55\n", []string{"KEEPIDLE=33"}, []string{"--idle", "55"}},
	} {
		args := append(append([]string{"run"}, c.args...), "--", "python3", "-c", script)
		if out, stderr, _ := output(t, c.env, args...); out != c.want {
			t.Errorf("%v %v: %q, want %q\n%s", c.env, c.args, out, c.want, stderr)
		}
	}
}

// TestUnprivileged runs as another user, which takes no_new_privs and, under
// Yama, being the target's ancestor.
func TestUnprivileged(t *testing.T) {
	supervised(t)
	need(t, "python3")
	if os.Geteuid() != 0 {
		t.Skip("only root can become another user")
	}
	cmd := exec.Command(keepatch, "run", "--", "sh", "-c", `grep NoNewPrivs /proc/self/status; exec /usr/bin/env python3 -c '
import socket
l = socket.socket(); l.bind(("127.0.0.1", 0)); l.listen()
print(l.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))'`)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	cmd.Env = []string{"PATH=/usr/bin:/bin"}
	if _, err := os.Stat("/usr/bin/python3"); err != nil {
		t.Skip("no /usr/bin/python3 for another user")
	}
	out, err := cmd.CombinedOutput()
	if err != nil || string(out) != "NoNewPrivs:\t1\n1\n" {
		t.Errorf("%q, %v", out, err)
	}
}

// TestKilledEarly: whenever keepatch is killed, nothing of it and of the program
// is left.
func TestKilledEarly(t *testing.T) {
	supervised(t)
	need(t, "sleep")
	mark := itoa(1e6 + os.Getpid())
	for i := range 60 {
		cmd := exec.Command(keepatch, "run", "--", "sleep", mark)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(i) * 700 * time.Microsecond)
		sig := []unix.Signal{unix.SIGKILL, unix.SIGINT}[i%2]
		_ = cmd.Process.Signal(sig)
		_ = cmd.Wait()
		if ws := cmd.ProcessState.Sys().(syscall.WaitStatus); !ws.Signaled() || ws.Signal() != syscall.Signal(sig) {
			t.Errorf("killed by %v: %v", sig, cmd.ProcessState)
		}
	}
	left := func() (found []string) {
		pids, _ := procfd.All()
		for _, pid := range pids {
			if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil && bytes.Contains(b, []byte("\x00"+mark+"\x00")) {
				found = append(found, string(bytes.ReplaceAll(b, []byte{0}, []byte{' '})))
			}
		}
		return found
	}
	for deadline := time.Now().Add(10 * time.Second); len(left()) > 0 && time.Now().Before(deadline); {
		time.Sleep(50 * time.Millisecond)
	}
	if l := left(); len(l) > 0 {
		t.Errorf("left: %q", l)
	}
}
