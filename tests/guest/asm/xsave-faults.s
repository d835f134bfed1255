# XSAVE and XRSTOR: what is #GP, what is left alone, and XGETBV. XSAVEC's rules are tested where CPUID has it.
# expect-status: 42
.include "guest.inc"
.data
.balign 64
area: .fill 1024, 1, 0
.balign 64
clean: .fill 1024, 1, 0
expected_faults: .quad 0
after_fault: .quad 0
.text
# Runs one instruction that must be #GP: SIGSEGV from the kernel at it, and execution goes on behind it.
.macro expect_gp instruction:vararg
    mov qword ptr [rip + expected_faults], 0
    lea rcx, [rip + 9902f]
    mov [rip + after_fault], rcx
    mov eax, 7
    xor edx, edx
    \instruction
9902:
    expect [rip + expected_faults], 1
.endm

# An empty image with MXCSR's initial value.
.macro fresh
    lea rdi, [rip + area]
    xor eax, eax
    mov ecx, 128
    rep stosq
    lea rbx, [rip + area]
    mov dword ptr [rbx + 24], 0x1f80
.endm

_start:
    handle SIGSEGV, on_fault
    # Without OSXSAVE there is nothing to test.
    mov eax, 1
    cpuid
    bt ecx, 27
    jnc done
    mov r12d, ecx
    xor ecx, ecx
    xgetbv
    mov r13d, eax
    mov rbx, r13
    and ebx, 3
    expect rbx, 3
    # XCR0 has AVX exactly when CPUID has it.
    mov ebx, r13d
    shr ebx, 2
    mov ecx, r12d
    shr ecx, 28
    xor ebx, ecx
    and ebx, 1
    expect rbx, 0
    # There is no XCR2.
    mov ecx, 2
    lea rbx, [rip + 1f]
    mov [rip + after_fault], rbx
    xgetbv
1:  expect [rip + expected_faults], 1

    # Alignment to 64.
    fresh
    add rbx, 16
    expect_gp xsave [rbx]
    expect_gp xrstor [rbx]
    add rbx, 16
    expect_gp xsave64 [rbx]
    # Nothing was written.
    expect [rip + area + 16], 0

    # A component that XCR0 lacks.
    fresh
    mov byte ptr [rbx + 519], 0x40
    expect_gp xrstor [rbx]
    # Bytes 8 to 23 of the header in standard format.
    fresh
    mov byte ptr [rbx + 520], 1
    expect_gp xrstor [rbx]
    fresh
    mov byte ptr [rbx + 530], 1
    expect_gp xrstor [rbx]
    # Reserved bits of MXCSR.
    fresh
    mov dword ptr [rbx + 24], 0x01001f80
    mov byte ptr [rbx + 512], 2
    expect_gp xrstor [rbx]
    # They are read for the vector components only.
    mov eax, 1
    xor edx, edx
    xrstor [rbx]
    # MXCSR is loaded with the SSE component or AVX's even when the image lacks both.
    fresh
    mov dword ptr [rbx + 24], 0x1fc0
    mov eax, 2
    xor edx, edx
    xrstor [rbx]
    stmxcsr [rip + clean]
    mov ebx, [rip + clean]
    expect rbx, 0x1fc0
    # XSAVE with an empty RFBM writes the header alone, and keeps its bits.
    fresh
    lea rdi, [rbx + 512]
    mov eax, 0
    mov byte ptr [rdi], 3
    xor edx, edx
    mov dword ptr [rbx + 24], 0x5a5a5a5a
    xsave [rbx]
    expect [rip + area + 512], 3
    mov ebx, [rip + area + 24]
    expect rbx, 0x5a5a5a5a

    # XSAVEC, XGETBV(1): CPUID.(0Dh,1):EAX.
    mov eax, 0xd
    mov ecx, 1
    cpuid
    and eax, 6
    cmp eax, 6
    jne done
    # MXCSR off its initial value counts as SSE state in use.
    mov ecx, 1
    xgetbv
    mov ebx, eax
    and ebx, 2
    expect rbx, 2
    fresh
    expect_gp xsavec [rbx + 32]
    fresh
    mov eax, 1
    xor edx, edx
    fld1
    xsavec [rbx]
    expect [rip + area + 512], 1
    mov rax, 0x8000000000000001
    cmp [rbx + 520], rax
    setne cl
    movzx ebx, cl
    expect rbx, 0
    fninit
    mov eax, 1
    xor edx, edx
    xrstor [rip + area]
    fstp qword ptr [rip + clean]
    expect [rip + clean], 0x3ff0000000000000
    # A compacted image: a component that its list lacks, one that XCR0 lacks, a header that is not clean.
    fresh
    mov byte ptr [rbx + 512], 2
    mov byte ptr [rbx + 520], 1
    mov byte ptr [rbx + 527], 0x80
    expect_gp xrstor [rbx]
    mov byte ptr [rbx + 512], 1
    mov byte ptr [rbx + 527], 0xc0
    expect_gp xrstor [rbx]
    mov byte ptr [rbx + 527], 0x80
    mov byte ptr [rbx + 528], 1
    expect_gp xrstor [rbx]
    mov byte ptr [rbx + 528], 0
    mov byte ptr [rbx + 575], 1
    expect_gp xrstor [rbx]
    # In compacted format an absent SSE component puts MXCSR back.
    mov byte ptr [rbx + 575], 0
    mov byte ptr [rbx + 512], 0
    mov byte ptr [rbx + 520], 3
    mov dword ptr [rbx + 24], 0x1fc0
    mov eax, 2
    xor edx, edx
    xrstor [rbx]
    stmxcsr [rip + clean]
    mov ebx, [rip + clean]
    expect rbx, 0x1f80
done:
    pass

on_fault:
    inc qword ptr [rip + expected_faults]
    # A general protection fault has no address.
    mov eax, [rsi + SI_CODE]
    cmp eax, 0x80
    jne wrong
    mov rax, [rip + after_fault]
    mov [rdx + UC_RIP], rax
    ret
wrong:
    not_reached
