//go:build linux

package seccomp

import "golang.org/x/sys/unix"

const (
	nativeArch = unix.AUDIT_ARCH_AARCH64
	x32        = 0 // there is no such convention
)

// The numbers are those of include/uapi/asm-generic/unistd.h for 64-bit
// programs and of arch/arm/tools/syscall.tbl for 32-bit ones (EABI, which has
// no socketcall).
var abis = []abi{
	{
		arch: unix.AUDIT_ARCH_AARCH64, wordBytes: 8,
		numbers: map[uint32]Call{
			203: Connect, 201: Listen, 202: Accept, 242: Accept, 206: Sendto, 211: Sendmsg, 269: Sendmsg,
			208: Setsockopt, 57: Close, 436: CloseRange, 24: Dup2, 221: Exec, 281: Exec,
			94: ExitGroup, 425: IoUringSetup, 427: IoUringRegister, 198: Socket, 154: Setpgid,
			277: Seccomp, 167: Prctl,
		},
	},
	{
		arch: unix.AUDIT_ARCH_ARM, wordBytes: 4,
		numbers: map[uint32]Call{
			283: Connect, 284: Listen, 285: Accept, 366: Accept, 290: Sendto, 296: Sendmsg, 374: Sendmsg,
			294: Setsockopt, 6: Close, 436: CloseRange, 63: Dup2, 358: Dup2, 11: Exec, 387: Exec,
			248: ExitGroup, 425: IoUringSetup, 427: IoUringRegister, 281: Socket, 57: Setpgid,
			383: Seccomp, 172: Prctl,
		},
	},
}
