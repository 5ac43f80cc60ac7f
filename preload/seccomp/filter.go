//go:build linux && (amd64 || arm64)

package seccomp

import (
	"slices"

	"golang.org/x/sys/unix"
)

// Want says which calls stop for the supervisor.
type Want struct {
	Calls []Call
	// KeepAlive stops setsockopt(SOL_SOCKET, SO_KEEPALIVE).
	KeepAlive bool
	// Timers stops setsockopt(IPPROTO_TCP, name) for these names.
	Timers []int
	// Group is the process group that Setpgid is stopped for.
	Group int
	// Cookie, if not 0, lets a call of Passable go on that has it in its sixth
	// argument, which the kernel does not read: the library in the program has
	// set the options itself. It is no secret, and a stranger who learns it
	// gains nothing: the filter guards nothing, and whoever uses the cookie
	// only does without keepalive.
	Cookie uint64
}

// Passable are the calls that the library makes: all have a sixth argument to
// spare. Only programs of this machine's own convention have such a library.
var Passable = []Call{Connect, Listen, Accept, Setsockopt, Socket}

// Offsets in struct seccomp_data (linux/seccomp.h): nr, arch, an instruction
// pointer of 8 bytes, then six arguments of 8 bytes. Both supported machines
// are little endian, so the low word of an argument comes first.
const (
	offNr   = 0
	offArch = 4
	offArgs = 16
)

func arg(i int) uint32 { return uint32(offArgs + 8*i) }

func load(off uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: off}
}

func ret(action uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: action}
}

func jump(n int) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JA, K: uint32(n)}
}

// when runs body if the loaded word equals k, and else goes on behind it. The
// jump over the body is a 32-bit one, so that no body is too long.
func when(test uint16, k uint32, body []unix.SockFilter) []unix.SockFilter {
	p := []unix.SockFilter{
		{Code: unix.BPF_JMP | test | unix.BPF_K, K: k, Jt: 1},
		jump(len(body)),
	}
	return append(p, body...)
}

var (
	notify = []unix.SockFilter{ret(unix.SECCOMP_RET_USER_NOTIF)}
	allow  = ret(unix.SECCOMP_RET_ALLOW)
)

// Program compiles w for every convention of this machine: a program of 32
// bits below a shell of 64 is filtered like the rest. The kernel remembers
// which numbers are always allowed (since 5.11), so calls that move data pay
// nothing for the length of the program.
func (w Want) Program() []unix.SockFilter {
	var p []unix.SockFilter
	for _, a := range abis {
		p = append(p, load(offArch))
		p = append(p, when(unix.BPF_JEQ, a.arch, w.abi(a))...)
	}
	return append(p, allow)
}

func (w Want) abi(a abi) []unix.SockFilter {
	var numbers []uint32
	for nr, call := range a.numbers {
		if slices.Contains(w.Calls, call) || call == Setsockopt && w.setsockopt() {
			numbers = append(numbers, nr)
		}
	}
	slices.Sort(numbers)
	p := []unix.SockFilter{load(offNr)}
	for _, nr := range numbers {
		p = append(p, when(unix.BPF_JEQ, nr, append(w.pass(a, nr), w.conditions(a, nr)...))...)
	}
	if a.socketcall != 0 {
		body := []unix.SockFilter{load(arg(0))}
		for _, n := range sortedKeys(socketcalls) {
			if call := socketcalls[n]; slices.Contains(w.Calls, call) || call == Setsockopt && w.setsockopt() {
				body = append(body, when(unix.BPF_JEQ, n, notify)...)
			}
		}
		p = append(p, when(unix.BPF_JEQ, a.socketcall, append(body, allow))...)
	}
	return append(p, allow)
}

// pass lets a call with the cookie go on.
func (w Want) pass(a abi, nr uint32) []unix.SockFilter {
	if w.Cookie == 0 || a.arch != NativeArch || nr&x32 != 0 || !slices.Contains(Passable, a.numbers[nr]) {
		return nil
	}
	low, high := arg(5), arg(5)+4
	whole := append([]unix.SockFilter{load(high)}, when(unix.BPF_JEQ, uint32(w.Cookie>>32), []unix.SockFilter{allow})...)
	return append([]unix.SockFilter{load(low)}, when(unix.BPF_JEQ, uint32(w.Cookie), whole)...)
}

// conditions is what a call with number nr must meet besides its number; it
// always ends in a return.
func (w Want) conditions(a abi, nr uint32) []unix.SockFilter {
	flags := func(i int) []unix.SockFilter {
		p := []unix.SockFilter{load(arg(i))}
		return append(append(p, when(unix.BPF_JSET, unix.MSG_FASTOPEN, notify)...), allow)
	}
	switch a.numbers[nr] {
	case Sendto:
		return flags(3)
	case Sendmsg:
		if isSendmmsg(a.arch, nr) {
			return flags(3)
		}
		return flags(2)
	case Setsockopt:
		var p []unix.SockFilter
		if w.KeepAlive {
			p = append(p, load(arg(1)))
			body := append([]unix.SockFilter{load(arg(2))}, when(unix.BPF_JEQ, unix.SO_KEEPALIVE, notify)...)
			p = append(p, when(unix.BPF_JEQ, unix.SOL_SOCKET, body)...)
		}
		if len(w.Timers) > 0 {
			p = append(p, load(arg(1)))
			body := []unix.SockFilter{load(arg(2))}
			for _, name := range w.Timers {
				body = append(body, when(unix.BPF_JEQ, uint32(name), notify)...)
			}
			p = append(p, when(unix.BPF_JEQ, unix.IPPROTO_TCP, body)...)
		}
		return append(p, allow)
	case Setpgid:
		return append(append([]unix.SockFilter{load(arg(1))}, when(unix.BPF_JEQ, uint32(w.Group), notify)...), allow)
	}
	body := notify
	tests := selective[a.numbers[nr]]
	for i := len(tests) - 1; i >= 0; i-- {
		body = append(tests[i].program(body), allow)
	}
	return body
}

// program runs body for the selected values.
func (t anyOf) program(body []unix.SockFilter) []unix.SockFilter {
	p := []unix.SockFilter{load(arg(t.arg))}
	if t.mask != allBits {
		p = append(p, unix.SockFilter{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: t.mask})
	}
	for _, v := range t.values {
		p = append(p, when(unix.BPF_JEQ, v, body)...)
	}
	return p
}

func (w Want) setsockopt() bool { return w.KeepAlive || len(w.Timers) > 0 }

// isSendmmsg tells sendmmsg from sendmsg: its flags are one argument later.
func isSendmmsg(arch, nr uint32) bool {
	switch arch {
	case unix.AUDIT_ARCH_X86_64:
		return nr&0x3fffffff == 307 || nr&0x3fffffff == 538
	case unix.AUDIT_ARCH_I386:
		return nr == 345
	case unix.AUDIT_ARCH_AARCH64:
		return nr == 269
	case unix.AUDIT_ARCH_ARM:
		return nr == 374
	}
	return false
}

func sortedKeys(m map[uint32]Call) []uint32 {
	var keys []uint32
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
