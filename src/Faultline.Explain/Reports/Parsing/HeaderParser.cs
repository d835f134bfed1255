using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>
/// Recognises the lines with which reports begin. Every form has a row in <see cref="_rows"/>: the text that it starts with
/// and the method that reads the rest.
/// </summary>
internal static class HeaderParser
{
    /// <summary>Below this an address is a small offset from NULL: the kernel's own limit, one page (show_fault_oops()).</summary>
    private const ulong NullPage = 4096;

    private static readonly Row[] _rows =
    [
        new("BUG: kernel NULL pointer dereference", Fault),
        new("BUG: unable to handle", Fault),
        new("Unable to handle kernel", Fault),
        new("unable to handle kernel", Fault),
        new("BUG: stack guard page was hit", (_, _) => Of(ReportKind.DoubleFault)),
        new("BUG: TASK stack guard page was hit", (_, _) => Of(ReportKind.DoubleFault)),
        new("BUG: IRQ stack guard page was hit", (_, _) => Of(ReportKind.DoubleFault)),
        new("Insufficient stack space to handle exception!", (_, _) => Of(ReportKind.DoubleFault)),
        new("PANIC: double fault", (_, _) => Of(ReportKind.DoubleFault)),
        new("kernel stack overflow", (_, _) => Of(ReportKind.DoubleFault)),
        new("CFI failure", CfiHeader.Read),
        new("kernel BUG at ", Assertion),
        new("Kernel BUG at ", Assertion),
        new("WARNING: ", WarningHeader.Read),
        new("Kernel panic - not syncing", Panic),
        new("general protection fault", Exception(ReportKind.GeneralProtection)),
        new("invalid opcode:", Exception(ReportKind.InvalidOpcode)),
        new("divide error:", Exception(ReportKind.DivideError)),
        new("double fault:", Exception(ReportKind.DoubleFault)),
        new("stack segment:", Exception(ReportKind.Trap)),
        new("alignment check:", Exception(ReportKind.Trap)),
        new("segment not present:", Exception(ReportKind.Trap)),
        new("invalid TSS:", Exception(ReportKind.Trap)),
        new("int3:", Exception(ReportKind.Trap)),
        new("bounds:", Exception(ReportKind.Trap)),
        new("control protection fault:", Exception(ReportKind.Trap)),
        new("simd exception:", Exception(ReportKind.Trap)),
        new("fpu exception:", Exception(ReportKind.Trap)),
        new("stack guard page:", Exception(ReportKind.DoubleFault)),
        new("Missing ENDBR:", (_, _) => Of(ReportKind.Trap)),
        new("Internal error: ", Exception(ReportKind.Oops)),
        new("Oops", Exception(ReportKind.Oops)),
        new("BUG: soft lockup", Lockup(ReportKind.SoftLockup)),
        new("Watchdog detected hard LOCKUP on cpu", Lockup(ReportKind.HardLockup)),
        new("BUG: workqueue lockup", (_, _) => Of(ReportKind.SoftLockup)),
        new("INFO: rcu", RcuStall),
        new("INFO: task ", HungTask),
        new("list_add corruption", (_, _) => Of(ReportKind.ListCorruption)),
        new("list_del corruption", (_, _) => Of(ReportKind.ListCorruption)),
        new("BUG: KASAN:", (_, _) => Of(ReportKind.Sanitizer)),
        new("BUG: KFENCE:", (_, _) => Of(ReportKind.Sanitizer)),
        new("BUG: KMSAN:", (_, _) => Of(ReportKind.Sanitizer)),
        new("BUG: KCSAN:", (_, _) => Of(ReportKind.Sanitizer)),
        new("UBSAN:", (_, _) => Of(ReportKind.Sanitizer)),
        new("BUG: Bad ", (_, _) => Of(ReportKind.BadPage)),
        new("BUG: scheduling while atomic", Atomicity),
        new("BUG: sleeping function called from invalid context", Atomicity),
        new("BUG: using ", Atomicity),
        new("BUG: spinlock", Atomicity),
        new("BUG: rwlock", Atomicity),
        new("BUG: Invalid wait context", (_, _) => Of(ReportKind.Lockdep)),
        new("INFO: possible ", (_, _) => Of(ReportKind.Lockdep)),
        new("pagealloc: memory corruption", (_, _) => Of(ReportKind.PagePoison)),
        new("pagealloc: single bit error", (_, _) => Of(ReportKind.PagePoison)),
        new("mce: [Hardware Error]: CPU ", MachineCheck),
        new("NMI backtrace for cpu ", (text, line) => Lockup(ReportKind.Trace)(text, line) with { Rank = 2, NeedsBody = true }),
        new("potentially unexpected fatal signal ", (_, _) => Of(ReportKind.UserFault) with { Frame = RegisterFrame.Empty }),
        new("BUG ", Slab),
        new("BUG: ", (_, _) => Of(ReportKind.Bug, 2) with { NeedsBody = true }),
    ];

