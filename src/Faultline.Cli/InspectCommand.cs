using System.CommandLine;
using Faultline.Elf.Layout;
using Faultline.Explain.Findings;
using Faultline.Explain.Images;
using Faultline.Explain.Images.Objects;
using Faultline.Explain.Images.Segments;

namespace Faultline.Cli;

/// <summary><c>faultline inspect</c>.</summary>
internal static class InspectCommand
{
    /// <summary>What --help prints.</summary>
    public const string Help =
        """
        Usage: faultline inspect [OPTIONS] FILE
        Says what is in an x86-64 ELF file: segments, sections, notes, build id, debug
        information; of programs and libraries which segments share pages of hosts with
        4, 16 and 64 KiB, and what loaders would destroy; of objects and kernel modules
        the code model, and whether their relocations fit where they are to be loaded.

        Options:
              --at ADDRESS          of a program or library, tell where the bytes at this
                                    link-time address come from, and which load steps
                                    wrote them; of an object or module, take the first
                                    loaded section to be there (unless given,
                                    ffffffffc0000000 for modules, 400000 for others)
              --host-page-size N    show the load plan for a host with pages of N bytes:
                                    4096 (unless given), 16384, 65536
              --load-policy P       show the load plan of a policy: linux (unless given),
                                    guest-page, host-page, host-page-unless-overlap,
                                    host-page-blank
              --symbols             print the symbols, by address
              --json                print JSON
          -h, --help                print this

        Exit status:
          0    nothing is wrong with it; that segments share pages of larger hosts is
               told, and is not wrong
          1    there are other findings, or the bytes at ADDRESS would be destroyed
          2    the command line is wrong, or the file cannot be read

        """;

    private static readonly Option<string?> _at = new("--at");

    private static readonly Option<string?> _hostPageSize = new("--host-page-size");

    private static readonly Option<string?> _loadPolicy = new("--load-policy");

    private static readonly Option<bool> _symbols = new("--symbols");

    private static readonly Option<bool> _json = new("--json");

    private static readonly Argument<string> _file = new("FILE");

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Command command = new("inspect") { _at, _hostPageSize, _loadPolicy, _symbols, _json, _file };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string? text = parsed.GetValue(_at);
        if (!ToolOutput.TryParseAddress(text, out ulong? at))
            return Entry.Usage($"--at {text}: a hexadecimal address is needed", "inspect ");
        string? pageSize = parsed.GetValue(_hostPageSize);
        string? policyName = parsed.GetValue(_loadPolicy);
        if (!LoadOptions.TryParse(pageSize, policyName, out LoadPolicy policy, out string mistake))
            return Entry.Usage(mistake, "inspect ");
        using ImageFile? image = ImageOpener.OpenImage(parsed.GetValue(_file)!, out string problem);
        if (image is null)
            return ToolOutput.Fail(problem);
        ObjectReport? report = image.IsRelocatable ? ObjectInspector.Inspect(image, at) : null;
        SegmentReport? loading = report is null ? SegmentInspector.Inspect(image, pageSize is null && policyName is null ? null : policy, at) : null;
        if (loading is null && (pageSize ?? policyName) is not null)
            return ToolOutput.Fail($"{image.Name}: it has no segments that execve(2) or a dynamic linker would load, so there is no load plan");
        IReadOnlyList<Finding> findings = report is not null ? ObjectInspector.Findings(image, report) : loading?.Findings ?? [];
        bool withSymbols = parsed.GetValue(_symbols);
        if (parsed.GetValue(_json))
            ToolOutput.WriteJson(writer => InspectText.WriteJson(writer, image, report, loading, findings, withSymbols));
        else
            InspectText.Write(Console.Out, image, report, loading, findings, withSymbols);
        return loading?.HasFaults ?? (findings.Count > 0) ? 1 : 0;
    }
}
