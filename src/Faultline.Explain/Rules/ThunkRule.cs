using Faultline.Explain.Findings;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Rules;

/// <summary>Call traces through return thunks and retpolines.</summary>
internal sealed class ThunkRule : IRule
{
    private static readonly FindingDescription _return = new("return-thunk-frames", "Return thunks in the call trace are not callers",
        "The call trace has entries in a return thunk (__x86_return_thunk, srso_return_thunk, srso_alias_return_thunk, retbleed_return_thunk, its_return_thunk). It explains the trace and names no cause.")
    { IsExplanation = true };

    private static readonly FindingDescription _at = new("fault-in-thunk", "The fault is in a mitigation's thunk, on behalf of its caller",
        "The instruction pointer is in a retpoline (__x86_indirect_thunk_REG and its kin) or a return thunk.");

    /// <inheritdoc/>
    public string Id => "thunk";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [_return, _at];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        CrashReport report = context.Report;
        if (report.Frame.Symbol is { Module: null } symbol && (TraceNotes.IsReturnThunk(symbol.Name) || TraceNotes.IsIndirectThunk(symbol.Name)))
            yield return At(context, symbol);
        List<TraceEntry> thunks = [.. report.Trace.Where(e => e.Symbol is { Module: null } s && TraceNotes.IsReturnThunk(s.Name))];
        if (thunks.Count == 0)
            yield break;
        int doubtful = thunks.Count(e => e.IsUnreliable);
        yield return _return.Make(
            Confidence.Certain,
            $"{thunks.Count} entries of the call trace are in {string.Join(", ", thunks.Select(e => e.Symbol!.Name).Distinct())}, {doubtful} of them marked `?`.",
            "Compilers and the kernel's patching replace each ret by a jump to a return thunk (mitigations for Retbleed, SRSO and ITS). A thunk's address on the stack is left over from an "
            + "earlier return and marked `?`: the unwinder found the word and does not vouch for it. It says that functions had returned there, nothing of who called whom; "
            + "and an entry that is marked `?` is stale, not a caller, whatever its name.",
            thunks.Take(4).Select(e => ReportFacts.At(report, e.Line, e.IsUnreliable ? "left over on the stack" : "not marked, so the unwinder met it: the stack or its unwind data is wrong from here on")),
            "read the entries without `?` as the trace");
    }

    private static Finding At(ExplainContext context, SymbolReference symbol)
    {
        CrashReport report = context.Report;
        string? register = TraceNotes.IndirectRegister(symbol.Name);
        List<Evidence> evidence = [ReportFacts.InstructionPointer(report, $"the instruction pointer is in {symbol}")];
        TraceEntry? caller = report.Trace.FirstOrDefault(e => !e.IsUnreliable && e.Symbol is { } s && !TraceNotes.IsReturnThunk(s.Name) && !TraceNotes.IsIndirectThunk(s.Name));
        if (caller?.Symbol is { } from)
            evidence.Add(ReportFacts.At(report, caller.Line, $"called from {from}"));
        string target = "";
        if (register is not null && report.Frame[register] is { } value)
        {
            target = $" {register} holds the target: {ReportFacts.Describe(context, value)}.";
            evidence.Add(Evidence.Of($"{register} is {ReportFacts.Describe(context, value)}"));
        }
        return _at.Make(
            Confidence.Likely,
            $"The fault is in {symbol}.{target}",
            register is not null
                ? "The thunk stands for an indirect call or jump in its caller: the pointer in the register is bad, not the thunk."
                : "The thunk stands for a ret in its caller: the return address on the stack is bad, so the stack was overwritten or the stack pointer is off.",
            evidence,
            register is not null ? "treat it as a bad function pointer in the caller" : "treat it as a damaged stack in the function that was returning");
    }
}
