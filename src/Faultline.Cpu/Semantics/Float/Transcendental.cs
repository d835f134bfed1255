namespace Faultline.Cpu.Semantics.Float;

/// <summary>
/// The series behind the x87's transcendental functions, on 128-bit significands. Every series is cut where its terms
/// fall below 2^-120 of the sum and every step errs by less than 2^-126, so that a result, before its one rounding to 64
/// bits, is within 2^-115 of the true value: the rounded one is within 0.5000001 units in the last place.
/// </summary>
internal static class Transcendental
{
    /// <summary>Below this exponent the second term of a series is no more than a sticky bit.</summary>
    private const int NegligibleExponent = -130;

    private static Unpacked Ln2 => Unpacked.Finite(false, -1, 0xB17217F7D1CF79AB, 0xC9E3B39803F2F6AF);

    private static Unpacked TwoOverLn2 => Unpacked.Finite(false, 1, 0xB8AA3B295C17F0BB, 0xBE87FED0691D3E89);

    /// <summary>Pi.</summary>
    public static Unpacked Pi => Unpacked.Finite(false, 1, 0xC90FDAA22168C234, 0xC4C6628B80DC1CD1);

    /// <summary>atan(k / 8) for k = 1 to 8: high and low half of the significand, then the exponent.</summary>
    private static ReadOnlySpan<ulong> ArcTangents =>
    [
        0xFEADD4D5617B6E32, 0xC897989F3E888EF8, unchecked((ulong)-4),
        0xFADBAFC96406EB15, 0x6DC79EF5F7A217E6, unchecked((ulong)-3),
        0xB7B0CA0F26F78473, 0x8AA32122DCFE4483, unchecked((ulong)-2),
        0xED63382B0DDA7B45, 0x6FE445ECBC3A8D03, unchecked((ulong)-2),
        0x8F005D5EF7F59F9B, 0x5C835E1665C43748, unchecked((ulong)-1),
        0xA4BC7D1934F70924, 0x19A87F2A457DAC9F, unchecked((ulong)-1),
        0xB8053E2BC2319E73, 0xCB2DA55210A4443D, unchecked((ulong)-1),
        0xC90FDAA22168C234, 0xC4C6628B80DC1CD1, unchecked((ulong)-1),
    ];

    /// <summary>2^x - 1 for a finite non-zero x of magnitude at most one.</summary>
    public static Unpacked TwoToXMinusOne(in Unpacked x)
    {
        // With y = x ln 2: y (1 + y/2 (1 + y/3 (...))). 0.7^34 / 34! is below 2^-140.
        Unpacked y = WideMath.Multiply(x, Ln2);
        Unpacked sum = WideMath.One;
        for (uint n = (uint)Terms(y.Exponent, 1, 34); n >= 2; n--)
            sum = WideMath.Add(WideMath.One, WideMath.Divide(WideMath.Multiply(y, sum), n));
        return WideMath.Multiply(y, sum);
    }

    /// <summary>log2(x) for a finite positive x; exact for powers of two.</summary>
    public static Unpacked Log2(in Unpacked x)
    {
        // x = m 2^k with m between sqrt(1/2) and sqrt(2), so that k + log2(m) does not cancel.
        int k = x.Exponent;
        Unpacked m = x;
        m.Exponent = 0;
        m.Sign = false;
        if (x.High > 0xB504F333F9DE6484)
        {
            m.Exponent = -1;
            k++;
        }

        Unpacked fraction = WideMath.Subtract(m, WideMath.One);
        Unpacked logarithm = fraction.Class == FloatClass.Zero
            ? fraction
            : Log2OfRatio(WideMath.Divide(fraction, WideMath.Add(m, WideMath.One)));
        return WideMath.Add(Unpacked.FromInteger(k < 0, (ulong)Math.Abs((long)k)), logarithm);
    }

    /// <summary>log2(1 + x) for a finite non-zero x above -1, without cancellation near zero.</summary>
    public static Unpacked Log2OfOnePlus(in Unpacked x)
    {
        if (x.Exponent >= -2)
            return Log2(WideMath.Add(WideMath.One, x));
        return Log2OfRatio(WideMath.Divide(x, WideMath.Add(WideMath.Scale(WideMath.One, 1), x)));
    }

