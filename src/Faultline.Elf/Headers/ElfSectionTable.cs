using System.Text;
using Faultline.Elf.Sources;

namespace Faultline.Elf.Headers;

/// <summary>The section headers of a file. Programs run without them, so a malformed table is an empty one with an error to show.</summary>
internal sealed class ElfSectionTable
{
    /// <summary>Most sections that are read (16 MiB of headers); a kernel built with a section per function has about 100,000.</summary>
    public const int MaxSections = 1 << 18;

    private const int LongestName = 256;

    private readonly IElfSource _source;
    private readonly SectionHeader[] _headers;
    private readonly int _names;

    private ElfSectionTable(IElfSource source, SectionHeader[] headers, int names, ElfError error)
    {
        _source = source;
        _headers = headers;
        _names = names;
        Error = error;
    }

    /// <summary>The headers in file order; the first is the null section. Empty when there is no table or it is malformed.</summary>
    public ReadOnlySpan<SectionHeader> Headers => _headers;

    /// <summary>Why the table could not be read, or no error.</summary>
    public ElfError Error { get; }

    /// <summary>Reads the table that <paramref name="header"/> points to.</summary>
    public static ElfSectionTable Read(IElfSource source, in ElfHeader header)
    {
        if (header.e_shoff == 0)
        {
            return new ElfSectionTable(source, [], 0, default);
        }

        if (header.e_shentsize != SectionHeader.Size)
        {
            return Refuse(source, $"section headers of {header.e_shentsize} bytes each (e_shentsize); ELF64 has {SectionHeader.Size}");
        }

        Span<byte> bytes = stackalloc byte[SectionHeader.Size];
        if (!source.TryReadExactly(header.e_shoff, bytes))
        {
            return Refuse(source, $"truncated: section headers start at {Hex.Of(header.e_shoff)} but the file has {source.Length} bytes");
        }

        // Section 0 carries the count and the name index where 16 bits are too few (gABI, "Extended section header numbers").
        SectionHeader first = new(bytes);
        ulong count = header.e_shnum == 0 ? first.sh_size : header.e_shnum;
        uint names = header.e_shstrndx == ElfHeader.SHN_XINDEX ? first.sh_link : header.e_shstrndx;
        if (count > MaxSections)
        {
            return Refuse(source, $"{count} section headers; at most {MaxSections} are read");
        }

        if (!source.Contains(header.e_shoff, count * SectionHeader.Size))
        {
            return Refuse(
                source,
                $"truncated: section headers end at {Hex.End(header.e_shoff, count * SectionHeader.Size)} but the file has {source.Length} bytes");
        }

        SectionHeader[] headers = new SectionHeader[(int)count];
        byte[] buffer = new byte[Math.Min((int)count, 256) * SectionHeader.Size];
        for (int done = 0; done < headers.Length;)
        {
            int batch = Math.Min(headers.Length - done, buffer.Length / SectionHeader.Size);
            Span<byte> part = buffer.AsSpan(0, batch * SectionHeader.Size);
            if (!source.TryReadExactly(header.e_shoff + ((ulong)done * SectionHeader.Size), part))
            {
                return Refuse(source, "the section headers cannot be read");
            }

            for (int i = 0; i < batch; i++)
            {
                headers[done + i] = new SectionHeader(part[(i * SectionHeader.Size)..]);
            }

            done += batch;
        }

        return new ElfSectionTable(source, headers, names < count ? (int)names : 0, default);
    }

    /// <summary>The name of a section, or null when it has none that can be read.</summary>
    public string? NameOf(int index)
    {
        return TryGetName(index, out ulong offset, out ulong available) ? _source.ReadString(offset, available, LongestName) : null;
    }

    /// <summary>Index of the first section with a name, or -1.</summary>
    public int Find(string name)
    {
        Span<byte> expected = stackalloc byte[LongestName];
        if (!Encoding.UTF8.TryGetBytes(name, expected[..^1], out int length))
        {
            return -1;
        }

        expected[length++] = 0;
        Span<byte> actual = stackalloc byte[length];
        for (int i = 1; i < _headers.Length; i++)
        {
            if (TryGetName(i, out ulong offset, out ulong available)
                && available >= (ulong)length
                && _source.TryReadExactly(offset, actual)
                && actual.SequenceEqual(expected[..length]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Index of the first section of a type, or -1.</summary>
    public int Find(SectionType type)
    {
        for (int i = 1; i < _headers.Length; i++)
        {
            if (_headers[i].sh_type == type)
            {
                return i;
            }
        }

        return -1;
    }

    private static ElfSectionTable Refuse(IElfSource source, string message)
    {
        return new ElfSectionTable(source, [], 0, new ElfError(ElfErrorCode.SectionHeaders, ElfErrno.ENOEXEC, message));
    }

    private bool TryGetName(int index, out ulong offset, out ulong available)
    {
        offset = 0;
        available = 0;
        if (_names == 0 || (uint)index >= (uint)_headers.Length)
        {
            return false;
        }

        ref readonly SectionHeader names = ref _headers[_names];
        uint start = _headers[index].sh_name;
        if (names.sh_type == SectionType.SHT_NOBITS || start >= names.sh_size || names.sh_offset > ulong.MaxValue - start)
        {
            return false;
        }

        offset = names.sh_offset + start;
        available = names.sh_size - start;
        return true;
    }
}
