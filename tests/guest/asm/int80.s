# INT 80h: i386 numbers, arguments in the low halves of registers, a result in all of RAX, and no other register changed; memory below 4 GiB.
# expect-status: 42
# expect-output: through the old gate
.include "guest.inc"
.set LOW, 0x20000000
.macro gate number, a=0, b=0, c=0, d=0, e=0, f=0
    mov ebx, \a
    mov ecx, \b
    mov edx, \c
    mov esi, \d
    mov edi, \e
    mov ebp, \f
    mov eax, \number
    int 0x80
.endm
_start:
    call_linux 39
    mov r12, rax
    # The upper halves of the number and of the arguments do not count, and everything but RAX is kept.
    mov rax, 0xffffffff00000014
    movabs rbx, 0x1111111100000001
    movabs rcx, 0x1111111100000002
    movabs r8, 0x1111111188888888
    movabs r9, 0x1111111199999999
    movabs r10, 0x11111111aaaaaaaa
    movabs r11, 0x11111111bbbbbbbb
    stc
    int 0x80
    expect_if c
    cmp rax, r12
    expect_if e
    expect rbx, 0x1111111100000001
    expect rcx, 0x1111111100000002
    expect r8, 0x1111111188888888
    expect r9, 0x1111111199999999
    expect r10, 0x11111111aaaaaaaa
    expect r11, 0x11111111bbbbbbbb
    # MMAP2 at an address: the handlers that 64-bit calls have, with a page number as offset.
    gate 192, LOW, 8192, 3, 0x32, -1, 0
    expect rax, LOW
    lea rsi, [rip + text]
    mov edi, LOW
    mov ecx, text_end - text
    rep movsb
    # WRITE, with rubbish above the arguments.
    movabs rbx, 0x700000001
    movabs rcx, 0x900000000+LOW
    movabs rdx, 0x800000000+text_end-text
    mov eax, 4
    int 0x80
    expect rax, text_end-text
    # Errors are negative in all 64 bits: EBADF, EFAULT, ENOSYS.
    gate 6, -1
    expect rax, -9
    gate 4, 1, 0x10, 6
    expect rax, -14
    gate 9999
    expect rax, -38
    mov rax, -1
    int 0x80
    expect rax, -38
    # Without an address memory comes from below 4 GiB, under the room for a stack; an address that is free is taken.
    gate 192, 0, 4096, 3, 0x22, -1, 0
    mov r12, rax
    shr rax, 28
    expect rax, 0xf
    mov dword ptr [r12], 5
    gate 192, 0, 4096, 3, 0x62, -1, 0
    mov r13, rax
    shr rax, 28
    expect rax, 0xf
    gate 192, 0x30000000, 4096, 3, 0x22, -1, 0
    expect rax, 0x30000000
    gate 192, 0, 0xfffff000, 3, 0x4022, -1, 0
    expect rax, -12
    # The old MMAP has its arguments in memory.
    mov dword ptr [LOW + 64], 0x31000000
    mov dword ptr [LOW + 68], 4096
    mov dword ptr [LOW + 72], 3
    mov dword ptr [LOW + 76], 0x32
    mov dword ptr [LOW + 80], -1
    mov dword ptr [LOW + 84], 0
    gate 90, LOW+64
    expect rax, 0x31000000
    gate 90, 0x10
    expect rax, -14
    gate 125, 0x31000000, 4096, 1
    expect rax, 0
    gate 91, 0x31000000, 4096
    expect rax, 0
    # BRK gives an address of 64 bits.
    call_linux 12, 0
    mov r12, rax
    gate 45, 0
    cmp rax, r12
    expect_if e
    # OPEN, LSEEK with a signed offset, _LLSEEK, PREAD64 with its offset in two halves.
    lea rsi, [rip + path]
    mov edi, LOW
    mov ecx, path_end - path
    rep movsb
    gate 5, LOW, 0, 0
    mov r14, rax
    expect rax, 3
    gate 19, 3, 100, 0
    expect rax, 100
    gate 19, 3, -1, 1
    expect rax, 99
    gate 19, 3, -1, 0
    expect rax, -22
    gate 140, 3, 1, 2, LOW+128, 0
    expect rax, 0
    expect [LOW+128], 0x100000002
    gate 140, 3, 1, 2, LOW+128, 7
    expect rax, -22
    gate 140, 3, 0, 0, 0x10, 0
    expect rax, -14
    gate 180, 3, LOW, 4, 0, 0
    expect rax, 4
    mov eax, [LOW]
    expect rax, 0x464c457f
    gate 180, 3, LOW, 4, 0, 1
    expect rax, 0
    gate 180, 3, LOW, 4, 0, -1
    expect rax, -22
    gate 194, 3, 0, 0
    expect rax, -22
    gate 63, 3, 9
    expect rax, 9
    gate 6, 9
    expect rax, 0
    # UMASK, GETRANDOM, and ids of 16 bits and of 32.
    gate 60, 0x12
    gate 60, 0x3f
    expect rax, 0x12
    gate 355, LOW, 8, 0
    expect rax, 8
    gate 24
    mov r12, rax
    gate 199
    mov r13, rax
    cmp eax, 0xffff
    jbe 1f
    mov r13d, 65534
1:  cmp r12, r13
    expect_if e
    # TIME fits in 32 bits and is stored so.
    mov qword ptr [LOW], -1
    gate 13, LOW
    mov ecx, [LOW]
    cmp rax, rcx
    expect_if e
    mov eax, [LOW + 4]
    expect rax, 0xffffffff
    # EXIT_GROUP.
    gate 252, 42
    not_reached
text:
    .ascii "through the old gate\n"
text_end:
path:
    .asciz "/proc/self/exe"
path_end:
