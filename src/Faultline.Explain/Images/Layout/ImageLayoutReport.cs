namespace Faultline.Explain.Images.Layout;

/// <summary>How the functions of an image are laid out.</summary>
internal sealed record ImageLayoutReport
{
    /// <summary>Powers of two that are told apart: 1 to 4096 and more.</summary>
    public const int Alignments = 13;

    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>Executable sections with functions: the name, and how many functions have addresses divisible by 2^i and not by more.</summary>
    public required IReadOnlyList<(string Name, int[] Histogram)> Sections { get; init; }

    /// <summary>Functions in order of address: one for each place that a symbol of code names, without the parts that compilers split off (.cold).</summary>
    public required IReadOnlyList<FunctionLayout> Functions { get; init; }

    /// <summary>How many __cfi_ symbols there are.</summary>
    public int CfiSymbols { get; init; }

    /// <summary>How many __pfx_ symbols there are, which objtool makes for padding.</summary>
    public int PrefixSymbols { get; init; }

    /// <summary>Where the list of places that ftrace may patch came from; null when there is none.</summary>
    public string? PatchTable { get; init; }

    /// <summary>How many places it has.</summary>
    public int PatchSites { get; init; }

    /// <summary>How many of those hold a 5-byte call or no-operation.</summary>
    public int GoodPatchSites { get; init; }

    /// <summary>How many of the good ones are at no function's entry: left over from weak functions that others replaced, which ftrace passes over.</summary>
    public int OrphanPatchSites { get; init; }

    /// <summary>Places that hold something else, up to a limit.</summary>
    public IReadOnlyList<PatchSite> BadPatchSites { get; init; } = [];

    /// <summary>Whether functions were left out.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>Functions whose 16 bytes of preamble are in place.</summary>
    public int WithRoom => Functions.Count(function => function.HasRoom);

    /// <summary>Functions with a kCFI type hash.</summary>
    public int WithHash => Functions.Count(function => function.Preamble is PreambleKind.HashThenPadding or PreambleKind.HashAtEntry);

    /// <summary>
    /// Whether the image was built to be patched before its functions (CONFIG_CALL_PADDING, or kCFI with padding): nine tenths of its functions have room.
    /// </summary>
    public bool IsPadded => Functions.Count != 0 && WithRoom >= Functions.Count * 9 / 10;
}
