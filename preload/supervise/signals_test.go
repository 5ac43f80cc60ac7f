//go:build linux && (amd64 || arm64)

package supervise

import (
	"os"
	"os/signal"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"
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
