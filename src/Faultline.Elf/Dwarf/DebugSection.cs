using Faultline.Elf.Sources;
using Faultline.Elf.Unwind;

namespace Faultline.Elf.Dwarf;

/// <summary>The contents of one debug section.</summary>
internal sealed class DebugSection
{
    private readonly IElfSource _source;

    /// <summary>Wraps contents that are decompressed and relocated.</summary>
    public DebugSection(IElfSource source)
    {
        _source = source;
        Length = (ulong)Math.Max(0, source.Length);
    }

    /// <summary>Size in bytes.</summary>
    public ulong Length { get; }

    /// <summary>A cursor whose addresses are offsets in the section.</summary>
    public DwarfCursor CreateCursor(int window = DwarfCursor.DefaultWindow)
    {
        DwarfCursor cursor = new(new SourceReader(_source), window);
        cursor.Seek(0, Length);
        return cursor;
    }

    /// <summary>The string at an offset, or null.</summary>
    public string? ReadString(ulong offset) => offset < Length ? _source.ReadString(offset, Length - offset) : null;

    /// <summary>A little-endian number of 1 to 8 bytes at an offset; false outside the section.</summary>
    public bool TryReadNumber(ulong offset, int width, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        bool isThere = _source.TryReadExactly(offset, bytes[..width]);
        value = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return isThere;
    }
}
