using Faultline.Explain.Decode.Numbers;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Explanations;

/// <summary>Words for what a report is, the same in every output.</summary>
internal static class ReportLabels
{
    /// <summary>A kind in words.</summary>
    public static string Of(ReportKind kind) => kind switch
    {
        ReportKind.Oops => "kernel oops",
        ReportKind.Bug => "kernel BUG (an assertion failed)",
        ReportKind.Warning => "kernel warning (the kernel went on)",
        ReportKind.Panic => "kernel panic",
        ReportKind.GeneralProtection => "general protection fault in the kernel",
        ReportKind.PageFault => "page fault in the kernel",
        ReportKind.NullDereference => "NULL pointer dereference in the kernel",
        ReportKind.InvalidOpcode => "invalid opcode in the kernel",
        ReportKind.DoubleFault => "double fault or stack overflow in the kernel",
        ReportKind.CfiFailure => "kCFI failure (an indirect call to a function of another type)",
        ReportKind.DivideError => "divide error in the kernel",
        ReportKind.Trap => "processor exception in the kernel",
        ReportKind.SoftLockup => "soft lockup (a processor did not schedule)",
        ReportKind.HardLockup => "hard lockup (a processor took no interrupts)",
        ReportKind.RcuStall => "RCU stall",
        ReportKind.HungTask => "hung task",
        ReportKind.ListCorruption => "list corruption",
        ReportKind.StackProtector => "kernel stack canary overwritten",
        ReportKind.Kexec => "kexec_file_load error",
        ReportKind.PagePoison => "free page overwritten",
        ReportKind.Sanitizer => "sanitizer report",
        ReportKind.Slab => "slab object damaged",
        ReportKind.BadPage => "page in a bad state",
        ReportKind.Atomicity => "sleeping or preemptible code where it must not be",
        ReportKind.Lockdep => "lock order report",
        ReportKind.MachineCheck => "machine check",
        ReportKind.UserFault => "fault in a user program",
        ReportKind.Trace => "registers or a call trace without a header",
        ReportKind.RegisterDump => "values printed for debugging",
        _ => "report",
    };

    /// <summary>A processor in words; null when the report does not tell.</summary>
    public static string? Of(ReportArchitecture architecture) => architecture switch
    {
        ReportArchitecture.X64 => "x86-64",
        ReportArchitecture.X86 => "x86, 32 bits",
        ReportArchitecture.Ia64 => "Itanium",
        ReportArchitecture.Arm64 => "arm64",
        ReportArchitecture.LoongArch => "LoongArch",
        _ => null,
    };

    /// <summary>
    /// The facts of a report as pairs of a name and a text, in the order in which they are printed; what the report does not say
    /// is left out.
    /// </summary>
    public static IEnumerable<(string Name, string Text)> Facts(ExplainedReport explained)
    {
        CrashReport report = explained.Report;
        yield return ("kind", Of(report.Kind));
        if (report.SourcePosition is { } position)
            yield return ("raised at", position);
        foreach (ReportLine detail in report.FaultDetails.Take(MaxDetails))
            yield return ("detail", detail.Text.Trim());
        if (report.FaultDetails.Count > MaxDetails)
            yield return ("detail", $"and {report.FaultDetails.Count - MaxDetails} more lines");
        if (report.FaultAddress is { } address)
            yield return ("address", $"0x{address:x}{Suffix(explained.Context.Classifier.Classify(address, explained.Context).Text)}");
        if (report.ErrorCode is { } code)
            yield return ("error code", ErrorCodeText.Describe(report, code));
        if (report.Cfi is { } cfi)
            yield return ("kCFI", $"{cfi.Caller?.ToString() ?? "?"} called {cfi.Target?.ToString() ?? $"0x{cfi.TargetAddress:x}"}, expecting type 0x{cfi.ExpectedType:x8} (hashes change at each boot)");
        if (report.Cpu is not null || Of(report.Architecture) is not null)
            yield return ("processor", string.Join(", ", new[] { report.Cpu is { } cpu ? $"CPU {cpu}" : null, Of(report.Architecture) }.OfType<string>()));
        if (report.Task is not null || report.Pid is not null)
            yield return ("task", string.Join(", ", new[] { report.Task, report.Pid is { } pid ? $"PID {pid}" : null, report.Uid is { } uid ? $"UID {uid}" : null }.OfType<string>()));
        if (report.UserMapping is { } mapping)
            yield return ("mapping", $"{mapping.Name}, 0x{mapping.Size:x} bytes at 0x{mapping.Start:x}{MappingOffset(report, mapping)}");
        if (report.Workqueue is { } queue)
            yield return ("workqueue", queue);
        if (report.UserFrame is { InstructionPointer: { } pointer } user)
            yield return ("entered", $"from user mode at 0x{pointer:x}{Syscall(user)}");
        if (report.KernelVersion is { } version)
            yield return ("kernel", version);
        if (report.Hardware is { } hardware)
            yield return ("hardware", hardware);
        if (report.HasTaint)
            yield return ("taint", report.Taint.Count == 0 ? "none" : string.Join("; ", report.Taint.Select(flag => $"{flag.Letter} {flag.Meaning}")));
        if (report.KernelOffset is { } offset)
            yield return ("moved by", offset == 0 ? "nothing: the kernel ran where it was linked" : $"0x{offset:x} (KASLR)");
        foreach (KexecMessage message in report.Kexec.Take(MaxDetails))
            yield return ("kexec", message.Text);
        if (explained.SymbolSummary is { } summary)
            yield return ("images", summary);
        foreach (string note in report.Notes)
            yield return ("note", note);
    }

    private const int MaxDetails = 12;

    private static string Syscall(RegisterFrame user) => user["ORIG_RAX"] is { } number && (long)number >= 0 ? $", system call {SystemCall(number)}" : "";

    private static string SystemCall(ulong number) => number <= int.MaxValue && SyscallNames.X64.ByNumber.TryGetValue((int)number, out string? name) ? $"{name} ({number})" : $"{number}";

    private static string Suffix(string text) => text.Length == 0 ? "" : $" ({text})";

    private static string MappingOffset(CrashReport report, UserMapping mapping) => mapping.Offset is { } offset ? $", at 0x{offset:x} of the file"
        : report.Frame.InstructionPointer is { } ip && ip >= mapping.Start && ip - mapping.Start < mapping.Size ? $", at 0x{ip - mapping.Start:x} of the mapping" : "";
}
