namespace Faultline.Elf.Symbols;

/// <summary>ELF64_ST_BIND of st_info.</summary>
internal enum SymbolBinding : byte
{
    /// <summary>Seen in its object only.</summary>
    STB_LOCAL = 0,

    /// <summary>Seen everywhere.</summary>
    STB_GLOBAL = 1,

    /// <summary>Seen everywhere, gives way to a global one.</summary>
    STB_WEAK = 2,

    /// <summary>Unique in the process.</summary>
    STB_GNU_UNIQUE = 10,
}
