# Functions laid out as a kernel with kCFI and call padding has them, and three that are not.
        .macro  hashed name
        .balign 16
        .type   __cfi_\name, @function
__cfi_\name:
        movl    $0x12345678, %eax
        .fill   11, 1, 0x90
        .size   __cfi_\name, . - __cfi_\name
        .globl  \name
        .type   \name, @function
\name:
        endbr64
        call    __fentry__
        xorl    %eax, %eax
        ret
        .size   \name, . - \name
        .section __mcount_loc, "a"
        .quad   \name + 4
        .text
        .endm

        .text
        .globl  __fentry__
        .type   __fentry__, @function
        .balign 16
        .fill   16, 1, 0x90
__fentry__:
        ret
        .size   __fentry__, . - __fentry__
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39
        hashed  good\n
        .endr

#ifdef BROKEN
# Its preamble is whole, but it is at an address that is 4 more than a multiple of 16.
        .balign 16
        .fill   4, 1, 0xcc
        .type   __cfi_misaligned, @function
__cfi_misaligned:
        movl    $0x12345678, %eax
        .fill   11, 1, 0x90
        .size   __cfi_misaligned, . - __cfi_misaligned
        .globl  misaligned
        .type   misaligned, @function
misaligned:
        ret
        .size   misaligned, . - misaligned

# Only the hash: what FineIBT writes before it would destroy the end of the function above it.
        .balign 16
        .globl  neighbour
        .type   neighbour, @function
        .fill   16, 1, 0x90
neighbour:
        xorl    %eax, %eax
        jmp     good0
        .size   neighbour, . - neighbour
        .type   __cfi_short, @function
__cfi_short:
        movl    $0x12345678, %eax
        .size   __cfi_short, . - __cfi_short
        .globl  short
        .type   short, @function
short:
        ret
        .size   short, . - short

# No preamble at all, and a place for ftrace that holds an ordinary instruction.
        .globl  bare
        .type   bare, @function
bare:
        movl    $1, %ecx
        ret
        .size   bare, . - bare
        .section __mcount_loc, "a"
        .quad   bare
        .text
#endif
        .globl  _start
_start:
        ret
        .section .note.GNU-stack, "", @progbits