    /// <summary>The arctangent of y / x for positive finite y and x, between 0 and pi / 2.</summary>
    public static Unpacked ArcTangent(in Unpacked y, in Unpacked x)
    {
        bool swap = y.Exponent > x.Exponent || (y.Exponent == x.Exponent && y.High > x.High);
        Unpacked numerator = swap ? x : y;
        Unpacked denominator = swap ? y : x;
        numerator.Sign = denominator.Sign = false;
        int k = 0;
        int difference = numerator.Exponent - denominator.Exponent;
        if (difference >= -5)
            k = (int)Math.Round(Math.ScaleB((double)numerator.High / denominator.High, difference + 3));
        Unpacked angle = Unpacked.Zero(false);
        if (k != 0)
        {
            // atan(n/d) = atan(k/8) + atan((8n - kd) / (8d + kn)), where the second ratio is at most 1/16.
            Unpacked factor = Unpacked.FromInteger(false, (ulong)k);
            Unpacked n = WideMath.Subtract(WideMath.Scale(numerator, 3), WideMath.Multiply(factor, denominator));
            denominator = WideMath.Add(WideMath.Scale(denominator, 3), WideMath.Multiply(factor, numerator));
            numerator = n;
            int entry = (k - 1) * 3;
            angle = Unpacked.Finite(false, (int)ArcTangents[entry + 2], ArcTangents[entry], ArcTangents[entry + 1]);
        }

        if (numerator.Class != FloatClass.Zero)
            angle = WideMath.Add(angle, ArcTangentSeries(WideMath.Divide(numerator, denominator)));
        return swap ? WideMath.Subtract(WideMath.Scale(Pi, -1), angle) : angle;
    }

    /// <summary>
    /// Reduces a finite x below 2^63 to r in -pi/4 to pi/4, where x = r + quadrant * pi / 2 for the 66-bit pi that the x87
    /// uses (SDM Vol. 1, 8.3.8).
    /// </summary>
    /// <param name="x">The angle.</param>
    /// <param name="quadrant">The number of quarter turns, modulo 4.</param>
    public static Unpacked ReduceAngle(in Unpacked x, out int quadrant)
    {
        quadrant = 0;
        if (x.Exponent < -1)
            return x;
        // Both in units of 2^-65: pi / 2 is then the integer below.
        UInt128 halfPi = new(3, 0x243F6A8885A308D3);
        UInt128 angle = (UInt128)x.High << (x.Exponent + 2);
        (UInt128 turns, UInt128 rest) = UInt128.DivRem(angle, halfPi);
        bool sign = x.Sign;
        if (rest << 1 > halfPi)
        {
            rest = halfPi - rest;
            turns++;
            sign = !sign;
        }

        quadrant = (int)((ulong)turns & 3);
        if (x.Sign)
            quadrant = -quadrant & 3;
        return rest == 0 ? Unpacked.Zero(sign) : SoftFloat.Normalize(sign, 62, (ulong)(rest >> 64), (ulong)rest);
    }

    /// <summary>The sine of a reduced angle.</summary>
    public static Unpacked SineSeries(in Unpacked r)
    {
        if (r.Class == FloatClass.Zero)
            return r;
        return WideMath.Multiply(r, AlternatingSeries(r, 2));
    }

    /// <summary>The cosine of a reduced angle.</summary>
    public static Unpacked CosineSeries(in Unpacked r) =>
        r.Class == FloatClass.Zero ? WideMath.One : AlternatingSeries(r, 1);

    /// <summary>1 - r^2/(i(i+1)) (1 - r^2/((i+2)(i+3)) (...)): sin(r)/r from i = 2 on, cos(r) from i = 1 on.</summary>
    private static Unpacked AlternatingSeries(in Unpacked r, uint start)
    {
        Unpacked square = WideMath.Multiply(r, r);
        Unpacked sum = WideMath.One;
        for (int n = Terms(square.Exponent, 0, 17); n >= 0; n--)
        {
            uint i = start + (2 * (uint)n);
            sum = WideMath.Subtract(WideMath.One, WideMath.Divide(WideMath.Multiply(square, sum), i * (i + 1)));
        }

        return sum;
    }

    /// <summary>log2((1 + z) / (1 - z)) = 2 / ln 2 * (z + z^3/3 + z^5/5 + ...) for |z| up to 0.172.</summary>
    private static Unpacked Log2OfRatio(in Unpacked z) =>
        WideMath.Multiply(WideMath.Multiply(z, OddReciprocals(z, alternating: false, 26)), TwoOverLn2);

    /// <summary>z - z^3/3 + z^5/5 - ... for |z| up to 1/16.</summary>
    private static Unpacked ArcTangentSeries(in Unpacked z) =>
        WideMath.Multiply(z, OddReciprocals(z, alternating: true, 17));

    /// <summary>1 (+ or -) z^2/3 + z^4/5 (+ or -) ...</summary>
    private static Unpacked OddReciprocals(in Unpacked z, bool alternating, int most)
    {
        Unpacked square = WideMath.Multiply(z, z);
        square.Sign = alternating;
        int n = Terms(square.Exponent, 1, most);
        Unpacked sum = WideMath.Divide(WideMath.One, (uint)((2 * n) + 1));
        for (; n >= 1; n--)
            sum = WideMath.Add(WideMath.Divide(WideMath.One, (uint)((2 * n) - 1)), WideMath.Multiply(square, sum));
        return sum;
    }

    /// <summary>How many terms matter when each is below 2^(exponent + 1) of the one before.</summary>
    private static int Terms(int exponent, int least, int most)
    {
        int perTerm = -exponent - 1;
        return exponent <= NegligibleExponent ? least + 1 : perTerm <= 0 ? most : Math.Min(most, (128 / perTerm) + least + 1);
    }
}
