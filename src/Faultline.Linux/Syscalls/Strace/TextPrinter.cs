using System.Text;
using Faultline.Linux.Host;

namespace Faultline.Linux.Syscalls.Strace;

/// <summary>Quotes bytes as strace does: C escapes, octal for the rest, <c>...</c> after what is cut.</summary>
internal static class TextPrinter
{
    /// <summary>How many bytes of a buffer are shown (strace's -s).</summary>
    public const int Shown = 32;

    /// <summary>Appends bytes in quotes.</summary>
    /// <param name="line">Where.</param>
    /// <param name="bytes">The bytes to show.</param>
    /// <param name="isCut">There are more.</param>
    public static void Append(StringBuilder line, ReadOnlySpan<byte> bytes, bool isCut)
    {
        line.Append('"');
        for (int i = 0; i < bytes.Length; i++)
            AppendByte(line, bytes[i], i + 1 < bytes.Length ? bytes[i + 1] : (byte)0);
        line.Append('"');
        if (isCut)
            line.Append("...");
    }

    /// <summary>Appends bytes in quotes, every one in hexadecimal (getrandom).</summary>
    public static void AppendHex(StringBuilder line, ReadOnlySpan<byte> bytes, bool isCut)
    {
        line.Append('"');
        foreach (byte b in bytes)
            line.Append("\\x").Append(b.ToString("x2"));
        line.Append('"');
        if (isCut)
            line.Append("...");
    }

    /// <summary>Appends a string of one char per byte in quotes.</summary>
    public static void Append(StringBuilder line, string text, bool isCut) => Append(line, KernelText.ToBytes(text), isCut);

    private static void AppendByte(StringBuilder line, byte b, byte next)
    {
        switch (b)
        {
            case (byte)'"':
                line.Append("\\\"");
                break;
            case (byte)'\\':
                line.Append("\\\\");
                break;
            case (byte)'\n':
                line.Append("\\n");
                break;
            case (byte)'\r':
                line.Append("\\r");
                break;
            case (byte)'\t':
                line.Append("\\t");
                break;
            case (byte)'\f':
                line.Append("\\f");
                break;
            case (byte)'\v':
                line.Append("\\v");
                break;
            case >= 0x20 and < 0x7F:
                line.Append((char)b);
                break;
            default:
                // As few octal digits as the next character allows.
                string digits = Convert.ToString(b, 8);
                line.Append('\\');
                if (next is >= (byte)'0' and <= (byte)'7')
                    line.Append('0', 3 - digits.Length);
                line.Append(digits);
                break;
        }
    }
}
