using Faultline.Cpu.Semantics.Float;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Float;

/// <summary>The 32-bit format against the host: results and MXCSR flags, all rounding modes, with and without FZ and DAZ.</summary>
public sealed class Float32Tests
{
    private const int Rounds = 40_000;

    private delegate ulong Operation(ulong a, ulong b, ulong c, ref FloatContext context);

    /// <summary>Without any oracle but C#: the results in the default mode.</summary>
    [Fact]
    public void ResultsMatchHostArithmetic()
    {
        Operands operands = new(32);
        for (int i = 0; i < Rounds; i++)
        {
            uint a = operands.Next32(), b = operands.Next32();
            float x = BitConverter.UInt32BitsToSingle(a), y = BitConverter.UInt32BitsToSingle(b);
            FloatContext c = FloatContext.FromMxcsr(0x1F80);
            Same(x + y, Float32.Add(a, b, ref c));
            Same(x - y, Float32.Sub(a, b, ref c));
            Same(x * y, Float32.Mul(a, b, ref c));
            Same(x / y, Float32.Div(a, b, ref c));
            Same(MathF.Sqrt(x), Float32.Sqrt(a, ref c));
            Same(MathF.FusedMultiplyAdd(x, y, 1.5f), Float32.Fma(a, b, 0x3FC00000, false, false, ref c));
        }

        static void Same(float expected, uint actual)
        {
            if (float.IsNaN(expected))
                Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle(actual)));
            else
                Assert.Equal(BitConverter.SingleToUInt32Bits(expected), actual);
        }
    }

    [NativeFact]
    public void Add() => Check(a => a.addss(xmm0, xmm1), (ulong a, ulong b, ulong _, ref FloatContext c) => Float32.Add((uint)a, (uint)b, ref c));

    [NativeFact]
    public void Sub() => Check(a => a.subss(xmm0, xmm1), (ulong a, ulong b, ulong _, ref FloatContext c) => Float32.Sub((uint)a, (uint)b, ref c));

    [NativeFact]
    public void Mul() => Check(a => a.mulss(xmm0, xmm1), (ulong a, ulong b, ulong _, ref FloatContext c) => Float32.Mul((uint)a, (uint)b, ref c));

    [NativeFact]
    public void Div() => Check(a => a.divss(xmm0, xmm1), (ulong a, ulong b, ulong _, ref FloatContext c) => Float32.Div((uint)a, (uint)b, ref c));

    [NativeFact]
    public void Sqrt() => Check(a => a.sqrtss(xmm0, xmm0), (ulong a, ulong _, ulong _, ref FloatContext c) => Float32.Sqrt((uint)a, ref c));

    [NativeFact]
    public void Min() => Check(a => a.minss(xmm0, xmm1), (ulong a, ulong b, ulong _, ref FloatContext c) => Float32.Min((uint)a, (uint)b, ref c));

    [NativeFact]
    public void Max() => Check(a => a.maxss(xmm0, xmm1), (ulong a, ulong b, ulong _, ref FloatContext c) => Float32.Max((uint)a, (uint)b, ref c));

    [NativeFact]
    public void FusedMultiplyAdd()
    {
        if (!System.Runtime.Intrinsics.X86.Fma.IsSupported)
            return;
        Check(a => a.vfmadd213ss(xmm0, xmm1, xmm2), (ulong a, ulong b, ulong d, ref FloatContext c) => Float32.Fma((uint)b, (uint)a, (uint)d, false, false, ref c));
        Check(a => a.vfmsub213ss(xmm0, xmm1, xmm2), (ulong a, ulong b, ulong d, ref FloatContext c) => Float32.Fma((uint)b, (uint)a, (uint)d, false, true, ref c));
        Check(a => a.vfnmadd213ss(xmm0, xmm1, xmm2), (ulong a, ulong b, ulong d, ref FloatContext c) => Float32.Fma((uint)b, (uint)a, (uint)d, true, false, ref c));
    }

    [NativeFact]
    public void ComparePredicates()
    {
        for (int predicate = 0; predicate < 8; predicate++)
        {
            byte immediate = (byte)predicate;
            Check(a => a.cmpss(xmm0, xmm1, immediate), (ulong a, ulong b, ulong _, ref FloatContext c) => Float32.Compare((uint)a, (uint)b, immediate, ref c) ? uint.MaxValue : 0u, 5000);
        }

        if (!System.Runtime.Intrinsics.X86.Avx.IsSupported)
            return;
        for (int predicate = 8; predicate < 32; predicate++)
        {
            byte immediate = (byte)predicate;
            Check(a => a.vcmpss(xmm0, xmm0, xmm1, immediate), (ulong a, ulong b, ulong _, ref FloatContext c) => Float32.Compare((uint)a, (uint)b, immediate, ref c) ? uint.MaxValue : 0u, 5000);
        }
    }

    [NativeFact]
    public void CompareOrdered()
    {
        Check(a => Flags(a, () => a.comiss(xmm0, xmm1)), (ulong a, ulong b, ulong _, ref FloatContext c) => Relation(Float32.Compare((uint)a, (uint)b, quiet: false, ref c)));
        Check(a => Flags(a, () => a.ucomiss(xmm0, xmm1)), (ulong a, ulong b, ulong _, ref FloatContext c) => Relation(Float32.Compare((uint)a, (uint)b, quiet: true, ref c)));
    }

    [NativeFact]
    public void RoundToIntegral()
    {
        for (int immediate = 0; immediate < 16; immediate++)
        {
            int control = immediate;
            Check(
                a => a.roundss(xmm0, xmm0, (byte)control),
                (ulong a, ulong _, ulong _, ref FloatContext c) =>
                    Float32.RoundToIntegral((uint)a, (control & 4) != 0 ? c.Rounding : (RoundingMode)(control & 3), (control & 8) != 0, ref c),
                5000);
        }
    }

    [NativeFact]
    public void ToIntegers()
    {
        Check(a => Move(a, () => a.cvtss2si(eax, xmm0)), (ulong a, ulong _, ulong _, ref FloatContext c) => (uint)Float32.ToInt32((uint)a, c.Rounding, ref c));
        Check(a => Move(a, () => a.cvttss2si(eax, xmm0)), (ulong a, ulong _, ulong _, ref FloatContext c) => (uint)Float32.ToInt32((uint)a, RoundingMode.TowardZero, ref c));
        Check(a => Move(a, () => a.cvtss2si(rax, xmm0)), (ulong a, ulong _, ulong _, ref FloatContext c) => (ulong)Float32.ToInt64((uint)a, c.Rounding, ref c), wide: true);
        Check(a => Move(a, () => a.cvttss2si(rax, xmm0)), (ulong a, ulong _, ulong _, ref FloatContext c) => (ulong)Float32.ToInt64((uint)a, RoundingMode.TowardZero, ref c), wide: true);
        if (!System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            return;
        Check(a => Move(a, () => a.vcvtss2usi(eax, xmm0)), (ulong a, ulong _, ulong _, ref FloatContext c) => Float32.ToUInt32((uint)a, c.Rounding, ref c));
        Check(a => Move(a, () => a.vcvttss2usi(rax, xmm0)), (ulong a, ulong _, ulong _, ref FloatContext c) => Float32.ToUInt64((uint)a, RoundingMode.TowardZero, ref c), wide: true);
    }

    [NativeFact]
    public void FromIntegers()
    {
        Check(a => { a.movq(rax, xmm0); a.cvtsi2ss(xmm0, eax); }, (ulong a, ulong _, ulong _, ref FloatContext c) => Float32.FromInt32((int)a, ref c));
        Check(a => { a.movq(rax, xmm0); a.cvtsi2ss(xmm0, rax); }, (ulong a, ulong _, ulong _, ref FloatContext c) => Float32.FromInt64((long)a, ref c));
        if (!System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            return;
        Check(a => { a.movq(rax, xmm0); a.vcvtusi2ss(xmm0, xmm0, rax); }, (ulong a, ulong _, ulong _, ref FloatContext c) => Float32.FromUInt64(a, ref c));
    }

    [NativeFact]
    public void ToFloat64() => Check(
        a => a.cvtss2sd(xmm0, xmm0),
        (ulong a, ulong _, ulong _, ref FloatContext c) => Float32.ToFloat64((uint)a, ref c),
        wide: true);

    [NativeFact]
    public void HalfPrecision()
    {
        if (!System.Runtime.Intrinsics.X86.Avx2.IsSupported)
            return;
        Check(a => { a.vpxor(xmm1, xmm1, xmm1); a.vpunpckldq(xmm0, xmm0, xmm1); a.vcvtph2ps(xmm0, xmm0); }, (ulong a, ulong _, ulong _, ref FloatContext c) => Both(a, ref c), wide: true);
        for (int immediate = 0; immediate < 8; immediate++)
        {
            int control = immediate;
            Check(
                a => { a.vmovd(eax, xmm0); a.vmovd(xmm0, eax); a.vcvtps2ph(xmm0, xmm0, (byte)control); },
                (ulong a, ulong _, ulong _, ref FloatContext c) => Float32.ToFloat16((uint)a, (control & 4) != 0 ? c.Rounding : (RoundingMode)(control & 3), ref c));
        }

        static ulong Both(ulong a, ref FloatContext c) =>
            Float16.ToFloat32((ushort)a, ref c) | ((ulong)Float16.ToFloat32((ushort)(a >> 16), ref c) << 32);
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

    private static void Check(Action<Assembler> native, Operation operation, int rounds = Rounds, bool wide = false)
    {
        using NativeCode code = NativeCode.Sse(native);
        Operands operands = new(rounds);
        for (int i = 0; i < rounds; i++)
        {
            NativeOperands values = new() { A = operands.Next32(), B = operands.Next32(), C = operands.Next32() };
            if (operands.Next(8) == 0)
                values.B = values.A ^ ((ulong)operands.Next(2) << 63);
            uint mode = (uint)operands.Next(16);
            values.Control = 0x1F80 | ((mode & 3) << 13) | ((mode & 4) << 4) | ((mode & 8) << 12);
            FloatContext c = FloatContext.FromMxcsr(values.Control);
            ulong result = operation(values.A, values.B, values.C, ref c);
            code.Run(ref values);
            if (!wide)
                values.Result = (uint)values.Result;
            Assert.True(
                values.Result == result && (values.Status & 0x3F) == c.Raised,
                $"{values.A:X16} {values.B:X16} {values.C:X16} MXCSR {values.Control:X4}: host {values.Result:X16} {values.Status & 0x3F:X2}, Faultline {result:X16} {c.Raised:X2}");
        }
    }
}
