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

	"github.com/keepatch/keepatch/preload/fast"
	"github.com/keepatch/keepatch/preload/procfd"
)

// A signal for the program may be sent to the front instead, which has the process ID that
// the caller knows. It must arrive exactly once, but a terminal, or a kill(2) of the whole
// process group, sends it to both front and program. The supervisor is in the same group
// and logs its signals: what it received too was sent to the group, and the program has it
// already. (The sender in siginfo is not enough, and signalfd(2), which has it, needs the
// signals blocked, which the Go runtime undoes for SIGHUP, SIGINT, SIGQUIT and SIGTERM.)

// notRelayed are the signals that cannot be caught, that faults of this
// process cause, or that the Go runtime and the C library keep for themselves.
var notRelayed = []unix.Signal{
	unix.SIGKILL, unix.SIGSTOP, unix.SIGSEGV, unix.SIGBUS, unix.SIGFPE, unix.SIGILL,
	unix.SIGTRAP, unix.SIGSYS, unix.SIGPIPE, unix.SIGURG, 32, 33,
}

const lastSignal = 64

// catch begins to receive the signals that are passed on in c, but for those that the
// caller ignores (nohup, a shell's background jobs): they are ignored by the next
// process only if they are still so here when it does its exec. The Go runtime gives
// the next process the default for whatever is caught.
//
// It takes a while: two switches between threads for each of sixty signals.
func catch(c chan<- os.Signal) (ignored []os.Signal) {
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
	signal.Notify(c, caught...)
	return ignored
}

// catching is catch while other things are done.
type catching struct {
	signals chan os.Signal
	ignored []os.Signal
	done    chan struct{} // closed when ignored is there
}

func startCatching() *catching {
	c := &catching{signals: make(chan os.Signal, 256), done: make(chan struct{})}
	go func() {
		c.ignored = catch(c.signals)
		close(c.done)
	}()
	return c
}

// flush does what is due for the signals that came, once all are caught.
func (c *catching) flush() {
	<-c.done
	for len(c.signals) > 0 {
		byDefault((<-c.signals).(unix.Signal))
	}
}

// undo leaves signals as they were.
func (c *catching) undo() {
	<-c.done
	signal.Reset()
	c.flush()
}

// catchIgnored adds what catch has left out: the program may have a handler of its own.
func catchIgnored(c chan<- os.Signal, ignored []os.Signal) {
	if len(ignored) > 0 { // none would be all
		signal.Notify(c, ignored...)
	}
}

// signalLog keeps the signals that the supervisor got.
type signalLog struct {
	mu     sync.Mutex
	seen   []received
	echoes chan struct{}
}

type received struct {
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
	// groupGrace is the time the kernel gets to signal the whole process group: the front
	// may run before the supervisor has its signal.
	groupGrace = 5 * time.Millisecond
	// maxSkew bounds the time between the receptions of one signal by two processes;
	// entries older than logAge are dropped.
	maxSkew = 500 * time.Millisecond
	logAge  = 10 * time.Second
	// echo is a signal that a process sends itself, and echoTime what it may take.
	echo     = unix.Signal(lastSignal)
	echoTime = time.Second
)

func newSignalLog() *signalLog { return &signalLog{echoes: make(chan struct{}, 1)} }

func (w *signalLog) watch(signals <-chan os.Signal) {
	for s := range signals {
		if s == echo {
			select {
			case w.echoes <- struct{}{}:
			default:
			}
			continue
		}
		w.mu.Lock()
		w.seen = append(w.seen, received{s.(unix.Signal), monotonic()})
		w.mu.Unlock()
	}
}

// take removes an entry for signal s, which the front received at the given time, and all
// entries that are too old.
func (w *signalLog) take(s unix.Signal, at int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := monotonic()
	w.seen = slices.DeleteFunc(w.seen, func(g received) bool { return now-g.at > int64(logAge) })
	i := slices.IndexFunc(w.seen, func(g received) bool {
		return g.signal == s && max(g.at-at, at-g.at) <= int64(maxSkew)
	})
	if i < 0 {
		return false
	}
	w.seen = slices.Delete(w.seen, i, i+1)
	return true
}

// groupWide reports whether signal s, which has reached the front at the given
// time, was for the whole process group.
func (w *signalLog) groupWide(s unix.Signal, at int64) bool {
	if w.take(s, at) {
		return true
	}
	time.Sleep(groupGrace)
	select {
	case <-w.echoes:
	default:
	}
	echoes(func(timeout <-chan time.Time) bool {
		select {
		case <-w.echoes:
			return true
		case <-timeout:
			return false
		}
	})
	return w.take(s, at)
}

// echoes sends each thread of this process an echo, one after the other, and has back
// wait for it: then all signals that had come before have been seen, however busy the
// machine is. The kernel delivers pending signals by number, so the last of all is
// behind those of the process. But one that a thread was given already, and that the
// thread has not come to handle, no other thread's echo waits for: a handler blocks
// all signals.
func echoes(back func(timeout <-chan time.Time) bool) {
	timeout := time.After(echoTime)
	tids := procfd.Threads(unix.Getpid())
	if len(tids) == 0 { // without /proc, the main thread's echo has to do
		tids = []int{unix.Getpid()}
	}
	for _, tid := range tids {
		if fast.Runs(tid) {
			continue // it has all signals blocked
		}
		if state, _, err := procfd.Stat(tid); err == nil && state == 'D' {
			continue // it waits, for a program that holds it up maybe, and handles none
		}
		if unix.Tgkill(unix.Getpid(), tid, echo) != nil {
			continue // it has ended
		}
		if !back(timeout) {
			return
		}
	}
}

// stopSignals are those of job control. SIGCONT cancels them, wherever they are
// on their way.
var stopSignals = []os.Signal{unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU}

// sinceStop takes from signals what arrived before now, without stop signals:
// they belong to a stop that is over. The rest is given back.
func sinceStop(signals <-chan os.Signal) (rest []os.Signal) {
	echoes(func(timeout <-chan time.Time) bool {
		for {
			select {
			case s := <-signals:
				if s == os.Signal(echo) {
					return true
				}
				if !slices.Contains(stopSignals, s) {
					rest = append(rest, s)
				}
			case <-timeout:
				return false
			}
		}
	})
	return rest
}

// byDefault does what the kernel does for a process that has no handler.
func byDefault(s unix.Signal) {
	switch {
	case s == unix.SIGCHLD, s == unix.SIGCONT, s == unix.SIGWINCH:
	case slices.Contains(stopSignals, os.Signal(s)):
		_ = unix.Kill(os.Getpid(), unix.SIGSTOP)
	default:
		die(s)
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
