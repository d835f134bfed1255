using System.Text;
using Faultline.Elf.Sources;
using Faultline.Explain.Images;
using Faultline.Explain.Reports;
using Faultline.Explain.Values;

namespace Faultline.Explain.Tests.Values;

public sealed class ReportValuesTests
{
    private const string Map = """
        0000000000000000 A __per_cpu_start
        0000000001000000 A phys_startup_64
        ffffffff81000000 T _text
        ffffffff812ee8b0 t lkdtm_increment_int
        ffffffff812ee8cb t set_return_addr
        ffffffff81e00000 T _end
        """;

    [Fact]
    public void TheOffsetFollowsFromASymbolWhoseAddressIsPrintedToo()
    {
        ExplainContext context = Context("crash-reports/kcfi-6.12/lkdtm_CFI_FORWARD_PROTO.txt");
        Assert.Null(context.Report.KernelOffset);
        Assert.Equal(0x34600000UL, ReportValues.OffsetFromSymbols(context));
        ClassifiedValue target = Read(context, context.Report.Frame["R11"]!.Value);
        Assert.Equal((ValueClass.KernelText, "lkdtm_increment_int+0x0"), (target.Class, target.Text));
    }

    [Fact]
    public void WhatIsNotInTheImageHasNoSymbol()
    {
        ExplainContext context = Context("crash-reports/kcfi-6.12/lkdtm_CFI_FORWARD_PROTO.txt");
        foreach (string register in (string[])["RAX", "RCX", "RDX", "RSI", "RBP", "R10", "R12", "R15"])
            Assert.DoesNotContain("+0x", Read(context, context.Report.Frame[register]!.Value).Text.Replace("SP + 0x", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutSuchASymbolNothingIsLookedUp() => Assert.Null(ReportValues.OffsetFromSymbols(Context("crash-reports/debian-6.1/uaf.txt")));

    private static ExplainContext Context(string fixture)
    {
        CrashReport report = ReportFinder.Find(Fixtures.Text(fixture))[0];
        SystemMap? map = SystemMap.Open("System.map", new MemoryElfSource(Encoding.ASCII.GetBytes(Map)), out _);
        Assert.NotNull(map);
        return new ExplainContext { Report = report, Images = [map] };
    }

    private static ClassifiedValue Read(ExplainContext context, ulong value) => ValueClassifier.Instance.Classify(value, context);
}
