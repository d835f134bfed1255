namespace Faultline.Cpu.Tests.WeakSpots;

/// <summary>SSE: special values, faults and the odd corners of rare instructions.</summary>
public sealed class VectorTests
{
    private const string Zeros = "00000000000000000000000000000000";

    [Theory]
    [InlineData("80ff0100", "trap=d rip=@c error=0 mxcsr=1f80")]
    [InlineData("80ff0000", "mxcsr=ff80")]
    [InlineData("00000080", "trap=d rip=@c error=0 mxcsr=1f80")]
    public void LdmxcsrRefusesReservedBits(string value, string after) => Spot.Check("0F AE 17", $"rdi=@d [@d]={value}", after);

    [Theory]
    // Denormal operand: DE, or nothing with DAZ. Tiny result: UE and PE, with FTZ zero.
    [InlineData("1f80", "00000001", "00000000", "00000001", "1f82")]
    [InlineData("1fc0", "00000001", "00000001", "00000000", "1fc0")]
    [InlineData("9fc0", "80000001", "80000001", "80000000", "9fc0")]
    public void AddWithDenormals(string mxcsr, string a, string b, string result, string after) =>
        Spot.Check(
            "F3 0F 58 C1",
            $"mxcsr={mxcsr} xmm0=000000000000000000000000{a} xmm1=000000000000000000000000{b}",
            $"xmm0=000000000000000000000000{result} mxcsr={after}");

    [Theory]
    // 1.7e-38 times 0.35, inexact: a denormal; zero with FTZ.
    [InlineData("1f80", "xmm0=00000000000000000000000000400000 mxcsr=1fb0")]
    [InlineData("9f80", "xmm0=00000000000000000000000000000000 mxcsr=9fb0")]
    // FTZ counts only while underflow is masked; unmasked, the fault sets PE too.
    [InlineData("9780", "trap=13 rip=@c xmm0=00000000000000000000000000b504f3 mxcsr=97b0")]
    public void MultiplyToATinyResult(string mxcsr, string after) =>
        Spot.Check("F3 0F 59 C1", $"mxcsr={mxcsr} xmm0=00000000000000000000000000b504f3 xmm1=0000000000000000000000003eb504f3", after);

    [Theory]
    // Each exception unmasked: #XM at the instruction, the destination unchanged, the flag set.
    [InlineData("1f00", "F3 0F 5E C1", "00000000", "00000000", "1f01")]
    [InlineData("1e80", "F3 0F 58 C1", "00000001", "3f800000", "1e82")]
    [InlineData("1d80", "F3 0F 5E C1", "3f800000", "00000000", "1d84")]
    [InlineData("1b80", "F3 0F 58 C1", "7f7fffff", "7f7fffff", "1b88")]
    [InlineData("1780", "F3 0F 59 C1", "00800000", "00800000", "1790")]
    [InlineData("f80", "F3 0F 5E C1", "3f800000", "40400000", "fa0")]
    public void UnmaskedExceptionsFault(string mxcsr, string code, string a, string b, string after) =>
        Spot.Check(
            code,
            $"mxcsr={mxcsr} xmm0=111111112222222233333333{a} xmm1=000000000000000000000000{b}",
            $"trap=13 rip=@c xmm0=111111112222222233333333{a} mxcsr={after}");

    [Theory]
    // What does not fit, NaN and infinity give the integer indefinite and IE.
    [InlineData("F3 0F 2C C1", "4f000000", "rax=80000000 mxcsr=1f81")]
    [InlineData("F3 0F 2C C1", "cf000000", "rax=80000000 mxcsr=1f80")]
    [InlineData("F3 48 0F 2C C1", "5f000000", "rax=8000000000000000 mxcsr=1f81")]
    [InlineData("F3 0F 2D C1", "7fc00000", "rax=80000000 mxcsr=1f81")]
    [InlineData("F3 0F 2D C1", "ff800000", "rax=80000000 mxcsr=1f81")]
    [InlineData("F3 0F 2D C1", "4effffff", "rax=7fffff80 mxcsr=1f80")]
    public void ConversionsOutOfRange(string code, string value, string after) => Spot.Check(code, $"xmm1=000000000000000000000000{value}", after);

    [Theory]
    [InlineData("66 0F 5B C1", "80000000800000008000000000000002")]
    [InlineData("F3 0F 5B C1", "80000000800000008000000000000001")]
    public void PackedConversionsOutOfRange(string code, string result) =>
        Spot.Check(code, "xmm1=7fc00000ff8000004f0000003fe00000", $"xmm0={result}");

