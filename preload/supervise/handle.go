//go:build linux && (amd64 || arm64)

package supervise

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/seccomp"
	"github.com/keepatch/keepatch/preload/tcpopt"
)

// handle deals with one stopped call. Whatever happens, the call is answered:
// the program must not hang on its supervisor. All of it may be done twice
// for one call (a signal aborted the first), so it must be idempotent.
func (s *supervisor) handle(n *seccomp.Notification) {
	tid := int(n.PID)
	p, err := procfd.OpenThread(tid)
	if err != nil {
		s.warn(tid, "cannot be opened", err)
		_ = s.listener.Continue(n)
		return
	}
	defer p.Close()
	if !s.listener.Valid(n) {
		return // gone, and tid may be somebody else's by now
	}
	call, args := seccomp.Decode(n, func(addr uint64, buf []byte) error {
		return procfd.ReadMemory(tid, addr, buf)
	})
	fd := int(int32(args[0]))
	switch call {
	case seccomp.Connect:
		s.cover(p, tid, fd, "connect", func() string { return s.peer(tid, args[1], args[2]) })
	case seccomp.Sendto:
		s.cover(p, tid, fd, "sendto", func() string { return s.peer(tid, args[4], args[5]) })
	case seccomp.Sendmsg:
		s.cover(p, tid, fd, "sendmsg", nil)
	case seccomp.Listen:
		s.cover(p, tid, fd, "listen", nil)
	case seccomp.Accept:
		s.cover(p, tid, fd, "accept", nil)
		if s.config.Report {
			s.watched.add(s, tid, false)
		}
	case seccomp.IoUringSetup:
		// Calls made through a ring pass every filter: keep looking instead.
		s.watched.add(s, tid, true)
	case seccomp.Setsockopt:
		if s.setsockopt(p, tid, fd, args) {
			_ = s.listener.Succeed(n)
			return
		}
	case seccomp.Close:
		s.note(p, tid, fd, "close")
	case seccomp.Dup2:
		if args[0] != args[1] {
			s.note(p, tid, int(int32(args[1])), "dup2")
		}
	case seccomp.CloseRange, seccomp.Exec, seccomp.ExitGroup:
		s.scan(p, tid)
	}
	_ = s.listener.Continue(n)
}

// cover turns keepalive on for descriptor fd of process p, if it is a TCP
// socket that has not got all that is wanted. peer, where given, reads the
// address the program is about to connect to.
func (s *supervisor) cover(p procfd.Process, tid, fd int, how string, peer func() string) {
	dup, err := p.Dup(fd)
	if err != nil {
		if !errors.Is(err, unix.EBADF) { // EBADF is the program's own mistake
			s.warn(tid, "has a socket that cannot be reached", err)
		}
		return
	}
	defer unix.Close(dup)
	sock, ok := tcpopt.Open(dup)
	if !ok {
		return
	}
	if s.config.Observe || s.config.Report {
		s.ledger.sight(sock, tid, how, peer)
	}
	if s.config.Observe {
		return
	}
	all, on := sock.Has(s.config.Options)
	if all {
		return
	}
	if err := sock.Apply(s.config.Options); err != nil {
		s.ledger.failed(sock, err)
		s.warn(tid, "has a socket that takes no keepalive", err)
		return
	}
	s.ledger.covered(sock, !on)
}

// setsockopt looks at a call the program makes itself. A timer the user gave
// a value for keeps that value: the program is told that it has its way (done
// is true) and the socket gets the user's. Otherwise Go's 15 seconds would
// replace any --idle a moment after connect. Everything else takes its course.
func (s *supervisor) setsockopt(p procfd.Process, tid, fd int, args [6]uint64) (done bool) {
	level, name := int(int32(args[1])), int(int32(args[2]))
	var raw [4]byte
	if int32(args[4]) < 4 || procfd.ReadMemory(tid, args[3], raw[:]) != nil {
		return false
	}
	value := int32(binary.LittleEndian.Uint32(raw[:]))
	dup, err := p.Dup(fd)
	if err != nil {
		return false
	}
	defer unix.Close(dup)
	sock, ok := tcpopt.Open(dup)
	if !ok {
		return false
	}
	if level == unix.SOL_SOCKET && name == unix.SO_KEEPALIVE {
		s.ledger.last(sock, tid, "setsockopt")
		s.ledger.own(sock, value != 0)
		return false
	}
	if s.config.Observe || level != unix.IPPROTO_TCP || value < 0 {
		return false
	}
	wanted := false
	for _, t := range s.config.Options.Timers() {
		wanted = wanted || t == name
	}
	if !wanted {
		return false
	}
	return sock.ApplyTimers(s.config.Options) == nil
}

// note records fd if it is a TCP socket that was ever connected or listens.
func (s *supervisor) note(p procfd.Process, tid, fd int, how string) {
	dup, err := p.Dup(fd)
	if err != nil {
		return
	}
	defer unix.Close(dup)
	if sock, ok := tcpopt.Open(dup); ok {
		s.ledger.last(sock, tid, how)
	}
}

// scan notes all sockets of a process, some of which are about to go.
func (s *supervisor) scan(p procfd.Process, tid int) {
	if fds, err := procfd.Sockets(tid); err == nil {
		for _, fd := range fds {
			s.note(p, tid, fd, "scan")
		}
	}
}

// peer reads the struct sockaddr that a call is about to use.
func (s *supervisor) peer(tid int, addr, size uint64) string {
	if addr == 0 || size < 2 || size > 128 {
		return "-"
	}
	buf := make([]byte, size)
	if procfd.ReadMemory(tid, addr, buf) != nil {
		return "-"
	}
	return tcpopt.ParseSockaddr(buf)
}

// warnings keeps the user's terminal from filling up: each process and
// complaint once, and no more than a hundred in all.
type warnings struct {
	mu   sync.Mutex
	told map[string]bool
}

func (s *supervisor) warn(tid int, what string, err error) {
	if errors.Is(err, unix.ESRCH) {
		return // it is gone, and its sockets with it
	}
	pid, tgidErr := procfd.Tgid(tid)
	if tgidErr != nil {
		return
	}
	text := fmt.Sprintf("process %d (%s) %s: %v", pid, procfd.Name(pid), what, err)
	s.warnings.mu.Lock()
	known := s.warnings.told[text] || len(s.warnings.told) >= 100
	if !known {
		if s.warnings.told == nil {
			s.warnings.told = map[string]bool{}
		}
		s.warnings.told[text] = true
	}
	s.warnings.mu.Unlock()
	if !known {
		s.front.send(message{Type: msgWarn, Text: text})
	}
}
