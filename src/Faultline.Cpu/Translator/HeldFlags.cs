using System.Reflection.Emit;

namespace Faultline.Cpu.Translator;

/// <summary>
/// The flags at the head of a loop. On the way back they mostly follow from a comparison of registers that the head does not change before its flags are gone: then nothing is moved
/// but the kind, and whoever leaves from the head computes them from those registers. What a way back has is known when the head's code is there already, but not its ways
/// out, which are emitted last. A loop may have several ways back, each with flags of its own: an inner loop and the one around it often have one head.
/// </summary>
internal sealed class HeldFlags
{
    /// <summary>How many ways back with different flags are told apart: whoever leaves from the head compares the kind with that of each.</summary>
    public const int Most = 4;

    private readonly List<FlagsState> _ways = [];

    /// <summary>What the flags follow from where the kind is <see cref="PendingFlags.Held"/> and the index in this list.</summary>
    public IReadOnlyList<FlagsState> Ways => _ways;

    /// <summary>Whether code that is emitted already takes the flags: it knows the ways that there were then, and no others.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Locals that were overwritten while somebody could still ask for the flags.</summary>
    public HashSet<LocalBuilder> Overwritten { get; } = [];

    /// <summary>Adds a way.</summary>
    /// <returns>Its kind.</returns>
    public PendingFlags Add(FlagsState flags)
    {
        _ways.Add(flags);
        return Kind(_ways.Count - 1);
    }

    /// <summary>Finds a way with the same flags.</summary>
    /// <returns>Its kind; null when there is none.</returns>
    public PendingFlags? Find(FlagsState flags) => _ways.IndexOf(flags) is var index and >= 0 ? Kind(index) : null;

    /// <summary>The kind of the flags of a way.</summary>
    public static PendingFlags Kind(int way) => PendingFlags.Held + (uint)way;

    /// <summary>Whether the flags of a way follow from a local.</summary>
    public bool FollowsFrom(LocalBuilder local) => _ways.Exists(flags => flags.A?.Local == local || flags.B?.Local == local || flags.R?.Local == local || flags.Carry?.Local == local);
}
