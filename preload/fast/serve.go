//go:build linux && (amd64 || arm64)

package fast

import (
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/seccomp"
)

// What a thread writes to the pipe: the kind in the highest byte, a slot in the
// next, a descriptor or an error in the low half.
const (
	sayCall    = iota // a call to be answered by a goroutine
	sayClose          // a copy of a file, whose close may block
	sayBlocked        // a leader is
	sayOver           // the listener has no more calls: an error
)

// outcome is what a thread makes of a call.
type outcome int

const (
	unusual  outcome = iota // for a goroutine
	goOn                    // the call runs
	finished                // the call is answered already
)

// What calls serve is assembly, which tools that look for dead code do not read.
var _ = serve

// serve is the life of a thread.
//
//go:nosplit
//go:norace
func serve(arg unsafe.Pointer) {
	t := (*thread)(arg)
	if t.index == Threads {
		t.guard(t.control)
	} else {
		t.lead(t.control)
	}
}

// lead answers calls for as long as t leads.
//
//go:nosplit
//go:norace
func (t *thread) lead(c *control) {
	t.takeSlot(c)
	for atomic.LoadUint32(&c.leader) == t.index {
		n := c.slotAt(t.slot)
		if errno := t.receive(c, n); errno != 0 {
			atomic.StoreUint32(&c.over, 1)
			t.say(c, sayOver, 0, int32(errno))
			break
		}
		atomic.AddUint64(&c.count, 1)
		c.wake()
		if t.handle(c, n) == unusual {
			slot := t.slot
			atomic.StoreUint32(&t.slot, noSlot) // before it may be somebody else's
			if t.say(c, sayCall, slot, 0) {
				t.takeSlot(c)
				continue
			}
			atomic.StoreUint32(&t.slot, slot)
			t.reply(c, n, 0, unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE) // it goes on unseen
		}
		atomic.StoreUint64(&n.ID, 0)
	}
	c.freeSlot(t.slot)
	c.wake() // at the end of all
	for i := range t.targets {
		if t.targets[i].tid != 0 {
			call1(unix.SYS_CLOSE, uintptr(t.targets[i].pidfd))
		}
	}
}

// receive waits for the next call. Those that were abandoned in between (a
// signal, a death) are passed over.
//
//go:nosplit
//go:norace
func (t *thread) receive(c *control, n *seccomp.Notification) unix.Errno {
	for {
		*n = seccomp.Notification{} // the kernel refuses a buffer that is not zero
		errno := call3(unix.SYS_IOCTL, uintptr(c.listener), unix.SECCOMP_IOCTL_NOTIF_RECV, uintptr(unsafe.Pointer(n)))
		switch errno {
		case 0:
			return 0
		case unix.EINTR:
		case unix.ENOENT:
			// Either the caller went away between wake-up and read, or (since
			// 6.11) all are gone, which poll(2) tells as a hang-up.
			t.poll = unix.PollFd{Fd: c.listener}
			t.now = unix.Timespec{}
			call4(unix.SYS_PPOLL, uintptr(unsafe.Pointer(&t.poll)), 1, uintptr(unsafe.Pointer(&t.now)), 0)
			if t.poll.Revents&unix.POLLHUP != 0 {
				return errno
			}
		default:
			return errno
		}
	}
}

// handle deals with one call, if that is the usual case.
//
//go:nosplit
//go:norace
func (t *thread) handle(c *control, n *seccomp.Notification) outcome {
	if n.Data.Arch != seccomp.NativeArch || atomic.LoadUint32(&c.careful) != 0 {
		return unusual
	}
	kind := seccomp.Unknown
	for i := range c.calls {
		if c.calls[i].number == n.Data.Nr {
			kind = c.calls[i].kind
			break
		}
	}
	out := unusual
	fd := int32(n.Data.Args[0])
	switch kind {
	case seccomp.Connect, seccomp.Listen:
		out = t.cover(c, n, fd)
	case seccomp.Accept:
		if atomic.LoadUint32(&c.queues) == 0 {
			out = t.listener(c, n, fd)
		}
	case seccomp.Setsockopt:
		if out = t.keepTimer(c, n, fd); out == finished {
			t.reply(c, n, 0, 0)
		}
	}
	if out == goOn {
		t.reply(c, n, 0, unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE)
	}
	return out
}

