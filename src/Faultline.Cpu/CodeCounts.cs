namespace Faultline.Cpu;

/// <summary>What became of guest code on one processor, or on several together.</summary>
/// <param name="BlocksDecoded">Blocks that were needed.</param>
/// <param name="BlocksShared">Those of them that another processor had decoded.</param>
/// <param name="RegionsShared">Translated regions taken over from another processor.</param>
internal readonly record struct CodeCounts(long BlocksDecoded, long BlocksShared, long RegionsShared)
{
    /// <summary>Both together.</summary>
    public static CodeCounts operator +(CodeCounts a, CodeCounts b) =>
        new(a.BlocksDecoded + b.BlocksDecoded, a.BlocksShared + b.BlocksShared, a.RegionsShared + b.RegionsShared);

    /// <summary>What was added since.</summary>
    public static CodeCounts operator -(CodeCounts a, CodeCounts b) =>
        new(a.BlocksDecoded - b.BlocksDecoded, a.BlocksShared - b.BlocksShared, a.RegionsShared - b.RegionsShared);
}
