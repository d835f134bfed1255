# SSE4.2 string compares: indexes, masks and all flags.
# expect-status: 42
# lowest-model: v2
.include "guest.inc"
.data
.balign 16
hay:    .ascii "hello, world\0???"
set:    .ascii "wo\0xxxxxxxxxxxxx"
range:  .ascii "az\0xxxxxxxxxxxxx"
needle: .ascii "wor\0xxxxxxxxxxxx"
full:   .ascii "0123456789abcdef"
.text
_start:
    movdqa xmm0, [rip + set]
    pcmpistri xmm0, [rip + hay], 0
    expect_flags 0xC1, 0x8D5
    expect rcx, 4
    pcmpistri xmm0, [rip + hay], 0x40
    expect rcx, 8
    movdqa xmm0, [rip + range]
    pcmpistri xmm0, [rip + hay], 0x14
    expect rcx, 5
    pcmpistri xmm0, [rip + hay], 0x34
    expect rcx, 5
    movdqa xmm0, [rip + needle]
    pcmpistri xmm0, [rip + hay], 0x0c
    expect_if c
    expect rcx, 7
    movdqa xmm0, [rip + full]
    pcmpistri xmm0, [rip + full], 0x18
    expect_flags 0, 0x8D5
    expect rcx, 16
    movdqa xmm1, [rip + hay]
    pcmpistrm xmm1, [rip + hay], 8
    expect_flags 0x8C1, 0x8D5
    movd ebx, xmm0
    expect rbx, 0xffff
    movdqa xmm1, [rip + range]
    pcmpistrm xmm1, [rip + hay], 0x44
    movq rbx, xmm0
    expect rbx, 0xff0000ffffffffff & 0xff0000ffffffffff
    mov eax, 2
    mov edx, 5
    movdqa xmm0, [rip + needle]
    pcmpestri xmm0, [rip + hay], 0x0c
    expect rcx, 16
    mov eax, 2
    mov edx, 12
    pcmpestri xmm0, [rip + hay], 0x0c
    expect rcx, 7
    mov eax, -3
    mov edx, 100
    pcmpestri xmm0, [rip + hay], 0x0c
    expect rcx, 7
    pass
