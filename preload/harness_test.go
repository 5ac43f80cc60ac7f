//go:build linux && (amd64 || arm64)

package preload_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/tcpopt"
)

// keepatch is the binary under test, built once: run starts copies of its own
// binary, so it cannot be called in the test's process.
var keepatch string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "keepatch-test-*")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		// Tests as another user must get at it.
		if err := os.Chmod(dir, 0o755); err != nil {
			panic(err)
		}
		keepatch = filepath.Join(dir, "keepatch")
		if out, err := exec.Command("go", "build", "-o", keepatch, "./cmd-trial").CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
			return 1
		}
		for _, name := range []string{"KEEPALIVE", "KEEPIDLE", "KEEPINTVL", "KEEPCNT", "KEEPUSERTIMEOUT", "LD_PRELOAD", "CC"} {
			os.Unsetenv(name)
		}
		// python3 may be a wrapper, a shell script that starts others.
		if real, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output(); err == nil {
			os.Setenv("PATH", filepath.Dir(strings.TrimSpace(string(real)))+":"+os.Getenv("PATH"))
		}
		return m.Run()
	}())
}

// supervised skips a test where this machine refuses the supervisor.
func supervised(t testing.TB) {
	t.Helper()
	out, err := exec.Command(keepatch, "run", "--", "true").CombinedOutput()
	if err != nil && bytes.Contains(out, []byte("cannot be supervised")) {
		t.Skipf("%s", bytes.TrimSpace(out))
	}
}

// need skips a test where a program is not installed.
func need(t testing.TB, names ...string) {
	t.Helper()
	for _, n := range names {
		if _, err := exec.LookPath(n); err != nil {
			t.Skipf("%s is not installed", n)
		}
	}
}

var built sync.Map

// compile builds testdata/source with a compiler and its flags, once for all
// tests of a run, and skips where the machine cannot.
func compile(t testing.TB, source, command string) string {
	t.Helper()
	words := strings.Fields(command)
	need(t, words[0])
	key := source + " " + command
	if path, ok := built.Load(key); ok {
		return path.(string)
	}
	out := filepath.Join(filepath.Dir(keepatch), fmt.Sprintf("bin-%x", key))
	if len(filepath.Base(out)) > 200 {
		out = out[:len(filepath.Dir(out))+200]
	}
	args := append(words[1:], "-o", out, filepath.Join("testdata", source))
	if words[0] == "go" {
		args = append(words[1:], "-o", out, "./"+filepath.Join("testdata", source))
	}
	if text, err := exec.Command(words[0], args...).CombinedOutput(); err != nil {
		t.Skipf("%s cannot build %s: %v\n%s", command, source, err, text)
	}
	if slices.Contains(words, "-m32") {
		probe := exec.Command(out)
		switch err := probe.Start(); {
		case errors.Is(err, syscall.ENOEXEC):
			t.Skip("this machine does not run 32-bit programs")
		case err == nil:
			_ = probe.Process.Kill()
			_ = probe.Wait()
		}
	}
	built.Store(key, out)
	return out
}

// library compiles the shim, once.
func library(t testing.TB) string {
	t.Helper()
	need(t, "cc")
	out := filepath.Join(filepath.Dir(keepatch), "libkeepatch.so")
	if _, err := os.Stat(out); err == nil {
		return out
	}
	if text, err := exec.Command(keepatch, "preload", "-o", out).CombinedOutput(); err != nil {
		t.Fatalf("keepatch preload: %v\n%s", err, text)
	}
	return out
}

// libkeepalive finds Debian's libkeepalive0.
func libkeepalive(t testing.TB) string {
	t.Helper()
	const path = "/usr/lib/libkeepalive.so.0"
	if _, err := os.Stat(path); err != nil {
		t.Skip("libkeepalive0 is not installed")
	}
	return path
}

// running is a started program whose output the test reads line by line.
type running struct {
	t      testing.TB
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	lines  chan string
	stderr bytes.Buffer
	mu     sync.Mutex
	waited bool
	err    error
}

