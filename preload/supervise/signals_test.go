//go:build linux && (amd64 || arm64)

package supervise

import (
	"os"
	"os/signal"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/seccomp"
)

// TestSinceStop: what stopped a job is over when the job is continued, whatever
// has not been looked at by then; other signals are not lost.
func TestSinceStop(t *testing.T) {
	c := make(chan os.Signal, 16)
	signal.Notify(c, unix.SIGTSTP, unix.SIGUSR1, echo)
	defer signal.Stop(c)
	for _, s := range []unix.Signal{unix.SIGTSTP, unix.SIGUSR1} {
		if err := unix.Kill(unix.Getpid(), s); err != nil {
			t.Fatal(err)
		}
	}
	if rest := sinceStop(c); !slices.Equal(rest, []os.Signal{unix.SIGUSR1}) {
		t.Errorf("left over: %v, want SIGUSR1", rest)
	}
}

// TestEchoes: the threads of the pool, which take no signals, cost no time.
func TestEchoes(t *testing.T) {
	_, memory, err := makeSlots()
	if err != nil {
		t.Fatal(err)
	}
	installed, over := make(chan error), make(chan struct{})
	listener := -1
	go func() {
		runtime.LockOSThread() // and never back: the thread ends with its filter
		var err error
		listener, _, err = seccomp.Install(seccomp.Want{})
		installed <- err
		<-over
	}()
	if err := <-installed; err != nil {
		t.Skip(err)
	}
	defer close(over)
	s, err := newServer(Config{}, listener, memory, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.pool.start(); err != nil {
		t.Fatal(err)
	}
	w, c := newSignalLog(), make(chan os.Signal, 16)
	signal.Notify(c, unix.SIGUSR1, echo)
	defer signal.Stop(c)
	go w.watch(c)
	for range 20 {
		if err := unix.Kill(unix.Getpid(), unix.SIGUSR1); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if !w.groupWide(unix.SIGUSR1, monotonic()) {
			t.Error("a signal that has been sent is not seen")
		}
		if d := time.Since(began); d > echoTime*9/10 {
			t.Errorf("it takes %v", d)
		}
	}
	for range 3 {
		began := time.Now()
		if w.groupWide(unix.SIGUSR2, monotonic()) {
			t.Error("a signal that nobody sent is seen")
		}
		if d := time.Since(began); d > echoTime*9/10 {
			t.Errorf("no signal: it takes %v", d)
		}
	}
}

// TestWitness: a signal is the group's if both saw it at about the same time,
// however late the question comes.
func TestWitness(t *testing.T) {
	w := newSignalLog()
	now := monotonic()
	w.seen = []received{{unix.SIGTSTP, now - int64(3*time.Second)}}
	if w.take(unix.SIGTSTP, now) {
		t.Error("three seconds apart pass for one signal")
	}
	if !w.take(unix.SIGTSTP, now-int64(3*time.Second)-int64(time.Millisecond)) {
		t.Error("a question that comes late is not answered")
	}
	if w.take(unix.SIGTSTP, now-int64(3*time.Second)) {
		t.Error("one sighting answers twice")
	}
}
