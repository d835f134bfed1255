# Unmasked exceptions as SIGFPE: si_code and si_addr of each kind, for integer division, x87 (at the next waiting instruction) and SSE.
# expect-status: 42
.include "guest.inc"
.data
control: .word 0x340
loose: .long 0
half: .long 0x3f000000
tiny: .quad 0x0010000000000000
huge: .quad 0x7fefffffffffffff
denormal: .quad 1
tenth: .quad 0x3fb999999999999a
signaling: .quad 0x7ff0000000000001
.text
# Runs what follows until it faults; the handler continues at the label with si_addr in rbx, trapno in r12, si_code in r14.
.macro faulting label
    lea r15, [rip + \label]
.endm
# Unmasks the x87 exceptions of a mask alone, with an empty stack and clear flags.
.macro unmask mask
    fninit
    mov word ptr [rip + control], 0x37f & ~(\mask)
    fldcw [rip + control]
.endm
# The x87 fault waits for the next instruction that waits: r9 is its address. Status word 0 after the handler cleared it.
.macro x87_fault code
    expect r14, \code
    expect r12, 16
    cmp rbx, r9
    expect_if e
.endm
.macro sse_fault code
    expect r14, \code
    expect r12, 19
    cmp rbx, r9
    expect_if e
.endm
.macro loosen mask
    mov dword ptr [rip + loose], 0x1f80 & ~((\mask) << 7)
    ldmxcsr [rip + loose]
.endm
.set INTDIV, 1
.set FLTDIV, 3
.set FLTOVF, 4
.set FLTUND, 5
.set FLTRES, 6
.set FLTINV, 7
_start:
    handle SIGFPE, fault
    # Invalid: 0/0. What does not wait does not fault; FNSTSW shows ES.
    unmask 1
    faulting 1f
    lea r9, [rip + 2f]
    fldz
    fldz
    fdivp
    fnstsw ax
    and eax, 0x80ff
    mov r8, rax
    nop
2:  fwait
    not_reached
1:  x87_fault FLTINV
    expect r8, 0x8081
    # An empty register is invalid too: a stack fault.
    unmask 1
    faulting 1f
    lea r9, [rip + 2f]
    fadd st(0), st(1)
2:  fld1
    not_reached
1:  x87_fault FLTINV
    # Division by zero.
    unmask 4
    faulting 1f
    lea r9, [rip + 2f]
    fld1
    fldz
    fdivp
2:  fldz
    not_reached
1:  x87_fault FLTDIV
    # Overflow and underflow, here of the 80-bit range by FSCALE.
    unmask 8
    faulting 1f
    lea r9, [rip + 2f]
    push 0x7000
    fild qword ptr [rsp]
    fld1
    fscale
2:  fwait
    not_reached
1:  x87_fault FLTOVF
    unmask 16
    faulting 1f
    lea r9, [rip + 2f]
    mov qword ptr [rsp], -0x7000
    fild qword ptr [rsp]
    fld1
    fscale
2:  fwait
    not_reached
1:  x87_fault FLTUND
    # A denormal operand counts as underflow, an inexact result has a code of its own.
    unmask 2
    faulting 1f
    lea r9, [rip + 2f]
    fld qword ptr [rip + denormal]
2:  fwait
    not_reached
1:  x87_fault FLTUND
    unmask 32
    faulting 1f
    lea r9, [rip + 2f]
    fld qword ptr [rip + tenth]
    fmul st(0), st(0)
2:  fwait
    not_reached
1:  x87_fault FLTRES
    # SSE faults at the instruction itself.
    loosen 1
    faulting 1f
    lea r9, [rip + 2f]
    xorps xmm0, xmm0
2:  divss xmm0, xmm0
    not_reached
1:  sse_fault FLTINV
    loosen 1
    faulting 1f
    lea r9, [rip + 2f]
    movsd xmm1, [rip + signaling]
2:  addsd xmm0, xmm1
    not_reached
1:  sse_fault FLTINV
    # Invalid in three lanes, a division by zero in the fourth: invalid comes first.
    loosen 5
    faulting 1f
    lea r9, [rip + 2f]
    movss xmm0, [rip + half]
    xorps xmm1, xmm1
2:  divps xmm0, xmm1
    not_reached
1:  sse_fault FLTINV
    loosen 4
    faulting 1f
    lea r9, [rip + 2f]
    movss xmm0, [rip + half]
    xorps xmm1, xmm1
2:  divss xmm0, xmm1
    not_reached
1:  sse_fault FLTDIV
    loosen 8
    faulting 1f
    lea r9, [rip + 2f]
    movsd xmm0, [rip + huge]
2:  addsd xmm0, xmm0
    not_reached
1:  sse_fault FLTOVF
    loosen 16
    faulting 1f
    lea r9, [rip + 2f]
    movsd xmm0, [rip + tiny]
2:  mulsd xmm0, xmm0
    not_reached
1:  sse_fault FLTUND
    loosen 2
    faulting 1f
    lea r9, [rip + 2f]
    movsd xmm0, [rip + denormal]
2:  addsd xmm0, [rip + huge]
    not_reached
1:  sse_fault FLTUND
    loosen 32
    faulting 1f
    lea r9, [rip + 2f]
    movsd xmm0, [rip + tenth]
2:  mulsd xmm0, [rip + tenth]
    not_reached
1:  sse_fault FLTRES
    # What is unmasked while its flag is set already does not fault by itself.
    mov dword ptr [rip + loose], 0x1d84
    ldmxcsr [rip + loose]
    addss xmm0, xmm0
    # Integer division.
    faulting 1f
    lea r9, [rip + 2f]
    xor ecx, ecx
2:  div ecx
    not_reached
1:  expect r14, INTDIV
    expect r12, 0
    cmp rbx, r9
    expect_if e
    # INT 4 goes through INTO's gate: SIGSEGV behind the instruction.
    handle SIGSEGV, fault
    faulting 1f
    .byte 0xcd, 4
    not_reached
1:  expect r12, 4
    expect r14, 0x80
    expect rbx, 0
    pass
fault:
    mov rax, [rsi + SI_ADDR]
    mov [rdx + UC_RBX], rax
    mov rax, [rdx + UC_TRAPNO]
    mov [rdx + 72], rax
    movsxd rcx, dword ptr [rsi + SI_CODE]
    mov [rdx + 88], rcx
    mov rcx, [rdx + UC_FPSTATE]
    # All masked, no flag: FCW, FSW, MXCSR.
    mov dword ptr [rcx], 0x37f
    mov dword ptr [rcx + 24], 0x1f80
    mov [rdx + UC_RIP], r15
    ret
