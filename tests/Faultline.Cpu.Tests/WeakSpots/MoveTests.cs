namespace Faultline.Cpu.Tests.WeakSpots;

/// <summary>Which bits of a destination a move or exchange changes.</summary>
public sealed class MoveTests
{
    [Theory]
    // Equal: the source is written, and the accumulator keeps its upper half; not equal: the accumulator is written, and the destination keeps its own.
    [InlineData("0F B1 D1", "rax=aaaaaaaa00000001 rcx=bbbbbbbb00000001 rdx=2", "rax=aaaaaaaa00000001 rcx=2 flags=44")]
    [InlineData("0F B1 D1", "rax=aaaaaaaa00000001 rcx=bbbbbbbb00000002 rdx=3", "rax=2 rcx=bbbbbbbb00000002 flags=95")]
    [InlineData("48 0F B1 D1", "rax=aaaaaaaa00000001 rcx=bbbbbbbb00000002 rdx=3", "rax=bbbbbbbb00000002 rcx=bbbbbbbb00000002")]
    [InlineData("0F B1 17", "rax=aaaaaaaa00000001 rdi=@d [@d]=02000000 rdx=3", "rax=2 [@d]=02000000")]
    [InlineData("0F B1 17", "rax=aaaaaaaa00000001 rdi=@d [@d]=01000000 rdx=3", "rax=aaaaaaaa00000001 [@d]=03000000")]
    // The accumulator as destination always compares equal.
    [InlineData("0F B1 D0", "rax=aaaaaaaa00000001 rdx=2", "rax=2 flags=44")]
    public void CmpxchgUpperHalves(string code, string before, string after) => Spot.Check(code, before, after);

    [Theory]
    [InlineData("0F C1 C0", "rax=ffffffff00000005", "rax=a")]
    [InlineData("48 0F C1 C0", "rax=ffffffff00000005", "rax=fffffffe0000000a")]
    // AL + AH: the sum goes to AL and the old AL to AH.
    [InlineData("0F C0 E0", "rax=1122", "rax=2233")]
    [InlineData("0F C1 D1", "rcx=1 rdx=2", "rcx=3 rdx=1")]
    public void XaddOfOneRegisterWithItself(string code, string before, string after) => Spot.Check(code, before, after);

    [Theory]
    [InlineData("86 E0", "rax=1122", "rax=2211")]
    [InlineData("86 FB", "rbx=1122", "rbx=2211")]
    [InlineData("87 C0", "rax=ffffffff00000001", "rax=1")]
    [InlineData("48 87 C0", "rax=ffffffff00000001", "rax=ffffffff00000001")]
    public void XchgOfARegisterWithItself(string code, string before, string after) => Spot.Check(code, before, after);

    [Theory]
    [InlineData("89 C8", "rcx=2", "rax=2")]
    [InlineData("89 C0", "rcx=0", "rax=55667788")]
    // CMOVNE, not taken: the 32-bit register's upper half goes, the 16-bit register's rest stays.
    [InlineData("0F 45 C1", "flags=40 rcx=2", "rax=55667788")]
    [InlineData("0F 45 C1", "flags=0 rcx=2", "rax=2")]
    [InlineData("66 0F 45 C1", "flags=40 rcx=2", "rax=1122334455667788")]
    // MOVSXD without REX.W moves 32 bits and zero-extends; MOVSX to 16 bits keeps the rest.
    [InlineData("63 C1", "rcx=ffffffff80000000", "rax=80000000")]
    [InlineData("48 63 C1", "rcx=80000000", "rax=ffffffff80000000")]
    [InlineData("66 0F BE C1", "rcx=80", "rax=112233445566ff80")]
    [InlineData("0F BE C1", "rcx=80", "rax=ffffff80")]
    // CBW, CWDE, CDQE.
    [InlineData("66 98", "rcx=0", "rax=112233445566ff88")]
    [InlineData("98", "rcx=0", "rax=7788")]
    [InlineData("48 98", "rcx=0", "rax=55667788")]
    public void UpperHalves(string code, string before, string after) => Spot.Check(code, "rax=1122334455667788 " + before, after);

    [Fact]
    public void CmovLoadsEvenWhenItDoesNotMove() => Spot.Check("0F 45 07", "flags=40 rax=5 rdi=@e-3", "trap=e rip=@c cr2=@e error=4 rax=5");

    [Theory]
    [InlineData("A0 00 00 01 10 00 00 00 00", "rax=ffffffffffffff88")]
    [InlineData("A1 00 00 01 10 00 00 00 00", "rax=55667788")]
    [InlineData("48 A1 00 00 01 10 00 00 00 00", "rax=1122334455667788")]
    [InlineData("67 48 A1 00 00 01 10", "rax=1122334455667788")]
    public void MoffsTakesTheAddressSize(string code, string after) => Spot.Check(code, "rax=ffffffffffffffff [@d]=8877665544332211", after);

    [Theory]
    [InlineData("D7", "rbx=@d rax=ff03", "rax=ff44")]
    [InlineData("65 D7", "rbx=@d-1230 rax=3", "rax=44")]
    [InlineData("67 D7", "rbx=@d+100000000 rax=3", "rax=44")]
    public void XlatTakesPrefixes(string code, string before, string after) => Spot.Check(code, before + " [@d]=1122334455", after);

    [Theory]
    [InlineData("67 8D 04 0A", "rdx=ffffffff rcx=2", "rax=1")]
    [InlineData("67 48 8D 04 0A", "rdx=ffffffff rcx=2", "rax=1")]
    [InlineData("48 8D 04 0A", "rdx=ffffffff rcx=2", "rax=100000001")]
    [InlineData("67 48 8D 42 FF", "rdx=0 rcx=0", "rax=ffffffff")]
    [InlineData("8D 42 FF", "rdx=0 rcx=0", "rax=ffffffff")]
    [InlineData("66 8D 42 FF", "rdx=1 rcx=0", "rax=0")]
    [InlineData("65 48 8D 42 05", "rdx=1 rcx=0", "rax=6")]
    public void LeaWithAddressAndOperandSizes(string code, string before, string after) => Spot.Check(code, before, after);
}
