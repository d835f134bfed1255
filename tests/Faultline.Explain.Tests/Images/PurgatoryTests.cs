using Faultline.Elf.Relocations;
using Faultline.Explain.Findings;
using Faultline.Explain.Images;
using Faultline.Explain.Images.Objects;

namespace Faultline.Explain.Tests.Images;

/// <summary>Purgatories of our own, built by the compilers that disagree about the large code model.</summary>
public sealed class PurgatoryTests
{
    private const ulong High = 0x2_bfff_b000;
    private const string Large = "-fno-pic -mcmodel=large";

    [ToolFact("clang-19", "ld")]
    public void Clang19SplitsTextAndTheKernelWarns()
    {
        using Scratch scratch = new();
        PurgatoryLoad load = Load(scratch.Purgatory("clang-19", Large), High);
        Assert.Equal([".text", ".ltext"], load.EntryCandidates.Select(section => section.Name));
        Assert.Contains(load.Sections, section => section.Name == ".lrodata");
        Assert.Equal("large", load.CodeModel.Model);
        Assert.True(load.CodeModel.HasLargeText);
        Assert.StartsWith("Clang 19", load.CodeModel.Compiler, StringComparison.Ordinal);
        Assert.Equal(High, load.Start);
        Assert.False(load.Fails);
        Finding finding = Assert.Single(PurgatoryFindings.Of(load));
        Assert.Equal("kexec-several-text-sections", finding.Id);
        Assert.Contains(finding.WhatToDo, step => step.Contains(".ltext.*", StringComparison.Ordinal));
    }

    [ToolTheory("clang-14", "ld")]
    [InlineData("clang-14")]
    public void Clang14HasOneTextSection(string compiler) => HasOneTextSection(compiler);

    [ToolTheory("gcc", "ld")]
    [InlineData("gcc")]
    public void GccHasOneTextSection(string compiler) => HasOneTextSection(compiler);

    [ToolTheory("clang-14", "clang-19", "gcc", "ld")]
    [InlineData("clang-14")]
    [InlineData("clang-19")]
    [InlineData("gcc")]
    public void PositionIndependentWithHiddenVisibilityLoadsAnywhere(string compiler)
    {
        using Scratch scratch = new();
        PurgatoryLoad load = Load(scratch.Purgatory(compiler, "-mcmodel=small -fpic -fvisibility=hidden"), High);
        Assert.Empty(PurgatoryFindings.Of(load));
        Assert.False(load.Fails);
        Assert.Equal("small, position-independent", load.CodeModel.Model);
    }

    [ToolFact("gcc", "ld")]
    public void DefaultVisibilityNeedsATableThatKexecHasNot()
    {
        using Scratch scratch = new();
        PurgatoryLoad load = Load(scratch.Purgatory("gcc", "-mcmodel=small -fpic"), High);
        Assert.Equal("ENOEXEC", load.KernelError);
        Assert.StartsWith("kexec: Unknown rela relocation: ", Assert.Single(load.KernelMessages), StringComparison.Ordinal);
        Finding finding = Assert.Single(PurgatoryFindings.Of(load));
        Assert.Equal("kexec-unknown-relocation", finding.Id);
        Assert.Contains("hidden visibility", finding.WhatToDo[0], StringComparison.Ordinal);
    }

    [ToolFact("clang-14", "ld")]
    public void EveryOverflowIsReportedAndOnlyAboveTheLimit()
    {
        using Scratch scratch = new();
        string file = scratch.Purgatory("clang-14", Large, "low.S");
        PurgatoryLoad load = Load(file, High);
        Assert.Equal(2, load.Faults.Count(fault => fault.Type == RelocationType.R_X86_64_32));
        CheckedRelocation last = load.Faults[^1];
        Assert.Equal(RelocationType.R_X86_64_32S, last.Type);
        Assert.Equal(3, load.Faults.Count);
        PlacedSection regions = load.Sections.Single(section => section.Name == ".kexec-purgatory");
        Assert.Equal($"kexec: Overflow in relocation type 10 value 0x{load.Faults[0].Value:x}", Assert.Single(load.KernelMessages));
        Assert.InRange(load.Faults[0].Value, regions.Address, regions.Address + regions.Size);
        Assert.Equal("kexec-relocation-overflow", PurgatoryFindings.Of(load)[0].Id);

        ulong highest = Assert.NotNull(load.HighestAddress);
        Assert.Empty(Load(file, highest).Faults);
        Assert.NotEmpty(Load(file, highest + 0x1000).Faults);
    }

    [ToolFact("gcc", "ld")]
    public void WhatIsNoPurgatoryIsRefused()
    {
        using ImageFile image = Scratch.Open(typeof(object).Assembly.Location is { Length: > 0 } && File.Exists("/bin/true") ? "/bin/true" : "/bin/sh");
        Assert.Null(PurgatoryLoader.Load(image, null, out string problem));
        Assert.Contains("not a relocatable object", problem, StringComparison.Ordinal);
    }

    [ToolFact("gcc", "ld")]
    public void SymbolsThatTheKernelSetsAreMissed()
    {
        using Scratch scratch = new();
        Elf.Tests.Support.HostTool.Run("gcc", "-c", Scratch.Source("low.S"), "-o", scratch["low.o"]);
        PurgatoryLoad load = Load(scratch["low.o"], 0x10000);
        Assert.Contains("kexec: Undefined symbol: purgatory_sha_regions", load.KernelMessages);
        Assert.Equal(4, load.SymbolProblems.Count);
    }

    private static void HasOneTextSection(string compiler)
    {
        using Scratch scratch = new();
        PurgatoryLoad load = Load(scratch.Purgatory(compiler, Large), High);
        Assert.Equal([".text"], load.EntryCandidates.Select(section => section.Name));
        Assert.Equal("large", load.CodeModel.Model);
        Assert.False(load.CodeModel.HasLargeText);
        Assert.Empty(PurgatoryFindings.Of(load));
    }

    private static PurgatoryLoad Load(string file, ulong at)
    {
        using ImageFile image = Scratch.Open(file);
        PurgatoryLoad? load = PurgatoryLoader.Load(image, at, out string problem);
        Assert.True(load is not null, problem);
        return load;
    }
}
