using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Tests.Reports;

public class LinePrefixTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("[    1.589067] BUG: x", "BUG: x")]
    [InlineData("[ 1.091342] Oops: 0", "Oops: 0")]
    [InlineData("<4>[  319.553852] WARNING: x", "WARNING: x")]
    [InlineData("<4>WARNING: x", "WARNING: x")]
    [InlineData("[   12.345678][ T123] RIP: 0010:x", "RIP: 0010:x")]
    [InlineData("[   12.345678] [ T123] RIP: 0010:x", "RIP: 0010:x")]
    [InlineData("[   12.345678] [    C1] RIP: 0010:x", "RIP: 0010:x")]
    [InlineData("[   12.345678 <    0.000001>] RIP: 0010:x", "RIP: 0010:x")]
    [InlineData("[Wed Jul 23 10:30:40 2025] RIP: 0010:x", "RIP: 0010:x")]
    [InlineData("Nov 21 10:00:00 host kernel: RIP: 0010:x", "RIP: 0010:x")]
    [InlineData("Nov 21 10:00:00 host kernel: [   12.345678] RIP: 0010:x", "RIP: 0010:x")]
    [InlineData("2025-07-23T10:30:40.123456+02:00 host kernel: [   12.345678] RIP: 0010:x", "RIP: 0010:x")]
    [InlineData("2025-07-23T10:30:40.1234567Z [   12.345678] RIP: 0010:x", "RIP: 0010:x")]
    [InlineData("kern  :warn  : [   12.345678] RIP: 0010:x", "RIP: 0010:x")]
    [InlineData("4,1234,12345678,-;RIP: 0010:x", "RIP: 0010:x")]
    [InlineData("4,1234,12345678,-,caller=T123;RIP: 0010:x", "RIP: 0010:x")]
    [InlineData("> [ 1.091342] Oops: 0", "Oops: 0")]
    [InlineData(">> > [ 1.091342]  Oops: 0  ", " Oops: 0")]
    [InlineData("\u001b[1;31m[    1.0000] Oops: 0\u001b[0m\r", "Oops: 0")]
    [InlineData(">ffff888100000000: 00 01", ">ffff888100000000: 00 01")]
    public void WhatLogsAndMailsAddIsTakenOff(string raw, string text) => Assert.Equal(text, LinePrefix.Strip(1, raw).Text);

    [Fact]
    public void TimeCallerAndDepthAreKept()
    {
        LogLine line = LinePrefix.Strip(7, "> > <4>[   12.345678][ T123] x");
        Assert.Equal((7, 12.345678, "T123", 2, true), (line.Number, line.Timestamp, line.Caller, line.QuoteDepth, line.IsStamped));
    }

    [Theory]
    [InlineData("INIT: hello[    1.234567] BUG: x", 11)]
    [InlineData("[    1.234567] BUG: x", -1)]
    [InlineData("array[1.2]", -1)]
    [InlineData("", -1)]
    public void ALineOfTheKernelsMayFollowOtherOutput(string raw, int index) => Assert.Equal(index, LinePrefix.FindInnerTimestamp(raw));
}
