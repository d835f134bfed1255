namespace Faultline.Cpu.Semantics.Float;

/// <summary>
/// Arithmetic on finite <see cref="Unpacked"/> numbers with all 128 significand bits, for the x87's transcendental
/// functions. Each operation truncates with a sticky bit: its relative error is below 2^-126. Exponents do not overflow.
/// </summary>
internal static class WideMath
{
    /// <summary>One.</summary>
    public static Unpacked One => Unpacked.Finite(false, 0, 1UL << 63, 0);

    /// <summary>a + b.</summary>
    public static Unpacked Add(in Unpacked a, in Unpacked b) =>
        SoftFloat.AddFinite(a, b.Sign, b.Exponent, b.High, b.Low, b.Class == FloatClass.Zero, RoundingMode.NearestEven);

    /// <summary>a - b.</summary>
    public static Unpacked Subtract(in Unpacked a, in Unpacked b) => Add(a, Negate(b));

    /// <summary>-a.</summary>
    public static Unpacked Negate(in Unpacked a)
    {
        Unpacked result = a;
        result.Sign = !a.Sign;
        return result;
    }

    /// <summary>a * 2^count.</summary>
    public static Unpacked Scale(in Unpacked a, int count)
    {
        Unpacked result = a;
        result.Exponent += count;
        return result;
    }

    /// <summary>a * b.</summary>
    public static Unpacked Multiply(in Unpacked a, in Unpacked b)
    {
        bool sign = a.Sign ^ b.Sign;
        if (a.Class == FloatClass.Zero || b.Class == FloatClass.Zero)
            return Unpacked.Zero(sign);
        ulong crossHigh = Math.BigMul(a.High, b.Low, out ulong crossLow);
        ulong otherHigh = Math.BigMul(a.Low, b.High, out ulong otherLow);
        ulong tailHigh = Math.BigMul(a.Low, b.Low, out ulong tailLow);
        UInt128 middle = (UInt128)crossLow + otherLow + tailHigh;
        UInt128 top = ((UInt128)Math.BigMul(a.High, b.High, out ulong headLow) << 64) + headLow;
        top += (UInt128)crossHigh + otherHigh + (middle >> 64);
        ulong rest = (ulong)middle;
        int exponent = a.Exponent + b.Exponent + 1;
        ulong high = (ulong)(top >> 64), low = (ulong)top;
        if ((long)high >= 0)
        {
            high = (high << 1) | (low >> 63);
            low = (low << 1) | (rest >> 63);
            rest <<= 1;
            exponent--;
        }

        return Unpacked.Finite(sign, exponent, high, low | ((rest | tailLow) != 0 ? 1UL : 0));
    }

    /// <summary>a / b, where b is not zero: 128 quotient bits by restoring division.</summary>
    public static Unpacked Divide(in Unpacked a, in Unpacked b)
    {
        bool sign = a.Sign ^ b.Sign;
        if (a.Class == FloatClass.Zero)
            return Unpacked.Zero(sign);
        UInt128 divisor = new(b.High, b.Low);
        UInt128 rest = new(a.High, a.Low);
        int exponent = a.Exponent - b.Exponent;
        UInt128 quotient = 0;
        if (rest >= divisor)
        {
            rest -= divisor;
            quotient = 1;
        }

        // The dividend is below twice the divisor, so that 128 or 129 steps fill the quotient.
        int steps = quotient != 0 ? 127 : 128;
        for (int i = 0; i < steps; i++)
        {
            bool carry = (rest >> 127) != 0;
            rest <<= 1;
            quotient <<= 1;
            if (carry || rest >= divisor)
            {
                rest -= divisor;
                quotient |= 1;
            }
        }

        if (steps == 128)
            exponent--;
        if (rest != 0)
            quotient |= 1;
        return Unpacked.Finite(sign, exponent, (ulong)(quotient >> 64), (ulong)quotient);
    }

    /// <summary>a / divisor for a small positive integer.</summary>
    public static Unpacked Divide(in Unpacked a, uint divisor)
    {
        if (a.Class == FloatClass.Zero)
            return a;
        int shift = System.Numerics.BitOperations.LeadingZeroCount((ulong)divisor);
        ulong normalized = (ulong)divisor << shift;
        // Shift down by one, so that the leading digit is below the normalised divisor; three digits keep 128 bits.
        ulong first = SoftFloat.Divide128(a.High >> 1, (a.High << 63) | (a.Low >> 1), normalized, out ulong rest);
        ulong second = SoftFloat.Divide128(rest, a.Low << 63, normalized, out rest);
        return SoftFloat.Normalize(a.Sign, a.Exponent - (63 - shift), first, second | (rest != 0 ? 1UL : 0));
    }
}
