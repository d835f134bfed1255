# Every LOCK form, CMPXCHG8B, CMPXCHG16B and the refusals of LOCK.
# expect-status: 42
# lowest-model: v2
.include "guest.inc"
.data
.balign 16
cell:  .quad 0x10, 0x20
.text
.macro locked instruction:vararg
    mov qword ptr [rip + cell], 0x0f
    stc
    lock \instruction
.endm
_start:
    locked add qword ptr [rip + cell], 1
    expect [rip + cell], 0x10
    locked adc qword ptr [rip + cell], 1
    expect [rip + cell], 0x11
    locked sub dword ptr [rip + cell], 0x10
    expect_if c
    expect [rip + cell], 0xffffffff
    locked sbb qword ptr [rip + cell], 1
    expect [rip + cell], 0x0d
    locked and byte ptr [rip + cell], 6
    expect [rip + cell], 6
    locked or word ptr [rip + cell], 0x100
    expect [rip + cell], 0x10f
    locked xor qword ptr [rip + cell], -1
    expect [rip + cell], 0xfffffffffffffff0
    locked not byte ptr [rip + cell]
    expect [rip + cell], 0xf0
    locked neg qword ptr [rip + cell]
    expect_if c
    expect [rip + cell], -15
    locked inc byte ptr [rip + cell]
    expect_if c
    expect [rip + cell], 0x10
    locked dec word ptr [rip + cell]
    expect [rip + cell], 0x0e
    locked bts qword ptr [rip + cell], 40
    expect_if nc
    locked btr qword ptr [rip + cell], 0
    expect_if c
    expect [rip + cell], 0x0e
    mov ebx, 70
    lea rsi, [rip + cell]
    lock btc [rsi], rbx
    expect_if nc
    expect [rip + cell + 8], 0x60
    # A failed compare loads the accumulator: 32 bits clear the upper half, 8 bits do not.
    mov qword ptr [rip + cell], 0x55
    mov rax, -1
    mov ecx, 3
    lock cmpxchg [rip + cell], ecx
    mov rbx, rax
    expect rbx, 0x55
    mov rax, 0x7777777777777777
    lock cmpxchg [rip + cell], cl
    mov rbx, rax
    expect rbx, 0x7777777777777755
    mov qword ptr [rip + cell + 8], 0x66
    mov eax, 0x55
    mov edx, 0x66
    mov ebx, 1
    mov ecx, 2
    lock cmpxchg16b [rip + cell]
    expect_if z
    expect [rip + cell], 1
    expect [rip + cell + 8], 2
    lock cmpxchg16b [rip + cell]
    expect_if nz
    expect rdx, 2
    mov rax, -1
    mov rdx, -1
    lock cmpxchg8b [rip + cell]
    mov rbx, rax
    expect rbx, 1
    expect rdx, 0
    # Misaligned CMPXCHG16B is #GP; LOCK on a register or on MOV is #UD.
    handle SIGSEGV, fault
    handle SIGILL, fault
    lea r15, [rip + 1f]
    lock cmpxchg16b [rip + cell + 8]
    not_reached
1:  expect r14, 13
    lea r15, [rip + 2f]
    .byte 0xf0, 0x48, 0xff, 0xc0
    not_reached
2:  expect r14, 6
    lea r15, [rip + 3f]
    .byte 0xf0, 0x48, 0x89, 0x06
    not_reached
3:  expect r14, 6
    pass
fault:
    mov r14, [rdx + UC_TRAPNO]
    mov [rdx + 88], r14
    mov [rdx + UC_RIP], r15
    ret
