//go:build linux && (amd64 || arm64)

package supervise

import (
	"testing"

	"github.com/keepatch/keepatch/preload/fast"
	"github.com/keepatch/keepatch/preload/seccomp"
)

// TestSlotsOfBothWays: the pool of a way that was refused puts away its last call
// while the pool of the other way has its first one in hand.
func TestSlotsOfBothWays(t *testing.T) {
	_, memory, err := makeSlots()
	if err != nil {
		t.Fatal(err)
	}
	calls := map[*seccomp.Notification]bool{}
	for _, inject := range []bool{false, true} {
		s, err := newServer(Config{Inject: inject}, -1, memory, func(string) {})
		if err != nil {
			t.Fatal(err)
		}
		for i := range fast.Slots {
			calls[s.pool.threads.Call(i)] = true
			s.pool.threads.Call(i).ID = 1
		}
		for i := range fast.Slots {
			s.pool.threads.Done(i)
		}
	}
	if len(calls) != 2*fast.Slots {
		t.Errorf("%d calls in hand have a place of their own, want %d", len(calls), 2*fast.Slots)
	}
}
