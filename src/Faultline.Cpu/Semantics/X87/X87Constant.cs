using Faultline.Cpu.Semantics.Float;

namespace Faultline.Cpu.Semantics.X87;

/// <summary>What FLD1 and its relatives push.</summary>
/// <param name="Exponent">The exponent, unbiased.</param>
/// <param name="High">The significand.</param>
/// <param name="Low">64 more bits of it.</param>
internal readonly record struct X87Constant(int Exponent, ulong High, ulong Low)
{
    private const int Bias = 16383;

    public static X87Constant One => new(0, 1UL << 63, 0);

    public static X87Constant Log2Of10 => new(1, 0xD49A784BCD1B8AFE, 0x492BF6FF4DAFDB4D);

    public static X87Constant Log2OfE => new(0, 0xB8AA3B295C17F0BB, 0xBE87FED0691D3E89);

    public static X87Constant Pi => new(1, 0xC90FDAA22168C234, 0xC4C6628B80DC1CD1);

    public static X87Constant Log10Of2 => new(-2, 0x9A209A84FBCFF798, 0x8F8959AC0B7C9178);

    public static X87Constant LnOf2 => new(-1, 0xB17217F7D1CF79AB, 0xC9E3B39803F2F6AF);

    /// <summary>Rounded as a control word says.</summary>
    public Float80 Rounded(ref FloatContext c) => Float80.Pack(Unpacked.Finite(false, Exponent, High, Low), ref c);

    /// <summary>Rounded to nearest, as a significand and a biased exponent; zero for the default.</summary>
    public (ulong Significand, int SignExponent) Nearest => High == 0 ? (0, 0) : (High + (Low >> 63), Exponent + Bias);
}
