using Faultline.Explain.Code;
using Faultline.Explain.Findings;
using Faultline.Explain.Reports;
using Faultline.Explain.Values;

namespace Faultline.Explain.Rules;

/// <summary>A member was read or written through a NULL or an error pointer.</summary>
internal sealed class NullOffsetRule : IRule
{
    private static readonly FindingDescription _null = new("null-offset", "A member was accessed through a NULL pointer",
        "The faulting address is below 64 KiB (merely possible from 4 KiB on, unless the registers show it) and the access was not an instruction fetch. The offset is given, and with an image that has debug information which members lie "
        + "there in what the function's variables point to.");

    private static readonly FindingDescription _error = new("error-pointer", "An error pointer was dereferenced",
        "The base register of the faulting access holds a value between -4095 and -1 that is a known error, as ERR_PTR makes, or the faulting address is such a value itself.");

    /// <inheritdoc/>
    public string Id => "null-offset";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [_null, _error];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        CrashReport report = context.Report;
        if (report.FaultAddress is not { } address || ReportFacts.IsInstructionFetch(report) || report.Frame.InstructionPointer == address
            || report.Kind is not (ReportKind.PageFault or ReportKind.NullDereference or ReportKind.Oops or ReportKind.UserFault))
        {
            yield break;
        }
        CodeWindow? window = CodeWindow.Of(report.Frame);
        // Zeros that were executed access through whatever RAX holds; a user fault's line without code says nothing of the access.
        if (window is null ? report.Kind == ReportKind.UserFault : ZeroCodeRule.IsZeros(window))
            yield break;
        FaultOperand? operand = FaultOperand.Of(report);
        if (operand is { BaseName: not null } && operand.Address == address && ErrorCode.TryPointer(operand.BaseValue, out int held) && ErrorCode.HasName(held))
            yield return Error(context, held, operand, address);
        else if (address < ReportFacts.NullLimit)
            yield return Null(context, operand?.Address == address ? operand : null, address);
        else if (ErrorCode.TryPointer(address, out int errno) && ErrorCode.HasName(errno))
            yield return Error(context, errno, null, address);
    }

    private static Finding Null(ExplainContext context, FaultOperand? operand, ulong address)
    {
        CrashReport report = context.Report;
        List<Evidence> evidence = [ReportFacts.Title(report, $"the address is 0x{address:x}")];
        // With an index the offset is of an element, not of a member.
        bool isPlain = operand is { BaseValue: 0, IndexName: null };
        if (operand is not null)
            evidence.Add(Evidence.Of($"the faulting instruction is {operand.Instruction}: {operand.Formula()}"));
        else
            AddEqualRegisters(report, address, evidence);
        if (report.Frame.InstructionPointerLine > 0 && report.Frame.InstructionPointerLine != report.FirstLine)
            evidence.Add(ReportFacts.InstructionPointer(report, $"in {ReportFacts.Place(report.Frame)}"));
        IReadOnlyList<string> members = ReportFacts.Members(context, address);
        evidence.AddRange(members.Select(member => Evidence.Of($"at that offset there is {member}")));
        string what = address == 0 ? "the pointer itself was dereferenced"
            : members.Count == 1 ? $"the member is {members[0]}"
            : members.Count > 1 ? "one of the members named in the evidence was accessed"
            : $"a member at offset 0x{address:x} of a structure was accessed; an image with debug information names it";
        string access = operand is { IsWrite: true } || report.ErrorCode is { } code && ReportFacts.IsX64(report) && (code & ReportFacts.Write) != 0
            ? "written" : "accessed";
        return _null.Make(
            isPlain ? Confidence.Certain : address < 0x1000 ? Confidence.Likely : Confidence.Possible,
            $"{ReportFacts.Place(report.Frame)} {(access == "written" ? "wrote" : "accessed")} address 0x{address:x}{(operand is null ? "" : $", formed as {operand.Formula()}")}.",
            $"A pointer that was NULL: {what}. The pointer was not set, was cleared, or is what a failed lookup returned and no one checked.",
            evidence,
            members.Count == 0 && address != 0 ? ["give the image with debug information (--image FILE) to name the member"] : []);
    }

    /// <summary>Without the instruction (or for other processors), registers that hold the very address say where it was computed.</summary>
    private static void AddEqualRegisters(CrashReport report, ulong address, List<Evidence> evidence)
    {
        if (address == 0)
            return;
        foreach (RegisterValue register in report.Frame.Registers)
        {
            if (register.Value == address)
                evidence.Add(ReportFacts.At(report, register.Line, $"{register.Name} holds the address"));
        }
    }

    private static Finding Error(ExplainContext context, int errno, FaultOperand? operand, ulong address)
    {
        CrashReport report = context.Report;
        List<Evidence> evidence = [ReportFacts.Title(report, $"the address is 0x{address:x}")];
        if (operand is not null)
            evidence.Add(Evidence.Of($"the faulting instruction is {operand.Instruction}: {operand.Formula()}"));
        return _error.Make(
            operand is null ? Confidence.Possible : Confidence.Likely,
            $"{ReportFacts.Place(report.Frame)} accessed 0x{address:x}{(operand is null ? "" : $", formed as {operand.Formula()}")}: {ErrorCode.Describe(errno)}.",
            operand is null
                ? "The address is what ERR_PTR makes of that error, dereferenced without IS_ERR; a small negative offset from NULL (container_of) has the same look."
                : "A function returned its error as a pointer (ERR_PTR), and the caller used it without IS_ERR.",
            evidence,
            "find the call whose result this is and check it with IS_ERR or IS_ERR_OR_NULL");
    }
}
