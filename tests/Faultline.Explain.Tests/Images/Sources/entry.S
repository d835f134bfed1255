# The first code of a small purgatory, which assemblers put into .text whatever the code model.
        .text
        .globl  purgatory_start
        .balign 16
purgatory_start:
        leaq    stack_end(%rip), %rsp
        call    verify_regions
        movq    entry64_regs(%rip), %rax
        movq    entry64_regs + 128(%rip), %rdx
        jmp     *%rdx
        .size   purgatory_start, . - purgatory_start

        .data
        .balign 8
        .globl  entry64_regs
        .type   entry64_regs, @object
entry64_regs:
        .fill   17, 8, 0
        .size   entry64_regs, . - entry64_regs

        .bss
        .balign 4096
stack:
        .skip   4096
        .globl  stack_end
stack_end:

        .section .note.GNU-stack, "", @progbits
