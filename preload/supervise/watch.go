//go:build linux && (amd64 || arm64)

package supervise

import (
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/tcpopt"
)

// watched are processes whose sockets are looked at time and again: those with
// an io_uring, whose calls pass no filter, and for the report those that
// accept, because a process that is killed closes its sockets without a call.
type watched struct {
	mu    sync.Mutex
	procs map[int]*watchedProcess
}

type watchedProcess struct {
	procfd.Process
	cover bool // set the options, too
}

// watchPeriod is how long a connection made through io_uring may go without
// keepalive; no keepalive timer is shorter than a second.
const watchPeriod = 100 * time.Millisecond

// add watches the process of thread tid from now on.
func (w *watched) add(s *supervisor, tid int, cover bool) {
	pid, err := procfd.Tgid(tid)
	if err != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if known, ok := w.procs[pid]; ok && known.Alive() {
		known.cover = known.cover || cover
		return
	}
	p, err := procfd.Open(pid)
	if err != nil {
		return
	}
	if w.procs == nil {
		w.procs = map[int]*watchedProcess{}
		go func() {
			for range time.Tick(watchPeriod) {
				w.scanAll(s)
			}
		}()
	}
	w.procs[pid] = &watchedProcess{p, cover}
}

// scanAll looks at every watched process once and forgets those that ended.
func (w *watched) scanAll(s *supervisor) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for pid, p := range w.procs {
		if !p.Alive() {
			p.Close()
			delete(w.procs, pid)
			continue
		}
		fds, err := procfd.Sockets(pid)
		if err != nil {
			continue
		}
		for _, fd := range fds {
			s.look(p, pid, fd)
		}
	}
}

// look notes, and where wanted covers, one socket that is connected or
// listening; one that was only just created is the program's to configure.
func (s *supervisor) look(p *watchedProcess, pid, fd int) {
	dup, err := p.Dup(fd)
	if err != nil {
		return
	}
	defer unix.Close(dup)
	sock, ok := tcpopt.Open(dup)
	if !ok || !sock.Listening() && !sock.WasConnected() {
		return
	}
	s.ledger.last(sock, pid, "found")
	if s.config.Observe || !p.cover {
		return
	}
	all, on := sock.Has(s.config.Options)
	if all {
		return
	}
	if err := sock.Apply(s.config.Options); err != nil {
		s.ledger.failed(sock, err)
		s.warn(pid, "has a socket that takes no keepalive", err)
		return
	}
	s.ledger.covered(sock, !on)
}
