using Faultline.Elf.Headers;
using Faultline.Elf.Sources;

namespace Faultline.Elf.Relocations;

/// <summary>The relocations of one SHT_RELA or SHT_REL section, read in pieces.</summary>
internal sealed class ElfRelocationTable
{
    /// <summary>Most entries that are read; a kernel linked with its relocations has 12 million in all, 10 million in its largest table.</summary>
    public const ulong MaxEntries = 1 << 24;

    private const int Batch = 512;

    private readonly ElfFile _file;
    private readonly ulong _offset;
    private readonly int _entrySize;

    private ElfRelocationTable(ElfFile file, ulong offset, int entrySize, ulong count, in SectionHeader header)
    {
        _file = file;
        _offset = offset;
        _entrySize = entrySize;
        Count = count;
        Target = header.sh_info;
        SymbolTable = header.sh_link;
    }

    /// <summary>How many entries there are to read.</summary>
    public ulong Count { get; }

    /// <summary>sh_info: the section whose contents are relocated.</summary>
    public uint Target { get; }

    /// <summary>sh_link: the symbol table.</summary>
    public uint SymbolTable { get; }

    /// <summary>Whether entries carry addends.</summary>
    public bool HasAddends => _entrySize == ElfRelocation.RelaSize;

    /// <summary>Whether the section claims more than the file holds or than is read.</summary>
    public bool IsIncomplete { get; private init; }

    /// <summary>The table of a section; null when it is no relocation section or its entries have another size.</summary>
    public static ElfRelocationTable? Read(ElfFile file, int section)
    {
        if ((uint)section >= (uint)file.Sections.Headers.Length)
        {
            return null;
        }

        ref readonly SectionHeader header = ref file.Sections.Headers[section];
        int entrySize = header.sh_type switch
        {
            SectionType.SHT_RELA => ElfRelocation.RelaSize,
            SectionType.SHT_REL => ElfRelocation.RelSize,
            _ => 0,
        };
        if (entrySize == 0 || header.sh_entsize != (ulong)entrySize)
        {
            return null;
        }

        ulong length = (ulong)Math.Max(0, file.Source.Length);
        ulong claimed = header.sh_size / (ulong)entrySize;
        ulong present = header.sh_offset >= length ? 0 : Math.Min(claimed, (length - header.sh_offset) / (ulong)entrySize);
        ulong count = Math.Min(present, MaxEntries);
        return new ElfRelocationTable(file, header.sh_offset, entrySize, count, header) { IsIncomplete = count != claimed };
    }

    /// <summary>All entries in file order; ends early where the file cannot be read.</summary>
    public IEnumerable<ElfRelocation> Entries()
    {
        byte[] buffer = new byte[(int)Math.Min(Count, Batch) * _entrySize];
        for (ulong done = 0; done < Count;)
        {
            int batch = (int)Math.Min(Count - done, Batch);
            if (!_file.Source.TryReadExactly(_offset + (done * (ulong)_entrySize), buffer.AsSpan(0, batch * _entrySize)))
            {
                yield break;
            }

            for (int i = 0; i < batch; i++)
            {
                yield return ElfRelocation.Decode(buffer.AsSpan(i * _entrySize, _entrySize));
            }

            done += (ulong)batch;
        }
    }
}
