using System.CommandLine;
using Faultline.Explain.Findings;
using Faultline.Explain.Images;
using Faultline.Explain.Images.Objects;

namespace Faultline.Cli;

/// <summary><c>faultline inspect</c>.</summary>
internal static class InspectCommand
{
    /// <summary>What --help prints.</summary>
    public const string Help =
        """
        Usage: faultline inspect [OPTIONS] FILE
        Says what is in an x86-64 ELF file: segments, sections, notes, build id, debug
        information; of objects and kernel modules also the code model, and whether
        their relocations fit where they are to be loaded.

        Options:
              --at ADDRESS    take the first loaded section to be there; unless given,
                              ffffffffc0000000 for modules, 400000 for other objects
              --symbols       print the symbols, by address
              --json          print JSON
          -h, --help          print this

        Exit status:
          0    nothing is wrong with it
          1    there are findings
          2    the command line is wrong, or the file cannot be read

        """;

    private static readonly Option<string?> _at = new("--at");

    private static readonly Option<bool> _symbols = new("--symbols");

    private static readonly Option<bool> _json = new("--json");

    private static readonly Argument<string> _file = new("FILE");

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Command command = new("inspect") { _at, _symbols, _json, _file };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string? text = parsed.GetValue(_at);
        if (!ToolOutput.TryParseAddress(text, out ulong? at))
            return Entry.Usage($"--at {text}: a hexadecimal address is needed", "inspect ");
        using ImageFile? image = ImageOpener.OpenImage(parsed.GetValue(_file)!, out string problem);
        if (image is null)
            return ToolOutput.Fail(problem);
        ObjectReport? report = image.IsRelocatable ? ObjectInspector.Inspect(image, at) : null;
        IReadOnlyList<Finding> findings = report is null ? [] : ObjectInspector.Findings(image, report);
        bool withSymbols = parsed.GetValue(_symbols);
        if (parsed.GetValue(_json))
            ToolOutput.WriteJson(writer => InspectText.WriteJson(writer, image, report, findings, withSymbols));
        else
            InspectText.Write(Console.Out, image, report, findings, withSymbols);
        return findings.Count > 0 ? 1 : 0;
    }
}
