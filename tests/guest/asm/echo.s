# Reads all of its input and writes it back.
# expect-status: 42
# input: first
# input: second
# expect-output: first
# expect-output: second
.include "guest.inc"
.bss
buffer: .skip 7
.text
_start:
1:  lea rsi, [rip + buffer]
    call_linux 0, 0, rsi, 7
    test rax, rax
    jz 2f
    mov rdx, rax
    lea rsi, [rip + buffer]
    call_linux 1, 1, rsi, rdx
    jmp 1b
2:  expect_if z
    pass
