//go:build linux && (amd64 || arm64)

package supervise

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/tcpopt"
)

// watched are processes whose sockets are looked at time and again: those with
// an io_uring, whose calls pass no filter; those that accept from a queue that
// is older than the listener's options; and for the report those that accept,
// because a process that is killed closes its sockets without a call. Each has
// a goroutine of its own, so that none waits for another's descriptors.
type watched struct {
	mu    sync.Mutex
	procs map[int]*watchedProcess
}

type watchedProcess struct {
	procfd.Process
	mu    sync.Mutex
	cover bool // set the options, too
	queue bool // until the old queues are empty
	keep  bool // until it ends
}

const (
	// watchPeriod is how long a connection made through io_uring may go without
	// keepalive; no keepalive timer is shorter than a second.
	watchPeriod = 100 * time.Millisecond
	// firstLook comes soon after an accept from an old queue.
	firstLook = 10 * time.Millisecond
	// lastLook bounds the wait for the sockets of the program's last moment.
	lastLook = 300 * time.Millisecond
)

// add watches the process of thread tid from now on.
func (w *watched) add(s *server, tid int, cover bool) {
	w.change(s, tid, func(p *watchedProcess) {
		p.keep = true
		p.cover = p.cover || cover
	})
}

// queue watches it until no old queue has anything left.
func (w *watched) queue(s *server, tid int) {
	w.change(s, tid, func(p *watchedProcess) { p.queue, p.cover = true, true })
}

func (w *watched) change(s *server, tid int, set func(*watchedProcess)) {
	pid, err := procfd.Tgid(tid)
	if err != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if p, ok := w.procs[pid]; ok && p.Alive() {
		p.mu.Lock()
		set(p)
		p.mu.Unlock()
		return
	}
	process, err := procfd.Open(pid)
	if err != nil {
		return
	}
	p := &watchedProcess{Process: process}
	set(p)
	if w.procs == nil {
		w.procs = map[int]*watchedProcess{}
	}
	w.procs[pid] = p
	go w.follow(s, p, pid)
}

// follow looks at one process until there is no more reason to.
func (w *watched) follow(s *server, p *watchedProcess, pid int) {
	empty := 0 // looks in a row that found no old queue with anything in it
	for pause := firstLook; ; pause = watchPeriod {
		time.Sleep(pause)
		if queued := s.lookAll(p); queued {
			empty = 0
		} else {
			empty++
		}
		w.mu.Lock()
		p.mu.Lock()
		if empty > 1 {
			p.queue = false
		}
		over := !p.Alive() || !p.queue && !p.keep
		p.mu.Unlock()
		if over {
			if w.procs[pid] == p {
				delete(w.procs, pid)
			}
			p.Close()
			w.mu.Unlock()
			return
		}
		w.mu.Unlock()
	}
}

// lookAll looks at every socket of p, and reports whether there is an old queue
// with something in it among them.
func (s *server) lookAll(p *watchedProcess) (queued bool) {
	p.mu.Lock()
	cover := p.cover
	p.mu.Unlock()
	fds, err := p.Sockets()
	if err != nil {
		return false
	}
	for _, fd := range fds {
		queued = s.look(p, fd, cover) || queued
	}
	return queued
}

// look notes, and where wanted covers, one socket that is connected or
// listening; one that was only just created is the program's to configure.
func (s *server) look(p *watchedProcess, fd int, cover bool) (queued bool) {
	dup, err := p.Dup(fd)
	if err != nil {
		return false
	}
	defer unix.Close(dup)
	sock, ok := tcpopt.Open(dup)
	if !ok || !sock.Listening() && !sock.WasConnected() {
		return false
	}
	s.last(sock, p.ID(), "found")
	if cover {
		s.apply(sock, p.ID(), netip.AddrPort{})
	}
	return s.queues.look(sock)
}

// finish looks once more at all of them, at the program's end.
func (w *watched) finish(s *server) {
	var wg sync.WaitGroup
	w.mu.Lock()
	for _, p := range w.procs {
		wg.Go(func() { s.lookAll(p) })
	}
	w.mu.Unlock()
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(lastLook):
	}
}

// queues are the listeners, by cookie, that had connections waiting when they
// were covered.
type queues struct {
	any     atomic.Bool // there are some
	changed func(any bool)
	mu      sync.Mutex
	old     map[uint64]int // looks in a row that found it empty
}

func (q *queues) add(cookies ...uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.old == nil {
		q.old = map[uint64]int{}
	}
	for _, c := range cookies {
		q.old[c] = 0
	}
	q.tell()
}

func (q *queues) has(cookie uint64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	_, ok := q.old[cookie]
	return ok
}

// look reports whether sock is an old queue with something in it. A queue is
// served in the order of arrival: once it was empty, what is older than the
// option is out of it, and at the next look it has been seen.
func (q *queues) look(sock tcpopt.Socket) bool {
	if !q.has(sock.Cookie) {
		return false
	}
	waiting := sock.Queued() > 0
	q.mu.Lock()
	defer q.mu.Unlock()
	if waiting {
		q.old[sock.Cookie] = 0
	} else if q.old[sock.Cookie]++; q.old[sock.Cookie] > 1 {
		delete(q.old, sock.Cookie)
		q.tell()
	}
	return waiting
}

func (q *queues) tell() {
	q.any.Store(len(q.old) > 0)
	q.changed(len(q.old) > 0)
}
