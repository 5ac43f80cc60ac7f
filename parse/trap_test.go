//go:build unix

package parse

import (
	"syscall"
	"testing"
	"time"

	"github.com/keepatch/keepatch/parse/parsetest"
)

// TestTraps holds the time for a trap of several 100,000 tokens below what
// anything quadratic would take, in processor time, which other programs on the
// machine change little.
func TestTraps(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n = 10_000
	}
	for _, tt := range parsetest.Traps {
		t.Run(tt.Name, func(t *testing.T) {
			size, whole := timeTrap(tt.Text(n))
			if testing.Verbose() {
				t.Logf("%d bytes: %v", size, whole)
			}
			if whole < 20*time.Second {
				return
			}
			if quarter, d := timeTrap(tt.Text(n / 4)); whole > 10*d {
				t.Errorf("%d bytes took %v, %d bytes %v", size, whole, quarter, d)
			}
		})
	}
}

func timeTrap(text string) (size int, d time.Duration) {
	start := processorTime()
	readAll(New("t.c", []byte(text)))
	return len(text), processorTime() - start
}

// processorTime is what this process has taken so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it knows no failure for RUSAGE_SELF
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
