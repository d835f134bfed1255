using Faultline.Explain.Findings;
using Faultline.Explain.Values;

namespace Faultline.Explain.Tests.Values;

public sealed class ValueClassifierTests
{
    /// <summary>Of an oops of a 6.1 kernel with randomised areas.</summary>
    private static readonly ValueContext _moved = new() { StackPointer = 0xffffd35b405abc48, PerCpuBase = 0xffff8a2e1f400000, FiveLevelPaging = false };

    /// <summary>Of an oops of a 6.16 kernel with five levels of page tables.</summary>
    private static readonly ValueContext _five = new() { StackPointer = 0xff422e64c03bfce0, PerCpuBase = 0xff2413abff95a000, FiveLevelPaging = true };

    private static readonly ValueContext _ia64 = new() { Architecture = ValueArchitecture.Ia64, StackPointer = 0xe00000010f2d5880 };

    [Theory]
    [InlineData(0UL, "Zero")]
    [InlineData(0x338UL, "Number")]
    [InlineData(0x26e7ba60UL, "Number")]
    [InlineData(0xffffffffffffffea, "ErrorPointer")]
    [InlineData(0x00000000ffffffea, "ErrorPointer")]
    [InlineData(0xfffffffffffff123, "Number")] // -3805: no error has that number
    [InlineData(0x6b6b6b6b6b6b6b6b, "Poison")]
    [InlineData(0xdead000000000158, "Poison")]
    [InlineData(0x0074707572726f63, "Ascii")]
    [InlineData(0x00007ffc38738148, "User")]
    [InlineData(0x0000560f4233b1c8, "User")]
    [InlineData(0xffff8a2e01ca1600, "DirectMap")]
    [InlineData(0xffffd35b405abd70, "Stack")]
    [InlineData(0xffffd35b40271000, "Vmalloc")]
    [InlineData(0xffffffffbc0d2328, "KernelText")]
    [InlineData(0xffffffffc02a41f0, "Module")]
    [InlineData(0xfffffe7cf8d65000, "KernelOther")]
    [InlineData(0xffffffffff5fb000, "KernelOther")]
    [InlineData(0xfffffffff8d65000, "Module")]
    [InlineData(0xffffffffffe00000, "SignExtended")]
    [InlineData(0xc0000000ffffefff, "NonCanonical")]
    [InlineData(0xfe70ae946582f208, "NonCanonical")]
    [InlineData(0x2222222222222222, "Poison")]
    [InlineData(0x3737373737373737, "Unknown")]
    public void FourLevels(ulong value, string expected) => Assert.Equal(expected, ValueClassifier.Read(value, _moved).Class.ToString());

    [Theory]
    [InlineData(0xff2413ab81e95710, "DirectMap")]
    [InlineData(0xff422e64c03bfce0, "Stack")]
    [InlineData(0xff422e64c0000000, "Vmalloc")]
    [InlineData(0xffffffff9d28d270, "KernelText")]
    [InlineData(0x00fc43bee46a0000, "User")]
    [InlineData(0x0100000000000000, "NonCanonical")]
    public void FiveLevels(ulong value, string expected) => Assert.Equal(expected, ValueClassifier.Read(value, _five).Class.ToString());

    [Theory]
    [InlineData(0xa00000010008d1b0, "KernelText")]
    [InlineData(0xa000000200034004, "Vmalloc")]
    [InlineData(0xe00000010e6dfe80, "DirectMap")]
    [InlineData(0xe00000010f2d58c0, "Stack")]
    [InlineData(0x2000000800122590, "User")]
    [InlineData(0xaaaaaaaaaaaaaab2, "Poison")]
    [InlineData(0x338UL, "Number")]
    public void Itanium(ulong value, string expected) => Assert.Equal(expected, ValueClassifier.Read(value, _ia64).Class.ToString());

    [Fact]
    public void WhatNothingPlacesIsSaidToBePossibleOnly()
    {
        Assert.Equal(Confidence.Possible, ValueClassifier.Read(0xffffa02e01ca1600, ValueContext.Unknown).Confidence);
        Assert.Equal(Confidence.Likely, ValueClassifier.Read(0xffff8a2e01ca1600, _moved).Confidence);
        Assert.Equal(Confidence.Certain, ValueClassifier.Read(0xc0000000ffffefff, _moved).Confidence);
    }

    [Fact]
    public void ASymbolNamesACodeAddress()
    {
        ValueContext context = _moved with { KernelOffset = 0x3b000000, Symbol = static v => v == 0xffffffffbc0d2328 ? "some_function+0x8" : null };
        ClassifiedValue known = ValueClassifier.Read(0xffffffffbc0d2328, context);
        Assert.Equal((ValueClass.KernelText, "some_function+0x8", Confidence.Certain), (known.Class, known.Text, known.Confidence));
        Assert.Equal("kernel image, linked at ffffffff810d2330", ValueClassifier.Read(0xffffffffbc0d2330, context).Text);
    }

    [Fact]
    public void ErrorsHaveTheirNames()
    {
        Assert.StartsWith("-EINVAL (-22", ValueClassifier.Read(0xffffffffffffffea, _moved).Text, StringComparison.Ordinal);
        Assert.StartsWith("-ENOSYS (-38", ValueClassifier.Read(0xffffffffffffffda, _moved).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryValueIsReadWithoutAnError()
    {
        Random random = new(1);
        for (int i = 0; i < 100_000; i++)
        {
            ulong value = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            foreach (ValueContext context in (ValueContext[])[ValueContext.Unknown, _moved, _five, _ia64])
                Assert.NotNull(ValueClassifier.Read(value, context).Text);
        }
    }
}
