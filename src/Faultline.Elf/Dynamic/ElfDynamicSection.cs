using System.Buffers.Binary;
using Faultline.Elf.Headers;
using Faultline.Elf.Sources;

namespace Faultline.Elf.Dynamic;

/// <summary>The entries of PT_DYNAMIC up to DT_NULL, as the file has them (a dynamic linker may rewrite some in memory).</summary>
internal sealed class ElfDynamicSection
{
    /// <summary>Most entries that are read; the largest programs have a few hundred.</summary>
    public const int MaxEntries = 8192;

    private const int EntrySize = 16;

    private readonly ElfFile _file;
    private readonly (DynamicTag Tag, ulong Value)[] _entries;

    private ElfDynamicSection(ElfFile file, (DynamicTag Tag, ulong Value)[] entries)
    {
        _file = file;
        _entries = entries;
    }

    /// <summary>The entries in file order, without DT_NULL.</summary>
    public ReadOnlySpan<(DynamicTag Tag, ulong Value)> Entries => _entries;

    /// <summary>Reads the section; what lies outside the file or past <see cref="MaxEntries"/> is left out.</summary>
    public static ElfDynamicSection Read(ElfFile file)
    {
        int index = file.FindSegment(SegmentType.PT_DYNAMIC);
        if (index < 0)
        {
            return new ElfDynamicSection(file, []);
        }

        ref readonly ProgramHeader segment = ref file.ProgramHeaders[index];
        ulong length = (ulong)Math.Max(0, file.Source.Length);
        if (segment.p_offset >= length)
        {
            return new ElfDynamicSection(file, []);
        }

        int size = (int)Math.Min(Math.Min(segment.p_filesz, length - segment.p_offset), MaxEntries * EntrySize);
        byte[] bytes = new byte[size - (size % EntrySize)];
        if (!file.Source.TryReadExactly(segment.p_offset, bytes))
        {
            return new ElfDynamicSection(file, []);
        }

        int count = 0;
        while (count * EntrySize < bytes.Length && BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(count * EntrySize)) != 0)
        {
            count++;
        }

        (DynamicTag Tag, ulong Value)[] entries = count == 0 ? [] : new (DynamicTag, ulong)[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = bytes.AsSpan(i * EntrySize, EntrySize);
            entries[i] = ((DynamicTag)BinaryPrimitives.ReadUInt64LittleEndian(entry), BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]));
        }

        return new ElfDynamicSection(file, entries);
    }

    /// <summary>The value of the first entry with a tag.</summary>
    public bool TryGet(DynamicTag tag, out ulong value)
    {
        foreach ((DynamicTag entry, ulong entryValue) in _entries)
        {
            if (entry == tag)
            {
                value = entryValue;
                return true;
            }
        }

        value = 0;
        return false;
    }

    /// <summary>The string that the first entry with a tag names (DT_SONAME, DT_RUNPATH ...), or null.</summary>
    public string? GetString(DynamicTag tag) => TryGet(tag, out ulong offset) ? ReadString(offset) : null;

    /// <summary>The names of the needed libraries, in link order; those that cannot be read are left out.</summary>
    public List<string> GetNeeded()
    {
        List<string> names = [];
        foreach ((DynamicTag tag, ulong value) in _entries)
        {
            if (tag == DynamicTag.DT_NEEDED && ReadString(value) is string name)
            {
                names.Add(name);
            }
        }

        return names;
    }

    private string? ReadString(ulong offset)
    {
        // The longest file name of Linux is 255 bytes and the longest path 4096; a longer name could never be opened.
        return TryGet(DynamicTag.DT_STRTAB, out ulong table)
            && TryGet(DynamicTag.DT_STRSZ, out ulong size)
            && offset < size
            && _file.TryGetFileOffset(table + offset, out ulong position, out ulong available)
            ? _file.Source.ReadString(position, Math.Min(available, size - offset), ElfFile.PATH_MAX)
            : null;
    }
}
