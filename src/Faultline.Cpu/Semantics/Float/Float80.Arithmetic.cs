namespace Faultline.Cpu.Semantics.Float;

/// <content>Arithmetic and comparison.</content>
internal readonly partial record struct Float80
{
    /// <summary>a + b, rounded to the precision control.</summary>
    public static Float80 Add(Float80 a, Float80 b, ref FloatContext c) =>
        Pack(SoftFloat.Add(a.Unpack(), b.Unpack(), false, ref c), c.Precision, ref c);

    /// <summary>a - b, rounded to the precision control.</summary>
    public static Float80 Sub(Float80 a, Float80 b, ref FloatContext c) =>
        Pack(SoftFloat.Add(a.Unpack(), b.Unpack(), true, ref c), c.Precision, ref c);

    /// <summary>a * b, rounded to the precision control.</summary>
    public static Float80 Mul(Float80 a, Float80 b, ref FloatContext c) =>
        Pack(SoftFloat.Multiply(a.Unpack(), b.Unpack(), ref c), c.Precision, ref c);

    /// <summary>a / b, rounded to the precision control.</summary>
    public static Float80 Div(Float80 a, Float80 b, ref FloatContext c) =>
        Pack(SoftFloat.Divide(a.Unpack(), b.Unpack(), ref c), c.Precision, ref c);

    /// <summary>The square root of a, rounded to the precision control.</summary>
    public static Float80 Sqrt(Float80 a, ref FloatContext c) =>
        Pack(SoftFloat.SquareRoot(a.Unpack(), ref c), c.Precision, ref c);

    /// <summary>Compares a with b.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="quiet">FUCOM: a quiet NaN does not raise IE. FCOM: it does.</param>
    /// <param name="c">Control and flags.</param>
    public static FloatRelation Compare(Float80 a, Float80 b, bool quiet, ref FloatContext c) =>
        SoftFloat.Compare(a.Unpack(), b.Unpack(), quiet, ref c);

    /// <summary>FRNDINT: rounds to an integral value; precision control has no effect.</summary>
    public static Float80 RoundToIntegral(Float80 a, ref FloatContext c)
    {
        Unpacked value = a.Unpack();
        if (value.IsDenormal)
            c.Raise(FloatFlags.Denormal);
        Unpacked integral = SoftFloat.RoundToIntegral(value, c.Rounding, false, ref c);
        bool up = c.RoundedUp;
        Float80 result = Pack(integral, ref c);
        c.RoundedUp = up;
        return result;
    }
}
