using Faultline.Explain.Code;
using Faultline.Explain.Findings;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Rules;

/// <summary>Control arrived in the midst of an instruction: some branch, return or patch had a wrong target.</summary>
internal sealed class RipInsideInstructionRule : IRule
{
    private static readonly FindingDescription _inside = new("rip-inside-instruction", "RIP is inside an instruction",
        "The bytes of the `Code:` line, decoded from every possible start or from the function's own, have the byte at RIP inside an instruction, and a branch "
        + "among them or the invalid instruction at RIP confirms that reading. It says how RIP lies to the next function and its CFI preamble and who came there. It "
        + "does not say which branch was wrong when nothing in the report tells.");

    /// <inheritdoc/>
    public string Id => "rip-inside-instruction";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [_inside];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        CrashReport report = context.Report;
        if (!ReportFacts.IsX64(report) || report.Kind == ReportKind.Warning || CodeWindow.Of(report.Frame) is not { } window)
            yield break;
        window = ImageStarts.Add(window, report.Frame, context);
        CodeAnalysis analysis = CodeAnalyzer.Analyze(window);
        if (analysis is not { Verdict: CodeVerdict.InsideInstruction, Straddled: { } whole })
            yield break;
        // FineIBT fails by jumping into its own instructions, to bytes that raise #UD there (the 0xea of sub, the 0xf0 of lea): that is its trap, not an accident.
        if (report.Cfi is not null || CfiScanner.Scan(window).Any(s => s.TrapIndex == window.Marker))
            yield break;

        int depth = window.Marker - whole.Index;
        string text = CodeAnalyzer.Text(window, whole);
        List<Evidence> evidence =
        [
            new()
            {
                Text = $"{window.Place(whole.Index)} has {text} ({whole.Length} bytes); RIP is its byte {depth + 1}",
                Line = report.Frame.Code!.Line,
                Quote = ReportFacts.Quote(report, report.Frame.Code.Line),
                Bytes = window.Bytes.AsMemory(whole.Index, whole.Length),
            },
            Evidence.Of(analysis.Tried == 1
                ? window.KnownStarts.Count > 0 ? "decoded from where the image has an instruction with the same bytes" : "decoded from the function's start, which is among the bytes"
                : $"{analysis.Agreeing} of {analysis.Tried} starting points come to this reading before RIP"),
        ];
        if (analysis.Confirmed.Count > 0)
            evidence.Add(Evidence.Of($"the function's own branches go to {string.Join(", ", analysis.Confirmed.Distinct().Order().Select(window.Place))}, where this reading has instructions"));
        if (analysis.AtRip.IsBad)
            evidence.Add(Evidence.Of("the bytes at RIP are no instruction, which is why the processor raised #UD"));
        else
            evidence.Add(Evidence.Of($"from RIP on the bytes decode to {CodeAnalyzer.Text(window, analysis.AtRip)}, which no compiler meant"));
        AddNeighbour(window, evidence);
        AddChecks(report, evidence);

        TraceEntry? caller = ReportFacts.Caller(report);
        string reached = "";
        if (caller?.Symbol is { } from)
        {
            reached = $" The last return address on the stack is in {from.Name}: it called here, or called what then jumped here.";
            evidence.Add(ReportFacts.At(report, caller.Line, $"reached from {from}: the call that ends there, or a tail jump of what it called"));
        }
        yield return _inside.Make(
            Confidence.Likely,
            $"RIP is {ReportFacts.Place(report.Frame)}, byte {depth + 1} of the {whole.Length} of {text}.{reached}",
            "The code at RIP is whole: control was sent to a wrong address. No compiler makes such a target, so a layer after it did: a call or return that was patched "
            + "at boot (return thunks, kCFI or FineIBT, alternatives, static calls, ftrace), a function layout that this patching did not expect (alignment, "
            + "the size of the preamble), or a pointer or return address that was overwritten. The report alone does not tell which.",
            evidence,
            "compare the call in the caller with the image: objdump -d of the caller against the bytes of the running kernel",
            "boot with cfi=off, then with cfi=kcfi: when the crash goes, it is the patching of CFI and the layout it assumes",
            "check function alignment and preambles of the image with faultline layout: every function should start at a multiple of CONFIG_FUNCTION_ALIGNMENT");
    }

    /// <summary>How RIP lies to the next function: boot-time patching works backwards from entries, so distances to them tell.</summary>
    private static void AddNeighbour(CodeWindow window, List<Evidence> evidence)
    {
        CfiSequence? preamble = CfiScanner.Scan(window)
            .FirstOrDefault(s => s.Kind is CfiKind.KcfiPreamble or CfiKind.FineIbtPreamble && s.Index > window.Marker);
        if (preamble is not null)
        {
            string entry = preamble.Entry is { } at
                ? $", its entry {(at < window.Bytes.Length ? "" : "would be ")}at {window.Place(at)}: RIP is {at - window.Marker} (0x{at - window.Marker:x}) bytes before the entry"
                : "";
            evidence.Add(Evidence.Of($"the next function's preamble starts at {window.Place(preamble.Index)}{entry} and {preamble.Index - window.Marker} before the preamble; "
                + $"a CFI preamble has {CfiScanner.PreambleSize} bytes, so RIP is not where patching by that size lands"));
            evidence.Add(Evidence.Of($"{window.Place(preamble.Index)}: {preamble.Text}"));
        }
        else if (window.FunctionSize is { } size && window.FunctionOffset is { } offset && size > offset)
        {
            evidence.Add(Evidence.Of($"RIP is {size - offset} bytes before the next symbol"));
        }
    }

    /// <summary>What the registers of a CFI check hold: r11 has the target, r10 what is left of the hashes.</summary>
    private static void AddChecks(CrashReport report, List<Evidence> evidence)
    {
        if (report.Frame["R10"] == 0 && report.Frame["R11"] is { } target and >= 0xffff_ffff_8000_0000)
        {
            evidence.Add(Evidence.Of($"R10 is 0 and R11 holds a kernel address (0x{target:x}): what a kCFI or FineIBT check leaves that passed. The last checked call "
                + "went there rightly"));
        }
    }
}
