namespace Faultline.Explain.Values;

/// <summary>Classification by the address ranges of x86-64 Linux alone (Documentation/arch/x86/x86_64/mm.rst).</summary>
internal sealed class ValueClassifier : IValueClassifier
{
    private ValueClassifier()
    {
    }

    /// <summary>The one instance: it keeps no state.</summary>
    public static ValueClassifier Instance { get; } = new();

    /// <inheritdoc/>
    public ClassifiedValue Classify(ulong value, ExplainContext context) => value switch
    {
        0 => new(ValueClass.Zero, ""),
        < 0x1_0000 => new(ValueClass.Number, ""),
        < 0x8000_0000_0000 => new(ValueClass.User, ""),
        < 0xFFFF_8000_0000_0000 => new(ValueClass.NonCanonical, "not canonical"),
        >= 0xFFFF_FFFF_FFFF_F001 => new(ValueClass.ErrorPointer, ""),
        >= 0xFFFF_FFFF_C000_0000 => new(ValueClass.Module, ""),
        >= 0xFFFF_FFFF_8000_0000 => new(ValueClass.KernelText, ""),
        _ => new(ValueClass.Unknown, ""),
    };
}
