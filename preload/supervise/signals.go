//go:build linux && (amd64 || arm64)

package supervise

import (
	"os"
	"os/signal"
	"runtime"
	"slices"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A signal for the program may reach the front instead, which has the process
// id the caller knows. It must arrive exactly once, yet a terminal, or a
// kill(2) of the whole process group, gives it to front and program both. The
// supervisor, in the same group, is the witness: what came to it as well was
// meant for the group, and the program has it already. (The sender in siginfo
// would tell less, and signalfd(2), which has it, needs the signals blocked,
// which the Go runtime undoes for SIGHUP, SIGINT, SIGQUIT and SIGTERM.)

// notRelayed are the signals that cannot be caught, that faults of this
// process cause, or that the Go runtime and the C library keep for themselves.
var notRelayed = []unix.Signal{
	unix.SIGKILL, unix.SIGSTOP, unix.SIGSEGV, unix.SIGBUS, unix.SIGFPE, unix.SIGILL,
	unix.SIGTRAP, unix.SIGSYS, unix.SIGPIPE, unix.SIGURG, 32, 33,
}

const lastSignal = 64

// catch begins to receive the signals that are passed on, but for those that the
// caller ignores (nohup, a shell's background jobs): they are ignored by the next
// process only if they are still so here when it does its exec. Between fork and exec
// it shares this memory, and the Go runtime gives it the default for whatever is caught.
func catch() (c chan os.Signal, ignored []os.Signal) {
	c = make(chan os.Signal, 256)
	var caught []os.Signal
	for s := unix.Signal(1); s <= lastSignal; s++ {
		switch {
		case slices.Contains(notRelayed, s):
		case signal.Ignored(s):
			ignored = append(ignored, s)
		default:
			caught = append(caught, s)
		}
	}
	signal.Ignore(unix.SIGPIPE)
	signal.Notify(c, caught...)
	return c, ignored
}

// catchAll is catch where no other process is on its way to an exec.
func catchAll() <-chan os.Signal {
	c, ignored := catch()
	catchIgnored(c, ignored)
	return c
}

// catchIgnored adds what catch has left out: the program may have a handler of its own.
func catchIgnored(c chan<- os.Signal, ignored []os.Signal) {
	if len(ignored) > 0 { // none would be all
		signal.Notify(c, ignored...)
	}
}

// witness keeps the signals that the supervisor got.
type witness struct {
	mu     sync.Mutex
	seen   []sighting
	echoes chan struct{}
}

type sighting struct {
	signal unix.Signal
	at     int64
}

// monotonic is a clock that all processes share, in nanoseconds.
func monotonic() int64 {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &t)
	return t.Nano()
}

const (
	// groupGrace is for the kernel to go through the process group: the front
	// may run before the supervisor's turn has come.
	groupGrace = 5 * time.Millisecond
	// witnessAge is how far the sightings of one signal by two processes may
	// be apart, and witnessMemory how long one is kept.
	witnessAge    = 500 * time.Millisecond
	witnessMemory = 10 * time.Second
	// echo is a signal that the supervisor sends itself. The kernel delivers
	// pending signals by number, so when the last of all has come back, those
	// that were pending have been seen, however busy the machine is.
	echo = unix.Signal(lastSignal)
)

func newWitness() *witness { return &witness{echoes: make(chan struct{}, 1)} }

func (w *witness) watch(signals <-chan os.Signal) {
	for s := range signals {
		if s == echo {
			select {
			case w.echoes <- struct{}{}:
			default:
			}
			continue
		}
		w.mu.Lock()
		w.seen = append(w.seen, sighting{s.(unix.Signal), monotonic()})
		w.mu.Unlock()
	}
}

// take uses up a sighting of signal s, which the front had at the given time,
// and forgets all that are too old.
func (w *witness) take(s unix.Signal, at int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := monotonic()
	w.seen = slices.DeleteFunc(w.seen, func(g sighting) bool { return now-g.at > int64(witnessMemory) })
	i := slices.IndexFunc(w.seen, func(g sighting) bool {
		return g.signal == s && max(g.at-at, at-g.at) <= int64(witnessAge)
	})
	if i < 0 {
		return false
	}
	w.seen = slices.Delete(w.seen, i, i+1)
	return true
}

// groupWide reports whether signal s, which has reached the front at the given
// time, was for the whole process group.
func (w *witness) groupWide(s unix.Signal, at int64) bool {
	if w.take(s, at) {
		return true
	}
	time.Sleep(groupGrace)
	select {
	case <-w.echoes:
	default:
	}
	_ = unix.Kill(unix.Getpid(), echo)
	select {
	case <-w.echoes:
	case <-time.After(time.Second):
	}
	return w.take(s, at)
}

// stopSignals are those of job control. SIGCONT cancels them, wherever they are
// on their way.
var stopSignals = []os.Signal{unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU}

// sinceStop takes from signals what arrived before now, without stop signals:
// they belong to a stop that is over. The rest is given back.
func sinceStop(signals <-chan os.Signal) (rest []os.Signal) {
	_ = unix.Kill(unix.Getpid(), echo)
	timeout := time.After(time.Second)
	for {
		select {
		case s := <-signals:
			if s == os.Signal(echo) {
				return rest
			}
			if !slices.Contains(stopSignals, s) {
				rest = append(rest, s)
			}
		case <-timeout:
			return rest
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
	set := new(unix.Sigset_t)
	set.Val[0] = 1 << (uint(s) - 1)
	_ = unix.PthreadSigmask(unix.SIG_UNBLOCK, set, nil)
	_ = unix.Tgkill(unix.Getpid(), unix.Gettid(), s)
}
