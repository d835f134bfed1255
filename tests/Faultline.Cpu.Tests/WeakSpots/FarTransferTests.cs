namespace Faultline.Cpu.Tests.WeakSpots;

/// <summary>Far transfers of user code: 33h is Linux's 64-bit code segment, 2Bh its stack segment (SDM vol. 2, JMP, CALL, RET, IRET).</summary>
public sealed class FarTransferTests
{
    [Theory]
    // m16:32 and m16:16. Targets that fit the form's width are code; the short one ends in a fetch fault there.
    [InlineData("FF 2F", "[@d]=400800103300", "trap=3 rip=10000841")]
    [InlineData("66 FF 2F", "[@d]=34123300", "trap=e rip=1234 cr2=1234 error=14")]
    public void JumpThroughMemory(string code, string pointer, string after) => Spot.Check(code, "rdi=@d " + pointer, after);

    [Theory]
    [InlineData("FF 1F", "[@d]=400800103300", "rsp=@s-8 [@s-8]=0208001033000000")]
    public void CallThroughMemoryPushesSelectorAndAddress(string code, string pointer, string after) =>
        Spot.Check(code, "rdi=@d " + pointer, "trap=3 rip=10000841 " + after);

    [Theory]
    // m16:64, which AMD's processors do not have: they ignore REX.W here.
    [InlineData("48 FF 2F", "rsp=@s")]
    [InlineData("48 FF 1F", "rsp=@s-10 [@s-10]=03080010000000003300000000000000")]
    public void TransfersThroughTenBytes(string code, string after) =>
        Spot.CheckHere(code, "rdi=@d [@d]=40080010000000003300", "trap=3 rip=10000841 " + after);

    [Fact]
    public void ATenBytePointerToANonCanonicalTargetFaultsAtTheJump() =>
        Spot.CheckHere("48 FF 2F", "rdi=@d [@d]=00000000000080003300", "trap=d rip=@c error=0");

    [Theory]
    // Null, out of the table, a data segment, privilege level 0: #GP with the selector without its privilege level.
    [InlineData("FF 2F", "0000", "0")]
    [InlineData("FF 2F", "0300", "0")]
    [InlineData("FF 2F", "FBFF", "fff8")]
    [InlineData("FF 2F", "2B00", "28")]
    [InlineData("FF 2F", "1000", "10")]
    [InlineData("FF 1F", "0000", "0")]
    [InlineData("FF 1F", "2B00", "28")]
    public void BadSelectorsFaultWithTheirNumber(string code, string selector, string error) =>
        Spot.Check(code, "rdi=@d [@d]=40080010" + selector, $"trap=d rip=@c error={error} rsp=@s");

    [Theory]
    [InlineData("CB", "[@s]=4008001033000000", "rsp=@s+8")]
    [InlineData("48 CB", "[@s]=40080010000000003300000000000000", "rsp=@s+10")]
    [InlineData("48 CA 10 00", "[@s]=40080010000000003300000000000000", "rsp=@s+20")]
    public void FarReturn(string code, string stack, string after) => Spot.Check(code, stack, "trap=3 rip=10000841 " + after);

    [Theory]
    [InlineData("00", "0")]
    [InlineData("2B", "28")]
    [InlineData("10", "10")]
    public void FarReturnToABadSelector(string selector, string error) =>
        Spot.Check("48 CB", $"[@s]=4008001000000000{selector}00000000000000", $"trap=d rip=@c error={error} rsp=@s");

    [Fact]
    public void IretqTakesAllFiveWords() =>
        // RFLAGS: CF, ZF, DF set; SS 2Bh; RSP at the data.
        Spot.Check(
            "48 CF",
            "[@s]=40080010000000003300000000000000410600000000000000010110000000002B00000000000000",
            "trap=3 rip=10000841 rsp=@d+100 flags=441");

    [Fact]
    public void IretqCannotChangePrivilegedFlags() =>
        // IOPL 3 and IF clear are asked for; PUSHFQ, POP RAX shows neither.
        Spot.Check(
            "48 CF 9C 58",
            "[@s]=02080010000000003300000000000000013000000000000000010110000000002B00000000000000",
            "rsp=@d+100 rax=203");

    [Theory]
    // RET imm16 releases 8000h and more bytes upwards: the count is not signed.
    [InlineData("C2 00 80", "rsp=@s+8008")]
    [InlineData("C2 FF FF", "rsp=@s+10007")]
    [InlineData("48 C2 08 00", "rsp=@s+10")]
    public void NearReturnReleasesAnUnsignedCount(string code, string after) => Spot.Check(code, "[@s]=4008001000000000", "trap=3 rip=10000841 " + after);
}
