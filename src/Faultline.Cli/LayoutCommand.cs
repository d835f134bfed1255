using System.CommandLine;
using Faultline.Explain.Findings;
using Faultline.Explain.Images;
using Faultline.Explain.Images.Layout;

namespace Faultline.Cli;

/// <summary><c>faultline layout</c>.</summary>
internal static class LayoutCommand
{
    /// <summary>What --help prints.</summary>
    public const string Help =
        """
        Usage: faultline layout [OPTIONS] IMAGE
        Says how the functions of a kernel, module or program are aligned, what stands
        before them and at their entries, and whether that is what FineIBT, call depth
        tracking and ftrace count on when they patch it.

        Options:
              --list          name every function whose 16 bytes are not in place
              --json          print JSON
          -h, --help          print this

        Exit status:
          0    nothing contradicts what the image was built for
          1    there are findings
          2    the command line is wrong, or the file cannot be read

        """;

    private static readonly Option<bool> _list = new("--list");

    private static readonly Option<bool> _json = new("--json");

    private static readonly Argument<string> _file = new("IMAGE");

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Command command = new("layout") { _list, _json, _file };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        using ImageFile? image = ImageOpener.OpenImage(parsed.GetValue(_file)!, out string problem);
        if (image is null || LayoutReader.Read(image, out problem) is not { } report)
            return ToolOutput.Fail(problem);
        IReadOnlyList<Finding> findings = LayoutFindings.Of(image, report);
        bool lists = parsed.GetValue(_list);
        if (parsed.GetValue(_json))
            ToolOutput.WriteJson(writer => LayoutText.WriteJson(writer, image, report, findings, lists));
        else
            LayoutText.Write(Console.Out, image, report, findings, lists);
        return findings.Count > 0 ? 1 : 0;
    }
}
