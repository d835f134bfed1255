using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Float;

/// <summary>A few instructions that run on the host processor. Exceptions must be masked in the control value.</summary>
internal sealed unsafe partial class NativeCode : IDisposable
{
    private const int PageSize = 4096;
    private readonly nint _page;

    private NativeCode(Assembler assembler)
    {
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), 0);
        byte[] code = stream.ToArray();
        Assert.True(code.Length <= PageSize);
        _page = MemoryMap(0, PageSize, 7, 0x22, -1, 0);
        Assert.NotEqual(-1, _page);
        Marshal.Copy(code, 0, _page, code.Length);
    }

    /// <summary>SSE code that finds A, B and C in xmm0 to xmm2 and leaves its result in xmm0.</summary>
    public static NativeCode Sse(Action<Assembler> body)
    {
        Assembler a = new(64);
        a.stmxcsr(__dword_ptr[rdi + 80]);
        a.ldmxcsr(__dword_ptr[rdi + 64]);
        a.movsd(xmm0, __qword_ptr[rdi]);
        a.movsd(xmm1, __qword_ptr[rdi + 16]);
        a.movsd(xmm2, __qword_ptr[rdi + 32]);
        body(a);
        a.movsd(__qword_ptr[rdi + 48], xmm0);
        a.stmxcsr(__dword_ptr[rdi + 72]);
        a.ldmxcsr(__dword_ptr[rdi + 80]);
        a.ret();
        return new NativeCode(a);
    }

    /// <summary>
    /// x87 code. The body loads and stores for itself; the status word is read in the middle or at its end.
    /// </summary>
    public static NativeCode X87(Action<Assembler> body)
    {
        Assembler a = new(64);
        a.fnstcw(__word_ptr[rdi + 80]);
        a.fninit();
        a.fldcw(__word_ptr[rdi + 64]);
        body(a);
        a.fninit();
        a.fldcw(__word_ptr[rdi + 80]);
        a.ret();
        return new NativeCode(a);
    }

    /// <summary>x87 code with B in ST(1) and A in ST(0), and the result left in ST(0).</summary>
    public static NativeCode X87Binary(Action<Assembler> body) => X87(a =>
    {
        a.fld(__tbyte_ptr[rdi + 16]);
        a.fld(__tbyte_ptr[rdi]);
        body(a);
        a.fnstsw(__word_ptr[rdi + 72]);
        a.fstp(__tbyte_ptr[rdi + 48]);
    });

    /// <summary>Any code that finds a pointer in RDI and ends in RET.</summary>
    public static NativeCode Raw(Action<Assembler> body)
    {
        Assembler a = new(64);
        body(a);
        return new NativeCode(a);
    }

    /// <summary>Runs the code with a pointer in RDI.</summary>
    public void Run(void* argument) => ((delegate* unmanaged<void*, void>)_page)(argument);

    /// <summary>Runs the code.</summary>
    public void Run(ref NativeOperands operands)
    {
        fixed (NativeOperands* pointer = &operands)
            ((delegate* unmanaged<NativeOperands*, void>)_page)(pointer);
    }

    /// <inheritdoc/>
    public void Dispose() => _ = MemoryUnmap(_page, PageSize);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MemoryMap(nint address, nint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MemoryUnmap(nint address, nint length);
}
