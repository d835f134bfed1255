namespace Faultline.Cpu.Semantics.Float;

/// <content>
/// The transcendental instructions: their special operands (SDM Vol. 2, tables of each instruction) around
/// <see cref="Transcendental"/>. Precision control has no effect, rounding control has.
/// </content>
internal readonly partial record struct Float80
{
    /// <summary>F2XM1: 2^x - 1. Beyond -1 to 1, where the result is undefined, processors return the operand and raise PE.</summary>
    public static Float80 TwoToXMinusOne(Float80 a, ref FloatContext c)
    {
        Unpacked x = a.Unpack();
        if (x.IsNaN)
            return Pack(SoftFloat.PropagateNaN(x, ref c), ref c);
        if (x.Class == FloatClass.Zero)
            return a;
        if (x.Class == FloatClass.Infinity)
            return x.Sign ? One.Negate() : a;
        RaiseIfDenormal(x, ref c);
        if (x.Exponent >= 0)
        {
            c.Raise(FloatFlags.Precision);
            bool minusOne = x.Sign && x.Exponent == 0 && x.High == IntegerBit;
            c.RoundedUp = a == One;
            return minusOne ? new Float80(IntegerBit, 0x8000 | (Bias - 1)) : a;
        }

        return Pack(Transcendental.TwoToXMinusOne(x), ref c);
    }

    /// <summary>FYL2X: y * log2(x).</summary>
    public static Float80 YLog2X(Float80 first, Float80 second, ref FloatContext c)
    {
        Unpacked x = first.Unpack(), y = second.Unpack();
        if (x.IsNaN || y.IsNaN)
            return Pack(SoftFloat.PropagateNaN(x, y, ref c), ref c);
        if (x.Class == FloatClass.Zero)
        {
            if (y.Class == FloatClass.Zero)
                return Invalid(ref c);
            if (y.Class == FloatClass.Finite)
                c.Raise(FloatFlags.DivideByZero);
            return Pack(Unpacked.Infinity(!y.Sign), ref c);
        }

        if (x.Sign)
            return Invalid(ref c);
        bool one = x.Class == FloatClass.Finite && x.Exponent == 0 && x.High == IntegerBit;
        bool negativeLog = x.Class == FloatClass.Finite && x.Exponent < 0;
        return LogProduct(x, y, one, negativeLog, plusOne: false, ref c);
    }

    /// <summary>FYL2XP1: y * log2(x + 1). For x of -1 and below, where the result is undefined, processors return x and raise PE.</summary>
    public static Float80 YLog2XPlusOne(Float80 first, Float80 second, ref FloatContext c)
    {
        Unpacked x = first.Unpack(), y = second.Unpack();
        if (x.IsNaN || y.IsNaN)
            return Pack(SoftFloat.PropagateNaN(x, y, ref c), ref c);
        if (x.Sign && x.Class == FloatClass.Infinity)
            return Invalid(ref c);
        return LogProduct(x, y, x.Class == FloatClass.Zero, x.Sign, plusOne: true, ref c);
    }

    /// <summary>FPATAN: the angle of the point (x, y), from -pi to pi.</summary>
    /// <param name="first">ST(0): x.</param>
    /// <param name="second">ST(1): y.</param>
    /// <param name="c">Control and flags.</param>
    public static Float80 ArcTangent(Float80 first, Float80 second, ref FloatContext c)
    {
        Unpacked x = first.Unpack(), y = second.Unpack();
        if (x.IsNaN || y.IsNaN)
            return Pack(SoftFloat.PropagateNaN(x, y, ref c), ref c);
        RaiseIfDenormal(x, ref c);
        RaiseIfDenormal(y, ref c);
        Unpacked angle;
        if (y.Class == FloatClass.Zero || (x.Class == FloatClass.Infinity && y.Class != FloatClass.Infinity))
        {
            angle = x.Sign ? Transcendental.Pi : Unpacked.Zero(false);
        }
        else if (y.Class == FloatClass.Infinity && x.Class == FloatClass.Infinity)
        {
            angle = WideMath.Scale(Transcendental.Pi, -2);
            if (x.Sign)
                angle = WideMath.Subtract(Transcendental.Pi, angle);
        }
        else if (y.Class == FloatClass.Infinity || x.Class == FloatClass.Zero)
        {
            angle = WideMath.Scale(Transcendental.Pi, -1);
        }
        else
        {
            angle = Transcendental.ArcTangent(y, x);
            if (x.Sign)
                angle = WideMath.Subtract(Transcendental.Pi, angle);
        }

        angle.Sign = y.Sign;
        return Pack(angle, ref c);
    }

    /// <summary>FSIN.</summary>
    /// <param name="a">The angle.</param>
    /// <param name="outOfRange">Set for magnitudes of 2^63 and above: C2, and the operand is left alone.</param>
    /// <param name="c">Control and flags.</param>
    public static Float80 Sine(Float80 a, out bool outOfRange, ref FloatContext c)
    {
        if (!TryAngle(a, out Unpacked x, out Float80 special, out outOfRange, ref c))
            return special;
        return x.Class == FloatClass.Zero ? a : Pack(SineOf(x), ref c);
    }

    /// <summary>FCOS.</summary>
    /// <param name="a">The angle.</param>
    /// <param name="outOfRange">Set for magnitudes of 2^63 and above: C2, and the operand is left alone.</param>
    /// <param name="c">Control and flags.</param>
    public static Float80 Cosine(Float80 a, out bool outOfRange, ref FloatContext c)
    {
        if (!TryAngle(a, out Unpacked x, out Float80 special, out outOfRange, ref c))
            return special;
        return x.Class == FloatClass.Zero ? One : Pack(CosineOf(x), ref c);
    }

    /// <summary>FPTAN's result; the instruction then pushes 1.0.</summary>
    /// <param name="a">The angle.</param>
    /// <param name="outOfRange">Set for magnitudes of 2^63 and above: C2, and the operand is left alone.</param>
    /// <param name="c">Control and flags.</param>
    public static Float80 Tangent(Float80 a, out bool outOfRange, ref FloatContext c)
    {
        if (!TryAngle(a, out Unpacked x, out Float80 special, out outOfRange, ref c))
            return special;
        if (x.Class == FloatClass.Zero)
            return a;
        // The tangent of a tiny angle is a little above it, by less than the quotient can show.
        Unpacked tangent = WideMath.Divide(SineOf(x), CosineOf(x));
        tangent.Low |= 1;
        return Pack(tangent, ref c);
    }

    private static Unpacked SineOf(in Unpacked x)
    {
        Unpacked r = Transcendental.ReduceAngle(x, out int quadrant);
        Unpacked result = (quadrant & 1) == 0 ? Transcendental.SineSeries(r) : Transcendental.CosineSeries(r);
        return quadrant >= 2 ? WideMath.Negate(result) : result;
    }

    private static Unpacked CosineOf(in Unpacked x)
    {
        Unpacked r = Transcendental.ReduceAngle(x, out int quadrant);
        Unpacked result = (quadrant & 1) == 0 ? Transcendental.CosineSeries(r) : Transcendental.SineSeries(r);
        return quadrant is 1 or 2 ? WideMath.Negate(result) : result;
    }

    private static bool TryAngle(Float80 a, out Unpacked x, out Float80 special, out bool outOfRange, ref FloatContext c)
    {
        x = a.Unpack();
        outOfRange = false;
        special = a;
        if (x.IsNaN)
            special = Pack(SoftFloat.PropagateNaN(x, ref c), ref c);
        else if (x.Class == FloatClass.Infinity)
            special = Invalid(ref c);
        else if (x.Class == FloatClass.Finite && x.Exponent >= 63)
            outOfRange = true;
        else
            RaiseIfDenormal(x, ref c);
        return !x.IsNaN && x.Class != FloatClass.Infinity && !outOfRange;
    }

    /// <summary>y times a logarithm that is neither that of zero nor of a negative number.</summary>
    private static Float80 LogProduct(in Unpacked x, in Unpacked y, bool logIsZero, bool logIsNegative, bool plusOne, ref FloatContext c)
    {
        bool sign = y.Sign ^ logIsNegative;
        bool logIsInfinite = x.Class == FloatClass.Infinity;
        if ((logIsZero && y.Class == FloatClass.Infinity) || (logIsInfinite && y.Class == FloatClass.Zero))
            return Invalid(ref c);
        RaiseIfDenormal(x, ref c);
        RaiseIfDenormal(y, ref c);
        if (logIsInfinite || y.Class == FloatClass.Infinity)
            return Pack(Unpacked.Infinity(sign), ref c);
        if (logIsZero || y.Class == FloatClass.Zero)
            return Pack(Unpacked.Zero(sign), ref c);
        if (plusOne && x.Sign && x.Exponent >= 0)
        {
            c.Raise(FloatFlags.Precision);
            return Pack(x, ref c);
        }

        Unpacked logarithm = plusOne ? Transcendental.Log2OfOnePlus(x) : Transcendental.Log2(x);
        Float80 result = Pack(WideMath.Multiply(logarithm, y), ref c);
        // Processors report every logarithm as inexact, those of powers of two too, and so denormal results as underflows.
        c.Raise(result.BiasedExponent == 0 ? FloatFlags.Underflow | FloatFlags.Precision : FloatFlags.Precision);
        return result;
    }

    private static Float80 Invalid(ref FloatContext c)
    {
        c.Raise(FloatFlags.Invalid);
        return Indefinite;
    }

    private static void RaiseIfDenormal(in Unpacked x, ref FloatContext c)
    {
        if (x.IsDenormal)
            c.Raise(FloatFlags.Denormal);
    }
}
