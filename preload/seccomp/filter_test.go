//go:build linux && (amd64 || arm64)

package seccomp

import (
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// simulate runs a filter as the kernel's classic BPF machine does, for the
// instructions that Program emits.
func simulate(t *testing.T, prog []unix.SockFilter, arch, nr uint32, args ...uint64) uint32 {
	t.Helper()
	data := make([]byte, 64)
	binary.LittleEndian.PutUint32(data[0:], nr)
	binary.LittleEndian.PutUint32(data[4:], arch)
	for i, a := range args {
		binary.LittleEndian.PutUint64(data[16+8*i:], a)
	}
	var acc uint32
	for pc := 0; pc < len(prog); pc++ {
		switch in := prog[pc]; in.Code {
		case unix.BPF_LD | unix.BPF_W | unix.BPF_ABS:
			acc = binary.LittleEndian.Uint32(data[in.K:])
		case unix.BPF_ALU | unix.BPF_AND | unix.BPF_K:
			acc &= in.K
		case unix.BPF_JMP | unix.BPF_JA:
			pc += int(in.K)
		case unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K:
			pc += jumpBy(acc == in.K, in)
		case unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K:
			pc += jumpBy(acc&in.K != 0, in)
		case unix.BPF_RET | unix.BPF_K:
			return in.K
		default:
			t.Fatalf("instruction %d has code %#x", pc, in.Code)
		}
	}
	t.Fatal("the program runs off its end")
	return 0
}

func jumpBy(taken bool, in unix.SockFilter) int {
	if taken {
		return int(in.Jt)
	}
	return int(in.Jf)
}

var everyCall = []Call{Connect, Listen, Accept, Sendto, Sendmsg, Setsockopt, Close, CloseRange, Dup2, Exec, ExitGroup, IoUringSetup,
	IoUringRegister, Socket, Setpgid, Seccomp, Prctl}

// selected are arguments for which the calls that are selective stop.
var selected = map[Call][]uint64{
	Socket:          {unix.AF_INET6, unix.SOCK_STREAM | unix.SOCK_CLOEXEC, unix.IPPROTO_MPTCP},
	IoUringRegister: {3, 13},
	Setpgid:         {0, 4711},
	Seccomp:         {unix.SECCOMP_SET_MODE_FILTER},
	Prctl:           {unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER},
}

// TestFilterSelects tries every number of every convention against filters for
// each call alone, for all, and for none.
func TestFilterSelects(t *testing.T) {
	fast := []uint64{0, unix.SOL_SOCKET, unix.SO_KEEPALIVE, unix.MSG_FASTOPEN}
	wants := []Want{{}, {Calls: everyCall, KeepAlive: true, Timers: []int{unix.TCP_KEEPIDLE}, Group: 4711}}
	for _, c := range everyCall {
		wants = append(wants, Want{Calls: []Call{c}, KeepAlive: c == Setsockopt, Group: 4711})
	}
	for _, w := range wants {
		prog := w.Program()
		for _, a := range abis {
			for nr := range uint32(1024) {
				for _, n := range []uint32{nr, nr | 0x40000000} {
					call, known := a.numbers[n]
					args := slices.Clone(fast)
					if call == Sendmsg && !isSendmmsg(a.arch, n) {
						args[2], args[3] = unix.MSG_FASTOPEN, 0
					}
					if special, ok := selected[call]; ok {
						args = special
					}
					if a.socketcall != 0 && n == a.socketcall {
						continue // TestSocketcall
					}
					want := uint32(unix.SECCOMP_RET_ALLOW)
					if known && slices.Contains(w.Calls, call) {
						want = unix.SECCOMP_RET_USER_NOTIF
					}
					if got := simulate(t, prog, a.arch, n, args...); got != want {
						t.Fatalf("%+v, arch %#x, number %d: %#x, want %#x", w, a.arch, n, got, want)
					}
				}
			}
		}
		if got := simulate(t, prog, unix.AUDIT_ARCH_S390X, 42); got != unix.SECCOMP_RET_ALLOW {
			t.Errorf("a foreign architecture gives %#x", got)
		}
	}
}

// TestFilterArguments: data goes past the supervisor, options that nobody
// asked for too.
func TestFilterArguments(t *testing.T) {
	prog := Want{Calls: []Call{Sendto, Sendmsg, Socket, IoUringRegister, Setpgid, Seccomp, Prctl}, Group: 4711, KeepAlive: true, Timers: []int{unix.TCP_KEEPIDLE, unix.TCP_KEEPCNT}}.Program()
	number := func(a abi, c Call, mmsg bool) uint32 {
		for nr, call := range a.numbers {
			if call == c && isSendmmsg(a.arch, nr) == mmsg && nr < 0x40000000 {
				return nr
			}
		}
		t.Fatalf("arch %#x has no such call", a.arch)
		return 0
	}
	for _, a := range abis {
		for _, c := range []struct {
			nr   uint32
			args []uint64
			stop bool
		}{
			{number(a, Sendto, false), []uint64{3, 1, 100, unix.MSG_NOSIGNAL, 5}, false},
			{number(a, Sendto, false), []uint64{3, 1, 100, unix.MSG_NOSIGNAL | unix.MSG_FASTOPEN, 5}, true},
			{number(a, Sendmsg, false), []uint64{3, 1, unix.MSG_NOSIGNAL, unix.MSG_FASTOPEN}, false},
			{number(a, Sendmsg, false), []uint64{3, 1, unix.MSG_FASTOPEN}, true},
			{number(a, Sendmsg, true), []uint64{3, 1, unix.MSG_FASTOPEN, 0}, false},
			{number(a, Sendmsg, true), []uint64{3, 1, 2, unix.MSG_FASTOPEN}, true},
			{number(a, Setsockopt, false), []uint64{3, unix.SOL_SOCKET, unix.SO_KEEPALIVE}, true},
			{number(a, Setsockopt, false), []uint64{3, unix.SOL_SOCKET, unix.SO_REUSEADDR}, false},
			{number(a, Setsockopt, false), []uint64{3, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE}, true},
			{number(a, Setsockopt, false), []uint64{3, unix.IPPROTO_TCP, unix.TCP_KEEPCNT}, true},
			{number(a, Setsockopt, false), []uint64{3, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL}, false},
			{number(a, Setsockopt, false), []uint64{3, unix.IPPROTO_TCP, unix.SO_KEEPALIVE}, false},
			{number(a, Setsockopt, false), []uint64{3, unix.IPPROTO_IPV6, unix.TCP_KEEPIDLE}, false},
			{number(a, Socket, false), []uint64{unix.AF_INET, unix.SOCK_STREAM | unix.SOCK_NONBLOCK, 0}, true},
			{number(a, Socket, false), []uint64{unix.AF_INET, unix.SOCK_STREAM, unix.IPPROTO_SCTP}, false},
			{number(a, Socket, false), []uint64{unix.AF_INET, unix.SOCK_DGRAM, 0}, false},
			{number(a, Socket, false), []uint64{unix.AF_INET, unix.SOCK_SEQPACKET, 0}, false},
			{number(a, Socket, false), []uint64{unix.AF_UNIX, unix.SOCK_STREAM, 0}, false},
			{number(a, IoUringRegister, false), []uint64{3, 0}, false},
			{number(a, Setpgid, false), []uint64{0, 4712}, false},
			{number(a, Seccomp, false), []uint64{unix.SECCOMP_GET_ACTION_AVAIL}, false},
			{number(a, Prctl, false), []uint64{unix.PR_SET_NAME, unix.SECCOMP_MODE_FILTER}, false},
			{number(a, Prctl, false), []uint64{unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_STRICT}, false},
		} {
			got := simulate(t, prog, a.arch, c.nr, c.args...) == unix.SECCOMP_RET_USER_NOTIF
			if got != c.stop {
				t.Errorf("arch %#x, number %d, arguments %#x: stops %v, want %v", a.arch, c.nr, c.args, got, c.stop)
			}
		}
	}
}

// TestCookie: the calls that the library makes go on with the whole cookie in
// their sixth argument, in this machine's own convention, and in no other way.
func TestCookie(t *testing.T) {
	const cookie = 0xfedcba9876543210
	w := Want{Calls: everyCall, KeepAlive: true, Timers: []int{unix.TCP_KEEPIDLE}, Group: 4711, Cookie: cookie}
	prog := w.Program()
	without := Want{Calls: everyCall, KeepAlive: true, Timers: w.Timers, Group: 4711}.Program()
	stops := func(prog []unix.SockFilter, a abi, nr uint32, args []uint64) bool {
		return simulate(t, prog, a.arch, nr, args...) == unix.SECCOMP_RET_USER_NOTIF
	}
	for _, a := range abis {
		for nr, call := range a.numbers {
			args := make([]uint64, 6)
			copy(args, []uint64{0, unix.SOL_SOCKET, unix.SO_KEEPALIVE, unix.MSG_FASTOPEN})
			if call == Sendmsg && !isSendmmsg(a.arch, nr) {
				args[2], args[3] = unix.MSG_FASTOPEN, 0
			}
			copy(args, selected[call])
			args[5] = cookie
			passes := a.arch == NativeArch && nr&x32 == 0 && slices.Contains(Passable, call)
			if stops(prog, a, nr, args) == passes {
				t.Errorf("arch %#x, number %d with the cookie: stops %v", a.arch, nr, !passes)
			}
			if !stops(without, a, nr, args) {
				t.Errorf("arch %#x, number %d passes a filter that knows no cookie", a.arch, nr)
			}
			for bit := range 64 {
				args[5] = cookie ^ 1<<bit
				if !stops(prog, a, nr, args) {
					t.Errorf("arch %#x, number %d: passes without bit %d", a.arch, nr, bit)
				}
			}
			for i := range 5 {
				if i < len(selected[call]) || i < 4 && args[i] != 0 {
					continue // it would not stop in any case
				}
				args[5], args[i] = 0, cookie
				if !stops(prog, a, nr, args) {
					t.Errorf("arch %#x, number %d: passes with the cookie in argument %d", a.arch, nr, i)
				}
				args[i] = 0
			}
		}
		if a.socketcall != 0 && !stops(prog, a, a.socketcall, []uint64{3, 0, 0, 0, 0, cookie}) {
			t.Error("socketcall passes with the cookie")
		}
	}
}

// TestSocketcall is the multiplexer of 32-bit x86, in filter and decoder.
func TestSocketcall(t *testing.T) {
	for _, a := range abis {
		if a.socketcall == 0 {
			continue
		}
		all := Want{Calls: []Call{Connect, Listen, Accept, Socket}, KeepAlive: true}.Program()
		few := Want{Calls: []Call{Listen}}.Program()
		for n := range uint32(32) {
			call := socketcalls[n]
			if got := simulate(t, all, a.arch, a.socketcall, uint64(n)) == unix.SECCOMP_RET_USER_NOTIF; got != (call != Unknown) {
				t.Errorf("socketcall %d stops: %v", n, got)
			}
			if got := simulate(t, few, a.arch, a.socketcall, uint64(n)) == unix.SECCOMP_RET_USER_NOTIF; got != (call == Listen) {
				t.Errorf("socketcall %d stops for listen: %v", n, got)
			}
		}
		n := &Notification{}
		n.Data.Arch, n.Data.Nr = a.arch, int32(a.socketcall)
		n.Data.Args = [6]uint64{14, 0x1000}
		call, args := Decode(n, func(addr uint64, buf []byte) error {
			if addr != 0x1000 || len(buf) != 5*a.wordBytes {
				t.Errorf("reads %d bytes at %#x", len(buf), addr)
			}
			for i := range 5 {
				binary.LittleEndian.PutUint32(buf[4*i:], uint32(10+i))
			}
			return nil
		})
		if call != Setsockopt || args != [6]uint64{10, 11, 12, 13, 14} {
			t.Errorf("call %v, arguments %v", call, args)
		}
		call, _ = Decode(n, func(uint64, []byte) error { return errors.New("unreadable") })
		if call != Unknown {
			t.Errorf("unreadable arguments give call %v", call)
		}
	}
}

// TestDecodeDirect: what the filter stops is what the decoder names.
func TestDecodeDirect(t *testing.T) {
	for _, a := range abis {
		for nr, call := range a.numbers {
			n := &Notification{}
			n.Data.Arch, n.Data.Nr, n.Data.Args[0] = a.arch, int32(nr), 7
			if got, args := Decode(n, nil); got != call || args[0] != 7 {
				t.Errorf("arch %#x, number %d: %v, want %v", a.arch, nr, got, call)
			}
		}
	}
}

// TestAsksTracer reads filters, of both word lengths.
func TestAsksTracer(t *testing.T) {
	encode := func(prog ...unix.SockFilter) (b []byte) {
		for _, in := range prog {
			b = binary.LittleEndian.AppendUint16(b, in.Code)
			b = append(b, in.Jt, in.Jf)
			b = binary.LittleEndian.AppendUint32(b, in.K)
		}
		return b
	}
	// A filter that mentions the number of the action as data asks nobody.
	if AsksTracer(encode(load(0), unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SECCOMP_RET_TRACE}, ret(unix.SECCOMP_RET_ALLOW))) {
		t.Error("data passes for an answer")
	}
	trace := encode(load(0), ret(unix.SECCOMP_RET_TRACE|7), ret(unix.SECCOMP_RET_ALLOW))
	if !AsksTracer(trace) {
		t.Error("a filter that asks is not known")
	}
	for _, a := range abis {
		n := &Notification{}
		n.Data.Arch = a.arch
		addr, size, err := FilterAddress(n, [6]uint64{1, 0, 0x2000}, func(addr uint64, buf []byte) error {
			if addr != 0x2000 || len(buf) != 2*a.wordBytes {
				t.Errorf("reads %d bytes at %#x", len(buf), addr)
			}
			binary.LittleEndian.PutUint16(buf, 3)
			binary.LittleEndian.PutUint32(buf[a.wordBytes:], 0x3000)
			return nil
		})
		if addr != 0x3000 || size != len(trace) || err != nil {
			t.Errorf("arch %#x: %d bytes at %#x (%v)", a.arch, size, addr, err)
		}
	}
}
