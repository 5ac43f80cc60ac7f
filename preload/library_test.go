//go:build linux && (amd64 || arm64)

package preload_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// underLibrary is the command line of run --library.
func underLibrary(t testing.TB, flags ...string) []string {
	t.Helper()
	return append(append([]string{keepatch, "run", "--library", "--shim", library(t)}, flags...), "--")
}

// bothAfterLine is the program both, after a line on standard input.
const bothAfterLine = `print("begun", flush=True); input()` + both

// TestLibraryPasses stops the supervisor: what the library does needs none, with
// the options that were asked for, and with those that the program sets itself.
func TestLibraryPasses(t *testing.T) {
	supervised(t)
	need(t, "python3")
	deny := compile(t, "deny.c", "gcc")
	for _, c := range []struct {
		name   string
		prefix []string
		flags  []string
		want   string
	}{
		{"no timers", nil, nil, "1 1 1 5 5 5"},
		{"timers", nil, []string{"--idle", "44", "--interval", "9", "--count", "4", "--user-timeout", "7000"}, "1 1 1 44 44 44"},
		{"no accept", nil, []string{"--no-accept", "--idle", "44"}, "1 1 1 44 44 44"},
		{"no ptrace", []string{deny, "pidfd_getfd"}, []string{"--idle", "44"}, "1 1 1 44 44 44"},
	} {
		t.Run(c.name, func(t *testing.T) {
			// Settings of the environment and of the run are not mixed.
			env := []string{"KEEPALIVE=", "KEEPIDLE="}
			r := start(t, env, append(append(c.prefix, underLibrary(t, c.flags...)...), "python3", "-c", bothAfterLine)...)
			r.line("begun")
			front := r.cmd.Process.Pid
			supervisor := helperPID(t, front, "kp-supervisor")
			if err := unix.Kill(supervisor, unix.SIGSTOP); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = unix.Kill(supervisor, unix.SIGCONT) }()
			if _, err := r.stdin.Write([]byte("\n")); err != nil {
				t.Fatal(err)
			}
			if got := r.line(""); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			_ = unix.Kill(supervisor, unix.SIGCONT)
			if status := r.finish(); status != 0 || r.stderr.Len() > 0 {
				t.Errorf("status %d\n%s", status, r.stderr.String())
			}
		})
	}
}

