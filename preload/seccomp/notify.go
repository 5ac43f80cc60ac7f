//go:build linux && (amd64 || arm64)

package seccomp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Notification is struct seccomp_notif of linux/seccomp.h: one stopped call.
type Notification struct {
	ID    uint64
	PID   uint32 // a thread id, in the supervisor's PID namespace
	Flags uint32
	Data  struct {
		Nr   int32
		Arch uint32
		IP   uint64
		Args [6]uint64
	}
}

// Response is struct seccomp_notif_resp.
type Response struct {
	ID    uint64
	Val   int64
	Error int32
	Flags uint32
}

// IoctlIDValid is SECCOMP_IOCTL_NOTIF_ID_VALID. Its direction bits were wrong
// until Linux 5.8; every kernel since goes on accepting the old number.
const IoctlIDValid = 0x80082102

// ioctlSetFlags is SECCOMP_IOCTL_NOTIF_SET_FLAGS, Linux 6.6.
const ioctlSetFlags = 0x40082104

// Install puts the filter for w on the calling thread, which must be locked to
// its goroutine and is meant to exec next, and gives the descriptor on which
// the notifications arrive. Without CAP_SYS_ADMIN the kernel asks for
// no_new_privs, which is set then: noNewPrivs tells.
//
// An error of EBUSY means that the process is under another supervisor
// already (one listener in a chain of filters); EINVAL or ENOSYS, that the
// kernel is older than 5.0 or built without seccomp filters.
func Install(w Want) (fd int, noNewPrivs bool, err error) {
	prog := w.Program()
	fprog := unix.SockFprog{Len: uint16(len(prog)), Filter: &prog[0]}
	// SPEC_ALLOW: this filter guards no secret, and without the flag kernels
	// before 5.16 slow the whole program with speculation barriers.
	// WAIT_KILLABLE_RECV (5.19): once the supervisor has a call, signals that
	// have a handler no longer abort it, so Go's preemption cannot starve it.
	base := uintptr(unix.SECCOMP_FILTER_FLAG_NEW_LISTENER | unix.SECCOMP_FILTER_FLAG_SPEC_ALLOW)
	flags := base | unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
	for {
		r, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, uintptr(unsafe.Pointer(&fprog)))
		switch {
		case errno == 0:
			return int(r), noNewPrivs, nil
		case errno == unix.EACCES && !noNewPrivs:
			if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
				return -1, false, fmt.Errorf("prctl(PR_SET_NO_NEW_PRIVS): %w", err)
			}
			noNewPrivs = true
		case errno == unix.EINVAL && flags != base:
			flags = base
		default:
			return -1, noNewPrivs, fmt.Errorf("seccomp(SET_MODE_FILTER, NEW_LISTENER): %w", errno)
		}
	}
}

// Explain turns an error of Install into what the user's machine lacks.
func Explain(err error) string {
	switch {
	case errors.Is(err, unix.EBUSY):
		return "another seccomp supervisor holds this process already (a container's agent)"
	case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EINVAL):
		return "the kernel has no seccomp user notification (Linux 5.0 with CONFIG_SECCOMP_FILTER)"
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES):
		return "the sandbox forbids seccomp filters"
	}
	return "seccomp filters cannot be installed"
}

// Listener is the supervisor's end.
type Listener struct{ FD int }

// SyncWakeUp asks the kernel (6.6 and later) to run supervisor and target on
// one processor in turn, which about halves the cost of a call. It is an
// improvement only: older kernels ignore the wish.
func (l Listener) SyncWakeUp() error {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(l.FD), ioctlSetFlags, unix.SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP)
	if errno != 0 {
		return errno
	}
	return nil
}

// Wait returns when every process under the filter is gone (Linux 5.9).
func (l Listener) Wait() {
	for {
		p := []unix.PollFd{{Fd: int32(l.FD)}}
		if n, err := unix.Poll(p, -1); err == nil && n == 1 && p[0].Revents&unix.POLLHUP != 0 {
			return
		}
	}
}

// Valid reports whether the call is still stopped, hence its thread id not yet
// used again by another process. Call it after the id was turned into a pidfd.
func (l Listener) Valid(n *Notification) bool {
	id := n.ID
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(l.FD), IoctlIDValid, uintptr(unsafe.Pointer(&id)))
	return errno == 0
}

