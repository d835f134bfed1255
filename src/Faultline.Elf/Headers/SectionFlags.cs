namespace Faultline.Elf.Headers;

/// <summary>SHF_ bits of sh_flags (gABI "Sections", x86-64 psABI).</summary>
[Flags]
internal enum SectionFlags : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Writable.</summary>
    SHF_WRITE = 1,

    /// <summary>Takes up memory while the program runs.</summary>
    SHF_ALLOC = 2,

    /// <summary>Holds instructions.</summary>
    SHF_EXECINSTR = 4,

    /// <summary>Equal entries may be merged.</summary>
    SHF_MERGE = 0x10,

    /// <summary>Holds NUL-terminated strings.</summary>
    SHF_STRINGS = 0x20,

    /// <summary>sh_info is a section index.</summary>
    SHF_INFO_LINK = 0x40,

    /// <summary>Keeps its place in relation to the section in sh_link.</summary>
    SHF_LINK_ORDER = 0x80,

    /// <summary>Needs processing that an operating system defines.</summary>
    SHF_OS_NONCONFORMING = 0x100,

    /// <summary>Belongs to a section group.</summary>
    SHF_GROUP = 0x200,

    /// <summary>Thread-local storage.</summary>
    SHF_TLS = 0x400,

    /// <summary>Contents begin with Elf64_Chdr and are compressed.</summary>
    SHF_COMPRESSED = 0x800,

    /// <summary>Not to be garbage-collected (GNU).</summary>
    SHF_GNU_RETAIN = 0x200000,

    /// <summary>May be further than 2 GiB from the code: large data or large code (x86-64 psABI, medium and large code models).</summary>
    SHF_X86_64_LARGE = 0x10000000,

    /// <summary>Left out of the output of a final link.</summary>
    SHF_EXCLUDE = 0x80000000,
}
