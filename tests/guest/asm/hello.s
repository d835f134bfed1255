# Writes and exits.
# expect-status: 42
# expect-output: hello, world
.include "guest.inc"
_start:
    lea rsi, [rip + text]
    call_linux 1, 1, rsi, 13
    mov rbx, rax
    expect rbx, 13
    pass
text: .ascii "hello, world\n"
