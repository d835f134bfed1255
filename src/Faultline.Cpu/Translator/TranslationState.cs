namespace Faultline.Cpu.Translator;

/// <summary>What the translator knows at one point of the code it emits.</summary>
/// <param name="Flags">The status flags.</param>
/// <param name="DirtyGprs">General registers whose local is newer than the CpuState, a bit each.</param>
/// <param name="DirtyVectors">The same for vector registers.</param>
/// <param name="Facts">For which floating-point operations vector registers need no look.</param>
/// <param name="Precise">Whether PE was found set in MXCSR, so that it does not matter whether an operation is exact.</param>
/// <param name="Pending">Instructions executed but not yet taken off the fuel.</param>
internal sealed record TranslationState(FlagsState Flags, uint DirtyGprs, uint DirtyVectors, int Pending, VectorFacts Facts, bool Precise)
{
    /// <summary>General registers whose local got their value in this block or those from which it goes on, a bit each. What stays in its local from entry to exit need not be among them.</summary>
    public uint Loaded { get; init; }

    /// <summary>What is to be added to RSP's local to give RSP.</summary>
    public long StackOffset { get; init; }

    /// <summary>The groups of accesses whose host address is known.</summary>
    public CheckedGroup? Checked { get; init; }

    /// <summary>The x87 stack; null in regions that do not have its registers in locals.</summary>
    public X87State? X87 { get; init; }
}
