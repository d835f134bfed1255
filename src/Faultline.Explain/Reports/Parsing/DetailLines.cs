namespace Faultline.Explain.Reports.Parsing;

/// <summary>Lines that belong to a report and say more about what happened, but that nothing further is read from.</summary>
internal static class DetailLines
{
    private static readonly string[] _starts =
    [
        "#PF: ", "PGD ", "P4D ", "*pde", "KASAN: ", "Thread overran", "Mem abort info:", "Data abort info:", "ESR = ", "EC = ", "SET = ",
        "EA = ", "FSC = ", "ISV = ", "CM = ", "GCS = ", "Overlay = ", "swapper pgtable", "user pgtable", "[0000", "[ffff", "[dead", "note: ",
        "Fixing recursive fault", "invoked from", "Read of size", "Write of size", "The buggy address", "which belongs to",
        "Allocated by task", "Freed by task", "Last potentially related", "Second to last potentially", "Memory state around",
        "page:", "page ", "flags:", "raw:", "page dumped because", "head:", "Allocated in ", "Freed in ", "Slab 0x", "Object 0x",
        "INFO: Slab", "INFO: Object", "INFO: 0x", "INFO: Allocated", "INFO: Freed", "FIX ", "=====", "-----", "Disabling lock debugging",
        "Sending NMI", "irq event stamp", "hardirqs last", "softirqs last", "Preemption disabled at", "in_atomic()", "preempt_count",
        "RCU nest depth", "INFO: lockdep", "lock(", "CPU0 ", "locks held by", "1 lock held by", "no locks held", "rcu:", "(detected by",
        "(t=", "Tainted: [", "Dumping ftrace", "(ftrace buffer", "Rebooting in", "---[ end Kernel panic", "Kernel panic - not syncing: Fatal",
        "TIF_", "Exception stack", "Process ", "kasan: ", "BUG: Bad", "addr:",
    ];

    /// <summary>Words without which a line of one kind of report is none of its own.</summary>
    private static readonly (ReportKind Kind, string Start)[] _startsByKind =
    [
        (ReportKind.HungTask, "task:"),
        (ReportKind.HungTask, "Not tainted"),
        (ReportKind.HungTask, "Tainted:"),
        (ReportKind.HungTask, "\"echo 0 >"),
        (ReportKind.RcuStall, "task:"),
        (ReportKind.RcuStall, "Tasks blocked"),
        (ReportKind.MachineCheck, "mce: [Hardware Error]"),
        (ReportKind.Slab, "0x"),
        (ReportKind.Sanitizer, "Use-after-free "),
        (ReportKind.Sanitizer, "Out-of-bounds "),
        (ReportKind.Sanitizer, "Invalid "),
        (ReportKind.Sanitizer, "Corrupted memory at "),
        (ReportKind.Sanitizer, "kfence-#"),
        (ReportKind.Sanitizer, "allocated by task"),
        (ReportKind.Sanitizer, "freed by task"),
        (ReportKind.Sanitizer, "shift exponent"),
        (ReportKind.Sanitizer, "index "),
        (ReportKind.Sanitizer, "load of "),
        (ReportKind.Sanitizer, "member access"),
        (ReportKind.Sanitizer, "signed integer overflow"),
    ];

    private static readonly string[] _traces =
    [
        "Allocated by task", "Freed by task", "allocated by task", "freed by task", "Allocated in ", "Freed in ", "Use-after-free ",
        "Out-of-bounds ", "Invalid ", "Corrupted memory at ",
    ];

    /// <summary>Whether entries of a trace follow a line without a heading of their own.</summary>
    public static bool BeginsTrace(string text) => Array.Exists(_traces, start => text.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Whether a line adds to a report of this kind.</summary>
    public static bool Contains(string text, ReportKind kind) =>
        Array.Exists(_starts, start => text.StartsWith(start, StringComparison.Ordinal))
        || Array.Exists(_startsByKind, row => row.Kind == kind && text.StartsWith(row.Start, StringComparison.Ordinal));
}
