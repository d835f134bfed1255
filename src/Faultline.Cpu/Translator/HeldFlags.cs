using System.Reflection.Emit;

namespace Faultline.Cpu.Translator;

/// <summary>
/// The flags at the head of a loop. On the way back they mostly follow from a comparison of registers that the head does not change before its flags are gone: then nothing is moved
/// but the kind, and whoever leaves from the head computes them from those registers. What the way back has is known when the head's code is there already, but not its ways
/// out, which are emitted last.
/// </summary>
internal sealed class HeldFlags
{
    /// <summary>What the flags follow from where the kind is <see cref="PendingFlags.Held"/>; null as long as no way back has it so.</summary>
    public FlagsState? Flags { get; set; }

    /// <summary>Whether code that is emitted already takes the join locals to have the flags.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Locals that were overwritten while somebody could still ask for the flags.</summary>
    public HashSet<LocalBuilder> Overwritten { get; } = [];

    /// <summary>Whether the flags follow from a local.</summary>
    public bool FollowsFrom(LocalBuilder local) => Flags is { } flags && (flags.A?.Local == local || flags.B?.Local == local || flags.R?.Local == local || flags.Carry?.Local == local);
}
