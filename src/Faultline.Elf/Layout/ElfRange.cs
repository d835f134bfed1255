using Faultline.Elf.Headers;

namespace Faultline.Elf.Layout;

/// <summary>A part of the image that the kernel does not act on, taken from a program header as it stands: sums may wrap.</summary>
internal readonly struct ElfRange
{
    /// <summary>Takes the fields of a header.</summary>
    public ElfRange(in ProgramHeader header)
    {
        Address = header.p_vaddr;
        Offset = header.p_offset;
        FileSize = header.p_filesz;
        MemorySize = header.p_memsz;
        Alignment = header.p_align;
    }

    /// <summary>Link-time address.</summary>
    public ulong Address { get; }

    /// <summary>File offset.</summary>
    public ulong Offset { get; }

    /// <summary>Bytes in the file.</summary>
    public ulong FileSize { get; }

    /// <summary>Bytes in memory.</summary>
    public ulong MemorySize { get; }

    /// <summary>Alignment.</summary>
    public ulong Alignment { get; }
}
