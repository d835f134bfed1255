namespace Faultline.Cpu.Tests.WeakSpots;

/// <summary>Redundant and contradicting prefixes (SDM vol. 2, 2.1.1 and 2.2.1): which one counts when there are several.</summary>
public sealed class PrefixTests
{
    [Theory]
    // One byte, then 2, 4 and 8 of them; the CRC-32C of zero bytes from all ones.
    [InlineData("F2 0F 38 F0 C1", "rax=ad82acae")]
    [InlineData("F2 0F 38 F1 C1", "rax=b798b438")]
    [InlineData("66 F2 0F 38 F1 C1", "rax=e9e882d")]
    [InlineData("F2 66 0F 38 F1 C1", "rax=e9e882d")]
    [InlineData("66 66 F2 0F 38 F1 C1", "rax=e9e882d")]
    // REX.W overrules 66h; 66h changes nothing for the byte form.
    [InlineData("F2 48 0F 38 F1 C1", "rax=73d74d75")]
    [InlineData("66 F2 48 0F 38 F1 C1", "rax=73d74d75")]
    [InlineData("66 F2 0F 38 F0 C1", "rax=ad82acae")]
    // The last of F2h and F3h counts.
    [InlineData("F3 F2 0F 38 F1 C1", "rax=b798b438")]
    public void Crc32TakesItsWidthFromRexThen66(string code, string after) => Spot.Check(code, "rax=ffffffff rcx=0", after);

    [Fact]
    public void Crc32ClearsTheUpperHalfEvenWithRexW() => Spot.Check("F2 48 0F 38 F1 C1", "rax=ffffffff00000000 rcx=0", "rax=0");

    [Theory]
    [InlineData("F3 0F B8 C1", "rax=8")]
    [InlineData("66 F3 0F B8 C1", "rax=1111111111110004")]
    [InlineData("F3 66 0F B8 C1", "rax=1111111111110004")]
    [InlineData("F3 48 0F B8 C1", "rax=c")]
    [InlineData("66 F3 48 0F B8 C1", "rax=c")]
    [InlineData("F2 F3 0F B8 C1", "rax=8")]
    public void PopcntWithSeveralPrefixes(string code, string after) => Spot.Check(code, "rax=1111111111111111 rcx=0000f00000f0000f", after);

    [Theory]
    [InlineData("F3 0F BD C1", "rax=1b")]
    [InlineData("66 F3 0F BD C1", "rax=111111111111000b")]
    [InlineData("F3 66 0F BD C1", "rax=111111111111000b")]
    [InlineData("66 F3 48 0F BD C1", "rax=3b")]
    [InlineData("F2 F3 0F BD C1", "rax=1b")]
    public void LzcntWithSeveralPrefixes(string code, string after) => Spot.Check(code, "rax=1111111111111111 rcx=10", after);

    [Theory]
    [InlineData("F3 0F BC C1", "rax=20")]
    [InlineData("66 F3 0F BC C1", "rax=1111111111110010")]
    [InlineData("66 F3 48 0F BC C1", "rax=28")]
    [InlineData("F2 F3 48 0F BC C1", "rax=28")]
    public void TzcntWithSeveralPrefixes(string code, string after) => Spot.Check(code, "rax=1111111111111111 rcx=10000000000", after);

    [Theory]
    [InlineData("0F 38 F0 07", "rax=11223344")]
    [InlineData("66 0F 38 F0 07", "rax=ffffffffffff1122")]
    [InlineData("48 0F 38 F0 07", "rax=1122334455667788")]
    [InlineData("66 48 0F 38 F0 07", "rax=1122334455667788")]
    [InlineData("66 66 0F 38 F0 07", "rax=ffffffffffff1122")]
    public void MovbeLoadsWithSeveralPrefixes(string code, string after) => Spot.Check(code, "rax=ffffffffffffffff rdi=@d [@d]=1122334455667788", after);

    [Theory]
    [InlineData("0F 38 F1 07", "[@d]=5566778800")]
    [InlineData("66 0F 38 F1 07", "[@d]=7788000000")]
    [InlineData("66 48 0F 38 F1 07", "[@d]=1122334455667788")]
    public void MovbeStoresWithSeveralPrefixes(string code, string after) => Spot.Check(code, "rax=1122334455667788 rdi=@d", after);

