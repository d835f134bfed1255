namespace Faultline.Elf.Layout;

/// <summary>One step of a <see cref="LoadPlan"/>; steps are carried out in order.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Address">Link-time address; whole pages except for ZeroFill.</param>
/// <param name="Length">Bytes, never 0; whole pages except for ZeroFill.</param>
/// <param name="FileOffset">For MapFile: offset of the first byte, a whole page; pages past the end of the file give SIGBUS.</param>
/// <param name="Protection">Protection of a new mapping; for ZeroFill, that of the mapping it writes into.</param>
/// <param name="SegmentIndex">The program header that asked for it.</param>
internal readonly record struct LoadStep(
    LoadStepKind Kind,
    ulong Address,
    ulong Length,
    ulong FileOffset,
    LoadProtection Protection,
    int SegmentIndex)
{
    /// <summary>The step covers nothing of its segment, only what the policy rounds it down over: the rest of a page of the host.</summary>
    public bool IsWidening { get; init; }

    /// <summary>Just past the last byte.</summary>
    public ulong End => Address + Length;
}
