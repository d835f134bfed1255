namespace Faultline.Elf.Dynamic;

/// <summary>d_tag of a dynamic section entry.</summary>
internal enum DynamicTag : ulong
{
    /// <summary>End of the section.</summary>
    DT_NULL = 0,

    /// <summary>Name of a needed library (offset in the string table).</summary>
    DT_NEEDED = 1,

    /// <summary>Address of the global offset table of the PLT.</summary>
    DT_PLTGOT = 3,

    /// <summary>Address of the symbol hash table.</summary>
    DT_HASH = 4,

    /// <summary>Address of the string table.</summary>
    DT_STRTAB = 5,

    /// <summary>Address of the symbol table.</summary>
    DT_SYMTAB = 6,

    /// <summary>Address of the relocations with addends.</summary>
    DT_RELA = 7,

    /// <summary>Size of the string table in bytes.</summary>
    DT_STRSZ = 10,

    /// <summary>Size of a symbol in bytes.</summary>
    DT_SYMENT = 11,

    /// <summary>Name of this library.</summary>
    DT_SONAME = 14,

    /// <summary>Old search path.</summary>
    DT_RPATH = 15,

    /// <summary>Relocations touch read-only segments.</summary>
    DT_TEXTREL = 22,

    /// <summary>Search path.</summary>
    DT_RUNPATH = 29,

    /// <summary>DF_ flags.</summary>
    DT_FLAGS = 30,

    /// <summary>Address of the GNU hash table.</summary>
    DT_GNU_HASH = 0x6ffffef5,

    /// <summary>DF_1_ flags.</summary>
    DT_FLAGS_1 = 0x6ffffffb,
}
