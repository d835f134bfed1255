using Faultline.Elf.Headers;
using Faultline.Elf.Layout;
using Faultline.Elf.Sources;
using Faultline.Elf.Tests.Support;

namespace Faultline.Elf.Tests.Layout;

/// <summary>How policies differ on hosts with larger pages; addresses and alignments are those of a program that failed on such a host.</summary>
public sealed class LoadPolicyTests
{
    private const ulong Page16 = 0x4000;

    private static readonly LoadPolicyKind[] _sound = [LoadPolicyKind.Linux, LoadPolicyKind.GuestPage, LoadPolicyKind.HostPageUnlessOverlap];

    [Fact]
    public void OverlapFallsBackToTheGuestsPage()
    {
        ElfImageLayout layout = Layout(CaseProgram());
        Assert.Equal(0x60ed000UL, LoadPlan.StartOf(layout.Segments, 2, new LoadPolicy(LoadPolicyKind.HostPageUnlessOverlap, Page16)));
        Assert.Equal(0x60ec000UL, LoadPlan.StartOf(layout.Segments, 2, new LoadPolicy(LoadPolicyKind.HostPage, Page16)));
        Assert.Equal(
            Plan(layout, LoadPolicyKind.GuestPage, Page16),
            Plan(layout, LoadPolicyKind.HostPageUnlessOverlap, Page16));
    }

    [Fact]
    public void AnAlignedSegmentThatMeetsNoOtherKeepsTheHostsPage()
    {
        ElfImageLayout layout = Layout(new ElfBuilder { MinimumLength = 0x20000 }
            .Segment(SegmentType.PT_LOAD, 5, 0, 0x400000, 0x1800, 0x1800)
            .Segment(SegmentType.PT_LOAD, 6, 0x91a0, 0x4091a0, 0x100, 0x100, 0x4000));
        List<LoadStep> steps = Plan(layout, LoadPolicyKind.HostPageUnlessOverlap, Page16);
        Assert.Contains(new LoadStep(LoadStepKind.MapFile, 0x408000, 0x1000, 0x8000, LoadProtection.PROT_READ | LoadProtection.PROT_WRITE, 1) { IsWidening = true }, steps);
        Assert.Equal(Plan(layout, LoadPolicyKind.HostPage, Page16), steps);
        Assert.Empty(History(new ElfBuilder { MinimumLength = 0x20000 }
            .Segment(SegmentType.PT_LOAD, 5, 0, 0x400000, 0x1800, 0x1800)
            .Segment(SegmentType.PT_LOAD, 6, 0x91a0, 0x4091a0, 0x100, 0x100, 0x4000), LoadPolicyKind.HostPage, Page16).FindDamage());
    }

    [Theory]
    [InlineData(0x1000, 0x4000, 0x60ed000)]
    [InlineData(0x4000, 0x1_0000, 0x60ed000)]
    [InlineData(0x4000, 0x4000, 0x60ec000)]
    [InlineData(0x1_0000, 0x4000, 0x60ec000)]
    [InlineData(0x6000, 0x4000, 0x60ed000)] // not a multiple
    [InlineData(0, 0x4000, 0x60ed000)]
    public void ASmallAlignmentUsesTheGuestsPage(ulong alignment, ulong hostPage, ulong start) =>
        Assert.Equal(start, LoadPlan.StartOf(Layout(CaseProgram(alignment)).Segments, 2, new LoadPolicy(LoadPolicyKind.HostPage, hostPage)));

