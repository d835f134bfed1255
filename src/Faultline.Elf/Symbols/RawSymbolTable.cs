using System.Buffers.Binary;
using Faultline.Elf.Headers;
using Faultline.Elf.Sources;

namespace Faultline.Elf.Symbols;

/// <summary>A SHT_SYMTAB or SHT_DYNSYM section by index, read entry by entry.</summary>
internal sealed class RawSymbolTable
{
    private const ushort SHN_XINDEX = 0xffff;

    private readonly ElfFile _file;
    private readonly ulong _offset;
    private readonly ulong _strings;
    private readonly ulong _stringsSize;
    private readonly ulong _indexes;
    private readonly ulong _indexesSize;

    private RawSymbolTable(ElfFile file, in SectionHeader header, in SectionHeader strings, in SectionHeader indexes)
    {
        _file = file;
        _offset = header.sh_offset;
        _strings = strings.sh_offset;
        _stringsSize = strings.sh_type == SectionType.SHT_STRTAB ? strings.sh_size : 0;
        _indexes = indexes.sh_offset;
        _indexesSize = indexes.sh_size;
        ulong length = (ulong)Math.Max(0, file.Source.Length);
        ulong available = header.sh_offset >= length ? 0 : length - header.sh_offset;
        Count = (uint)Math.Min(Math.Min(header.sh_size, available) / SymbolEntry.Size, uint.MaxValue);
    }

    /// <summary>How many entries there are, the null symbol included.</summary>
    public uint Count { get; }

    /// <summary>The table of a section; null when it is none.</summary>
    public static RawSymbolTable? Read(ElfFile file, uint section)
    {
        ReadOnlySpan<SectionHeader> headers = file.Sections.Headers;
        if (section >= headers.Length || headers[(int)section].sh_type is not (SectionType.SHT_SYMTAB or SectionType.SHT_DYNSYM))
        {
            return null;
        }

        ref readonly SectionHeader header = ref headers[(int)section];
        SectionHeader strings = header.sh_link < headers.Length ? headers[(int)header.sh_link] : default;
        SectionHeader indexes = default;
        foreach (ref readonly SectionHeader candidate in headers)
        {
            if (candidate.sh_type == SectionType.SHT_SYMTAB_SHNDX && candidate.sh_link == section)
            {
                indexes = candidate;
                break;
            }
        }

        return new RawSymbolTable(file, header, strings, indexes);
    }

    /// <summary>One entry; false past the end or where the file cannot be read.</summary>
    public bool TryGet(uint index, out RawSymbol symbol)
    {
        symbol = default;
        Span<byte> bytes = stackalloc byte[SymbolEntry.Size];
        if (index >= Count || !_file.Source.TryReadExactly(_offset + ((ulong)index * SymbolEntry.Size), bytes))
        {
            return false;
        }

        SymbolEntry entry = new(bytes);
        uint section = entry.st_shndx;
        bool isReserved = section >= RawSymbol.SHN_LORESERVE;
        Span<byte> extended = stackalloc byte[4];
        if (section == SHN_XINDEX && index < _indexesSize / 4 && _file.Source.TryReadExactly(_indexes + (4UL * index), extended))
        {
            section = BinaryPrimitives.ReadUInt32LittleEndian(extended);
            isReserved = false;
        }

        string? name = entry.st_name != 0 && entry.st_name < _stringsSize && _strings <= ulong.MaxValue - entry.st_name
            ? _file.Source.ReadString(_strings + entry.st_name, _stringsSize - entry.st_name)
            : null;
        symbol = new RawSymbol(
            name ?? string.Empty, entry.st_value, entry.st_size, section, entry.Type, entry.Binding, (byte)(bytes[5] & 3))
        { IsReserved = isReserved };
        return true;
    }
}
