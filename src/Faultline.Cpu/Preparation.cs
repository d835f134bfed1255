using Faultline.Cpu.Interpreter;
using Faultline.Cpu.State;
using Faultline.Memory;

namespace Faultline.Cpu;

/// <summary>
/// Has the runtime load what every program needs of the processor before the first program needs it. The runtime loads a method when it is first called, and a processor that
/// starts is a thousand of them: with a second host processor that can happen while the command line is read and the kernel made (docs/decisions/start-up.md).
/// </summary>
internal static unsafe class Preparation
{
    private const ulong CodeStart = 0x10000;
    private const ulong StackTop = 0x30000;

    /// <summary>The instructions that the dynamic linker and the C library begin with, most of all; none of the conditional jumps goes anywhere else than on.</summary>
    private static ReadOnlySpan<byte> Code =>
    [
        0xe8, 0x00, 0x00, 0x00, 0x00, // call .+5
        0x5b, // pop rbx
        0x55, // push rbp
        0x48, 0x89, 0xe5, // mov rbp,rsp
        0x48, 0x83, 0xec, 0x40, // sub rsp,0x40
        0x48, 0x8d, 0x7c, 0x24, 0x08, // lea rdi,[rsp+0x8]
        0x48, 0x89, 0xfe, // mov rsi,rdi
        0x48, 0x89, 0x37, // mov QWORD [rdi],rsi
        0x48, 0x8b, 0x07, // mov rax,QWORD [rdi]
        0x89, 0x47, 0x08, // mov DWORD [rdi+0x8],eax
        0x8b, 0x4f, 0x08, // mov ecx,DWORD [rdi+0x8]
        0xc6, 0x47, 0x10, 0x01, // mov BYTE [rdi+0x10],0x1
        0x48, 0xc7, 0x47, 0x18, 0x02, 0x00, 0x00, 0x00, // mov QWORD [rdi+0x18],0x2
        0xc7, 0x47, 0x18, 0x02, 0x00, 0x00, 0x00, // mov DWORD [rdi+0x18],0x2
        0x0f, 0xb6, 0x57, 0x10, // movzx edx,BYTE [rdi+0x10]
        0x44, 0x0f, 0xb6, 0xc2, // movzx r8d,dl
        0x44, 0x0f, 0xb7, 0x4f, 0x10, // movzx r9d,WORD [rdi+0x10]
        0x4c, 0x63, 0x57, 0x08, // movsxd r10,DWORD [rdi+0x8]
        0x88, 0x57, 0x11, // mov BYTE [rdi+0x11],dl
        0x31, 0xc0, // xor eax,eax
        0x41, 0xbb, 0x03, 0x00, 0x00, 0x00, // mov r11d,0x3
        0x48, 0x85, 0xc0, // test rax,rax
        0x75, 0x00, // jne .+2
        0x84, 0xc0, // test al,al
        0x74, 0x00, // je .+2
        0x48, 0x39, 0xd0, // cmp rax,rdx
        0x72, 0x00, // jb .+2
        0x83, 0xf9, 0x05, // cmp ecx,0x5
        0x77, 0x00, // ja .+2
        0x48, 0x83, 0x3f, 0x00, // cmp QWORD [rdi],0x0
        0x74, 0x00, // je .+2
        0x80, 0x7f, 0x10, 0x00, // cmp BYTE [rdi+0x10],0x0
        0x75, 0x00, // jne .+2
        0x48, 0x3b, 0x07, // cmp rax,QWORD [rdi]
        0x74, 0x00, // je .+2
        0xf6, 0x47, 0x10, 0x04, // test BYTE [rdi+0x10],0x4
        0x74, 0x00, // je .+2
        0x39, 0xca, // cmp edx,ecx
        0x7e, 0x00, // jle .+2
        0x48, 0x83, 0xc0, 0x08, // add rax,0x8
        0x48, 0x01, 0xd0, // add rax,rdx
        0x48, 0x03, 0x47, 0x18, // add rax,QWORD [rdi+0x18]
        0x48, 0x29, 0xc1, // sub rcx,rax
        0x83, 0xe0, 0x0f, // and eax,0xf
        0x48, 0x83, 0xe2, 0xf8, // and rdx,0xfffffffffffffff8
        0x09, 0xd0, // or eax,edx
        0x48, 0xc1, 0xe0, 0x05, // shl rax,0x5
        0x48, 0xc1, 0xe9, 0x03, // shr rcx,0x3
        0xd1, 0xe9, // shr ecx,1
        0xc1, 0xfa, 0x02, // sar edx,0x2
        0x48, 0x0f, 0xaf, 0xd0, // imul rdx,rax
        0x48, 0xf7, 0xd8, // neg rax
        0xf7, 0xd1, // not ecx
        0x48, 0x0f, 0xa3, 0xca, // bt rdx,rcx
        0x72, 0x00, // jb .+2
        0x48, 0x0f, 0x45, 0xc2, // cmovne rax,rdx
        0x0f, 0x94, 0xc0, // sete al
        0xff, 0xc9, // dec ecx
        0x0f, 0x10, 0x04, 0x24, // movups xmm0,XMMWORD [rsp]
        0x0f, 0x11, 0x04, 0x24, // movups XMMWORD [rsp],xmm0
        0x66, 0x0f, 0xef, 0xc9, // pxor xmm1,xmm1
        0x66, 0x0f, 0x74, 0xc1, // pcmpeqb xmm0,xmm1
        0x66, 0x0f, 0xd7, 0xc0, // pmovmskb eax,xmm0
        0x66, 0x48, 0x0f, 0x6e, 0xd0, // movq xmm2,rax
        0x66, 0x0f, 0x6c, 0xd2, // punpcklqdq xmm2,xmm2
        0x0f, 0x28, 0xda, // movaps xmm3,xmm2
        0xeb, 0x00, // jmp .+2
        0x31, 0xd2, // xor edx,edx
        0xb9, 0x07, 0x00, 0x00, 0x00, // mov ecx,0x7
        0x48, 0xf7, 0xf1, // div rcx
        0xb9, 0x02, 0x00, 0x00, 0x00, // mov ecx,0x2
        0xf3, 0x48, 0xab, // rep stos QWORD es:[rdi],rax
        0xc9, // leave
        0xc3, // ret
        0x0f, 0x05, // syscall
    ];

