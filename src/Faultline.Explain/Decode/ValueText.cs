using System.Globalization;
using System.Numerics;
using Faultline.Explain.Output;

namespace Faultline.Explain.Decode;

/// <summary>Reads numbers as people paste them: from kernel logs, debuggers and source code.</summary>
internal static class ValueText
{
    /// <summary>Most bytes that a value may be made of.</summary>
    public const int MaxBytes = 4096;

    /// <summary>
    /// Reads a number that is hexadecimal with or without 0x, as kernels print registers. Underscores, a trailing comma and the
    /// suffixes of C (<c>ULL</c>) are ignored; <c>0b</c> begins a binary one.
    /// </summary>
    public static bool TryHexadecimal(string text, out ulong value, out string error) => TryParse(text, true, out value, out error);

    /// <summary>
    /// Reads a number that is decimal unless it begins with 0x, has a letter of a hexadecimal digit in it, or is padded with
    /// zeros to 8 or 16 digits. A minus sign gives the two's complement.
    /// </summary>
    public static bool TryDecimal(string text, out ulong value, out string error) => TryParse(text, false, out value, out error);

    /// <summary>
    /// Reads bytes: two digits each, separated or not, or words of 2, 4 or 8 bytes (little-endian, as memory holds them). The
    /// marks of a <c>Code:</c> line (<c>&lt;48&gt;</c>, <c>(48)</c>) are ignored.
    /// </summary>
    public static bool TryBytes(IReadOnlyList<string> words, out byte[] bytes, out string error)
    {
        bytes = [];
        List<byte> read = [];
        foreach (string token in Tokens(words))
        {
            string digits = StripPrefix(token.Trim('<', '>', '(', ')'));
            if (digits.Length == 0 || digits.Length % 2 != 0 || !IsHexadecimal(digits))
            {
                error = $"'{Shown(token)}' is not bytes: two hexadecimal digits each";
                return false;
            }
            byte[] part = Convert.FromHexString(digits);
            read.AddRange(part);
            if (read.Count > MaxBytes)
            {
                error = $"more than {MaxBytes} bytes";
                return false;
            }
        }
        bytes = [.. read];
        error = bytes.Length == 0 ? "no bytes given" : "";
        return error.Length == 0;
    }

    /// <summary>
    /// Reads a structure of a known size: its bytes one by one, one long number, or equal words that stand in memory in the order given,
    /// each little-endian. The size of the words follows from how many there are.
    /// </summary>
    /// <param name="words">The words.</param>
    /// <param name="sizes">The sizes in bytes that the structure can have, ascending.</param>
    /// <param name="bytes">The structure as memory holds it.</param>
    /// <param name="how">How the words were read, for a note.</param>
    /// <param name="error">What is wrong.</param>
    public static bool TryStructure(IReadOnlyList<string> words, ReadOnlySpan<int> sizes, out byte[] bytes, out string how, out string error)
    {
        bytes = [];
        how = "";
        List<string> digits = [];
        foreach (string token in Tokens(words))
        {
            string stripped = StripPrefix(token).TrimStart('0');
            int padded = StripPrefix(token).Length;
            if (padded == 0 || !IsHexadecimal(StripPrefix(token)))
            {
                error = $"'{Shown(token)}' is not a hexadecimal number";
                return false;
            }
            digits.Add(padded is 2 or 4 or 8 or 16 or 32 ? StripPrefix(token) : stripped.Length == 0 ? "0" : stripped);
        }
        if (digits.Count == 0)
        {
            error = "no value given";
            return false;
        }
        int widest = digits.Max(d => d.Length);
        foreach (int size in sizes)
        {
            int width = size / digits.Count;
            if (width * digits.Count != size || !BitOperations.IsPow2(width) || width > 16 || widest > 2 * width)
                continue;
            bytes = new byte[size];
            for (int i = 0; i < digits.Count; i++)
            {
                byte[] word = Convert.FromHexString(digits[i].TrimStart('0').PadLeft(2 * width, '0'));
                Array.Reverse(word);
                word.CopyTo(bytes, i * width);
            }
            how = digits.Count == 1
                ? $"read as one number of {size} bytes"
                : width == 1 ? $"read as {size} bytes in the order of memory" : $"read as {digits.Count} little-endian words of {width} bytes, the lowest address first";
            error = "";
            return true;
        }
        error = $"{digits.Count} word{(digits.Count == 1 ? "" : "s")} of up to {widest} digits cannot be {string.Join(" or ", sizes.ToArray())} bytes";
        return false;
    }

    /// <summary>Text of a user's for a message: printable and of bounded length.</summary>
    public static string Shown(string text) => Printable.Clean(text.Length > 40 ? text[..40] + "..." : text);

    private static IEnumerable<string> Tokens(IReadOnlyList<string> words) =>
        words.SelectMany(word => word.Split([' ', ',', '\t', '\n', '\r', ';'], StringSplitOptions.RemoveEmptyEntries));

    private static bool TryParse(string text, bool hexadecimal, out ulong value, out string error)
    {
        error = "";
        value = 0;
        string token = text.Trim().TrimEnd(',', ';').Replace("_", "", StringComparison.Ordinal);
        bool negative = token.StartsWith('-');
        if (negative)
            token = token[1..];
        string digits = StripPrefix(token).TrimEnd('u', 'U', 'l', 'L');
        bool prefixed = digits.Length < token.TrimEnd('u', 'U', 'l', 'L').Length;
        if (token.StartsWith("0b", StringComparison.OrdinalIgnoreCase) && digits.Length > 2 && digits.Skip(2).All(c => c is '0' or '1') && !(hexadecimal && digits.Length <= 8))
        {
            if (digits.Length - 2 <= 64)
            {
                foreach (char c in digits.AsSpan(2))
                    value = (value << 1) | (uint)(c - '0');
                return true;
            }
            error = $"'{Shown(text)}' has more than 64 bits";
            return false;
        }
        if (digits.Length == 0 || !IsHexadecimal(digits))
        {
            error = text.Trim().Length == 0 ? "the value is empty" : $"'{Shown(text)}' is not a number";
            return false;
        }
        bool isHexadecimal = prefixed || hexadecimal || !digits.All(char.IsAsciiDigit) || (digits[0] == '0' && digits.Length is 8 or 16);
        bool read = isHexadecimal
            ? digits.TrimStart('0').Length <= 16 && ulong.TryParse(digits.TrimStart('0').PadLeft(1, '0'), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        if (!read)
            error = $"'{Shown(text)}' has more than 64 bits";
        if (negative)
            value = 0 - value;
        return read;
    }

    private static string StripPrefix(string token) => token.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? token[2..] : token;

    private static bool IsHexadecimal(string digits) => digits.All(char.IsAsciiHexDigit);
}
