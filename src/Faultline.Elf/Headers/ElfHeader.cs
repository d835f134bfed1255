using System.Buffers.Binary;

namespace Faultline.Elf.Headers;

/// <summary>Elf64_Ehdr, with the field names of elf(5).</summary>
internal readonly struct ElfHeader
{
    /// <summary>Size of the header in the file, in bytes.</summary>
    public const int Size = 64;

    /// <summary>EI_CLASS of a 32-bit file.</summary>
    public const byte ELFCLASS32 = 1;

    /// <summary>EI_CLASS of a 64-bit file.</summary>
    public const byte ELFCLASS64 = 2;

    /// <summary>EI_DATA of a little-endian file.</summary>
    public const byte ELFDATA2LSB = 1;

    /// <summary>EI_DATA of a big-endian file.</summary>
    public const byte ELFDATA2MSB = 2;

    /// <summary>e_shstrndx value: the real index is in sh_link of section 0.</summary>
    public const ushort SHN_XINDEX = 0xffff;

    /// <summary>Decodes the 64 bytes at the start of a file.</summary>
    public ElfHeader(ReadOnlySpan<byte> bytes)
    {
        Class = bytes[4];
        Data = bytes[5];
        OsAbi = bytes[7];
        e_type = (ElfType)BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]);
        e_machine = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]);
        e_version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]);
        e_entry = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        e_phoff = BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]);
        e_shoff = BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]);
        e_flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[48..]);
        e_ehsize = BinaryPrimitives.ReadUInt16LittleEndian(bytes[52..]);
        e_phentsize = BinaryPrimitives.ReadUInt16LittleEndian(bytes[54..]);
        e_phnum = BinaryPrimitives.ReadUInt16LittleEndian(bytes[56..]);
        e_shentsize = BinaryPrimitives.ReadUInt16LittleEndian(bytes[58..]);
        e_shnum = BinaryPrimitives.ReadUInt16LittleEndian(bytes[60..]);
        e_shstrndx = BinaryPrimitives.ReadUInt16LittleEndian(bytes[62..]);
    }

    /// <summary>e_ident[EI_CLASS].</summary>
    public byte Class { get; }

    /// <summary>e_ident[EI_DATA].</summary>
    public byte Data { get; }

    /// <summary>e_ident[EI_OSABI].</summary>
    public byte OsAbi { get; }

    /// <summary>Kind of file.</summary>
    public ElfType e_type { get; }

    /// <summary>Machine, see <see cref="ElfMachine"/>.</summary>
    public ushort e_machine { get; }

    /// <summary>Version of the format; Linux ignores it.</summary>
    public uint e_version { get; }

    /// <summary>Link-time address of the entry point.</summary>
    public ulong e_entry { get; }

    /// <summary>File offset of the program header table.</summary>
    public ulong e_phoff { get; }

    /// <summary>File offset of the section header table.</summary>
    public ulong e_shoff { get; }

    /// <summary>Processor flags; none are defined for x86-64.</summary>
    public uint e_flags { get; }

    /// <summary>Size of this header; Linux ignores it.</summary>
    public ushort e_ehsize { get; }

    /// <summary>Size of one program header.</summary>
    public ushort e_phentsize { get; }

    /// <summary>Number of program headers.</summary>
    public ushort e_phnum { get; }

    /// <summary>Size of one section header.</summary>
    public ushort e_shentsize { get; }

    /// <summary>Number of section headers; 0 with a table means that sh_size of section 0 has it.</summary>
    public ushort e_shnum { get; }

    /// <summary>Section that holds the section names.</summary>
    public ushort e_shstrndx { get; }

    /// <summary>Whether <paramref name="bytes"/> begins with the ELF magic.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> bytes)
    {
        return bytes.Length >= 4 && bytes[0] == 0x7f && bytes[1] == 'E' && bytes[2] == 'L' && bytes[3] == 'F';
    }
}
