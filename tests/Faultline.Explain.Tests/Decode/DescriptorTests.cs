using Faultline.Explain.Decode;
using Faultline.Explain.Decode.Descriptors;

namespace Faultline.Explain.Tests.Decode;

/// <summary>Descriptors, gates and the TSS.</summary>
public class DescriptorTests
{
    [Theory]
    [InlineData("tss-base 0x5000 0xd6 0xf8 0xfffffe7c")]
    [InlineData("tss-base base0=5000, base1=d6, base2=f8, base3=fffffe7c")]
    public void TheBaseOfATssIsGivenBesideWhatSignExtensionMakesOfIt(string command)
    {
        Decoded decoded = Decoding.Of(command);
        Assert.Equal("0xfffffe7cf8d65000", decoded.Field("base"));
        Assert.Equal("0xfffffffff8d65000", decoded.Field("sign-extended"));
        Assert.Contains("WRONG", decoded.Meaning("sign-extended"));
        Assert.Contains("promotes it to int", decoded.AllNotes());
        Assert.Contains("base3 (0xfffffe7c) is lost", decoded.AllNotes());
    }

    [Fact]
    public void ABaseWithoutTheTopBitOfItsThirdPartIsSafe()
    {
        Decoded decoded = Decoding.Of("tss-base 0x5000 0xd6 0x78 0xfffffe7c");
        Assert.Equal("0xfffffe7c78d65000", decoded.Field("sign-extended"));
        Assert.Equal(decoded.Field("base"), decoded.Field("sign-extended"));
        Assert.Contains("top bit is clear", decoded.AllNotes());
    }

    [Fact]
    public void AnUpperHalfOfOnesHidesTheMistake()
    {
        Decoded decoded = Decoding.Of("tss-base 0x5000 0xd6 0xf8 0xffffffff");
        Assert.Equal(decoded.Field("base"), decoded.Field("sign-extended"));
        Assert.Contains("does not show", decoded.AllNotes());
    }

    [Fact]
    public void BasesAreJoinedAndExtendedAsArithmeticSays()
    {
        Random random = new(5);
        for (int i = 0; i < 10_000; i++)
        {
            ushort b0 = (ushort)random.Next(0x10000);
            byte b1 = (byte)random.Next(0x100), b2 = (byte)random.Next(0x100);
            uint b3 = (uint)random.NextInt64(0x1_0000_0000);
            DescriptorBase parts = new(b0, b1, b2, b3);
            UInt128 sum = ((UInt128)b3 * 0x1_0000_0000) + ((UInt128)b2 * 0x100_0000) + ((UInt128)b1 * 0x1_0000) + b0;
            Assert.Equal(sum, parts.Value);
            Assert.Equal(b2 < 128 ? (ulong)sum : (ulong)sum | 0xffff_ffff_0000_0000, parts.SignExtended);
            ulong low = ((ulong)b0 << 16) | ((ulong)b1 << 32) | ((ulong)b2 << 56) | 0x0000_8900_0000_0067;
            Assert.Equal(parts, DescriptorBase.Of(low, b3));
        }
    }

    [Theory]
    [InlineData("descriptor f8008bd650000067 00000000fffffe7c")]
    [InlineData("descriptor 50000067 f8008bd6 fffffe7c 00000000")]
    [InlineData("descriptor 67 00 00 50 d6 8b 00 f8 7c fe ff ff 00 00 00 00")]
    [InlineData("descriptor 0067 5000 8bd6 f800 fe7c ffff 0000 0000")]
    [InlineData("descriptor 0x00000000fffffe7cf8008bd650000067")]
    public void ATssDescriptorIsReadFromWordsOfAnySize(string command)
    {
        Decoded decoded = Decoding.Of(command);
        Assert.Contains("64-bit TSS, busy", decoded.Title);
        Assert.Equal("0xfffffe7cf8d65000", decoded.Field("base"));
        Assert.Equal("0x67", decoded.Field("limit"));
        Assert.Equal("0xfffffffff8d65000", decoded.Field("sign-extended"));
    }

