# INT 80h as a kernel with IA32 emulation has it: getpid by its 32-bit number, R8 to R11 cleared or kept, no signal.
# expect-status: 42
.include "guest.inc"
_start:
    call_linux 39
    mov r12, rax
    mov eax, 20
    int 0x80
    cmp rax, r12
    expect_if e
    pass
