# mmap, mprotect and munmap at 4 KiB granularity, MAP_FIXED over running code, a file's end (SIGBUS), brk.
# expect-status: 42
.include "guest.inc"
_start:
    handle SIGSEGV, fault
    handle SIGBUS, fault
    call_linux 9, 0, 16384, 3, 0x22, -1, 0
    mov r12, rax
    # Page by page: read-only, none, gone.
    mov qword ptr [r12], 1
    mov qword ptr [r12 + 4096], 2
    mov qword ptr [r12 + 8192], 3
    call_linux 10, r12, 1, 1
    lea rsi, [r12 + 4096]
    call_linux 10, rsi, 4096, 0
    expect [r12], 1
    lea r15, [rip + 1f]
    mov qword ptr [r12], 5
    not_reached
1:  expect rbp, 0x2000b
    lea r15, [rip + 1f]
    mov rax, [r12 + 4096]
    not_reached
1:  expect rbp, 0x2000b
    lea rsi, [r12 + 4096]
    call_linux 10, rsi, 4096, 3
    expect [r12 + 4096], 2
    lea rsi, [r12 + 8192]
    call_linux 11, rsi, 1
    lea r15, [rip + 1f]
    mov rax, [r12 + 8192]
    not_reached
1:  expect rbp, 0x1000b
    # mprotect over the hole: ENOMEM, and what came before it is changed.
    call_linux 10, r12, 16384, 3
    mov rbx, rax
    expect rbx, -12
    mov qword ptr [r12], 6
    expect [r12], 6
    # MAP_FIXED over code that has just run, with other code.
    call_linux 9, 0, 4096, 7, 0x22, -1, 0
    mov r13, rax
    mov dword ptr [r13], 0x000001b8
    mov word ptr [r13 + 4], 0xc300
    call r13
    mov rbx, rax
    expect rbx, 1
    call_linux 9, r13, 4096, 7, 0x32, -1, 0
    mov dword ptr [r13], 0x000002b8
    mov word ptr [r13 + 4], 0xc300
    call r13
    mov rbx, rax
    expect rbx, 2
    # Taking away PROT_EXEC stops it at the next call; unmapping as well.
    call_linux 10, r13, 4096, 3
    lea r15, [rip + 1f]
    mov r14, rsp
    call r13
    not_reached
1:  mov rsp, r14
    expect rbp, 0x2000b
    call_linux 11, r13, 4096
    lea r15, [rip + 1f]
    call r13
    not_reached
1:  mov rsp, r14
    expect rbp, 0x1000b
    # A file of one page and ten bytes: zeros to the end of its page, then SIGBUS.
    lea rdi, [rip + name]
    call_linux 319, rdi, 0
    mov r13, rax
    call_linux 77, r13, 4106
    call_linux 9, 0, 12288, 3, 1, r13, 0
    mov r12, rax
    mov byte ptr [r12 + 4105], 7
    expect [r12 + 4104], 0x700
    lea r15, [rip + 1f]
    mov al, [r12 + 8192]
    not_reached
1:  expect rbp, 0x20007
    # A private one, likewise; shortening takes pages away, lengthening brings new ones.
    call_linux 9, 0, 12288, 3, 2, r13, 0
    mov rbx, rax
    lea r15, [rip + 1f]
    mov byte ptr [rbx + 8192], 1
    not_reached
1:  expect rbp, 0x20007
    call_linux 77, r13, 0
    lea r15, [rip + 1f]
    mov al, [r12]
    not_reached
1:  expect rbp, 0x20007
    call_linux 77, r13, 4096
    expect [r12], 0
    # A call into a missing page of the file reports EFAULT instead.
    lea rsi, [r12 + 8192]
    call_linux 1, r13, rsi, 8
    mov rbx, rax
    expect rbx, -14
    # brk: zero asks, growing gives zeros, shrinking takes away.
    call_linux 12, 0
    mov r12, rax
    lea rdi, [r12 + 8193]
    mov rbx, rdi
    call_linux 12, rdi
    cmp rax, rbx
    expect_if e
    mov rax, r12
    add rax, 4095
    and rax, -4096
    mov r13, rax
    expect [r13], 0
    mov qword ptr [r13], 9
    call_linux 12, r12
    lea r15, [rip + 1f]
    mov rax, [r13 + 4096]
    not_reached
1:  expect rbp, 0x1000b
    call_linux 12, 1
    cmp rax, r12
    expect_if e
    pass
name: .asciz "file"
fault:
    mov eax, [rsi + SI_CODE]
    shl eax, 16
    or eax, edi
    mov [rdx + 120], rax
    mov [rdx + UC_RIP], r15
    ret
