//go:build linux && (amd64 || arm64)

// Package fast answers the calls that a filter stops, in the usual case and on
// threads that the Go runtime knows nothing of. A program waits for each
// answer, and on a thread of Go's it would wait for the scheduler as well: at
// every entry and exit of a system call, and for the watchdog that takes a
// processor from whoever is in one. What is not the usual case is handed over
// to goroutines.
//
// One thread, the leader, waits for calls. Another, the guard, lets a third one
// lead when the leader has had its call for too long: a call can block for as
// long as a program likes, in the memory of another process (userfaultfd) or in
// the close of the last copy of a lingering socket.
//
// A thread of this package runs serve and nothing else. Its memory is mapped and
// not Go's, its signals are blocked, and its code must never look for a
// goroutine: all of it is go:nosplit (no stack to grow) and go:norace, stores
// no pointers (no write barrier), makes no allocation and calls nothing that
// does. The linker proves the first for what is called from here.
package fast

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/seccomp"
)

// Threads is how many there can be at a time, and Slots how many calls in hand.
const (
	Threads = 16
	Slots   = 64
)

// SlotBytes is the memory that the calls in hand take.
const SlotBytes = Slots * int(unsafe.Sizeof(seccomp.Notification{}))

// thread is the memory of one thread.
type thread struct {
	alive   uint32 // its id; the kernel writes 0 here when the thread is gone
	index   uint32
	control *control
	slot    uint32 // of the call in hand, or noSlot
	length  uint32
	value   int32
	_       int32
	local   [2]uintptr
	remote  [2]uintptr
	answer  seccomp.Response
	poll    unix.PollFd
	now     unix.Timespec
	message uint64
	targets [32]target
	text    [512]byte
	stack   [6144]byte
}

// target is an open thread of the program; an open one goes on meaning the same
// thread, and says so (ESRCH) when its number is somebody else's by now.
type target struct{ tid, pidfd int32 }

// control is what the threads share, with each other and with goroutines.
type control struct {
	listener, pipe int32
	slots          unsafe.Pointer
	calls          [maxCalls]call
	idle           int32 // TCP_KEEPIDLE, 0 to leave it
	timers         [3]timer
	leader         uint32              // the thread that waits for calls
	over           uint32              // there are none any more
	count          uint64              // of calls
	free           uint64              // slots that nobody has, as bits
	asleep         uint32              // the guard is, until a call comes
	careful        uint32              // hand all calls over
	queues         uint32              // hand accept over
	threads        [Threads + 1]thread // the last is the guard
}

// call is a system call by its number here, and what to do about it.
type call struct {
	number int32
	kind   seccomp.Call
}

const maxCalls = 5

type timer struct{ name, value int32 }

// clone starts a thread that calls serve(arg) and ends; the kernel has its id in
// alive until then.
func clone(flags, stack uintptr, alive *uint32, arg unsafe.Pointer) (tid int)

const cloneFlags = unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_THREAD | unix.CLONE_SYSVSEM |
	unix.CLONE_PARENT_SETTID | unix.CLONE_CHILD_CLEARTID

// start lets thread i run. The caller blocks all signals, and so will the thread.
//
//go:nosplit
//go:norace
func (c *control) start(i uint32) (errno int) {
	t := &c.threads[i%(Threads+1)]
	t.targets = [len(t.targets)]target{}
	t.slot = noSlot
	atomic.StoreUint32(&t.alive, 1)
	stack := (uintptr(unsafe.Pointer(&t.stack)) + unsafe.Sizeof(t.stack)) &^ 15
	if tid := clone(cloneFlags, stack, &t.alive, unsafe.Pointer(t)); tid < 0 {
		atomic.StoreUint32(&t.alive, 0)
		return -tid
	}
	return 0
}