// cover turns keepalive on for descriptor fd of the caller, if it is a TCP
// socket: TCP_KEEPIDLE, which no other family knows, tells. The options are set
// without asking whether they are, which costs as much and changes nothing.
//
//go:nosplit
//go:norace
func (t *thread) cover(c *control, n *seccomp.Notification, fd int32) outcome {
	dup, errno := t.copy(c, n, fd)
	if errno != 0 {
		return refused(errno)
	}
	if c.idle != 0 {
		errno = t.set(dup, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, c.idle)
	} else {
		errno = t.get(dup, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE)
	}
	if errno != 0 {
		return t.other(c, dup, errno)
	}
	out := goOn
	if t.setTimers(c, dup) != 0 || t.set(dup, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1) != 0 {
		out = unusual
	}
	call1(unix.SYS_CLOSE, dup)
	return out
}

// listener looks whether the socket of an accept has all the options already,
// as it has where its listen was seen.
//
//go:nosplit
//go:norace
func (t *thread) listener(c *control, n *seccomp.Notification, fd int32) outcome {
	dup, errno := t.copy(c, n, fd)
	if errno != 0 {
		return refused(errno)
	}
	errno = t.get(dup, unix.SOL_SOCKET, unix.SO_KEEPALIVE)
	if errno == 0 && t.value == 0 {
		if errno = t.get(dup, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE); errno == 0 {
			call1(unix.SYS_CLOSE, dup)
			return unusual
		}
	}
	if errno != 0 {
		return t.other(c, dup, errno)
	}
	out := goOn
	if c.idle != 0 && (t.get(dup, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE) != 0 || t.value != c.idle) {
		out = unusual
	}
	for i := range c.timers {
		if w := c.timers[i]; w.value != 0 && (t.get(dup, unix.IPPROTO_TCP, w.name) != 0 || t.value != w.value) {
			out = unusual
		}
	}
	call1(unix.SYS_CLOSE, dup)
	return out
}

// keepTimer answers a setsockopt of a timer that the user gave a value: the
// socket gets the user's.
//
//go:nosplit
//go:norace
func (t *thread) keepTimer(c *control, n *seccomp.Notification, fd int32) outcome {
	args := &n.Data.Args
	wanted := c.idle != 0 && int32(args[2]) == unix.TCP_KEEPIDLE
	for i := range c.timers {
		wanted = wanted || c.timers[i].value != 0 && c.timers[i].name == int32(args[2])
	}
	if !wanted || int32(args[1]) != unix.IPPROTO_TCP || int32(args[4]) != 4 {
		return unusual
	}
	t.local = [2]uintptr{uintptr(unsafe.Pointer(&t.value)), 4}
	t.remote = [2]uintptr{uintptr(args[3]), 4}
	r, errno := call6(unix.SYS_PROCESS_VM_READV, uintptr(n.PID), uintptr(unsafe.Pointer(&t.local)),
		1, uintptr(unsafe.Pointer(&t.remote)), 1, 0)
	if errno != 0 || r != 4 || t.value < 0 {
		return unusual
	}
	dup, errno := t.copy(c, n, fd)
	if errno != 0 {
		return unusual
	}
	if c.idle != 0 {
		errno = t.set(dup, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, c.idle)
	}
	if errno == 0 {
		errno = t.setTimers(c, dup)
	}
	if errno == unix.ENOTSOCK {
		t.say(c, sayClose, 0, int32(dup))
		return goOn
	}
	call1(unix.SYS_CLOSE, dup)
	if errno != 0 {
		return unusual
	}
	return finished
}

// setTimers sets the timers but TCP_KEEPIDLE.
//
//go:nosplit
//go:norace
func (t *thread) setTimers(c *control, dup uintptr) unix.Errno {
	for i := range c.timers {
		if w := c.timers[i]; w.value != 0 {
			if errno := t.set(dup, unix.IPPROTO_TCP, w.name, w.value); errno != 0 {
				return errno
			}
		}
	}
	return 0
}

