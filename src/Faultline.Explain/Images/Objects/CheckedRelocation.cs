using Faultline.Elf.Relocations;

namespace Faultline.Explain.Images.Objects;

/// <summary>A relocation, and what a loader makes of it.</summary>
/// <param name="Section">Name of the section that is relocated.</param>
/// <param name="Offset">Offset of the field in that section.</param>
/// <param name="Type">The type.</param>
/// <param name="Symbol">The symbol's name, or that of its section.</param>
/// <param name="Addend">The addend.</param>
/// <param name="Place">Address of the field.</param>
/// <param name="Value">What is to be stored, before it is cut to the field's width.</param>
/// <param name="Verdict">What becomes of it.</param>
/// <param name="FileOffset">Where in the file the field is.</param>
/// <param name="Detail">A number that the loader's message has: the section index of <see cref="RelocationVerdict.IsMalformed"/>.</param>
internal readonly record struct CheckedRelocation(
    string Section, ulong Offset, RelocationType Type, string Symbol, long Addend, ulong Place, ulong Value, RelocationVerdict Verdict,
    ulong FileOffset, uint Detail)
{
    /// <summary>The type as psABI names it, or its number.</summary>
    public string TypeName => NameOf(Type);

    /// <summary>The symbol with the addend: "purgatory_sha_regions+0x8".</summary>
    public string Target => Addend switch
    {
        0 => Symbol,
        > 0 => $"{Symbol}+0x{Addend:x}",
        _ => $"{Symbol}-0x{0UL - (ulong)Addend:x}",
    };

    /// <summary>The name of a type as the psABI has it, or its number.</summary>
    public static string NameOf(RelocationType type) => Enum.IsDefined(type) ? type.ToString() : $"type {(uint)type}";
}
