using Faultline.Explain.Values;

namespace Faultline.Explain.Tests.Values;

public sealed class PoisonTests
{
    [Theory]
    [InlineData(0xaaaaaaaaaaaaaab2, "PAGE_POISON + 0x8")]
    [InlineData(0xaaaaaaaaaaaaaaaa, "PAGE_POISON")]
    [InlineData(0xaaaaaaaaaaaaaa9a, "PAGE_POISON - 0x10")]
    [InlineData(0x6b6b6b6b6b6b6b6b, "POISON_FREE")]
    [InlineData(0x6b6b6b6b6b6b6bcb, "POISON_FREE + 0x60")]
    [InlineData(0x5a5a5a5a5a5a5a72, "POISON_INUSE + 0x18")]
    [InlineData(0xa5a5a5a5a5a5a5a5, "POISON_END")]
    [InlineData(0xbbbbbbbbbbbbbbbb, "SLUB_RED_INACTIVE")]
    [InlineData(0xcccccccccccccccc, "SLUB_RED_ACTIVE")]
    [InlineData(0xdead000000000100, "LIST_POISON1")]
    [InlineData(0xdead000000000108, "LIST_POISON1 + 0x8")]
    [InlineData(0xdead000000000122, "LIST_POISON2")]
    [InlineData(0xdead000000000158, "LIST_POISON2 + 0x36")]
    [InlineData(0xdead0000000000f8, "LIST_POISON1 - 0x8")]
    [InlineData(0xdead000000000300, "TIMER_ENTRY_STATIC")]
    [InlineData(0x0000000057ac6e9d, "STACK_END_MAGIC")]
    [InlineData(0x00000000aaaaaaaa, "PAGE_POISON")]
    [InlineData(0x00000000deadbeef, "0xdeadbeef")]
    [InlineData(0x00000000deaf1eed, "RWLOCK_MAGIC")]
    [InlineData(0xffffffffffff4111, "STACKLEAK_POISON")]
    public void PatternsAreNamedWithTheirOffset(ulong value, string name)
    {
        Assert.True(Poison.TryMatch(value, out PoisonMatch match));
        Assert.Equal(name, match.Describe());
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(0xaaaaaaaaaaaabab2)] // past the largest member
    [InlineData(0xffff8b6b6b6b6b6b)] // a pointer whose lower bytes happen to be 6b
    [InlineData(0x6b6b6b6b00000000)]
    [InlineData(0x00006b6b6b6b6b6b)]
    [InlineData(0xdead4ead00000001)]
    [InlineData(0xdeae000000000100)]
    [InlineData(0x000000000000005a)]
    [InlineData(0x00000000aaaaaab2)] // half a register and an offset: too little to go by
    [InlineData(0xfefefefefefefeff)] // a constant of strlen
    [InlineData(0x1999999999999999)] // strtoul's limit, seen in real registers
    public void OtherValuesAreNone(ulong value) => Assert.False(Poison.TryMatch(value, out _));

    [Fact]
    public void OnlyWholeRegistersOfCommonPatternsSpeakAlone()
    {
        Assert.True(Match(0x6b6b6b6b6b6b6b6b).IsStrong);
        Assert.True(Match(0xdead000000000122).IsStrong);
        Assert.False(Match(0x00000000aaaaaaaa).IsStrong);
        Assert.False(Match(0x0000000057ac6e9d).IsStrong);
        Assert.False(Match(0x1111111111111111).IsStrong);
    }

    [Fact]
    public void NoTwoPatternsOfOneWidthAreEqual() =>
        Assert.Equal(Poison.Patterns.Count, Poison.Patterns.Select(p => (p.Width, p.Base)).Distinct().Count());

    private static PoisonMatch Match(ulong value)
    {
        Assert.True(Poison.TryMatch(value, out PoisonMatch match));
        return match;
    }
}
