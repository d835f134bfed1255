using System.Runtime.InteropServices;
using Faultline.Cpu.State;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.VectorFloat;

/// <summary>
/// One SSE instruction run twice on the same operands, by the host processor and by <see cref="Processor"/>: xmm0 and xmm1, mm0 and mm1, RAX, MXCSR and
/// the status flags in; xmm0, mm0, RAX, MXCSR and flags out.
/// </summary>
internal sealed unsafe partial class VectorNative : IDisposable
{
    private const int PageSize = 4096;
    private readonly nint _page;
    private readonly GuestCode _guest = new();
    private readonly string _name;

    public VectorNative(string name, Action<Assembler> instruction)
    {
        _name = name;
        Assembler a = new(64);
        a.stmxcsr(__dword_ptr[rdi + 120]);
        a.movdqu(xmm0, __xmmword_ptr[rdi]);
        a.movdqu(xmm1, __xmmword_ptr[rdi + 16]);
        a.movq(mm0, __qword_ptr[rdi]);
        a.movq(mm1, __qword_ptr[rdi + 16]);
        a.mov(rax, __qword_ptr[rdi + 24]);
        a.ldmxcsr(__dword_ptr[rdi + 32]);
        instruction(a);
        a.stmxcsr(__dword_ptr[rdi + 36]);
        a.pushfq();
        a.pop(__qword_ptr[rdi + 40]);
        a.ldmxcsr(__dword_ptr[rdi + 120]);
        a.mov(__qword_ptr[rdi + 48], rax);
        a.movq(__qword_ptr[rdi + 56], mm0);
        a.emms();
        a.movdqu(__xmmword_ptr[rdi + 64], xmm0);
        a.ret();
        using MemoryStream stream = new();
        a.Assemble(new StreamCodeWriter(stream), 0);
        byte[] code = stream.ToArray();
        _page = MemoryMap(0, PageSize, 7, 0x22, -1, 0);
        Assert.NotEqual(-1, _page);
        Marshal.Copy(code, 0, _page, code.Length);
        _guest.Assemble(instruction);
    }

    /// <summary>Compares one case; every exception must be masked in <paramref name="mxcsr"/>.</summary>
    public void Check(ulong a0, ulong a1, ulong b0, ulong b1, uint mxcsr)
    {
        ulong* block = stackalloc ulong[16];
        block[0] = a0;
        block[1] = a1;
        block[2] = b0;
        block[3] = b1;
        block[4] = mxcsr;
        ((delegate* unmanaged<ulong*, void>)_page)(block);
        uint mxcsrHost = (uint)(block[4] >> 32);

        CpuState* s = _guest.State;
        s->Rip = GuestCode.CodeStart;
        ulong* xmm = s->Vectors;
        xmm[0] = a0;
        xmm[1] = a1;
        xmm[8] = b0;
        xmm[9] = b1;
        s->X87Registers[0] = a0;
        s->X87Registers[2] = b0;
        s->Gpr[0] = b1;
        s->Mxcsr = mxcsr;
        Flags.SetStatus(s, 0x44);
        ExitReason reason = _guest.Processor.Run();
        bool compares = _name.Contains("comi", StringComparison.Ordinal);
        uint flags = Flags.Materialize(s) & Rflags.Status;
        bool same = reason == ExitReason.SystemCall && xmm[0] == block[8] && xmm[1] == block[9] && s->Gpr[0] == block[6] && s->X87Registers[0] == block[7]
            && s->Mxcsr == mxcsrHost && (!compares || flags == ((uint)block[5] & Rflags.Status));
        Assert.True(
            same,
            $"{_name} {a1:X16}_{a0:X16}, {b1:X16}_{b0:X16} MXCSR {mxcsr:X4}: host {block[9]:X16}_{block[8]:X16} rax {block[6]:X} mm0 {block[7]:X} MXCSR {mxcsrHost:X4} "
            + $"flags {block[5] & Rflags.Status:X}; Faultline {reason} {xmm[1]:X16}_{xmm[0]:X16} rax {s->Gpr[0]:X} mm0 {s->X87Registers[0]:X} MXCSR {s->Mxcsr:X4} flags {flags:X}");
    }

    public void Dispose()
    {
        _ = MemoryUnmap(_page, PageSize);
        _guest.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MemoryMap(nint address, nint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MemoryUnmap(nint address, nint length);
}
