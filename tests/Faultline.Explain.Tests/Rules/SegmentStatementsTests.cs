using Faultline.Explain.Findings;
using Faultline.Explain.Reports;
using Faultline.Explain.Rules;

namespace Faultline.Explain.Tests.Rules;

public sealed class SegmentStatementsTests
{
    [Theory]
    [InlineData("  LOAD           0x5eeb1a0 0x00000000060ed1a0 0x00000000060ed1a0 0x0a3e60 0x0b2000 RW  0x4000", "PT_LOAD (RW) 0x60ed1a0-0x619f1a0, p_align 0x4000")]
    [InlineData("  LOAD 0x5eeb1a0 0x60ed1a0 0x60ed1a0|       0x0a3e60 0x0b2000  R E    0x4000", "PT_LOAD (RX) 0x60ed1a0-0x619f1a0, p_align 0x4000")]
    [InlineData("    LOAD off    0x1000 vaddr 0x401000 paddr 0x401000 align 2**12|         filesz 0x195 memsz 0x195 flags r-x", "PT_LOAD (RX) 0x401000-0x401195, p_align 0x1000")]
    [InlineData("PT_LOAD (R E) ending at 0x60ec1a0", "PT_LOAD (RX) up to 0x60ec1a0")]
    [InlineData("PT_LOAD(RW) starting at0x60ed1a0From there on", "PT_LOAD (RW) from 0x60ed1a0")]
    [InlineData("the RX segment ends at 0x60ec1a0", "PT_LOAD (RX) up to 0x60ec1a0")]
    [InlineData("a later writable PT_LOAD from 0x1000 to 0x2000", "PT_LOAD (RW) 0x1000-0x2000")]
    [InlineData("LOAD 0x1000-0x2000 RW", "PT_LOAD (RW) 0x1000-0x2000")]
    [InlineData("the RW segment starts at 0x60ed1a0. Elsewhere the text says|p_align = 0x4000", "PT_LOAD (RW) from 0x60ed1a0, p_align 0x4000")]
    [InlineData("PT_LOAD (RW) starts at 0x3000, p_align is 16384", "PT_LOAD (RW) from 0x3000, p_align 0x4000")]
    public void StatementsAreRead(string text, string expected) => Assert.Equal(expected, Assert.Single(SegmentStatements.Read(Lines(text))).Describe());

    [Theory]
    [InlineData("the load was 0x1000 at the start")]
    [InlineData("PT_LOAD alone")]
    [InlineData("it overlaps another PT_LOAD. 0x1000 is the start")]
    [InlineData("  NOTE 0x2a8 0x2002a8 0x2002a8 0x20 0x20 R 0x4")]
    [InlineData("the stack segment starts at 0x1000")]
    public void OtherTextIsNone(string text) => Assert.Empty(SegmentStatements.Read(Lines(text)));

    [Theory]
    [InlineData("RX segment ends at 0x60ec1a0|RW segment starts at 0x60ed1a0", "0x60ec000 to 0x60ec1a0", "16 KiB")]
    [InlineData("RX segment ends at 0x60ebfa0|RW segment starts at 0x60ef1a0", "0x60e0000 to 0x60ebfa0", "64 KiB")]
    public void TheDestroyedBytesAreNamed(string text, string range, string size)
    {
        Finding finding = Assert.Single(RuleRegistry.EvaluateText(Lines(text), []));
        Assert.Equal(("segments-share-host-page", Confidence.Possible), (finding.Id, finding.Confidence));
        Assert.Contains(range, finding.Cause, StringComparison.Ordinal);
        Assert.Contains(size, finding.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RX segment ends at 0x60ec1a0|RW segment starts at 0x60ed1a0, p_align 0x1000")] // no loader that goes by p_align widens it
    [InlineData("RX segment ends at 0x60ec1a0|RW segment starts at 0x60ec9a0")] // one page at 4 KiB too
    [InlineData("RX segment ends at 0x60ec1a0|RW segment starts at 0x610d1a0")]
    [InlineData("RX segment ends at 0x60ed1a0|RW segment starts at 0x60ec1a0")]
    [InlineData("LOAD 0x1000 0x401000 0x401000 0x1a0 0x1a0 R E 0x4000|LOAD 0x2200 0x402200 0x402200 0x10 0x10 RW 0x4000")] // the same bytes of the file
    public void SegmentsThatAreNotInDangerAreNotNamed(string text) => Assert.Empty(RuleRegistry.EvaluateText(Lines(text), []));

    [Theory]
    [InlineData("it dies of SIGSEGV at 00 00, add [rax], al", true)]
    [InlineData("=> 0x401000 <main+4>:\tadd    %al,(%rax)", true)]
    [InlineData("zeros are shown as add %al,(%rax)", false)]
    [InlineData("SIGSEGV|  401000:\t00 00\tadd    %al,(%rax)", false)]
    [InlineData("SIGSEGV at add [rax], al", false)]
    public void ZerosAreStatedOrNot(string text, bool expected) => Assert.Equal(expected, RuleRegistry.EvaluateText(Lines(text), []).Any(f => f.Id == "executing-zeros"));

    [Fact]
    public void TextsThatSayItInEveryLineTakeLittleTime()
    {
        string[] lines = ["zeros, 00 00, are shown as add [rax], al", ".align 16", "PT_LOAD (RX) ends at 0x60ec1a0", "PT_LOAD (RW) starts at 0x60ed1a0, p_align = 0x4000, 0x60ec0"];
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (string line in lines)
            RuleRegistry.EvaluateText([.. Enumerable.Range(1, 30_000).Select(i => new ReportLine(i, line))], []);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
        string assembly = string.Join('|', Enumerable.Repeat(".align 16", 200));
        Assert.Single(RuleRegistry.EvaluateText(Lines(assembly + "|RX segment ends at 0x60ec1a0|RW segment starts at 0x60ed1a0, p_align 0x4000"), []));
    }

    private static ReportLine[] Lines(string text) => [.. text.Split('|').Select((line, i) => new ReportLine(i + 1, line))];
}
