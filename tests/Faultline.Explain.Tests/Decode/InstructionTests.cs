using Faultline.Explain.Decode;
using Faultline.Explain.Decode.Instructions;

namespace Faultline.Explain.Tests.Decode;

/// <summary>Instruction bytes.</summary>
public class InstructionTests
{
    [Theory]
    [InlineData("48 8b 04 25 00 00 40 00", "mov rax, [0x400000]")]
    [InlineData("488b0425 00004000", "mov rax, [0x400000]")]
    [InlineData("<4d> 8b 2c 24", "mov r13, [r12]")]
    [InlineData("0f 0b", "ud2")]
    [InlineData("f3 0f 1e fa", "endbr64")]
    [InlineData("00 00", "add [rax], al")]
    [InlineData("c5 f9 6f 05 10 00 00 00", "vmovdqa xmm0, [rel 0x18]")]
    public void BytesAreDisassembled(string bytes, string text) => Assert.EndsWith("  " + text, Assert.Single(Decoding.Of("instruction " + bytes).Parts).Title);

    [Fact]
    public void PartsOfTheEncodingAreNamed()
    {
        Decoded decoded = Assert.Single(Decoding.Of("instruction 66 f3 48 8d 84 cb 78 56 34 12").Parts);
        Assert.Equal(["prefix", "prefix", "REX", "opcode", "ModRM", "SIB", "disp32"], decoded.Fields.Select(field => field.Name));
        Assert.Equal(["66", "f3", "48", "8d", "84", "cb", "78 56 34 12"], decoded.Fields.Select(field => field.Place));
        Assert.Contains("W: 64-bit", decoded.Fields[2].Meaning);
        Assert.Contains("scale 8, index 1, base 3", decoded.Fields[5].Meaning);
    }

    [Fact]
    public void TheModeAndTheAddressCount()
    {
        DecodeRequest request = new() { Words = ["40", "e9", "fb", "ff", "ff", "ff"], Bits = "32", Address = "0xc0100000" };
        Decoded decoded = InstructionDecoder.Decode(request).Value!;
        Assert.EndsWith("inc eax", decoded.Parts[0].Title);
        Assert.Contains("to 0xc0100001", decoded.Parts[1].Fields[^1].Meaning);
        Assert.NotEqual("", InstructionDecoder.Decode(request with { Bits = "48" }).Error);
        Assert.NotEqual("", InstructionDecoder.Decode(request with { Address = "there" }).Error);
    }

    [Fact]
    public void WhatIsNoInstructionIsSaidToBeNone()
    {
        Assert.EndsWith("no instruction: #UD", Decoding.Of("instruction 0f 04 00 00 00 00 00 00").Parts[0].Title);
        Assert.EndsWith("no instruction: #UD", Decoding.Of("instruction 06 90").Parts[0].Title);
        Assert.EndsWith("the bytes end inside an instruction", Decoding.Of("instruction 48 8b").Parts[0].Title);
    }

    [Theory]
    [InlineData("16")]
    [InlineData("32")]
    [InlineData("64")]
    public void EveryByteOfEveryInstructionBelongsToOnePart(string bits)
    {
        Random random = new(7);
        byte[] leads = [0x0f, 0xc4, 0xc5, 0x62, 0x8f, 0x48, 0x66, 0xf3, 0xf2];
        int checkedParts = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[15];
            random.NextBytes(bytes);
            if (random.Next(2) == 0)
                bytes[0] = leads[random.Next(leads.Length)];
            Decoded decoded = InstructionDecoder.Decode(new DecodeRequest { Words = [Convert.ToHexString(bytes)], Bits = bits }).Value!;
            foreach (Decoded part in decoded.Parts.Where(part => part.Fields.Count > 0))
            {
                string all = part.Title[(part.Title.IndexOf(": ", StringComparison.Ordinal) + 2)..part.Title.IndexOf("  ", StringComparison.Ordinal)];
                Assert.Equal(all, string.Join(' ', part.Fields.Select(field => field.Place)));
                checkedParts++;
            }
        }
        Assert.True(checkedParts > 40_000, $"{checkedParts}");
    }
}
