package tcpopt

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"
)

// Socket is a descriptor of a TCP socket, as far as this package needs to
// know it. The socket may belong to another process: only the descriptor is
// ours (pidfd_getfd), and an option set through it is set on the socket.
type Socket struct {
	FD int
	// Cookie identifies the socket for as long as the machine runs
	// (SO_COOKIE, Linux 4.12); descriptors and inodes are used again.
	Cookie uint64
	// MPTCP is set where options may be refused that TCP accepts.
	MPTCP bool
}

// What a TCP socket is, by the arguments of socket(2) that make it and by the options that tell
// them. Two say it once more, since they can call nothing of this package: the C library
// (preload/shim/src/libkeepatch.c, is_tcp and socket) and the threads of preload/fast, which set
// TCP_KEEPIDLE and see whether that is known (serve.go, other).
var (
	Families  = []uint32{unix.AF_INET, unix.AF_INET6}
	Protocols = []uint32{unix.IPPROTO_TCP, unix.IPPROTO_MPTCP}
)

const (
	Type     = unix.SOCK_STREAM
	TypeMask = 0xf // SOCK_TYPE_MASK of linux/net.h: the other bits are SOCK_NONBLOCK and SOCK_CLOEXEC
)

// Makes reports whether socket(2) makes a TCP or MPTCP socket of these arguments.
func Makes(domain, typ, protocol int) bool {
	return slices.Contains(Families, uint32(domain)) && typ&TypeMask == Type &&
		(protocol == 0 || slices.Contains(Protocols, uint32(protocol)))
}

// Open classifies fd. ok is false for anything that is no IPv4 or IPv6 TCP or
// MPTCP socket, which is no error: most descriptors are none.
func Open(fd int) (s Socket, ok bool) {
	// SO_TYPE first: it fails with ENOTSOCK for files, and SO_TYPE never has
	// the SOCK_NONBLOCK and SOCK_CLOEXEC bits that socket(2) takes.
	typ, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	if err != nil || typ != Type {
		return s, false
	}
	domain, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN)
	if err != nil || !slices.Contains(Families, uint32(domain)) {
		return s, false
	}
	proto, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_PROTOCOL)
	if err != nil || !slices.Contains(Protocols, uint32(proto)) {
		return s, false
	}
	cookie, err := unix.GetsockoptUint64(fd, unix.SOL_SOCKET, unix.SO_COOKIE)
	if err != nil {
		return s, false
	}
	return Socket{FD: fd, Cookie: cookie, MPTCP: proto == unix.IPPROTO_MPTCP}, true
}

// Kind is what Cover found.
type Kind int

// The kinds of descriptors. The first is for those whose close may block on
// whoever serves the file.
const (
	NotSocket Kind = iota
	OtherSocket
	TCP
)

// Cover makes fd as o says if it is a TCP socket, in as few calls as that takes:
// TCP_KEEPIDLE is known to no other family, so setting it, or asking for it where
// nobody wants it set, tells TCP from the rest. Kernels whose MPTCP does not know
// it are asked in full. The options are set without asking whether they are,
// which costs as much and changes nothing.
func Cover(fd int, o Options) (Kind, error) {
	var err error
	if o.Idle != 0 {
		err = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, o.Idle)
	} else {
		_, err = unix.GetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE)
	}
	switch {
	case errors.Is(err, unix.ENOTSOCK):
		return NotSocket, nil
	case err != nil:
		s, ok := Open(fd)
		if !ok {
			return OtherSocket, nil
		}
		return TCP, s.Apply(o)
	}
	o.Idle = 0
	// It may be MPTCP, whose refusals are the ones that plain TCP never gives.
	return TCP, Socket{FD: fd, MPTCP: true}.Apply(o)
}

// Queued is how many connections wait in a listener's queue, 0 for other
// sockets (tcpi_unacked is that number for a listener).
func (s Socket) Queued() int {
	if !s.Listening() {
		return 0
	}
	info, err := unix.GetsockoptTCPInfo(s.FD, unix.IPPROTO_TCP, unix.TCP_INFO)
	if err != nil {
		return 0
	}
	return int(info.Unacked)
}

// KeepAlive reads SO_KEEPALIVE alone, the question asked most.
func (s Socket) KeepAlive() (bool, error) {
	n, err := unix.GetsockoptInt(s.FD, unix.SOL_SOCKET, unix.SO_KEEPALIVE)
	return n != 0, err
}

// State reads all options. Those that an MPTCP socket of this kernel does not
// know (TCP_KEEP* before 6.10 or so, TCP_USER_TIMEOUT) stay 0.
func (s Socket) State() (State, error) {
	on, err := s.KeepAlive()
	if err != nil {
		return State{}, err
	}
	st := State{KeepAlive: on}
	for _, o := range tcpOptions {
		n, err := unix.GetsockoptInt(s.FD, unix.IPPROTO_TCP, o.name)
		if err != nil && !s.tolerates(err) {
			return st, err
		}
		if err == nil {
			*o.state(&st) = n
		}
	}
	return st, nil
}

var tcpOptions = []struct {
	name  int
	text  string
	want  func(*Options) int
	state func(*State) *int
}{
	{unix.TCP_KEEPIDLE, "TCP_KEEPIDLE", func(o *Options) int { return o.Idle }, func(s *State) *int { return &s.Idle }},
	{unix.TCP_KEEPINTVL, "TCP_KEEPINTVL", func(o *Options) int { return o.Interval }, func(s *State) *int { return &s.Interval }},
	{unix.TCP_KEEPCNT, "TCP_KEEPCNT", func(o *Options) int { return o.Count }, func(s *State) *int { return &s.Count }},
	{unix.TCP_USER_TIMEOUT, "TCP_USER_TIMEOUT", func(o *Options) int {
		return o.UserTimeout
	}, func(s *State) *int { return &s.UserTimeout }},
}

