using System.Buffers;

namespace Faultline.Explain.Decode;

/// <summary>
/// Reads bytes from text as <c>hexdump -C</c>, <c>xxd</c> and the kernel's own dumps print them: an address with a colon or of eight digits
/// and more, then bytes of two digits (or groups of up to 16, in the order of memory), then the characters, after two blanks or in bars.
/// </summary>
internal static class HexDump
{
    private static readonly SearchValues<char> _digits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Reads what there is, at most <see cref="ValueText.MaxBytes"/>.</summary>
    public static bool TryRead(string text, out byte[] bytes, out string error)
    {
        List<byte> read = [];
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            Line(line, read);
            if (read.Count > ValueText.MaxBytes)
                break;
        }
        bytes = [.. read.Take(ValueText.MaxBytes)];
        error = bytes.Length == 0 ? "no bytes found in the text" : "";
        return error.Length == 0;
    }

    private static void Line(ReadOnlySpan<char> line, List<byte> read)
    {
        int bar = line.IndexOf('|');
        if (bar >= 0)
            line = line[..bar];
        line = line.Trim();
        int colon = line.IndexOf(": ");
        if (colon >= 0)
            line = line[(colon + 1)..].TrimStart();
        // hexdump -C has two blanks in the middle of the bytes too, and puts the characters in bars; the others print them after two blanks.
        int characters = line.IndexOf("  ");
        if (colon >= 0 && characters >= 0)
            line = line[..characters];
        bool first = true;
        foreach (Range range in line.Split(' '))
        {
            ReadOnlySpan<char> token = line[range];
            if (token.IsEmpty)
                continue;
            bool address = first && colon < 0 && bar >= 0 && token.Length >= 7;
            first = false;
            if (address)
                continue;
            if (token.Length % 2 != 0 || token.Length > 16 || token.ContainsAnyExcept(_digits))
                return;
            read.AddRange(Convert.FromHexString(token));
        }
    }
}
