# A static PIE that relocates nothing: AT_BASE, AT_ENTRY and AT_PHDR agree with where it runs.
# expect-status: 42
# build-options: -static-pie
.include "guest.inc"
_start:
    mov rsi, rsp
    lodsq
    expect [rsp], 1
    mov rsi, rsp
    lodsq
    lea rsi, [rsi + rax * 8 + 8]
1:  lodsq
    test rax, rax
    jnz 1b
2:  mov rax, [rsi]
    mov rdx, [rsi + 8]
    add rsi, 16
    cmp eax, 9
    jne 3f
    mov r12, rdx
3:  cmp eax, 3
    jne 4f
    mov r13, rdx
4:  cmp eax, 7
    jne 5f
    mov r14, rdx
5:  test eax, eax
    jnz 2b
    lea rbx, [rip + _start]
    cmp rbx, r12
    expect_if e
    expect r14, 0
    and r13, -4096
    mov ebx, [r13]
    expect rbx, 0x464c457f
    pass
