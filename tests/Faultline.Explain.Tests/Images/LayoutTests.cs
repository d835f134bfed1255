using Faultline.Elf.Tests.Support;
using Faultline.Explain.Findings;
using Faultline.Explain.Images;
using Faultline.Explain.Images.Layout;

namespace Faultline.Explain.Tests.Images;

/// <summary>Functions as kernels lay them out for boot-time patching, and as they should not.</summary>
public sealed class LayoutTests
{
    [ToolTheory("gcc")]
    [InlineData(false)]
    [InlineData(true)]
    public void PaddedFunctionsAreReady(bool isLinked)
    {
        using Scratch scratch = new();
        using ImageFile image = Build(scratch, isLinked);
        ImageLayoutReport report = Read(image);
        Assert.Equal(41, report.Functions.Count);
        Assert.Equal(40, report.CfiSymbols);
        Assert.Equal(40, report.WithHash);
        Assert.All(report.Functions.Where(f => f.CfiDistance is not null), f =>
            Assert.Equal((PreambleKind.HashThenPadding, 0x12345678u, true, 0UL), (f.Preamble, f.Hash, f.HasEndbr, f.Address % 16)));
        Assert.True(report.IsPadded);
        Assert.Equal((40, 40, 0), (report.PatchSites, report.GoodPatchSites, report.OrphanPatchSites));
        Assert.Empty(LayoutFindings.Of(image, report));
    }

    [ToolTheory("gcc")]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatPatchingWouldDamageIsFound(bool isLinked)
    {
        using Scratch scratch = new();
        using ImageFile image = Build(scratch, isLinked, "-DBROKEN");
        IReadOnlyList<Finding> findings = LayoutFindings.Of(image, Read(image));
        Assert.Equal(["layout-misaligned-function", "layout-short-preamble", "layout-missing-preamble", "layout-patch-site"], findings.Select(f => f.Id));
        Assert.Contains(findings[0].Evidence, evidence => evidence.Text.StartsWith("misaligned:", StringComparison.Ordinal));
        Evidence cut = Assert.Single(findings[1].Evidence);
        Assert.StartsWith("short: type hash 0x12345678 directly before it, the function before ends 5 bytes away", cut.Text, StringComparison.Ordinal);
        Assert.StartsWith("bare: no padding", Assert.Single(findings[2].Evidence).Text, StringComparison.Ordinal);
        Assert.Equal([0xb9, 1, 0, 0, 0], Assert.Single(findings[3].Evidence).Bytes.ToArray());
    }

    [ToolFact("clang-19")]
    public void ClangsOwnPreamblesAreRead()
    {
        using Scratch scratch = new();
        HostTool.Run("clang-19", "-O2", "-fsanitize=kcfi", "-fpatchable-function-entry=11,11", "-falign-functions=16", "-c", Scratch.Source("inlined.c"), "-o", scratch["a.o"]);
        using ImageFile image = Scratch.Open(scratch["a.o"]);
        ImageLayoutReport report = Read(image);
        FunctionLayout outer = report.Functions.Single(f => image.Elf.Symbols[f.Symbol].Name == "outer");
        Assert.Equal((PreambleKind.HashThenPadding, 11, 16UL, true), (outer.Preamble, outer.Padding, outer.CfiDistance, outer.HasRoom));
        Assert.True(report.PatchSites > 0);
        Assert.Equal(report.PatchSites, report.GoodPatchSites);
    }

    [ToolFact("gcc")]
    public void ImagesThatAreNotPatchedHaveNoFindings()
    {
        using Scratch scratch = new();
        HostTool.Run("gcc", "-O2", Scratch.Source("inlined.c"), "-o", scratch["program"]);
        using ImageFile image = Scratch.Open(scratch["program"]);
        Assert.Empty(LayoutFindings.Of(image, Read(image)));
        HostTool.Run("gcc", "-O2", "-s", Scratch.Source("inlined.c"), "-o", scratch["stripped"]);
        using ImageFile stripped = Scratch.Open(scratch["stripped"]);
        Assert.True(LayoutReader.Read(stripped, out string problem) is not null || problem.Contains("no symbols", StringComparison.Ordinal));
    }

    [VmlinuxFact]
    public void AKernelTakesSeconds()
    {
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        using ImageFile image = Scratch.Open(VmlinuxFactAttribute.Path!);
        ImageLayoutReport report = Read(image);
        Assert.InRange(report.Functions.Count, 10_000, 1_000_000);
        Assert.Equal(report.PatchSites, report.GoodPatchSites);
        Assert.Empty(LayoutFindings.Of(image, report));
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10);
    }

    private static ImageFile Build(Scratch scratch, bool isLinked, params string[] flags)
    {
        string output = scratch["padded"];
        HostTool.Run("gcc", [.. flags, Scratch.Source("padded.S"), "-o", output, .. isLinked ? ["-nostdlib", "-static"] : (string[])["-c"]]);
        return Scratch.Open(output);
    }

    private static ImageLayoutReport Read(ImageFile image)
    {
        ImageLayoutReport? report = LayoutReader.Read(image, out string problem);
        Assert.True(report is not null, problem);
        return report;
    }
}
