# Masks, SA_NODEFER, SA_RESETHAND and pending signals: the order in which handlers run.
# expect-status: 42
.include "guest.inc"
.data
mask:  .quad 1 << 9
old:   .quad 0
count: .quad 0
.text
_start:
    handle SIGUSR1, usr1
    call_linux 39
    mov r12, rax
    # Blocked: pending, then delivered at the unblocking, once.
    lea rsi, [rip + mask]
    call_linux 14, 0, rsi, 0, 8
    call_linux 62, r12, SIGUSR1
    call_linux 62, r12, SIGUSR1
    expect [rip + count], 0
    lea rdi, [rip + old]
    call_linux 127, rdi, 8
    expect [rip + old], 1 << 9
    lea rsi, [rip + mask]
    call_linux 14, 1, rsi, 0, 8
    expect [rip + count], 1
    # Inside a handler its signal is blocked; the context's mask decides what holds afterwards.
    mov r13d, 1
    call_linux 62, r12, SIGUSR1
    expect [rip + count], 2
    lea rdx, [rip + old]
    call_linux 14, 0, 0, rdx, 8
    expect [rip + old], 1 << 9
    # Killed by what has no handler any more: SA_RESETHAND.
    lea rsi, [rip + mask]
    call_linux 14, 1, rsi, 0, 8
    handle SIGUSR1, usr1, 0x80000000
    xor r13d, r13d
    call_linux 62, r12, SIGUSR1
    expect [rip + count], 3
    call_linux 13, SIGUSR1, 0, rsp, 8
    pass
usr1:
    inc qword ptr [rip + count]
    test r13d, r13d
    jz 1f
    mov qword ptr [rdx + 296], 1 << 9
1:  ret