    /// <summary>Starts it on a thread of its own, where that gains something. It ends by itself, soon.</summary>
    public static void Start()
    {
        if (Environment.ProcessorCount > 1)
            new Thread(() => _ = RunOnce()) { IsBackground = true, Name = "preparation" }.Start();
    }

    /// <summary>Runs a few instructions on a processor that nobody has asked for.</summary>
    /// <returns>Why it came back.</returns>
    public static ExitReason RunOnce()
    {
        using FramePool frames = new();
        using AddressSpace memory = new(frames);
        memory.Map(new Mapping { Start = CodeStart, End = CodeStart + GuestPage.Size, Protection = PageProtection.Read | PageProtection.Execute | PageProtection.Write });
        memory.Map(new Mapping { Start = StackTop - GuestPage.Size, End = StackTop, Protection = PageProtection.Read | PageProtection.Write });
        _ = memory.Write(CodeStart, Code, out _);
        ulong last = CodeStart + (ulong)Code.Length - 2;
        _ = memory.Write(StackTop - sizeof(ulong), BitConverter.GetBytes(last), out _);
        using Processor processor = new(memory, CpuModel.Default);
        processor.State->Rip = CodeStart;
        processor.State->Gpr[4] = StackTop - sizeof(ulong);
        ExitReason reason = processor.Run();
        DecodedBlocks.ForgetOne();
        return reason;
    }
}
