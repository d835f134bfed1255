namespace Faultline.Cpu.Semantics.Float;

/// <summary>
/// A finite result that fits its destination format. Bit 63 of <see cref="Significand"/> clear means zero or denormal
/// (the biased exponent is then 0); the significand is aligned to bit 63 in either case. An exponent one above the
/// format's largest is infinity.
/// </summary>
/// <param name="Significand">The rounded significand; bits below the destination's precision are zero.</param>
/// <param name="Exponent">The unbiased exponent.</param>
internal readonly record struct Rounded(ulong Significand, int Exponent);
