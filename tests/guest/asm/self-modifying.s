# Code that changes itself: the next instruction, its own page, across pages, from data, through another mapping.
# expect-status: 42
.include "guest.inc"
.section .smc, "awx"
.balign 4096
    .fill 4094, 1, 0x90
crossing:
    mov ebx, 0x11111111
    ret
.balign 64
loop_body:
    mov ebx, 1
    ret
_start:
    # The very next instruction.
    mov byte ptr [rip + 1f + 1], 7
1:  mov ebx, 1
    expect rbx, 7
    # An instruction whose immediate lies on both sides of a page boundary.
    call crossing
    expect rbx, 0x11111111
    mov word ptr [rip + crossing + 1], 0x2222
    call crossing
    expect rbx, 0x11112222
    mov word ptr [rip + crossing + 3], 0x3333
    call crossing
    expect rbx, 0x33332222
    # A thousand changes of a called function; every call sees the last.
    xor r12d, r12d
    xor r13d, r13d
2:  mov [rip + loop_body + 1], r12d
    call loop_body
    cmp ebx, r12d
    jne 3f
    inc r13d
3:  inc r12d
    cmp r12d, 1000
    jb 2b
    expect r13, 1000
    # A string store over the instructions that follow it: four NOPs take the place of two of three INCs.
    xor ebx, ebx
    lea rdi, [rip + 4f]
    mov ecx, 4
    mov eax, 0x90
    rep stosb
4:  inc ebx
    inc ebx
    inc ebx
    expect rbx, 1
    # A locked exchange changes code too.
    mov eax, 0xc3
    lea rdi, [rip + patched]
    xchg [rdi], al
    mov ebx, 5
    call patched
    expect rbx, 5
    # Two mappings of one page: writing through one is seen through the other.
    lea rdi, [rip + name]
    call_linux 319, rdi, 0
    mov r14, rax
    call_linux 77, r14, 4096
    call_linux 9, 0, 4096, 3, 1, r14, 0
    mov r12, rax
    call_linux 9, 0, 4096, 5, 1, r14, 0
    mov r13, rax
    mov dword ptr [r12], 0x000001b8
    mov word ptr [r12 + 4], 0xc300
    call r13
    mov rbx, rax
    expect rbx, 1
    mov byte ptr [r12 + 1], 9
    call r13
    mov rbx, rax
    expect rbx, 9
    pass
patched:
    inc ebx
    ret
name: .asciz "code"
