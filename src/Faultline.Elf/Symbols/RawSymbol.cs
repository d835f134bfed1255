namespace Faultline.Elf.Symbols;

/// <summary>An entry of a symbol table as the file has it, for readers that follow relocations.</summary>
/// <param name="Name">Its name; empty for section symbols and where it cannot be read.</param>
/// <param name="Value">st_value: in relocatable objects an offset in <paramref name="Section"/>, or the alignment of a common symbol.</param>
/// <param name="Size">st_size.</param>
/// <param name="Section">st_shndx, or the index that SHT_SYMTAB_SHNDX gives in place of SHN_XINDEX.</param>
/// <param name="Type">Its type.</param>
/// <param name="Binding">Its binding.</param>
/// <param name="Visibility">Its visibility, STV_ of st_other: 0 default, 1 internal, 2 hidden, 3 protected.</param>
internal readonly record struct RawSymbol(
    string Name, ulong Value, ulong Size, uint Section, SymbolType Type, SymbolBinding Binding, byte Visibility)
{
    /// <summary>Section index of symbols that another file defines.</summary>
    public const uint SHN_UNDEF = 0;

    /// <summary>Section index of values that are not addresses in sections.</summary>
    public const uint SHN_ABS = 0xfff1;

    /// <summary>Section index of symbols that the linker allocates.</summary>
    public const uint SHN_COMMON = 0xfff2;

    /// <summary>The first of the reserved 16-bit section indexes.</summary>
    public const uint SHN_LORESERVE = 0xff00;

    /// <summary>Whether <see cref="Section"/> is the index of a section.</summary>
    public bool IsInSection => Section != SHN_UNDEF && !IsReserved;

    /// <summary>Whether <see cref="Section"/> came from st_shndx with one of the reserved values.</summary>
    public bool IsReserved { get; init; }
}
