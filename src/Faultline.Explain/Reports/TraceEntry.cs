namespace Faultline.Explain.Reports;

/// <summary>One line of a call trace.</summary>
internal sealed record TraceEntry
{
    /// <summary>The return address as printed; null where the kernel prints the symbol alone.</summary>
    public ulong? Address { get; init; }

    /// <summary>The symbol; null for an address that the kernel could not name.</summary>
    public SymbolReference? Symbol { get; init; }

    /// <summary>Whether a <c>?</c> stands before it: an address found on the stack that the unwinder did not reach.</summary>
    public bool IsUnreliable { get; init; }

    /// <summary>The stack it was found on as printed between angle brackets (<c>IRQ</c>, <c>TASK</c>, <c>NMI</c>); null without one.</summary>
    public string? Section { get; init; }

    /// <summary>Whether the line is marked <c>[inlined]</c>, by a kernel or a tool that ran over the report before.</summary>
    public bool IsInlined { get; init; }

    /// <summary>A source position that the line already carries (<c>fs/inode.c:712</c>).</summary>
    public string? SourcePosition { get; init; }

    /// <summary>The stack pointer printed with it (ia64: <c>sp=</c>).</summary>
    public ulong? StackPointer { get; init; }

    /// <summary>The register backing store pointer printed with it (ia64: <c>bsp=</c>).</summary>
    public ulong? BackingStorePointer { get; init; }

    /// <summary>The line of the input, from 1.</summary>
    public required int Line { get; init; }
}
