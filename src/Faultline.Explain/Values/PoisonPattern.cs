namespace Faultline.Explain.Values;

/// <summary>A value that the kernel or a compiler writes on purpose so that its use shows.</summary>
/// <param name="Name">The constant's name in the sources.</param>
/// <param name="Base">The pattern at its full width, zero extended.</param>
/// <param name="Width">Bytes of the pattern: 1 (a fill byte), 4 or 8.</param>
/// <param name="State">What it says of the memory.</param>
/// <param name="Meaning">Who writes it and when, without a full stop.</param>
/// <param name="Alternatives">Other writers of the same pattern, or null.</param>
internal sealed record PoisonPattern(string Name, ulong Base, int Width, PoisonState State, string Meaning, string? Alternatives = null)
{
    /// <summary>The pattern filling eight bytes; for patterns of four and eight bytes the pattern itself.</summary>
    public ulong Filled => Width == 1 ? Base * 0x0101_0101_0101_0101 : Base;
}
