//go:build linux && (amd64 || arm64)

package preload_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// heavy is set for the tests that measure and those of full size; they take
// minutes and want the machine for themselves.
var heavy = os.Getenv("KEEPATCH_HEAVY") != ""

// TestStress: every connection of a busy program is covered on both ends, with
// signals raining on it, and none is lost. With KEEPATCH_HEAVY it makes 10,000
// connections, 200 at a time.
func TestStress(t *testing.T) {
	supervised(t)
	need(t, "true")
	n, workers := 500, 100 // more at a time than there are slots for calls in hand
	if heavy {
		n, workers = 10000, 200
	}
	prog := compile(t, "gostress", "go build")
	for _, flags := range [][]string{{"--idle", "77"}, {"--idle", "77", "--no-accept"}, {"--idle", "77", "--library", "--shim", library(t)}, {"--idle", "77", "--report", "--report-file", os.DevNull}} {
		t.Run(strings.Join(flags, " "), func(t *testing.T) {
			began := time.Now()
			args := append(append([]string{"run"}, flags...), "--", prog, itoa(n), itoa(workers))
			out, stderr, ps := output(t, nil, args...)
			want := fmt.Sprintf("accepted %d connected %d failed 0\n", n, n)
			if ps.ExitCode() != 0 || !strings.HasPrefix(out, want) {
				t.Errorf("status %d, %q, want %q\n%s", ps.ExitCode(), out, want, stderr)
			}
			t.Logf("%v: %s", time.Since(began).Round(time.Millisecond), out)
		})
	}
}

// nanoseconds runs cost.c to its end and gives what it measured.
func nanoseconds(t testing.TB, args ...string) float64 {
	t.Helper()
	r := start(t, nil, args...)
	ns := float64(atoi(t, r.line("ns ")))
	r.finish()
	return ns
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// TestTransfer holds data to costing nothing. A transfer varies by a tenth from
// one time to the next, so one per cent is judged by what can be measured: what
// the filter adds to the one call of a transfer that it looks at, as many times
// as there are.
func TestTransfer(t *testing.T) {
	if !heavy {
		t.Skip("measures for minutes: set KEEPATCH_HEAVY")
	}
	supervised(t)
	prog := compile(t, "cost.c", "gcc -O2 -pthread")
	ways := []measured{{"bare", nil}, {"run", []string{keepatch, "run", "--"}}}
	const rounds, bytes = 7, 2 << 30
	results, least := map[string][]float64{}, map[string]float64{}
	for range 2*rounds + 1 {
		for _, w := range ways {
			ns := nanoseconds(t, append(append([]string{}, w.prefix...), prog, "transfer", itoa(bytes))...)
			results[w.name] = append(results[w.name], ns/1e6)
		}
	}
	const calls, sends = 1000000, bytes / 65536
	for range rounds {
		for _, w := range ways {
			ns := nanoseconds(t, append(append([]string{}, w.prefix...), prog, "call", itoa(calls))...) / calls
			if least[w.name] == 0 || ns < least[w.name] {
				least[w.name] = ns
			}
		}
	}
	for _, w := range ways {
		t.Logf("2 GiB, %-8s median %6.0f ms, least %6.0f ms", w.name, median(results[w.name]), slices.Min(results[w.name]))
	}
	added := (least["run"] - least["bare"]) * sends
	whole := slices.Min(results["bare"]) * 1e6
	t.Logf("sendto takes %.0f ns bare, %.0f ns under run: %.2f%% of the transfer", least["bare"], least["run"], 100*added/whole)
	if added > whole/100 {
		t.Error("more than 1%")
	}
}
