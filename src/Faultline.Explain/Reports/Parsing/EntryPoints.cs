namespace Faultline.Explain.Reports.Parsing;

/// <summary>Tells the processor of a trace without registers by functions that one architecture's kernel alone has.</summary>
internal static class EntryPoints
{
    private static readonly (string Start, ReportArchitecture Architecture)[] _names =
    [
        ("entry_SYSCALL_64", ReportArchitecture.X64),
        ("do_syscall_64", ReportArchitecture.X64),
        ("asm_exc_", ReportArchitecture.X64),
        ("asm_sysvec_", ReportArchitecture.X64),
        ("ret_from_fork_asm", ReportArchitecture.X64),
        ("ia64_", ReportArchitecture.Ia64),
        ("el0_svc", ReportArchitecture.Arm64),
        ("el0t_64_", ReportArchitecture.Arm64),
        ("el1h_64_", ReportArchitecture.Arm64),
    ];

    /// <summary>The architecture; unknown when no entry tells.</summary>
    public static ReportArchitecture Guess(IEnumerable<TraceEntry> trace)
    {
        foreach (TraceEntry entry in trace)
        {
            foreach ((string start, ReportArchitecture architecture) in _names)
            {
                if (entry.Symbol?.Name.StartsWith(start, StringComparison.Ordinal) == true)
                    return architecture;
            }
        }
        return ReportArchitecture.Unknown;
    }
}
