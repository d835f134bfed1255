# SYSCALL clobbers RCX and R11 only; the red zone and all registers outlive a signal.
# expect-status: 42
.include "guest.inc"
_start:
    mov rbx, 0x1111
    mov rbp, 0x2222
    mov r12, 0x3333
    mov r8, 0x4444
    mov r9, 0x5555
    mov r10, 0x6666
    mov rdx, 0x7777
    mov rdi, 0x8888
    mov rsi, 0x9999
    movq xmm9, rbx
    std
    stc
    mov eax, 39
    syscall
here:
    cld
    expect_if c
    lea rax, [rip + here]
    cmp rcx, rax
    expect_if e
    and r11d, 0x401
    expect r11, 0x401
    expect rbx, 0x1111
    expect rbp, 0x2222
    expect r12, 0x3333
    expect r8, 0x4444
    expect r9, 0x5555
    expect r10, 0x6666
    expect rdx, 0x7777
    expect rdi, 0x8888
    expect rsi, 0x9999
    movq rbx, xmm9
    expect rbx, 0x1111
    # An unknown call is ENOSYS, and its number is an int.
    mov eax, 1000
    syscall
    mov rbx, rax
    expect rbx, -38
    mov rax, 0xffffffff00000027
    syscall
    test rax, rax
    expect_if g
    # A signal keeps the 128 bytes below RSP, and all registers.
    handle SIGUSR1, usr1
    call_linux 39
    mov r12, rax
    mov rdx, 0x0123456789abcdef
    mov [rsp - 8], rdx
    mov [rsp - 128], rdx
    movq xmm3, rdx
    mov r9, rdx
    mov rdi, r12
    mov esi, SIGUSR1
    mov eax, 62
    syscall
    mov rbx, [rsp - 8]
    mov rcx, [rsp - 128]
    cmp rbx, rdx
    expect_if e
    cmp rcx, rdx
    expect_if e
    cmp r9, rdx
    expect_if e
    movq rbx, xmm3
    cmp rbx, rdx
    expect_if e
    expect r13, 1
    pass
usr1:
    # The frame is 8 below a multiple of 16; DF is clear; the handler's own use of everything goes unseen but for r13 of the context.
    lea rax, [rsp + 8]
    test al, 15
    jnz 1f
    mov qword ptr [rdx + 80], 1
1:  xor r9d, r9d
    pxor xmm3, xmm3
    xor edx, edx
    ret
