using Faultline.Explain.Output;

namespace Faultline.Explain.Decode;

/// <summary>Prints decoded values for a terminal.</summary>
internal static class DecodedText
{
    /// <summary>Prints one value.</summary>
    public static void Write(TextWriter writer, Decoded decoded) => Write(writer, decoded, "");

    /// <summary>Prints the kinds with an example each.</summary>
    public static void WriteKinds(TextWriter writer, IReadOnlyList<DecodeKind> kinds)
    {
        int width = kinds.Max(kind => kind.Name.Length);
        foreach (DecodeKind kind in kinds)
        {
            writer.WriteLine($"{kind.Name.PadRight(width)}  {kind.Summary}");
            writer.WriteLine($"{new string(' ', width)}  faultline decode {kind.Name} {kind.Example}");
        }
    }

    private static void Write(TextWriter writer, Decoded decoded, string indent)
    {
        writer.WriteLine(indent + Printable.Clean(decoded.Title));
        int place = Width(decoded.Fields, field => field.Place), name = Width(decoded.Fields, field => field.Name), value = Width(decoded.Fields, field => field.Value);
        foreach (DecodedField field in decoded.Fields)
        {
            string line = $"{indent}  {field.Place.PadLeft(place)}  {field.Name.PadRight(name)}  {field.Value.PadLeft(value)}  ";
            if (value == 0)
                line = line[..^2];
            if (place == 0)
                line = indent + "  " + line[(indent.Length + 4)..];
            TextWrap.Write(writer, field.Meaning, 120, line, new string(' ', line.Length));
        }
        if (decoded.Clear.Count > 0)
            TextWrap.Write(writer, string.Join(' ', decoded.Clear), 120, indent + "  clear: ", indent + "         ");
        foreach (string note in decoded.Notes)
            TextWrap.Write(writer, note, 120, indent + "  ", indent + "  ");
        foreach (Decoded part in decoded.Parts)
            Write(writer, part, indent + "  ");
        if (decoded.Source.Length > 0)
            TextWrap.Write(writer, decoded.Source, 120, indent + "  source: ", indent + "          ");
        if (decoded.Findings.Count > 0)
        {
            writer.WriteLine();
            FindingText.Write(writer, decoded.Findings);
        }
    }

    private static int Width(IReadOnlyList<DecodedField> fields, Func<DecodedField, string> part) => fields.Count == 0 ? 0 : Math.Min(24, fields.Max(field => part(field).Length));
}
