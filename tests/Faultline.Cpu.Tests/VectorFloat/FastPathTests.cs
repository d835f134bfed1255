using Faultline.Cpu.State;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.VectorFloat;

/// <summary>
/// The edges of the fast paths, in every element and width: what random operands hardly ever hit. Operands are registers 1 and 2, and register 0 is the result and
/// the addend of FMA; MXCSR is as after any inexact operation (1FA0h) unless the test says otherwise.
/// </summary>
public sealed unsafe class FastPathTests : IDisposable
{
    private const uint Inexact = 0x1FA0;
    private const uint FlushToZero = 0x8000;
    private const uint DenormalsAreZero = 0x40;
    private const uint DenormalFlag = 2;
    private const uint UnderflowFlag = 0x10;

    private readonly GuestCode _guest = new(CpuModel.Full);

    /// <summary>Multiplications, fused ones with them: name, bytes of an element, elements.</summary>
    public static TheoryData<string, int, int> Products => new()
    {
        { "mulss", 4, 1 }, { "mulsd", 8, 1 }, { "mulps", 4, 4 }, { "mulpd", 8, 2 }, { "mulps256", 4, 8 }, { "mulpd256", 8, 4 },
        { "fmass", 4, 1 }, { "fmasd", 8, 1 }, { "fmaps", 4, 4 }, { "fmapd", 8, 2 }, { "fmaps256", 4, 8 }, { "fmapd256", 8, 4 },
    };

    /// <summary>Additions, fused ones with them.</summary>
    public static TheoryData<string, int, int> Sums => new()
    {
        { "addss", 4, 1 }, { "addsd", 8, 1 }, { "addps", 4, 4 }, { "addpd", 8, 2 }, { "addps256", 4, 8 }, { "addpd256", 8, 4 },
        { "fmass", 4, 1 }, { "fmasd", 8, 1 }, { "fmaps", 4, 4 }, { "fmapd", 8, 2 }, { "fmaps256", 4, 8 }, { "fmapd256", 8, 4 },
    };

    /// <summary>The smallest normal number as a result may have been tiny: half a unit less than it, with one bit more than fits (SDM vol. 1, 4.9.1.5).</summary>
    [Theory]
    [MemberData(nameof(Products))]
    public void TinyRoundedUpToNormal(string name, int width, int count)
    {
        ulong x = width == 4 ? 0x02800000UL : 0x0050000000000000UL, y = width == 4 ? 0x3D7FFFFFUL : 0x3FAFFFFFFFFFFFFFUL;
        ulong smallest = width == 4 ? 0x00800000 : 0x0010000000000000UL;
        for (int i = 0; i < count; i++)
        {
            Check(name, width, count, i, x, y, 0, Inexact, smallest, Inexact | UnderflowFlag);
            Check(name, width, count, i, x, y, 0, Inexact | FlushToZero, 0, Inexact | FlushToZero | UnderflowFlag);
        }
    }

    /// <summary>A zero product raises nothing when a factor is zero, and UE when it was too small.</summary>
    [Theory]
    [MemberData(nameof(Products))]
    public void ZeroProducts(string name, int width, int count)
    {
        ulong negative = 1UL << (8 * width - 1);
        ulong small = width == 4 ? 0x0D800000 : 0x1A70000000000000UL;
        for (int i = 0; i < count; i++)
        {
            Check(name, width, count, i, 0, One(width), 0, Inexact, 0, Inexact);
            Check(name, width, count, i, small, negative, negative, Inexact, negative, Inexact);
            Check(name, width, count, i, small, small, 0, Inexact, 0, Inexact | UnderflowFlag);
        }
    }

