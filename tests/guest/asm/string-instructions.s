# Every string instruction in both directions, with REP, counts of zero and overlap.
# expect-status: 42
.include "guest.inc"
.data
source: .ascii "0123456789abcdef"
.balign 16
target: .fill 64, 1, 0x2e
words:  .quad 1, 2, 3, 4, 5
.text
_start:
    # A forward overlap by one byte fills.
    lea rsi, [rip + target]
    lea rdi, [rip + target + 1]
    mov byte ptr [rsi], 'x'
    mov ecx, 15
    rep movsb
    expect rcx, 0
    expect [rip + target], 0x7878787878787878
    expect [rip + target + 8], 0x7878787878787878
    # Backwards the same ranges move.
    lea rsi, [rip + source + 14]
    lea rdi, [rip + source + 15]
    std
    mov ecx, 15
    rep movsb
    cld
    expect [rip + source], 0x3635343332313030
    lea rax, [rip + source]
    sub rdi, rax
    expect rdi, 0
    # A count of zero touches nothing, not even a bad address.
    xor edi, edi
    xor esi, esi
    xor ecx, ecx
    rep movsq
    rep stosb
    repe cmpsb
    expect rdi, 0
    # An overlap of quads by three bytes, forwards.
    lea rsi, [rip + words]
    lea rdi, [rip + words + 3]
    mov ecx, 2
    rep movsq
    expect [rip + words], 0x0000000001000001
    expect [rip + words + 8], 0
    # STOS in all widths, backwards.
    lea rdi, [rip + target + 24]
    mov rax, 0x1122334455667788
    std
    stosq
    stosd
    stosw
    stosb
    cld
    lea rbx, [rip + target + 9]
    sub rdi, rbx
    expect rdi, 0
    expect [rip + target + 24], 0x1122334455667788
    mov ebx, [rip + target + 16]
    expect rbx, 0x55667788
    movzx ebx, word ptr [rip + target + 12]
    expect rbx, 0x7788
    movzx ebx, byte ptr [rip + target + 10]
    expect rbx, 0x88
    # LODS keeps the upper bits in the narrow forms and clears them in the 32-bit one.
    lea rsi, [rip + pattern]
    mov rax, -1
    lodsb
    mov rbx, rax
    expect rbx, 0xffffffffffffff01
    mov rax, -1
    lodsw
    mov rbx, rax
    expect rbx, 0xffffffffffff0302
    mov rax, -1
    lodsd
    mov rbx, rax
    expect rbx, 0x07060504
    lodsq
    mov rbx, rax
    expect rbx, 0x0f0e0d0c0b0a0908
    mov ecx, 8
    lea rsi, [rip + pattern]
    rep lodsb
    expect rcx, 0
    # SCAS and CMPS stop at the element and leave its flags.
    lea rdi, [rip + pattern]
    mov al, 5
    mov rcx, -1
    repne scasb
    expect_if z
    expect rcx, -6
    lea rdi, [rip + pattern]
    mov eax, 0x04030201
    mov ecx, 3
    repe scasd
    expect_if b
    expect rcx, 1
    lea rsi, [rip + pattern]
    lea rdi, [rip + pattern2]
    mov ecx, 16
    repe cmpsb
    expect_if a
    expect rcx, 6
    std
    lea rsi, [rip + pattern + 14]
    lea rdi, [rip + pattern2 + 14]
    mov ecx, 8
    repe cmpsw
    cld
    expect_if a
    expect rcx, 4
    # 32-bit addresses wrap and keep the counter's width.
    mov rcx, 0x100000002
    lea rdi, [rip + target]
    mov al, 'z'
    addr32 rep stosb
    expect rcx, 0
    movzx ebx, byte ptr [rip + target + 2]
    expect rbx, 'x'
    # The flags survive an instruction whose count is zero.
    xor eax, eax
    stc
    mov ecx, 0
    repne scasb
    expect_if c
    pass
.data
pattern:  .byte 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0
pattern2: .byte 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 11, 12, 13, 14, 15, 0
