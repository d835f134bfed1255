namespace Faultline.Explain.Values;

/// <summary>A value recognised as a poison pattern plus an offset.</summary>
/// <param name="Value">The value.</param>
/// <param name="Pattern">The pattern.</param>
/// <param name="Offset">Bytes that the value is past the pattern: where in the object the access was aimed. Negative for what container_of leaves.</param>
/// <param name="Width">Bytes of the value that the pattern fills: 8, or 4 when the upper half is zero.</param>
internal readonly record struct PoisonMatch(ulong Value, PoisonPattern Pattern, long Offset, int Width)
{
    /// <summary>Whether the value says something alone. Half a register of one byte, and patterns seldom met, need more evidence.</summary>
    public bool IsStrong => Width == 8 && Pattern.Width != 4 && Poison.IsCommon(Pattern);

    /// <summary>Such as "POISON_FREE + 0x8".</summary>
    public string Describe() => Offset switch
    {
        0 => Pattern.Name,
        > 0 => $"{Pattern.Name} + 0x{Offset:x}",
        _ => $"{Pattern.Name} - 0x{-Offset:x}",
    };
}
