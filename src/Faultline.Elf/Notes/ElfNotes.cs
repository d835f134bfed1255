using System.Buffers.Binary;
using Faultline.Elf.Headers;
using Faultline.Elf.Sources;

namespace Faultline.Elf.Notes;

/// <summary>The notes of a file: of its PT_NOTE segments, or of its SHT_NOTE sections when it has no segments at all.</summary>
internal sealed class ElfNotes
{
    /// <summary>Most notes that are read.</summary>
    public const int MaxNotes = 4096;

    private const int HeaderSize = 12;
    private const int LongestName = 64;
    private const int LongestDescriptor = 4096;

    private readonly IElfSource _source;
    private readonly List<ElfNote> _all = [];

    private ElfNotes(IElfSource source)
    {
        _source = source;
    }

    /// <summary>The notes in file order, up to <see cref="MaxNotes"/>.</summary>
    public IReadOnlyList<ElfNote> All => _all;

    /// <summary>Whether notes were left out: there are too many, or a note is not wholly inside its segment and the file.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Reads the headers and names of all notes.</summary>
    public static ElfNotes Read(ElfFile file)
    {
        ElfNotes notes = new(file.Source);
        foreach (ref readonly ProgramHeader segment in file.ProgramHeaders)
        {
            if (segment.p_type == SegmentType.PT_NOTE)
            {
                notes.ReadRange(segment.p_offset, segment.p_filesz, segment.p_align);
            }
        }

        if (file.ProgramHeaders.Length == 0)
        {
            foreach (ref readonly SectionHeader section in file.Sections.Headers)
            {
                if (section.sh_type == SectionType.SHT_NOTE)
                {
                    notes.ReadRange(section.sh_offset, section.sh_size, section.sh_addralign);
                }
            }
        }

        return notes;
    }

    /// <summary>Index in <see cref="All"/> of the first note of an owner and type, or -1.</summary>
    public int Find(string name, uint type)
    {
        for (int i = 0; i < _all.Count; i++)
        {
            if (_all[i].Type == type && _all[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The descriptor of a note, or null when it is longer than 4 KiB or cannot be read.</summary>
    public byte[]? ReadDescriptor(in ElfNote note)
    {
        if (note.DescriptorSize > LongestDescriptor)
        {
            return null;
        }

        byte[] bytes = new byte[note.DescriptorSize];
        return _source.TryReadExactly(note.DescriptorOffset, bytes) ? bytes : null;
    }

    /// <summary>The build id in lower-case hexadecimal, or null.</summary>
    public string? GetBuildId()
    {
        int index = Find(ElfNote.GNU, ElfNote.NT_GNU_BUILD_ID);
        return index >= 0 && ReadDescriptor(_all[index]) is byte[] bytes ? Convert.ToHexStringLower(bytes) : null;
    }

    /// <summary>
    /// A 4-byte property of the GNU property note, such as <see cref="GnuProperty.GNU_PROPERTY_X86_FEATURE_1_AND"/>. False when it is absent.
    /// </summary>
    public bool TryGetProperty(uint type, out uint value)
    {
        value = 0;
        int index = Find(ElfNote.GNU, ElfNote.NT_GNU_PROPERTY_TYPE_0);
        if (index < 0 || ReadDescriptor(_all[index]) is not byte[] bytes)
        {
            return false;
        }

        // An array of { pr_type, pr_datasz, data padded to 8 bytes } in ELF64.
        ReadOnlySpan<byte> rest = bytes;
        while (rest.Length >= 8)
        {
            uint propertyType = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            rest = rest[8..];
            if (size > (uint)rest.Length)
            {
                return false;
            }

            if (propertyType == type)
            {
                bool isWord = size == 4;
                value = isWord ? BinaryPrimitives.ReadUInt32LittleEndian(rest) : 0;
                return isWord;
            }

            rest = rest[Math.Min(rest.Length, ((int)size + 7) & ~7)..];
        }

        return false;
    }

    private void ReadRange(ulong offset, ulong size, ulong align)
    {
        // Names and descriptors are padded to 4 bytes, or to 8 in segments that say so (only GNU properties do).
        ulong padding = align == 8 ? 7UL : 3UL;
        if (!_source.Contains(offset, size))
        {
            IsIncomplete = true;
            return;
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        ulong position = 0;
        while (size - position >= HeaderSize)
        {
            if (_all.Count == MaxNotes || !_source.TryReadExactly(offset + position, header))
            {
                IsIncomplete = true;
                return;
            }

            ulong nameSize = BinaryPrimitives.ReadUInt32LittleEndian(header);
            uint descriptorSize = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            ulong descriptor = (position + HeaderSize + nameSize + padding) & ~padding;
            if (descriptor > size || descriptorSize > size - descriptor)
            {
                IsIncomplete = true;
                return;
            }

            string? name = nameSize == 0 ? string.Empty : _source.ReadString(offset + position + HeaderSize, nameSize, LongestName);
            _all.Add(new ElfNote(
                name ?? string.Empty, BinaryPrimitives.ReadUInt32LittleEndian(header[8..]), offset + descriptor, descriptorSize));
            ulong next = (descriptor + descriptorSize + padding) & ~padding;
            if (next >= size)
            {
                return;
            }

            position = next;
        }
    }
}