// Continue lets the call run as if nobody had looked. A target that is gone by
// now is no error.
func (l Listener) Continue(n *Notification) error {
	return l.send(Response{ID: n.ID, Flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE})
}

// Succeed makes the call return 0 without running it.
func (l Listener) Succeed(n *Notification) error { return l.send(Response{ID: n.ID}) }

// Fail makes the call return an error without running it.
func (l Listener) Fail(n *Notification, errno unix.Errno) error {
	return l.send(Response{ID: n.ID, Error: -int32(errno)})
}

// addFD is struct seccomp_notif_addfd.
type addFD struct {
	ID         uint64
	Flags      uint32
	SrcFD      uint32
	NewFD      uint32
	NewFDFlags uint32
}

// ioctlAddFD is SECCOMP_IOCTL_NOTIF_ADDFD, Linux 5.9.
const ioctlAddFD = 0x40182103

// AddFD puts a copy of fd into the stopped process, close-on-exec or not. With
// answer the call returns the new number, in the same step (Linux 5.14).
func (l Listener) AddFD(n *Notification, fd int, closeOnExec, answer bool) error {
	a := addFD{ID: n.ID, SrcFD: uint32(fd)}
	if closeOnExec {
		a.NewFDFlags = unix.O_CLOEXEC
	}
	if answer {
		a.Flags = unix.SECCOMP_ADDFD_FLAG_SEND
	}
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(l.FD), ioctlAddFD, uintptr(unsafe.Pointer(&a)))
	if errno != 0 {
		return errno
	}
	return nil
}

func (l Listener) send(r Response) error {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(l.FD), unix.SECCOMP_IOCTL_NOTIF_SEND, uintptr(unsafe.Pointer(&r)))
	if errno != 0 && errno != unix.ENOENT {
		return errno
	}
	return nil
}

// Memory reads the stopped caller's memory.
type Memory func(addr uint64, buf []byte) error

// Decode names the call and gives its arguments, through socketcall where that
// is how the program does it.
func Decode(n *Notification, mem Memory) (Call, [6]uint64) {
	args := n.Data.Args
	for _, a := range abis {
		if a.arch != n.Data.Arch {
			continue
		}
		nr := uint32(n.Data.Nr)
		if a.socketcall == 0 || nr != a.socketcall {
			return a.numbers[nr], args
		}
		buf := make([]byte, 5*a.wordBytes) // setsockopt has the most, five
		call := socketcalls[uint32(args[0])]
		size := socketcallSize[call]
		buf = buf[:size*a.wordBytes]
		if err := mem(args[1], buf); err != nil {
			return Unknown, args
		}
		var out [6]uint64
		for i := range size {
			out[i] = uint64(*(*uint32)(unsafe.Pointer(&buf[i*a.wordBytes])))
		}
		return call, out
	}
	return Unknown, args
}

// MaxFilter is the longest filter the kernel takes (BPF_MAXINSNS).
const MaxFilter = 4096

// AsksTracer reports whether a filter, given as the bytes of its struct
// sock_filter array, can answer SECCOMP_RET_TRACE. That answer is outranked by
// the notification this package installs, so a sandbox that denies calls by a
// tracer that is not there does not deny those that the supervisor lets go on.
func AsksTracer(filter []byte) bool {
	for ; len(filter) >= 8; filter = filter[8:] {
		code, k := binary.LittleEndian.Uint16(filter), binary.LittleEndian.Uint32(filter[4:])
		if code == unix.BPF_RET|unix.BPF_K && k&0xffff0000 == unix.SECCOMP_RET_TRACE {
			return true
		}
	}
	return false
}

// FilterAddress gives the place and the length in bytes of the filter that a
// stopped Seccomp or Prctl call installs.
func FilterAddress(n *Notification, args [6]uint64, mem Memory) (addr uint64, size int, err error) {
	word := 8
	for _, a := range abis {
		if a.arch == n.Data.Arch {
			word = a.wordBytes
		}
	}
	prog := make([]byte, 2*word) // struct sock_fprog: a short, a pointer
	if err := mem(args[2], prog); err != nil {
		return 0, 0, err
	}
	if word == 8 {
		addr = binary.LittleEndian.Uint64(prog[8:])
	} else {
		addr = uint64(binary.LittleEndian.Uint32(prog[4:]))
	}
	return addr, 8 * min(int(binary.LittleEndian.Uint16(prog)), MaxFilter), nil
}