// TestLibraryLeaves: what the library does not reach or cannot do is the
// supervisor's, and nothing is said of it.
func TestLibraryLeaves(t *testing.T) {
	supervised(t)
	need(t, "python3", "env")
	deny, lib := compile(t, "deny.c", "gcc"), library(t)
	stale := []string{"LD_PRELOAD=" + lib, "KEEPATCH_RUN=1,8000000000000001,5,0,0,0,0"}
	for name, c := range map[string]struct {
		env, args []string
	}{
		"environment cleared":       {nil, append(underLibrary(t, "--idle", "44"), "env", "-i", "PATH="+os.Getenv("PATH"), "python3", "-c", both)},
		"without setsockopt":        {nil, append(underLibrary(t, "--idle", "44"), deny, "setsockopt", "python3", "-c", strings.ReplaceAll(both, "for x in (l, c, a): x.setsockopt(6, 4, 5)", ""))},
		"the variable of another":   {stale, []string{keepatch, "run", "--idle", "44", "--", "python3", "-c", both}},
		"a variable that is none":   {nil, append(underLibrary(t, "--idle", "44"), "env", "KEEPATCH_RUN=1,x", "KEEPIDLE=44", "python3", "-c", both)},
		"another run's in the way":  {stale, append(underLibrary(t, "--idle", "44"), "python3", "-c", both)},
		"settings of the program's": {nil, append(underLibrary(t, "--idle", "44"), "env", "KEEPALIVE=off", "KEEPIDLE=9", "python3", "-c", both)},
		"run below it":              {nil, append(underLibrary(t, "--idle", "44"), keepatch, "run", "--", "python3", "-c", both)},
		"run --library below run":   {nil, append([]string{keepatch, "run", "--idle", "44", "--"}, append(underLibrary(t), "python3", "-c", both)...)},
	} {
		r := start(t, c.env, c.args...)
		if got, want := r.line(""), "1 1 1 44 44 44"; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		if status := r.finish(); status != 0 || r.stderr.Len() > 0 {
			t.Errorf("%s: status %d\n%s", name, status, r.stderr.String())
		}
	}
	// Without keepalive there is nothing to do, and the program is as it was.
	out, stderr, ps := output(t, []string{"KEEPALIVE=off"}, append(underLibrary(t)[1:], "env")...)
	if strings.Contains(out, "LD_PRELOAD") || strings.Contains(out, "KEEPATCH_RUN") || stderr != "" || ps.ExitCode() != 0 {
		t.Errorf("KEEPALIVE=off: %q, %q", out, stderr)
	}
	// What a program is told fails as it does without.
	const failures = `
import errno, socket as s
deaf = s.socket(); deaf.bind(("127.0.0.1", 0)) # nobody listens there
def names(*calls):
    for f in calls:
        try: f(); yield "0"
        except OSError as e: yield errno.errorcode[e.errno]
udp, unix = s.socket(s.AF_INET, s.SOCK_DGRAM), s.socket(s.AF_UNIX)
soon = s.socket(); soon.bind(("127.0.0.1", 0)); soon.listen(); soon.setblocking(False)
print(*names(lambda: s.socket().connect(deaf.getsockname()), lambda: udp.connect(("127.0.0.1", 9)),
    lambda: unix.connect("/nowhere"), lambda: udp.listen(), lambda: soon.accept(), lambda: udp.setsockopt(6, 4, 9),
    lambda: soon.setsockopt(6, 4, -1)))
print(udp.getsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE), unix.getsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE))`
	bare, err := exec.Command("python3", "-c", failures).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, flags := range [][]string{nil, {"--interval", "9"}} {
		out, stderr, _ = output(t, nil, append(underLibrary(t, flags...)[1:], "python3", "-c", failures)...)
		if out != string(bare) {
			t.Errorf("%q, want %q\n%s", out, bare, stderr)
		}
	}
}

// TestLibraryRefused: what the supervisor must see for is refused in one sentence,
// before anything runs.
func TestLibraryRefused(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	lib := library(t)
	for want, flags := range map[string][]string{
		"is in no report":                  {"--report"},
		"in no report":                     {"--expect", "covered"},
		"no report":                        {"--observe"},
		"knows no policy":                  {"--ports", "80"},
		"no policy, it covers every":       {"--only-off"},
		"policy, it covers every":          {"--policy", file("conf", "peers = 10.0.0.0/8\n")},
		"is no library that this keepatch": {"--shim", file("text.so", "text")},
		"no such file":                     {"--shim", filepath.Join(dir, "nothing")},
		"no path with blanks or colons":    {"--shim", file("a b.so", "")},
	} {
		args := append([]string{"run", "--library", "--shim", lib}, append(flags, "--", "echo", "ran")...)
		out, stderr, ps := output(t, nil, args...)
		if ps.ExitCode() != 2 || out != "" || !strings.Contains(stderr, want) || strings.Count(stderr, "\n") != 1 ||
			!strings.HasPrefix(stderr, "keepatch: run: --library: ") {
			t.Errorf("%v: status %d, %q, %q", flags, ps.ExitCode(), out, stderr)
		}
	}
	cache := []string{"XDG_CACHE_HOME=" + filepath.Join(dir, "cache"), "CC=no-such-compiler"}
	_, stderr, ps := output(t, cache, "run", "--library", "--", "true")
	if ps.ExitCode() != 2 || !strings.Contains(stderr, "no-such-compiler is not in PATH") || !strings.Contains(stderr, "--shim") {
		t.Errorf("no compiler: status %d, %q", ps.ExitCode(), stderr)
	}
	need(t, "cc")
	out, stderr, ps := output(t, cache[:1], "run", "--library", "--", "sh", "-c", "echo $LD_PRELOAD")
	if !strings.HasPrefix(out, filepath.Join(dir, "cache")) || ps.ExitCode() != 0 || stderr != "" {
		t.Errorf("a library of its own: status %d, %q, %q", ps.ExitCode(), out, stderr)
	}
	// The loader of a program of another kind has nothing to say.
	for _, cc := range []string{"gcc -m32 -pthread", "musl-gcc -pthread"} {
		t.Run(cc, func(t *testing.T) {
			supervised(t)
			coveredClient(t, cache[:1], keepatch, "run", "--library", "--idle", "44", "--", compile(t, "peer.c", cc))
		})
	}
}

