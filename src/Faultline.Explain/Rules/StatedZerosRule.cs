using Faultline.Explain.Findings;

namespace Faultline.Explain.Rules;

/// <summary>A text says that zeros were executed, without a report that shows it.</summary>
internal sealed class StatedZerosRule : IRule
{
    /// <inheritdoc/>
    public string Id => "stated-zeros";

    /// <summary>None of its own: it makes <see cref="ZeroCodeRule.Zeros"/>.</summary>
    public IReadOnlyList<FindingDescription> Descriptions => [];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        if (StatedZeros.Find(context.Text) is not { } stated)
            yield break;
        List<Evidence> evidence =
        [
            Evidence.Of(stated.Fault is null ? "a debugger stands at that instruction" : "the instruction that is named", stated.Instruction.Number, Cut(stated.Instruction.Text)),
            new()
            {
                Text = "these bytes decode to add byte ptr [rax], al: an access through RAX, whatever RAX holds",
                Line = stated.Bytes.Number,
                Bytes = new byte[2],
            },
        ];
        if (stated.Fault is { } fault)
            evidence.Add(Evidence.Of("what happened", fault.Number, Cut(fault.Text)));
        yield return ZeroCodeRule.Zeros.Make(
            Confidence.Likely,
            "The processor was where the bytes are 00 00, which is the instruction add byte ptr [rax], al.",
            "No compiler means that instruction: memory that should hold code held zeros. The access through RAX and its address are the consequence. Either the code was zeroed after it was "
            + "loaded (a loader that clears the tail of a segment or widens one over its neighbour, a wild memset), or it was never loaded, or control was sent to where no code is.",
            evidence,
            "dump the same bytes before the program's first instruction: zeros there already make it the loader",
            "compare them with the file's: faultline inspect FILE --at ADDRESS");
    }

    private static string Cut(string line) => line.Length <= 160 ? line.Trim() : string.Concat(line.AsSpan(0, 157).Trim(), "...");
}
