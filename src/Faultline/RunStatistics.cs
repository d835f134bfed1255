namespace Faultline;

/// <summary>What a run used.</summary>
/// <param name="Instructions">Guest instructions executed; a repeated string instruction counts once.</param>
/// <param name="SystemCalls">System calls made.</param>
/// <param name="Elapsed">Wall time from the start of loading to the end of the program.</param>
/// <param name="GuestMemory">Bytes of private guest memory in use when the program ended.</param>
/// <param name="BlocksDecoded">Stretches of guest code that were decoded.</param>
/// <param name="MissingSystemCalls">Calls that returned ENOSYS because they are not implemented, by name, with how often.</param>
public sealed record RunStatistics(
    long Instructions,
    long SystemCalls,
    TimeSpan Elapsed,
    long GuestMemory,
    long BlocksDecoded,
    IReadOnlyDictionary<string, int> MissingSystemCalls)
{
    /// <summary>Of the blocks decoded, those taken over from another thread or process that had decoded the same bytes.</summary>
    public long BlocksShared { get; init; }

    /// <summary>Translated regions taken over from another thread or process; none with <see cref="MachineOptions.CollectProfile"/>, whose code counts for one processor.</summary>
    public long RegionsShared { get; init; }

    /// <summary>Where the time went, and what the translator did; null unless <see cref="MachineOptions.CollectProfile"/> asked for it.</summary>
    public RunProfile? Profile { get; init; }
}
