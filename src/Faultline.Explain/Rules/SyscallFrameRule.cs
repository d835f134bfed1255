using Faultline.Explain.Findings;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Rules;

/// <summary>Arguments of a system call that were read by the layout of another entry: the number stands where the first argument belongs (ia64).</summary>
internal sealed class SyscallFrameRule : IRule
{
    /// <summary>The first system call number of ia64 Linux (arch/ia64/include/uapi/asm/break.h and unistd.h).</summary>
    public const ulong FirstNumber = 1024;

    /// <summary>Past the last number that ia64 Linux ever had, with room.</summary>
    public const ulong PastNumbers = 1024 + 512;

    private static readonly FindingDescription _shifted = new("syscall-arguments-shifted", "System call arguments are read by the wrong entry's layout",
        "Debugging output of ia64 names the arguments (args[0] and so on), the first is a system call number (1024 to 1535), a copy of the first word of the register backing store, and "
        + "the second is no such number.");

    /// <inheritdoc/>
    public string Id => "syscall-frame";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [_shifted];

    /// <summary>
    /// Whether words that were taken for the arguments of an ia64 system call begin with its number: true for frames of the break entry read from the start of
    /// the frame, where the caller's own registers are, instead of from its outputs.
    /// </summary>
    public static bool StartsWithNumber(ReadOnlySpan<ulong> arguments) =>
        arguments.Length > 1 && arguments[0] is >= FirstNumber and < PastNumbers && arguments[1] is not (>= FirstNumber and < PastNumbers);

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        CrashReport report = context.Report;
        List<NamedValue> arguments = Table(report, "args");
        List<NamedValue> store = Table(report, "krbs");
        bool isIa64 = report.Architecture == ReportArchitecture.Ia64 || store.Count > 0;
        if (!isIa64 || !StartsWithNumber([.. arguments.Select(a => a.Value)]))
            yield break;
        List<Evidence> evidence = [ReportFacts.At(report, arguments[0].Line, $"args[0] is 0x{arguments[0].Value:x} = {arguments[0].Value}: a system call number of ia64, which start at {FirstNumber}")];
        if (store.Count > 0 && store[0].Value == arguments[0].Value)
            evidence.Add(ReportFacts.At(report, store[0].Line, "it is the first word of the register backing store, so the arguments were copied from the start of the frame"));
        evidence.Add(ReportFacts.At(report, arguments[1].Line, $"args[1] is 0x{arguments[1].Value:x}: the first argument, one place late"));
        if (arguments.Count >= 6)
            evidence.Add(ReportFacts.At(report, arguments[^1].Line, "the last argument is missing: everything is one place late"));
        yield return _shifted.Make(
            store.Count > 0 ? Confidence.Likely : Confidence.Possible,
            $"The arguments read are {string.Join(", ", arguments.Select(a => $"0x{a.Value:x}"))}.",
            "ia64 enters the kernel in two ways that leave different register frames. The gate page's epc makes a frame of the arguments alone. A break keeps the caller's frame, in which its own inputs and "
            + "locals come before the outputs that are the arguments; the C library's syscall(number, ...) has one, the number. Whoever reads such a frame from its start, as is right for epc, "
            + "finds the number as the first argument. The layer is the tracer's (the kernel's ptrace) view of the frame, not the program.",
            evidence,
            "skip the locals: the arguments are the outputs of the frame. cr.ifs (cfm) gives sizes: bits 0-6 the frame, bits 7-13 inputs and locals; the outputs are the difference",
            "check the other views in the same way: an error is r10 = -1 with a positive errno in r8, to be negated, and the stack pointer is r12, not ar.bspstore");
    }

    private static List<NamedValue> Table(CrashReport report, string name) =>
        [.. report.Values.Where(v => v.Name == name && v.Index is not null).OrderBy(v => v.Index)];
}
