namespace Faultline.Explain.Decode.Registers;

/// <summary>CR0: mode of the processor as a whole.</summary>
internal static class Cr0
{
    private const ulong PE = 1, WP = 1 << 16, NW = 1 << 29, CD = 1 << 30, PG = 1UL << 31;

    /// <summary>The table.</summary>
    public static RegisterLayout Layout { get; } = new("CR0", 64, "Intel SDM vol. 3A, section 2.5",
    [
        new("PE", 0, "protected mode"),
        new("MP", 1, "WAIT faults when TS is set"),
        new("EM", 2, "no x87: its instructions raise #NM, those of SSE #UD"),
        new("TS", 3, "task switched: x87 and SSE instructions raise #NM"),
        new("ET", 4, "x87 is of the 387 family; always one on today's processors"),
        new("NE", 5, "x87 errors raise #MF rather than an external interrupt"),
        new("WP", 16, "supervisor writes respect read-only pages"),
        new("AM", 18, "user accesses may be checked for alignment (RFLAGS.AC)"),
        new("NW", 29, "not write-through"),
        new("CD", 30, "caching is off"),
        new("PG", 31, "paging"),
    ])
    {
        Remarks = Remark,
    };

    private static IEnumerable<string> Remark(ulong value)
    {
        if ((value & (PG | PE)) == PG)
            yield return "Paging without protected mode: loading this raises #GP.";
        if ((value & (NW | CD)) == NW)
            yield return "NW without CD: loading this raises #GP.";
        if ((value & (PE | WP)) == PE)
            yield return "WP is clear: the kernel may write to read-only pages. Linux clears it only while it patches itself.";
    }
}
