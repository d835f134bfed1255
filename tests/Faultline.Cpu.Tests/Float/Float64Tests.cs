using Faultline.Cpu.Semantics.Float;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Float;

/// <summary>The 64-bit format against the host: results and MXCSR flags, all rounding modes, with and without FZ and DAZ.</summary>
public sealed class Float64Tests
{
    private const int Rounds = 40_000;

    private delegate ulong Operation(ulong a, ulong b, ulong c, ref FloatContext context);

    /// <summary>Without any oracle but C#: the results in the default mode.</summary>
    [Fact]
    public void ResultsMatchHostArithmetic()
    {
        Operands operands = new(64);
        for (int i = 0; i < Rounds; i++)
        {
            ulong a = operands.Next64(), b = operands.Next64();
            double x = BitConverter.UInt64BitsToDouble(a), y = BitConverter.UInt64BitsToDouble(b);
            FloatContext c = FloatContext.FromMxcsr(0x1F80);
            Same(x + y, Float64.Add(a, b, ref c));
            Same(x - y, Float64.Sub(a, b, ref c));
            Same(x * y, Float64.Mul(a, b, ref c));
            Same(x / y, Float64.Div(a, b, ref c));
            Same(Math.Sqrt(x), Float64.Sqrt(a, ref c));
            Same(Math.FusedMultiplyAdd(x, y, 1.5), Float64.Fma(a, b, 0x3FF8000000000000, false, false, ref c));
        }

        static void Same(double expected, ulong actual)
        {
            if (double.IsNaN(expected))
                Assert.True(double.IsNaN(BitConverter.UInt64BitsToDouble(actual)));
            else
                Assert.Equal(BitConverter.DoubleToUInt64Bits(expected), actual);
        }
    }

    [NativeFact]
    public void Add() => Check(a => a.addsd(xmm0, xmm1), (ulong a, ulong b, ulong _, ref FloatContext c) => Float64.Add(a, b, ref c));

    [NativeFact]
    public void Sub() => Check(a => a.subsd(xmm0, xmm1), (ulong a, ulong b, ulong _, ref FloatContext c) => Float64.Sub(a, b, ref c));

    [NativeFact]
    public void Mul() => Check(a => a.mulsd(xmm0, xmm1), (ulong a, ulong b, ulong _, ref FloatContext c) => Float64.Mul(a, b, ref c));

    [NativeFact]
    public void Div() => Check(a => a.divsd(xmm0, xmm1), (ulong a, ulong b, ulong _, ref FloatContext c) => Float64.Div(a, b, ref c));

    [NativeFact]
    public void Sqrt() => Check(a => a.sqrtsd(xmm0, xmm0), (ulong a, ulong _, ulong _, ref FloatContext c) => Float64.Sqrt(a, ref c));

    [NativeFact]
    public void Min() => Check(a => a.minsd(xmm0, xmm1), (ulong a, ulong b, ulong _, ref FloatContext c) => Float64.Min(a, b, ref c));

    [NativeFact]
    public void Max() => Check(a => a.maxsd(xmm0, xmm1), (ulong a, ulong b, ulong _, ref FloatContext c) => Float64.Max(a, b, ref c));

    [NativeFact]
    public void FusedMultiplyAdd()
    {
        if (!System.Runtime.Intrinsics.X86.Fma.IsSupported)
            return;
        Check(a => a.vfmadd213sd(xmm0, xmm1, xmm2), (ulong a, ulong b, ulong d, ref FloatContext c) => Float64.Fma(b, a, d, false, false, ref c));
        Check(a => a.vfmsub213sd(xmm0, xmm1, xmm2), (ulong a, ulong b, ulong d, ref FloatContext c) => Float64.Fma(b, a, d, false, true, ref c));
        Check(a => a.vfnmadd213sd(xmm0, xmm1, xmm2), (ulong a, ulong b, ulong d, ref FloatContext c) => Float64.Fma(b, a, d, true, false, ref c));
    }

    [NativeFact]
    public void ComparePredicates()
    {
        for (int predicate = 0; predicate < 8; predicate++)
        {
            byte immediate = (byte)predicate;
            Check(a => a.cmpsd(xmm0, xmm1, immediate), (ulong a, ulong b, ulong _, ref FloatContext c) => Float64.Compare(a, b, immediate, ref c) ? ulong.MaxValue : 0, 5000);
        }

        if (!System.Runtime.Intrinsics.X86.Avx.IsSupported)
            return;
        for (int predicate = 8; predicate < 32; predicate++)
        {
            byte immediate = (byte)predicate;
            Check(a => a.vcmpsd(xmm0, xmm0, xmm1, immediate), (ulong a, ulong b, ulong _, ref FloatContext c) => Float64.Compare(a, b, immediate, ref c) ? ulong.MaxValue : 0, 5000);
        }
    }

    [NativeFact]
    public void CompareOrdered()
    {
        Check(a => Flags(a, () => a.comisd(xmm0, xmm1)), (ulong a, ulong b, ulong _, ref FloatContext c) => Relation(Float64.Compare(a, b, quiet: false, ref c)));
        Check(a => Flags(a, () => a.ucomisd(xmm0, xmm1)), (ulong a, ulong b, ulong _, ref FloatContext c) => Relation(Float64.Compare(a, b, quiet: true, ref c)));
    }

    [NativeFact]
    public void RoundToIntegral()
    {
        for (int immediate = 0; immediate < 16; immediate++)
        {
            int control = immediate;
            Check(
                a => a.roundsd(xmm0, xmm0, (byte)control),
                (ulong a, ulong _, ulong _, ref FloatContext c) =>
                    Float64.RoundToIntegral(a, (control & 4) != 0 ? c.Rounding : (RoundingMode)(control & 3), (control & 8) != 0, ref c),
                5000);
        }
    }

