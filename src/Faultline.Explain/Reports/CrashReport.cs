namespace Faultline.Explain.Reports;

/// <summary>
/// One report that a kernel printed, taken out of whatever text it stood in and read as far as its lines go. Everything
/// that the text did not say is null or empty: nothing is filled in.
/// </summary>
internal sealed record CrashReport
{
    /// <summary>What the report reports.</summary>
    public required ReportKind Kind { get; init; }

    /// <summary>Whose registers these are.</summary>
    public ReportArchitecture Architecture { get; init; }

    /// <summary>The line that says what happened (<c>BUG: kernel NULL pointer dereference, address: ...</c>), without prefixes.</summary>
    public required string Title { get; init; }

    /// <summary>The first line of the report in the input, from 1.</summary>
    public required int FirstLine { get; init; }

    /// <summary>The last line of the report in the input, from 1, inclusive.</summary>
    public required int LastLine { get; init; }

    /// <summary>
    /// The report's lines without mail quoting, log levels, timestamps and journal prefixes, those of other processors and
    /// of unrelated messages taken out; wrapped lines joined.
    /// </summary>
    public required IReadOnlyList<ReportLine> Lines { get; init; }

    /// <summary>Seconds since boot of the first line that had a timestamp.</summary>
    public double? Timestamp { get; init; }

    /// <summary>The processor, from <c>CPU: n</c>.</summary>
    public int? Cpu { get; init; }

    /// <summary>The task's id.</summary>
    public int? Pid { get; init; }

    /// <summary>The real user of the task, which Linux 6.11 and later print.</summary>
    public long? Uid { get; init; }

    /// <summary>The task's name, from <c>Comm:</c>.</summary>
    public string? Task { get; init; }

    /// <summary>The kernel's release and version as printed: <c>6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2</c>.</summary>
    public string? KernelVersion { get; init; }

    /// <summary><c>Hardware name:</c>.</summary>
    public string? Hardware { get; init; }

    /// <summary><c>Workqueue:</c>.</summary>
    public string? Workqueue { get; init; }

    /// <summary>
    /// Whether the report speaks of taint at all: false with <see cref="Taint"/> empty means that the report was cut off, true
    /// with it empty that the kernel said <c>Not tainted</c>.
    /// </summary>
    public bool HasTaint { get; init; }

    /// <summary>The taint letters, in the order printed.</summary>
    public IReadOnlyList<TaintFlag> Taint { get; init; } = [];

    /// <summary>The source position of an assertion or a warning: <c>kernel/kexec_file.c:936</c>.</summary>
    public string? SourcePosition { get; init; }

    /// <summary>The frame that faulted.</summary>
    public RegisterFrame Frame { get; init; } = RegisterFrame.Empty;

    /// <summary>The user frame that entered the kernel, when the report goes down to it.</summary>
    public RegisterFrame? UserFrame { get; init; }

    /// <summary>Further register frames inside the trace: what an interrupt or an exception interrupted.</summary>
    public IReadOnlyList<RegisterFrame> OtherFrames { get; init; } = [];

    /// <summary>The address whose access faulted as the header names it, never CR2, which can belong to a later fault.</summary>
    public ulong? FaultAddress { get; init; }

    /// <summary>The page-fault error code, or the number that the oops prints (<c>Oops: 0002</c>).</summary>
    public ulong? ErrorCode { get; init; }

    /// <summary>What the processor was doing, in the kernel's words (<c>#PF: supervisor write access in kernel mode</c>).</summary>
    public IReadOnlyList<ReportLine> FaultDetails { get; init; } = [];

    /// <summary>The oops' ordinal in this boot, from <c>[#1]</c>.</summary>
    public int? OopsNumber { get; init; }

    /// <summary>What kCFI said.</summary>
    public CfiMismatch? Cfi { get; init; }

    /// <summary>The call trace, innermost first, all sections one after the other.</summary>
    public IReadOnlyList<TraceEntry> Trace { get; init; } = [];

    /// <summary>Linked modules; empty when none are listed.</summary>
    public IReadOnlyList<ModuleReference> Modules { get; init; } = [];

    /// <summary>
    /// Bytes from where the kernel was linked to where it ran, from a <c>Kernel Offset:</c> of the same boot, here or in a later
    /// report; null where the text has none, 0 where it says that the kernel was not moved.
    /// </summary>
    public ulong? KernelOffset { get; init; }

    /// <summary>The words of <c>Stack:</c>, lowest address first.</summary>
    public IReadOnlyList<ulong> StackWords { get; init; } = [];

    /// <summary>Hexadecimal dumps in the report (page poison, slab objects, KASAN shadow).</summary>
    public IReadOnlyList<MemoryDump> Dumps { get; init; } = [];

    /// <summary>What kexec said.</summary>
    public IReadOnlyList<KexecMessage> Kexec { get; init; } = [];

    /// <summary>Values printed for debugging as <c>name: value</c> or <c>name[index]: value</c>.</summary>
    public IReadOnlyList<NamedValue> Values { get; init; } = [];

    /// <summary>The identifier in <c>---[ end trace ... ]---</c>.</summary>
    public string? EndTrace { get; init; }

    /// <summary>What a reader must know of how the report was read, a sentence each: that it was cut off, that lines may be mixed.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>For <see cref="ReportKind.UserFault"/>: the mapping that held the instruction pointer.</summary>
    public UserMapping? UserMapping { get; init; }
}
