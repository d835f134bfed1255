# Fault handlers that read and edit the context: RIP, registers, XMM, si_addr, trapno and err of each fault.
# expect-status: 42
.include "guest.inc"
.data
csr: .long 0x1f80 & ~(1 << 9)
.text
# Runs what follows the macro; the handler continues at the label with the details in rbx (si_addr), r12 (trapno), r13 (err), r14 (si_code), rbp (signal).
.macro faulting label
    lea r15, [rip + \label]
.endm
_start:
    handle SIGSEGV, fault
    handle SIGFPE, fault
    handle SIGILL, fault
    handle SIGTRAP, fault
    handle SIGBUS, fault
    # A load from page zero.
    faulting 1f
    mov eax, [0x10]
    not_reached
1:  expect rbx, 0x10
    expect r12, 14
    expect r13, 4
    expect r14, 1
    # A store to read-only code: present, write, user.
    faulting 1f
    mov byte ptr [rip + _start], 0
    not_reached
1:  expect r13, 7
    expect r14, 2
    # A jump to a page that may not be executed: present once it was read, user, fetch.
    faulting 1f
    lea rax, [rip + csr]
    mov r9, rax
    mov ecx, [rax]
    jmp rax
1:  cmp rbx, r9
    expect_if e
    expect r13, 0x15
    # A non-canonical address is #GP without an address.
    faulting 1f
    mov rax, 0x8000000000000000
    mov eax, [rax]
    not_reached
1:  expect rbx, 0
    expect r12, 13
    expect r14, 0x80
    # The same through the stack pointer is #SS, SIGBUS.
    faulting 1f
    mov r9, rsp
    mov rax, 0x8000000000000000
    lea rcx, [rip + 2f]
    mov rbp, rax
    mov eax, [rbp]
2:  not_reached
1:  expect rbp, 7
    expect r12, 12
    # Integer division.
    faulting 1f
    lea r9, [rip + 2f]
    xor ecx, ecx
    mov eax, 1
    cdq
2:  idiv ecx
    not_reached
1:  cmp rbx, r9
    expect_if e
    expect rbp, 8
    expect r12, 0
    expect r14, 1
    faulting 1f
    mov eax, 0x80000000
    cdq
    mov ecx, -1
    idiv ecx
    not_reached
1:  expect r14, 1
    # UD2 and an undefined opcode.
    faulting 1f
    lea r9, [rip + 2f]
2:  ud2
    not_reached
1:  cmp rbx, r9
    expect_if e
    expect rbp, 4
    expect r12, 6
    expect r14, 2
    faulting 1f
    .byte 0x06
    not_reached
1:  expect r12, 6
    # INT3 is a trap: RIP is behind it. INT 3 of two bytes likewise.
    faulting 1f
    int3
    not_reached
1:  expect rbp, 5
    expect r12, 3
    expect r14, 0x80
    faulting 1f
    .byte 0xcd, 3
    not_reached
1:  expect r12, 3
    # Gates that user code may not use, and privileged instructions.
    faulting 1f
    int 0x21
    not_reached
1:  expect r12, 13
    expect r13, 0x10a
    faulting 1f
    hlt
    not_reached
1:  expect r12, 13
    expect r13, 0
    # An unmasked SSE division by zero.
    faulting 1f
    ldmxcsr [rip + csr]
    mov eax, 0x3f800000
    movd xmm0, eax
    xorps xmm1, xmm1
    divss xmm0, xmm1
    not_reached
1:  expect rbp, 8
    expect r12, 19
    expect r14, 3
    # The handler edits XMM5 and R9 of the context; an unaligned MOVAPS is #GP.
    faulting 1f
    pxor xmm5, xmm5
    xor r9d, r9d
    lea rax, [rip + csr + 1]
    movaps xmm0, [rax]
    not_reached
1:  expect r9, 0x1234
    movq rbx, xmm5
    expect rbx, 0x77
    pass
fault:
    mov rax, [rsi + SI_ADDR]
    mov [rdx + UC_RBX], rax
    mov rax, [rdx + UC_TRAPNO]
    mov [rdx + 72], rax
    mov rcx, [rdx + UC_ERR]
    mov [rdx + 80], rcx
    movsxd rcx, dword ptr [rsi + SI_CODE]
    mov [rdx + 88], rcx
    movsxd rcx, edi
    mov [rdx + 120], rcx
    and qword ptr [rdx + UC_EFLAGS], ~0x100
    mov rcx, [rdx + UC_FPSTATE]
    mov dword ptr [rcx + 24], 0x1f80
    cmp qword ptr [rdx + UC_R9], 0
    jne 1f
    mov qword ptr [rdx + UC_R9], 0x1234
    mov qword ptr [rcx + 160 + 5 * 16], 0x77
1:  mov [rdx + UC_RIP], r15
    ret
