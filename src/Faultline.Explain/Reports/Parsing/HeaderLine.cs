namespace Faultline.Explain.Reports.Parsing;

/// <summary>What a line that begins a report, or adds to its beginning, says.</summary>
internal sealed record HeaderLine
{
    /// <summary>The kind of report.</summary>
    public required ReportKind Kind { get; init; }

    /// <summary>
    /// How specific the line is. One event prints the most specific line first (what is wrong) and the most general one last
    /// (which exception brought it here): 3 names what happened, 2 is an assertion, 1 a processor exception, 0 an oops.
    /// </summary>
    public required int Rank { get; init; }

    /// <summary>The address whose access faulted.</summary>
    public ulong? FaultAddress { get; init; }

    /// <summary>The error code.</summary>
    public ulong? ErrorCode { get; init; }

    /// <summary>The ordinal in <c>[#1]</c>.</summary>
    public int? OopsNumber { get; init; }

    /// <summary>The processor.</summary>
    public int? Cpu { get; init; }

    /// <summary>The task's id.</summary>
    public int? Pid { get; init; }

    /// <summary>The task's name.</summary>
    public string? Task { get; init; }

    /// <summary>A source position.</summary>
    public string? SourcePosition { get; init; }

    /// <summary>A kCFI failure.</summary>
    public CfiMismatch? Cfi { get; init; }

    /// <summary>Registers that the line itself prints.</summary>
    public RegisterFrame? Frame { get; init; }

    /// <summary>The mapping that a user fault's line names.</summary>
    public UserMapping? Mapping { get; init; }

    /// <summary>A message of kexec.</summary>
    public KexecMessage? Kexec { get; init; }

    /// <summary>A value printed for debugging.</summary>
    public NamedValue? Value { get; init; }

    /// <summary>Whose registers follow, when the line's form tells.</summary>
    public ReportArchitecture Architecture { get; init; }

    /// <summary>Whether the line says so little that it makes a report only together with registers, a trace or a dump.</summary>
    public bool NeedsBody { get; init; }
}
