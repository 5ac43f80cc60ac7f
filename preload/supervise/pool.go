//go:build linux && (amd64 || arm64)

package supervise

import (
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/fast"
	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/seccomp"
)

// pool is what answers stopped calls: the threads of package fast, one of which waits for
// them and answers the usual ones, and a goroutine for each other call. No call waits for
// another one, whatever a program does to block its own. When handAllAt calls are blocked, all
// further ones go to goroutines; when crowdedAt are, further calls of a process that blocks
// maxStuck of them are continued unexamined.
type pool struct {
	s         *server
	threads   *fast.Pool
	wakeGuard chan struct{}
	over      atomic.Bool  // there are no more
	blocked   atomic.Int32 // calls older than blockedAfter
	overdue   atomic.Int32 // those of them that are older than stuckAfter
	patient   slots        // whose calls may take their time
	stopped   func() int   // see stoppedThreads
	queued    slots        // whose calls wait for their goroutine: nothing blocks these

	mu    sync.Mutex
	seen  [fast.Slots]sighted
	stuck map[int]int // by process: its calls among the overdue
	idle  []*worker
}

const (
	// A call older than blockedAfter counts as blocked, one older than stuckAfter as blocked by its
	// process, if as many threads are in fact stopped and not only waiting for a processor; after
	// warnAfter the user is warned.
	blockedAfter = 5 * time.Millisecond
	stuckAfter   = 15 * time.Millisecond
	warnAfter    = 100 * time.Millisecond
	// From handAllAt blocked calls on, the threads answer none themselves; with more than crowd
	// nothing is begun that could block. crowdedAt is the number of stuck ones from which they
	// are limited: to maxStuck for each process.
	handAllAt, crowd, crowdedAt, maxStuck = fast.Threads / 2, fast.Slots / 2, fast.Slots / 4, 4
)

// sighted is a call in hand, and when it was seen first.
type sighted struct {
	id     uint64
	at     time.Time
	pid    int
	warned bool
}

// worker is what a goroutine needs for a call, kept for its next.
type worker struct {
	s       *server
	slot    int
	targets [32]target
}

// target is an open thread; see worker.dup.
type target struct {
	tid     int
	process procfd.Process
	pid     int  // whose thread it is, 0 before somebody asks
	watched bool // its process is
}

func (p *pool) init(s *server, memory []byte) (err error) {
	p.s, p.wakeGuard, p.stopped = s, make(chan struct{}, 1), stoppedThreads
	p.threads, err = fast.New(s.listener.FD, memory, s.config.Options, s.simple && !s.config.Inject)
	s.queues.changed = p.threads.HandAccepts
	return err
}

func (p *pool) start() error {
	go p.listen()
	go p.guard()
	return p.threads.Start()
}

// listen does what the threads say, until every process under the filter is
// gone.
func (p *pool) listen() {
	for {
		e, err := p.threads.Next()
		switch {
		case err != nil, e.Over:
			p.over.Store(true)
			p.wake()
			return
		case e.Slot >= 0:
			p.queued.set(e.Slot, true)
			p.wake()
			go p.answer(e.Slot)
		case e.File >= 0:
			p.s.close(e.File)
		case e.Blocked:
			p.wake()
		}
	}
}

func (p *pool) wake() {
	select {
	case p.wakeGuard <- struct{}{}:
	default:
	}
}

// answer deals with the call in a slot.
func (p *pool) answer(slot int) {
	p.queued.set(slot, false)
	p.mu.Lock()
	w := &worker{s: p.s}
	if n := len(p.idle); n > 0 {
		w, p.idle = p.idle[n-1], p.idle[:n-1]
	}
	p.mu.Unlock()
	w.slot = slot
	n := *p.threads.Call(slot)
	p.s.handle(w, &n)
	p.patient.set(slot, false)
	p.threads.Done(slot)
	p.mu.Lock()
	p.idle = append(p.idle, w)
	p.mu.Unlock()
}

// slots is a set of slots.
type slots struct{ bits atomic.Uint64 }

