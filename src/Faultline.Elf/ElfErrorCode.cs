namespace Faultline.Elf;

/// <summary>What is wrong with an ELF file.</summary>
internal enum ElfErrorCode
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The host could not read the file.</summary>
    ReadFailed,

    /// <summary>The file does not begin with 7F 'E' 'L' 'F'.</summary>
    NotElf,

    /// <summary>The file ends inside the ELF header.</summary>
    TruncatedHeader,

    /// <summary>EI_CLASS is not ELFCLASS64.</summary>
    WrongClass,

    /// <summary>EI_DATA is not ELFDATA2LSB.</summary>
    WrongByteOrder,

    /// <summary>e_machine is not EM_X86_64.</summary>
    WrongMachine,

    /// <summary>e_type is neither ET_EXEC nor ET_DYN.</summary>
    WrongType,

    /// <summary>e_phentsize is not 56.</summary>
    ProgramHeaderEntrySize,

    /// <summary>e_phnum is 0.</summary>
    NoProgramHeaders,

    /// <summary>The program header table is larger than 64 KiB.</summary>
    TooManyProgramHeaders,

    /// <summary>The file ends before the program header table does.</summary>
    TruncatedProgramHeaders,

    /// <summary>PT_INTERP is shorter than 2 bytes or longer than PATH_MAX.</summary>
    InterpreterPathLength,

    /// <summary>PT_INTERP lies outside the file.</summary>
    InterpreterPathTruncated,

    /// <summary>PT_INTERP does not end in a NUL.</summary>
    InterpreterPathNotTerminated,

    /// <summary>A position-independent image or an interpreter has no PT_LOAD, or their sizes add up to nothing.</summary>
    NoLoadSegments,

    /// <summary>p_filesz is greater than p_memsz.</summary>
    SegmentFileSize,

    /// <summary>A segment reaches past the end of the user address space or wraps around.</summary>
    SegmentBeyondTaskSize,

    /// <summary>p_offset and p_vaddr differ within their page.</summary>
    SegmentMisaligned,

    /// <summary>p_offset is past the largest file offset.</summary>
    SegmentOffset,

    /// <summary>The tail to be zeroed lies in a page that the file does not have.</summary>
    SegmentTailBeyondFile,

    /// <summary>The entry point is outside the user address space.</summary>
    EntryBeyondTaskSize,

    /// <summary>The section header table is malformed or outside the file.</summary>
    SectionHeaders,
}
