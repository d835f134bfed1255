using System.Buffers.Binary;

namespace Faultline.Elf.Symbols;

/// <summary>Elf64_Sym without its name: what is kept in memory per symbol.</summary>
internal readonly struct SymbolEntry : IComparable<SymbolEntry>
{
    /// <summary>Size of Elf64_Sym in the file, in bytes.</summary>
    public const int Size = 24;

    private const ushort SHN_UNDEF = 0;
    private const ushort SHN_LORESERVE = 0xff00;
    private const ushort SHN_XINDEX = 0xffff;

    /// <summary>Decodes one entry.</summary>
    public SymbolEntry(ReadOnlySpan<byte> bytes)
    {
        st_name = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        _info = bytes[4];
        st_shndx = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        st_value = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        st_size = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
    }

    /// <summary>Link-time address.</summary>
    public ulong st_value { get; }

    /// <summary>Size in bytes.</summary>
    public ulong st_size { get; }

    /// <summary>Offset in the string table.</summary>
    public uint st_name { get; }

    /// <summary>Section index.</summary>
    public ushort st_shndx { get; }

    private SymbolEntry(in SymbolEntry other, ulong value)
    {
        this = other;
        st_value = value;
    }

    // Declared last so that an entry takes 24 bytes in memory too.
    private readonly byte _info;

    /// <summary>Type.</summary>
    public SymbolType Type => (SymbolType)(_info & 15);

    /// <summary>Binding.</summary>
    public SymbolBinding Binding => (SymbolBinding)(_info >> 4);

    /// <summary>Whether the symbol names a place in the image: defined there, named, and no section, file or thread-local.</summary>
    public bool IsPlace =>
        st_name != 0
        && st_shndx != SHN_UNDEF
        && (st_shndx < SHN_LORESERVE || st_shndx == SHN_XINDEX)
        && Type is SymbolType.STT_NOTYPE or SymbolType.STT_OBJECT or SymbolType.STT_FUNC or SymbolType.STT_GNU_IFUNC;

    /// <summary>The same symbol at a higher address.</summary>
    public SymbolEntry MovedBy(ulong distance) => new(this, st_value + distance);

    /// <summary>By address; at one address, the symbol that makes the better name comes last.</summary>
    public int CompareTo(SymbolEntry other)
    {
        if (st_value != other.st_value)
        {
            return st_value < other.st_value ? -1 : 1;
        }

        int order = Rank.CompareTo(other.Rank);
        if (order == 0)
        {
            // The larger of two sizes first, so that the innermost is met first when looking backwards.
            order = other.st_size.CompareTo(st_size);
        }

        return order != 0 ? order : other.st_name.CompareTo(st_name);
    }

    private int Rank =>
        (st_size != 0 ? 16 : 0)
        + (Type is SymbolType.STT_FUNC or SymbolType.STT_GNU_IFUNC ? 8 : Type == SymbolType.STT_OBJECT ? 4 : 0)
        + (Binding == SymbolBinding.STB_GLOBAL ? 2 : Binding == SymbolBinding.STB_WEAK ? 1 : 0);
}
