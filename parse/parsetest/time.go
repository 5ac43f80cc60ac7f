package parsetest

import (
	"testing"
	"time"
)

// Small is the size of an input, in bytes, that takes no longer than MaxTime.
const Small = 4096

// MaxTime is far above what a small input needs, also beside other work and
// counted for coverage.
const MaxTime = time.Second

// Within calls f, and fails the test when it takes more than MaxTime for an input
// of at most Small bytes, or twenty times that for any. A busy machine slows one
// try; f is slow when it is slow three times.
func Within(t testing.TB, size int, f func()) {
	t.Helper()
	limit := MaxTime
	if size > Small {
		limit *= 20
	}
	best := limit + 1
	for range 3 {
		begin := time.Now()
		f()
		if best = min(best, time.Since(begin)); best <= limit {
			return
		}
	}
	t.Fatalf("%d bytes took %v", size, best)
}
