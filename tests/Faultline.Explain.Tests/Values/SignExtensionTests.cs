using Faultline.Explain.Values;

namespace Faultline.Explain.Tests.Values;

public sealed class SignExtensionTests
{
    [Theory]
    [InlineData(0xfffffffff8d65000, 0xfffffe7cf8d65000, true)] // a TSS base put together from a descriptor's fields
    [InlineData(0xfffffffff8d65000, 0x00000000f8d65000, true)] // the 32 bits before they were widened
    [InlineData(0xfffffe7cf8d65000, 0xfffffffff8d65000, false)] // the other way round
    [InlineData(0xfffffffff8d65000, 0xfffffffff8d65000, false)]
    [InlineData(0xfffffffff8d65000, 0xfffffe7cf8d65008, false)]
    [InlineData(0xffffffff78d65000, 0xfffffe7c78d65000, false)] // bit 31 is clear: no sign to extend
    public void APairHasTheSameLowerHalf(ulong bad, ulong good, bool isPair) => Assert.Equal(isPair, SignExtension.IsPair(bad, good));

    [Theory]
    [InlineData(0xfffffffff8d65000, true)]
    [InlineData(0xffffffff81000000, true)] // a kernel address is one, too: alone it says nothing
    [InlineData(0xffffffffffffffea, false)] // -EINVAL
    [InlineData(0xffffffff00000000, false)]
    public void SmallNegativeNumbersHaveNoPlausibleHalf(ulong value, bool plausible) =>
        Assert.Equal(plausible, SignExtension.HasPlausibleHalf(value));
}
