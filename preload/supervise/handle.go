//go:build linux && (amd64 || arm64)

package supervise

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/seccomp"
	"github.com/keepatch/keepatch/preload/tcpopt"
)

// handle deals with one stopped call. Whatever happens, the call is answered:
// the program must not hang on its supervisor. All of it may be done twice
// for one call (a signal aborted the first), so it must be idempotent.
func (s *server) handle(w *worker, n *seccomp.Notification) {
	tid := int(n.PID)
	if s.pool.banned(tid) {
		s.warn(tid, "holds up several calls; its others go on as they are until that ends", nil)
		_ = s.listener.Continue(n)
		return
	}
	call, args := seccomp.Decode(n, s.memory(n))
	fd := int(int32(args[0]))
	switch call {
	case seccomp.Connect:
		s.cover(w, n, fd, "connect", s.peer(n, args[1], args[2]))
	case seccomp.Sendto:
		s.cover(w, n, fd, "sendto", s.peer(n, args[4], args[5]))
	case seccomp.Sendmsg:
		s.cover(w, n, fd, "sendmsg", netip.AddrPort{})
	case seccomp.Listen:
		s.cover(w, n, fd, "listen", netip.AddrPort{})
	case seccomp.Accept:
		s.accept(w, n, fd)
	case seccomp.IoUringSetup:
		if s.config.DenyUring {
			_ = s.listener.Fail(n, unix.ENOSYS)
			return
		}
		// Calls made through a ring pass every filter: keep looking instead.
		s.watched.add(s, tid, true)
	case seccomp.IoUringRegister:
		s.warn(tid, "keeps sockets in an io_uring alone, where only keepatch host reaches them (--io-uring=deny makes programs do without)",
			nil)
	case seccomp.Seccomp, seccomp.Prctl:
		s.sandbox(n, args)
	case seccomp.Setsockopt:
		if s.setsockopt(w, n, fd, args) {
			_ = s.listener.Succeed(n)
			return
		}
	case seccomp.Socket:
		if s.socket(n, args) {
			return
		}
	case seccomp.Setpgid:
		var errno unix.Errno
		s.pool.patient.set(w.slot, true) // however long the front takes
		s.started.Do(func() {
			if s.starting != nil {
				errno = s.starting(n)
			}
		})
		if errno != 0 {
			_ = s.listener.Fail(n, errno)
			return
		}
	case seccomp.Close:
		s.note(w, n, fd, "close")
	case seccomp.Dup2:
		if args[0] != args[1] {
			s.note(w, n, int(int32(args[1])), "dup2")
		}
	case seccomp.CloseRange, seccomp.Exec, seccomp.ExitGroup:
		s.scan(w, n)
	}
	_ = s.listener.Continue(n)
}

// memory reads the caller's. It may block for ever.
func (s *server) memory(n *seccomp.Notification) seccomp.Memory {
	return func(addr uint64, buf []byte) error {
		if s.pool.crowded() {
			return unix.EBUSY
		}
		return procfd.ReadMemory(int(n.PID), addr, buf)
	}
}

// cover turns keepalive on for descriptor fd of the caller, if it is a TCP
// socket that has not got all that is wanted. peer is the address that the
// program is about to connect to, where it is known.
func (s *server) cover(w *worker, n *seccomp.Notification, fd int, how string, peer netip.AddrPort) {
	tid := int(n.PID)
	dup, ok := s.copy(w, n, fd)
	if !ok {
		return
	}
	if s.simple {
		kind, err := tcpopt.Cover(dup, s.config.Options)
		if kind == tcpopt.NotSocket {
			s.close(dup)
		} else {
			unix.Close(dup)
		}
		if err != nil {
			s.warn(tid, "has a socket that takes no keepalive", err)
		}
		return
	}
	defer unix.Close(dup)
	sock, ok := tcpopt.Open(dup)
	if !ok {
		return
	}
	s.ledger.sight(sock, w.target(n).pid, how, peer)
	if how != "listen" || !s.config.Policy.NeedsPeer() { // else see accept
		s.apply(sock, tid, peer)
	}
}

