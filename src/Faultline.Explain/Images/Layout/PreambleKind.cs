namespace Faultline.Explain.Images.Layout;

/// <summary>What stands before a function.</summary>
internal enum PreambleKind
{
    /// <summary>Neither padding nor a type hash: another function, or what fills gaps.</summary>
    None,

    /// <summary>Padding of no-operation instructions, <see cref="FunctionLayout.Padding"/> bytes.</summary>
    Padding,

    /// <summary>A kCFI type hash (mov eax, imm32) and padding behind it: what FineIBT is written over.</summary>
    HashThenPadding,

    /// <summary>A kCFI type hash directly before the function.</summary>
    HashAtEntry,
}
