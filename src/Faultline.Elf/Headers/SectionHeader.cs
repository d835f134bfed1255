using System.Buffers.Binary;

namespace Faultline.Elf.Headers;

/// <summary>Elf64_Shdr, with the field names of elf(5). Values are as in the file: nothing is checked yet.</summary>
internal readonly struct SectionHeader
{
    /// <summary>Size of one entry in the file, in bytes.</summary>
    public const int Size = 64;

    /// <summary>Decodes one entry.</summary>
    public SectionHeader(ReadOnlySpan<byte> bytes)
    {
        sh_name = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        sh_type = (SectionType)BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        sh_flags = (SectionFlags)BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        sh_addr = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        sh_offset = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        sh_size = BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]);
        sh_link = BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]);
        sh_info = BinaryPrimitives.ReadUInt32LittleEndian(bytes[44..]);
        sh_addralign = BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]);
        sh_entsize = BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..]);
    }

    /// <summary>Offset of the name in the section name table.</summary>
    public uint sh_name { get; }

    /// <summary>Kind of section.</summary>
    public SectionType sh_type { get; }

    /// <summary>SHF_ flags.</summary>
    public SectionFlags sh_flags { get; }

    /// <summary>Link-time address, or 0 when not loaded.</summary>
    public ulong sh_addr { get; }

    /// <summary>File offset.</summary>
    public ulong sh_offset { get; }

    /// <summary>Size in bytes.</summary>
    public ulong sh_size { get; }

    /// <summary>Index of a related section.</summary>
    public uint sh_link { get; }

    /// <summary>More information, by type.</summary>
    public uint sh_info { get; }

    /// <summary>Alignment.</summary>
    public ulong sh_addralign { get; }

    /// <summary>Size of one entry of a table.</summary>
    public ulong sh_entsize { get; }
}
