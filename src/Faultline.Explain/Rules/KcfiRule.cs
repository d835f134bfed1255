using Faultline.Explain.Code;
using Faultline.Explain.Findings;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Rules;

/// <summary>A kCFI check failed: an indirect call to a function of another type.</summary>
internal sealed class KcfiRule : IRule
{
    private static readonly FindingDescription _mismatch = new("kcfi-failure", "An indirect call went to a function of another type",
        "The report has the line \"CFI failure at ...\". The check's own bytes, when shown, confirm the expected hash, and R10 gives the one that was met.");

    /// <inheritdoc/>
    public string Id => "kcfi-failure";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [_mismatch];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        CrashReport report = context.Report;
        if (report.Cfi is not { } cfi)
            yield break;
        string target = cfi.Target?.ToString() ?? (cfi.TargetAddress is { } at ? $"0x{at:x}" : "an address that is not printed");
        List<Evidence> evidence = [ReportFacts.At(report, cfi.Line, $"target {target}, expected type hash 0x{cfi.ExpectedType:x8}")];
        bool isConfirmed = AddCheck(report, cfi, evidence);
        if (report.Frame["R11"] is { } r11 && ReportFacts.IsX64(report))
            evidence.Add(Evidence.Of($"R11 is the target, 0x{r11:x}"));
        TraceEntry? caller = ReportFacts.Caller(report);
        if (caller?.Symbol is { } from)
            evidence.Add(ReportFacts.At(report, caller.Line, $"called from {from}"));

        bool isEntry = cfi.Target is { Offset: 0 };
        string name = cfi.Target?.Name ?? target;
        yield return _mismatch.Make(
            isEntry && isConfirmed ? Confidence.Certain : Confidence.Likely,
            $"{cfi.Caller?.Name ?? ReportFacts.Place(report.Frame)} was about to call {target} through a pointer and found another type hash before it than 0x{cfi.ExpectedType:x8}.",
            isEntry
                ? $"{name} is a whole function, so the pointer is not damaged: its prototype differs from the one that the caller's pointer has (a cast of a function pointer, an argument "
                    + "or return type that differs, int for an enum, void for int). Or it was not compiled with kCFI: assembly without a type, a module of another compiler."
                : "The target is not the start of a function: the pointer was overwritten, or was never a function pointer.",
            evidence,
            isEntry
                ?
                [
                    $"give {name} the exact prototype of the member or parameter through which it is called; do not cast",
                    "clang's -Wcast-function-type-strict names such casts",
                    "cfi=warn (CONFIG_CFI_PERMISSIVE) lets the system go on while they are found",
                ]
                : ["find who wrote the pointer: KASAN when the object was freed or overrun"]);
    }

    /// <summary>Reads the check at RIP: whether its hash is the one that the kernel printed. R10 holds the sum of the negated hash and the one met.</summary>
    private static bool AddCheck(CrashReport report, CfiMismatch cfi, List<Evidence> evidence)
    {
        if (!ReportFacts.IsX64(report) || CodeWindow.Of(report.Frame) is not { } window)
            return false;
        CfiSequence? check = CfiScanner.Scan(window).LastOrDefault(
            s => s.Kind is CfiKind.KcfiCheck or CfiKind.FineIbtParanoidCaller && s.Index < window.Marker && s.Index + s.Length >= window.Marker);
        if (check is null)
            return false;
        evidence.Add(new Evidence
        {
            Text = $"{check.Text}; the same as printed: {(check.Hash == cfi.ExpectedType ? "yes" : "no")}",
            Line = report.Frame.Code!.Line,
            Bytes = window.Bytes.AsMemory(check.Index, Math.Min(check.Length, window.Bytes.Length - check.Index)),
        });
        if (check.Kind == CfiKind.KcfiCheck && report.Frame["R10"] is { } left)
        {
            uint met = unchecked((uint)left + cfi.ExpectedType);
            evidence.Add(Evidence.Of($"R10 is 0x{left:x8}, so the hash before the target was 0x{met:x8} (hashes change with every boot unless cfi=norand)"));
        }
        return check.Hash == cfi.ExpectedType;
    }
}
