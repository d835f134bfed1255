using System.Text;
using Faultline.Explain.Values;

namespace Faultline.Explain.Tests.Values;

public sealed class AsciiTextTests
{
    [Theory]
    [InlineData(0x0074707572726f63, "\"corrupt\"")]
    [InlineData(0x004c4c554e5f4345, "\"EC_NULL\"")]
    [InlineData(0x4141414141414141, null)] // a fill, not a word
    [InlineData(0x0000000041424344, null)] // four letters are too few
    [InlineData(0x4100424344454647, null)] // a zero within
    [InlineData(0x00007ffc38738148, null)]
    public void ValuesThatAreTextAreQuoted(ulong value, string? text) => Assert.Equal(text, AsciiText.InValue(value));

    [Fact]
    public void RunsInADumpAreFoundAcrossLines()
    {
        byte[] dump = [.. Enumerable.Repeat((byte)0xaa, 9), .. Encoding.ASCII.GetBytes("Exceeded MaxStartups\r\n"), 0, 0xaa, (byte)'x', (byte)'y', 0xaa];
        (int offset, string text) = Assert.Single(AsciiText.Runs(dump, 4));
        Assert.Equal(9, offset);
        Assert.Equal("\"Exceeded MaxStartups\\r\\n\"", text);
    }

    [Fact]
    public void APrintablePoisonIsNoText() => Assert.Empty(AsciiText.Runs(Encoding.ASCII.GetBytes("kkkkkkkkkkkkk"), 4, fill: 0x6b));
}
