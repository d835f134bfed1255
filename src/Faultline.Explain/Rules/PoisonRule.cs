using Faultline.Explain.Findings;
using Faultline.Explain.Reports;
using Faultline.Explain.Values;

namespace Faultline.Explain.Rules;

/// <summary>An access went through a poison pattern, or a register holds one.</summary>
internal sealed class PoisonRule : IRule
{
    private static readonly FindingDescription _access = new("poison-access", "The access went through a poison pattern",
        "The faulting address, or the register that the faulting instruction dereferences, is a pattern that the kernel or the compiler fills memory with, plus the offset of a "
        + "member (0xaa page poison, 0x6b 0x5a 0xa5 slab poison, 0xbb 0xcc red zones, list poison and others).");

    private static readonly FindingDescription _register = new("poison-in-register", "A register holds a poison pattern",
        "A general register of a fault in the kernel holds a whole poison pattern that the faulting access did not use. What it was read from is then freed or never "
        + "written, which may or may not be the fault's cause. Not made for warnings, and not for half patterns.");

    /// <inheritdoc/>
    public string Id => "poison";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [_access, _register];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        CrashReport report = context.Report;
        if (!IsFault(report))
            yield break;
        if (Access(context) is { } access)
            yield return access;
        else if (Registers(context) is { } registers)
            yield return registers;
    }

    private static bool IsFault(CrashReport report) => report.Kind is ReportKind.Oops or ReportKind.GeneralProtection or ReportKind.PageFault
        or ReportKind.NullDereference or ReportKind.InvalidOpcode or ReportKind.DoubleFault or ReportKind.Trap or ReportKind.UserFault;

    private static Finding? Access(ExplainContext context)
    {
        CrashReport report = context.Report;
        FaultOperand? operand = FaultOperand.Of(report);
        if (Match(report, operand) is not { } match)
            return null;
        List<Evidence> evidence = [];
        if (report.FaultAddress is { } fault)
            evidence.Add(ReportFacts.Title(report, $"the address 0x{fault:x} is {match.Describe()}"));
        if (operand is not null && operand.BaseValue == match.Value - (ulong)operand.Displacement)
            evidence.Add(Evidence.Of($"the faulting instruction is {operand.Instruction}: {operand.Formula()}"));
        AddRegisters(report, evidence);
        AddMembers(context, match, evidence);
        string where = ReportFacts.Place(report.Frame);
        return _access.Make(
            match.IsStrong ? Confidence.Likely : Confidence.Possible,
            $"{where} accessed 0x{match.Value:x}: {match.Describe()}.",
            Cause(match),
            evidence,
            ToDo(match));
    }

    /// <summary>The pattern behind the access. A register that holds one exactly settles which of two neighbours it is.</summary>
    private static PoisonMatch? Match(CrashReport report, FaultOperand? operand)
    {
        if (operand is { BaseName: not null } && Poison.TryMatch(operand.BaseValue, out PoisonMatch fromBase) && fromBase.Width == 8)
            return fromBase with { Value = operand.Address, Offset = fromBase.Offset + unchecked((long)(operand.Address - operand.BaseValue)) };
        if (report.FaultAddress is not { } fault || !Poison.TryMatch(fault, out PoisonMatch match) || match.Width != 8)
            return null;
        foreach (RegisterValue register in report.Frame.Registers)
        {
            if (register.Value <= fault && Poison.TryMatch(register.Value, out PoisonMatch held) && held is { Offset: 0, Width: 8 }
                && fault - register.Value <= (ulong)Poison.MaxOffset)
            {
                return held with { Value = fault, Offset = (long)(fault - register.Value) };
            }
        }
        return match;
    }

    private static Finding? Registers(ExplainContext context)
    {
        CrashReport report = context.Report;
        List<(RegisterValue Register, PoisonMatch Match)> held = [];
        foreach (RegisterValue register in report.Frame.Registers)
        {
            if (Poison.TryMatch(register.Value, out PoisonMatch match) && match.IsStrong)
                held.Add((register, match));
        }
        if (held.Count == 0)
            return null;
        return _register.Make(
            Confidence.Possible,
            $"{string.Join(", ", held.Select(h => $"{h.Register.Name} holds {h.Match.Describe()}"))} at {ReportFacts.Place(report.Frame)}.",
            $"{Cause(held[0].Match)} Whether the fault comes from it the report does not tell.",
            held.Select(h => ReportFacts.At(report, h.Register.Line, $"{h.Register.Name} is 0x{h.Register.Value:x}: {h.Match.Describe()}")),
            ToDo(held[0].Match));
    }

    private static void AddRegisters(CrashReport report, List<Evidence> evidence)
    {
        foreach (RegisterValue register in report.Frame.Registers)
        {
            if (Poison.TryMatch(register.Value, out PoisonMatch match) && Poison.IsCommon(match.Pattern))
                evidence.Add(ReportFacts.At(report, register.Line, $"{register.Name} is 0x{register.Value:x}: {match.Describe()}{(match.Width == 4 ? ", 32 bits of it" : "")}"));
        }
    }

    private static void AddMembers(ExplainContext context, PoisonMatch match, List<Evidence> evidence)
    {
        if (match.Offset < 0)
            return;
        foreach (string member in ReportFacts.Members(context, (ulong)match.Offset))
            evidence.Add(Evidence.Of($"at offset 0x{match.Offset:x} there is {member}"));
    }

    private static string Cause(PoisonMatch match)
    {
        string writer = match.Pattern.Meaning;
        string other = match.Pattern.Alternatives is { } alternative ? $" The same pattern has another meaning: {alternative}." : "";
        string member = match.Offset switch
        {
            0 => "the pointer itself was read from such memory",
            > 0 => $"a pointer read from such memory was dereferenced for a member at offset 0x{match.Offset:x}",
            _ => $"a pointer read from such memory was taken 0x{-match.Offset:x} bytes back, as container_of does",
        };
        return match.Pattern.State switch
        {
            PoisonState.Freed => $"Use after free: {writer}, and {member}.{other}",
            PoisonState.Uninitialised => $"Use of memory that was never written: {writer}, and {member}.{other}",
            PoisonState.RedZone => $"An access beyond an object: {writer}, and {member}.{other}",
            PoisonState.Removed => $"Use of an entry after it was removed: {writer}, and the access went to {match.Describe()}.",
            _ => $"{writer}; it was used as a pointer.",
        };
    }

    private static string[] ToDo(PoisonMatch match) => match.Pattern.State switch
    {
        PoisonState.Removed => ["find who removes the entry while it is still being walked: a missing lock, a second removal, list_for_each_entry without _safe"],
        PoisonState.Uninitialised => ["find which path leaves the member unset; KMSAN names it"],
        PoisonState.RedZone => ["find the access past the object's end; KASAN names it"],
        _ => ["find who frees the object while it is still referenced; KASAN names both places (CONFIG_KASAN), slab_debug=FPU records them for slab objects, page_owner=on for pages"],
    };
}
