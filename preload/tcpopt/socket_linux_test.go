package tcpopt

import (
	"testing"

	"golang.org/x/sys/unix"
)

func socket(t *testing.T, domain, typ, proto int) int {
	t.Helper()
	fd, err := unix.Socket(domain, typ, proto)
	if err != nil {
		t.Skipf("socket(%d, %d, %d): %v", domain, typ, proto, err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return fd
}

func TestOpen(t *testing.T) {
	for name, c := range map[string]struct {
		domain, typ, proto int
		ok, mptcp          bool
	}{
		"IPv4":     {unix.AF_INET, unix.SOCK_STREAM, 0, true, false},
		"IPv6":     {unix.AF_INET6, unix.SOCK_STREAM | unix.SOCK_NONBLOCK | unix.SOCK_CLOEXEC, 0, true, false},
		"MPTCP":    {unix.AF_INET, unix.SOCK_STREAM, unix.IPPROTO_MPTCP, true, true},
		"UDP":      {unix.AF_INET, unix.SOCK_DGRAM, 0, false, false},
		"raw":      {unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_TCP, false, false},
		"SCTP":     {unix.AF_INET, unix.SOCK_STREAM, unix.IPPROTO_SCTP, false, false},
		"unix":     {unix.AF_UNIX, unix.SOCK_STREAM, 0, false, false},
		"netlink":  {unix.AF_NETLINK, unix.SOCK_RAW, 0, false, false},
		"no sock.": {-1, 0, 0, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			fd := -1
			if c.domain >= 0 {
				fd = socket(t, c.domain, c.typ, c.proto)
			}
			s, ok := Open(fd)
			if ok != c.ok || ok && (s.MPTCP != c.mptcp || s.Cookie == 0) {
				t.Errorf("%+v, %v", s, ok)
			}
		})
	}
}

// TestApply sets and reads back every option, on both protocols: what one
// refuses must not keep keepalive off.
func TestApply(t *testing.T) {
	for name, proto := range map[string]int{"TCP": unix.IPPROTO_TCP, "MPTCP": unix.IPPROTO_MPTCP} {
		t.Run(name, func(t *testing.T) {
			s, ok := Open(socket(t, unix.AF_INET, unix.SOCK_STREAM, proto))
			if !ok {
				t.Fatal("not open")
			}
			o := Options{Idle: 32767, Interval: 1, Count: 127, UserTimeout: 5000}
			if all, on := s.Has(o); all || on {
				t.Error("a new socket has it all")
			}
			if err := s.Apply(o); err != nil {
				t.Fatal(err)
			}
			st, err := s.State()
			if err != nil || !st.KeepAlive {
				t.Fatalf("%+v, %v", st, err)
			}
			if all, on := s.Has(o); name == "TCP" && !all || !on {
				t.Errorf("%+v", st)
			}
			if name == "TCP" && st != (State{true, 32767, 1, 127, 5000}) {
				t.Errorf("%+v", st)
			}
			if err := s.Apply(Options{Off: true}); err != nil {
				t.Fatal(err)
			}
			if all, on := s.Has(Options{Off: true}); !all || on {
				t.Error("still on")
			}
		})
	}
	s, _ := Open(socket(t, unix.AF_INET, unix.SOCK_STREAM, 0))
	if err := s.Apply(Options{Idle: MaxIdle + 1}); err == nil {
		t.Error("the kernel takes more than MaxIdle: the limit is wrong")
	}
	if err := s.Apply(Options{Count: MaxCount + 1}); err == nil {
		t.Error("the kernel takes more than MaxCount: the limit is wrong")
	}
}

func TestParseSockaddr(t *testing.T) {
	v6 := append([]byte{unix.AF_INET6, 0, 0x1f, 0x90, 0, 0, 0, 0}, make([]byte, 20)...)
	v6[8+15] = 1
	for want, b := range map[string][]byte{
		"10.0.0.1:80": {unix.AF_INET, 0, 0, 80, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0},
		"[::1]:8080":  v6,
		"-":           {unix.AF_UNIX, 0, 'x'},
	} {
		if got := ParseSockaddr(b); got.IsValid() != (want != "-") || got.IsValid() && got.String() != want {
			t.Errorf("%v: %s, want %s", b, got, want)
		}
	}
	for n := range v6 {
		if got := ParseSockaddr(v6[:n]); n < 24 && got.IsValid() {
			t.Errorf("%d bytes give %s", n, got)
		}
	}
}
