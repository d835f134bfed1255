namespace Faultline.Elf.Headers;

/// <summary>sh_type.</summary>
internal enum SectionType : uint
{
    /// <summary>Inactive entry.</summary>
    SHT_NULL = 0,

    /// <summary>Defined by the program.</summary>
    SHT_PROGBITS = 1,

    /// <summary>Symbol table.</summary>
    SHT_SYMTAB = 2,

    /// <summary>String table.</summary>
    SHT_STRTAB = 3,

    /// <summary>Relocations with addends.</summary>
    SHT_RELA = 4,

    /// <summary>Symbol hash table.</summary>
    SHT_HASH = 5,

    /// <summary>Dynamic linking table.</summary>
    SHT_DYNAMIC = 6,

    /// <summary>Notes.</summary>
    SHT_NOTE = 7,

    /// <summary>Occupies no space in the file.</summary>
    SHT_NOBITS = 8,

    /// <summary>Relocations without addends.</summary>
    SHT_REL = 9,

    /// <summary>Dynamic symbol table.</summary>
    SHT_DYNSYM = 11,

    /// <summary>Constructors.</summary>
    SHT_INIT_ARRAY = 14,

    /// <summary>Destructors.</summary>
    SHT_FINI_ARRAY = 15,

    /// <summary>Constructors that run first.</summary>
    SHT_PREINIT_ARRAY = 16,

    /// <summary>A section group.</summary>
    SHT_GROUP = 17,

    /// <summary>Section indexes of symbols that 16 bits are too few for.</summary>
    SHT_SYMTAB_SHNDX = 18,

    /// <summary>Relative relocations, packed.</summary>
    SHT_RELR = 19,

    /// <summary>Hash table of symbols (GNU).</summary>
    SHT_GNU_HASH = 0x6ffffff6,

    /// <summary>Versions that are defined (GNU).</summary>
    SHT_GNU_verdef = 0x6ffffffd,

    /// <summary>Versions that are needed (GNU).</summary>
    SHT_GNU_verneed = 0x6ffffffe,

    /// <summary>Versions of symbols (GNU).</summary>
    SHT_GNU_versym = 0x6fffffff,

    /// <summary>Unwind tables (x86-64 psABI).</summary>
    SHT_X86_64_UNWIND = 0x70000001,
}
