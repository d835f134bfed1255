# A read that a signal interrupts: EINTR, and with SA_RESTART once more; poll is never restarted.
# expect-status: 42
.include "guest.inc"
.data
pair:  .quad 0
timer: .quad 0, 0, 0, 20000
fds:   .quad 0
byte_: .quad 0
.text
_start:
    lea rdi, [rip + pair]
    call_linux 22, rdi
    mov r12d, [rip + pair]
    mov r13d, [rip + pair + 4]
    lea r14, [rip + timer]
    handle SIGALRM, nothing
    call_linux 38, 0, r14, 0
    lea rsi, [rip + byte_]
    call_linux 0, r12, rsi, 1
    mov rbx, rax
    expect rbx, -4
    expect [rip + count], 1
    handle SIGALRM, writes, 0x10000000
    call_linux 38, 0, r14, 0
    lea rsi, [rip + byte_]
    call_linux 0, r12, rsi, 1
    mov rbx, rax
    expect rbx, 1
    expect [rip + byte_], 'k'
    handle SIGALRM, nothing, 0x10000000
    call_linux 38, 0, r14, 0
    mov [rip + fds], r12d
    mov dword ptr [rip + fds + 4], 1
    lea rdi, [rip + fds]
    call_linux 7, rdi, 1, 5000
    mov rbx, rax
    expect rbx, -4
    # A poll that times out; one that is ready; a closed writer.
    lea rdi, [rip + fds]
    call_linux 7, rdi, 1, 10
    mov rbx, rax
    expect rbx, 0
    lea rsi, [rip + byte_]
    call_linux 1, r13, rsi, 3
    lea rdi, [rip + fds]
    call_linux 7, rdi, 1, -1
    movzx ebx, word ptr [rip + fds + 6]
    expect rbx, 1
    call_linux 3, r13
    lea rdi, [rip + fds]
    call_linux 7, rdi, 1, -1
    movzx ebx, word ptr [rip + fds + 6]
    expect rbx, 0x11
    lea rsi, [rip + byte_]
    call_linux 0, r12, rsi, 8
    mov rbx, rax
    expect rbx, 3
    lea rsi, [rip + byte_]
    call_linux 0, r12, rsi, 8
    mov rbx, rax
    expect rbx, 0
    pass
nothing:
    inc qword ptr [rip + count]
    ret
writes:
    lea rsi, [rip + letter]
    call_linux 1, r13, rsi, 1
    ret
.data
count:  .quad 0
letter: .ascii "k"
