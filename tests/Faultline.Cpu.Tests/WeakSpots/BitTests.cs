namespace Faultline.Cpu.Tests.WeakSpots;

/// <summary>Bit instructions whose flags and edge cases emulators get wrong.</summary>
public sealed class BitTests
{
    [Theory]
    // BLSI: CF is set when the source is not zero.
    [InlineData("C4 E2 78 F3 D9", "rcx=18", "rax=8 flags=1")]
    [InlineData("C4 E2 78 F3 D9", "rcx=0", "rax=0 flags=40")]
    [InlineData("C4 E2 78 F3 D9", "rcx=80000000", "rax=80000000 flags=81")]
    // BLSR and BLSMSK: CF is set when the source is zero.
    [InlineData("C4 E2 78 F3 C9", "rcx=18", "rax=10 flags=0")]
    [InlineData("C4 E2 78 F3 C9", "rcx=0", "rax=0 flags=41")]
    [InlineData("C4 E2 78 F3 D1", "rcx=18", "rax=f flags=0")]
    [InlineData("C4 E2 78 F3 D1", "rcx=0", "rax=ffffffff flags=81")]
    [InlineData("C4 E2 F8 F3 D1", "rcx=0", "rax=ffffffffffffffff flags=81")]
    // BZHI: the index is a byte; CF is set when it is beyond the operand.
    [InlineData("C4 E2 70 F5 C2", "rdx=ffff rcx=108", "rax=ff flags=0")]
    [InlineData("C4 E2 70 F5 C2", "rdx=ffff rcx=20", "rax=ffff flags=1")]
    [InlineData("C4 E2 70 F5 C2", "rdx=ffff rcx=100", "rax=0 flags=40")]
    // BEXTR: start and length are bytes; a start beyond the operand gives zero.
    [InlineData("C4 E2 70 F7 C2", "rdx=12345678 rcx=808", "rax=56 flags=0")]
    [InlineData("C4 E2 70 F7 C2", "rdx=12345678 rcx=ff08", "rax=123456 flags=0")]
    [InlineData("C4 E2 70 F7 C2", "rdx=12345678 rcx=820", "rax=0 flags=40")]
    [InlineData("C4 E2 70 F7 C2", "rdx=12345678 rcx=8", "rax=0 flags=40")]
    public void Bmi1AndBmi2(string code, string before, string after) =>
        // AF and PF are undefined for all, SF for BEXTR: PUSHF, POP RCX, AND ECX with SF, ZF and CF.
        Spot.Check(code + " 9C 59 81 E1 C1 00 00 00", before, after.Replace(" flags=", " rcx=", StringComparison.Ordinal));

    [Theory]
    // A zero source leaves the destination alone: all 64 bits of it, for the 32-bit form too.
    [InlineData("0F BC C1", "rax=1122334455667788")]
    [InlineData("0F BD C1", "rax=1122334455667788")]
    [InlineData("48 0F BC C1", "rax=1122334455667788")]
    [InlineData("66 0F BD C1", "rax=1122334455667788")]
    public void ScanOfZeroLeavesTheDestination(string code, string after) =>
        Spot.Check(code, "rax=1122334455667788 rcx=0", after);

    [Theory]
    // A register offset reaches beyond the operand, in both directions; an immediate one does not.
    [InlineData("0F A3 07", "rcx=0", "rax=48", "[@d+109]=01", "flags=1")]
    [InlineData("0F A3 07", "rcx=0", "rax=ffffffc8", "[@d+f9]=01", "flags=1")]
    [InlineData("48 0F A3 07", "rcx=0", "rax=ffffffffffffffc8", "[@d+f9]=01", "flags=1")]
    [InlineData("66 0F A3 07", "rcx=0", "rax=8000", "[@d]=00", "flags=0")]
    [InlineData("0F BA 27 48", "rcx=0", "rax=0", "[@d+101]=01", "flags=1")]
    public void BitOffsetsReachBeyondTheOperand(string code, string a, string b, string memory, string after)
    {
        // 66h: -8000h bits are 1000h bytes below.
        string base_ = code.StartsWith("66", StringComparison.Ordinal) ? "rdi=@d+1000" : "rdi=@d+100";
        Spot.Check(code, $"{a} {b} {base_} {memory}", after);
    }

    [Theory]
    [InlineData("0F AB 07", "rax=ffffffff", "[@d+fc]=00000080")]
    [InlineData("48 0F AB 07", "rax=ffffffffffffffff", "[@d+f8]=0000000000000080")]
    [InlineData("F0 48 0F AB 07", "rax=ffffffffffffffff", "[@d+f8]=0000000000000080")]
    [InlineData("66 0F AB 07", "rax=7fff", "[@d+10fe]=0080")]
    public void BitSetWithANegativeOffsetWritesBelow(string code, string offset, string memory) =>
        Spot.Check(code, $"rdi=@d+100 {offset}", memory);

    [Theory]
    // Counts of zero, masked to zero too, change no flag; the 32-bit forms still clear the upper half.
    [InlineData("D3 E0", "rcx=0")]
    [InlineData("D3 E0", "rcx=20")]
    [InlineData("D3 E8", "rcx=0")]
    [InlineData("D3 F8", "rcx=20")]
    [InlineData("D3 C0", "rcx=20")]
    [InlineData("D3 D0", "rcx=0")]
    [InlineData("C1 E0 20", "rcx=1")]
    [InlineData("0F A5 D0", "rcx=20")]
    [InlineData("0F AD D0", "rcx=0")]
    public void ZeroCountsKeepFlags(string code, string count) =>
        Spot.Check(code, $"rax=ffffffff81234567 {count} flags=8d5", "rax=81234567 flags=8d5");

    [Theory]
    // Rotates by a multiple of the width leave the value but set CF; by a masked zero they set nothing.
    [InlineData("C0 C0 08", "rax=81 flags=0", "rax=81")]
    [InlineData("C0 C8 08", "rax=81 flags=0", "rax=81")]
    [InlineData("66 C1 C0 10", "rax=8001 flags=0", "rax=8001")]
    [InlineData("66 C1 C8 10", "rax=8001 flags=0", "rax=8001")]
    public void RotateByTheWidthSetsCarry(string code, string before, string after) =>
        // SETC CL.
        Spot.Check(code + " 0F 92 C1", before, after + " rcx=1");

    [Theory]
    // RCL and RCR count modulo 9 and 17 after the mask.
    [InlineData("C0 D0 09", "rax=81 flags=0", "rax=81 rcx=0")]
    [InlineData("C0 D0 0A", "rax=81 flags=0", "rax=2 rcx=1")]
    [InlineData("66 C1 D0 11", "rax=8001 flags=1", "rax=8001 rcx=1")]
    [InlineData("66 C1 D8 12", "rax=8001 flags=0", "rax=4000 rcx=1")]
    [InlineData("C1 D0 1F", "rax=1 flags=0", "rax=80000000 rcx=0")]
    [InlineData("48 C1 D8 3F", "rax=1 flags=0", "rax=4 rcx=0")]
    public void RotateThroughCarryCounts(string code, string before, string after) => Spot.Check(code + " 0F 92 C1", before, after);

    [Theory]
    [InlineData("66 0F A4 D0 10", "rax=11115678 rdx=9abc", "rax=11119abc")]
    [InlineData("66 0F AC D0 10", "rax=11115678 rdx=9abc", "rax=11119abc")]
    [InlineData("0F A4 D0 08", "rax=11115678 rdx=9abcdef0", "rax=1156789a")]
    public void DoubleShiftByTheWidth(string code, string before, string after) => Spot.Check(code, before, after);
}
