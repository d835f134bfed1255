namespace Faultline.Cpu.Tests.WeakSpots;

/// <summary>PUSH, POP, ENTER and flags through the stack.</summary>
public sealed class StackTests
{
    [Theory]
    // PUSH RSP stores the old value; POP RSP keeps what it loaded; PUSH [RSP] reads before, POP [RSP] writes after RSP moves.
    [InlineData("54", "", "rsp=@s-8 [@s-8]=0038011000000000")]
    [InlineData("5C", "[@s]=0011223344550000", "rsp=554433221100")]
    [InlineData("66 54", "", "rsp=@s-2 [@s-2]=0038")]
    [InlineData("66 5C", "[@s]=3412", "rsp=10011234")]
    [InlineData("FF 34 24", "[@s]=8877665544332211", "rsp=@s-8 [@s-8]=8877665544332211")]
    [InlineData("8F 04 24", "[@s]=8877665544332211", "rsp=@s+8 [@s+8]=8877665544332211")]
    [InlineData("8F 44 24 F8", "[@s]=8877665544332211", "rsp=@s+8 [@s]=8877665544332211")]
    [InlineData("6A FF", "", "rsp=@s-8 [@s-8]=ffffffffffffffff")]
    [InlineData("66 6A FF", "", "rsp=@s-2 [@s-2]=ffff")]
    [InlineData("68 00 00 00 80", "", "rsp=@s-8 [@s-8]=00000080ffffffff")]
    public void PushAndPopOfTheStackPointer(string code, string before, string after) => Spot.Check(code, before, after);

    [Theory]
    [InlineData("C8 10 00 00", "rbp=@d", "rbp=@s-8 rsp=@s-18 [@s-8]=0000011000000000")]
    [InlineData("C8 10 00 01", "rbp=@d", "rbp=@s-8 rsp=@s-20 [@s-10]=f837011000000000")]
    [InlineData("C8 00 00 02", "rbp=@d+100 [@d+f8]=1111111111111111", "rbp=@s-8 rsp=@s-18 [@s-18]=f8370110000000001111111111111111")]
    // The level is taken modulo 32.
    [InlineData("C8 00 00 21", "rbp=@d", "rbp=@s-8 rsp=@s-10 [@s-10]=f837011000000000")]
    // 16-bit frames move two bytes a level.
    [InlineData("66 C8 00 00 02", "rbp=@d+100 [@d+fe]=2222", "rsp=@s-6 [@s-6]=fe3722220001")]
    public void EnterCopiesTheDisplay(string code, string before, string after) => Spot.Check(code, before, after);

    [Theory]
    // All six status flags and DF survive CALL and RET.
    [InlineData("8d5")]
    [InlineData("cd5")]
    [InlineData("0")]
    [InlineData("841")]
    public void FlagsSurviveCallAndReturn(string flags) => Spot.Check("E8 02 00 00 00 EB 01 C3", $"flags={flags}", $"flags={flags} rsp=@s");

    [Theory]
    // The flags of an ADD in the callee reach the caller, and the caller's reach the callee: CALL, JC over MOV.
    [InlineData("04 01 E8 02 00 00 00 EB 06 72 02 B1 01 C3", "rax=ff", "rcx=0")]
    [InlineData("04 01 E8 02 00 00 00 EB 06 72 02 B1 01 C3", "rax=fe", "rcx=1")]
    public void LazyFlagsReachTheCallee(string code, string before, string after) =>
        Spot.Check(code.Replace("EB 06 72 02 B1 01 C3", "EB 05 72 02 B1 01 C3"), before, after);

    [Theory]
    // POPF of everything but TF: PUSHF reads back CF, PF, AF, ZF, SF, IF, DF, OF, NT, AC, ID; IOPL, RF, VM, VIF and VIP are not the user's.
    [InlineData("9D 9C 58 68 02 02 00 00 9D", "[@s]=fffeffff00000000", "rax=244ed7")]
    [InlineData("9D 9C 58", "[@s]=0000000000000000", "rax=202")]
    [InlineData("66 9D 9C 58", "[@s]=d50e", "rax=ed7")]
    public void PopfChangesWhatTheUserMay(string code, string before, string after) => Spot.Check(code, before, after);

    [Theory]
    [InlineData("E3 02 B0 01", "rcx=0", "rax=0")]
    [InlineData("E3 02 B0 01", "rcx=100000000", "rax=1")]
    [InlineData("67 E3 02 B0 01", "rcx=100000000", "rax=0")]
    [InlineData("FF C0 67 E2 FB", "rcx=100000003", "rax=3 rcx=0")]
    [InlineData("FF C0 E2 FC", "rcx=3", "rax=3 rcx=0")]
    public void CountedBranchesTakeTheAddressSize(string code, string before, string after) => Spot.Check(code, before, after);

    [Theory]
    // A store that does not fit on the stack leaves RSP where it was.
    [InlineData("50", "rsp=@d+4", "trap=e rip=@c rsp=@d+4 error=6 cr2=@d-4")]
    [InlineData("E8 00 00 00 00", "rsp=@d", "trap=e rip=@c rsp=@d error=6 cr2=@d-8")]
    [InlineData("C8 10 00 00", "rsp=@d rbp=7", "trap=e rip=@c rsp=@d rbp=7 error=6 cr2=@d-8")]
    [InlineData("8F 07", "rdi=1000 [@s]=11", "trap=e rip=@c rsp=@s error=6 cr2=1000")]
    public void AFaultingPushLeavesTheStackPointer(string code, string before, string after) => Spot.Check(code, before, after);
}
