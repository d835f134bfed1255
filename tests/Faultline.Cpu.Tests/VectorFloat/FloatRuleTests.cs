using Faultline.Cpu.Semantics.Vector;
using Faultline.Cpu.State;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.VectorFloat;

/// <summary>What needs no host: exceptions that are not masked, memory operands, MMX state, the fast path's edges, approximations.</summary>
public sealed unsafe class FloatRuleTests
{
    private const uint One = 0x3F800000;
    private const uint Three = 0x40400000;
    private const uint Largest = 0x7F7FFFFF;
    private const uint Smallest = 0x00800000;
    private const uint Signaling = 0x7F800001;
    private const uint Denormal = 1;

    /// <summary>
    /// DIVPS with PE, ZE and OE and one more in its four elements. Values as a Zen 4 leaves them: an unmasked IE, DE or ZE hides the flags of results.
    /// </summary>
    [Theory]
    [InlineData(Signaling, 0x1F80u, 0x1FADu, false)]
    [InlineData(Signaling, 0x1F00u, 0x1F05u, true)]
    [InlineData(Signaling, 0x1D80u, 0x1D85u, true)]
    [InlineData(Signaling, 0x1B80u, 0x1BADu, true)]
    [InlineData(Signaling, 0x0F80u, 0x0FADu, true)]
    [InlineData(Signaling, 0x0000u, 0x0005u, true)]
    [InlineData(Signaling, 0x1E80u, 0x1EADu, false)]
    [InlineData(One, 0x1F80u, 0x1FAEu, false)]
    [InlineData(One, 0x1F00u, 0x1F2Eu, false)]
    [InlineData(One, 0x1D80u, 0x1D86u, true)]
    [InlineData(One, 0x1E80u, 0x1E86u, true)]
    [InlineData(One, 0x1B80u, 0x1BAEu, true)]
    public void PackedExceptions(uint last, uint mxcsr, uint after, bool faults)
    {
        using GuestCode guest = new();
        guest.Assemble(a => a.divps(xmm0, xmm1));
        SetSingles(guest.State, 0, One, One, Largest, last);
        SetSingles(guest.State, 1, Three, 0, Smallest, Denormal);
        Expect(guest, mxcsr, after, faults);
    }

    /// <summary>DPPS raises after each of its stages: products, sums of neighbours, their sum (observed on a Zen 4).</summary>
    [Theory]
    [InlineData(0x1F80u, 0x1FA9u, false)]
    [InlineData(0x1B80u, 0x1BA8u, true)]
    [InlineData(0x1F00u, 0x1F29u, true)]
    [InlineData(0x0F80u, 0x0FA8u, true)]
    public void DotProductStages(uint mxcsr, uint after, bool faults)
    {
        using GuestCode guest = new();
        guest.Assemble(a => a.dpps(xmm0, xmm1, 0xFF));
        SetSingles(guest.State, 0, Largest, Largest, 0x3F800001, One);
        SetSingles(guest.State, 1, Largest, Largest | (1U << 31), 0x3F800001, One);
        Expect(guest, mxcsr, after, faults);
    }

    /// <summary>An unmasked exception leaves destination and status flags alone.</summary>
    [Fact]
    public void FaultChangesNothing()
    {
        using GuestCode guest = new();
        CpuState* s = guest.State;
        SetSingles(s, 0, Signaling, 2, 3, 4);
        s->Mxcsr = 0x1F00;
        s->Gpr[0] = 0x123456789;
        Flags.SetStatus(s, Rflags.OF | Rflags.ZF);
        foreach (Action<Assembler> instruction in (Action<Assembler>[])[a => a.comiss(xmm0, xmm1), a => a.cvtss2si(eax, xmm0), a => a.addss(xmm0, xmm1), a => a.cmpps(xmm0, xmm1, 1)])
        {
            guest.Assemble(instruction);
            Assert.Equal(ExitReason.SimdFloatingPoint, guest.Processor.Run());
            Assert.Equal(GuestCode.CodeStart, s->Rip);
            Assert.Equal(Signaling, (uint)s->Vectors[0]);
            Assert.Equal(0x123456789UL, s->Gpr[0]);
            Assert.Equal(Rflags.OF | Rflags.ZF, Flags.Materialize(s) & Rflags.Status);
        }
    }

