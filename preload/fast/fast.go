//go:build linux && (amd64 || arm64)

package fast

import (
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/seccomp"
	"github.com/keepatch/keepatch/preload/tcpopt"
)

// Pool are the threads of one listener. One of them leads: it waits for calls.
type Pool struct {
	c    *control
	said *os.File
}

// Event is what a thread tells: a call that a goroutine answers (Slot), a file to
// close (File), that a leader is blocked (Blocked), or that there are no more calls
// (Over).
type Event struct {
	Slot, File    int // -1 for none
	Blocked, Over bool
}

// New gives a pool that is not started. memory holds the calls in hand, SlotBytes
// of them. Every call is handed over unless usual is set: then sockets get o
// and nothing else is wanted.
func New(listener int, memory []byte, o tcpopt.Options, usual bool) (*Pool, error) {
	b, err := unix.Mmap(-1, 0, int(unsafe.Sizeof(control{})), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		return nil, fmt.Errorf("mmap: %w", err)
	}
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		return nil, fmt.Errorf("pipe2: %w", err)
	}
	c := (*control)(unsafe.Pointer(&b[0]))
	c.listener, c.pipe = int32(listener), int32(pipe[1])
	c.slots = unsafe.Pointer(&memory[0])
	c.free = ^uint64(0)
	for i := range c.threads {
		c.threads[i].index, c.threads[i].control = uint32(i), c
	}
	if usual {
		c.want(o)
	}
	p := &Pool{c: c, said: os.NewFile(uintptr(pipe[0]), "calls")}
	pools.Lock()
	pools.all = append(pools.all, p)
	pools.Unlock()
	return p, nil
}

// want makes the threads answer what is usual.
func (c *control) want(o tcpopt.Options) {
	calls := c.calls[:0]
	for _, k := range []seccomp.Call{seccomp.Connect, seccomp.Listen, seccomp.Accept, seccomp.Setsockopt} {
		for _, nr := range seccomp.Native(k) {
			calls = append(calls, call{nr, k})
		}
	}
	timers := c.timers[:0]
	for _, t := range o.TimerValues() {
		if t.Name == unix.TCP_KEEPIDLE {
			c.idle = int32(t.Value)
		} else {
			timers = append(timers, timer{int32(t.Name), int32(t.Value)})
		}
	}
}

// Start starts the threads.
func (p *Pool) Start() error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	// The threads inherit the mask, and a signal must find one of Go's.
	var all, before unix.Sigset_t
	for i := range all.Val {
		all.Val[i] = ^all.Val[i]
	}
	if err := unix.PthreadSigmask(unix.SIG_SETMASK, &all, &before); err != nil {
		return fmt.Errorf("sigprocmask: %w", err)
	}
	errno := p.c.start(Threads)
	if err := unix.PthreadSigmask(unix.SIG_SETMASK, &before, nil); err != nil {
		return fmt.Errorf("sigprocmask: %w", err)
	}
	if errno != 0 {
		return fmt.Errorf("clone: %w", unix.Errno(errno))
	}
	return nil
}

// pools are all that there are, for Runs.
var pools struct {
	sync.Mutex
	all []*Pool
}

// Runs reports whether thread tid of this process is one of a pool: it takes no
// signals.
func Runs(tid int) bool {
	pools.Lock()
	defer pools.Unlock()
	return slices.ContainsFunc(pools.all, func(p *Pool) bool {
		for i := range p.c.threads {
			if int(atomic.LoadUint32(&p.c.threads[i].alive)) == tid {
				return true
			}
		}
		return false
	})
}

// LeaderSlot is the slot of the leader's call, -1 where it has none.
func (p *Pool) LeaderSlot() int {
	t := &p.c.threads[atomic.LoadUint32(&p.c.leader)%Threads]
	if atomic.LoadUint32(&t.alive) == 0 {
		return -1
	}
	if slot := atomic.LoadUint32(&t.slot); slot != noSlot {
		return int(slot)
	}
	return -1
}

// Next waits for what the threads tell.
func (p *Pool) Next() (Event, error) {
	var b [8]byte
	if _, err := p.said.Read(b[:]); err != nil {
		return Event{}, err
	}
	m := binary.NativeEndian.Uint64(b[:])
	e := Event{Slot: -1, File: -1}
	switch m >> 56 {
	case sayCall:
		e.Slot = int(m >> 48 & 0xff)
	case sayClose:
		e.File = int(uint32(m))
	case sayBlocked:
		e.Blocked = true
	case sayOver:
		e.Over = true
	}
	return e, nil
}

// Call is the call in slot i, its ID 0 where there is none.
func (p *Pool) Call(i int) *seccomp.Notification { return p.c.slotAt(uint32(i)) }

// InHand is the ID of the call in slot i.
func (p *Pool) InHand(i int) uint64 { return atomic.LoadUint64(&p.Call(i).ID) }

// Done gives back the slot of a call that was handed over and is answered.
func (p *Pool) Done(i int) {
	atomic.StoreUint64(&p.Call(i).ID, 0)
	p.c.freeSlot(uint32(i))
}

// Careful has every call handed over.
func (p *Pool) Careful(on bool) { atomic.StoreUint32(&p.c.careful, bit(on)) }

// HandAccepts has every accept handed over.
func (p *Pool) HandAccepts(on bool) { atomic.StoreUint32(&p.c.queues, bit(on)) }

func bit(on bool) uint32 {
	if on {
		return 1
	}
	return 0
}
