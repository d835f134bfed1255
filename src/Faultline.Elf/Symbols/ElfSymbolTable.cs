using Faultline.Elf.Headers;
using Faultline.Elf.Sections;
using Faultline.Elf.Sources;

namespace Faultline.Elf.Symbols;

/// <summary>
/// The symbols of an image that name places, sorted by address. Names stay in the file until a symbol is found.
/// </summary>
internal sealed partial class ElfSymbolTable
{
    /// <summary>Most symbols that are read, at 32 bytes each in memory. The rest is left out and <see cref="IsIncomplete"/> set.</summary>
    public const int MaxSymbols = 1 << 21;

    private readonly ElfFile _file;
    private readonly SymbolEntry[] _entries;
    private readonly ulong[] _reach;
    private readonly ulong _strings;
    private readonly ulong _stringsSize;

    private ElfSymbolTable(ElfFile file, SymbolEntry[] entries, in SymbolTableLocation location, bool isIncomplete)
    {
        _file = file;
        _entries = entries;
        _strings = location.Strings;
        _stringsSize = location.StringsSize;
        IsIncomplete = isIncomplete;

        // _reach[i] is the highest address covered by symbols 0 to i: looking backwards may stop where it is below the address.
        _reach = entries.Length == 0 ? [] : new ulong[entries.Length];
        ulong reach = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i].st_size != 0)
            {
                ulong last = entries[i].st_value + entries[i].st_size - 1;
                reach = Math.Max(reach, last < entries[i].st_value ? ulong.MaxValue : last);
            }

            _reach[i] = reach;
        }
    }

    /// <summary>How many symbols name places.</summary>
    public int Count => _entries.Length;

    /// <summary>Whether symbols were left out: too many, or part of the table is outside the file.</summary>
    public bool IsIncomplete { get; }

    /// <summary>
    /// Reads .symtab, or .dynsym where the file was stripped of it, or the table of the dynamic section where it has no section headers.
    /// The values of relocatable objects, which are offsets in sections, are moved to the addresses of <see cref="ObjectLayout"/>.
    /// </summary>
    public static ElfSymbolTable Read(ElfFile file)
    {
        if (!SymbolTableLocation.TryFind(file, out SymbolTableLocation location))
        {
            return new ElfSymbolTable(file, [], default, isIncomplete: false);
        }

        ulong count = Math.Min(location.Count, MaxSymbols);
        ulong length = (ulong)Math.Max(0, file.Source.Length);
        count = location.Symbols >= length ? 0 : Math.Min(count, (length - location.Symbols) / SymbolEntry.Size);
        SymbolEntry[] entries = count == 0 ? [] : new SymbolEntry[(int)count];
        ObjectLayout? layout = file.Header.e_type == ElfType.ET_REL ? file.SectionLayout : null;
        int places = 0;
        byte[] buffer = new byte[(int)Math.Min(count, 512) * SymbolEntry.Size];
        ulong done = 0;
        while (done < count)
        {
            int batch = (int)Math.Min(count - done, 512);
            if (!file.Source.TryReadExactly(location.Symbols + (done * SymbolEntry.Size), buffer.AsSpan(0, batch * SymbolEntry.Size)))
            {
                break;
            }

            for (int i = 0; i < batch; i++)
            {
                SymbolEntry entry = new(buffer.AsSpan(i * SymbolEntry.Size));
                if (entry.IsPlace)
                {
                    entries[places++] = layout is null ? entry : entry.MovedBy(layout.AddressOf(entry.st_shndx));
                }
            }

            done += (ulong)batch;
        }

        Array.Resize(ref entries, places);
        Array.Sort(entries);
        return new ElfSymbolTable(file, entries, location, done < location.Count);
    }

    /// <summary>The symbol at an index, in order of address, with its name from the file (empty when it cannot be read).</summary>
    public ElfSymbol this[int index]
    {
        get
        {
            ref readonly SymbolEntry entry = ref _entries[index];
            string? name = entry.st_name < _stringsSize && _strings <= ulong.MaxValue - entry.st_name
                ? _file.Source.ReadString(_strings + entry.st_name, _stringsSize - entry.st_name)
                : null;
            return new ElfSymbol(name ?? string.Empty, entry.st_value, entry.st_size, entry.Type, entry.Binding);
        }
    }

    /// <summary>
    /// The symbol that a link-time address belongs to: the innermost one whose size covers it, otherwise the nearest one before it
    /// if that has no size and the address is still in its section.
    /// </summary>
    /// <param name="address">Link-time address.</param>
    /// <param name="symbol">The symbol.</param>
    /// <param name="offset">Distance from its start, in bytes.</param>
    public bool TryFind(ulong address, out ElfSymbol symbol, out ulong offset)
    {
        int found = FindIndex(address);
        symbol = found < 0 ? default : this[found];
        offset = found < 0 ? 0 : address - symbol.Address;
        return found >= 0 && symbol.Name.Length != 0;
    }

    /// <summary>Index of the symbol that <see cref="TryFind"/> finds, or -1.</summary>
    public int FindIndex(ulong address)
    {
        int last = LastAtOrBefore(address);
        for (int i = last; i >= 0 && _reach[i] >= address; i--)
        {
            if (address - _entries[i].st_value < _entries[i].st_size)
            {
                return i;
            }
        }

        return last >= 0 && _entries[last].st_size == 0 && IsInSectionOf(_entries[last], address) ? last : -1;
    }

    private int LastAtOrBefore(ulong address)
    {
        int low = 0;
        int high = _entries.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (_entries[middle].st_value <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private bool IsInSectionOf(in SymbolEntry entry, ulong address)
    {
        ReadOnlySpan<SectionHeader> sections = _file.Sections.Headers;
        if (entry.st_shndx >= sections.Length)
        {
            // No sections to go by: at least the segment must hold both.
            return IsInSegmentOf(entry.st_value, address);
        }

        ref readonly SectionHeader section = ref sections[entry.st_shndx];
        return address - _file.SectionLayout.AddressOf(entry.st_shndx) < section.sh_size;
    }

    private bool IsInSegmentOf(ulong start, ulong address)
    {
        foreach (ref readonly ProgramHeader segment in _file.ProgramHeaders)
        {
            if (segment.p_type == SegmentType.PT_LOAD && start - segment.p_vaddr < segment.p_memsz)
            {
                return address - segment.p_vaddr < segment.p_memsz;
            }
        }

        return false;
    }
}
