//go:build linux && (amd64 || arm64)

package supervise

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

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

// TestStoppedThreads: threads that another process holds up count, those that
// compute, sleep or wait for a processor do not.
func TestStoppedThreads(t *testing.T) {
	const held, busy = 5, 8
	file, err := os.Create(filepath.Join(t.TempDir(), "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/proc/self/syscall"); err != nil {
		t.Skip(err)
	}
	var wg sync.WaitGroup
	var over atomic.Bool
	for range held {
		wg.Go(func() {
			f, err := os.Open(file.Name())
			if err == nil {
				err = unix.Flock(int(f.Fd()), unix.LOCK_EX)
				f.Close()
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	for range busy {
		wg.Go(func() {
			for !over.Load() {
				_ = unix.Getppid()
			}
		})
		wg.Go(func() {
			for !over.Load() {
				unix.Nanosleep(&unix.Timespec{Nsec: 1e6}, nil)
			}
		})
	}
	got := 0
	for deadline := time.Now().Add(10 * time.Second); got != held && time.Now().Before(deadline); {
		got = stoppedThreads()
	}
	if got != held {
		t.Errorf("%d threads are stopped, want %d", got, held)
	}
	over.Store(true)
	_ = unix.Flock(int(file.Fd()), unix.LOCK_UN)
	wg.Wait()
}

// TestHeldUp: many calls of a process that stay in hand are held up by it, but not those that
// are new, that are late by no more than a busy machine makes them, or that keepatch itself has
// not begun.
func TestHeldUp(t *testing.T) {
	_, memory, err := makeSlots()
	if err != nil {
		t.Fatal(err)
	}
	s, err := newServer(Config{}, -1, memory, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	p := &s.pool
	for i := range crowdedAt {
		*p.threads.Call(i) = seccomp.Notification{ID: uint64(i + 1), PID: uint32(os.Getpid())}
	}
	begin := time.Now()
	for _, tt := range []struct {
		after   time.Duration
		queued  bool
		stopped int
		blocked int
		banned  bool
	}{
		{after: 0},
		{after: blockedAfter, blocked: crowdedAt},
		{after: stuckAfter}, // the machine is late
		{after: stuckAfter, stopped: crowdedAt - 1, blocked: crowdedAt - 1},
		{after: stuckAfter, stopped: crowdedAt, blocked: crowdedAt, banned: true},
		{after: 2 * stuckAfter, queued: true}, // from here on their age counts anew
		{after: 2*stuckAfter + blockedAfter, blocked: crowdedAt},
		{after: 3 * stuckAfter, stopped: crowdedAt, blocked: crowdedAt, banned: true},
	} {
		for i := range crowdedAt {
			p.queued.set(i, tt.queued)
		}
		p.stopped = func() int { return tt.stopped }
		p.look(begin.Add(tt.after))
		if got := int(p.blocked.Load()); got != tt.blocked || p.banned(os.Getpid()) != tt.banned {
			t.Errorf("after %v, queued %v: %d blocked, banned %v", tt.after, tt.queued, got, p.banned(os.Getpid()))
		}
	}
}
