using System.Text.RegularExpressions;
using Faultline.Elf.Tests.Support;
using Faultline.Explain.Images;

namespace Faultline.Explain.Tests.Images;

/// <summary>Compares what we say about addresses with addr2line -i.</summary>
internal static partial class Addr2Line
{
    /// <summary>The tool of binutils.</summary>
    public const string Gnu = "addr2line";

    /// <summary>The tool of LLVM, which prints the same when asked to.</summary>
    public const string Llvm = "llvm-symbolizer";

    /// <summary>Asks a tool about addresses in one run: function and file:line of each level, innermost first.</summary>
    public static List<List<(string Function, string Place)>> Ask(string image, IEnumerable<ulong> addresses, string tool = Gnu)
    {
        string[] style = tool == Llvm ? ["--output-style=GNU"] : [];
        string output = HostTool.Run(tool, [.. style, "-a", "-i", "-f", "-e", image, .. addresses.Select(address => $"0x{address:x}")]);
        List<List<(string Function, string Place)>> answers = [];
        string[] lines = output.TrimEnd('\n').Split('\n');
        for (int i = 0; i < lines.Length;)
        {
            if (lines[i].StartsWith("0x", StringComparison.Ordinal))
            {
                answers.Add([]);
                i++;
                continue;
            }
            answers[^1].Add((lines[i], Unknown().Replace(Discriminator().Replace(lines[i + 1], ""), ":?")));
            i += 2;
        }
        return answers;
    }

    /// <summary>Our answer in the same form.</summary>
    public static List<(string Function, string Place)> Ours(ImageFile image, ulong address) =>
        [.. image.FindSource(address).Select(frame => (frame.Function ?? "??", $"{(frame.File.Length == 0 ? "??" : frame.File)}:{(frame.Line == 0 ? "?" : frame.Line)}"))];

    /// <summary>An instruction without a line: LLVM prints 0, binutils a question mark.</summary>
    [GeneratedRegex(":0$")]
    private static partial Regex Unknown();

    [GeneratedRegex(@" \(discriminator \d+\)$")]
    private static partial Regex Discriminator();
}
