using System.Globalization;
using Faultline.Explain.Code;

namespace Faultline.Explain.Tests.Code;

/// <summary>Windows written as the kernel prints them.</summary>
internal static class CodeLine
{
    /// <summary>The bytes of a <c>Code:</c> line; the one in angle brackets is at RIP.</summary>
    public static CodeWindow Window(string line, string? function = null, ulong offset = 0, ulong size = 0)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        byte[] bytes = [.. words.Select(w => byte.Parse(w.Trim('<', '>'), NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        return new CodeWindow(bytes, Array.FindIndex(words, w => w[0] == '<'))
        {
            Function = function,
            FunctionOffset = function is null ? null : offset,
            FunctionSize = function is null ? null : size,
        };
    }
}
