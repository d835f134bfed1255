namespace Faultline.Cpu.Semantics.Float;

/// <content>Partial remainder, scaling and extraction: exact operations but for FSCALE's range.</content>
internal readonly partial record struct Float80
{
    /// <summary>FPREM and FPREM1: one step of the remainder of a by b.</summary>
    /// <param name="a">ST(0), the dividend.</param>
    /// <param name="b">ST(1), the divisor.</param>
    /// <param name="nearest">FPREM1: the quotient is rounded to nearest even; FPREM truncates.</param>
    /// <param name="quotient">The low three bits of the quotient, when the reduction is complete; -1 when there is none because the result is a NaN.</param>
    /// <param name="partial">C2: the exponents differ by 64 or more, so that the step reduced by 32 to 63 bits only.</param>
    /// <param name="c">Control and flags.</param>
    public static Float80 Remainder(Float80 a, Float80 b, bool nearest, out int quotient, out bool partial, ref FloatContext c)
    {
        quotient = -1;
        partial = false;
        Unpacked x = a.Unpack(), y = b.Unpack();
        if (x.IsNaN || y.IsNaN)
            return Pack(SoftFloat.PropagateNaN(x, y, ref c), ref c);
        if (x.Class == FloatClass.Infinity || y.Class == FloatClass.Zero)
            return Invalid(ref c);
        quotient = 0;
        RaiseIfDenormal(x, ref c);
        RaiseIfDenormal(y, ref c);
        if (x.Class == FloatClass.Zero || y.Class == FloatClass.Infinity)
            return Pack(x, ref c);
        int difference = x.Exponent - y.Exponent;
        if (difference < -1 || (difference < 0 && !nearest))
            return Pack(x, ref c);
        if (difference >= 64)
        {
            // The reduction of this step, N in the manual's words, is what processors use: 32 plus the low five bits.
            partial = true;
            int step = (difference & 31) | 32;
            _ = DivideShifted(x.High, step, y.High, out ulong rest);
            return PackRemainder(x.Sign, y.Exponent + difference - step, 0, rest, ref c);
        }

        ulong whole, left;
        if (difference < 0)
        {
            // Only FPREM1 gets here: the dividend is between a quarter of and the whole divisor. In half units of it:
            (whole, left) = (0, x.High);
            // remainder = x / 2; above half the divisor means x.High > y.High.
            if (left > y.High)
            {
                quotient = 1;
                UInt128 negative = ((UInt128)y.High << 1) - left;
                return PackRemainder(!x.Sign, y.Exponent - 1, (ulong)(negative >> 64), (ulong)negative, ref c);
            }

            return Pack(x, ref c);
        }

        whole = DivideShifted(x.High, difference, y.High, out left);
        bool sign = x.Sign;
        if (nearest)
        {
            ulong other = y.High - left;
            if (left > other || (left == other && (whole & 1) != 0))
            {
                left = other;
                whole++;
                sign = !sign;
            }
        }

        quotient = (int)(whole & 7);
        return left == 0 ? Pack(Unpacked.Zero(x.Sign), ref c) : PackRemainder(sign, y.Exponent, 0, left, ref c);
    }

    /// <summary>FSCALE: a * 2^trunc(b).</summary>
    public static Float80 Scale(Float80 a, Float80 b, ref FloatContext c)
    {
        Unpacked x = a.Unpack(), y = b.Unpack();
        if (x.IsNaN || y.IsNaN)
            return Pack(SoftFloat.PropagateNaN(x, y, ref c), ref c);
        if (y.Class == FloatClass.Infinity
            && ((x.Class == FloatClass.Zero && !y.Sign) || (x.Class == FloatClass.Infinity && y.Sign)))
            return Invalid(ref c);
        RaiseIfDenormal(x, ref c);
        RaiseIfDenormal(y, ref c);
        if (y.Class == FloatClass.Infinity)
            return Pack(y.Sign ? Unpacked.Zero(x.Sign) : Unpacked.Infinity(x.Sign), ref c);
        if (x.Class != FloatClass.Finite)
            return a;
        if (y.Class == FloatClass.Finite && y.Exponent >= 0)
        {
            // Anything past 2^16 is past every exponent, also after the wrap of an unmasked exception.
            int count = y.Exponent > 16 ? 1 << 17 : (int)(y.High >> (63 - y.Exponent));
            x.Exponent += y.Sign ? -count : count;
        }

        return Pack(x, ref c);
    }

    /// <summary>FXTRACT: the significand of a, with its sign, as a number from 1 to 2.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="exponent">The unbiased exponent of a, as a number.</param>
    /// <param name="c">Control and flags.</param>
    public static Float80 Extract(Float80 a, out Float80 exponent, ref FloatContext c)
    {
        Unpacked x = a.Unpack();
        if (x.IsNaN)
            return exponent = Pack(SoftFloat.PropagateNaN(x, ref c), ref c);
        if (x.Class == FloatClass.Infinity)
        {
            exponent = a.Abs();
            return a;
        }

        if (x.Class == FloatClass.Zero)
        {
            c.Raise(FloatFlags.DivideByZero);
            exponent = new Float80(IntegerBit, 0xFFFF);
            return a;
        }

        RaiseIfDenormal(x, ref c);
        exponent = FromInt64(x.Exponent);
        return new Float80(x.High, (ushort)((x.Sign ? 0x8000 : 0) | Bias));
    }

    /// <summary>Divides a * 2^shift (shift 0 to 63) by b, both significands normalised.</summary>
    private static ulong DivideShifted(ulong a, int shift, ulong b, out ulong remainder)
    {
        ulong high = shift == 0 ? 0 : a >> (64 - shift);
        return SoftFloat.Divide128(high, a << shift, b, out remainder);
    }

    private static Float80 PackRemainder(bool sign, int exponent, ulong high, ulong low, ref FloatContext c) =>
        (high | low) == 0 ? Pack(Unpacked.Zero(sign), ref c) : Pack(SoftFloat.Normalize(sign, exponent + 64, high, low), ref c);
}
