using Faultline.Explain.Images;
using Faultline.Explain.Images.Segments;
using Faultline.Explain.Output;
using Xunit.Abstractions;

namespace Faultline.Explain.Tests.Images;

/// <summary>Every x86-64 ELF file that the host's programs, libraries and .NET SDK consist of.</summary>
public sealed class HostSurveyTests(ITestOutputHelper output)
{
    private static readonly EnumerationOptions _all = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>
    /// What is installed works, so none of it can destroy itself at 4 KiB, reach past its end or be refused. Other findings are counted: they are true of some files.
    /// </summary>
    [Fact]
    public void NothingInstalledIsSaidToDestroyItself()
    {
        SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
        int files = 0, loadable = 0;
        List<string> wrong = [];
        string[] folders = ["/usr/bin", "/usr/sbin", "/usr/lib", Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? root : "/usr/share/dotnet"];
        foreach (string path in folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*", _all)).Where(IsElf))
        {
            using ImageFile? image = ImageOpener.OpenImage(path, out _);
            if (image is null)
                continue;
            files++;
            SegmentReport? report = SegmentInspector.Inspect(image, null, null);
            InspectText.Write(TextWriter.Null, image, null, report, report?.Findings ?? [], withSymbols: false);
            if (report is null)
                continue;
            loadable++;
            FindingText.Write(TextWriter.Null, report.Findings);
            foreach (string id in report.Findings.Select(finding => finding.Id).Distinct())
                counts[id] = counts.GetValueOrDefault(id) + 1;
            if (report.Findings.Any(finding => finding.Id is "segments-destroy-each-other"))
                wrong.Add(path);
        }
        output.WriteLine($"{files} x86-64 ELF files, {loadable} programs and libraries");
        foreach ((string id, int count) in counts)
            output.WriteLine($"{count,6} {id}");
        Assert.Empty(wrong);
    }

    private static bool IsElf(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Span<byte> magic = stackalloc byte[4];
            return file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual("\u007fELF"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
