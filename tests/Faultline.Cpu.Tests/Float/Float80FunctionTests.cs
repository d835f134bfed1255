using Faultline.Cpu.Semantics.Float;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Float;

/// <summary>
/// FPREM, FSCALE, FXTRACT and the transcendental functions against the host's x87. Processors differ in the last bit of
/// transcendental results, so those may be one unit in the last place apart; special results and flags may not differ,
/// except that of two neighbours only the one below the normal numbers underflows.
/// </summary>
public sealed class Float80FunctionTests
{
    private const int Rounds = 30_000;

    private delegate Float80 Operation(Float80 a, Float80 b, ref FloatContext context);

    [NativeFact]
    public void Remainder()
    {
        Check(a => a.fprem(), (Float80 a, Float80 b, ref FloatContext c) => Float80.Remainder(a, b, false, out _, out _, ref c));
        Check(a => a.fprem1(), (Float80 a, Float80 b, ref FloatContext c) => Float80.Remainder(a, b, true, out _, out _, ref c));
        Check(a => Quotient(a, a.fprem), (Float80 a, Float80 b, ref FloatContext c) => QuotientOf(a, b, false, ref c));
        Check(a => Quotient(a, a.fprem1), (Float80 a, Float80 b, ref FloatContext c) => QuotientOf(a, b, true, ref c));
    }

    [NativeFact]
    public void Scale() => Check(a => a.fscale(), Float80.Scale);

    [NativeFact]
    public void Extract()
    {
        Check(a => a.fxtract(), (Float80 a, Float80 _, ref FloatContext c) => Float80.Extract(a, out Float80 _, ref c));
        Check(
            a => { a.fxtract(); a.fxch(st0, st1); },
            (Float80 a, Float80 _, ref FloatContext c) =>
            {
                Float80.Extract(a, out Float80 exponent, ref c);
                return exponent;
            });
    }

    [NativeFact]
    public void TwoToXMinusOne() => Check(
        a => a.f2xm1(),
        (Float80 a, Float80 _, ref FloatContext c) => Float80.TwoToXMinusOne(a, ref c),
        tolerance: 1);

    [NativeFact]
    public void YLog2X() => Check(a => a.fyl2x(), Float80.YLog2X, tolerance: 1);

    [NativeFact]
    public void YLog2XPlusOne() => Check(
        a => a.fyl2xp1(), Float80.YLog2XPlusOne, tolerance: 1);

    [NativeFact]
    public void ArcTangent() => Check(a => a.fpatan(), Float80.ArcTangent, tolerance: 1);

    [NativeFact]
    public void Sine() => Check(a => a.fsin(), (Float80 a, Float80 _, ref FloatContext c) => Float80.Sine(a, out bool _, ref c), tolerance: 1);

    [NativeFact]
    public void Cosine() => Check(a => a.fcos(), (Float80 a, Float80 _, ref FloatContext c) => Float80.Cosine(a, out bool _, ref c), tolerance: 1);

    [NativeFact]
    public void Tangent() => Check(
        a => { a.fptan(); a.fxch(st0, st1); },
        (Float80 a, Float80 _, ref FloatContext c) => Float80.Tangent(a, out bool _, ref c),
        tolerance: 1,
        accept: (a, _) => a.BiasedExponent < 0x3FFF + 63);

    private static Float80 QuotientOf(Float80 a, Float80 b, bool nearest, ref FloatContext c)
    {
        Float80.Remainder(a, b, nearest, out int quotient, out bool partial, ref c);
        return Float80.FromInt64(partial ? 0x400 : quotient < 0 ? 0 : ((quotient & 4) << 6) | ((quotient & 2) << 13) | ((quotient & 1) << 9));
    }

    private static void Quotient(Assembler a, Action reduce)
    {
        reduce();
        a.fnstsw(ax);
        a.fstp(st0);
        a.test(eax, 0x400);
        Label complete = a.CreateLabel();
        a.je(complete);
        a.and(eax, 0x400);
        a.Label(ref complete);
        a.and(eax, 0x4700);
        a.mov(__qword_ptr[rdi + 48], rax);
        a.fild(__qword_ptr[rdi + 48]);
    }

    private static void Check(Action<Assembler> body, Operation operation, int tolerance = 0, Func<Float80, Float80, bool>? accept = null)
    {
        using NativeCode code = NativeCode.X87Binary(body);
        Operands operands = new(87);
        int apart = 0, done = 0;
        for (int i = 0; i < Rounds; i++)
        {
            Float80 a = operands.Next80(), b = operands.Next80();
            if (operands.Next(8) == 0)
                b = operands.Next(2) == 0 ? a : a.Negate();
            if (accept != null && !accept(a, b))
                continue;
            uint control = 0x7Fu | ((uint)operands.Next(4) << 10) | (operands.Next(4) switch { 0 => 0u, 1 => 0x200, _ => 0x300 });
            NativeOperands values = new()
            {
                A = a.Significand,
                AHigh = a.SignExponent,
                B = b.Significand,
                BHigh = b.SignExponent,
                Control = control,
            };
            FloatContext c = FloatContext.FromControlWord((ushort)control);
            Float80 result = operation(a, b, ref c);
            code.Run(ref values);
            done++;
            bool same = values.Result == result.Significand && values.ResultHigh == result.SignExponent;
            uint compared = 0x3F;
            if (!same && tolerance != 0 && Int128.Abs(Position(values.Result, values.ResultHigh) - Position(result.Significand, result.SignExponent)) <= tolerance)
            {
                apart++;
                same = true;

                // Neighbours on the two sides of the least normal number: one of them underflows, the other does not.
                if (((values.ResultHigh & 0x7FFF) == 0) != (result.BiasedExponent == 0))
                    compared &= ~FloatFlags.Underflow;
            }

            Assert.True(
                same && (values.Status & compared) == (c.Raised & compared),
                $"{a.SignExponent:X4}:{a.Significand:X16} {b.SignExponent:X4}:{b.Significand:X16} CW {control:X4}: host "
                + $"{values.ResultHigh:X4}:{values.Result:X16} {values.Status:X4}, Faultline {result.SignExponent:X4}:{result.Significand:X16} {c.Raised:X2}");
        }

        Assert.True(apart <= done / 4, $"{apart} of {done} differ in the last place");
    }

    private static Int128 Position(ulong significand, ushort signExponent)
    {
        Int128 magnitude = ((Int128)(signExponent & 0x7FFF) << 63) + (Int128)(significand & long.MaxValue);
        return (signExponent & 0x8000) != 0 ? -magnitude : magnitude;
    }
}