    /// <summary>Memory operands have the width of the elements read, and only 16-byte ones must be aligned.</summary>
    [Fact]
    public void MemoryOperands()
    {
        using GuestCode guest = new();
        CpuState* s = guest.State;
        byte[] data = new byte[32];
        BitConverter.TryWriteBytes(data.AsSpan(0), 2.5);
        BitConverter.TryWriteBytes(data.AsSpan(8), -1.5f);
        BitConverter.TryWriteBytes(data.AsSpan(16), 7L);
        // The last bytes of the mapping, so that a wider load would fault.
        ulong end = GuestCode.DataStart + 0x10000;
        guest.Memory.Write(end - 8, data.AsSpan(0, 8), out _);
        guest.Memory.Write(end - 12, data.AsSpan(8, 4), out _);
        s->Gpr[3] = end;
        guest.Run(a =>
        {
            a.cvtsd2si(rax, __qword_ptr[rbx - 8]);
            a.addsd(xmm0, __qword_ptr[rbx - 8]);
            a.sqrtsd(xmm1, __qword_ptr[rbx - 8]);
            a.cvtss2sd(xmm2, __dword_ptr[rbx - 12]);
            a.ucomisd(xmm0, __qword_ptr[rbx - 8]);
            a.roundsd(xmm3, __qword_ptr[rbx - 8], 9);
            a.cvtsi2sd(xmm4, __dword_ptr[rbx - 4]);
            a.cvtps2pd(xmm5, __qword_ptr[rbx - 8]);
            a.cvttss2si(edx, __dword_ptr[rbx - 12]);
        });
        Assert.Equal(2UL, s->Gpr[0]);
        Assert.Equal(2.5, Double(s, 0));
        Assert.Equal(Math.Sqrt(2.5), Double(s, 1));
        Assert.Equal(-1.5, Double(s, 2));
        Assert.True(Flags.Zero(s));
        Assert.Equal(2.0, Double(s, 3));
        Assert.Equal((double)0x40040000, Double(s, 4));
        Assert.Equal((double)BitConverter.Int32BitsToSingle(0x40040000), BitConverter.UInt64BitsToDouble(s->Vectors[5 * 8 + 1]));
        Assert.Equal(0xFFFFFFFFUL, s->Gpr[2]);

        foreach (Action<Assembler> instruction in (Action<Assembler>[])[
            a => a.addps(xmm0, __xmmword_ptr[rbx - 24]), a => a.cvtpd2pi(mm0, __xmmword_ptr[rbx - 24]), a => a.sqrtpd(xmm0, __xmmword_ptr[rbx - 24]), a => a.cmppd(xmm0, __xmmword_ptr[rbx - 24], 0)])
        {
            guest.Assemble(instruction);
            Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        }
    }

    /// <summary>MMX registers as operands enter MMX state; an integer source in memory does not. A pending x87 exception comes first.</summary>
    [Fact]
    public void MmxState()
    {
        using GuestCode guest = new();
        CpuState* s = guest.State;
        s->Gpr[3] = GuestCode.DataStart;
        foreach ((Action<Assembler> instruction, bool enters) in ((Action<Assembler>, bool)[])[
            (a => a.cvtpi2ps(xmm0, mm1), true), (a => a.cvtpi2pd(xmm0, mm1), true), (a => a.cvtps2pi(mm1, xmm0), true), (a => a.cvttpd2pi(mm1, xmm0), true),
            (a => a.cvttps2pi(mm1, __qword_ptr[rbx]), true), (a => a.cvtpi2ps(xmm0, __qword_ptr[rbx]), false), (a => a.cvtpi2pd(xmm0, __qword_ptr[rbx]), false)])
        {
            s->X87Top = 5;
            s->X87Tag = 0xE0;
            guest.Run(instruction);
            Assert.Equal(enters ? 0 : 5, s->X87Top);
            Assert.Equal(enters ? 0xFF : 0xE0, s->X87Tag);
        }

        s->X87Control = 0x37E;
        s->X87Status = 0x81;
        guest.Assemble(a => a.cvtps2pi(mm1, xmm0));
        Assert.Equal(ExitReason.FloatingPoint, guest.Processor.Run());
    }

    /// <summary>The documented bound of the approximations, 1.5 * 2^-12, over every step; and values of a Zen 4.</summary>
    [Fact]
    public void Approximations()
    {
        const double bound = 1.5 / 4096;
        for (uint x = 0x3F800000; x < 0x40800000; x += 0x155)
        {
            double value = BitConverter.UInt32BitsToSingle(x);
            Assert.InRange(BitConverter.UInt32BitsToSingle(FloatApproximate.Reciprocal(x)) * value, 1 - bound, 1 + bound);
            Assert.InRange(BitConverter.UInt32BitsToSingle(FloatApproximate.ReciprocalRoot(x)) * Math.Sqrt(value), 1 - bound, 1 + bound);
        }

        foreach ((uint x, uint reciprocal, uint root) in ((uint, uint, uint)[])[
            (0, 0x7F800000, 0x7F800000), (0x80000001, 0xFF800000, 0xFF800000), (0x00800000, 0x7E7FF000, 0x5EFFF800), (0x7E800000, 0, 0x1FFFF800),
            (0x7F7FFFFF, 0, 0x1F800000), (0x7F800000, 0, 0), (0xFF800000, 0x80000000, 0xFFC00000), (0x7F800001, 0x7FC00001, 0x7FC00001), (0xBF800000, 0xBF7FF000, 0xFFC00000),
            (0x40000000, 0x3EFFF000, 0x3F350000), (0x3F9F5000, 0x3F4DA800, FloatApproximate.ReciprocalRoot(0x3F9F5000))])
        {
            Assert.Equal(reciprocal, FloatApproximate.Reciprocal(x));
            Assert.Equal(root, FloatApproximate.ReciprocalRoot(x));
        }
    }

    private static void Expect(GuestCode guest, uint mxcsr, uint after, bool faults)
    {
        ulong before = guest.State->Vectors[0];
        guest.State->Mxcsr = mxcsr;
        Assert.Equal(faults ? ExitReason.SimdFloatingPoint : ExitReason.SystemCall, guest.Processor.Run());
        Assert.Equal(after, guest.State->Mxcsr);
        if (faults)
            Assert.Equal(before, guest.State->Vectors[0]);
    }

    private static void SetSingles(CpuState* s, int register, uint a, uint b, uint c, uint d)
    {
        s->Vectors[register * 8] = a | ((ulong)b << 32);
        s->Vectors[register * 8 + 1] = c | ((ulong)d << 32);
    }

    private static double Double(CpuState* s, int register) => BitConverter.UInt64BitsToDouble(s->Vectors[register * 8]);
}
