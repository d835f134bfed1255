# Instructions at the ends of what may be decoded: 15 bytes, 16 bytes, a last page, redundant prefixes.
# expect-status: 42
.include "guest.inc"
_start:
    handle SIGSEGV, fault
    handle SIGILL, fault
    # Fifteen bytes are an instruction, sixteen are #GP.
    xor ebx, ebx
    .fill 12, 1, 0x66
    .byte 0x90
    lea r15, [rip + 1f]
    .fill 15, 1, 0x66
    .byte 0x90
    not_reached
1:  expect rbp, 13
    # Code that ends with its page: the fault is a fetch at the first missing byte.
    call_linux 9, 0, 8192, 7, 0x22, -1, 0
    mov r12, rax
    lea rsi, [r12 + 4096]
    call_linux 11, rsi, 4096
    mov word ptr [r12 + 4094], 0x9090
    lea r15, [rip + 1f]
    lea rax, [r12 + 4094]
    jmp rax
1:  expect rbp, 14
    sub rbx, r12
    expect rbx, 4096
    mov word ptr [r12 + 4094], 0xb890
    lea r15, [rip + 1f]
    lea rax, [r12 + 4094]
    jmp rax
1:  expect rbp, 14
    sub rbx, r12
    expect rbx, 4096
    # REX before a legacy prefix is ignored.
    mov rax, -1
    .byte 0x48, 0x66, 0xb8, 1, 0
    mov rbx, rax
    expect rbx, 0xffffffffffff0001
    # A prefix of a segment that does not count.
    lea rsi, [rip + data]
    .byte 0x2e, 0x48, 0x8b, 0x1e
    expect rbx, 77
    pass
data: .quad 77
fault:
    mov rax, [rdx + UC_TRAPNO]
    mov [rdx + 120], rax
    mov rax, [rsi + SI_ADDR]
    mov [rdx + UC_RBX], rax
    mov [rdx + UC_RIP], r15
    ret