// Has reports whether the socket has all that o asks, and whether keepalive is
// on. It reads no more than that takes: it is asked at every connect.
func (s Socket) Has(o Options) (all, on bool) {
	on, err := s.KeepAlive()
	if err != nil || o.Off || !on {
		return err == nil && o.Off && !on, on
	}
	for _, t := range tcpOptions {
		if n := t.want(&o); n != 0 {
			// An option that cannot be read is left to Apply to judge.
			if have, err := unix.GetsockoptInt(s.FD, unix.IPPROTO_TCP, t.name); err != nil || have != n {
				return false, on
			}
		}
	}
	return true, on
}

// Timer is an IPPROTO_TCP option with a value.
type Timer struct{ Name, Value int }

// TimerValues lists the timers that o gives a value of its own.
func (o Options) TimerValues() []Timer {
	var timers []Timer
	for _, t := range tcpOptions {
		if n := t.want(&o); !o.Off && n != 0 {
			timers = append(timers, Timer{t.name, n})
		}
	}
	return timers
}

// Timers lists the IPPROTO_TCP option names that o gives a value of its own.
func (o Options) Timers() []int {
	var names []int
	for _, t := range o.TimerValues() {
		names = append(names, t.Name)
	}
	return names
}

// Apply makes the socket as o says. The timers go first, so that a connection
// never runs with keepalive on and the two hours of the default (the kernel
// takes them in any order). An MPTCP socket may refuse timers (EOPNOTSUPP
// before Linux commit bd11dc4f of 2024) and TCP_USER_TIMEOUT (ENOPROTOOPT):
// keepalive itself is then on all the same, and that is no error.
func (s Socket) Apply(o Options) error {
	if o.Off {
		return s.set(unix.SOL_SOCKET, unix.SO_KEEPALIVE, 0, "SO_KEEPALIVE")
	}
	if err := s.ApplyTimers(o); err != nil {
		return err
	}
	return s.set(unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1, "SO_KEEPALIVE")
}

// ApplyTimers is the part of Apply that sets the timers, and leaves
// SO_KEEPALIVE as it is.
func (s Socket) ApplyTimers(o Options) error {
	for _, t := range tcpOptions {
		if n := t.want(&o); n != 0 {
			if err := s.set(unix.IPPROTO_TCP, t.name, n, t.text); err != nil && !s.tolerates(err) {
				return err
			}
		}
	}
	return nil
}

func (s Socket) set(level, name, value int, text string) error {
	if err := unix.SetsockoptInt(s.FD, level, name, value); err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	return nil
}

func (s Socket) tolerates(err error) bool {
	return s.MPTCP && (errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENOPROTOOPT))
}

// Listening reads SO_ACCEPTCONN: the socket has been through listen(2).
func (s Socket) Listening() bool {
	n, err := unix.GetsockoptInt(s.FD, unix.SOL_SOCKET, unix.SO_ACCEPTCONN)
	return err == nil && n != 0
}

// Addrs gives the local and the remote address, "-" for one that there is
// none of (a listener has no peer).
func (s Socket) Addrs() (local, remote string) {
	return address(unix.Getsockname(s.FD)), address(unix.Getpeername(s.FD))
}

// Local and Remote are the addresses, invalid where there is none.
func (s Socket) Local() netip.AddrPort { return addrPort(unix.Getsockname(s.FD)) }

// Remote is the peer's.
func (s Socket) Remote() netip.AddrPort { return addrPort(unix.Getpeername(s.FD)) }

// WasConnected reports whether the socket is or was one end of a connection. A
// connection that the peer reset has no peer address any more, but it has
// received segments (tcpi_segs_in, Linux 4.2).
func (s Socket) WasConnected() bool {
	if _, err := unix.Getpeername(s.FD); err == nil {
		return true
	}
	info, err := unix.GetsockoptTCPInfo(s.FD, unix.IPPROTO_TCP, unix.TCP_INFO)
	return err == nil && info.State != tcpListen && info.Segs_in > 0
}

// tcpListen is TCP_LISTEN of include/net/tcp_states.h.
const tcpListen = 10

// ParseSockaddr reads the struct sockaddr in b, as a program hands it to
// connect(2); it is invalid when it is of neither IP family. Both supported
// machines are little endian, which only the family field shows.
func ParseSockaddr(b []byte) netip.AddrPort {
	if len(b) < 2 {
		return netip.AddrPort{}
	}
	family := int(b[0]) | int(b[1])<<8
	switch {
	case family == unix.AF_INET && len(b) >= unix.SizeofSockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[4:8])), uint16(b[2])<<8|uint16(b[3]))
	case family == unix.AF_INET6 && len(b) >= 24:
		return netip.AddrPortFrom(netip.AddrFrom16([16]byte(b[8:24])).Unmap(), uint16(b[2])<<8|uint16(b[3]))
	}
	return netip.AddrPort{}
}

// address formats a socket address as host:port, or "-".
func address(sa unix.Sockaddr, err error) string {
	if a := addrPort(sa, err); a.IsValid() {
		return a.String()
	}
	return "-"
}

func addrPort(sa unix.Sockaddr, err error) netip.AddrPort {
	if err != nil {
		return netip.AddrPort{}
	}
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port))
	}
	return netip.AddrPort{}
}