// coveredClient runs a client under keepatch: its connection has keepalive and an idle time of
// 44 s, it ends well, and nothing is said.
func coveredClient(t *testing.T, env []string, args ...string) {
	t.Helper()
	l := listen(t)
	r := start(t, env, append(args, "client", "plain", l.port)...)
	r.line("ready")
	if s := connections(t, r.cmd.Process.Pid, l.port); len(s) != 1 || !s[0].KeepAlive || s[0].Idle != 44 {
		t.Errorf("%v", s)
	}
	if status := r.finish(); status != 0 || r.stderr.Len() > 0 {
		t.Errorf("status %d\n%s", status, r.stderr.String())
	}
}

// TestLibraryBeside: programs that have something to say about who comes first, and
// libraries with a connect of their own, go on as without.
func TestLibraryBeside(t *testing.T) {
	supervised(t)
	hook := compile(t, "hook.c", "gcc -shared -fPIC")
	plain := compile(t, "peer.c", "gcc -pthread")
	for _, c := range []struct {
		name, program string
		env           []string
	}{
		{"linked with a connect of its own", compile(t, "peer.c", "gcc -pthread -Wl,--no-as-needed "+hook), nil},
		{"preloaded with a connect of its own", plain, []string{"LD_PRELOAD=" + hook}},
	} {
		l := listen(t)
		r := start(t, c.env, append(underLibrary(t, "--idle", "44"), c.program, "client", "plain", l.port)...)
		r.line("hooked")
		r.line("ready")
		if s := connections(t, r.cmd.Process.Pid, l.port); len(s) != 1 || !s[0].KeepAlive || s[0].Idle != 44 {
			t.Errorf("%s: %v", c.name, s)
		}
		r.finish()
	}
	for _, name := range []string{"address", "undefined"} {
		t.Run(name, func(t *testing.T) {
			program := compile(t, "peer.c", "gcc -pthread -fsanitize="+name)
			for _, env := range [][]string{nil, {"ASAN_OPTIONS=detect_leaks=0"}} {
				coveredClient(t, env, append(underLibrary(t, "--idle", "44"), program)...)
			}
		})
	}
}

// TestLibraryCancel: connect and accept are places where threads are cancelled.
func TestLibraryCancel(t *testing.T) {
	supervised(t)
	for _, cc := range []string{"gcc -pthread", "musl-gcc -pthread"} {
		t.Run(cc, func(t *testing.T) {
			r := start(t, nil, append(underLibrary(t), compile(t, "cancel.c", cc))...)
			if got := r.lineWithin("", 10*time.Second); got != "cancelled" {
				t.Error(got)
			}
			r.finish()
		})
	}
}

// TestLibraryInherited: connections that waited when the program got their
// listener are covered as they are accepted, without a pause; by the supervisor
// where the library may not.
func TestLibraryInherited(t *testing.T) {
	supervised(t)
	need(t, "python3", "env")
	for _, sandbox := range [][]string{{"env"}, {compile(t, "deny.c", "gcc"), "setsockopt"}} {
		args := append(underLibrary(t, "--idle", "44")[1:], "python3", "-c", `
import os, socket as s, sys
l = s.socket(); l.bind(("127.0.0.1", 0)); l.listen(); l.setsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE, 0)
c = s.create_connection(l.getsockname()); l.set_inheritable(True)
os.execvp(sys.argv[1], sys.argv[1:] + [sys.executable, "-c", """
import socket as s, sys
a, _ = s.socket(fileno=int(sys.argv[1])).accept()
print(a.getsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE), a.getsockopt(6, 4))""", str(l.fileno())])`)
		out, stderr, _ := output(t, nil, append(args, sandbox...)...)
		if out != "1 44\n" || stderr != "" {
			t.Errorf("%v: %q\n%s", sandbox, out, stderr)
		}
	}
}
