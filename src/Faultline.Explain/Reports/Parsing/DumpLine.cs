using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>One line of a dump that print_hex_dump() made with groups of one byte.</summary>
/// <param name="Label">What stands before the address (<c>Redzone</c>, <c>Object</c>, <c>Bytes b4</c>); empty without.</param>
/// <param name="Address">The address or offset printed.</param>
/// <param name="Bytes">The bytes.</param>
/// <param name="IsMarked">Whether a <c>&gt;</c> stands before it.</param>
internal sealed record DumpLine(string Label, ulong Address, byte[] Bytes, bool IsMarked)
{
    private const int MaxBytes = 32;

    /// <summary>Reads a line.</summary>
    /// <returns>Null when it is none: an address of at least 8 digits, a colon and at least one byte of two digits.</returns>
    public static DumpLine? Read(string text)
    {
        int colon = text.IndexOf(": ", StringComparison.Ordinal);
        if (colon is < 8 or > 48)
            return null;
        ReadOnlySpan<char> before = text.AsSpan(0, colon).Trim();
        int blank = before.LastIndexOf(' ');
        ReadOnlySpan<char> label = blank < 0 ? "" : before[..blank].TrimEnd();
        ReadOnlySpan<char> digits = before[(blank + 1)..];
        bool isMarked = digits.StartsWith(">");
        Cursor number = new(isMarked ? digits[1..] : digits);
        if (!number.TryHex(out ulong address, 8) || !number.AtEnd || label.Length > 24)
            return null;
        Cursor cursor = new(text.AsSpan(colon + 1));
        List<byte> bytes = [];
        while (bytes.Count < MaxBytes)
        {
            Cursor ahead = cursor;
            // KASAN puts the byte that is meant into brackets. One blank separates bytes, two the characters behind them.
            if (!ahead.Skip(' ') && !ahead.Skip('['))
                break;
            ahead.Skip('[');
            if (!ahead.TryHex(out ulong value, 2, 2) || !(ahead.AtEnd || ahead.Next is ' ' or ']' or '['))
                break;
            ahead.Skip(']');
            bytes.Add((byte)value);
            cursor = ahead;
        }
        return bytes.Count == 0 ? null : new DumpLine(label.ToString(), address, [.. bytes], isMarked);
    }
}