    /// <summary>Words that precede a header without being part of it.</summary>
    private static readonly string[] _tags = ["watchdog: ", "NMI watchdog: ", "rcu: ", "traps: ", "Oops: ", "sched: ", "cfi: "];

    /// <summary>Reads a line.</summary>
    /// <returns>Null when it begins no report.</returns>
    public static HeaderLine? Read(string text, int line)
    {
        string bare = WithoutTags(text);
        foreach (Row row in _rows)
        {
            if (bare.StartsWith(row.Start, StringComparison.Ordinal))
                return row.Parse(bare, line);
        }
        return SystemHeaders.Read(bare, line) ?? UserFaultHeader.Read(bare, line) ?? KexecHeader.Read(text, line)
            ?? ValueHeader.Read(text, line);
    }

    /// <summary>A header of which nothing but the kind is read.</summary>
    public static HeaderLine Of(ReportKind kind, int rank = 3) => new() { Kind = kind, Rank = rank };

    private static string WithoutTags(string text)
    {
        string bare = text.TrimStart();
        for (int i = 0; i < 3; i++)
        {
            string? tag = Array.Find(_tags, tag => bare.StartsWith(tag, StringComparison.Ordinal));
            // "Oops: 0002 [#1]" is a header itself; what another exception prints behind the same word is not.
            if (tag is null || (tag == "Oops: " && char.IsAsciiHexDigit(CharAt(bare, tag.Length)) && char.IsAsciiHexDigit(CharAt(bare, tag.Length + 3))
                && char.IsAsciiHexDigit(CharAt(bare, tag.Length + 2))))
            {
                break;
            }
            bare = bare[tag.Length..];
        }
        return bare;
    }

    private static char CharAt(string text, int index) => index < text.Length ? text[index] : '\0';

    private static HeaderLine Fault(string text, int line)
    {
        ulong? address = null;
        Cursor cursor = new(text);
        if (cursor.SkipPast("address") || cursor.SkipPast(" at ") || cursor.SkipPast("request at"))
        {
            cursor.Skip(':');
            cursor.SkipBlanks();
            if (cursor.TryPrefixedHex(out ulong value))
                address = value;
        }
        bool isNull = text.Contains("NULL pointer", StringComparison.Ordinal) || address < NullPage;
        return Of(isNull ? ReportKind.NullDereference : ReportKind.PageFault) with { FaultAddress = address };
    }

    private static HeaderLine Assertion(string text, int line)
    {
        Cursor cursor = new(text);
        cursor.SkipPast(" at ");
        string position = cursor.Rest.TrimEnd('!').ToString();
        int bracket = position.IndexOf(" [", StringComparison.Ordinal);
        return Of(ReportKind.Bug, 2) with { SourcePosition = (bracket < 0 ? position : position[..bracket]).TrimEnd() };
    }

    private static HeaderLine Panic(string text, int line)
    {
        if (text.Contains("stack-protector", StringComparison.Ordinal))
            return Of(ReportKind.StackProtector);
        if (text.Contains("CFI failure", StringComparison.Ordinal))
            return CfiHeader.Read(text, line);
        if (text.Contains("Hard LOCKUP", StringComparison.Ordinal))
            return Of(ReportKind.HardLockup);
        return Of(ReportKind.Panic);
    }

