using System.Globalization;
using System.Text.Json;

namespace Faultline.Cli;

/// <summary>What the commands that look at files share.</summary>
internal static class ToolOutput
{
    /// <summary>Prints indented JSON to standard output.</summary>
    public static void WriteJson(Action<Utf8JsonWriter> write)
    {
        using Stream output = Console.OpenStandardOutput();
        using (Utf8JsonWriter writer = new(output, new JsonWriterOptions { Indented = true }))
            write(writer);
        output.WriteByte((byte)'\n');
    }

    /// <summary>Says what is wrong with a file.</summary>
    /// <returns><see cref="Entry.UsageStatus"/>.</returns>
    public static int Fail(string problem)
    {
        Console.Error.WriteLine($"faultline: {problem}");
        return Entry.UsageStatus;
    }

    /// <summary>Reads an address of a command line: hexadecimal, with or without 0x; nothing is no address.</summary>
    public static bool TryParseAddress(string? text, out ulong? address)
    {
        address = null;
        if (text is null)
            return true;
        ReadOnlySpan<char> digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        bool isNumber = ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value);
        address = isNumber ? value : null;
        return isNumber;
    }
}
