using FsCheck;
using FsCheck.Fluent;

namespace Faultline.Tests;

public sealed class GuestTextTests
{
    [Fact]
    public void EveryByteStringSurvivesTheWayThroughText() =>
        Prop.ForAll((byte[] bytes) => GuestText.ToBytes(GuestText.FromBytes(bytes)).AsSpan().SequenceEqual(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void EveryNameSurvivesTheWayThroughTheKernel() =>
        Prop.ForAll((byte[] bytes) =>
        {
            string text = GuestText.FromBytes(bytes);
            return GuestText.FromKernel(GuestText.ToKernel(text)) == text;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("plain", new byte[] { 0x70, 0x6c, 0x61, 0x69, 0x6e })]
    [InlineData("\u00e9", new byte[] { 0xc3, 0xa9 })]
    public void KnownStrings(string text, byte[] bytes)
    {
        Assert.Equal(bytes, GuestText.ToBytes(text));
        Assert.Equal(text, GuestText.FromBytes(bytes));
    }

    [Fact]
    public void AByteThatIsNotUtf8IsALoneSurrogate() => Assert.Equal(new string('\udcff', 1), GuestText.FromBytes([0xff]));
}
