using Faultline.Explain.Decode.Syscalls;
using Faultline.Explain.Findings;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Rules;

/// <summary>A system call's register frame that a tracer of ia64 read by the layout of the other entry; the check is the one of <c>decode</c>.</summary>
internal sealed class SyscallFrameRule : IRule
{
    /// <inheritdoc/>
    public string Id => "syscall-frame";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions =>
    [
        new("syscall-frame-shifted", "The register frame was read by the layout of the other system call ABI",
            "Debugging output of ia64 names the arguments of a system call (args[0] and so on) or its frame (krbs[0] and so on), and the first argument is the call's own number."),
        new("syscall-frame-errno-sign", "The error number has the wrong sign", "The same output gives is_error 1 with a positive rval."),
        new("syscall-frame-stack-pointer", "The stack pointer is that of the register stack", "The same output gives a stack_pointer that is ar.bspstore and not r12."),
    ];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        CrashReport report = context.Report;
        if (report.Values.Count == 0 || report.Architecture != ReportArchitecture.Ia64 && !report.Values.Any(v => v.Name == "krbs"))
            yield break;
        foreach (Finding finding in SyscallFrameCheck.Check(RegisterDump.Of(report.Frame, report.Values), SyscallAbi.Ia64Epc))
            yield return finding with { Evidence = [.. finding.Evidence, .. Lines(report)] };
    }

    /// <summary>Where the first elements of the tables stand in the report.</summary>
    private static IEnumerable<Evidence> Lines(CrashReport report) => report.Values
        .Where(v => v.Index is 0 or 1 && v.Name is "args" or "krbs")
        .Select(v => ReportFacts.At(report, v.Line, $"{v.Name}[{v.Index}] is 0x{v.Value:x}"));
}