    [Fact]
    public void TheBrokenPolicyZeroesTheEndOfTheCode()
    {
        LoadHistory history = History(CaseProgram(), LoadPolicyKind.HostPage, Page16);
        LoadDamage damage = Assert.Single(history.FindDamage());
        Assert.Equal((0x60ec000UL, 0x60ec1a0UL, 0x1a0UL), (damage.From, damage.To, damage.Differing));
        Assert.Equal((1, 2, true), (damage.Segment.Index, damage.Step.SegmentIndex, damage.Step.IsWidening));
        Assert.Equal(0x21000UL + 0x1000, damage.FileOffset);
        Assert.All(damage.Before, b => Assert.Equal(0xcc, b));
        Assert.All(damage.After, b => Assert.Equal(0, b));
        // A page of the host has the rights of both.
        Assert.Equal(LoadProtection.PROT_READ | LoadProtection.PROT_WRITE | LoadProtection.PROT_EXEC, damage.Step.Protection);

        AddressHistory address = history.Explain(0x60ec120);
        Assert.True(address.IsDestroyed);
        Assert.Equal([1, 2], address.Writers.Select(writer => writer.Step.SegmentIndex));
        Assert.Equal((0xcc, 0), (address.Writers[0].Left[0], address.Writers[1].Left[0]));
        Assert.Equal(0x22120UL, address.FileOffset);
        Assert.Contains(LoadText.Describe(address, history.Policy, 0, null), line => line.Contains("0x60ec000-0x60ed000 rwx from offset 0x23000 for segment 2, widened", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0x1000)]
    [InlineData(0x4000)]
    [InlineData(0x1_0000)]
    public void TheSoundOnesDestroyNothing(ulong hostPage)
    {
        foreach (LoadPolicyKind kind in _sound)
        {
            LoadHistory history = History(CaseProgram(0x10000), kind, hostPage);
            Assert.Empty(history.FindDamage());
            Assert.False(history.Explain(0x60ec120).IsDestroyed);
        }
    }

    [Fact]
    public void WithPagesOf4KibAllAgree()
    {
        ElfImageLayout layout = Layout(CaseProgram(0x1_0000));
        foreach (LoadPolicyKind kind in Enum.GetValues<LoadPolicyKind>())
        {
            Assert.Equal(LoadPlan.ForLinux(layout), Plan(layout, kind, ElfPage.Size));
        }
    }

    [Fact]
    public void NamesAreRead()
    {
        foreach (LoadPolicyKind kind in Enum.GetValues<LoadPolicyKind>())
        {
            Assert.True(LoadPolicy.TryParse(new LoadPolicy(kind, Page16).Name, out LoadPolicyKind read));
            Assert.Equal(kind, read);
        }

        Assert.False(LoadPolicy.TryParse("page", out _));
    }

    // What other loaders do, as docs/design/loaders.md tells it.

    /// <summary>QEMU's user mode up to 8.2, and LATX before its fix: p_align alone decides.</summary>
    [Fact]
    public void QemuUpTo8AndLatxBeforeItsFixGoByTheAlignmentAlone()
    {
        Assert.NotEmpty(History(CaseProgram(0x4000), LoadPolicyKind.HostPage, Page16).FindDamage());
        Assert.Empty(History(CaseProgram(0x1000), LoadPolicyKind.HostPage, Page16).FindDamage());
        Assert.Empty(History(CaseProgram(0x4000), LoadPolicyKind.HostPage, 0x1_0000).FindDamage());
    }

    /// <summary>LATX after its fix.</summary>
    [Fact]
    public void LatxAfterItsFixLooksForOtherSegments() => Assert.Empty(History(CaseProgram(0x4000), LoadPolicyKind.HostPageUnlessOverlap, Page16).FindDamage());

    /// <summary>QEMU's user mode from 9.0 on, and box64 once it copies into pages that it has mapped.</summary>
    [Fact]
    public void QemuFrom9OnUsesTheGuestsPages() => Assert.Empty(History(CaseProgram(0x1_0000), LoadPolicyKind.GuestPage, Page16).FindDamage());

    /// <summary>box64 between the two: a shared page is replaced by a fresh one, whatever p_align says.</summary>
    [Theory]
    [InlineData(0x1000)]
    [InlineData(0x4000)]
    public void Box64OnceReplacedSharedPages(ulong alignment)
    {
        LoadDamage damage = Assert.Single(History(CaseProgram(alignment), LoadPolicyKind.HostPageBlank, Page16).FindDamage());
        Assert.Equal((0x60ec000UL, 0x60ec1a0UL), (damage.From, damage.To));
        Assert.Equal(LoadStepKind.MapZero, damage.Step.Kind);
    }

    /// <summary>Read-only, code up to 0x60ec1a0, data from 0x60ed1a0; between the two the file is padded with zeros, as lld does.</summary>
    private static ElfBuilder CaseProgram(ulong alignment = 0x4000) => new ElfBuilder { MinimumLength = 0x26000 }
        .Segment(SegmentType.PT_LOAD, 4, 0, 0x6000000, 0x800, 0x800)
        .Segment(SegmentType.PT_LOAD, 5, 0x21400, 0x60eb400, 0xda0, 0xda0)
        .Segment(SegmentType.PT_LOAD, 6, 0x241a0, 0x60ed1a0, 0x200, 0x3000, alignment)
        .Bytes(0x21400, [.. Enumerable.Repeat((byte)0xcc, 0xda0)])
        .Bytes(0x241a0, [.. Enumerable.Repeat((byte)0xdd, 0x200)]);

    private static List<LoadStep> Plan(ElfImageLayout layout, LoadPolicyKind kind, ulong hostPage) => LoadPlan.Create(layout, new LoadPolicy(kind, hostPage));

    private static ElfImageLayout Layout(ElfBuilder builder) => Open(builder).Layout;

    private static LoadHistory History(ElfBuilder builder, LoadPolicyKind kind, ulong hostPage)
    {
        (ElfFile file, ElfImageLayout layout) = Open(builder);
        return new LoadHistory(file, layout, new LoadPolicy(kind, hostPage));
    }

    private static (ElfFile File, ElfImageLayout Layout) Open(ElfBuilder builder)
    {
        ElfFile? file = ElfFile.Open(new MemoryElfSource(builder.Build()), ElfRole.Program, out ElfError error);
        Assert.True(file is not null, error.ToString());
        ElfImageLayout? layout = ElfImageLayout.Create(file, ElfRole.Program, out error);
        Assert.True(layout is not null, error.ToString());
        return (file, layout);
    }
}
