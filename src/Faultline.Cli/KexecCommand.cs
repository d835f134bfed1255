using System.CommandLine;
using Faultline.Explain.Findings;
using Faultline.Explain.Images;
using Faultline.Explain.Images.Objects;

namespace Faultline.Cli;

/// <summary><c>faultline kexec</c>.</summary>
internal static class KexecCommand
{
    /// <summary>What --help prints.</summary>
    public const string Help =
        """
        Usage: faultline kexec [OPTIONS] PURGATORY.ro
        Loads a relocatable purgatory as Linux's kexec_file_load(2) does on x86-64, and
        says what the kernel would: every relocation that does not fit, which section
        it takes the entry point from, symbols that it would miss.

        Options:
              --at ADDRESS    load it there; unless given, where a PC with 16 GiB of
                              memory has it (the kernel places it from the top down)
              --json          print JSON
          -h, --help          print this

        Exit status:
          0    it would load
          1    it would fail, or load wrongly; findings say why
          2    the command line is wrong, or the file is no purgatory

        """;

    private static readonly Option<string?> _at = new("--at");

    private static readonly Option<bool> _json = new("--json");

    private static readonly Argument<string> _file = new("PURGATORY.ro");

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Command command = new("kexec") { _at, _json, _file };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string? text = parsed.GetValue(_at);
        if (!ToolOutput.TryParseAddress(text, out ulong? at))
            return Entry.Usage($"--at {text}: a hexadecimal address is needed", "kexec ");
        using ImageFile? image = ImageOpener.OpenImage(parsed.GetValue(_file)!, out string problem);
        if (image is null || PurgatoryLoader.Load(image, at, out problem) is not { } load)
            return ToolOutput.Fail(problem);
        IReadOnlyList<Finding> findings = PurgatoryFindings.Of(load);
        if (parsed.GetValue(_json))
            ToolOutput.WriteJson(writer => PurgatoryText.WriteJson(writer, load, findings));
        else
            PurgatoryText.Write(Console.Out, load, findings);
        return load.Fails || findings.Count > 0 ? 1 : 0;
    }
}
