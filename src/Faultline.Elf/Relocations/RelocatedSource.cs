using System.Buffers.Binary;
using Faultline.Elf.Headers;
using Faultline.Elf.Sources;
using Faultline.Elf.Symbols;

namespace Faultline.Elf.Relocations;

/// <summary>
/// The contents of a debug section of a relocatable object with its relocations applied for the addresses of <see cref="Sections.ObjectLayout"/>.
/// Compilers write relocations in order of offset, so those of each piece that is read are found by bisection, and none are kept.
/// </summary>
internal sealed class RelocatedSource : IElfSource
{
    private const int WidestField = 8;
    private const int MostSymbolsKept = 1 << 16;

    private readonly ElfFile _file;
    private readonly IElfSource _raw;
    private readonly ulong _relocations;
    private readonly ulong _count;
    private readonly RawSymbolTable _symbols;
    private readonly Dictionary<uint, ulong> _values = [];

    private RelocatedSource(ElfFile file, IElfSource raw, ulong relocations, ulong count, RawSymbolTable symbols)
    {
        _file = file;
        _raw = raw;
        _relocations = relocations;
        _count = count;
        _symbols = symbols;
    }

    /// <inheritdoc/>
    public long Length => _raw.Length;

    /// <summary>The contents of a section, relocated where it has a table with addends.</summary>
    public static IElfSource Create(ElfFile file, int section, IElfSource raw)
    {
        ReadOnlySpan<SectionHeader> headers = file.Sections.Headers;
        for (int i = 1; i < headers.Length; i++)
        {
            if (headers[i].sh_type == SectionType.SHT_RELA
                && headers[i].sh_info == (uint)section
                && ElfRelocationTable.Read(file, i) is { } table
                && RawSymbolTable.Read(file, table.SymbolTable) is { } symbols)
            {
                return new RelocatedSource(file, raw, headers[i].sh_offset, table.Count, symbols);
            }
        }

        return raw;
    }

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> buffer)
    {
        int count = _raw.Read(offset, buffer);
        if (count <= 0)
        {
            return count;
        }

        Span<byte> bytes = buffer[..count];
        ulong start = (ulong)offset;
        ulong end = start + (ulong)count;
        Span<byte> entry = stackalloc byte[ElfRelocation.RelaSize];

        // One relocation a byte at most, so that a damaged table cannot make a read long.
        ulong index = FirstAtOrAfter(start < WidestField ? 0 : start - WidestField);
        for (ulong last = Math.Min(_count, index + (ulong)count + WidestField); index < last && TryRead(index, entry, out ElfRelocation relocation); index++)
        {
            if (relocation.Offset >= end)
            {
                break;
            }

            Apply(bytes, start, relocation);
        }

        return count;
    }

    private void Apply(Span<byte> bytes, ulong start, in ElfRelocation relocation)
    {
        int width = relocation.Type switch
        {
            RelocationType.R_X86_64_64 => 8,
            RelocationType.R_X86_64_32 or RelocationType.R_X86_64_32S => 4,
            _ => 0,
        };
        Span<byte> field = stackalloc byte[WidestField];
        BinaryPrimitives.WriteUInt64LittleEndian(field, ValueOf(relocation.Symbol) + (ulong)relocation.Addend);
        for (int i = 0; i < width; i++)
        {
            // A field may begin before the piece, or end after it.
            ulong position = relocation.Offset + (ulong)i - start;
            if (position < (ulong)bytes.Length)
            {
                bytes[(int)position] = field[i];
            }
        }
    }

    private ulong ValueOf(uint index)
    {
        if (_values.TryGetValue(index, out ulong value))
        {
            return value;
        }

        if (_symbols.TryGet(index, out RawSymbol symbol))
        {
            value = symbol.Value + (symbol.IsInSection ? _file.SectionLayout.AddressOf((int)symbol.Section) : 0);
        }

        if (_values.Count < MostSymbolsKept)
        {
            _values.Add(index, value);
        }

        return value;
    }

    private ulong FirstAtOrAfter(ulong offset)
    {
        Span<byte> entry = stackalloc byte[ElfRelocation.RelaSize];
        ulong low = 0;
        ulong high = _count;
        while (low < high)
        {
            ulong middle = low + ((high - low) / 2);
            if (TryRead(middle, entry, out ElfRelocation relocation) && relocation.Offset < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private bool TryRead(ulong index, Span<byte> entry, out ElfRelocation relocation)
    {
        bool isRead = _file.Source.TryReadExactly(_relocations + (index * ElfRelocation.RelaSize), entry);
        relocation = isRead ? ElfRelocation.Decode(entry) : default;
        return isRead;
    }
}
