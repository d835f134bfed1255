namespace Faultline.Explain.Images.Objects;

/// <summary>What becomes of a relocation at an address.</summary>
internal enum RelocationVerdict
{
    /// <summary>The field holds the value.</summary>
    Fits,

    /// <summary>The field is too narrow and the loader says so.</summary>
    Overflows,

    /// <summary>The field is too narrow and the loader stores the low bits without a word.</summary>
    IsCut,

    /// <summary>The symbol is defined in no section of the file.</summary>
    IsUndefined,

    /// <summary>The symbol is a common one, which only a linker allocates.</summary>
    IsCommon,

    /// <summary>The symbol, the section or the place that the entry names does not exist.</summary>
    IsMalformed,

    /// <summary>The loader does not know the type.</summary>
    IsUnknown,

    /// <summary>The value depends on what is outside the file, so it cannot be checked here.</summary>
    IsExternal,
}
