namespace Faultline.Elf.Headers;

/// <summary>e_type.</summary>
internal enum ElfType : ushort
{
    /// <summary>No type.</summary>
    ET_NONE = 0,

    /// <summary>Relocatable object.</summary>
    ET_REL = 1,

    /// <summary>Executable at fixed addresses.</summary>
    ET_EXEC = 2,

    /// <summary>Shared object or position-independent executable.</summary>
    ET_DYN = 3,

    /// <summary>Core file.</summary>
    ET_CORE = 4,
}
