using Faultline.Explain.Findings;

namespace Faultline.Explain.Output;

/// <summary>Prints findings for a terminal, wrapped at <see cref="Width"/> columns.</summary>
internal static class FindingText
{
    /// <summary>The column that no wrapped line passes.</summary>
    public const int Width = 100;

    private const int MaxBytes = 64;

    /// <summary>Prints findings one after the other, a blank line between them; nothing for none.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<Finding> findings)
    {
        for (int i = 0; i < findings.Count; i++)
        {
            if (i > 0)
                writer.WriteLine();
            Write(writer, findings[i]);
        }
    }

    /// <summary>Prints one finding.</summary>
    public static void Write(TextWriter writer, Finding finding)
    {
        TextWrap.Write(writer, $"{finding.Title} ({Name(finding.Confidence)}; {finding.Id})", Width, "* ", "  ");
        TextWrap.Write(writer, finding.Observed, Width, "  seen:     ", "            ");
        TextWrap.Write(writer, finding.Cause, Width, "  cause:    ", "            ");
        for (int i = 0; i < finding.Evidence.Count; i++)
        {
            TextWrap.Write(writer, Describe(finding.Evidence[i]), Width, i == 0 ? "  evidence: " : "            ", "              ");
            if (finding.Evidence[i].Quote is { } quote)
                writer.WriteLine($"              > {Printable.Clean(quote)}");
        }
        for (int i = 0; i < finding.WhatToDo.Count; i++)
            TextWrap.Write(writer, finding.WhatToDo[i], Width, i == 0 ? "  to do:    " : "            ", "              ");
    }

    /// <summary>The word for a confidence, in text and JSON.</summary>
    public static string Name(Confidence confidence) => confidence switch
    {
        Confidence.Certain => "certain",
        Confidence.Likely => "likely",
        _ => "possible",
    };

    /// <summary>An evidence's sentence with its place in brackets and its bytes.</summary>
    public static string Describe(Evidence evidence)
    {
        List<string> places = [];
        if (evidence.Line is { } line)
            places.Add($"line {line}");
        if (evidence.Address is { } address)
            places.Add($"0x{address:x}");
        if (evidence.FileOffset is { } offset)
            places.Add(evidence.File is { } file ? $"{file} offset 0x{offset:x}" : $"file offset 0x{offset:x}");
        else if (evidence.File is { } name)
            places.Add(name);
        string text = places.Count == 0 ? evidence.Text : $"{evidence.Text} [{string.Join(", ", places)}]";
        return evidence.Bytes.Length == 0 ? text : $"{text}: {Hex(evidence.Bytes)}";
    }

    /// <summary>Bytes as two digits each, separated by spaces; past 64 the rest is counted.</summary>
    public static string Hex(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlyMemory<byte> shown = bytes[..Math.Min(bytes.Length, MaxBytes)];
        string text = string.Join(' ', shown.ToArray().Select(b => b.ToString("x2")));
        return shown.Length == bytes.Length ? text : $"{text} and {bytes.Length - shown.Length} more";
    }
}