    /// <summary>A denormal operand is seen though the result is as good as any, unless DAZ makes it zero.</summary>
    [Theory]
    [MemberData(nameof(Sums))]
    public void DenormalOperands(string name, int width, int count)
    {
        bool fused = name.StartsWith("fma", StringComparison.Ordinal);
        for (int i = 0; i < count; i++)
        {
            // One operand of the sum is denormal: the second one, or the addend of 1 * 1.
            ulong second = fused ? One(width) : 1, addend = fused ? 1UL : 0;
            Check(name, width, count, i, One(width), second, addend, Inexact, One(width), Inexact | DenormalFlag);
            Check(name, width, count, i, One(width), second, addend, Inexact | DenormalsAreZero, One(width), Inexact | DenormalsAreZero);
        }
    }

    /// <summary>VDIVPS with PE, ZE and OE and one more in its eight elements: one exception for all, and the destination as it was.</summary>
    [Theory]
    [InlineData(0x7F800001u, 0x1F80u, 0x1FADu, false)]
    [InlineData(0x7F800001u, 0x1F00u, 0x1F05u, true)]
    [InlineData(0x7F800001u, 0x0F80u, 0x0FADu, true)]
    [InlineData(1u, 0x1F80u, 0x1FAEu, false)]
    [InlineData(1u, 0x1E80u, 0x1E86u, true)]
    [InlineData(1u, 0x1B80u, 0x1BAEu, true)]
    public void ExceptionsOfAllElements(uint last, uint mxcsr, uint after, bool faults)
    {
        CpuState* s = _guest.State;
        for (int i = 0; i < 8; i++)
        {
            Set(s, 0, i, 4, 0x12345678);
            Set(s, 1, i, 4, i switch { 2 => 0x7F7FFFFFu, 7 => last, _ => 0x3F800000 });
            Set(s, 2, i, 4, i switch { 1 => 0u, 2 => 0x00800000, 5 => 0x40400000, 7 => 1, _ => 0x3F800000 });
        }

        s->Mxcsr = mxcsr;
        _guest.Assemble(a => a.vdivps(ymm0, ymm1, ymm2));
        Assert.Equal(faults ? ExitReason.SimdFloatingPoint : ExitReason.SystemCall, _guest.Processor.Run());
        Assert.Equal(after, s->Mxcsr);
        for (int i = 0; i < 8; i++)
            Assert.Equal(faults, Get(s, 0, i, 4) == 0x12345678);
    }

