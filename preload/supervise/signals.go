//go:build linux && (amd64 || arm64)

package supervise

import (
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A signal for the program may reach the front instead, which has the process
// id the caller knows. It must arrive exactly once, yet a terminal, or a
// kill(2) of the whole process group, gives it to front and program both.
// siginfo tells the terminal from a person, and only signalfd(2) gives siginfo
// to a Go program: hence signals are blocked from before the front's start
// (Go's own threads inherit that) and read, never handled.

// unblockable are left out of the mask: those the Go runtime needs for itself
// (faults, and 32 and 33 as libc's) and SIGURG, with which it preempts.
var unblockable = []unix.Signal{
	unix.SIGKILL, unix.SIGSTOP, unix.SIGSEGV, unix.SIGBUS, unix.SIGFPE, unix.SIGILL,
	unix.SIGTRAP, unix.SIGSYS, unix.SIGABRT, unix.SIGURG, 32, 33,
}

func bit(s unix.Signal) uint64 { return 1 << (uint(s) - 1) }

func blockedMask() uint64 {
	all := ^uint64(0)
	for _, s := range unblockable {
		all &^= bit(s)
	}
	return all
}

func sigset(mask uint64) *unix.Sigset_t {
	set := new(unix.Sigset_t)
	set.Val[0] = mask
	return set
}

// setMask sets the calling thread's signal mask; lock the thread first.
func setMask(mask uint64) error {
	return unix.PthreadSigmask(unix.SIG_SETMASK, sigset(mask), nil)
}

// blockSignals blocks what can be blocked on the calling thread and gives the
// mask from before.
func blockSignals() (before uint64, err error) {
	runtime.LockOSThread()
	old := new(unix.Sigset_t)
	err = unix.PthreadSigmask(unix.SIG_SETMASK, sigset(blockedMask()), old)
	return old.Val[0], err
}

// signalSource opens a signalfd for everything that is blocked.
func signalSource() (fd int, err error) {
	return unix.Signalfd(-1, sigset(blockedMask()), unix.SFD_CLOEXEC|unix.SFD_NONBLOCK)
}

// readSignal takes one pending signal; ok is false when there is none.
func readSignal(fd int) (info unix.SignalfdSiginfo, ok bool) {
	buf := (*[unsafe.Sizeof(info)]byte)(unsafe.Pointer(&info))[:]
	for {
		n, err := unix.Read(fd, buf)
		if err == unix.EINTR {
			continue
		}
		return info, err == nil && n == len(buf)
	}
}

// From asm-generic/siginfo.h: the sender was kill(2), or the kernel itself.
const (
	codeUser   = 0
	codeKernel = 0x80
)

// terminalSignal reports whether the kernel sends the signal to the process
// group in the foreground, hence to the program as well.
func terminalSignal(s unix.Signal) bool {
	switch s {
	case unix.SIGINT, unix.SIGQUIT, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU, unix.SIGWINCH, unix.SIGHUP, unix.SIGCONT:
		return true
	}
	return false
}

// witness keeps the signals that the supervisor got from other processes. It
// is in the front's process group, so a signal that came to both was meant for
// the group, and the program has it already.
type witness struct {
	fd   int
	seen []sighting
}

type sighting struct {
	signal unix.Signal
	sender uint32
	at     time.Time
}

// How long the kernel may take to go through a process group, and for how long
// a sighting is taken for the same signal.
const (
	witnessGrace = 3 * time.Millisecond
	witnessAge   = 500 * time.Millisecond
)

func (w *witness) read() {
	for {
		info, ok := readSignal(w.fd)
		if !ok {
			return
		}
		if info.Code == codeUser {
			w.seen = append(w.seen, sighting{unix.Signal(info.Signo), info.Pid, time.Now()})
		}
	}
}

// groupWide reports whether sender sent the signal to the process group.
func (w *witness) groupWide(s unix.Signal, sender int) bool {
	for deadline := time.Now().Add(witnessGrace); ; time.Sleep(witnessGrace / 6) {
		w.read()
		for i, g := range w.seen {
			if g.signal == s && g.sender == uint32(sender) {
				w.seen = append(w.seen[:i], w.seen[i+1:]...)
				if time.Since(g.at) < witnessAge {
					return true
				}
				return w.groupWide(s, sender)
			}
		}
		if time.Now().After(deadline) {
			return false
		}
	}
}

// die ends this process by signal s, as the program ended: shells and make
// tell "killed by SIGINT" from "exit 130". No second core file is written.
// It returns only where the kernel would not have it (process 1).
func die(s unix.Signal) {
	runtime.LockOSThread()
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	// The Go runtime has handlers of its own; the kernel's default comes back
	// with a struct sigaction of zeros.
	var action [32]byte
	_, _, _ = unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(s), uintptr(unsafe.Pointer(&action)), 0, 8, 0, 0)
	_ = setMask(blockedMask() &^ bit(s))
	_ = unix.Tgkill(unix.Getpid(), unix.Gettid(), s)
}
