namespace Faultline.Elf.Headers;

/// <summary>p_type.</summary>
internal enum SegmentType : uint
{
    /// <summary>Unused entry.</summary>
    PT_NULL = 0,

    /// <summary>Loadable segment.</summary>
    PT_LOAD = 1,

    /// <summary>Dynamic section.</summary>
    PT_DYNAMIC = 2,

    /// <summary>Path of the program interpreter.</summary>
    PT_INTERP = 3,

    /// <summary>Notes.</summary>
    PT_NOTE = 4,

    /// <summary>Reserved.</summary>
    PT_SHLIB = 5,

    /// <summary>The program header table itself.</summary>
    PT_PHDR = 6,

    /// <summary>Initial image of thread-local storage.</summary>
    PT_TLS = 7,

    /// <summary>The .eh_frame_hdr section.</summary>
    PT_GNU_EH_FRAME = 0x6474e550,

    /// <summary>Whether the stack is executable.</summary>
    PT_GNU_STACK = 0x6474e551,

    /// <summary>What becomes read-only after relocation.</summary>
    PT_GNU_RELRO = 0x6474e552,

    /// <summary>The .note.gnu.property section.</summary>
    PT_GNU_PROPERTY = 0x6474e553,
}
