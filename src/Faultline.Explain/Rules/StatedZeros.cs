using Faultline.Explain.Reports;

namespace Faultline.Explain.Rules;

/// <summary>A text's statement that zeros were executed.</summary>
/// <param name="Instruction">The line that names the instruction.</param>
/// <param name="Bytes">The line that names the bytes; the same one for a debugger's arrow, which needs no bytes.</param>
/// <param name="Fault">The line that says that something faulted; null for a debugger's arrow.</param>
internal sealed record StatedZeros(ReportLine Instruction, ReportLine Bytes, ReportLine? Fault)
{
    /// <summary>How far the bytes may stand from the instruction.</summary>
    private const int Near = 3;

    private static readonly string[] _instructions = ["add byte ptr [rax], al", "add byte ptr [rax],al", "add byte [rax], al", "add [rax], al", "add [rax],al", "add %al,(%rax)", "addb %al,(%rax)", "addb %al, (%rax)"];

    private static readonly string[] _bytes = ["00 00", "0x00 0x00", "0x00, 0x00", "0x0000", "zero-filled", "zeros", "zeroes"];

    private static readonly string[] _faults = ["SIGSEGV", "segfault", "segmentation fault", "signal 11", "faults", "faulted", "crash"];

    /// <summary>The first such statement of a text; null when it makes none. A listing of a disassembler, in which 00 00 is padding or data, is none.</summary>
    public static StatedZeros? Find(IReadOnlyList<ReportLine> lines)
    {
        // Looked for once: a text may name the instruction in every line.
        ReportLine? fault = null;
        bool hasLooked = false;
        for (int i = 0; i < lines.Count; i++)
        {
            string text = lines[i].Text;
            if (!text.Contains("add", StringComparison.OrdinalIgnoreCase) || !Has(OneBlank(text), _instructions))
                continue;
            if (text.TrimStart().StartsWith("=> 0x", StringComparison.Ordinal))
                return new StatedZeros(lines[i], lines[i], null);
            if (IsListing(text))
                continue;
            for (int near = Math.Max(0, i - Near); near <= Math.Min(lines.Count - 1, i + Near); near++)
            {
                if (IsListing(lines[near].Text) || !Has(lines[near].Text, _bytes))
                    continue;
                fault = hasLooked ? fault : FindFault(lines);
                hasLooked = true;
                if (fault is not null)
                    return new StatedZeros(lines[i], lines[near], fault);
            }
        }
        return null;
    }

    private static ReportLine? FindFault(IReadOnlyList<ReportLine> lines)
    {
        foreach (ReportLine line in lines)
        {
            if (Has(line.Text, _faults))
                return line;
        }
        return null;
    }

    private static bool Has(string text, string[] words)
    {
        foreach (string word in words)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <summary>Listings put several blanks or a tab between the parts of an instruction.</summary>
    private static string OneBlank(string text) => string.Join(' ', text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A line of objdump or of gdb's x/i: an address and a colon.</summary>
    private static bool IsListing(string text)
    {
        ReadOnlySpan<char> line = text.AsSpan().TrimStart();
        if (line.StartsWith("0x", StringComparison.Ordinal))
            line = line[2..];
        int digits = 0;
        while (digits < line.Length && char.IsAsciiHexDigit(line[digits]))
            digits++;
        if (digits == 0)
            return false;
        ReadOnlySpan<char> rest = line[digits..].TrimStart();
        if (rest.StartsWith("<", StringComparison.Ordinal) && rest.IndexOf('>') is > 0 and var close)
            rest = rest[(close + 1)..];
        return rest.StartsWith(":", StringComparison.Ordinal);
    }
}
