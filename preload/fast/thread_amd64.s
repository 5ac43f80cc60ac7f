#include "textflag.h"

// func clone(flags, stack uintptr, alive *uint32, arg unsafe.Pointer) (tid int)
TEXT ·clone(SB),NOSPLIT|NOFRAME,$0-40
	MOVQ	flags+0(FP), DI
	MOVQ	stack+8(FP), SI
	MOVQ	alive+16(FP), DX
	MOVQ	DX, R10
	MOVQ	$0, R8
	MOVQ	arg+24(FP), R12
	MOVL	$56, AX // clone
	SYSCALL
	CMPQ	AX, $0
	JEQ	child
	MOVQ	AX, tid+32(FP)
	RET

child:
	MOVQ	SI, SP
	SUBQ	$16, SP
	MOVQ	R12, 0(SP)
	LEAQ	·serve(SB), R13
	CALL	R13 // not by its name, which the linker would take for a cycle
	MOVL	$0, DI
	MOVL	$60, AX // exit, of this thread alone
	SYSCALL
	INT	$3