// other gives up a copy of what TCP_KEEPIDLE is unknown to: a file, whose close
// may block; a socket of another family, which is left alone; or MPTCP of a
// kernel that does not know it there, for a goroutine.
//
//go:nosplit
//go:norace
func (t *thread) other(c *control, dup uintptr, errno unix.Errno) outcome {
	if errno == unix.ENOTSOCK {
		t.say(c, sayClose, 0, int32(dup))
		return goOn
	}
	out := goOn
	if t.get(dup, unix.SOL_SOCKET, unix.SO_PROTOCOL) != 0 || t.value == unix.IPPROTO_TCP || t.value == unix.IPPROTO_MPTCP {
		out = unusual
	}
	call1(unix.SYS_CLOSE, dup)
	return out
}

// refused is the outcome where a descriptor cannot be copied: a number that is
// none is the program's own mistake.
//
//go:nosplit
//go:norace
func refused(errno unix.Errno) outcome {
	if errno == unix.EBADF {
		return goOn
	}
	return unusual
}

// copy copies descriptor fd of the thread whose call n is.
//
//go:nosplit
//go:norace
func (t *thread) copy(c *control, n *seccomp.Notification, fd int32) (uintptr, unix.Errno) {
	have := &t.targets[n.PID%uint32(len(t.targets))]
	if have.tid == int32(n.PID) {
		dup, errno := call6(unix.SYS_PIDFD_GETFD, uintptr(have.pidfd), uintptr(fd), 0, 0, 0, 0)
		if errno != unix.ESRCH {
			return dup, errno
		}
	}
	pidfd, errno := t.open(n.PID)
	if errno != 0 {
		return 0, errno
	}
	id := &t.message
	*id = n.ID
	if call3(unix.SYS_IOCTL, uintptr(c.listener), seccomp.IoctlIDValid, uintptr(unsafe.Pointer(id))) != 0 {
		call1(unix.SYS_CLOSE, pidfd)
		return 0, unix.ESRCH // the number may be somebody else's by now
	}
	if have.tid != 0 {
		call1(unix.SYS_CLOSE, uintptr(have.pidfd))
	}
	*have = target{int32(n.PID), int32(pidfd)}
	return call6(unix.SYS_PIDFD_GETFD, pidfd, uintptr(fd), 0, 0, 0, 0)
}

// open opens thread tid: before Linux 6.9 the process that it belongs to, whose
// descriptors are the same unless the thread has called unshare(CLONE_FILES).
//
//go:nosplit
//go:norace
func (t *thread) open(tid uint32) (uintptr, unix.Errno) {
	fd, errno := call6(unix.SYS_PIDFD_OPEN, uintptr(tid), unix.O_EXCL, 0, 0, 0, 0) // O_EXCL is PIDFD_THREAD
	if errno != unix.EINVAL {
		return fd, errno
	}
	process := t.process(tid)
	if process == 0 {
		return 0, unix.EINVAL
	}
	return call6(unix.SYS_PIDFD_OPEN, uintptr(process), 0, 0, 0, 0, 0)
}

// process gives the process of thread tid, from the line "Tgid:" of its status
// in /proc, or 0.
//
//go:nosplit
//go:norace
func (t *thread) process(tid uint32) uint32 {
	const (
		prefix, suffix = "/proc/", "/status\x00"
		here           = -100 // AT_FDCWD
		mark           = '\n'<<48 | 'T'<<40 | 'g'<<32 | 'i'<<24 | 'd'<<16 | ':'<<8 | '\t'
		mask           = 1<<56 - 1
	)
	k := 0
	for i := range len(prefix) {
		t.text[k&511] = prefix[i]
		k++
	}
	unit := uint32(1)
	for tid/unit >= 10 {
		unit *= 10
	}
	for ; unit > 0; unit /= 10 {
		t.text[k&511] = byte('0' + tid/unit%10)
		k++
	}
	for i := range len(suffix) {
		t.text[k&511] = suffix[i]
		k++
	}
	fd, errno := call6(unix.SYS_OPENAT, ^uintptr(-here-1), uintptr(unsafe.Pointer(&t.text)), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0)
	if errno != 0 {
		return 0
	}
	length, errno := call6(unix.SYS_READ, fd, uintptr(unsafe.Pointer(&t.text)), unsafe.Sizeof(t.text), 0, 0, 0)
	call1(unix.SYS_CLOSE, fd)
	if errno != 0 {
		return 0
	}
	last, number := uint64(0), uint32(0) // the last seven bytes
	for i := range length {
		x := t.text[i&511]
		if last&mask == mark || number != 0 {
			if x < '0' || x > '9' {
				return number
			}
			number = 10*number + uint32(x-'0')
		}
		last = last<<8 | uint64(x)
	}
	return 0
}

