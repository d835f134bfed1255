namespace Faultline.Explain.Images.Objects;

/// <summary>The relocations of an object against an address.</summary>
internal sealed record ObjectReport
{
    /// <summary>Who would load it: "a kernel module", "an object for a linker".</summary>
    public required string Kind { get; init; }

    /// <summary>Where its first loaded section is taken to be.</summary>
    public required ulong Address { get; init; }

    /// <summary>Loaded sections at their addresses.</summary>
    public required IReadOnlyList<PlacedSection> Sections { get; init; }

    /// <summary>How many relocations of each type each loaded section has.</summary>
    public required IReadOnlyList<(string Section, string Type, int Count)> Relocations { get; init; }

    /// <summary>Relocations that do not fit or that the loader refuses, up to a limit.</summary>
    public required IReadOnlyList<CheckedRelocation> Faults { get; init; }

    /// <summary>How many there are in all.</summary>
    public required int FaultCount { get; init; }

    /// <summary>How many relocations refer to symbols of other files.</summary>
    public required int External { get; init; }

    /// <summary>Compiler and code model.</summary>
    public required CodeModel CodeModel { get; init; }
}
