using System.Globalization;

namespace Faultline.Explain.Rules;

/// <summary>Compares the release that a report prints.</summary>
internal static class KernelVersion
{
    /// <summary>
    /// Whether a release such as "5.12.0-rc2-00010-gd6be88a244a9-dirty #125" is before another. False when it cannot be read. Distributions port fixes back, so a
    /// true answer is a hint, not a proof.
    /// </summary>
    public static bool IsBefore(string? release, int major, int minor)
    {
        if (release is null)
            return false;
        string[] parts = release.Split('.', 3);
        return parts.Length >= 2 && Number(parts[0]) is { } first && Number(parts[1]) is { } second && (first < major || first == major && second < minor);
    }

    private static int? Number(string text)
    {
        int length = 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
            length++;
        return int.TryParse(text.AsSpan(0, length), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
    }
}
