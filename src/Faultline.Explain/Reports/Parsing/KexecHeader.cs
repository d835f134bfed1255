using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>Messages of kexec_file_load(2) (kernel/kexec_file.c, arch/x86/kernel/machine_kexec_64.c).</summary>
internal static class KexecHeader
{
    private static readonly string[] _tags = ["kexec: ", "kexec_file: ", "kexec-bzImage64: ", "kexec_bzImage64: ", "kexec_image: "];

    private static readonly string[] _errors =
    [
        "Overflow in relocation type ", "Undefined symbol: ", "symbol '", "Unknown rela relocation: ", "Loading purgatory failed",
        "Failed to ", "Invalid ", "Bad ", "Could not ", "Can't ",
    ];

    /// <summary>Reads an error, with which a report begins.</summary>
    public static HeaderLine? Read(string text, int line) => ReadMessage(text, line) is { } message
        && Array.Exists(_errors, error => Body(text).StartsWith(error, StringComparison.Ordinal))
            ? HeaderParser.Of(ReportKind.Kexec) with { Kexec = message }
            : null;

    /// <summary>Reads any line of kexec's, those for debugging too.</summary>
    public static KexecMessage? ReadMessage(string text, int line)
    {
        string body = Body(text);
        if (body.Length == text.Length)
            return null;
        Cursor cursor = new(body);
        if (cursor.Skip("Overflow in relocation type ") && cursor.TryDecimal(out long type) && type <= uint.MaxValue && cursor.Skip(" value "))
        {
            return new KexecMessage
            {
                Text = text,
                RelocationType = (uint)type,
                Value = cursor.TryPrefixedHex(out ulong value) ? value : null,
                Line = line,
            };
        }
        return new KexecMessage { Text = text, Line = line };
    }

    private static string Body(string text)
    {
        string? tag = Array.Find(_tags, tag => text.StartsWith(tag, StringComparison.Ordinal));
        return tag is null ? text : text[tag.Length..];
    }
}