func (s *slots) set(slot int, in bool) {
	if in {
		s.bits.Or(1 << slot)
	} else {
		s.bits.And(^(uint64(1) << slot))
	}
}

func (s *slots) has(slot int) bool { return s.bits.Load()>>slot&1 == 1 }

// guard looks at the calls in hand while there are some that are not usual.
func (p *pool) guard() {
	for !p.over.Load() {
		if !p.look(time.Now()) {
			<-p.wakeGuard
		}
		time.Sleep(blockedAfter)
	}
}

// look notes which calls are blocked, and by whom. busy reports whether there
// is one in hand that is not the leader's, or has been for long.
func (p *pool) look(now time.Time) (busy bool) {
	var tell []int
	blocked, overdue, stuck := 0, 0, map[int]int(nil)
	p.mu.Lock()
	for i := range p.seen {
		id, was := p.threads.InHand(i), &p.seen[i]
		if id != was.id {
			*was = sighted{id: id, at: now}
		}
		if id == 0 || p.patient.has(i) {
			continue
		}
		if p.queued.has(i) { // keepatch itself is late, with many calls at a time
			was.at, busy = now, true
			continue
		}
		age := now.Sub(was.at)
		if age < blockedAfter {
			busy = busy || p.threads.LeaderSlot() != i
			continue
		}
		busy = true
		if blocked++; age < stuckAfter {
			continue
		}
		overdue++
		tid := int(p.threads.Call(i).PID)
		if was.pid == 0 {
			was.pid, _ = procfd.Tgid(tid)
		}
		if stuck == nil {
			stuck = map[int]int{}
		}
		stuck[was.pid]++
		if age >= warnAfter && !was.warned {
			was.warned = true
			tell = append(tell, tid)
		}
	}
	p.stuck = stuck
	p.mu.Unlock()
	if overdue >= crowdedAt || blocked > crowd {
		// On a busy machine calls get old by themselves.
		n := p.stopped()
		blocked, overdue = min(blocked, n), min(overdue, n)
	}
	p.blocked.Store(int32(blocked))
	p.overdue.Store(int32(overdue))
	p.threads.Careful(blocked >= handAllAt)
	for _, tid := range tell {
		p.s.warn(tid, "holds up a call that keepatch looks at; it stays as it was if that goes on", nil)
	}
	return busy
}

// banned reports whether the process of thread tid blocks too many calls.
func (p *pool) banned(tid int) bool {
	if p.overdue.Load() < crowdedAt {
		return false
	}
	pid, err := procfd.Tgid(tid)
	if err != nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stuck[pid] >= maxStuck
}

// crowded reports whether so many calls are blocked that nothing may be begun
// that could block.
func (p *pool) crowded() bool { return p.blocked.Load() > crowd }

var errGone = unix.ESRCH

// dup copies descriptor fd of the thread whose call n is. Threads stay open for
// their next call: an open one goes on meaning the same thread, and says so
// (ESRCH) when its number is somebody else's by now.
func (w *worker) dup(n *seccomp.Notification, fd int) (int, error) {
	tid := int(n.PID)
	t := &w.targets[tid%len(w.targets)]
	if t.tid == tid {
		dup, err := t.process.Dup(fd)
		if err != unix.ESRCH {
			return dup, err
		}
	}
	process, err := procfd.OpenThread(tid)
	if err != nil {
		return -1, err
	}
	if !w.s.listener.Valid(n) {
		process.Close()
		return -1, errGone // tid may be somebody else's by now
	}
	if t.tid != 0 {
		t.process.Close()
	}
	*t = target{tid: tid, process: process}
	return process.Dup(fd)
}

// target is the caller of n, after dup has opened it.
func (w *worker) target(n *seccomp.Notification) *target {
	t := &w.targets[int(n.PID)%len(w.targets)]
	if t.pid == 0 && t.tid == int(n.PID) {
		t.pid, _ = procfd.Tgid(t.tid)
	}
	return t
}
