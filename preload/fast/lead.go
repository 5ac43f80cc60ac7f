//go:build linux && (amd64 || arm64)

package fast

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// lookNanoseconds is how often the leader is looked at while there are
	// calls, and tooMany the looks that find it with the same call after which
	// another thread leads: 5 ms to 7.5 ms and what the machine adds.
	lookNanoseconds = 2_500_000
	tooMany         = 2
	// quietLooks are the looks without a call after which nobody looks.
	quietLooks = 40
)

// guard sees to it that there is a leader, and that it is not held up.
//
//go:nosplit
//go:norace
func (t *thread) guard(c *control) {
	var call, count uint64
	blocked, quiet := 0, 0
	for atomic.LoadUint32(&c.over) == 0 {
		leader, id := &c.threads[c.leader%Threads], uint64(0)
		if slot := atomic.LoadUint32(&leader.slot); slot != noSlot {
			id = atomic.LoadUint64(&c.slotAt(slot).ID)
		}
		if id != 0 && id == call {
			blocked++
		} else {
			call, blocked = id, 0
		}
		if blocked >= tooMany {
			t.say(c, sayBlocked, 0, 0)
		}
		if blocked >= tooMany || atomic.LoadUint32(&leader.alive) == 0 {
			c.next()
			blocked = 0
		}
		if n := atomic.LoadUint64(&c.count); n != count || id != 0 {
			count, quiet = n, 0
		} else if quiet++; quiet > quietLooks {
			t.sleep(c, count)
			quiet = 0
		}
		t.pause(lookNanoseconds)
	}
}

// sleep waits until there is a call after the first count.
//
//go:nosplit
//go:norace
func (t *thread) sleep(c *control, count uint64) {
	atomic.StoreUint32(&c.asleep, 1)
	for atomic.LoadUint64(&c.count) == count && atomic.LoadUint32(&c.asleep) == 1 {
		call4(unix.SYS_FUTEX, uintptr(unsafe.Pointer(&c.asleep)), futexWait, 1, 0)
	}
	atomic.StoreUint32(&c.asleep, 0)
}

//go:nosplit
//go:norace
func (c *control) wake() {
	if atomic.LoadUint32(&c.asleep) != 0 && atomic.CompareAndSwapUint32(&c.asleep, 1, 0) {
		call4(unix.SYS_FUTEX, uintptr(unsafe.Pointer(&c.asleep)), futexWake, 1, 0)
	}
}

// FUTEX_WAIT and FUTEX_WAKE of linux/futex.h with FUTEX_PRIVATE_FLAG.
const futexWait, futexWake = 128, 129

//go:nosplit
//go:norace
func (t *thread) pause(nanoseconds int64) {
	t.now = unix.Timespec{Nsec: nanoseconds}
	call4(unix.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&t.now)), 0, 0, 0)
}

// next makes a thread that is free the leader. Where there is none, or the
// machine gives none, the guard's next look finds that.
//
//go:nosplit
//go:norace
func (c *control) next() {
	for i := range uint32(Threads) {
		if atomic.LoadUint32(&c.threads[i].alive) == 0 {
			atomic.StoreUint32(&c.leader, i)
			c.start(i)
			return
		}
	}
}
