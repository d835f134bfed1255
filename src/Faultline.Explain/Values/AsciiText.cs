using System.Buffers.Binary;
using System.Text;

namespace Faultline.Explain.Values;

/// <summary>Readable text in values and in memory dumps.</summary>
internal static class AsciiText
{
    /// <summary>Fewest characters of a value that are taken for text: six-byte user addresses are printable by chance once in a hundred times.</summary>
    private const int FewestInValue = 5;

    /// <summary>Text held by a little-endian value, ended by zeros at most: null when any other byte stands in it or it is too short.</summary>
    public static string? InValue(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        int length = bytes.IndexOf((byte)0);
        if (length < 0)
            length = 8;
        if (length < FewestInValue || bytes[length..].ContainsAnyExcept((byte)0))
            return null;
        foreach (byte b in bytes[..length])
        {
            if (!IsText(b))
                return null;
        }
        // The same byte throughout is a fill, whatever letter it stands for.
        return bytes[1..length].ContainsAnyExcept(bytes[0]) ? Quote(bytes[..length]) : null;
    }

    /// <summary>Runs of text in bytes, quoted, with where each starts.</summary>
    /// <param name="bytes">Memory.</param>
    /// <param name="fewest">Shortest run that counts, in characters.</param>
    /// <param name="fill">A byte that belongs to no run, such as a poison that happens to be printable.</param>
    public static List<(int Offset, string Text)> Runs(ReadOnlySpan<byte> bytes, int fewest, byte? fill = null)
    {
        List<(int, string)> runs = [];
        int start = 0;
        for (int i = 0; i <= bytes.Length; i++)
        {
            if (i < bytes.Length && IsText(bytes[i]) && bytes[i] != fill)
                continue;
            if (i - start >= fewest)
                runs.Add((start, Quote(bytes[start..i])));
            start = i + 1;
        }
        return runs;
    }

    private static bool IsText(byte b) => b is >= 0x20 and < 0x7f or (byte)'\t' or (byte)'\n' or (byte)'\r';

    private static string Quote(ReadOnlySpan<byte> text)
    {
        StringBuilder quoted = new("\"");
        foreach (byte b in text)
        {
            quoted.Append(b switch
            {
                (byte)'\t' => "\\t",
                (byte)'\n' => "\\n",
                (byte)'\r' => "\\r",
                (byte)'"' => "\\\"",
                _ => ((char)b).ToString(),
            });
        }
        return quoted.Append('"').ToString();
    }
}
