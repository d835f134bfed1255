using Faultline.Elf.Headers;

namespace Faultline.Elf.Layout;

/// <summary>
/// One PT_LOAD that passed Linux's checks: no sum below can wrap, and everything is below TASK_SIZE. Addresses are link-time.
/// </summary>
internal readonly struct LoadSegment
{
    /// <summary>Takes the fields of a checked header.</summary>
    /// <param name="index">Its place in the program header table.</param>
    /// <param name="header">The header.</param>
    /// <param name="fileLength">Length of the file in bytes.</param>
    public LoadSegment(int index, in ProgramHeader header, long fileLength)
    {
        Index = index;
        Address = header.p_vaddr;
        Offset = header.p_offset;
        FileSize = header.p_filesz;
        MemorySize = header.p_memsz;
        Alignment = header.p_align;
        Protection = ((header.p_flags & SegmentFlags.PF_R) != 0 ? LoadProtection.PROT_READ : 0)
            | ((header.p_flags & SegmentFlags.PF_W) != 0 ? LoadProtection.PROT_WRITE : 0)
            | ((header.p_flags & SegmentFlags.PF_X) != 0 ? LoadProtection.PROT_EXEC : 0);
        ReachesPastFile = FileSize != 0 && Offset + FileSize > (ulong)fileLength;
    }

    /// <summary>Index in the program header table.</summary>
    public int Index { get; }

    /// <summary>p_vaddr.</summary>
    public ulong Address { get; }

    /// <summary>p_offset; the same as <see cref="Address"/> within a page unless <see cref="FileSize"/> is 0.</summary>
    public ulong Offset { get; }

    /// <summary>p_filesz, never more than <see cref="MemorySize"/>.</summary>
    public ulong FileSize { get; }

    /// <summary>p_memsz.</summary>
    public ulong MemorySize { get; }

    /// <summary>p_align as in the file, unchecked.</summary>
    public ulong Alignment { get; }

    /// <summary>p_flags as mmap's bits.</summary>
    public LoadProtection Protection { get; }

    /// <summary>The file ends before the segment does. Linux maps it all the same, and an access past the last page of the file gives SIGBUS.</summary>
    public bool ReachesPastFile { get; }

    /// <summary>First address of the first 4 KiB page.</summary>
    public ulong PageStart => ElfPage.Start(Address);

    /// <summary>File offset of <see cref="PageStart"/>; only meaningful when <see cref="FileSize"/> is not 0.</summary>
    public ulong PageOffset => Offset - ElfPage.Offset(Address);

    /// <summary>Length of the file mapping in bytes, whole pages; 0 when nothing comes from the file.</summary>
    public ulong MappedLength => FileSize == 0 ? 0 : ElfPage.Align(FileSize + ElfPage.Offset(Address));

    /// <summary>First address that is zero-filled rather than read from the file.</summary>
    public ulong FileEnd => Address + FileSize;

    /// <summary>First address after the segment, not rounded.</summary>
    public ulong End => Address + MemorySize;
}
