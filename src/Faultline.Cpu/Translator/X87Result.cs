namespace Faultline.Cpu.Translator;

/// <summary>What an operation of <see cref="X87Glue"/> returns: two words, because that many come back in registers.</summary>
/// <param name="Significand">The significand.</param>
/// <param name="Rest">
/// Bits 15:0 sign and exponent, then C1 in bit <see cref="UpBit"/> and PE in bit <see cref="InexactBit"/>. Negative when the operands or the result are not ordinary: then
/// nothing was computed.
/// </param>
internal readonly record struct X87Result(ulong Significand, long Rest)
{
    /// <summary>Where C1 is: whether rounding increased the magnitude.</summary>
    public const int UpBit = 16;

    /// <summary>Where PE is.</summary>
    public const int InexactBit = 17;
}
