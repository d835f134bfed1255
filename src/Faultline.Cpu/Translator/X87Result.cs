namespace Faultline.Cpu.Translator;

/// <summary>What an operation of <see cref="X87Glue"/> returns: two words, because that many come back in registers.</summary>
/// <param name="Significand">The significand.</param>
/// <param name="Rest">
/// Bits 15:0 sign and exponent, from bit 16 what rounding did: C1 in bit 16, PE in bit 17. Negative when the operands or the result are not ordinary: then nothing was computed.
/// </param>
internal readonly record struct X87Result(ulong Significand, long Rest);
