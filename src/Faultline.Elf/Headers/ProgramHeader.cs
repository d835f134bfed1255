using System.Buffers.Binary;

namespace Faultline.Elf.Headers;

/// <summary>Elf64_Phdr, with the field names of elf(5). Values are as in the file: nothing is checked yet.</summary>
internal readonly struct ProgramHeader
{
    /// <summary>Size of one entry in the file, in bytes.</summary>
    public const int Size = 56;

    /// <summary>Decodes one entry.</summary>
    public ProgramHeader(ReadOnlySpan<byte> bytes)
    {
        p_type = (SegmentType)BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        p_flags = (SegmentFlags)BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        p_offset = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        p_vaddr = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        p_paddr = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        p_filesz = BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]);
        p_memsz = BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]);
        p_align = BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]);
    }

    /// <summary>Kind of segment.</summary>
    public SegmentType p_type { get; }

    /// <summary>Access flags.</summary>
    public SegmentFlags p_flags { get; }

    /// <summary>File offset.</summary>
    public ulong p_offset { get; }

    /// <summary>Link-time address.</summary>
    public ulong p_vaddr { get; }

    /// <summary>Physical address; meaningful for kernels only.</summary>
    public ulong p_paddr { get; }

    /// <summary>Bytes in the file.</summary>
    public ulong p_filesz { get; }

    /// <summary>Bytes in memory.</summary>
    public ulong p_memsz { get; }

    /// <summary>Alignment.</summary>
    public ulong p_align { get; }
}
