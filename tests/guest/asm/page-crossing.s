# Loads, stores and atomics across a page boundary, whole and with a second page that is missing.
# expect-status: 42
.include "guest.inc"
_start:
    call_linux 9, 0, 12288, 3, 0x22, -1, 0
    mov r12, rax
    lea r13, [rax + 8192]
    call_linux 11, r13, 4096
    lea r14, [r12 + 4093]
    mov rax, 0x1122334455667788
    mov [r14], rax
    mov rbx, [r14]
    expect rbx, 0x1122334455667788
    movzx ebx, byte ptr [r12 + 4096]
    expect rbx, 0x55
    mov eax, 1
    lock xadd [r14], rax
    mov rbx, rax
    expect rbx, 0x1122334455667788
    expect [r14], 0x1122334455667789
    lock inc dword ptr [r14]
    expect [r14], 0x112233445566778a
    mov rax, 0x112233445566778a
    mov rcx, 5
    lock cmpxchg [r14], rcx
    expect_if z
    expect [r14], 5
    xchg rcx, [r14]
    expect rcx, 5
    movups xmm0, [r12 + 4088]
    movups [r12 + 4090], xmm0
    fld1
    fstp tbyte ptr [r12 + 4091]
    mov rbx, [r12 + 4091]
    expect rbx, 0x8000000000000000
    # A store that runs into a missing page changes nothing and reports the first missing byte.
    handle SIGSEGV, segv
    mov qword ptr [r12 + 8184], -1
    lea r15, [rip + after1]
    xor ebp, ebp
    mov rax, 0
    mov [r12 + 8189], rax
    not_reached
after1:
    mov rbx, rbp
    sub rbx, r12
    expect rbx, 8192
    expect [r12 + 8184], -1
    lea r15, [rip + after2]
    lock inc qword ptr [r12 + 8190]
    not_reached
after2:
    expect [r12 + 8184], -1
    lea r15, [rip + after3]
    movups [r12 + 8180], xmm0
    not_reached
after3:
    expect [r12 + 8184], -1
    # REP MOVSB that ends in the missing page leaves the registers at the element.
    lea r15, [rip + after4]
    lea rdi, [r12 + 8185]
    mov rsi, r12
    mov ecx, 100
    rep movsb
    not_reached
after4:
    expect rcx, 93
    sub rdi, r12
    expect rdi, 8192
    pass
segv:
    mov rbp, [rsi + SI_ADDR]
    mov [rdx + 120], rbp
    mov [rdx + UC_RIP], r15
    ret
