namespace Faultline.Explain.Explanations;

/// <summary>Whether an image agrees with a symbol that a report prints with its size.</summary>
internal enum SymbolCheck
{
    /// <summary>No image was given for the kernel or module that has it.</summary>
    NoImage,

    /// <summary>The image has no symbol of this name.</summary>
    Missing,

    /// <summary>The image has several symbols of this name, and the size does not single one out.</summary>
    Ambiguous,

    /// <summary>The image has it with another size, or shorter than the offset: it is of another build.</summary>
    Differs,

    /// <summary>The image has it, and the sizes agree.</summary>
    Matches,

    /// <summary>The image has it, and there are no sizes to compare.</summary>
    Unsized,
}