    [Theory]
    // MIN and MAX return the second operand when either is a NaN or both are zero.
    [InlineData("F3 0F 5D C1", "7fc00001", "3f800000", "3f800000", "1f81")]
    [InlineData("F3 0F 5D C1", "3f800000", "7fc00001", "7fc00001", "1f81")]
    [InlineData("F3 0F 5F C1", "7f800001", "7fc00002", "7fc00002", "1f81")]
    [InlineData("F3 0F 5F C1", "00000000", "80000000", "80000000", "1f80")]
    [InlineData("F3 0F 5D C1", "80000000", "00000000", "00000000", "1f80")]
    // ADD of two NaNs gives the first, made quiet; of one the NaN.
    [InlineData("F3 0F 58 C1", "7f800001", "7fc00002", "7fc00001", "1f81")]
    [InlineData("F3 0F 58 C1", "ffc00001", "7fc00002", "ffc00001", "1f80")]
    [InlineData("F3 0F 58 C1", "3f800000", "ff800002", "ffc00002", "1f81")]
    [InlineData("F3 0F 5C C1", "7f800000", "7f800000", "ffc00000", "1f81")]
    public void NaNs(string code, string a, string b, string result, string mxcsr) =>
        Spot.Check(
            code,
            $"xmm0=000000000000000000000000{a} xmm1=000000000000000000000000{b}",
            $"xmm0=000000000000000000000000{result} mxcsr={mxcsr}");

    [Fact]
    public void HaddpsKeepsTheLowerNaNOfAPair() =>
        Spot.Check(
            "F2 0F 7C C1",
            "xmm0=7fc000047fc000037fc000027fc00001 xmm1=7fc000083f8000003f8000007fc00005",
            "xmm0=7fc000087fc000057fc000037fc00001");

    [Fact]
    public void AMaskedStoreKeepsTheBytesWhoseMaskIsClear() =>
        Spot.Check(
            "66 0F F7 C8",
            "rdi=@d xmm0=80000000000000000000000000000080 xmm1=0102030405060708090a0b0c0d0e0f0f [@d]=55555555555555555555555555555555",
            "[@d]=0f555555555555555555555555555501");

    [Theory]
    // A store of no byte may fault all the same (SDM vol. 2, MASKMOVDQU); Zen 4 does, and so does one that ends with the page.
    [InlineData("@e-2", "00000000000000000000000000008080", "@e")]
    [InlineData("1000", "00000000000000000000000000000000", "1000")]
    public void AMaskedStoreNeedsAllOfItsPages(string address, string mask, string fault) =>
        Spot.Check("66 0F F7 C8", $"rdi={address} xmm0={mask}", $"trap=e rip=@c error=6 cr2={fault}");

    [Theory]
    [InlineData("66 0F 38 2A 07")]
    [InlineData("0F 28 07")]
    [InlineData("0F 29 07")]
    [InlineData("66 0F E7 07")]
    [InlineData("66 0F EF 07")]
    public void MisalignedOperandsFault(string code) => Spot.Check(code, "rdi=@d+8", "trap=d rip=@c error=0");

    [Theory]
    // PCMPISTRI: empty strings, no match (16 or 8), most significant index, equal order.
    [InlineData("66 0F 3A 63 C1 08", Zeros, Zeros, "rcx=0 flags=8c1")]
    [InlineData("66 0F 3A 63 C1 00", Zeros, Zeros, "rcx=10 flags=c0")]
    [InlineData("66 0F 3A 63 C1 01", Zeros, Zeros, "rcx=8 flags=c0")]
    [InlineData("66 0F 3A 63 C1 0C", "00000000000000000000000000006261", "00000000000000000000000061626178", "rcx=1 flags=c1")]
    [InlineData("66 0F 3A 63 C1 40", "00000000000000000000000000000061", "61006161616161616161616161616161", "rcx=d flags=8c1")]
    [InlineData("66 0F 3A 63 C1 14", "00000000000000000000000000007a61", "41424344454647484950616263646566", "rcx=6 flags=81")]
    public void PcmpistriCorners(string code, string a, string b, string after) => Spot.Check(code, $"xmm0={a} xmm1={b} rcx=ffffffffffffffff", after);

    [Theory]
    // SSE4a: lengths and positions of six bits, a length of zero is 64.
    [InlineData("66 0F 78 C0 00 00", "", "1122334455667788")]
    [InlineData("66 0F 78 C0 08 08", "", "0000000000000077")]
    [InlineData("66 0F 79 C1", "xmm1=00000000000000000000000000000808", "0000000000000077")]
    [InlineData("F2 0F 78 C1 08 08", "xmm1=000000000000000000000000000000aa", "112233445566aa88")]
    [InlineData("F2 0F 79 C1", "xmm1=000000000000080800000000000000aa", "112233445566aa88")]
    public void ExtractAndInsertFields(string code, string before, string after) =>
        // The upper half is undefined: MOVQ RAX, XMM0.
        Spot.Check(code + " 66 48 0F 7E C0", "xmm0=ffffffffffffffff1122334455667788 " + before, "rax=" + after.TrimStart('0'));

    [Theory]
    [InlineData("F3 0F 2B 07", "[@e-4]=ddccbbaa", "4")]
    [InlineData("F2 0F 2B 07", "[@e-8]=ddccbbaa00000000", "8")]
    public void ScalarNonTemporalStores(string code, string after, string size) => Spot.Check(code, $"rdi=@e-{size} xmm0=000000000000000000000000aabbccdd", after);

    [Fact]
    public void VpclmulqdqMultipliesEachHalf() =>
        Spot.Check(
            "C4 E3 75 44 C2 00",
            "ymm1=00000000000000000000000000000003ffffffffffffffff0000000000000005 ymm2=00000000000000000000000000000003ffffffffffffffff8000000000000001",
            "ymm0=0000000000000000000000000000000500000000000000028000000000000005");
}
