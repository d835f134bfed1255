using System.Text;
using System.Text.Json;
using Faultline.Explain.Explanations;
using Faultline.Explain.Images;
using Faultline.Explain.Output;

namespace Faultline.Explain.Tests.Output;

public class ExplanationTests
{
    private static string Map(string folder) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "crash-reports", folder);

    private static Explanation Explain(string text, params ISymbolSource[] images)
    {
        using StringReader reader = new(text);
        return Explainer.Explain("report.txt", reader, images);
    }

    private static string Text(Explanation explanation)
    {
        StringWriter writer = new() { NewLine = "\n" };
        ExplanationText.Write(writer, explanation);
        return writer.ToString();
    }

    private static string Html(Explanation explanation)
    {
        StringWriter writer = new() { NewLine = "\n" };
        ExplanationHtml.Write(writer, explanation);
        return writer.ToString();
    }

    [Theory]
    [InlineData("debian-6.1/uaf.txt", "debian-6.1/System.map-6.1.0-56-cloud-amd64.gz", 16, 16)]
    [InlineData("debian-6.1/null_write.txt", "debian-6.1/System.map-6.1.0-56-cloud-amd64.gz", 10, 10)]
    [InlineData("kcfi-6.12/lkdtm_CFI_FORWARD_PROTO.txt", "kcfi-6.12/System.map.gz", 9, 9)]
    [InlineData("kcfi-6.12/lkdtm_WARNING_MESSAGE.txt", "kcfi-6.12/System.map.gz", 8, 8)]
    public void SizesAgreeWithTheKernelsOwnMap(string name, string map, int matching, int sized)
    {
        ISymbolSource source = ImageOpener.Open(Map(map), out _)!;
        ExplainedReport report = Assert.Single(Explain(Fixtures.Text($"crash-reports/{name}"), source).Reports);
        Assert.StartsWith($"{matching} of {sized} symbols have the size", report.SymbolSummary);
    }

    [Fact]
    public void AnotherKernelsMapIsNoticed()
    {
        ISymbolSource source = ImageOpener.Open(Map("kcfi-6.12/System.map.gz"), out _)!;
        ExplainedReport report = Assert.Single(Explain(Fixtures.Text("crash-reports/debian-6.1/uaf.txt"), source).Reports);
        Assert.Contains("another build", report.SymbolSummary, StringComparison.Ordinal);
        Assert.Contains(report.Trace, place => place.Check == SymbolCheck.Differs);
    }

    [Fact]
    public void FindingsComeFirstAndTheMarkedInstructionHasTheArrow()
    {
        string text = Text(Explain(Fixtures.Text("crash-reports/debian-6.1/uaf.txt")));
        int finding = text.IndexOf("\n* ", StringComparison.Ordinal);
        int kind = text.IndexOf("\nkind ", StringComparison.Ordinal);
        Assert.True(finding > 0 && finding < kind);
        Assert.Contains("\n->       4d 8b 2c 24 ", text, StringComparison.Ordinal);
        Assert.Contains("  R12      6b6b6b6b6b6b6b6b  POISON_FREE\n", text, StringComparison.Ordinal);
        Assert.Contains("  ? f_dupfd+0x47/0x60\n    ", text.Replace("  ? do_fcntl", "    ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\nentered     from user mode at 0x47b7a0, system call write (1)\n", text, StringComparison.Ordinal);
        Assert.Contains("E an unsigned module was loaded", text.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void AReportWithoutACauseSaysSoAndDecodes()
    {
        string text = Text(Explain(Fixtures.Text("crash-reports/kcfi-6.12/lkdtm_WARNING_MESSAGE.txt")));
        Assert.Contains(ExplanationText.NoRule, text, StringComparison.Ordinal);
        Assert.Contains("drivers/misc/lkdtm/bugs.c:117", text, StringComparison.Ordinal);
        Assert.Contains("    vfs_write+0xf6/0x240\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ATextWithoutAReportSaysSo() =>
        Assert.Equal("report.txt: no crash report in 6 lines\n", Text(Explain(Fixtures.Text("crash-reports/kcfi-6.12/lkdtm_SLAB_LINEAR_OVERFLOW.txt"))));

    [Fact]
    public void EveryFixturesJsonParsesAndHasTheDocumentedMembers()
    {
        foreach (string name in Fixtures.AllTexts)
        {
            using MemoryStream stream = new();
            ExplanationJson.Write(stream, Explain(Fixtures.Text(name)));
            JsonElement root = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement;
            Assert.Equal(ExplanationJson.Version, root.GetProperty("version").GetInt32());
            foreach (JsonElement report in root.GetProperty("reports").EnumerateArray())
            {
                foreach (string member in (string[])["findings", "kind", "title", "firstLine", "lastLine", "registers", "trace", "modules", "dumps"])
                    Assert.True(report.TryGetProperty(member, out _), $"{name}: {member}");
            }
        }
    }

    [Fact]
    public void ThePageNeedsNothingElseAndEscapesTheReport()
    {
        string text = Fixtures.Text("crash-reports/debian-6.1/null_write.txt")
            .Replace("Comm: init", "Comm: <script>x\" ", StringComparison.Ordinal)
            .Replace("wr.cold", "<img src=x>", StringComparison.Ordinal);
        string page = Html(Explain(text));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;x&quot;", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        Assert.Contains("<tr class=\"marked\"><td>&rarr;</td>", page, StringComparison.Ordinal);
        Assert.Contains("class=\"v-stack\"", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("class=\"finding", StringComparison.Ordinal) < page.IndexOf("What the report says", StringComparison.Ordinal));
    }
}
