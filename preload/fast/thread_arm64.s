#include "textflag.h"

// func clone(flags, stack uintptr, alive *uint32, arg unsafe.Pointer) (tid int)
TEXT ·clone(SB),NOSPLIT|NOFRAME,$0-40
	MOVD	flags+0(FP), R0
	MOVD	stack+8(FP), R1
	MOVD	alive+16(FP), R2
	MOVD	ZR, R3
	MOVD	R2, R4
	MOVD	arg+24(FP), R10
	MOVD	$220, R8 // clone
	SVC
	CBZ	R0, child
	MOVD	R0, tid+32(FP)
	RET

child:
	SUB	$32, RSP
	MOVD	R10, 8(RSP)
	MOVD	$·serve(SB), R11
	BL	(R11) // not by its name, which the linker would take for a cycle
	MOVD	ZR, R0
	MOVD	$93, R8 // exit, of this thread alone
	SVC
	BRK