    [Theory]
    // F2h and F3h together select by the last one: MOVSS, MOVSD; 66h yields to both.
    [InlineData("F2 F3 0F 10 C1", "xmm0=000000000000000000000000cccccccc")]
    [InlineData("F3 F2 0F 10 C1", "xmm0=0000000000000000ddddddddcccccccc")]
    [InlineData("66 F3 0F 10 C1", "xmm0=000000000000000000000000cccccccc")]
    [InlineData("F3 66 0F 10 C1", "xmm0=000000000000000000000000cccccccc")]
    [InlineData("66 0F 10 C1", "xmm0=ffffffffeeeeeeeeddddddddcccccccc")]
    public void TheLastOfF2AndF3SelectsTheOpcode(string code, string after) =>
        Spot.Check(code, "xmm1=ffffffffeeeeeeeeddddddddcccccccc", after);

    [Theory]
    // A REX prefix that does not stand right before the opcode is ignored.
    [InlineData("48 66 B8 34 12", "rax=ffffffffffff1234")]
    [InlineData("48 F3 B8 78 56 34 12", "rax=12345678")]
    [InlineData("49 48 B8 88 77 66 55 44 33 22 11", "rax=1122334455667788")]
    // REX.W with 66h is 64 bits.
    [InlineData("66 48 B8 88 77 66 55 44 33 22 11", "rax=1122334455667788")]
    [InlineData("66 48 05 01 00 00 00", "rax=0")]
    public void OnlyTheLastRexCounts(string code, string after) => Spot.Check(code, "rax=ffffffffffffffff", after);

    [Theory]
    // Without a REX prefix 4 to 7 are AH to BH, with any REX they are SPL to DIL.
    [InlineData("88 E0", "rax=1122334455667777")]
    [InlineData("40 88 E0", "rax=1122334455667700")]
    [InlineData("48 66 88 E0", "rax=1122334455667777")]
    public void ARexPrefixChangesWhatTheHighBytesAre(string code, string after) => Spot.Check(code, "rax=1122334455667788", after);

    [Theory]
    // XCHG R8, RAX is not NOP; F3h 90h is PAUSE whatever REX says, 66h 90h a NOP.
    [InlineData("49 90", "rax=8 r8=a")]
    [InlineData("F3 90", "rax=a r8=8")]
    [InlineData("66 90", "rax=a r8=8")]
    [InlineData("48 90", "rax=a r8=8")]
    [InlineData("41 90", "rax=8 r8=a")]
    public void Opcode90IsNopOnlyForRax(string code, string after) => Spot.Check(code, "rax=a r8=8", after);

    [Theory]
    [InlineData("64 65 48 8B 07", 1)]
    [InlineData("65 2E 48 8B 07", 1)]
    [InlineData("65 3E 48 8B 07", 1)]
    [InlineData("65 26 36 48 8B 07", 1)]
    [InlineData("2E 48 8B 07", 0)]
    public void OldSegmentPrefixesDoNotUndoFsAndGs(string code, int gs)
    {
        // GS is at 1230h on both sides.
        string address = gs == 1 ? "@d-1230" : "@d";
        Spot.Check(code, $"rdi={address} [@d]=0807060504030201", "rax=102030405060708");
    }

    [Theory]
    [InlineData("36 48 8B 07", "rdi=8000000000000000", "d")]
    [InlineData("36 C4 C2 E9 93 04 36", "r14=8000000000000000 xmm2=ffffffffffffffffffffffffffffffff", "d")]
    [InlineData("2E 48 8B 44 24 01", "rsp=8000000000000000", "c")]
    [InlineData("3E 48 8B 45 00", "rbp=8000000000000000", "c")]
    [InlineData("26 67 8B 45 00", "rbp=7 rsp=@s", "e")]
    [InlineData("65 48 8B 45 00", "rbp=8000000000000000", "d")]
    public void OldSegmentPrefixesDoNotChooseTheFault(string code, string before, string trap) => Spot.Check(code, before, $"trap={trap} rip=@c");
}
