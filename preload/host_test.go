//go:build linux && (amd64 || arm64)

package preload_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/host"
)

// cell is a cgroup of a test's own, with a BPF file system of its own.
type cell struct {
	t           testing.TB
	path, bpffs string
}

// newCell skips where this machine has no BPF for us, and says why.
func newCell(t testing.TB) *cell {
	t.Helper()
	c, why := tryCell(t)
	if why != "" {
		t.Skip(why)
	}
	return c
}

func tryCell(t testing.TB) (c *cell, why string) {
	t.Helper()
	root, err := host.Root()
	if err != nil {
		return nil, err.Error()
	}
	c = &cell{t: t, path: filepath.Join(root, fmt.Sprintf("keepatch-test-%d-%d", os.Getpid(), time.Now().UnixNano())), bpffs: t.TempDir()}
	if err := os.Mkdir(c.path, 0o755); err != nil {
		return nil, fmt.Sprintf("no cgroup can be made here: %v", err)
	}
	t.Cleanup(func() {
		_ = unix.Unmount(c.bpffs, unix.MNT_DETACH)
		// What ran in it is about to be reaped.
		for range 100 {
			if os.Remove(c.path) == nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	_, stderr, ps := output(t, nil, "host", "enable", "--cgroup", c.path, "--bpffs", c.bpffs)
	if ps.ExitCode() != 0 {
		if strings.Contains(stderr, "is refused") || strings.Contains(stderr, "this kernel") || strings.Contains(stderr, "no BPF file system") {
			return nil, strings.TrimSpace(stderr)
		}
		t.Fatalf("%s", stderr)
	}
	return c, ""
}

// host runs a command of keepatch host for the cell.
func (c *cell) host(args ...string) (stdout, stderr string, status int) {
	c.t.Helper()
	args = append([]string{"host", args[0], "--bpffs", c.bpffs}, args[1:]...)
	if args[1] != "status" && args[1] != "report" {
		args = append(args, "--cgroup", c.path)
	}
	out, errs, ps := output(c.t, nil, args...)
	return out, errs, ps.ExitCode()
}

func (c *cell) enable(flags ...string) {
	c.t.Helper()
	if _, stderr, status := c.host(append([]string{"enable"}, flags...)...); status != 0 {
		c.t.Fatalf("enable %v: status %d, %s", flags, status, stderr)
	}
}

// in is a command line that runs a program in the cell.
func (c *cell) in(program ...string) []string {
	return append([]string{"sh", "-c", `echo $$ > "$0"/cgroup.procs; exec "$@"`, c.path}, program...)
}

func (c *cell) output(program ...string) string {
	c.t.Helper()
	args := c.in(program...)
	out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
	if err != nil {
		c.t.Fatalf("%v: %v\n%s", program, err, out)
	}
	return string(out)
}

func (c *cell) state() host.State {
	c.t.Helper()
	out, stderr, _ := c.host("status", "--json")
	var states []host.State
	if err := json.Unmarshal([]byte(out), &states); err != nil {
		c.t.Fatalf("%v\n%s%s", err, out, stderr)
	}
	for _, s := range states {
		if s.Cgroup == c.path {
			return s
		}
	}
	return host.State{}
}

// TestHost covers both ends of a connection, with the timers binding, and stops
// doing so when it is disabled, without leaving anything behind.
func TestHost(t *testing.T) {
	need(t, "python3")
	c := newCell(t)
	c.enable("--loopback", "--idle", "44", "--interval", "7")
	if stdout, stderr, status := c.host("report"); status != 0 || stdout != "" || !strings.Contains(stderr, "no connection was made") {
		t.Errorf("report before any: %d, %q, %q", status, stdout, stderr)
	}
	const program = `
import socket as s
l = s.socket(); l.bind(("127.0.0.1", 0)); l.listen()
c = s.create_connection(l.getsockname())
a, _ = l.accept()
for x in (c, a): x.setsockopt(6, 4, 5)
print(*[x.getsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE) for x in (c, a)], *[x.getsockopt(6, o) for x in (c, a) for o in (4, 5, 6)])
try: c.setsockopt(6, 4, 0); print("taken")
except OSError: print("refused")`
	if out := c.output("python3", "-c", program); out != "1 1 44 7 9 44 7 9\nrefused\n" {
		t.Errorf("enabled: %q", out)
	}
	if s := c.state(); s.Set != 2 || s.Replaced != 2 || s.Own != 0 || s.Failed != 0 || len(s.Ports) != 2 || s.Settings.Options.Idle != 44 {
		t.Errorf("status: %+v", s)
	}
	if out, _, _ := c.host("report"); strings.Count(out, c.path) != 2 || !strings.Contains(out, "accepted") {
		t.Errorf("report: %q", out)
	}
	c.enable("--loopback", "--idle", "55") // in place of the first
	if out := c.output("python3", "-c", program); !strings.HasPrefix(out, "1 1 55 75 9 ") {
		t.Errorf("enabled anew: %q", out)
	}
	if _, stderr, status := c.host("disable"); status != 0 {
		t.Errorf("disable: status %d, %s", status, stderr)
	}
	if out := c.output("python3", "-c", program); !strings.HasPrefix(out, "0 0 5 ") {
		t.Errorf("disabled: %q", out)
	}
	if left, err := os.ReadDir(filepath.Join(c.bpffs, "keepatch")); !os.IsNotExist(err) {
		t.Errorf("left behind: %v (%v)", left, err)
	}
	const nowhere = "keepatch: host: keepalive is on nowhere (keepatch host enable turns it on)\n"
	for _, ask := range []string{"status", "report"} {
		if stdout, stderr, status := c.host(ask); status != 0 || stdout != "" || stderr != nowhere {
			t.Errorf("%s: %d, %q, %q", ask, status, stdout, stderr)
		}
	}
	for _, ask := range [][]string{{"status", "--json"}, {"status", "--format", "json"}, {"report", "--format=json"}} {
		if stdout, stderr, status := c.host(ask...); status != 0 || stdout != "[]\n" || stderr != "" {
			t.Errorf("%v: %d, %q, %q", ask, status, stdout, stderr)
		}
	}
	if _, stderr, status := c.host("disable"); status != 2 || !strings.Contains(stderr, "nothing is enabled") {
		t.Errorf("disabled twice: status %d, %q", status, stderr)
	}
}

// TestHostPrograms covers what other ways reach in part or not at all; the
// kinds of programs are in TestMatrix.
func TestHostPrograms(t *testing.T) {
	t.Run("io_uring", func(t *testing.T) {
		c := newCell(t)
		c.enable("--loopback", "--idle", itoa(wantIdle))
		l := listen(t)
		prog := compile(t, "uring.c", "gcc")
		if probe := exec.Command(prog, l.port); probe.Run() != nil && probe.ProcessState.ExitCode() == 77 {
			t.Skip("the kernel has no io_uring for us")
		}
		r := start(t, nil, c.in(prog, l.port)...)
		r.line("ready")
		if s := connections(t, r.cmd.Process.Pid, l.port); len(s) == 0 || !s[0].KeepAlive || s[0].Idle != wantIdle {
			t.Errorf("%v", s)
		}
		r.finish()
	})
	t.Run("MPTCP", func(t *testing.T) {
		need(t, "python3")
		c := newCell(t)
		c.enable("--loopback", "--idle", itoa(wantIdle))
		out := c.output("python3", "-c", `
import socket as s
try: l = s.socket(s.AF_INET, s.SOCK_STREAM, 262)
except OSError: print("none"); raise SystemExit
l.bind(("127.0.0.1", 0)); l.listen()
c = s.socket(s.AF_INET, s.SOCK_STREAM, 262); c.connect(l.getsockname()); a, _ = l.accept()
print("made")`)
		if out == "none\n" {
			t.Skip("the kernel has no MPTCP")
		}
		// The options are those of the subflows, which no descriptor shows.
		if s := c.state(); s.Set < 2 || s.Failed != 0 {
			t.Errorf("status: %+v", s)
		}
	})
}

// TestHostPolicy: what the policy chooses is covered and nothing else is, over
// IPv4, IPv6 and IPv4 in an IPv6 socket.
func TestHostPolicy(t *testing.T) {
	need(t, "python3")
	c := newCell(t)
	// One connection over each family; prints port and the options of the client.
	const program = `
import socket as s, sys
own = sys.argv[1:]
for family, to in ((s.AF_INET, "127.0.0.1"), (s.AF_INET6, "::1"), (s.AF_INET6, "::ffff:127.0.0.2")):
    lf = s.AF_INET if "127" in to else s.AF_INET6
    l = s.socket(lf); l.setsockopt(s.SOL_SOCKET, s.SO_REUSEADDR, 1); l.bind(("127.0.0.2" if "0.2" in to else to, int(own[0]) if own else 0)); l.listen()
    x = s.socket(family)
    if len(own) > 1: x.setsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE, 1); x.setsockopt(6, 4, int(own[1]))
    x.connect((to, l.getsockname()[1]))
    print(x.getsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE), x.getsockopt(6, 4), end=" ")`
	for _, k := range []struct {
		name  string
		flags []string
		args  []string
		want  string
	}{
		{"loopback is left out", nil, nil, "0 7200 0 7200 0 7200 "},
		{"port", []string{"--loopback", "--ports", "1-5,17311"}, []string{"17311"}, "1 44 1 44 1 44 "},
		{"range", []string{"--loopback", "--ports", "17300-17320"}, []string{"17311"}, "1 44 1 44 1 44 "},
		{"other ports", []string{"--loopback", "--ports", "1,17312-17320"}, []string{"17311"}, "0 7200 0 7200 0 7200 "},
		{"IPv4 peers", []string{"--loopback", "--peers", "10.0.0.0/8,127.0.0.0/30"}, nil, "1 44 0 7200 1 44 "},
		{"one IPv4 peer", []string{"--loopback", "--peers", "127.0.0.2"}, nil, "0 7200 0 7200 1 44 "},
		{"IPv6 peers", []string{"--loopback", "--peers", "::/64"}, nil, "0 7200 1 44 0 7200 "},
		{"everybody", []string{"--loopback", "--peers", "0.0.0.0/0,::/0"}, nil, "1 44 1 44 1 44 "},
		{"interface", []string{"--loopback", "--interfaces", "lo"}, nil, "1 44 1 44 1 44 "},
		{"only off", []string{"--loopback", "--only-off"}, []string{"0", "9"}, "1 44 1 44 1 44 "},
		{"never lengthen", []string{"--loopback", "--never-lengthen"}, []string{"0", "9"}, "1 9 1 9 1 9 "},
		{"never lengthen, longer", []string{"--loopback", "--never-lengthen"}, []string{"0", "99"}, "1 44 1 44 1 44 "},
	} {
		t.Run(k.name, func(t *testing.T) {
			c.enable(append([]string{"--idle", "44"}, k.flags...)...)
			want := k.want
			if k.name == "interface" { // 127.0.0.2 is no address of lo's, only within its network
				want = "1 44 1 44 1 44 "
			}
			out := c.output(append([]string{"python3", "-c", program}, k.args...)...)
			if out != want {
				t.Errorf("%q, want %q", out, want)
			}
			if strings.Contains(k.want, "7200") && c.state().Left == 0 {
				t.Error("what is left alone is not counted")
			}
		})
	}
	c.enable("--loopback", "--only-off")
	if out := c.output("python3", "-c", program, "0", "9"); out != "1 9 1 9 1 9 " || c.state().Own == 0 {
		t.Errorf("only where off: %q, %+v", out, c.state())
	}
}

// TestHostGone: a cgroup that is removed takes everything with it but the pins,
// which the next command clears.
func TestHostGone(t *testing.T) {
	gone := func(t *testing.T) *cell {
		c := newCell(t)
		if err := os.Remove(c.path); err != nil {
			t.Fatal(err)
		}
		if s := c.state(); !s.Gone {
			t.Errorf("status: %+v", s)
		}
		return c
	}
	for _, flags := range [][]string{{"--everything"}, {"--cgroup", ""}} {
		c := gone(t)
		if len(flags) == 2 {
			flags[1] = c.path
		}
		args := append([]string{"host", "disable", "--bpffs", c.bpffs}, flags...)
		if _, stderr, ps := output(t, nil, args...); ps.ExitCode() != 0 {
			t.Errorf("disable: %s", stderr)
		}
		if _, err := os.Stat(filepath.Join(c.bpffs, "keepatch")); !os.IsNotExist(err) {
			t.Errorf("%v: left behind (%v)", flags, err)
		}
	}
	c := gone(t)
	if err := os.Mkdir(c.path, 0o755); err != nil {
		t.Fatal(err)
	}
	c.enable("--idle", "5")
	if entries, err := os.ReadDir(filepath.Join(c.bpffs, "keepatch")); err != nil || len(entries) != 1 {
		t.Errorf("after enable: %v, %v", entries, err)
	}
}

// TestHostRefused: mistakes and missing rights are one line and status 2.
func TestHostRefused(t *testing.T) {
	for want, args := range map[string][]string{
		"name one of --unit, --container":    {"enable", "--idle", "5"},
		"is not a port":                      {"enable", "--all", "--ports", "x"},
		"is not an address":                  {"enable", "--all", "--peers", "x"},
		"--idle 0 is out of range":           {"enable", "--all", "--idle", "0"},
		"there is no cgroup":                 {"enable", "--cgroup", "no/such/group"},
		"is not in the cgroup v2 hierarchy":  {"enable", "--cgroup", "/etc"},
		"it does not run":                    {"enable", "--unit", "no-such-unit"},
		"container abcdef has no cgroup":     {"enable", "--container", "abcdef"},
		"no such command: frob":              {"frob"},
		"enable, disable, status, report or": {},
		"name one unit":                      {"unit"},
	} {
		if _, err := host.Root(); err != nil && strings.Contains(strings.Join(args, " "), "--") {
			continue
		}
		_, stderr, ps := output(t, nil, append([]string{"host"}, args...)...)
		if ps.ExitCode() != 2 || !strings.Contains(stderr, want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: status %d, %q, want %q", args, ps.ExitCode(), stderr, want)
		}
	}
	if os.Geteuid() != 0 {
		return
	}
	c := newCell(t)
	cmd := exec.Command(keepatch, "host", "enable", "--cgroup", c.path, "--bpffs", c.bpffs)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, _ := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 2 || strings.Count(string(out), "\n") != 1 || !strings.Contains(string(out), "root is needed") {
		t.Errorf("as nobody: status %d, %q", cmd.ProcessState.ExitCode(), out)
	}
}

// TestHostUnit: the drop-in names the unit, the settings, and undoes itself.
func TestHostUnit(t *testing.T) {
	out, stderr, ps := output(t, nil, "host", "unit", "--idle", "60", "--never-lengthen", "nginx")
	for _, want := range []string{
		"nginx.service.d/keepatch.conf", "[Service]\n",
		"ExecStartPre=+" + keepatch + " host enable --unit %n --idle=60 --never-lengthen=true\n",
		"ExecStopPost=-+" + keepatch + " host disable --unit %n\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s%s", want, out, stderr)
		}
	}
	if ps.ExitCode() != 0 {
		t.Errorf("status %d", ps.ExitCode())
	}
}

// TestAttachCgroup sets the sockets that are older than the programs, by cgroup
// and by port.
func TestAttachCgroup(t *testing.T) {
	c := newCell(t)
	l, other := listen(t), listen(t)
	prog := compile(t, "peer.c", "gcc -pthread")
	c.host("disable")
	for _, port := range []string{l.port, other.port} {
		start(t, nil, c.in(prog, "client", "plain", port)...).line("ready")
	}
	out, stderr, ps := output(t, nil, "attach", "--cgroup", c.path, "--port", l.port, "--idle", "50")
	if ps.ExitCode() != 0 || strings.Count(out, "\n") != 1 || !strings.Contains(out, "off => on 50/") {
		t.Errorf("by port: status %d, %q, %q", ps.ExitCode(), out, stderr)
	}
	out, stderr, ps = output(t, nil, "attach", "--cgroup", c.path, "--idle", "51")
	if ps.ExitCode() != 0 || strings.Count(out, "=> on 51/") != 2 {
		t.Errorf("by cgroup: status %d, %q, %q", ps.ExitCode(), out, stderr)
	}
}
