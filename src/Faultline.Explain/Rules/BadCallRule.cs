using Faultline.Explain.Findings;
using Faultline.Explain.Reports;
using Faultline.Explain.Values;

namespace Faultline.Explain.Rules;

/// <summary>The processor was sent to an address that holds no code.</summary>
internal sealed class BadCallRule : IRule
{
    private static readonly FindingDescription _null = new("call-through-null", "Execution went to a NULL pointer",
        "The fault is an instruction fetch from an address below 64 KiB.");

    private static readonly FindingDescription _data = new("call-to-non-code", "Execution went to memory that is no code",
        "The fault is an instruction fetch from any other address, or the kernel says that it tried to execute a page that is not executable. What the address belongs to is said "
        + "when it is known: user memory, stack, heap, a module that is gone, a poison pattern.");

    /// <inheritdoc/>
    public string Id => "bad-call";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [_null, _data];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        CrashReport report = context.Report;
        ReportLine? nx = report.Lines.Cast<ReportLine?>().FirstOrDefault(
            l => l!.Value.Text.Contains("tried to execute NX-protected page", StringComparison.Ordinal)
                || l.Value.Text.Contains("unable to execute userspace code", StringComparison.Ordinal));
        bool isFetch = ReportFacts.IsInstructionFetch(report) || nx is not null;
        if (!isFetch || (report.FaultAddress ?? report.Frame.InstructionPointer) is not { } address)
            yield break;

        List<Evidence> evidence = [];
        if (nx is { } said)
            evidence.Add(Evidence.Of("the kernel says that the page is not executable", said.Number, said.Text.Trim()));
        foreach (ReportLine line in report.FaultDetails.Where(l => l.Text.Contains("instruction fetch", StringComparison.Ordinal)))
            evidence.Add(Evidence.Of("the access was an instruction fetch", line.Number, line.Text.Trim()));
        if (report.ErrorCode is { } code && ReportFacts.IsX64(report))
            evidence.Add(Evidence.Of($"error code 0x{code:x}: bit 4, instruction fetch, is {((code & ReportFacts.InstructionFetch) != 0 ? "set" : "clear")}"));
        if (report.Frame.InstructionPointerLine > 0)
            evidence.Add(ReportFacts.InstructionPointer(report, "the instruction pointer is the faulting address: the jump itself succeeded"));
        TraceEntry? caller = ReportFacts.Caller(report);
        if (caller?.Symbol is { } from)
            evidence.Add(ReportFacts.At(report, caller.Line, $"called from {from}"));
        if (report.Frame["CR2"] is { } cr2 && cr2 != address)
            evidence.Add(Evidence.Of($"CR2 in the register dump is 0x{cr2:x}, of a later fault: the kernel's own attempt to read code bytes about RIP"));
        string who = caller?.Symbol is { } symbol ? $" from {symbol.Name}" : "";

        if (address < ReportFacts.NullLimit)
        {
            yield return _null.Make(
                Confidence.Certain,
                $"The processor fetched an instruction at 0x{address:x}{who}.",
                address == 0
                    ? "An indirect call or jump through a function pointer that is NULL: an operations table without that entry, or an object that is not set up (or was cleared)."
                    : $"An indirect call or jump to 0x{address:x}: a function pointer that is not one, such as a member read from the wrong place.",
                evidence,
                caller?.Symbol is null ? "find the indirect call in the caller" : $"find the indirect call in {caller.Symbol.Name} that ends at +0x{caller.Symbol.Offset:x}, and which operation it calls");
            yield break;
        }
        bool isMapped = nx is not null || report.ErrorCode is { } bits && (bits & ReportFacts.Protection) != 0;
        // A page of a program's own code that is not there was not read in: the address is right, and the report does not say why.
        if (report.Kind == ReportKind.UserFault && !isMapped && report.UserMapping is not null)
            yield break;
        yield return _data.Make(
            Confidence.Likely,
            $"The processor fetched an instruction at {ReportFacts.Describe(context, address)}{who}; the page is {(isMapped ? "mapped and not executable" : "not mapped")}.",
            report.Kind == ReportKind.UserFault ? UserCause(isMapped) : Cause(context, address, isMapped),
            evidence,
            "find where the caller takes the pointer from, and who last wrote it");
    }

    private static string UserCause(bool isMapped) => isMapped
        ? "The program jumped to data: a function pointer or return address that was overwritten, or code that was generated and never made executable (mprotect, an executable stack)."
        : "The program jumped to where nothing is mapped: a function pointer or return address that was overwritten, or code of a library that was unloaded.";

    private static string Cause(ExplainContext context, ulong address, bool isMapped)
    {
        if (address < 0x8000_0000_0000)
            return "The kernel jumped to user memory, which SMEP or the page tables forbid: a function pointer or return address that was overwritten, or an attack.";
        if (context.Report.Frame.Symbol is { Module: { } module } symbol && isMapped)
            return $"The address is {symbol.Name} of module {module}, which is not executable: data, called as if it were a function.";
        ClassifiedValue value = context.Classifier.Classify(address, context);
        return value.Class switch
        {
            ValueClass.Poison => "The function pointer was read from memory that is filled with a poison pattern: the object that holds it was freed or never set up.",
            ValueClass.Stack => "Execution went to the stack: a return address or function pointer that was overwritten.",
            ValueClass.Module => isMapped
                ? "The address is data of a module, called as if it were a function."
                : "The address is where modules live and nothing is mapped there: code of a module that was unloaded, or of its init section.",
            ValueClass.KernelText => "The address is in the kernel's image and not executable: data, or init code that was given back.",
            _ => "The pointer that was called points to data: it was overwritten, or taken from the wrong place.",
        };
    }
}
