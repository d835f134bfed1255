using Faultline.Elf.Headers;
using Faultline.Elf.Sources;

namespace Faultline.Elf;

/// <summary>
/// An x86-64 ELF64 file. Opening reads the ELF header and the program headers; sections, dynamic section, notes and symbols
/// are read when first asked for, and never the contents of segments.
/// </summary>
/// <remarks>
/// Opening follows load_elf_binary and load_elf_phdrs of Linux's fs/binfmt_elf.c. Every field is taken as hostile. The parts
/// read later are cached without locks: one thread at a time. The source stays the caller's and must outlive the object.
/// </remarks>
internal sealed partial class ElfFile
{
    private readonly ProgramHeader[] _programHeaders;

    private ElfFile(IElfSource source, ElfHeader header, ProgramHeader[] programHeaders)
    {
        Source = source;
        Header = header;
        _programHeaders = programHeaders;
    }

    /// <summary>The bytes of the file.</summary>
    public IElfSource Source { get; }

    /// <summary>The ELF header.</summary>
    public ElfHeader Header { get; }

    /// <summary>The program headers, in file order.</summary>
    public ReadOnlySpan<ProgramHeader> ProgramHeaders => _programHeaders;

    /// <summary>
    /// File offset of a link-time address, by the first PT_LOAD whose file part holds it, and how many bytes of that part
    /// follow. False for zero-filled parts and addresses outside the image.
    /// </summary>
    public bool TryGetFileOffset(ulong address, out ulong offset, out ulong available)
    {
        foreach (ref readonly ProgramHeader segment in ProgramHeaders)
        {
            if (segment.p_type == SegmentType.PT_LOAD && address - segment.p_vaddr < segment.p_filesz)
            {
                ulong delta = address - segment.p_vaddr;
                offset = segment.p_offset + delta;
                available = segment.p_filesz - delta;
                return offset >= delta;
            }
        }

        offset = 0;
        available = 0;
        return false;
    }

    /// <summary>Index of the first program header of a type, or -1.</summary>
    public int FindSegment(SegmentType type)
    {
        for (int i = 0; i < _programHeaders.Length; i++)
        {
            if (_programHeaders[i].p_type == type)
            {
                return i;
            }
        }

        return -1;
    }
}
