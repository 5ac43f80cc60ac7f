//go:build linux && (amd64 || arm64)

package supervise

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/fast"
	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/seccomp"
)

// server answers the stopped calls of a tree of processes. The supervisor has
// one, and the front when the supervisor is gone.
type server struct {
	config   Config
	listener seccomp.Listener
	pool     pool
	ledger   *ledger
	watched  watched
	warnings warnings
	queues   queues
	closing  atomic.Int32 // closes under way outside the workers
	own      []netip.Addr // of the policy's interfaces
	simple   bool         // no policy and no report: as few calls as possible
	// starting, if not nil, answers the first Setpgid into the front's group,
	// which is the program's before its exec.
	starting func(n *seccomp.Notification) unix.Errno
	started  sync.Once
}

// newServer answers with the config's part of memory, see Config.slots; tell takes
// what the user should know and must not block.
func newServer(c Config, listener int, memory []byte, tell func(string)) (*server, error) {
	s := &server{config: c, listener: seccomp.Listener{FD: listener}, ledger: newLedger(c)}
	s.warnings.tell = tell
	s.own, _ = c.Policy.Addresses() // run has checked the names
	s.simple = !c.Report && c.All()
	return s, s.pool.init(s, c.slots(memory))
}

// All reports whether every socket gets all the options.
func (c Config) All() bool {
	return c.Policy.Everything() && !c.Policy.OnlyOff && !c.Policy.NeverLengthen
}

// want is the filter for c.
func (c Config) want() seccomp.Want {
	w := seccomp.Want{Group: c.Group, Cookie: c.Cookie, Calls: []seccomp.Call{
		seccomp.IoUringSetup, seccomp.IoUringRegister, seccomp.Seccomp, seccomp.Prctl, seccomp.Setpgid,
	}}
	if !c.Observe {
		w.Timers = c.Options.Timers()
	}
	if c.Inject {
		w.Calls = append(w.Calls, seccomp.Socket)
		return w
	}
	w.Calls = append(w.Calls, seccomp.Connect, seccomp.Listen, seccomp.Sendto, seccomp.Sendmsg)
	if !c.NoAccept || c.Policy.NeedsPeer() {
		w.Calls = append(w.Calls, seccomp.Accept)
	}
	if c.Report {
		// An accepted socket has no call of its own before it is there; the
		// report meets it when it is closed, in whatever way.
		w.Calls = append(w.Calls, seccomp.Close, seccomp.CloseRange, seccomp.Dup2, seccomp.Exec, seccomp.ExitGroup)
		w.KeepAlive = true
	}
	return w
}

// resume answers what another server had in hand when it died, and goes on in
// its place; tree are the processes that may have an io_uring.
func (s *server) resume(tree []int) error {
	w := &worker{s: s}
	for w.slot = range fast.Slots {
		if n := *s.pool.threads.Call(w.slot); n.ID != 0 {
			s.handle(w, &n)
			s.pool.threads.Call(w.slot).ID = 0
		}
	}
	for _, pid := range tree {
		if procfd.HasRing(pid) {
			s.watched.add(s, pid, true)
		}
	}
	return s.pool.start()
}

// mapBytes is the size of the shared memory: the slots of both ways to work, with
// copies of descriptors and by injection.
const mapBytes = 2 * fast.SlotBytes

// slots are those of c's way. Each way has its own: where the first is refused, its
// pool still puts away the call that tried it while the second gets its first one.
func (c Config) slots(memory []byte) []byte {
	if c.Inject {
		return memory[fast.SlotBytes:]
	}
	return memory[:fast.SlotBytes]
}

// makeSlots gives memory for the calls in hand, shared by front and supervisor.
func makeSlots() (fd int, memory []byte, err error) {
	fd, err = unix.MemfdCreate("keepatch-calls", unix.MFD_CLOEXEC)
	if err != nil {
		return -1, nil, fmt.Errorf("memfd_create: %w", err)
	}
	if err := unix.Ftruncate(fd, int64(mapBytes)); err != nil {
		return -1, nil, fmt.Errorf("ftruncate: %w", err)
	}
	memory, err = mapSlots(fd)
	return fd, memory, err
}

func mapSlots(fd int) ([]byte, error) {
	memory, err := unix.Mmap(fd, 0, mapBytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mmap: %w", err)
	}
	return memory, nil
}

// warnings keeps the user's terminal from filling up: each process and
// complaint once, and no more than a hundred in all.
type warnings struct {
	tell  func(string)
	mu    sync.Mutex
	known map[string]bool
}

func (s *server) warn(tid int, what string, err error) {
	if errors.Is(err, unix.ESRCH) {
		return // it is gone, and its sockets with it
	}
	pid, tgidErr := procfd.Tgid(tid)
	if tgidErr != nil {
		return
	}
	text := fmt.Sprintf("process %d (%s) %s", pid, procfd.Name(pid), what)
	if err != nil {
		text += ": " + err.Error()
	}
	w := &s.warnings
	w.mu.Lock()
	fresh := !w.known[text] && len(w.known) < 100
	if fresh {
		if w.known == nil {
			w.known = map[string]bool{}
		}
		w.known[text] = true
	}
	w.mu.Unlock()
	if fresh {
		w.tell(text)
	}
}