// accept covers the listener, whose options the accepted sockets are born with.
// What waits in its queue was born before: its process is watched until those
// are all out.
func (s *server) accept(w *worker, n *seccomp.Notification, fd int) {
	tid := int(n.PID)
	dup, ok := s.copy(w, n, fd)
	if !ok {
		return
	}
	defer unix.Close(dup)
	if all, _ := (tcpopt.Socket{FD: dup}).Has(s.config.Options); all && s.simple && !s.queues.any.Load() {
		return // the usual case: its listen was seen, or an accept before this
	}
	sock, ok := tcpopt.Open(dup)
	if !ok {
		return
	}
	caller := w.target(n)
	s.ledger.sight(sock, caller.pid, "accept", netip.AddrPort{})
	if !caller.watched && (s.config.Report || s.config.Policy.NeedsPeer()) {
		s.watched.add(s, tid, s.config.Policy.NeedsPeer())
		caller.watched = true
	}
	if fresh := s.apply(sock, tid, netip.AddrPort{}); fresh && sock.Queued() > 0 {
		s.queues.add(sock.Cookie)
	}
	if s.queues.has(sock.Cookie) {
		s.watched.queue(s, tid)
	}
}

// apply covers a socket whose peer is, or will be, the given one, and reports
// whether keepalive was off before.
func (s *server) apply(sock tcpopt.Socket, tid int, peer netip.AddrPort) (fresh bool) {
	if s.config.Observe {
		return false
	}
	o, chosen := s.chosen(sock, peer)
	if !chosen {
		return false
	}
	all, on := sock.Has(o)
	if all {
		return false
	}
	if err := sock.Apply(o); err != nil {
		s.ledger.failed(sock, err)
		s.warn(tid, "has a socket that takes no keepalive", err)
		return false
	}
	s.ledger.covered(sock, !on)
	return !on
}

// chosen gives what the policy wants for a socket, if anything.
func (s *server) chosen(sock tcpopt.Socket, peer netip.AddrPort) (o tcpopt.Options, ok bool) {
	if s.config.All() {
		return s.config.Options, true
	}
	o, ok, left := s.config.choose(sock, peer, s.own, s.ledger.setByUs(sock))
	if left {
		s.ledger.left(sock)
	}
	return o, ok
}

// choose gives what the policy wants for a socket; left is set where it leaves
// one out by its addresses. A listener has no peer yet: where the policy
// depends on that, what it accepts is looked at one by one. byUs tells that
// keepatch turned keepalive on itself, which is no choice of the program's.
func (c Config) choose(sock tcpopt.Socket, peer netip.AddrPort, own []netip.Addr, byUs bool) (o tcpopt.Options, ok, left bool) {
	o, p := c.Options, c.Policy
	if !p.Everything() {
		if p.NeedsPeer() && sock.Listening() {
			return o, false, false
		}
		if !peer.IsValid() {
			peer = sock.Remote()
		}
		if !p.Selects(sock.Local(), peer, own) {
			return o, false, true
		}
	}
	if !p.OnlyOff && !p.NeverLengthen {
		return o, true, false
	}
	have, err := sock.State()
	if err != nil || !have.KeepAlive || byUs {
		return o, true, false
	}
	return o.NoLonger(have), !p.OnlyOff, false
}

// copy copies descriptor fd of the caller.
func (s *server) copy(w *worker, n *seccomp.Notification, fd int) (dup int, ok bool) {
	if s.pool.crowded() && !procfd.IsSocket(int(n.PID), fd) {
		return -1, false
	}
	dup, err := w.dup(n, fd)
	if err != nil {
		if !errors.Is(err, unix.EBADF) { // EBADF is the program's own mistake
			s.warn(int(n.PID), "has a socket that cannot be reached", err)
		}
		return -1, false
	}
	return dup, true
}

// maxClosing are the closes of files that may hang at a time.
const maxClosing = 64

// close gives up a copy of a file, which may block on whoever serves the file:
// nobody waits for it.
func (s *server) close(dup int) {
	if s.closing.Add(1) > maxClosing {
		s.closing.Add(-1)
		return // a descriptor is lost, until the hanging file system is unmounted
	}
	go func() {
		unix.Close(dup)
		s.closing.Add(-1)
	}()
}

