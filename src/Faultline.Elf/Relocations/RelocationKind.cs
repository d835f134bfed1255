namespace Faultline.Elf.Relocations;

/// <summary>How the value of a relocation is stored.</summary>
/// <param name="Width">Bytes that are written; 0 for none.</param>
/// <param name="IsRelative">Whether the place itself is subtracted.</param>
/// <param name="Fit">What the value must survive.</param>
internal readonly record struct RelocationKind(int Width, bool IsRelative, RelocationFit Fit)
{
    /// <summary>The kind of a type, for those whose value depends on symbol, addend and place alone; null for others (GOT, PLT offsets, TLS, sizes).</summary>
    public static RelocationKind? Of(RelocationType type) => type switch
    {
        RelocationType.R_X86_64_NONE => new RelocationKind(0, false, RelocationFit.Any),
        RelocationType.R_X86_64_64 => new RelocationKind(8, false, RelocationFit.Any),
        RelocationType.R_X86_64_PC64 => new RelocationKind(8, true, RelocationFit.Any),
        RelocationType.R_X86_64_32 => new RelocationKind(4, false, RelocationFit.ZeroExtended),
        RelocationType.R_X86_64_32S => new RelocationKind(4, false, RelocationFit.SignExtended),
        RelocationType.R_X86_64_PC32 or RelocationType.R_X86_64_PLT32 or RelocationType.R_X86_64_PC32_BND or RelocationType.R_X86_64_PLT32_BND =>
            new RelocationKind(4, true, RelocationFit.SignExtended),
        RelocationType.R_X86_64_16 => new RelocationKind(2, false, RelocationFit.ZeroExtended),
        RelocationType.R_X86_64_PC16 => new RelocationKind(2, true, RelocationFit.SignExtended),
        RelocationType.R_X86_64_8 => new RelocationKind(1, false, RelocationFit.ZeroExtended),
        RelocationType.R_X86_64_PC8 => new RelocationKind(1, true, RelocationFit.SignExtended),
        _ => null,
    };

    /// <summary>Whether a value keeps its meaning in <see cref="Width"/> bytes.</summary>
    public bool Holds(ulong value)
    {
        if (Width is 0 or 8)
        {
            return true;
        }

        int unused = 64 - (Width * 8);
        return Fit switch
        {
            RelocationFit.ZeroExtended => value << unused >> unused == value,
            RelocationFit.SignExtended => (ulong)((long)(value << unused) >> unused) == value,
            _ => true,
        };
    }
}
