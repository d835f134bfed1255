namespace Faultline.Elf.Symbols;

/// <summary>ELF64_ST_TYPE of st_info.</summary>
internal enum SymbolType : byte
{
    /// <summary>Not said; labels in assembly.</summary>
    STT_NOTYPE = 0,

    /// <summary>Data.</summary>
    STT_OBJECT = 1,

    /// <summary>Function.</summary>
    STT_FUNC = 2,

    /// <summary>A section.</summary>
    STT_SECTION = 3,

    /// <summary>A source file.</summary>
    STT_FILE = 4,

    /// <summary>Uninitialised data.</summary>
    STT_COMMON = 5,

    /// <summary>Thread-local data; the value is not an address.</summary>
    STT_TLS = 6,

    /// <summary>A function that returns the address of the function to use.</summary>
    STT_GNU_IFUNC = 10,
}
