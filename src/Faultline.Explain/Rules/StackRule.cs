using Faultline.Explain.Findings;
using Faultline.Explain.Reports;
using Faultline.Explain.Values;

namespace Faultline.Explain.Rules;

/// <summary>A kernel stack was overwritten or ran out.</summary>
internal sealed class StackRule : IRule
{
    private const string Protector = "stack-protector: Kernel stack is corrupted in:";

    private static readonly FindingDescription _canary = new("stack-canary", "A function's stack canary was overwritten",
        "The kernel panics with \"stack-protector: Kernel stack is corrupted in\".");

    private static readonly FindingDescription _overflow = new("stack-overflow", "A kernel stack overflowed",
        "The kernel says that a stack guard page was hit or that the stack's end marker is gone.");

    private static readonly FindingDescription _pointer = new("bad-stack-pointer", "The stack pointer is not on a stack",
        "A double fault in the kernel with a stack pointer that is no kernel address.");

    /// <inheritdoc/>
    public string Id => "stack";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [_canary, _overflow, _pointer];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        CrashReport report = context.Report;
        foreach (ReportLine line in report.Lines)
        {
            int at = line.Text.IndexOf(Protector, StringComparison.Ordinal);
            if (at >= 0)
            {
                yield return Canary(report, line, line.Text[(at + Protector.Length)..].Trim());
                yield break;
            }
            if (line.Text.Contains("stack guard page was hit", StringComparison.Ordinal) || line.Text.Contains("corrupted stack end detected", StringComparison.Ordinal)
                || line.Text.Contains("kernel stack overflow", StringComparison.OrdinalIgnoreCase))
            {
                yield return Overflow(report, line);
                yield break;
            }
        }
        if (report.Kind == ReportKind.DoubleFault && report.Frame["RSP"] is { } pointer && pointer >> 63 == 0 && report.Frame.IsUser != true)
        {
            yield return _pointer.Make(
                Confidence.Certain,
                $"RSP is 0x{pointer:x} in the kernel, at {ReportFacts.Place(report.Frame)}.",
                "The next push or exception could not be stored, and the exception for that could not either: the double fault, which has a stack of its own. RSP was loaded from memory that was "
                + "overwritten (a saved frame pointer, a task's saved stack pointer), or by code that switches stacks.",
                [
                    ReportFacts.Title(report, "a double fault"),
                    ReportFacts.At(report, report.Frame.Registers.First(r => r.Name == "RSP").Line, $"RSP is 0x{pointer:x}, no kernel address"),
                    ReportFacts.InstructionPointer(report, "where it was used"),
                ],
                "look at the instructions before RIP for what loads the stack pointer: leave, mov rsp, pop rsp, a context switch");
        }
    }

    private static Finding Canary(CrashReport report, ReportLine line, string where)
    {
        string function = where.Split('+', 2)[0];
        List<Evidence> evidence = [Evidence.Of($"the check that failed is at {where}: the end of {function}", line.Number, line.Text.Trim())];
        TraceEntry? caller = report.Trace.SkipWhile(e => e.Symbol?.Name != "__stack_chk_fail").Skip(1).FirstOrDefault(e => !e.IsUnreliable);
        if (caller?.Symbol is { } from)
            evidence.Add(ReportFacts.At(report, caller.Line, $"__stack_chk_fail was called from {from}"));
        if (!report.Trace.SkipWhile(e => e.Symbol?.Name != function).Skip(1).Any(e => !e.IsUnreliable && e.Symbol?.Name != function))
            evidence.Add(Evidence.Of($"above {function} the trace has only `?` entries: its saved frame and return address were overwritten too, so its caller cannot be told"));
        return _canary.Make(
            Confidence.Certain,
            $"When {function} was about to return, the canary between its locals and its return address had changed.",
            $"Something wrote past the end of an array among the locals of {function}, or of a function that was given a pointer to them. What was overwritten above the canary "
            + "was not used: the check came first. The layer is the program's own source.",
            evidence,
            $"look at the arrays of {function} and at every copy into them; KASAN (CONFIG_KASAN_STACK) names the write itself",
            "__stack_chk_fail runs after the fact: registers and data at the time of the write are not in the report");
    }

    private static Finding Overflow(CrashReport report, ReportLine line)
    {
        List<Evidence> evidence = [Evidence.Of("the kernel says so", line.Number, line.Text.Trim())];
        if (report.Frame["RSP"] is { } sp)
            evidence.Add(Evidence.Of($"RSP is 0x{sp:x}"));
        (string Name, int Count)? repeated = Repeated(report);
        if (repeated is { } loop)
            evidence.Add(Evidence.Of($"{loop.Name} is {loop.Count} times in the trace: recursion"));
        bool isMagic = line.Text.Contains("stack end", StringComparison.Ordinal);
        return _overflow.Make(
            isMagic && repeated is null ? Confidence.Likely : Confidence.Certain,
            $"{line.Text.Trim()}, in {ReportFacts.Place(report.Frame)}.",
            repeated is { } recursion
                ? $"{recursion.Name} calls itself, directly or through others, without end or deeper than a kernel stack (16 KiB on x86-64) allows."
                : isMagic
                    ? $"The marker STACK_END_MAGIC (0x{Poison.StackEndMagic:x}) at the far end of a task's stack was overwritten: the stack grew over its end, or something else wrote there."
                    : "Frames, large locals and interrupts together took more than a kernel stack (16 KiB on x86-64) has.",
            evidence,
            "look for recursion and for large locals: CONFIG_FRAME_WARN and scripts/checkstack.pl list them",
            "CONFIG_VMAP_STACK catches an overflow when it happens, by a guard page, and not later");
    }

    /// <summary>A function that is in the trace often enough to be recursion.</summary>
    private static (string Name, int Count)? Repeated(CrashReport report)
    {
        IGrouping<string, TraceEntry>? most = report.Trace
            .Where(e => !e.IsUnreliable && e.Symbol is not null)
            .GroupBy(e => e.Symbol!.Name)
            .MaxBy(g => g.Count());
        return most is not null && most.Count() >= 4 ? (most.Key, most.Count()) : null;
    }
}
