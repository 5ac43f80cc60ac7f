//go:build linux && (amd64 || arm64)

package fast

import (
	"os"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/tcpopt"
)

// TestProcess: kernels before 6.9 open a thread by its process only.
func TestProcess(t *testing.T) {
	runtime.LockOSThread() // the test runs on another thread than the main one
	defer runtime.UnlockOSThread()
	th := new(thread)
	for _, tid := range []int{os.Getpid(), unix.Gettid()} {
		if got := th.process(uint32(tid)); int(got) != os.Getpid() {
			t.Errorf("thread %d is of process %d, not %d", tid, os.Getpid(), got)
		}
	}
	if got := th.process(1<<22 + 1); got != 0 { // above the highest pid_max
		t.Errorf("no thread is of process %d", got)
	}
}

// TestUsual: the calls by their numbers, and the timers that are wanted.
func TestUsual(t *testing.T) {
	c := new(control)
	c.want(tcpopt.Options{Idle: 60, Count: 5, UserTimeout: 9000})
	var calls int
	for _, k := range c.calls {
		if k.number != 0 {
			calls++
		}
	}
	if calls != maxCalls || c.idle != 60 || c.timers != [3]timer{{unix.TCP_KEEPCNT, 5}, {unix.TCP_USER_TIMEOUT, 9000}} {
		t.Errorf("%d calls, idle %d, %v", calls, c.idle, c.timers)
	}
}

// TestSlots: each slot belongs to one at a time.
func TestSlots(t *testing.T) {
	c, th := &control{free: ^uint64(0)}, new(thread)
	for i := range Slots {
		if th.takeSlot(c); int(th.slot) != i {
			t.Fatalf("slot %d, not %d", th.slot, i)
		}
	}
	go func() { time.Sleep(10 * time.Millisecond); c.freeSlot(17) }()
	if th.takeSlot(c); th.slot != 17 {
		t.Errorf("slot %d, not 17", th.slot)
	}
}
