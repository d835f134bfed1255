using Faultline.Explain.Findings;
using Faultline.Explain.Images;
using Faultline.Explain.Reports;
using Faultline.Explain.Values;

namespace Faultline.Explain.Rules;

/// <summary>Questions that several rules ask of a report.</summary>
internal static class ReportFacts
{
    /// <summary>Error-code bit of a page fault: an instruction fetch (Intel SDM, volume 3, 4.7).</summary>
    public const ulong InstructionFetch = 0x10;

    /// <summary>Error-code bit of a page fault: the page is mapped and forbids the access.</summary>
    public const ulong Protection = 1;

    /// <summary>Error-code bit of a page fault: a write.</summary>
    public const ulong Write = 2;

    /// <summary>Below this an address is an offset from NULL: Linux keeps at least these bytes unmapped (mmap_min_addr).</summary>
    public const ulong NullLimit = 0x1_0000;

    /// <summary>Whether a report's registers and code are x86-64's. User fault lines do not say; bytes in ones, as they print them, are x86's.</summary>
    public static bool IsX64(CrashReport report) =>
        report.Architecture == ReportArchitecture.X64 || report.Architecture == ReportArchitecture.Unknown && report.Frame.Code is { UnitSize: 1 };

    /// <summary>A line of the report by its number, or null.</summary>
    public static string? Quote(CrashReport report, int line)
    {
        foreach (ReportLine candidate in report.Lines)
        {
            if (candidate.Number == line)
                return candidate.Text.Trim();
        }
        return null;
    }

    /// <summary>Evidence that quotes a line of the report; without the quote when the line is not known.</summary>
    public static Evidence At(CrashReport report, int line, string text) => Evidence.Of(text, line, Quote(report, line));

    /// <summary>Evidence that quotes the report's title.</summary>
    public static Evidence Title(CrashReport report, string text)
    {
        foreach (ReportLine line in report.Lines)
        {
            if (line.Text.Contains(report.Title, StringComparison.Ordinal))
                return Evidence.Of(text, line.Number, line.Text.Trim());
        }
        return Evidence.Of(text, report.FirstLine, report.Title);
    }

    /// <summary>Whether a page fault was an instruction fetch, as the error code or the kernel's words say.</summary>
    public static bool IsInstructionFetch(CrashReport report) =>
        report.Kind is ReportKind.PageFault or ReportKind.NullDereference or ReportKind.Oops or ReportKind.UserFault
        && (IsX64(report) && report.ErrorCode is { } code && (code & InstructionFetch) != 0
            || report.FaultDetails.Any(line => line.Text.Contains("instruction fetch", StringComparison.Ordinal)));

    /// <summary>Where the processor was, by name or by number.</summary>
    public static string Place(RegisterFrame frame) =>
        frame.Symbol?.ToString() ?? (frame.InstructionPointer is { } ip ? $"0x{ip:x}" : "an unknown place");

    /// <summary>The line of the report's instruction pointer as evidence.</summary>
    public static Evidence InstructionPointer(CrashReport report, string text) =>
        At(report, report.Frame.InstructionPointerLine, text);

    /// <summary>The innermost trace entry that the unwinder vouches for and that is not of the report's own machinery.</summary>
    public static TraceEntry? Caller(CrashReport report) => report.Trace.FirstOrDefault(
        entry => !entry.IsUnreliable && entry.Symbol is { } symbol && !IsMachinery(symbol.Name) && symbol != report.Frame.Symbol);

    /// <summary>The run-time address of the instruction pointer in link-time terms, and the image that has it; null without an image that fits.</summary>
    public static (ISymbolSource Image, ulong Address)? Linked(ExplainContext context)
    {
        RegisterFrame frame = context.Report.Frame;
        if (frame.Symbol is { } symbol)
        {
            return context.Find(symbol.Name, symbol.Module) is { Symbols.Count: 1 } found
                ? (found.Source, found.Symbols[0].Address + symbol.Offset)
                : null;
        }
        if (frame.IsUser != true && context.KernelOffset is null || frame.InstructionPointer is not { } ip)
            return null;
        ulong linked = frame.IsUser == true ? ip : unchecked(ip - context.KernelOffset!.Value);
        ISymbolSource? image = context.Images.FirstOrDefault(i => i.FindAddress(linked) is not null);
        return image is null ? null : (image, linked);
    }

    /// <summary>Members at an offset in what the faulting function's variables point to, as one phrase each; none without debug information.</summary>
    public static IReadOnlyList<string> Members(ExplainContext context, ulong offset) => Linked(context) is { } at
        ? [.. at.Image.FindMembers(at.Address, offset).Take(8).Select(Describe)]
        : [];

    /// <summary>A value as the classifier reads it, for a sentence.</summary>
    public static string Describe(ExplainContext context, ulong value)
    {
        ClassifiedValue read = context.Classifier.Classify(value, context);
        return read.Text.Length == 0 ? $"0x{value:x}" : $"0x{value:x} ({read.Text})";
    }

    private static string Describe(StructMember member) =>
        member.Variable is { } variable
            ? $"{variable}->{member.Path} ({member.Type}, at 0x{member.Offset:x} of {member.Structure})"
            : $"{member.Path} ({member.Type}, at 0x{member.Offset:x} of {member.Structure})";

    private static bool IsMachinery(string name) => name is "show_stack" or "show_regs" or "dump_stack" or "dump_stack_lvl" or "die" or "die_body" or "panic"
        or "__warn" or "report_bug" or "handle_bug" or "ia64_do_page_fault" or "ia64_leave_kernel" or "__stack_chk_fail" or "__die_body" or "page_fault_oops"
        || name.StartsWith("asm_exc_", StringComparison.Ordinal) || name.StartsWith("exc_", StringComparison.Ordinal);
}