    [Theory]
    [InlineData("0x00af9b000000ffff", "code, execute/read, accessed", "kernel code (selector 0x10)", "0")]
    [InlineData("0x00cf93000000ffff", "data, read/write, accessed", "kernel data (selector 0x18)", "0")]
    [InlineData("0x00affb000000ffff", "code, execute/read, accessed", "user code (selector 0x33)", "3")]
    [InlineData("0x00cffb000000ffff", "code, execute/read, accessed", "32-bit user code (selector 0x23)", "3")]
    [InlineData("0x00cff3000000ffff", "data, read/write, accessed", "user data (selector 0x2b)", "3")]
    public void DescriptorsOfLinuxAreKnown(string value, string title, string known, string ring)
    {
        Decoded decoded = Decoding.Of("descriptor " + value);
        Assert.EndsWith(title, decoded.Title);
        Assert.Contains(known, decoded.AllNotes());
        Assert.Equal(ring, decoded.Field("DPL"));
        Assert.Equal("last offset 0xffffffff", decoded.Meaning("limit"));
    }

    [Fact]
    public void CodeThatIsBoth64And32BitIsRefused() => Assert.Contains("#GP", Decoding.Of("descriptor 0x00ef9b000000ffff").AllNotes());

    [Fact]
    public void AnInterruptGateNamesHandlerStackAndRing()
    {
        Decoded decoded = Decoding.Of("gate 81808e0100101390 00000000ffffffff");
        Assert.EndsWith("64-bit interrupt gate", decoded.Title);
        Assert.Equal("0xffffffff81801390", decoded.Field("offset"));
        Assert.Equal("0x0010", decoded.Field("selector"));
        Assert.Equal("1", decoded.Field("IST"));
        Assert.Contains("interrupts are off", decoded.AllNotes());
    }

    [Theory]
    [InlineData("gate 0000ee0000100000", "32-bit interrupt gate")]
    [InlineData("gate 0000ef0000100000", "32-bit trap gate")]
    [InlineData("gate 0000ec0500100000", "32-bit call gate")]
    [InlineData("gate 0000850000280000", "task gate")]
    public void GatesOfEightBytesAreThe32BitForms(string command, string title) => Assert.EndsWith(title, Decoding.Of(command).Title);

    [Fact]
    public void WhatIsNoGateIsSaidToBeNone() => Assert.Contains("no gate", Decoding.Error("gate 0x00af9b000000ffff"));

    [Fact]
    public void AnUnusableBaseIsPointedOut()
    {
        Assert.Contains("not canonical", Decoding.Of("descriptor f8008bd650000067 000000007ffffe7c").AllNotes());
        Assert.Contains("Not present", Decoding.Of("descriptor f8000bd650000067 00000000fffffe7c").AllNotes());
        Assert.Contains("#TS", Decoding.Of("descriptor f8008bd650000066 00000000fffffe7c").AllNotes());
    }

    [Fact]
    public void ATssShowsItsStacks()
    {
        Decoded decoded = Decoding.Of("tss 0 3000 fffffe00 0 0 0 0 0 0 9000 fffffe00 0 0 0 0 0 0 0 0 0 0 0 0 0 0 00680000");
        Assert.Equal("0xfffffe0000003000", decoded.Field("RSP0"));
        Assert.Equal("0xfffffe0000009000", decoded.Field("IST1"));
        Assert.Equal("0x0068", decoded.Field("I/O map"));
        Assert.Empty(decoded.Notes);
    }

    [Fact]
    public void ATssThatIsShiftedIsNoticed()
    {
        Decoded decoded = Decoding.Of("tss fffffe0000003000 0 0 0 0 0 0 0 0 0 0 0 0");
        Assert.Contains("Reserved bytes at +0x00", decoded.AllNotes());
        Assert.Contains("IST1 is zero", decoded.AllNotes());
    }

    [Fact]
    public void ATssIsReadFromADump()
    {
        const string Dump =
            """
            fffffe0000003000: 00 00 00 00 00 30 00 00 00 fe ff ff 00 00 00 00  .....0..........
            fffffe0000003010: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................
            fffffe0000003020: 00 00 00 00 00 90 00 00 00 fe ff ff 00 00 00 00  ad be ef........
            fffffe0000003030: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................
            fffffe0000003040: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................
            fffffe0000003050: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................
            fffffe0000003060: 00 00 00 00 00 00 68 00                          ......h.
            """;
        DecodeOutcome outcome = DecodeKinds.Find("tss")!.Decode(new DecodeRequest { Text = Dump });
        Assert.Equal("0xfffffe0000003000", outcome.Value!.Field("RSP0"));
        Assert.Equal("0xfffffe0000009000", outcome.Value!.Field("IST1"));
        Assert.Empty(outcome.Value!.Notes);
    }
}
