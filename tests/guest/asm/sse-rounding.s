# SSE rounding modes, MXCSR flags, FTZ and DAZ, and conversions out of range.
# expect-status: 42
# lowest-model: v2
.include "guest.inc"
.data
value:  .double 2.5, -2.5
tiny:   .quad 1, 0x0010000000000000
half:   .double 0.5
one:    .double 1.0
three:  .double 3.0
big:    .double 1e300
csr:    .long 0
.macro rounding mode
    mov dword ptr [rip + csr], 0x1f80 | (\mode << 13)
    ldmxcsr [rip + csr]
.endm
.macro csr_is value
    stmxcsr [rip + csr]
    mov ebx, [rip + csr]
    expect rbx, \value
.endm
.text
_start:
    rounding 0
    cvtsd2si rbx, [rip + value]
    expect rbx, 2
    csr_is 0x1fa0
    rounding 1
    cvtsd2si rbx, [rip + value + 8]
    expect rbx, -3
    rounding 2
    cvtsd2si rbx, [rip + value]
    expect rbx, 3
    rounding 3
    cvtsd2si rbx, [rip + value + 8]
    expect rbx, -2
    # 1 / 3 down and up differ by one unit.
    rounding 1
    movsd xmm0, [rip + one]
    divsd xmm0, [rip + three]
    movq rbx, xmm0
    expect rbx, 0x3fd5555555555555
    rounding 2
    movsd xmm0, [rip + one]
    divsd xmm0, [rip + three]
    movq rbx, xmm0
    expect rbx, 0x3fd5555555555556
    csr_is 0x5fa0
    # Overflow towards zero is the largest number.
    rounding 3
    movsd xmm0, [rip + big]
    mulsd xmm0, xmm0
    movq rbx, xmm0
    expect rbx, 0x7fefffffffffffff
    csr_is 0x7fa8
    rounding 0
    movsd xmm0, [rip + big]
    mulsd xmm0, xmm0
    movq rbx, xmm0
    expect rbx, 0x7ff0000000000000
    csr_is 0x1fa8
    # A denormal operand, a tiny result, 0/0, 1/0.
    rounding 0
    movsd xmm0, [rip + tiny]
    addsd xmm0, [rip + one]
    csr_is 0x1fa2
    rounding 0
    movsd xmm0, [rip + tiny + 8]
    mulsd xmm0, [rip + half]
    csr_is 0x1f80
    movsd xmm0, [rip + tiny + 8]
    divsd xmm0, [rip + three]
    csr_is 0x1fb0
    rounding 0
    xorps xmm0, xmm0
    divsd xmm0, xmm0
    movq rbx, xmm0
    expect rbx, 0xfff8000000000000
    csr_is 0x1f81
    rounding 0
    xorps xmm1, xmm1
    movsd xmm0, [rip + one]
    divsd xmm0, xmm1
    csr_is 0x1f84
    # FTZ flushes results, DAZ operands.
    mov dword ptr [rip + csr], 0x9f80
    ldmxcsr [rip + csr]
    movsd xmm0, [rip + tiny + 8]
    mulsd xmm0, [rip + half]
    movq rbx, xmm0
    expect rbx, 0
    csr_is 0x9fb0
    mov dword ptr [rip + csr], 0x1fc0
    ldmxcsr [rip + csr]
    movsd xmm0, [rip + tiny]
    addsd xmm0, xmm0
    movq rbx, xmm0
    expect rbx, 0
    csr_is 0x1fc0
    # Out of range: the integer indefinite and IE only.
    rounding 0
    cvttsd2si ebx, [rip + big]
    expect rbx, 0x80000000
    cvttsd2si rbx, [rip + big]
    expect rbx, 0x8000000000000000
    csr_is 0x1f81
    # ROUNDSD with its own mode, inexact suppressed.
    rounding 0
    roundsd xmm0, [rip + value], 10
    movq rbx, xmm0
    expect rbx, 0x4008000000000000
    csr_is 0x1f80
    pass
