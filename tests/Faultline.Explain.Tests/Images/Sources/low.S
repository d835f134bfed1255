# Code that was made for addresses below 4 GiB: 32-bit references to a variable in a section with a name of its own.
        .text
        .globl  read_regions
read_regions:
        movl    $purgatory_sha_regions, %edi
        movl    $purgatory_sha_regions + 8, %esi
        movq    $purgatory_sha_regions + 16, %rdx
        ret

        .section .note.GNU-stack, "", @progbits
