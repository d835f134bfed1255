# Status flags survive CALL, RET, JMP and LOOP; nobody may assume that a function does not return flags.
# expect-status: 42
# lowest-model: v2
.include "guest.inc"
_start:
    mov al, 0x7f
    add al, 1
    call keep
    expect_flags 0x890
    mov eax, 5
    cmp eax, 9
    call keep
    expect_if b
    mov ecx, 3
    stc
1:  call keep
    loop 1b
    expect_if c
    xor eax, eax
    call set_carry
    expect_if c
    expect_if z
    std
    call keep
    expect_flags 0x400, 0x400
    cld
    mov eax, -1
    inc eax
    lea rbx, [rip + keep]
    call rbx
    expect_if z
    mov eax, 0x80000000
    shl eax, 1
    jmp 2f
2:  expect_flags 0x845, 0x8c5
    mov ah, 0xd5
    sahf
    lahf
    movzx eax, ah
    expect rax, 0xd7
    pass
keep:
    ret
set_carry:
    stc
    ret 
