using System.Text;

namespace Faultline;

/// <summary>
/// Linux strings are bytes; .NET strings are UTF-16. Outside, text is UTF-8 in which a byte that is not valid UTF-8 stands as the lone surrogate
/// U+DC00 + byte (as Python's "surrogateescape" does), so that nothing is lost. Inside the kernel a string holds one char per byte.
/// </summary>
public static class GuestText
{
    /// <summary>Turns bytes as Linux has them into a .NET string.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes))
            return Encoding.Latin1.GetString(bytes);
        StringBuilder text = new(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[used..];
            }
            else
            {
                text.Append((char)(0xdc00 + bytes[0]));
                bytes = bytes[1..];
            }
        }
        return text.ToString();
    }

    /// <summary>The bytes of a .NET string; the inverse of <see cref="FromBytes"/>.</summary>
    public static byte[] ToBytes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<byte> bytes = new(text.Length);
        Span<byte> encoded = stackalloc byte[4];
        for (int i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out Rune rune))
            {
                bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
                i += rune.Utf16SequenceLength - 1;
            }
            else if (text[i] is >= '\udc80' and <= '\udcff')
            {
                bytes.Add((byte)text[i]);
            }
            else
            {
                // A lone surrogate that stands for no byte: the replacement character, as every UTF-8 encoder gives.
                bytes.AddRange(encoded[..Rune.ReplacementChar.EncodeToUtf8(encoded)]);
            }
        }
        return [.. bytes];
    }

    /// <summary>One char per byte, as the kernel keeps names.</summary>
    internal static string ToKernel(string text) => System.Text.Ascii.IsValid(text) ? text : Encoding.Latin1.GetString(ToBytes(text));

    /// <summary>The inverse of <see cref="ToKernel"/>.</summary>
    internal static string FromKernel(string text) => System.Text.Ascii.IsValid(text) ? text : FromBytes(Encoding.Latin1.GetBytes(text));
}