    /// <summary>
    /// <c>NAME[, probably for non-canonical address A]: CODE [#N] ...</c>, arm64's <c>Internal error: Oops: CODE [#N]</c> and the
    /// forms between.
    /// </summary>
    private static Func<string, int, HeaderLine?> Exception(ReportKind kind) => (text, _) =>
    {
        ulong? address = null;
        ulong? code = null;
        int? number = null;
        Cursor cursor = new(text);
        if (cursor.SkipPast("non-canonical address ") && cursor.TryPrefixedHex(out ulong value))
            address = value;
        cursor = new(text);
        if (cursor.SkipPast("[#") && cursor.TryInt32(out int ordinal))
            number = ordinal;
        int colon = text.LastIndexOf(": ", StringComparison.Ordinal);
        cursor = new(colon < 0 ? "" : text.AsSpan(colon + 2));
        if (cursor.TryHex(out ulong digits, 4, 16))
            code = digits;
        // "Oops" and "Internal error" may begin any sentence; a number says that the kernel said it.
        if (kind == ReportKind.Oops && number is null && code is null)
            return null;
        int rank = kind == ReportKind.Oops ? 0 : 1;
        return Of(kind, rank) with
        {
            FaultAddress = address,
            ErrorCode = code,
            OopsNumber = number,
            Architecture = text.StartsWith("Internal error: ", StringComparison.Ordinal) ? ReportArchitecture.Arm64
                : text.StartsWith("Oops[", StringComparison.Ordinal) ? ReportArchitecture.LoongArch : ReportArchitecture.Unknown,
        };
    };

    /// <summary><c>... CPU#3 stuck for 22s! [comm:pid]</c>, <c>... on cpu 3</c>.</summary>
    private static Func<string, int, HeaderLine> Lockup(ReportKind kind) => (text, _) =>
    {
        Cursor cursor = new(text);
        int? cpu = null;
        if ((cursor.SkipPast("CPU#") || cursor.SkipPast("cpu ")) && cursor.TryInt32(out int number))
            cpu = number;
        (string? task, int? pid) = cursor.SkipPast("[") && cursor.TryUntil(']', out ReadOnlySpan<char> name) ? TaskName(name) : default;
        return Of(kind) with { Cpu = cpu, Task = task, Pid = pid };
    };

    private static HeaderLine? RcuStall(string text, int line)
    {
        return text.Contains("stall", StringComparison.Ordinal) ? Of(ReportKind.RcuStall) : null;
    }

    /// <summary><c>INFO: task COMM:PID blocked for more than 120 seconds.</c></summary>
    private static HeaderLine? HungTask(string text, int line)
    {
        int end = text.IndexOf(" blocked ", StringComparison.Ordinal);
        int start = "INFO: task ".Length;
        if (end < start)
            return null;
        (string? task, int? pid) = TaskName(text.AsSpan(start, end - start));
        return Of(ReportKind.HungTask) with { Task = task, Pid = pid };
    }

    /// <summary><c>BUG: scheduling while atomic: COMM/PID/COUNT</c>.</summary>
    private static HeaderLine Atomicity(string text, int line)
    {
        Cursor cursor = new(text);
        if (cursor.SkipPast("atomic: ") && cursor.TryUntil('/', out ReadOnlySpan<char> task) && cursor.TryInt32(out int pid))
            return Of(ReportKind.Atomicity) with { Task = task.ToString(), Pid = pid };
        return Of(ReportKind.Atomicity);
    }

    private static HeaderLine? MachineCheck(string text, int line)
    {
        Cursor cursor = new(text);
        return cursor.SkipPast("CPU ") && cursor.TryInt32(out int cpu) && cursor.Skip(": Machine Check")
            ? Of(ReportKind.MachineCheck) with { Cpu = cpu }
            : null;
    }

    /// <summary><c>BUG kmalloc-64 (Tainted: G): Redzone overwritten</c>.</summary>
    private static HeaderLine? Slab(string text, int line)
    {
        int start = text.IndexOf(" (", StringComparison.Ordinal);
        int end = text.IndexOf("): ", StringComparison.Ordinal);
        return start > 0 && end > start && text.AsSpan(start).StartsWith(" (Tainted") | text.AsSpan(start).StartsWith(" (Not tainted")
            ? Of(ReportKind.Slab)
            : null;
    }

    private static (string? Task, int? Pid) TaskName(ReadOnlySpan<char> text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text[(colon + 1)..], out int pid) ? (text[..colon].ToString(), pid) : (null, null);
    }

    private readonly record struct Row(string Start, Func<string, int, HeaderLine?> Parse);
}
