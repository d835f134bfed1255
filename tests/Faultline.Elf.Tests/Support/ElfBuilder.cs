using System.Buffers.Binary;
using Faultline.Elf.Headers;

namespace Faultline.Elf.Tests.Support;

/// <summary>Writes small ELF64 files byte by byte, right or wrong as a test needs.</summary>
internal sealed class ElfBuilder
{
    private readonly List<(SegmentType Type, uint Flags, ulong Offset, ulong Address, ulong FileSize, ulong MemorySize, ulong Align)> _segments = [];
    private readonly List<(ulong Offset, byte[] Bytes)> _contents = [];

    public byte Class { get; set; } = 2;

    public byte Data { get; set; } = 1;

    public ushort Type { get; set; } = 2;

    public ushort Machine { get; set; } = 62;

    public ulong Entry { get; set; } = 0x401000;

    public ulong ProgramHeaderOffset { get; set; } = 64;

    public ushort ProgramHeaderSize { get; set; } = 56;

    public int? ProgramHeaderCount { get; set; }

    public ulong SectionHeaderOffset { get; set; }

    public ushort SectionHeaderSize { get; set; } = 64;

    public ushort SectionCount { get; set; }

    public ushort SectionNames { get; set; }

    public int MinimumLength { get; set; }

    public ElfBuilder Segment(
        SegmentType type, uint flags, ulong offset, ulong address, ulong fileSize, ulong memorySize, ulong align = 0x1000)
    {
        _segments.Add((type, flags, offset, address, fileSize, memorySize, align));
        return this;
    }

    public ElfBuilder Bytes(ulong offset, params byte[] bytes)
    {
        _contents.Add((offset, bytes));
        return this;
    }

    public ElfBuilder Section(
        int index, uint name, SectionType type, ulong address, ulong offset, ulong size, uint link = 0, uint info = 0, ulong entrySize = 0)
    {
        byte[] bytes = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, name);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), (uint)type);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), 2);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), address);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), offset);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(32), size);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(40), link);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(44), info);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(48), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(56), entrySize);
        _contents.Add((SectionHeaderOffset + (ulong)(index * 64), bytes));
        SectionCount = (ushort)Math.Max(SectionCount, index + 1);
        return this;
    }

    public byte[] Build()
    {
        int length = Math.Max(MinimumLength, 64);
        if (ProgramHeaderOffset < 1 << 20)
        {
            length = Math.Max(length, (int)ProgramHeaderOffset + (_segments.Count * 56));
        }

        foreach ((ulong offset, byte[] bytes) in _contents)
        {
            length = Math.Max(length, (int)offset + bytes.Length);
        }

        byte[] file = new byte[length];
        file[0] = 0x7f;
        "ELF"u8.CopyTo(file.AsSpan(1));
        file[4] = Class;
        file[5] = Data;
        file[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(16), Type);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), Machine);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(24), Entry);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), ProgramHeaderOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(40), SectionHeaderOffset);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(52), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), ProgramHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), (ushort)(ProgramHeaderCount ?? _segments.Count));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(58), SectionHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(60), SectionCount);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(62), SectionNames);
        for (int i = 0; i < _segments.Count && ProgramHeaderOffset < 1 << 20; i++)
        {
            Span<byte> entry = file.AsSpan((int)ProgramHeaderOffset + (i * 56), 56);
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)_segments[i].Type);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], _segments[i].Flags);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], _segments[i].Offset);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], _segments[i].Address);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[24..], _segments[i].Address);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[32..], _segments[i].FileSize);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[40..], _segments[i].MemorySize);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[48..], _segments[i].Align);
        }

        foreach ((ulong offset, byte[] bytes) in _contents)
        {
            bytes.CopyTo(file.AsSpan((int)offset));
        }

        return file;
    }
}
