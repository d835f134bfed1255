namespace Faultline.Elf.Relocations;

/// <summary>ELF64_R_TYPE of r_info for x86-64 (psABI, table "Relocation Types"; 39 and 40 are from an older edition).</summary>
internal enum RelocationType : uint
{
    /// <summary>Nothing to do.</summary>
    R_X86_64_NONE = 0,

    /// <summary>S + A, 64 bits.</summary>
    R_X86_64_64 = 1,

    /// <summary>S + A - P, 32 bits.</summary>
    R_X86_64_PC32 = 2,

    /// <summary>G + A, 32 bits.</summary>
    R_X86_64_GOT32 = 3,

    /// <summary>L + A - P, 32 bits.</summary>
    R_X86_64_PLT32 = 4,

    /// <summary>Copy the symbol's data at run time.</summary>
    R_X86_64_COPY = 5,

    /// <summary>S, 64 bits, into the GOT.</summary>
    R_X86_64_GLOB_DAT = 6,

    /// <summary>S, 64 bits, into the PLT's part of the GOT.</summary>
    R_X86_64_JUMP_SLOT = 7,

    /// <summary>B + A, 64 bits.</summary>
    R_X86_64_RELATIVE = 8,

    /// <summary>G + GOT + A - P, 32 bits.</summary>
    R_X86_64_GOTPCREL = 9,

    /// <summary>S + A, 32 bits, zero-extended.</summary>
    R_X86_64_32 = 10,

    /// <summary>S + A, 32 bits, sign-extended.</summary>
    R_X86_64_32S = 11,

    /// <summary>S + A, 16 bits.</summary>
    R_X86_64_16 = 12,

    /// <summary>S + A - P, 16 bits.</summary>
    R_X86_64_PC16 = 13,

    /// <summary>S + A, 8 bits.</summary>
    R_X86_64_8 = 14,

    /// <summary>S + A - P, 8 bits.</summary>
    R_X86_64_PC8 = 15,

    /// <summary>Module of a thread-local symbol.</summary>
    R_X86_64_DTPMOD64 = 16,

    /// <summary>Offset in the module's thread-local block, 64 bits.</summary>
    R_X86_64_DTPOFF64 = 17,

    /// <summary>Offset from the thread pointer, 64 bits.</summary>
    R_X86_64_TPOFF64 = 18,

    /// <summary>General dynamic thread-local access, relative to P.</summary>
    R_X86_64_TLSGD = 19,

    /// <summary>Local dynamic thread-local access, relative to P.</summary>
    R_X86_64_TLSLD = 20,

    /// <summary>Offset in the module's thread-local block, 32 bits.</summary>
    R_X86_64_DTPOFF32 = 21,

    /// <summary>GOT entry with an offset from the thread pointer, relative to P.</summary>
    R_X86_64_GOTTPOFF = 22,

    /// <summary>Offset from the thread pointer, 32 bits.</summary>
    R_X86_64_TPOFF32 = 23,

    /// <summary>S + A - P, 64 bits.</summary>
    R_X86_64_PC64 = 24,

    /// <summary>S + A - GOT, 64 bits.</summary>
    R_X86_64_GOTOFF64 = 25,

    /// <summary>GOT + A - P, 32 bits.</summary>
    R_X86_64_GOTPC32 = 26,

    /// <summary>G + A, 64 bits.</summary>
    R_X86_64_GOT64 = 27,

    /// <summary>G + GOT - P + A, 64 bits.</summary>
    R_X86_64_GOTPCREL64 = 28,

    /// <summary>GOT - P + A, 64 bits.</summary>
    R_X86_64_GOTPC64 = 29,

    /// <summary>G + A, 64 bits, and a PLT entry.</summary>
    R_X86_64_GOTPLT64 = 30,

    /// <summary>L - GOT + A, 64 bits.</summary>
    R_X86_64_PLTOFF64 = 31,

    /// <summary>Z + A, 32 bits.</summary>
    R_X86_64_SIZE32 = 32,

    /// <summary>Z + A, 64 bits.</summary>
    R_X86_64_SIZE64 = 33,

    /// <summary>Thread-local descriptor in the GOT, relative to P.</summary>
    R_X86_64_GOTPC32_TLSDESC = 34,

    /// <summary>Marks the call through a thread-local descriptor.</summary>
    R_X86_64_TLSDESC_CALL = 35,

    /// <summary>Thread-local descriptor.</summary>
    R_X86_64_TLSDESC = 36,

    /// <summary>indirect (B + A), 64 bits.</summary>
    R_X86_64_IRELATIVE = 37,

    /// <summary>B + A, 64 bits, in x32 files.</summary>
    R_X86_64_RELATIVE64 = 38,

    /// <summary>As R_X86_64_PC32, with a BND prefix (MPX, withdrawn).</summary>
    R_X86_64_PC32_BND = 39,

    /// <summary>As R_X86_64_PLT32, with a BND prefix (MPX, withdrawn).</summary>
    R_X86_64_PLT32_BND = 40,

    /// <summary>As R_X86_64_GOTPCREL; the linker may relax the instruction.</summary>
    R_X86_64_GOTPCRELX = 41,

    /// <summary>As R_X86_64_GOTPCRELX, with a REX prefix.</summary>
    R_X86_64_REX_GOTPCRELX = 42,

    /// <summary>GOT entry with an offset from the thread pointer, REX2 prefix (APX).</summary>
    R_X86_64_CODE_4_GOTPCRELX = 43,

    /// <summary>As R_X86_64_GOTTPOFF, with a REX2 prefix (APX).</summary>
    R_X86_64_CODE_4_GOTTPOFF = 44,

    /// <summary>As R_X86_64_GOTPC32_TLSDESC, with a REX2 prefix (APX).</summary>
    R_X86_64_CODE_4_GOTPC32_TLSDESC = 45,

    /// <summary>As R_X86_64_GOTPCRELX, with an EVEX prefix of 5 bytes before the displacement (APX).</summary>
    R_X86_64_CODE_5_GOTPCRELX = 46,

    /// <summary>As R_X86_64_GOTTPOFF, with 5 bytes before the displacement (APX).</summary>
    R_X86_64_CODE_5_GOTTPOFF = 47,

    /// <summary>As R_X86_64_GOTPC32_TLSDESC, with 5 bytes before the displacement (APX).</summary>
    R_X86_64_CODE_5_GOTPC32_TLSDESC = 48,

    /// <summary>As R_X86_64_GOTPCRELX, with 6 bytes before the displacement (APX).</summary>
    R_X86_64_CODE_6_GOTPCRELX = 49,

    /// <summary>As R_X86_64_GOTTPOFF, with an EVEX prefix of 6 bytes before the displacement (APX).</summary>
    R_X86_64_CODE_6_GOTTPOFF = 50,

    /// <summary>As R_X86_64_GOTPC32_TLSDESC, with 6 bytes before the displacement (APX).</summary>
    R_X86_64_CODE_6_GOTPC32_TLSDESC = 51,

    /// <summary>C++ table inheritance, for the linker (GNU).</summary>
    R_X86_64_GNU_VTINHERIT = 250,

    /// <summary>C++ table member use, for the linker (GNU).</summary>
    R_X86_64_GNU_VTENTRY = 251,
}
