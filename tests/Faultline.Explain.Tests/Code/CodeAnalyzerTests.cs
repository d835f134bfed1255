using Faultline.Explain.Code;

namespace Faultline.Explain.Tests.Code;

public sealed class CodeAnalyzerTests
{
    /// <summary>A kernel with kCFI: control came to the second byte of a displacement.</summary>
    public const string Inside =
        "12 8b 47 28 89 44 24 30 48 8b 3f 48 89 e6 31 d2 e8 d9 9e f6 ff 65 48 8b 0d 11 5f 63 01 48 3b 4c 24 38 75 0a 48 83 c4 40 e9 fc <ff> ff fe cc e8 3b d7 "
        + "24 00 cc cc cc cc cc cc cc cc cc cc cc ba 4a";

    /// <summary>An ordinary ud2 of a WARN.</summary>
    public const string Warn =
        "54 24 0c 48 89 c8 48 29 d0 0f 82 4a ff ff ff 49 03 54 24 1c 48 39 d1 0f 83 3c ff ff ff 49 8b 17 48 39 4a 18 0f 84 0e ff ff ff <0f> 0b e9 28 ff ff ff 66 "
        + "85 c9 74 13 48 8b 5a 28 48 01 d3 45 31 e4";

    [Fact]
    public void RipInsideAJumpIsSeenAndConfirmedByABranch()
    {
        CodeAnalysis analysis = CodeAnalyzer.Analyze(CodeLine.Window(Inside, "xfrm4_dst_lookup", 0xac, 0xc0));
        Assert.Equal(CodeVerdict.InsideInstruction, analysis.Verdict);
        DecodedInstruction jump = analysis.Straddled!.Value;
        Assert.Equal((40, 5), (jump.Index, jump.Length));
        Assert.Equal(unchecked((int)0xfefffffc), (int)jump.Instruction.NearBranchTarget - (int)analysis.Window.AddressOf(jump.End));
        Assert.True(analysis.AtRip.IsBad);
        // jne +0xa at +0xa4 goes to the call of __stack_chk_fail right after the jump and its int3.
        Assert.Contains(46, analysis.Confirmed);
        Assert.Contains(analysis.Notes, note => note.Contains("byte 3 of the 5", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Warn)]
    [InlineData("c2 e0 ff ff ff f7 d8 64 89 02 48 c7 c0 ff ff ff ff eb b7 0f 1f 00 80 3d e8 85 16 00 00 74 17 b8 01 00 00 00 0f 05 <48> 3d 00 f0 ff ff 77 58 c3")]
    [InlineData("44 00 00 e8 e6 ff ff ff 8d 04 40 c3 cc cc cc cc 66 66 2e 0f 1f 84 00 00 00 00 00 0f 1f 00 0f 1f 44 00 00 48 8b 05 f4 23 00 00 <c7> 40 58 2a 00 00 00")]
    [InlineData("68 48 48 89 c7 48 89 c3 48 89 68 48 48 89 68 50 48 89 05 66 20 00 00 e8 a1 38 ab ee 48 8b 05 5a 20 00 00 48 89 ef 4c 8b 60 48 <4d> 8b 2c 24 4c 89")]
    [InlineData("fe ff 0f 0b 48 89 d1 48 c7 c7 c0 b3 f4 8c 48 89 c2 e8 f4 9b fe ff 0f 0b 48 89 f2 48 89 fe 48 c7 c7 70 b3 f4 8c e8 e0 9b fe ff <0f> 0b 48 89 fe 48")]
    [InlineData("f6 ec ef b5 e9 90 c6 dc ff 90 90 90 90 90 90 90 90 90 90 90 49 89 fb 48 c7 c7 30 1b 42 b6 41 ba 59 0a 8a bd 45 03 53 f1 74 02 <0f> 0b 2e e9 87 94")]
    [InlineData("ad 90 90 90 90 90 90 90 90 90 90 90 f3 0f 1e fa 8b 35 26 71 b3 00 ff c6 89 35 1e 71 b3 00 48 c7 c7 e7 65 8e 82 e8 b2 ee d7 ff <0f> 0b c3 cc cc cc")]
    public void OrdinaryFaultsAreAtAnInstruction(string line)
    {
        CodeAnalysis analysis = CodeAnalyzer.Analyze(CodeLine.Window(line));
        Assert.Equal(CodeVerdict.AtInstruction, analysis.Verdict);
        Assert.Contains(analysis.Instructions, i => i.Index == analysis.Window.Marker);
    }

    [Fact]
    public void TheFunctionsStartSettlesIt()
    {
        // From the function's start RIP is inside mov eax, 0x0b0f9090; from other bytes it is a ud2.
        CodeWindow window = CodeLine.Window("90 90 90 90 b8 90 90 <0f> 0b c3", "f", 3, 6);
        CodeAnalysis analysis = CodeAnalyzer.Analyze(window);
        Assert.Equal(CodeVerdict.InsideInstruction, analysis.Verdict);
        Assert.Equal(4, analysis.Straddled!.Value.Index);
        // Without it the bytes allow both.
        Assert.NotEqual(CodeVerdict.AtInstruction, CodeAnalyzer.Analyze(window with { FunctionOffset = null }).Verdict);
    }

    [Fact]
    public void NothingBeforeRipIsSaidToBeUnknown()
    {
        CodeAnalysis analysis = CodeAnalyzer.Analyze(CodeLine.Window("<0f> 0b c3"));
        Assert.Equal(CodeVerdict.Unknown, analysis.Verdict);
        Assert.Equal(2, analysis.Instructions.Count);
    }

    [Fact]
    public void RelativeTargetsAreNamedByTheFunction()
    {
        CodeAnalysis analysis = CodeAnalyzer.Analyze(CodeLine.Window(Warn, "kexec_load_purgatory", 0x3b1, 0x4a0));
        DecodedInstruction jump = analysis.Instructions.First(i => i.Index == analysis.Window.Marker + 2);
        Assert.Equal("jmp kexec_load_purgatory+0x2e0", CodeAnalyzer.Text(analysis.Window, jump));
    }

    [Fact]
    public void AnyBytesAreReadWithoutAnError()
    {
        Random random = new(2);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(1, 80)];
            random.NextBytes(bytes);
            CodeWindow window = new(bytes, random.Next(bytes.Length)) { Function = "f", FunctionOffset = (ulong)random.Next(60), FunctionSize = (ulong)random.Next(90) };
            CodeAnalysis analysis = CodeAnalyzer.Analyze(window);
            Assert.All(analysis.Instructions, d => Assert.NotNull(CodeAnalyzer.Text(window, d)));
            Assert.All(analysis.Instructions, d => Assert.InRange(d.End, 1, bytes.Length));
            CfiScanner.Scan(window);
        }
    }
}
