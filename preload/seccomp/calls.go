//go:build linux && (amd64 || arm64)

// Package seccomp builds and installs the system call filter of "keepatch
// run" and speaks its notification protocol (seccomp_unotify(2)): a filtered
// call stops, the supervisor learns its arguments, and lets it continue.
//
// The filter is no security boundary and denies nothing; what the target
// changes behind the supervisor's back only costs it its own keepalive.
package seccomp

import (
	"slices"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/tcpopt"
)

// Call names a system call by what it does, whatever its number is on the
// architecture the program was built for.
type Call int

// The calls the supervisor may ask for. Connect, Listen and Accept are those
// that a socket cannot become a connection without; the others serve the
// report, user timers that programs would overwrite, and io_uring.
const (
	Unknown Call = iota
	Connect
	Listen
	Accept  // accept and accept4
	Sendto  // with MSG_FASTOPEN only: it connects
	Sendmsg // the same, sendmmsg included
	Setsockopt
	Close
	CloseRange
	Dup2 // dup2 and dup3
	Exec // execve and execveat
	ExitGroup
	IoUringSetup
	IoUringRegister // of descriptors only: the direct ones
	Socket          // of IP stream sockets only
	Setpgid         // into Want.Group only
	Seccomp         // SECCOMP_SET_MODE_FILTER only
	Prctl           // PR_SET_SECCOMP only, which is the same
)

// abi is one calling convention that a process below the supervisor may use.
type abi struct {
	arch uint32 // AUDIT_ARCH_*, as seccomp_data.arch
	// numbers maps a system call number to its meaning.
	numbers map[uint32]Call
	// socketcall is the number of the multiplexer of 32-bit x86 (its
	// arguments are in the caller's memory), or 0.
	socketcall uint32
	wordBytes  int // size of a pointer and of a socketcall argument
}

// socketcalls are the first arguments of socketcall(2), from linux/net.h.
// MSG_FASTOPEN sends are left out: their flags are in memory that a filter
// cannot read, and stopping every send would cost every transfer.
var socketcalls = map[uint32]Call{1: Socket, 3: Connect, 4: Listen, 5: Accept, 14: Setsockopt, 18: Accept}

// socketcallSize is how many arguments each of them has.
var socketcallSize = map[Call]int{Socket: 3, Connect: 3, Listen: 2, Accept: 3, Setsockopt: 5}

// anyOf are the values of a call's register argument for which it is stopped;
// mask is applied first.
type anyOf struct {
	arg    int
	mask   uint32
	values []uint32
}

const allBits = ^uint32(0)

// selective are the calls that are stopped for some arguments only: all
// conditions of a call must hold. Sendto, Sendmsg, Setsockopt and Setpgid need
// more than a table and are in conditions.
var selective = map[Call][]anyOf{
	Socket: {
		{0, allBits, tcpopt.Families},
		{1, tcpopt.TypeMask, []uint32{tcpopt.Type}},
		{2, allBits, append([]uint32{0}, tcpopt.Protocols...)},
	},
	// IORING_REGISTER_FILES and IORING_REGISTER_FILES2 of linux/io_uring.h.
	IoUringRegister: {{1, allBits, []uint32{2, 13}}},
	Seccomp:         {{0, allBits, []uint32{unix.SECCOMP_SET_MODE_FILTER}}},
	Prctl:           {{0, allBits, []uint32{unix.PR_SET_SECCOMP}}, {1, allBits, []uint32{unix.SECCOMP_MODE_FILTER}}},
}

// NativeArch is the convention of this machine's own programs.
const NativeArch = nativeArch

// Native gives the numbers of a call in that convention.
func Native(c Call) []int32 {
	var numbers []int32
	for nr, call := range abis[0].numbers {
		if call == c && nr&x32 == 0 {
			numbers = append(numbers, int32(nr))
		}
	}
	slices.Sort(numbers)
	return numbers
}
