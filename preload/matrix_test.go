//go:build linux && (amd64 || arm64)

package preload_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// way is how a program is given keepalive.
type way struct {
	name  string
	start func(t testing.TB, program []string) *running
}

const wantIdle = 77

var idleEnv = fmt.Sprintf("KEEPIDLE=%d", wantIdle)

var ways = []way{
	{"none", func(t testing.TB, p []string) *running { return start(t, nil, p...) }},
	{"run", func(t testing.TB, p []string) *running {
		supervised(t)
		return start(t, nil, append([]string{keepatch, "run", "--idle", fmt.Sprint(wantIdle), "--"}, p...)...)
	}},
	{"preload", func(t testing.TB, p []string) *running {
		return start(t, []string{"LD_PRELOAD=" + library(t), idleEnv}, p...)
	}},
	{"libkeepalive0", func(t testing.TB, p []string) *running {
		return start(t, []string{"LD_PRELOAD=" + libkeepalive(t), idleEnv}, p...)
	}},
}

// kind is a kind of program. dynamic tells that the loader puts libraries in
// front of it: both a gap and an unexpected success fail, so that the table in
// docs/run.md stays true.
type kind struct {
	name    string
	program func(t testing.TB, role string) []string
	dynamic bool
}

// covers reports whether a way is known to reach the kind.
func (k kind) covers(w way) bool {
	switch w.name {
	case "none":
		return false
	case "preload", "libkeepalive0":
		return k.dynamic
	}
	return true
}

func c(command, manner string) func(testing.TB, string) []string {
	return func(t testing.TB, role string) []string {
		return []string{compile(t, "peer.c", command), role, manner}
	}
}

var kinds = []kind{
	{"glibc, dynamic", c("gcc -pthread", "plain"), true},
	{"threads", c("gcc -pthread", "thread"), true},
	{"forking", c("gcc -pthread", "fork"), true},
	{"Python", func(t testing.TB, role string) []string {
		need(t, "python3")
		return []string{"python3", "testdata/peer.py", role, "plain"}
	}, true},
	{"shell pipeline", func(t testing.TB, role string) []string {
		// sh, cat and the peer are processes of their own.
		return []string{"sh", "-c", `cat | "$0" "$@" | cat`, compile(t, "peer.c", "gcc -pthread"), role, "plain"}
	}, true},
	{"glibc, static", c("gcc -static -pthread", "plain"), false},
	{"musl, static", c("musl-gcc -static -pthread", "plain"), false},
	{"musl, dynamic", c("musl-gcc -pthread", "plain"), true},
	{"32-bit", c("gcc -m32 -pthread", "plain"), false},
	{"Go, keepalive off", func(t testing.TB, role string) []string {
		return []string{compile(t, "gopeer", "go build"), role, "off"}
	}, false},
	{"Go, its own 15 s", func(t testing.TB, role string) []string {
		return []string{compile(t, "gopeer", "go build"), role, "plain"}
	}, false},
}

// TestMatrix connects a program of every kind, as client and as server, in
// every way, and reads the options of its socket from outside. With
// KEEPATCH_MATRIX=FILE it writes the table of docs/run.md.
func TestMatrix(t *testing.T) {
	results := map[string]string{}
	for _, k := range kinds {
		for _, role := range []string{"client", "server"} {
			for _, w := range allWays {
				t.Run(k.name+"/"+role+"/"+w.name, func(t *testing.T) {
					cell := k.name + "/" + role + "/" + w.name
					results[cell] = "not tested"
					program := k.program(t, role)
					port := ""
					if role == "client" {
						port = listen(t).port
						program = append(program, port)
					}
					r := w.start(t, program)
					if role == "server" {
						port = r.line("port ")
						dial(t, port)
					}
					r.line("ready")
					states := connections(t, r.cmd.Process.Pid, port)
					if len(states) != 1 {
						t.Fatalf("the program has %d connections, want 1", len(states))
					}
					s := states[0]
					got := s.KeepAlive && s.Idle == wantIdle
					if got != k.covers(w) {
						t.Errorf("keepalive is %v; want covered %v", s, k.covers(w))
					}
					results[cell] = map[bool]string{true: "yes", false: "no"}[got]
					if status := r.finish(); status != 0 {
						t.Errorf("exit status %d\n%s", status, r.stderr.String())
					}
				})
			}
		}
	}
	if file := os.Getenv("KEEPATCH_MATRIX"); file != "" {
		var b strings.Builder
		b.WriteString(tableHead())
		for _, k := range kinds {
			for _, role := range []string{"client", "server"} {
				fmt.Fprintf(&b, "| %s | %s |", k.name, role)
				for _, w := range allWays[1:] {
					fmt.Fprintf(&b, " %s |", results[k.name+"/"+role+"/"+w.name])
				}
				b.WriteString("\n")
			}
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// tableHead is the head of a table of docs/run.md.
func tableHead() string {
	var b strings.Builder
	b.WriteString("| program | end |")
	for _, w := range allWays[1:] {
		fmt.Fprintf(&b, " %s |", w.name)
	}
	return b.String() + "\n|---|---|" + strings.Repeat("---|", len(allWays)-1) + "\n"
}