// start runs a program; it is killed with its tree at the test's end.
func start(t testing.TB, env []string, args ...string) *running {
	t.Helper()
	r := &running{t: t, cmd: exec.Command(args[0], args[1:]...), lines: make(chan string, 1024)}
	r.cmd.Env = append(os.Environ(), env...)
	r.cmd.Stderr = &r.stderr
	var err error
	if r.stdin, err = r.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	// A pipe of our own: StdoutPipe's would be closed by Wait.
	out, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.cmd.Stdout = w
	// A supervisor that outlives the program must not hold Wait up.
	r.cmd.WaitDelay = 5 * time.Second
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	go func() {
		sc := bufio.NewScanner(out)
		for sc.Scan() {
			r.lines <- sc.Text()
		}
		out.Close()
		close(r.lines)
	}()
	t.Cleanup(func() {
		if r.done() {
			return
		}
		for _, pid := range procfd.Tree(r.cmd.Process.Pid) {
			_ = unix.Kill(pid, unix.SIGKILL)
		}
		_ = r.wait()
	})
	return r
}

func (r *running) done() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.waited
}

func (r *running) wait() error {
	err := r.cmd.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.waited {
		r.waited, r.err = true, err
	}
	return r.err
}

// line waits for a line that begins with prefix and gives the rest of it.
func (r *running) line(prefix string) string {
	r.t.Helper()
	return r.lineWithin(prefix, 20*time.Second)
}

// lineWithin is line for what takes its time.
func (r *running) lineWithin(prefix string, d time.Duration) string {
	r.t.Helper()
	timeout := time.After(d)
	for {
		select {
		case l, ok := <-r.lines:
			if !ok {
				_ = r.wait()
				r.t.Fatalf("%v ended before it printed %q: %v\n%s", r.cmd.Args, prefix, r.err, r.stderr.String())
			}
			if rest, ok := strings.CutPrefix(l, prefix); ok {
				return strings.TrimSpace(rest)
			}
		case <-timeout:
			r.t.Fatalf("%v did not print %q", r.cmd.Args, prefix)
		}
	}
}

// finish closes the standard input and gives the exit status.
func (r *running) finish() int {
	r.t.Helper()
	r.stdin.Close()
	ended := make(chan struct{})
	go func() { _ = r.wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		r.t.Fatalf("%v does not end", r.cmd.Args)
	}
	return r.cmd.ProcessState.ExitCode()
}

// peer is the other end of a connection, in the test itself.
type peer struct{ port string }

// listen accepts and holds connections until the test ends.
func listen(t testing.TB) peer {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
		}
	}()
	return peer{strconv.Itoa(l.Addr().(*net.TCPAddr).Port)}
}

// dial connects to a port of a program under test and holds the connection.
func dial(t testing.TB, port string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp4", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// connections reads, from outside, the options of every connected TCP socket
// that the tree below pid holds; port is one end's. keepatch's own processes
// hold none.
func connections(t testing.TB, pid int, port string) []tcpopt.State {
	t.Helper()
	var states []tcpopt.State
	seen := map[uint64]bool{}
	for _, p := range procfd.Tree(pid) {
		proc, err := procfd.Open(p)
		if err != nil {
			continue
		}
		fds, _ := procfd.Sockets(p)
		for _, fd := range fds {
			dup, err := proc.Dup(fd)
			if err != nil {
				t.Skipf("pidfd_getfd is refused here: %v", err)
			}
			s, ok := tcpopt.Open(dup)
			local, remote := "", ""
			if ok {
				local, remote = s.Addrs()
			}
			if remote != "-" && !seen[s.Cookie] && (strings.HasSuffix(local, ":"+port) || strings.HasSuffix(remote, ":"+port)) {
				seen[s.Cookie] = true
				st, err := s.State()
				if err != nil {
					t.Error(err)
				}
				states = append(states, st)
			}
			unix.Close(dup)
		}
		proc.Close()
	}
	return states
}

func itoa(n int) string { return strconv.Itoa(n) }

func atoi(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func portOf(l net.Listener) string { return itoa(l.Addr().(*net.TCPAddr).Port) }

// stat is the state letter of a process, "" when it is gone.
func stat(pid int) string {
	b, err := os.ReadFile("/proc/" + itoa(pid) + "/stat")
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	return rest[:min(1, len(rest))]
}
