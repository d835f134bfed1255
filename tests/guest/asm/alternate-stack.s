# sigaltstack: the handler runs there on a stack overflow; SS_ONSTACK, EPERM, SS_AUTODISARM.
# expect-status: 42
.include "guest.inc"
.data
stack:   .quad 0, 0, 0
old:     .quad 0, 0, 0
.bss
.balign 16
room:    .skip 32768
.text
_start:
    lea rax, [rip + room]
    mov [rip + stack], rax
    mov qword ptr [rip + stack + 16], 32768
    lea r12, [rip + stack]
    lea r13, [rip + old]
    call_linux 131, r12, r13
    mov rbx, rax
    expect rbx, 0
    mov ebx, [rip + old + 8]
    expect rbx, 2
    # Too small is ENOMEM, unknown flags are EINVAL.
    mov qword ptr [rip + stack + 16], 100
    call_linux 131, r12, 0
    mov rbx, rax
    expect rbx, -12
    mov qword ptr [rip + stack + 16], 32768
    mov dword ptr [rip + stack + 8], 0x10
    call_linux 131, r12, 0
    mov rbx, rax
    expect rbx, -22
    mov dword ptr [rip + stack + 8], 0
    handle SIGSEGV, segv, 0x08000000
    mov r15, rsp
    lea r14, [rip + 1f]
    mov rsp, 0x1000
    push rax
    not_reached
1:  mov rsp, r15
    expect rbx, 1
    expect rbp, -1
    # Afterwards the stack is free again.
    call_linux 131, 0, r13
    mov ebx, [rip + old + 8]
    expect rbx, 0
    pass
segv:
    push rdx
    lea rdi, [rip + room]
    mov rax, rsp
    sub rax, rdi
    cmp rax, 32768
    ja 2f
    mov qword ptr [rdx + UC_RBX], 1
2:  # Being on it: SS_ONSTACK in the answer, EPERM for a change.
    call_linux 131, 0, r13
    cmp dword ptr [rip + old + 8], 1
    jne 3f
    call_linux 131, r12, 0
    pop rdx
    mov [rdx + 120], rax
    mov [rdx + UC_RIP], r14
    ret
3:  not_reached
