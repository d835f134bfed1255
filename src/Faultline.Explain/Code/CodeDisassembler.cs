using Faultline.Explain.Reports;

namespace Faultline.Explain.Code;

/// <summary>Disassembles <c>Code:</c> bytes for a person.</summary>
internal static class CodeDisassembler
{
    /// <summary>Disassembles the bytes of a frame around the marked one, and says what is uncertain.</summary>
    /// <param name="frame">The frame with its code.</param>
    /// <param name="context">The report, for its architecture and images.</param>
    /// <returns>The listing; empty for other processors' code and where the kernel could not read any.</returns>
    public static CodeListing Disassemble(RegisterFrame frame, ExplainContext context)
    {
        if (context.Report.Architecture != ReportArchitecture.X64 || CodeWindow.Of(frame) is not { } window)
            return CodeListing.Empty;
        window = ImageStarts.Add(window, frame, context);
        CodeAnalysis analysis = CodeAnalyzer.Analyze(window);
        IReadOnlyList<CfiSequence> sequences = CfiScanner.Scan(window);
        List<CodeInstruction> instructions = [];
        foreach (DecodedInstruction decoded in analysis.Instructions)
        {
            bool isInside = decoded.HasInside(window.Marker);
            string? comment = isInside ? $"RIP is at its byte {window.Marker - decoded.Index + 1}" : sequences.FirstOrDefault(s => s.Index == decoded.Index)?.Text;
            instructions.Add(new CodeInstruction(decoded.Index - window.Marker, window.Bytes.AsMemory(decoded.Index, decoded.Length),
                CodeAnalyzer.Text(window, decoded), isInside || decoded.Index == window.Marker, comment));
        }
        // A preamble belongs to the next function, and decoding stops or slips before it more often than not.
        IEnumerable<string> unseen = sequences
            .Where(s => !analysis.Instructions.Any(i => i.Index == s.Index))
            .Select(s => $"{window.Place(s.Index)}: {s.Text}");
        return new CodeListing(instructions, [.. analysis.Notes, .. unseen]);
    }
}
