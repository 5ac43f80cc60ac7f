//go:build linux && (amd64 || arm64)

package supervise

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/seccomp"
)

// pool is the set of workers that answer stopped calls. One of them, the leader, waits for
// calls and answers them; a second waiting thread would be woken for nothing. Some steps of
// an answer can block for as long as a program likes: reading a page that the program
// serves itself (userfaultfd), closing a copy of a descriptor whose file system hangs.
//
// Invariant: when the leader has worked on one call for longer than leadTimeout, another
// worker takes the lead, and the old one ends with its call. So other programs delay a call
// by leadTimeout and the start of a thread at most. When crowdedAt workers are blocked,
// further calls of a process that blocks maxStuck of them are continued unexamined.
type pool struct {
	s         *server
	slots     []seccomp.Notification // in shared memory; ID is 0 when there is no call in hand
	leader    atomic.Pointer[worker]
	idle      atomic.Bool   // guard sleeps
	wakeGuard chan struct{} // wakes guard

	mu      sync.Mutex
	free    []int // slots without a worker
	workers map[*worker]bool
	stuck   map[int]int // by process: its calls that have taken longer than leadTimeout
	blocked atomic.Int32
}

const (
	maxWorkers = 64 // threads at most
	// After leadTimeout another worker takes the lead; after warnAfter the user is warned.
	leadTimeout = 5 * time.Millisecond
	warnAfter   = 100 * time.Millisecond
	// crowdedAt is the number of blocked workers from which they are limited: to maxStuck
	// for each process.
	crowdedAt, maxStuck = maxWorkers / 4, 4
	// idleLooks is how often guard looks at an idle leader before it sleeps.
	idleLooks = 20
)

// worker is one thread's part.
type worker struct {
	s       *server
	slot    *seccomp.Notification
	index   int
	since   atomic.Int64 // when the call in hand came, 0 for none
	tid     atomic.Int32 // whose call it is
	process int          // under the pool's lock: counted in stuck as this one
	warned  bool         // the same
	targets [32]target
}

// target is an open thread; see worker.dup.
type target struct {
	tid     int
	process procfd.Process
	pid     int  // whose thread it is, 0 before somebody asks
	watched bool // its process is
}

func (p *pool) init(s *server, memory []byte) {
	p.s = s
	p.slots = unsafe.Slice((*seccomp.Notification)(unsafe.Pointer(&memory[0])), maxWorkers)
	p.workers, p.stuck, p.wakeGuard = map[*worker]bool{}, map[int]int{}, make(chan struct{}, 1)
	for i := range p.slots {
		p.free = append(p.free, i)
	}
}

func (p *pool) start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lead()
	go p.guard()
}

// lead starts a worker that leads, if there is a slot; the caller holds the
// lock.
func (p *pool) lead() {
	if len(p.free) == 0 {
		return
	}
	i := p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	w := &worker{s: p.s, slot: &p.slots[i], index: i}
	p.workers[w] = true
	p.leader.Store(w)
	go p.work(w)
}

// work answers calls until every process under the filter is gone, or another
// worker leads.
func (p *pool) work(w *worker) {
	// A thread of its own, since what counts here is how fast it wakes up.
	runtime.LockOSThread()
	defer p.retire(w)
	for p.leader.Load() == w {
		if p.s.listener.Recv(w.slot) != nil {
			p.leader.CompareAndSwap(w, nil)
			return
		}
		n := *w.slot
		w.tid.Store(int32(n.PID))
		began := time.Now().UnixNano()
		w.since.Store(began)
		if p.idle.CompareAndSwap(true, false) {
			p.wakeGuard <- struct{}{}
		}
		p.s.handle(w, &n)
		w.slot.ID = 0
		w.since.Store(0)
		if time.Now().UnixNano()-began > int64(leadTimeout) {
			p.released(w)
		}
	}
}

func (p *pool) retire(w *worker) {
	for _, t := range w.targets {
		if t.tid != 0 {
			t.process.Close()
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.workers, w)
	p.free = append(p.free, w.index)
}

// guard looks at the workers while there are calls.
func (p *pool) guard() {
	for quiet := 0; p.leader.Load() != nil; {
		if p.look() {
			quiet = 0
		} else if quiet++; quiet > idleLooks {
			p.idle.Store(true)
			// A call that came just before has not woken guard.
			if !p.look() || !p.idle.CompareAndSwap(true, false) {
				<-p.wakeGuard
			}
			quiet = 0
		}
		time.Sleep(leadTimeout)
	}
}

// look lets another worker lead where the leader is held up, and notes who does
// that. busy reports whether there is a call in hand.
func (p *pool) look() (busy bool) {
	now := time.Now().UnixNano()
	var tell []int
	p.mu.Lock()
	for w := range p.workers {
		since := w.since.Load()
		if since == 0 {
			continue
		}
		busy = true
		age := time.Duration(now - since)
		if age < leadTimeout {
			continue
		}
		if w.process == 0 {
			if pid, err := procfd.Tgid(int(w.tid.Load())); err == nil {
				w.process = pid
				p.stuck[pid]++
				p.blocked.Add(1)
			}
		}
		if age >= warnAfter && !w.warned {
			w.warned = true
			tell = append(tell, int(w.tid.Load()))
		}
		if p.leader.Load() == w {
			p.lead()
		}
	}
	p.mu.Unlock()
	for _, tid := range tell {
		p.s.warn(tid, "holds up a call that keepatch looks at; it stays as it was if that goes on", nil)
	}
	return busy
}

// released undoes what look noted.
func (p *pool) released(w *worker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w.process != 0 {
		if p.stuck[w.process]--; p.stuck[w.process] == 0 {
			delete(p.stuck, w.process)
		}
		p.blocked.Add(-1)
	}
	w.process, w.warned = 0, false
}

// banned reports whether the process of thread tid holds up too many workers.
func (p *pool) banned(tid int) bool {
	if p.blocked.Load() < crowdedAt {
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

// crowded reports whether so many workers are held up that nothing may be
// begun that could block.
func (p *pool) crowded() bool { return p.blocked.Load() > maxWorkers/2 }

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
