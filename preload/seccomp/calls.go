//go:build linux && (amd64 || arm64)

// Package seccomp builds and installs the system call filter of "keepatch
// run" and speaks its notification protocol (seccomp_unotify(2)): a filtered
// call stops, the supervisor learns its arguments, and lets it continue.
//
// The filter is no security boundary and denies nothing; what the target
// changes behind the supervisor's back only costs it its own keepalive.
package seccomp

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
var socketcalls = map[uint32]Call{3: Connect, 4: Listen, 5: Accept, 14: Setsockopt, 18: Accept}
