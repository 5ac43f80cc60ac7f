//go:build linux && (amd64 || arm64)

package preload_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/preload/supervise"
)

// scriptOf is a Python program that connects to itself; the %s are what it
// does to the listener before listen, to the client before connect, and to
// the accepted socket afterwards.
func scriptOf(listener, client, accepted string) string {
	return fmt.Sprintf(`
import os, signal, socket, time
on = (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
l = socket.socket(); l.bind(("127.0.0.1", 0)); %s; l.listen()
c = socket.socket(); %s; c.connect(l.getsockname())
a, peer = l.accept(); %s
`, listener, client, accepted)
}

const (
	none = "pass"
	lOn  = "l.setsockopt(*on)"
	cOn  = "c.setsockopt(*on)"
	aOn  = "a.setsockopt(*on)"
)

// TestExpect is the proof of a patch: it passes exactly when the program turns
// keepalive on itself, for each of its connections.
func TestExpect(t *testing.T) {
	supervised(t)
	need(t, "python3")
	for _, c := range []struct {
		name                       string
		listener, client, accepted string
		all                        int // status under --expect all
		own                        int // of two connections
	}{
		{"unpatched", none, none, none, 1, 0},
		{"client only", none, cOn, none, 1, 1},
		{"accepted only", none, none, aOn, 1, 1},
		{"client and accepted", none, cOn, aOn, 0, 2},
		{"client and listener", lOn, cOn, none, 0, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			script := scriptOf(c.listener, c.client, c.accepted)
			_, stderr, ps := output(t, nil, "run", "--expect", "all", "--", "python3", "-c", script)
			if ps.ExitCode() != c.all {
				t.Errorf("--expect all: status %d, want %d\n%s", ps.ExitCode(), c.all, stderr)
			}
			_, stderr, ps = output(t, nil, "run", "--expect", "covered", "--", "python3", "-c", script)
			if ps.ExitCode() != 0 {
				t.Errorf("--expect covered: status %d\n%s", ps.ExitCode(), stderr)
			}
			// What keepatch adds must not hide what the program does.
			for _, observe := range []bool{false, true} {
				r := report(t, observe, script)
				if r.Totals.Connections != 2 || r.Totals.Listeners != 1 || r.Totals.Own != c.own {
					t.Errorf("observe %v: totals %+v, want 2 connections, 1 listener, own %d", observe, r.Totals, c.own)
				}
				if want := map[bool]int{false: 2, true: c.own}[observe]; r.Totals.On != want {
					t.Errorf("observe %v: on at the end for %d connections, want %d", observe, r.Totals.On, want)
				}
			}
		})
	}
}

func report(t *testing.T, observe bool, script string, flags ...string) supervise.Report {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.json")
	args := []string{"run", "--report-file", file, "--format", "json"}
	if observe {
		args = []string{"run", "--report-file", file, "--json", "--observe"} // the other spelling
	}
	args = append(append(args, flags...), "--", "python3", "-c", script)
	_, stderr, _ := output(t, nil, args...)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	var r supervise.Report
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	return r
}

// TestReportSockets looks at single records: roles, addresses, timers, and
// sockets whose program is killed, replaced by another, or fails to connect.
func TestReportSockets(t *testing.T) {
	supervised(t)
	need(t, "python3")
	both := func(r supervise.Report) (client, accepted *supervise.Record) {
		for i := range r.Sockets {
			switch s := &r.Sockets[i]; s.Role {
			case "client":
				client = s
			case "accepted":
				accepted = s
			}
		}
		return client, accepted
	}
	for name, ending := range map[string]string{
		"closed":    "a.close(); c.close()",
		"exits":     "",
		"killed":    "time.sleep(0.5); os.kill(os.getpid(), signal.SIGKILL)",
		"exec":      `os.execlp("true", "true")`,
		"dup2":      "os.dup2(0, a.fileno()); os.dup2(0, c.fileno())",
		"closefrom": "os.closerange(3, 100)",
	} {
		t.Run(name, func(t *testing.T) {
			r := report(t, false, scriptOf(none, none, none)+ending, "--idle", "50", "--interval", "6", "--count", "7")
			client, accepted := both(r)
			if client == nil || accepted == nil {
				t.Fatalf("sockets %+v", r.Sockets)
			}
			if client.Remote != accepted.Local || client.Local != accepted.Remote {
				t.Errorf("addresses: client %s -> %s, accepted %s -> %s", client.Local, client.Remote, accepted.Local, accepted.Remote)
			}
			for _, s := range []*supervise.Record{client, accepted} {
				if s.Own || !s.SetByUs || s.After.String() != "on 50/6/7" {
					t.Errorf("%+v", s)
				}
			}
		})
	}
	t.Run("refused", func(t *testing.T) {
		r := report(t, false, `
import socket
l = socket.socket(); l.bind(("127.0.0.1", 0)); a = l.getsockname(); l.close()
u = socket.socket()  # never used: nothing to report
try: socket.create_connection(a)
except ConnectionRefusedError: pass
`)
		if len(r.Sockets) != 1 || r.Sockets[0].Role != "client" || !strings.HasPrefix(r.Sockets[0].Remote, "127.0.0.1:") {
			t.Errorf("sockets %+v, want the one that was refused", r.Sockets)
		}
	})
	t.Run("empty", func(t *testing.T) {
		if r := report(t, false, "pass"); r.Schema != 1 || len(r.Sockets) != 0 || r.Sockets == nil {
			t.Errorf("%+v", r)
		}
	})
	t.Run("text", func(t *testing.T) {
		_, stderr, _ := output(t, nil, "run", "--report", "--", "python3", "-c", scriptOf(none, cOn, none))
		if !strings.Contains(stderr, "2 connections, 1 listener: keepalive by itself on 1, in the end on 2\n") {
			t.Errorf("%s", stderr)
		}
	})
	t.Run("program's own status first", func(t *testing.T) {
		_, _, ps := output(t, nil, "run", "--expect", "all", "--", "python3", "-c", scriptOf(none, none, none)+"raise SystemExit(9)")
		if ps.ExitCode() != 9 {
			t.Errorf("status %d, want 9", ps.ExitCode())
		}
	})
	t.Run("nothing to judge", func(t *testing.T) {
		for _, expect := range []string{"all", "covered"} {
			_, stderr, ps := output(t, nil, "run", "--expect", expect, "--", "python3", "-c", "import socket; socket.create_server(('127.0.0.1', 0))")
			if ps.ExitCode() != 1 || !strings.HasSuffix(stderr, "no TCP connection was seen: --expect "+expect+" has nothing to judge\n") {
				t.Errorf("--expect %s: status %d\n%s", expect, ps.ExitCode(), stderr)
			}
		}
		if _, _, ps := output(t, nil, "run", "--report", "--", "true"); ps.ExitCode() != 0 {
			t.Errorf("--report alone: status %d", ps.ExitCode())
		}
	})
}
