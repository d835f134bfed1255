namespace Faultline.Explain.Images.Layout;

/// <summary>A function, and what boot-time patching finds there.</summary>
/// <param name="Symbol">Index of its symbol.</param>
/// <param name="Address">Its first byte.</param>
/// <param name="Preamble">What stands before it.</param>
/// <param name="PreambleSize">Bytes of that which belong to it, up to 16.</param>
/// <param name="Padding">Bytes of no-operation instructions directly before it, up to 16.</param>
/// <param name="Hash">The kCFI type hash, if there is one.</param>
/// <param name="HasEndbr">Whether it begins with endbr64.</param>
/// <param name="CfiDistance">Bytes from its __cfi_ symbol; null when it has none.</param>
/// <param name="PreviousEnd">The end of the function before it in the same section; 0 when there is none.</param>
internal readonly record struct FunctionLayout(
    int Symbol, ulong Address, PreambleKind Preamble, int PreambleSize, int Padding, uint Hash, bool HasEndbr, ulong? CfiDistance, ulong PreviousEnd)
{
    /// <summary>Whether the 16 bytes before the function are its own and may be written over.</summary>
    public bool HasRoom => PreambleSize >= LayoutReader.PreambleSize && (PreviousEnd == 0 || PreviousEnd + LayoutReader.PreambleSize <= Address);
}
