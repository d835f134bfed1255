# arch_prctl: FS and GS bases, loads through them, and their place in a signal's context.
# expect-status: 42
.include "guest.inc"
.data
block: .quad 0x1111, 0x2222
other: .quad 0x3333
.text
_start:
    lea rsi, [rip + block]
    call_linux 158, 0x1002, rsi
    mov rbx, fs:[0]
    expect rbx, 0x1111
    mov rbx, fs:[8]
    expect rbx, 0x2222
    lea rsi, [rip + other]
    call_linux 158, 0x1001, rsi
    mov rbx, gs:[0]
    expect rbx, 0x3333
    mov qword ptr fs:[8], 5
    expect [rip + block + 8], 5
    # A negative offset, as compilers use, wraps around.
    lea rsi, [rip + other]
    call_linux 158, 0x1002, rsi
    mov rbx, fs:[-16]
    expect rbx, 0x1111
    sub rsp, 16
    call_linux 158, 0x1003, rsp
    mov rbx, [rsp]
    lea rax, [rip + other]
    cmp rax, rbx
    expect_if e
    # LEA ignores the segment; a bad base is EPERM; a bad code is EINVAL.
    lea rbx, fs:[0x10]
    expect rbx, 0x10
    mov rsi, 0x8000000000000000
    call_linux 158, 0x1002, rsi
    mov rbx, rax
    expect rbx, -1
    call_linux 158, 0x9999, 0
    mov rbx, rax
    expect rbx, -22
    # A string instruction's source takes the prefix.
    lea rdi, [rip + block]
    xor esi, esi
    .byte 0x64
    movsq
    expect [rip + block], 0x3333
    pass
