//go:build linux && (amd64 || arm64)

package preload_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// hungFile gives a file whose server (FUSE) opens it and answers nothing else:
// a close of it hangs in FUSE_FLUSH.
func hungFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hung")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	dev, err := unix.Open("/dev/fuse", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skipf("no FUSE here: %v", err)
	}
	options := fmt.Sprintf("fd=%d,rootmode=100644,user_id=0,group_id=0,allow_other", dev)
	if err := unix.Mount("hung", path, "fuse", 0, options); err != nil {
		unix.Close(dev)
		t.Skipf("FUSE cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		_ = unix.Unmount(path, unix.MNT_DETACH) // requests that wait are ended
		unix.Close(dev)
	})
	// struct fuse_in_header and its answers, linux/fuse.h.
	go func() {
		buf := make([]byte, 1<<17)
		for {
			n, err := unix.Read(dev, buf)
			if err != nil || n < 40 {
				return
			}
			var body []byte
			switch binary.LittleEndian.Uint32(buf[4:]) {
			case 26: // FUSE_INIT
				body = make([]byte, 64)
				binary.LittleEndian.PutUint32(body, 7)
				binary.LittleEndian.PutUint32(body[4:], 31)
				binary.LittleEndian.PutUint32(body[20:], 4096)
			case 14: // FUSE_OPEN
				body = make([]byte, 16)
			case 3: // FUSE_GETATTR
				body = make([]byte, 104)
				binary.LittleEndian.PutUint64(body[16:], 1)
				binary.LittleEndian.PutUint32(body[16+60:], unix.S_IFREG|0o644)
				binary.LittleEndian.PutUint32(body[16+64:], 1)
			default:
				continue
			}
			head := make([]byte, 16)
			binary.LittleEndian.PutUint32(head, uint32(16+len(body)))
			copy(head[8:], buf[8:16])
			_, _ = unix.Write(dev, append(head, body...))
		}
	}()
	return path
}

// honest is a client that connects every few milliseconds for three times the
// given seconds. It prints the longest of its connects, in the best of the three
// (a machine that is busy with other things holds one up now and then, a
// supervisor that is held up does so each time), and how many sockets had no
// keepalive.
const honest = `
import socket, sys, time
a = ("127.0.0.1", int(sys.argv[1]))
print("begun", flush=True)
best, off, n = 1e9, 0, 0
for part in range(3):
    longest, end = 0, time.monotonic() + float(sys.argv[2])
    while time.monotonic() < end:
        s = socket.socket()
        began = time.monotonic()
        s.connect(a)
        longest = max(longest, time.monotonic() - began)
        if not s.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE): off += 1
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        s.close(); n += 1
        time.sleep(0.003)
    best = min(best, longest)
print("longest", int(best * 1000), off, n, flush=True)
`

// accepting is a listener that takes connections and gives them up.
func accepting(t *testing.T) string {
	t.Helper()
	r := start(t, nil, compile(t, "cost.c", "gcc -O2 -pthread"), "serve")
	return r.line("port ")
}

// TestHostile: whatever one child does to hold up the supervisor, another's
// connects take no more than 50 ms longer, and all of them are covered.
func TestHostile(t *testing.T) {
	supervised(t)
	need(t, "python3")
	prog := compile(t, "hostile.c", "gcc -pthread")
	port := accepting(t)
	seconds := 0.6
	if heavy {
		seconds = 20
	}
	for _, c := range []struct {
		name  string
		args  func(t *testing.T) []string
		flags []string
	}{
		{"memory that never comes", func(*testing.T) []string { return []string{"fault", port} }, []string{"--idle", "44"}},
		{"a hung file system", func(t *testing.T) []string { return []string{"file", hungFile(t)} }, nil},
		{"a hung file system, report", func(t *testing.T) []string { return []string{"file", hungFile(t)} }, []string{"--report", "--report-file", os.DevNull}},
		// A server of its own, whose full queue is not the honest client's.
		{"lingering closes", func(t *testing.T) []string { return []string{"linger", accepting(t)} }, nil},
		{"exec storm", func(*testing.T) []string { return []string{"exec"} }, []string{"--report", "--report-file", os.DevNull}},
		{"descriptor storm", func(*testing.T) []string { return []string{"storm"} }, []string{"--report", "--report-file", os.DevNull}},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{keepatch, "run"}, c.flags...)
			args = append(args, "--", "sh", "-c", `"$@" & hostile=$!; trap 'kill -9 $hostile' EXIT; sleep 0.3; python3 -c "$CLIENT" "$PORT" "$TIME"; kill -0 $hostile && echo still`,
				"sh", prog)
			r := start(t, []string{"CLIENT=" + honest, "PORT=" + port, fmt.Sprint("TIME=", seconds)}, append(args, c.args(t)...)...)
			r.line("begun")
			var longest, off, n int
			if _, err := fmt.Sscan(r.lineWithin("longest ", time.Duration(3*seconds+20)*time.Second), &longest, &off, &n); err != nil {
				t.Fatal(err)
			}
			t.Logf("the longest of %d connects took %d ms", n, longest)
			alone := quiet(t, port)
			if longest > 50+alone || off > 0 || n < 20 {
				t.Errorf("the longest of %d connects took %d ms (%d ms without keepatch), %d without keepalive", n, longest, alone, off)
			}
			r.line("still")
		})
	}
}

// quiet is the longest connect of the same client without keepatch, in ms: this
// machine may be busy with other things.
func quiet(t *testing.T, port string) int {
	t.Helper()
	r := start(t, nil, "python3", "-c", honest, port, "0.5")
	var longest, off, n int
	if _, err := fmt.Sscan(r.line("longest "), &longest, &off, &n); err != nil {
		t.Fatal(err)
	}
	return longest
}

// TestManySockets holds 10,000 connections, all covered.
func TestManySockets(t *testing.T) {
	supervised(t)
	need(t, "python3")
	const n = 10000
	out, stderr, _ := output(t, nil, "run", "--idle", "44", "--", "python3", "-c", fmt.Sprintf(`
import resource, socket
n = %d
try: resource.setrlimit(resource.RLIMIT_NOFILE, (2 * n + 100, 2 * n + 100))
except Exception: print("limit"); raise SystemExit
l = socket.socket(); l.bind(("127.0.0.1", 0)); l.listen(100)
c = []
for i in range(n):
    s = socket.socket(); s.bind(("127.0.0.%%d" %% (2 + i %% 4), 0)); s.connect(l.getsockname()); c += [s, l.accept()[0]]
print(sum(s.getsockopt(1, 9) and s.getsockopt(6, 4) == 44 for s in c))
`, n))
	if strings.HasPrefix(out, "limit") {
		t.Skip("no 20,000 descriptors here")
	}
	if out != fmt.Sprintln(2*n) {
		t.Errorf("covered: %q of %d\n%s", out, 2*n, stderr)
	}
}

// TestStoppedFront: complaints wait for a front that is stopped, calls do not.
func TestStoppedFront(t *testing.T) {
	supervised(t)
	need(t, "python3")
	port := accepting(t)
	r := start(t, nil, keepatch, "run", "--", "sh", "-c", `echo runs; read x; exec python3 -c "$0" "$1" 0.3`, honest, port)
	pid := r.cmd.Process.Pid
	r.line("runs") // which takes the front's word
	_ = unix.Kill(pid, unix.SIGSTOP)
	defer func() { _ = unix.Kill(pid, unix.SIGCONT) }()
	_, _ = r.stdin.Write([]byte("\n"))
	r.line("longest ")
}
