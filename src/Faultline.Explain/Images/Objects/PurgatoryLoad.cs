namespace Faultline.Explain.Images.Objects;

/// <summary>What kexec_file_load makes of a purgatory at an address. See <see cref="PurgatoryLoader"/>.</summary>
internal sealed record PurgatoryLoad
{
    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>Where it was loaded.</summary>
    public required ulong Address { get; init; }

    /// <summary>Bytes of memory, whole pages.</summary>
    public required ulong Size { get; init; }

    /// <summary>Alignment that its sections ask for, at least a page.</summary>
    public required ulong Alignment { get; init; }

    /// <summary>Sections in memory, in order of the file.</summary>
    public required IReadOnlyList<PlacedSection> Sections { get; init; }

    /// <summary>Where the kernel would jump to.</summary>
    public required ulong Start { get; init; }

    /// <summary>The section that the kernel took the entry point to be in; null when none has it, and <see cref="Start"/> is then e_entry itself.</summary>
    public PlacedSection? EntrySection { get; init; }

    /// <summary>Every executable section whose range has e_entry. More than one makes the kernel warn.</summary>
    public IReadOnlyList<PlacedSection> EntryCandidates { get; init; } = [];

    /// <summary>The symbol that e_entry was made from, as far as one fits, and where it really is.</summary>
    public (string Name, ulong Address)? EntrySymbol { get; init; }

    /// <summary>e_entry.</summary>
    public required ulong EntryOffset { get; init; }

    /// <summary>How many relocations there are.</summary>
    public int RelocationCount { get; init; }

    /// <summary>How many of each type.</summary>
    public IReadOnlyList<(string Type, int Count)> RelocationTypes { get; init; } = [];

    /// <summary>All relocations that do not fit or that the kernel refuses, in its order.</summary>
    public IReadOnlyList<CheckedRelocation> Faults { get; init; } = [];

    /// <summary>Whether there are more faults than are kept.</summary>
    public bool HasMoreFaults { get; init; }

    /// <summary>The lines that the kernel would print, in its words and order, up to the one after which it gives up.</summary>
    public IReadOnlyList<string> KernelMessages { get; init; } = [];

    /// <summary>Problems with symbols that the kernel looks up by name after loading.</summary>
    public IReadOnlyList<string> SymbolProblems { get; init; } = [];

    /// <summary>The highest address at which every absolute 32-bit relocation still fits; null when there is none, or none is needed.</summary>
    public ulong? HighestAddress { get; init; }

    /// <summary>Which compiler and code model the file seems to come from.</summary>
    public required CodeModel CodeModel { get; init; }

    /// <summary>Whether kexec_file_load returns an error.</summary>
    public bool Fails => KernelError is not null;

    /// <summary>The error: "ENOEXEC", "EINVAL"; null without one.</summary>
    public string? KernelError { get; init; }
}