// setsockopt looks at a call the program makes itself. A timer the user gave
// a value for keeps that value: the call succeeds (done is true) and the socket
// gets the user's. Otherwise Go's 15 seconds would replace any --idle a moment
// after connect. Everything else takes its course.
func (s *server) setsockopt(w *worker, n *seccomp.Notification, fd int, args [6]uint64) (done bool) {
	level, name := int(int32(args[1])), int(int32(args[2]))
	value, err := s.optionValue(n, args)
	if err != nil {
		return false
	}
	timer := level == unix.IPPROTO_TCP && slices.ContainsFunc(s.config.Options.TimerValues(), func(t tcpopt.Timer) bool {
		return t.Name == name && !(s.config.Policy.NeverLengthen && value > 0 && int(value) < t.Value)
	})
	if s.config.Inject {
		if timer && value >= 0 {
			as(int(n.PID), func() { done = procfd.IsSocket(int(n.PID), fd) })
		}
		return done
	}
	dup, ok := s.copy(w, n, fd)
	if !ok {
		return false
	}
	defer unix.Close(dup)
	sock, ok := tcpopt.Open(dup)
	if !ok {
		return false
	}
	if level == unix.SOL_SOCKET && name == unix.SO_KEEPALIVE {
		s.ledger.last(sock, w.target(n).pid, "setsockopt")
		s.ledger.own(sock, value != 0)
		return false
	}
	if !timer || s.config.Observe || value < 0 {
		return false
	}
	o, chosen := s.chosen(sock, netip.AddrPort{})
	return chosen && sock.ApplyTimers(o) == nil
}

// optionValue is the integer that the program passes. Memory that may not be
// read counts as a value that the kernel would take: the user's timers are
// binding there too. Memory that is not there is the program's mistake.
func (s *server) optionValue(n *seccomp.Notification, args [6]uint64) (int32, error) {
	var raw [4]byte
	if int32(args[4]) < 4 {
		return 0, unix.EINVAL
	}
	err := s.memory(n)(args[3], raw[:])
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) || errors.Is(err, unix.ENOSYS) {
		s.warn(int(n.PID), "has memory that keepatch may not read; the timers given to keepatch stay in force", nil)
		return 1, nil
	}
	return int32(binary.LittleEndian.Uint32(raw[:])), err
}

// note records fd if it is a TCP socket that was ever connected or listens.
func (s *server) note(w *worker, n *seccomp.Notification, fd int, how string) {
	if !procfd.IsSocket(int(n.PID), fd) {
		return
	}
	dup, err := w.dup(n, fd)
	if err != nil {
		return
	}
	defer unix.Close(dup)
	if sock, ok := tcpopt.Open(dup); ok {
		s.last(sock, w.target(n).pid, how)
	}
}

// last records a socket that is about to go, or was found by looking.
func (s *server) last(sock tcpopt.Socket, pid int, how string) {
	s.ledger.last(sock, pid, how)
	s.chosen(sock, netip.AddrPort{}) // notes what the policy leaves out
}

// scan notes all sockets of a process, some of which are about to go.
func (s *server) scan(w *worker, n *seccomp.Notification) {
	if fds, err := procfd.Sockets(int(n.PID)); err == nil {
		for _, fd := range fds {
			s.note(w, n, fd, "scan")
		}
	}
}

// peer reads the struct sockaddr that a call is about to use, for report and
// policy.
func (s *server) peer(n *seccomp.Notification, addr, size uint64) netip.AddrPort {
	if s.simple || addr == 0 || size < 2 || size > 128 {
		return netip.AddrPort{}
	}
	buf := make([]byte, size)
	if s.memory(n)(addr, buf) != nil {
		return netip.AddrPort{}
	}
	return tcpopt.ParseSockaddr(buf)
}

// sandbox looks at a filter that the program installs for itself. One that asks
// a tracer is not asked about the calls that keepatch stops: without a tracer
// it means to deny them, and they would go on.
func (s *server) sandbox(n *seccomp.Notification, args [6]uint64) {
	addr, size, err := seccomp.FilterAddress(n, args, s.memory(n))
	if err != nil {
		return
	}
	filter := make([]byte, size)
	if s.memory(n)(addr, filter) == nil && seccomp.AsksTracer(filter) {
		s.warn(int(n.PID),
			"has a sandbox that asks a tracer; it is not asked about connect, listen and accept under "+
				"keepatch, so do not rely on it to deny them", nil)
	}
}
