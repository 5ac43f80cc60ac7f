//go:build linux && (amd64 || arm64)

package preload_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// measured is a way of starting a program, as a prefix of its command line.
type measured struct {
	name   string // of the metric
	prefix []string
}

// measuredWays are those that this machine has, bare first.
func measuredWays(b *testing.B) []measured {
	b.Helper()
	supervised(b)
	all := []measured{
		{"bare", nil},
		{"run", []string{keepatch, "run", "--"}},
		{"run-library", underLibrary(b)},
		{"run-library-3-timers", underLibrary(b, "--idle", "60", "--interval", "10", "--count", "5")},
		{"run-no-accept", []string{keepatch, "run", "--no-accept", "--"}},
		{"run-3-timers", []string{keepatch, "run", "--idle", "60", "--interval", "10", "--count", "5", "--"}},
		{"run-report", []string{keepatch, "run", "--report", "--report-file", os.DevNull, "--"}},
		{"preload", []string{"env", "LD_PRELOAD=" + library(b)}},
	}
	const other = "/usr/lib/libkeepalive.so.0"
	if _, err := os.Stat(other); err == nil {
		all = append(all, measured{"libkeepalive0", []string{"env", "LD_PRELOAD=" + other}})
	}
	if c, why := tryCell(b); why == "" {
		c.enable("--loopback", "--idle", "60", "--interval", "10", "--count", "5")
		all = append(all, measured{"host", c.in()})
	} else {
		b.Logf("without host: %s", why)
	}
	return all
}

// withFloor adds a supervisor in C that does what a connect takes and nothing
// else, and one that only lets it go on: what run is measured against.
func withFloor(b *testing.B, ways []measured) []measured {
	b.Helper()
	floor := compile(b, "floor.c", "gcc -O2")
	return append(ways, measured{"floor", []string{floor, "cover"}}, measured{"floor-continue", []string{floor, "continue"}})
}

// sideBySide takes turns between the ways, so that what else the machine does
// meets all of them, and reports the median of each round's ratio to bare.
func sideBySide(b *testing.B, ways []measured, rounds int, unit string, once func(w measured) float64) {
	b.Helper()
	for b.Loop() {
		ratios, values := map[string][]float64{}, map[string][]float64{}
		for range rounds {
			var bare float64
			for i, w := range ways {
				v := once(w)
				if i == 0 {
					bare = v
				}
				values[w.name] = append(values[w.name], v)
				ratios[w.name] = append(ratios[w.name], v/bare)
			}
		}
		b.ReportMetric(median(values["bare"]), "bare-"+unit)
		for _, w := range ways[1:] {
			b.ReportMetric(median(ratios[w.name]), w.name+"-x")
		}
	}
	b.ReportMetric(0, "ns/op") // means nothing here
}

// BenchmarkConnect: connect and close, in a loop.
func BenchmarkConnect(b *testing.B) {
	prog := compile(b, "cost.c", "gcc -O2 -pthread")
	s := start(b, nil, prog, "serve")
	port := s.line("port ")
	const n = 3000 // fewer than the queue holds, or a connect may wait for a second
	sideBySide(b, withFloor(b, measuredWays(b)), 15, "us", func(w measured) float64 {
		return nanoseconds(b, append(append([]string{}, w.prefix...), prog, "connect", port, itoa(n))...) / n / 1000
	})
}

// BenchmarkAccept: accept and close, with a client that does nothing else.
func BenchmarkAccept(b *testing.B) {
	prog := compile(b, "cost.c", "gcc -O2 -pthread")
	const n = 3000
	sideBySide(b, measuredWays(b), 7, "us", func(w measured) float64 {
		r := start(b, nil, append(append([]string{}, w.prefix...), prog, "accept", itoa(n))...)
		c := start(b, nil, prog, "connect", r.line("port "), itoa(n))
		us := float64(atoi(b, r.line("ns "))) / n / 1000
		c.finish()
		r.finish()
		return us
	})
}

// BenchmarkStart: start and end of a program that does nothing, with the commands
// of this package alone and with the whole keepatch, as a release is built.
func BenchmarkStart(b *testing.B) {
	supervised(b)
	whole := filepath.Join(b.TempDir(), "keepatch")
	build := exec.Command("go", "build", "-tags=urfave_cli_no_docs", "-ldflags=-s -w", "-o", whole, "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	ways := []measured{{"bare", nil}, {"run", []string{keepatch, "run", "--"}}, {"whole", []string{whole, "run", "--"}}}
	sideBySide(b, ways, 25, "ms", func(w measured) float64 {
		began := time.Now()
		args := append(append([]string{}, w.prefix...), "true")
		if err := exec.Command(args[0], args[1:]...).Run(); err != nil {
			b.Fatal(err)
		}
		return time.Since(began).Seconds() * 1000
	})
}

var perSecond = regexp.MustCompile(`Requests per second:\s+([0-9.]+)`)

// BenchmarkAB: requests a second, each over a connection of its own, with the
// client in each way, then with the server.
func BenchmarkAB(b *testing.B) {
	need(b, "ab", "nginx")
	serve := func(b *testing.B, prefix []string) (port string, end func()) {
		dir := b.TempDir()
		port = freePort(b)
		conf := "daemon off; master_process off; pid " + dir + "/pid; error_log /dev/null; events {} http { access_log off; server { listen 127.0.0.1:" + port + "; location / { return 200 x; } } }"
		if err := os.WriteFile(filepath.Join(dir, "conf"), []byte(conf), 0o644); err != nil {
			b.Fatal(err)
		}
		r := start(b, nil, append(append([]string{}, prefix...), "nginx", "-c", filepath.Join(dir, "conf"), "-e", dir+"/err")...)
		dialSoon(b, r, port)
		return port, func() { _ = r.cmd.Process.Signal(os.Interrupt); r.finish() }
	}
	rate := func(b *testing.B, prefix []string, port string) float64 {
		args := append(append([]string{}, prefix...), "ab", "-q", "-n", "4000", "-c", "8", "http://127.0.0.1:"+port+"/")
		out, err := exec.Command(args[0], args[1:]...).Output()
		m := perSecond.FindStringSubmatch(string(out))
		if err != nil || m == nil {
			b.Fatalf("%v: %v\n%s", args, err, out)
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(m[1]), 64)
		if err != nil {
			b.Fatal(err)
		}
		return v
	}
	b.Run("client", func(b *testing.B) {
		port, end := serve(b, nil)
		defer end()
		sideBySide(b, withFloor(b, measuredWays(b)), 9, "per-s", func(w measured) float64 { return rate(b, w.prefix, port) })
	})
	b.Run("server", func(b *testing.B) {
		sideBySide(b, measuredWays(b), 5, "per-s", func(w measured) float64 {
			port, end := serve(b, w.prefix)
			defer end()
			return rate(b, nil, port)
		})
	})
}
