# x87: FPREM in steps, precision control, stack faults and their condition bits, FSAVE and FRSTOR.
# expect-status: 42
.include "guest.inc"
.data
.balign 16
number_huge:   .double 1e30
number_three:  .double 3.0
number_one:    .double 1.0
word_cell:   .quad 0
real: .fill 4, 4, 0
fsave_image:  .fill 128, 1, 0
control_single: .word 0x007f
control_double: .word 0x027f
.text
_start:
    fninit
    # FPREM reduces by at most 63 binary digits at once: C2 says that there is more.
    fld qword ptr [rip + number_three]
    fld qword ptr [rip + number_huge]
    xor ebx, ebx
1:  fprem
    inc ebx
    fnstsw ax
    test ah, 4
    jnz 1b
    expect rbx, 2
    fstp qword ptr [rip + word_cell]
    expect [rip + word_cell], 0x3ff0000000000000
    fstp st(0)
    # The quotient's low bits: 8 / 3 = 2 rest 2, C0 C3 C1 = bits 2, 1 and 0.
    fld qword ptr [rip + number_three]
    fld1
    fadd st(0), st(0)
    fadd st(0), st(0)
    fadd st(0), st(0)
    fprem
    fnstsw ax
    and eax, 0x4700
    mov ebx, eax
    expect rbx, 0x4000
    fninit
    # 1/3 with 24, 53 and 64 bits.
    fldcw [rip + control_single]
    fld1
    fdiv qword ptr [rip + number_three]
    fstp tbyte ptr [rip + real]
    expect [rip + real], 0xaaaaab0000000000
    fldcw [rip + control_double]
    fld1
    fdiv qword ptr [rip + number_three]
    fstp tbyte ptr [rip + real]
    expect [rip + real], 0xaaaaaaaaaaaaa800
    fninit
    fld1
    fdiv qword ptr [rip + number_three]
    fstp tbyte ptr [rip + real]
    expect [rip + real], 0xaaaaaaaaaaaaaaab
    # Underflow of the stack: IE and SF, C1 clear, a default NaN.
    fninit
    fadd st(0), st(1)
    fnstsw ax
    and eax, 0x027f
    mov ebx, eax
    expect rbx, 0x41
    # Overflow: C1 set.
    fninit
    .rept 9
    fld1
    .endr
    fnstsw ax
    and eax, 0x027f
    mov ebx, eax
    expect rbx, 0x241
    fstp tbyte ptr [rip + real]
    expect [rip + real], 0xc000000000000000
    # FSAVE stores and initializes; FRSTOR brings it back.
    fninit
    fldpi
    fldcw [rip + control_double]
    fnsave [rip + fsave_image]
    fnstcw [rip + word_cell]
    movzx ebx, word ptr [rip + word_cell]
    expect rbx, 0x37f
    movzx ebx, word ptr [rip + fsave_image]
    expect rbx, 0x27f
    movzx ebx, word ptr [rip + fsave_image + 8]
    expect rbx, 0x3fff
    expect [rip + fsave_image + 28], 0xc90fdaa22168c235
    frstor [rip + fsave_image]
    fstp tbyte ptr [rip + real]
    expect [rip + real], 0xc90fdaa22168c235
    # MMX uses the mantissas and marks them as used: MM7 looks like an infinity or a NaN.
    fninit
    mov rax, 0x0102030405060708
    movq mm7, rax
    fnsave [rip + fsave_image]
    movzx ebx, word ptr [rip + fsave_image + 8]
    shr ebx, 14
    expect rbx, 2
    expect [rip + fsave_image + 28 + 70], 0x0102030405060708
    pass
