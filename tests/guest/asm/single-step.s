# Single step: with TF set by POPF the trap comes after the next instruction.
# expect-status: 42
.include "guest.inc"
_start:
    handle SIGTRAP, trap
    xor ebx, ebx
    pushfq
    or qword ptr [rsp], 0x100
    popfq
    nop
after:
    expect rbx, 0x10002
    pass
trap:
    lea rax, [rip + after]
    cmp rax, [rdx + UC_RIP]
    jne 1f
    mov rax, [rdx + UC_TRAPNO]
    shl rax, 16
    or eax, [rsi + SI_CODE]
    mov [rdx + UC_RBX], rax
1:  and qword ptr [rdx + UC_EFLAGS], ~0x100
    ret
