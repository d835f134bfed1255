using Faultline.Explain.Code;

namespace Faultline.Explain.Tests.Code;

public sealed class CfiScannerTests
{
    /// <summary>A failed kCFI check of a 6.12 kernel; the next function's preamble follows.</summary>
    private const string Check =
        "f6 ec ef b5 e9 90 c6 dc ff 90 90 90 90 90 90 90 90 90 90 90 49 89 fb 48 c7 c7 30 1b 42 b6 41 ba 59 0a 8a bd 45 03 53 f1 74 02 <0f> 0b 2e e9 87 94 14 00 "
        + "cc cc cc cc cc cc cc b8 a7 f5 75 42 90 90";

    [Fact]
    public void TheCheckAndThePreambleOfOneTypeHaveOneHash()
    {
        IReadOnlyList<CfiSequence> found = CfiScanner.Scan(CodeLine.Window(Check, "lkdtm_indirect_call", 0x16, 0x25));
        Assert.Equal([CfiKind.KcfiCheck, CfiKind.KcfiPreamble], found.Select(s => s.Kind));
        Assert.All(found, s => Assert.Equal(0x4275f5a7u, s.Hash));
        Assert.Equal(found[1].Index + 16, found[1].Entry);
        Assert.Null(found[1].Arity);
    }

    [Fact]
    public void APreambleThatIsCutOffSaysSoAndGivesItsArity()
    {
        CodeWindow window = CodeLine.Window(CodeAnalyzerTests.Inside, "xfrm4_dst_lookup", 0xac, 0xc0);
        CfiSequence preamble = Assert.Single(CfiScanner.Scan(window));
        Assert.Equal((CfiKind.KcfiPreamble, 2, true), (preamble.Kind, preamble.Arity, preamble.IsHashCut));
        Assert.Equal("xfrm4_dst_lookup+0xc0", window.Place(preamble.Index));
        Assert.Equal("xfrm4_dst_lookup+0xd0", window.Place(preamble.Entry!.Value));
    }

    [Theory]
    [InlineData("<cc> f3 0f 1e fa 41 81 ea 78 56 34 12 74 03 0f 0b 90 55", "FineIbtPreamble")] // Linux 6.2
    [InlineData("<cc> f3 0f 1e fa 41 81 ea 78 56 34 12 75 f9 0f 1f 00 55", "FineIbtPreamble")] // Linux 6.15
    [InlineData("<cc> f3 0f 1e fa 41 81 ea 78 56 34 12 e8 11 22 33 44 55", "FineIbtPreamble")] // with cfi=bhi
    [InlineData("<cc> f3 0f 1e fa 2d 78 56 34 12 2e 0f 85 03 00 00 00 0f 1f 40 d6", "FineIbtPreamble")] // with eax
    [InlineData("<cc> 41 ba 88 a9 cb ed 45 03 53 fc 74 02 0f 0b 41 ff d3", "KcfiCheck")]
    [InlineData("<cc> 41 ba 88 a9 cb ed 45 03 53 f1 74 02 0f 0b 2e e8 00 00 00 00", "KcfiCheck")]
    [InlineData("<cc> 41 ba 78 56 34 12 49 83 eb 10 0f 1f 40 00 41 ff d3", "FineIbtCaller")]
    [InlineData("<cc> 41 ba 78 56 34 12 4d 8d 5b f0 0f 1f 40 00 41 ff d3", "FineIbtCaller")]
    [InlineData("<cc> b8 78 56 34 12 4d 8d 5b f0 0f 1f 44 00 00 41 ff d3", "FineIbtCaller")]
    [InlineData("<cc> 41 ba 78 56 34 12 45 3b 53 f7 4d 8d 5b f0 75 fd 41 ff d3 90", "FineIbtParanoidCaller")]
    [InlineData("<cc> b8 78 56 34 12 41 3b 43 f5 2e 4d 8d 5b f0 75 fd 41 ff d3", "FineIbtParanoidCaller")]
    [InlineData("cc <cc> b8 78 56 34 12 90 90 90 90 90 90 90 90 90 90 90 55", "KcfiPreamble")]
    [InlineData("<cc> cc b9 78 56 34 12 90 90 90", "KcfiPreamble")]
    public void EachFormGivesItsHash(string line, string kind)
    {
        CfiSequence sequence = Assert.Single(CfiScanner.Scan(CodeLine.Window(line)));
        Assert.Equal((kind, 0x12345678u), (sequence.Kind.ToString(), sequence.Hash));
    }

    [Theory]
    [InlineData("00 00 00 <b8> 01 00 00 00 0f 05 c3")] // a system call number
    [InlineData("<f3> 0f 1e fa 55 48 89 e5")] // endbr64 of an ordinary function
    [InlineData("<f3> 0f 1e fa 41 81 ea 78 56 34 12 c3")] // a function that does subtract
    [InlineData("<41> ba 78 56 34 12 e8 00 00 00 00")]
    [InlineData("cc <cc> b8 78 56 34 12 c3 cc cc cc cc cc cc cc cc")] // a function that returns a constant
    public void OrdinaryCodeHasNone(string line) => Assert.Empty(CfiScanner.Scan(CodeLine.Window(line)));
}
