using System.Text;
using System.Text.Json;
using Faultline.Explain.Findings;
using Faultline.Explain.Output;

namespace Faultline.Explain.Tests.Output;

public class FindingTextTests
{
    private static readonly Finding _finding = new()
    {
        Id = "poison-slab",
        Title = "A freed object was used",
        Observed = "R12 holds 0x6b6b6b6b6b6b6b6b.",
        Cause = "The allocator wrote 0x6b over the object when it was freed.",
        Confidence = Confidence.Certain,
        Evidence =
        [
            Evidence.Of("R12 is poison", 24, "R10: 0 R11: 0 R12: 6b6b6b6b6b6b6b6b\u001b[31m"),
            new Evidence { Text = "bytes", Address = 0x1000, File = "vmlinux", FileOffset = 0x200, Bytes = new byte[] { 0x0f, 0x0b } },
        ],
        WhatToDo = ["Boot with KASAN."],
    };

    [Fact]
    public void AFindingPrintsItsPartsInOrder()
    {
        StringWriter writer = new() { NewLine = "\n" };
        FindingText.Write(writer, _finding);
        Assert.Equal(
            """
            * A freed object was used (certain; poison-slab)
              seen:     R12 holds 0x6b6b6b6b6b6b6b6b.
              cause:    The allocator wrote 0x6b over the object when it was freed.
              evidence: R12 is poison [line 24]
                          > R10: 0 R11: 0 R12: 6b6b6b6b6b6b6b6b.[31m
                        bytes [0x1000, vmlinux offset 0x200]: 0f 0b
              to do:    Boot with KASAN.

            """,
            writer.ToString());
    }

    [Fact]
    public void LongTextWrapsAtBlanks()
    {
        StringWriter writer = new() { NewLine = "\n" };
        TextWrap.Write(writer, "one two three four", 9, "- ", "  ");
        Assert.Equal("- one two\n  three\n  four\n", writer.ToString());
    }

    [Fact]
    public void AWordThatDoesNotFitIsNotBroken()
    {
        StringWriter writer = new() { NewLine = "\n" };
        TextWrap.Write(writer, "abcdefghijkl mn", 6, "", "");
        Assert.Equal("abcdefghijkl\nmn\n", writer.ToString());
    }

    [Fact]
    public void JsonKeepsEveryPart()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
            FindingJson.Write(writer, [_finding]);
        JsonElement finding = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement[0];
        Assert.Equal("poison-slab", finding.GetProperty("id").GetString());
        Assert.Equal("certain", finding.GetProperty("confidence").GetString());
        Assert.Equal(24, finding.GetProperty("evidence")[0].GetProperty("line").GetInt32());
        Assert.Equal("0f0b", finding.GetProperty("evidence")[1].GetProperty("bytes").GetString());
        Assert.Equal("0x200", finding.GetProperty("evidence")[1].GetProperty("fileOffset").GetString());
        Assert.Equal("Boot with KASAN.", finding.GetProperty("whatToDo")[0].GetString());
    }
}
