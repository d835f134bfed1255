using System.CommandLine;
using Faultline.Explain.Explanations;
using Faultline.Explain.Images;
using Faultline.Explain.Output;

namespace Faultline.Cli;

/// <summary><c>faultline explain</c>.</summary>
internal static class ExplainCommand
{
    /// <summary>What --help prints.</summary>
    public const string Help =
        """
        Usage: faultline explain [OPTIONS] [REPORT]
        Finds every crash report in a text (a kernel log, a mail, a serial capture),
        decodes it, and says what caused it where the evidence tells. Reads standard
        input without REPORT.

        Options:
              --html              print one self-contained page
              --image FILE        an ELF file that the report's code came from: vmlinux, a
                                  module, a program; with DWARF it gives lines and inlined
                                  functions; may be repeated
              --json              print JSON
              --output FILE       write to FILE rather than to standard output
              --symbols FILE      a System.map, plain or compressed with gzip, or a pipe that
                                  gives one; may be repeated
          -h, --help              print this

        Exit status:
          0    at least one report was found
          1    there is no report in the text
          2    the command line is wrong, or a file cannot be read

        """;

    private const int NoReportStatus = 1;

    /// <summary>EPIPE, which .NET's exceptions carry as it is (Linux and macOS).</summary>
    private const int BrokenPipe = 32;

    private static readonly Option<string[]> _images = new("--image") { AllowMultipleArgumentsPerToken = false };

    private static readonly Option<string[]> _symbols = new("--symbols") { AllowMultipleArgumentsPerToken = false };

    private static readonly Option<bool> _json = new("--json");

    private static readonly Option<bool> _html = new("--html");

    // A flag of its own: were the file --html's value, "--html report.txt" would overwrite the report.
    private static readonly Option<string?> _output = new("--output");

    private static readonly Argument<string?> _report = new("REPORT") { Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Command command = new("explain")
        {
            _images, _symbols, _json, _html, _output, _report,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string? report = parsed.GetValue(_report);
        if (report is ['-', _, ..])
            return Entry.Usage($"unknown option {report}", "explain ");
        bool isHtml = parsed.GetValue(_html);
        bool isJson = parsed.GetValue(_json);
        if (isHtml && isJson)
            return Entry.Usage("--json and --html exclude each other", "explain ");
        List<ISymbolSource> images = [];
        try
        {
            foreach (string path in (string[])[.. parsed.GetValue(_images) ?? [], .. parsed.GetValue(_symbols) ?? []])
            {
                if (ImageOpener.Open(path, out string problem) is not { } image)
                    return ToolOutput.Fail(problem);
                images.Add(image);
            }
            Explanation explanation = Read(report, images);
            using (Stream output = parsed.GetValue(_output) is { } file ? File.Create(file) : Console.OpenStandardOutput())
                Print(output, explanation, isJson, isHtml);
            return explanation.Reports.Count > 0 || explanation.TextFindings.Count > 0 ? 0 : NoReportStatus;
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            // The reader (head, less) has seen enough.
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return ToolOutput.Fail(e.Message);
        }
        finally
        {
            foreach (ISymbolSource image in images)
                (image as IDisposable)?.Dispose();
        }
    }

    private static Explanation Read(string? path, IReadOnlyList<ISymbolSource> images)
    {
        using StreamReader reader = path is null or "-" ? new StreamReader(Console.OpenStandardInput()) : new StreamReader(path);
        return Explainer.Explain(path is null or "-" ? "standard input" : path, reader, images);
    }

    private static void Print(Stream output, Explanation explanation, bool isJson, bool isHtml)
    {
        if (isJson)
        {
            ExplanationJson.Write(output, explanation);
            return;
        }
        using StreamWriter writer = new(output);
        if (isHtml)
            ExplanationHtml.Write(writer, explanation);
        else
            ExplanationText.Write(writer, explanation);
    }
}