//go:nosplit
//go:norace
func (t *thread) set(fd uintptr, level, name, value int32) unix.Errno {
	t.value = value
	_, errno := call6(unix.SYS_SETSOCKOPT, fd, uintptr(level), uintptr(name), uintptr(unsafe.Pointer(&t.value)), 4, 0)
	return errno
}

// get reads an option into t.value.
//
//go:nosplit
//go:norace
func (t *thread) get(fd uintptr, level, name int32) unix.Errno {
	t.length = 4
	_, errno := call6(unix.SYS_GETSOCKOPT, fd, uintptr(level), uintptr(name),
		uintptr(unsafe.Pointer(&t.value)), uintptr(unsafe.Pointer(&t.length)), 0)
	return errno
}

// reply answers call n. A caller that is gone by now is no error.
//
//go:nosplit
//go:norace
func (t *thread) reply(c *control, n *seccomp.Notification, value int64, flags uint32) {
	t.answer = seccomp.Response{ID: n.ID, Val: value, Flags: flags}
	call3(unix.SYS_IOCTL, uintptr(c.listener), unix.SECCOMP_IOCTL_NOTIF_SEND, uintptr(unsafe.Pointer(&t.answer)))
}

// say tells the goroutine that reads the pipe. A pipe that is full, which takes
// thousands of messages, takes no more.
//
//go:nosplit
//go:norace
func (t *thread) say(c *control, what uint8, slot uint32, fd int32) bool {
	t.message = uint64(what)<<56 | uint64(slot)<<48 | uint64(uint32(fd))
	return call3(unix.SYS_WRITE, uintptr(c.pipe), uintptr(unsafe.Pointer(&t.message)), 8) == 0
}

// noSlot is the slot of a thread that has no call and waits for none.
const noSlot = Slots

// takeSlot gives the thread a slot that nobody has. Where all calls of the
// program are in hand, it waits for the first answer.
//
//go:nosplit
//go:norace
func (t *thread) takeSlot(c *control) {
	for {
		free := atomic.LoadUint64(&c.free)
		if free == 0 {
			t.pause(50_000)
			continue
		}
		i := uint32(0)
		for free>>i&1 == 0 {
			i++
		}
		if atomic.CompareAndSwapUint64(&c.free, free, free&^(1<<i)) {
			atomic.StoreUint32(&t.slot, i)
			return
		}
	}
}

//go:nosplit
//go:norace
func (c *control) freeSlot(i uint32) {
	for {
		free := atomic.LoadUint64(&c.free)
		if atomic.CompareAndSwapUint64(&c.free, free, free|1<<i) {
			return
		}
	}
}

//go:nosplit
//go:norace
func (c *control) slotAt(i uint32) *seccomp.Notification {
	return (*seccomp.Notification)(unsafe.Add(c.slots, uintptr(i)*unsafe.Sizeof(seccomp.Notification{})))
}

//go:nosplit
//go:norace
func call1(trap, a uintptr) { _, _, _ = syscall.RawSyscall6(trap, a, 0, 0, 0, 0, 0) }

//go:nosplit
//go:norace
func call3(trap, a, b, c uintptr) unix.Errno {
	_, _, errno := syscall.RawSyscall6(trap, a, b, c, 0, 0, 0)
	return errno
}

//go:nosplit
//go:norace
func call4(trap, a, b, c, d uintptr) { _, _, _ = syscall.RawSyscall6(trap, a, b, c, d, 0, 0) }

//go:nosplit
//go:norace
func call6(trap, a, b, c, d, e, f uintptr) (uintptr, unix.Errno) {
	r, _, errno := syscall.RawSyscall6(trap, a, b, c, d, e, f)
	return r, errno
}