    [NativeFact]
    public void ToIntegers()
    {
        Check(a => Move(a, () => a.cvtsd2si(eax, xmm0)), (ulong a, ulong _, ulong _, ref FloatContext c) => (uint)Float64.ToInt32(a, c.Rounding, ref c));
        Check(a => Move(a, () => a.cvttsd2si(eax, xmm0)), (ulong a, ulong _, ulong _, ref FloatContext c) => (uint)Float64.ToInt32(a, RoundingMode.TowardZero, ref c));
        Check(a => Move(a, () => a.cvtsd2si(rax, xmm0)), (ulong a, ulong _, ulong _, ref FloatContext c) => (ulong)Float64.ToInt64(a, c.Rounding, ref c));
        Check(a => Move(a, () => a.cvttsd2si(rax, xmm0)), (ulong a, ulong _, ulong _, ref FloatContext c) => (ulong)Float64.ToInt64(a, RoundingMode.TowardZero, ref c));
        if (!System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            return;
        Check(a => Move(a, () => a.vcvtsd2usi(eax, xmm0)), (ulong a, ulong _, ulong _, ref FloatContext c) => Float64.ToUInt32(a, c.Rounding, ref c));
        Check(a => Move(a, () => a.vcvttsd2usi(rax, xmm0)), (ulong a, ulong _, ulong _, ref FloatContext c) => Float64.ToUInt64(a, RoundingMode.TowardZero, ref c));
    }

    [NativeFact]
    public void FromIntegers()
    {
        Check(a => { a.movq(rax, xmm0); a.cvtsi2sd(xmm0, eax); }, (ulong a, ulong _, ulong _, ref FloatContext c) => Float64.FromInt32((int)a, ref c));
        Check(a => { a.movq(rax, xmm0); a.cvtsi2sd(xmm0, rax); }, (ulong a, ulong _, ulong _, ref FloatContext c) => Float64.FromInt64((long)a, ref c));
        if (!System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            return;
        Check(a => { a.movq(rax, xmm0); a.vcvtusi2sd(xmm0, xmm0, rax); }, (ulong a, ulong _, ulong _, ref FloatContext c) => Float64.FromUInt64(a, ref c));
    }

    [NativeFact]
    public void ToFloat32() => Check(
        a => { a.cvtsd2ss(xmm0, xmm0); a.movd(eax, xmm0); a.movd(xmm0, eax); },
        (ulong a, ulong _, ulong _, ref FloatContext c) => Float64.ToFloat32(a, ref c));

    /// <summary>Unmasked exceptions stop after the operands: OE, UE and PE are then not reported.</summary>
    [Fact]
    public void UnmaskedOperandExceptionHidesTheRest()
    {
        FloatContext c = FloatContext.FromMxcsr(0x1F80 & ~0x100u);
        Float64.Add(1, 0x3FF0000000000000, ref c);
        Assert.Equal(FloatFlags.Denormal, c.Raised);
        Assert.Equal(FloatFlags.Denormal, c.Unmasked);
        c = FloatContext.FromMxcsr(0x1F80);
        Float64.Add(1, 0x3FF0000000000000, ref c);
        Assert.Equal(FloatFlags.Denormal | FloatFlags.Precision, c.Raised);
        Assert.Equal(0u, c.Unmasked);
    }

    /// <summary>An exact denormal result underflows only while UE is unmasked.</summary>
    [Fact]
    public void ExactTinyResultUnderflowsOnlyUnmasked()
    {
        FloatContext c = FloatContext.FromMxcsr(0x1F80);
        Assert.Equal(0x0008000000000000UL, Float64.Mul(0x0010000000000000, 0x3FE0000000000000, ref c));
        Assert.Equal(0u, c.Raised);
        c = FloatContext.FromMxcsr(0x1F80 & ~0x800u);
        Float64.Mul(0x0010000000000000, 0x3FE0000000000000, ref c);
        Assert.Equal(FloatFlags.Underflow, c.Raised);
    }

    private static ulong Relation(FloatRelation relation) => relation switch
    {
        FloatRelation.Less => 1,
        FloatRelation.Equal => 0x40,
        FloatRelation.Greater => 0,
        _ => 0x45,
    };

    private static void Flags(Assembler a, Action compare)
    {
        compare();
        a.pushfq();
        a.pop(rax);
        a.and(eax, 0x45);
        a.movq(xmm0, rax);
    }

    private static void Move(Assembler a, Action convert)
    {
        convert();
        a.movq(xmm0, rax);
    }

    private static void Check(Action<Assembler> native, Operation operation, int rounds = Rounds)
    {
        using NativeCode code = NativeCode.Sse(native);
        Operands operands = new(rounds);
        for (int i = 0; i < rounds; i++)
        {
            NativeOperands values = new() { A = operands.Next64(), B = operands.Next64(), C = operands.Next64() };
            if (operands.Next(8) == 0)
                values.B = values.A ^ ((ulong)operands.Next(2) << 63);
            uint mode = (uint)operands.Next(16);
            values.Control = 0x1F80 | ((mode & 3) << 13) | ((mode & 4) << 4) | ((mode & 8) << 12);
            FloatContext c = FloatContext.FromMxcsr(values.Control);
            ulong result = operation(values.A, values.B, values.C, ref c);
            code.Run(ref values);
            Assert.True(
                values.Result == result && (values.Status & 0x3F) == c.Raised,
                $"{values.A:X16} {values.B:X16} {values.C:X16} MXCSR {values.Control:X4}: host {values.Result:X16} {values.Status & 0x3F:X2}, Faultline {result:X16} {c.Raised:X2}");
        }
    }
}