    /// <summary>The 32 predicates (SDM vol. 2, CMPPD, table 3-1): greater, less, equal, unordered, and whether a quiet NaN raises IE; bit 4 turns the last.</summary>
    [Theory]
    [InlineData(0x0, "FFTF", false)]
    [InlineData(0x1, "FTFF", true)]
    [InlineData(0x2, "FTTF", true)]
    [InlineData(0x3, "FFFT", false)]
    [InlineData(0x4, "TTFT", false)]
    [InlineData(0x5, "TFTT", true)]
    [InlineData(0x6, "TFFT", true)]
    [InlineData(0x7, "TTTF", false)]
    [InlineData(0x8, "FFTT", false)]
    [InlineData(0x9, "FTFT", true)]
    [InlineData(0xA, "FTTT", true)]
    [InlineData(0xB, "FFFF", false)]
    [InlineData(0xC, "TTFF", false)]
    [InlineData(0xD, "TFTF", true)]
    [InlineData(0xE, "TFFF", true)]
    [InlineData(0xF, "TTTT", false)]
    public void Predicates(int predicate, string holds, bool signals)
    {
        CpuState* s = _guest.State;
        const uint three = 0x40400000, quiet = 0x7FC00000;
        foreach (int high in (int[])[0, 0x10, 0xE0])
        {
            for (int relation = 0; relation < 4; relation++)
            {
                Fill(s, 1, 4, 8, 0x40000000);
                Fill(s, 2, 4, 8, relation switch { 0 => 0x3F800000u, 1 => three, 2 => 0x40000000, _ => quiet });
                foreach (Action<Assembler> instruction in (Action<Assembler>[])[
                    a => a.vcmpps(xmm0, xmm1, xmm2, (byte)(predicate | high)), a => a.vcmpps(ymm0, ymm1, ymm2, (byte)(predicate | high)),
                    a => a.vcmpss(xmm0, xmm1, xmm2, (byte)(predicate | high))])
                {
                    s->Mxcsr = 0x1F80;
                    _guest.Run(instruction);
                    Assert.Equal(holds[relation] == 'T' ? uint.MaxValue : 0, (uint)Get(s, 0, 0, 4));
                    Assert.Equal(relation == 3 && signals != (high == 0x10) ? 0x1F81u : 0x1F80, s->Mxcsr);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _guest.Dispose();

    private static ulong One(int width) => width == 4 ? 0x3F800000 : 0x3FF0000000000000UL;

    /// <summary>Runs one instruction whose elements are 1 op 1 but for one of them, and compares that one and MXCSR.</summary>
    private void Check(string name, int width, int count, int element, ulong first, ulong second, ulong addend, uint mxcsr, ulong result, uint after)
    {
        CpuState* s = _guest.State;
        Fill(s, 0, width, 32 / width, 0);
        Fill(s, 1, width, count, One(width));
        Fill(s, 2, width, count, One(width));
        Set(s, 0, element, width, addend);
        Set(s, 1, element, width, first);
        Set(s, 2, element, width, second);
        s->Mxcsr = mxcsr;
        _guest.Run(a => Emit(a, name));
        Assert.Equal((name, element, result, after), (name, element, Get(s, 0, element, width), s->Mxcsr));
    }

    private static void Fill(CpuState* s, int register, int width, int count, ulong value)
    {
        for (int i = 0; i < count; i++)
            Set(s, register, i, width, value);
    }

    private static void Set(CpuState* s, int register, int element, int width, ulong value)
    {
        byte* at = (byte*)s + CpuState.VectorOffset(register) + element * width;
        if (width == 4)
            *(uint*)at = (uint)value;
        else
            *(ulong*)at = value;
    }

    private static ulong Get(CpuState* s, int register, int element, int width)
    {
        byte* at = (byte*)s + CpuState.VectorOffset(register) + element * width;
        return width == 4 ? *(uint*)at : *(ulong*)at;
    }

    private static void Emit(Assembler a, string name)
    {
        Action emit = name switch
        {
            "addss" => () => a.vaddss(xmm0, xmm1, xmm2),
            "addsd" => () => a.vaddsd(xmm0, xmm1, xmm2),
            "addps" => () => a.vaddps(xmm0, xmm1, xmm2),
            "addpd" => () => a.vaddpd(xmm0, xmm1, xmm2),
            "addps256" => () => a.vaddps(ymm0, ymm1, ymm2),
            "addpd256" => () => a.vaddpd(ymm0, ymm1, ymm2),
            "mulss" => () => a.vmulss(xmm0, xmm1, xmm2),
            "mulsd" => () => a.vmulsd(xmm0, xmm1, xmm2),
            "mulps" => () => a.vmulps(xmm0, xmm1, xmm2),
            "mulpd" => () => a.vmulpd(xmm0, xmm1, xmm2),
            "mulps256" => () => a.vmulps(ymm0, ymm1, ymm2),
            "mulpd256" => () => a.vmulpd(ymm0, ymm1, ymm2),
            "fmass" => () => a.vfmadd231ss(xmm0, xmm1, xmm2),
            "fmasd" => () => a.vfmadd231sd(xmm0, xmm1, xmm2),
            "fmaps" => () => a.vfmadd231ps(xmm0, xmm1, xmm2),
            "fmapd" => () => a.vfmadd231pd(xmm0, xmm1, xmm2),
            "fmaps256" => () => a.vfmadd231ps(ymm0, ymm1, ymm2),
            "fmapd256" => () => a.vfmadd231pd(ymm0, ymm1, ymm2),
            _ => throw new ArgumentException(name),
        };
        emit();
    }
}
