//go:build linux && (amd64 || arm64) && !race

package supervise

import (
	"os"
	"os/signal"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/seccomp"
)

// TestEchoes: the threads of the pool, which take no signals, cost no time. The race detector
// knows no threads but Go's.
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
