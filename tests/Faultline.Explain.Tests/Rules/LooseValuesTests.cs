using Faultline.Explain.Findings;
using Faultline.Explain.Reports;
using Faultline.Explain.Rules;

namespace Faultline.Explain.Tests.Rules;

public sealed class LooseValuesTests
{
    [Theory]
    [InlineData("base0 = 0x5000", "base0", 0x5000)]
    [InlineData("HOST_TR_BASE: 0xfffffffff8d65000", "HOST_TR_BASE", 0xfffffffff8d65000)]
    [InlineData("  the base:   0x10, and more", "the base", 0x10)]
    [InlineData("fn: args[3]: 0xbad", "args", 0xbad)]
    [InlineData("a=0x1;", "a", 1)]
    public void NamedValuesAreRead(string line, string name, ulong value)
    {
        NamedValue read = Assert.Single(LooseValues.Read([new ReportLine(7, line)]));
        Assert.Equal((name, value, 7), (read.Name, read.Value, read.Line));
    }

    [Theory]
    [InlineData("vfs_read+0x2c8/0x2f0")]
    [InlineData("relocation range: 0xffffffff80000000-0xffffffffbfffffff")]
    [InlineData("value 0x2bfffb7f0")]
    [InlineData("a: 0x")]
    [InlineData("a: 0x12345678123456781")]
    [InlineData(": 0x1")]
    [InlineData("x[y]: 0x1")]
    public void OtherNumbersAreNot(string line) => Assert.Empty(LooseValues.Read([new ReportLine(1, line)]));

    [Fact]
    public void ADescriptorsBaseThatWasSignExtendedIsExplained()
    {
        Finding finding = Assert.Single(Evaluate("base0 = 0x5000", "base1 = 0xd6", "base2 = 0xf8", "base3 = 0xfffffe7c", "got: 0xfffffffff8d65000"));
        Assert.Equal(("sign-extended-descriptor", Confidence.Certain), (finding.Id, finding.Confidence));
        Assert.Contains("0xfffffe7cf8d65000", finding.Observed, StringComparison.Ordinal);
        Assert.Contains("promoted to int", finding.Cause, StringComparison.Ordinal);
        Assert.Contains(finding.Evidence, e => e.Line == 5);
    }

    [Fact]
    public void TwoValuesAloneAreExplainedToo()
    {
        Finding finding = Assert.Single(Evaluate("expected: 0xfffffe7cf8d65000", "actual: 0xfffffffff8d65000"));
        Assert.Equal(("sign-extension", Confidence.Likely), (finding.Id, finding.Confidence));
    }

    [Theory]
    [InlineData("base0 = 0x5000|base1 = 0xd6|base2 = 0x78|base3 = 0xfffffe7c|got: 0xfffffe7c78d65000")] // bit 7 of base2 is clear
    [InlineData("a: 0xfffffe7cf8d65000|b: 0xfffffe7cf8d65008")]
    [InlineData("a: 0xffffffff81234560|b: 0x81234560")] // a kernel address and its lower half
    [InlineData("a: 0xffffffffffffffea|b: 0x7fffffffffffffea")] // -EINVAL
    [InlineData("a: 0xffffffff81234560|b: 0x1234567881234560")] // not an address
    public void ValuesWithoutThatRelationAreNot(string lines) => Assert.Empty(Evaluate(lines.Split('|')));

    [Fact]
    public void TheFieldsAloneArePossibleOnly() =>
        Assert.Equal(Confidence.Possible, Assert.Single(Evaluate("base0 = 0x5000", "base1 = 0xd6", "base2 = 0xf8", "base3 = 0xfffffe7c")).Confidence);

    private static IReadOnlyList<Finding> Evaluate(params string[] lines) =>
        RuleRegistry.EvaluateText([.. lines.Select((text, i) => new ReportLine(i + 1, text))], []);
}
