namespace Faultline.Elf.Layout;

/// <summary>How an image comes to its addresses and to its libraries.</summary>
internal enum ElfImageKind
{
    /// <summary>ET_EXEC without PT_INTERP.</summary>
    Static,

    /// <summary>ET_DYN without PT_INTERP: a static-PIE program, an interpreter or a shared library.</summary>
    StaticPie,

    /// <summary>ET_EXEC with PT_INTERP.</summary>
    Dynamic,

    /// <summary>ET_DYN with PT_INTERP.</summary>
    DynamicPie,
}
