using Faultline.Cpu.Semantics.Float;

namespace Faultline.Cpu.Tests.Float;

/// <summary>
/// The short ways of 80-bit arithmetic against the engine, on every host: where they compute anything they give the same bits, the same
/// exceptions and the same rounding, and they do compute wherever that is ordinary.
/// </summary>
public sealed unsafe class Float80RoutineTests
{
    private const int Rounds = 300_000;
    private const int Precision = 0x20;
    private const int RoundedUp = 0x200;

    private delegate int Routine(Float80 a, Float80 b, ulong* result);

    private delegate Float80 Engine(Float80 a, Float80 b, ref FloatContext context);

    [Fact]
    public void Add() => Check((a, b, r) => Float80Routine.Add(a.Significand, a.SignExponent, b.Significand, b.SignExponent, r), Float80.Add);

    [Fact]
    public void Subtract() => Check((a, b, r) => Float80Routine.Subtract(a.Significand, a.SignExponent, b.Significand, b.SignExponent, r), Float80.Sub);

    [Fact]
    public void Multiply() => Check((a, b, r) => Float80Routine.Multiply(a.Significand, a.SignExponent, b.Significand, b.SignExponent, r), Float80.Mul);

    [Fact]
    public void Divide() => Check((a, b, r) => Float80Routine.Divide(a.Significand, a.SignExponent, b.Significand, b.SignExponent, r), Float80.Div);

    [Fact]
    public void SquareRoot() => Check(
        (a, _, r) => Float80Routine.SquareRoot(a.Abs(), r), (Float80 a, Float80 _, ref FloatContext c) => Float80.Sqrt(a.Abs(), ref c));

    [Fact]
    public void Narrow()
    {
        Check(
            (a, _, r) => End(Float80Routine.Narrow64(a, out ulong bits), bits, r),
            (Float80 a, Float80 _, ref FloatContext c) => new Float80(Float80.ToFloat64(a, ref c), 0),
            narrowTo: 64);
        Check(
            (a, _, r) => End(Float80Routine.Narrow32(a, out uint bits), bits, r),
            (Float80 a, Float80 _, ref FloatContext c) => new Float80(Float80.ToFloat32(a, ref c), 0),
            narrowTo: 32);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void ToInteger(int width)
    {
        foreach (bool truncate in (ReadOnlySpan<bool>)[false, true])
        {
            RoundingMode mode = truncate ? RoundingMode.TowardZero : RoundingMode.NearestEven;
            Check(
                (a, _, r) => End(Float80Routine.ToInteger(a, width, truncate, out long value), (ulong)value, r),
                (Float80 a, Float80 _, ref FloatContext c) => new Float80(
                    (ulong)(width switch
                    {
                        16 => Float80.ToInt16(a, mode, ref c),
                        32 => Float80.ToInt32(a, mode, ref c),
                        _ => Float80.ToInt64(a, mode, ref c),
                    }),
                    0),
                narrowTo: width);
        }
    }

    [Fact]
    public void Widen()
    {
        Operands operands = new(5);
        for (int i = 0; i < Rounds; i++)
        {
            FloatContext c = FloatContext.FromControlWord(0x37F);
            ulong bits = operands.Next64();
            if (Float80Routine.TryWiden64(bits, out Float80 wide))
                Assert.Equal((Float80.FromFloat64(bits, ref c), 0u), (wide, c.Flags));
            else
                Assert.False(double.IsNormal(BitConverter.UInt64BitsToDouble(bits)) || bits << 1 == 0);
            uint bits32 = operands.Next32();
            if (Float80Routine.TryWiden32(bits32, out wide))
                Assert.Equal((Float80.FromFloat32(bits32, ref c), 0u), (wide, c.Flags));
            else
                Assert.False(float.IsNormal(BitConverter.UInt32BitsToSingle(bits32)) || bits32 << 1 == 0);
        }
    }

    [Fact]
    public void Compare()
    {
        Operands operands = new(6);
        for (int i = 0; i < Rounds; i++)
        {
            Float80 a = operands.Next80(), b = i % 8 == 0 ? a : i % 8 == 1 ? a.Negate() : operands.Next80();
            FloatContext c = FloatContext.FromControlWord(0x37F);
            FloatRelation expected = Float80.Compare(a, b, quiet: false, ref c);
            bool routine = Float80Routine.TryCompare(a, b, out FloatRelation relation);
            Assert.Equal(IsOrdinary(a) && IsOrdinary(b), routine);
            if (routine)
                Assert.Equal((expected, 0u), (relation, c.Flags));
        }
    }

    private static int End(int raised, ulong value, ulong* result)
    {
        (result[0], result[1]) = (value, 0);
        return raised;
    }

    private static bool IsOrdinary(Float80 a) =>
        a.BiasedExponent == 0 ? a.Significand == 0 : a.BiasedExponent != 0x7FFF && (long)a.Significand < 0;

    private static void Check(Routine routine, Engine engine, int narrowTo = 80)
    {
        Operands operands = new(7);
        ulong* result = stackalloc ulong[2];
        int computed = 0;
        for (int i = 0; i < Rounds; i++)
        {
            Float80 a = operands.Next80(), b = operands.Next80();
            FloatContext c = FloatContext.FromControlWord(0x37F);
            Float80 expected = engine(a, b, ref c);
            int raised = routine(a, b, result);
            if (raised == Float80Routine.NotRoutine)
            {
                bool ordinary = IsOrdinary(a) && IsOrdinary(b) && IsOrdinary(expected) && (c.Flags & ~(uint)Precision) == 0;
                // The number just below the smallest normal one may round up to it without being tiny.
                Assert.False(ordinary && narrowTo == 80 && expected.BiasedExponent > 1, $"{a} {b}");
                continue;
            }

            computed++;
            int up = (c.Flags & Precision) != 0 && c.RoundedUp ? RoundedUp : 0;
            Assert.True((expected, (int)c.Flags | up) == (new Float80(result[0], (ushort)result[1]), raised), $"{a} {b}: {expected} {c.Flags:x} {up:x}, {raised:x} {result[0]:x} {result[1]:x}");
        }

        Assert.True(computed > Rounds / 20, $"{computed} of {Rounds}");
    }
}
