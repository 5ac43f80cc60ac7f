//go:build linux

package seccomp

import "golang.org/x/sys/unix"

// x32 is the bit that marks a call of the x32 convention; such programs run
// under the same AUDIT_ARCH as 64-bit ones.
const x32 = 0x40000000

const nativeArch = unix.AUDIT_ARCH_X86_64

// The numbers are those of arch/x86/entry/syscalls/syscall_64.tbl and
// syscall_32.tbl. x32 has numbers of its own where a structure of pointers is
// passed.
var abis = []abi{
	{
		arch: unix.AUDIT_ARCH_X86_64, wordBytes: 8,
		numbers: map[uint32]Call{
			42: Connect, 50: Listen, 43: Accept, 288: Accept, 44: Sendto, 46: Sendmsg, 307: Sendmsg,
			54: Setsockopt, 3: Close, 436: CloseRange, 33: Dup2, 292: Dup2, 59: Exec, 322: Exec,
			231: ExitGroup, 425: IoUringSetup, 427: IoUringRegister, 41: Socket, 109: Setpgid,
			317: Seccomp, 157: Prctl,

			x32 | 42: Connect, x32 | 50: Listen, x32 | 43: Accept, x32 | 288: Accept, x32 | 44: Sendto,
			x32 | 518: Sendmsg, x32 | 538: Sendmsg, x32 | 541: Setsockopt, x32 | 3: Close,
			x32 | 436: CloseRange, x32 | 33: Dup2, x32 | 292: Dup2, x32 | 520: Exec, x32 | 545: Exec,
			x32 | 231: ExitGroup, x32 | 425: IoUringSetup, x32 | 427: IoUringRegister, x32 | 41: Socket,
			x32 | 109: Setpgid, x32 | 317: Seccomp, x32 | 157: Prctl,
		},
	},
	{
		arch: unix.AUDIT_ARCH_I386, wordBytes: 4, socketcall: 102,
		numbers: map[uint32]Call{
			362: Connect, 363: Listen, 364: Accept, 369: Sendto, 370: Sendmsg, 345: Sendmsg,
			366: Setsockopt, 6: Close, 436: CloseRange, 63: Dup2, 330: Dup2, 11: Exec, 358: Exec,
			252: ExitGroup, 425: IoUringSetup, 427: IoUringRegister, 359: Socket, 57: Setpgid,
			354: Seccomp, 172: Prctl,
		},
	},
}
