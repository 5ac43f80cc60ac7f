//go:build linux && (amd64 || arm64)

package preload_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRunPolicy: what the policy chooses is covered and nothing else is, at
// both ends. The accepted socket has a second, where that takes a look.
func TestRunPolicy(t *testing.T) {
	supervised(t)
	need(t, "python3")
	const program = `
import socket as s, sys, time
port, own, want = (int(a) for a in sys.argv[1:])
l = s.socket(); l.setsockopt(s.SOL_SOCKET, s.SO_REUSEADDR, 1); l.bind(("127.0.0.1", port)); l.listen()
c = s.socket()
if own: c.setsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE, 1); c.setsockopt(6, 4, own)
c.connect(l.getsockname())
a, _ = l.accept()
if own: a.setsockopt(6, 4, own)
for n in range(100 if want else 1):
    if a.getsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE) == want: break
    time.sleep(0.01)
print(*[x.getsockopt(*o) for x in (c, a) for o in ((s.SOL_SOCKET, s.SO_KEEPALIVE), (6, 4))])`
	for _, c := range []struct {
		name  string
		flags string
		own   string
		want  string
	}{
		{"everything", "", "0", "1 44 1 44"},
		{"without loopback", "--loopback=false", "0", "0 7200 0 7200"},
		{"port", "--ports 5,17312", "0", "1 44 1 44"},
		{"port, the other spelling", "--port 5,17312", "0", "1 44 1 44"},
		{"other ports", "--ports 17313-17399", "0", "0 7200 0 7200"},
		{"peers", "--peers 10.0.0.0/8,127.0.0.0/8", "0", "1 44 1 44"},
		{"other peers", "--peers 10.0.0.0/8", "0", "0 7200 0 7200"},
		{"interface", "--interfaces lo", "0", "1 44 1 44"},
		{"only off", "--only-off", "9", "1 9 1 9"},
		{"timers are binding", "", "9", "1 44 1 44"},
		{"never lengthen", "--never-lengthen", "9", "1 9 1 9"},
		{"never lengthen, longer", "--never-lengthen", "99", "1 44 1 44"},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{"run", "--idle", "44"}, strings.Fields(c.flags)...)
			want := strings.Fields(c.want)[2]
			out, stderr, _ := output(t, nil, append(args, "--", "python3", "-c", program, "17312", c.own, want)...)
			if out != c.want+"\n" || stderr != "" {
				t.Errorf("%q, want %q\n%s", out, c.want, stderr)
			}
		})
	}
	t.Run("report", func(t *testing.T) {
		r := report(t, false, scriptOf(none, none, none), "--ports", "1")
		if r.Totals.Left != 2 || r.Totals.On != 0 {
			t.Errorf("%+v", r.Totals)
		}
		_, _, ps := output(t, nil, "run", "--ports", "1", "--expect", "covered", "--", "python3", "-c", scriptOf(none, none, none))
		if ps.ExitCode() != 0 {
			t.Errorf("--expect covered: status %d for connections that the policy leaves alone", ps.ExitCode())
		}
	})
	t.Run("file", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "keepatch.conf")
		if err := os.WriteFile(file, []byte("idle = 44\nports = 1\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		for want, flags := range map[string][]string{"0 7200 0 7200\n": nil, "1 44 1 44\n": {"--ports", "1-65535"}} {
			args := append(append([]string{"run", "--policy", file}, flags...), "--", "python3", "-c", program, "17312", "0", want[:1])
			if out, stderr, _ := output(t, nil, args...); out != want {
				t.Errorf("%v: %q, want %q\n%s", flags, out, want, stderr)
			}
		}
		if err := os.WriteFile(file, []byte("\nidle = soon\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		_, stderr, ps := output(t, nil, "run", "--policy", file, "--", "true")
		if ps.ExitCode() != 2 || !strings.Contains(stderr, file+":2: idle: ") {
			t.Errorf("a faulty file: status %d, %q", ps.ExitCode(), stderr)
		}
	})
}
