using Faultline.Cpu.Tests.Differential;
using Faultline.Cpu.Tests.Float;

namespace Faultline.Cpu.Tests.WeakSpots;

/// <summary>Hints that do nothing, encodings that are undefined, and the ends of what can be fetched.</summary>
public sealed unsafe class OpcodeTests
{
    [Theory]
    // RDI points nowhere: hints never fault.
    [InlineData("0F 0D 07")]
    [InlineData("0F 0D 0F")]
    [InlineData("0F 0D 17")]
    [InlineData("0F 0D 3F")]
    [InlineData("0F 18 07")]
    [InlineData("0F 18 1F")]
    [InlineData("0F 18 27")]
    [InlineData("0F 18 3F")]
    [InlineData("0F 19 07")]
    [InlineData("0F 1A 07")]
    [InlineData("0F 1B 07")]
    [InlineData("0F 1C 07")]
    [InlineData("0F 1D 07")]
    [InlineData("0F 1E 07")]
    [InlineData("0F 1F 07")]
    [InlineData("48 0F 1F 84 00 00 02 00 00")]
    [InlineData("66 66 2E 0F 1F 84 00 00 02 00 00")]
    [InlineData("F2 0F 1A 07")]
    [InlineData("F3 0F 1B 07")]
    public void HintsToUnmappedMemoryDoNothing(string code) =>
        Spot.Check(code, "rax=5 rdi=1000 flags=8d5", "rax=5 rdi=1000 flags=8d5");

    [Theory]
    [InlineData("0F 18 C0")]
    [InlineData("0F 19 C1")]
    [InlineData("0F 1C C7")]
    [InlineData("0F 1E C8")]
    [InlineData("0F 1F C0")]
    // ENDBR64, ENDBR32, RDSSPD, RDSSPQ without shadow stacks.
    [InlineData("F3 0F 1E FA")]
    [InlineData("F3 0F 1E FB")]
    [InlineData("F3 0F 1E C8")]
    [InlineData("F3 48 0F 1E C8")]
    public void HintsWithRegistersDoNothing(string code) => Spot.Check(code, "rax=1122334455667788 flags=8d5", "rax=1122334455667788 flags=8d5");

    [Theory]
    // UD2; UD1 and UD0 with operands; what 64-bit mode took away: PUSH ES .. POP DS, DAA, DAS, AAA, AAS, PUSHA, POPA, BOUND's, far CALL,
    // far JMP, INTO, AAM, AAD, SALC; ARPL's opcode is MOVSXD; LES and LDS are VEX, and with bad fields undefined.
    [InlineData("0F 0B")]
    [InlineData("0F B9 C0")]
    [InlineData("0F B9 07")]
    [InlineData("0F FF C0")]
    [InlineData("0F FF 07")]
    [InlineData("06")]
    [InlineData("07")]
    [InlineData("0E")]
    [InlineData("16")]
    [InlineData("17")]
    [InlineData("1E")]
    [InlineData("1F")]
    [InlineData("27")]
    [InlineData("2F")]
    [InlineData("37")]
    [InlineData("3F")]
    [InlineData("60")]
    [InlineData("61")]
    [InlineData("9A 00 00 00 00 33 00")]
    [InlineData("EA 00 00 00 00 33 00")]
    [InlineData("CE")]
    [InlineData("D4 0A")]
    [InlineData("D5 0A")]
    [InlineData("D6")]
    [InlineData("82 C0 01")]
    [InlineData("C4 E0 78 10 C0")]
    [InlineData("48 C5 F8 57 C0")]
    [InlineData("66 C5 F8 57 C0")]
    [InlineData("F0 C5 F8 57 C0")]
    [InlineData("8D C0")]
    [InlineData("0F A6 C0")]
    [InlineData("0F 24 C0")]
    [InlineData("F0 8B 07")]
    [InlineData("F0 01 C0")]
    [InlineData("FE D0")]
    [InlineData("FF F8")]
    [InlineData("8F C8")]
    [InlineData("C6 C8 00")]
    public void UndefinedInLongMode(string code) => Spot.Check(code, "rdi=@d rax=1", "trap=6 rip=@c rax=1");

    [Theory]
    // 15 bytes are an instruction, 16 are #GP(0), whatever the rest would mean.
    [InlineData("66 66 66 66 66 66 66 66 66 66 66 66 66 66 90", "trap=3 rip=@c+10")]
    [InlineData("66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 90", "trap=d rip=@c error=0")]
    [InlineData("2E 2E 2E 2E 2E 2E 2E 2E 2E 2E 2E 48 89 84 24 00 00 00 00", "trap=d rip=@c error=0")]
    [InlineData("2E 2E 2E 2E 2E 2E 2E 48 89 84 24 F8 FF FF FF", "trap=3 rip=@c+10")]
    public void FifteenBytesAreTheLimit(string code, string after) => Spot.Check(code, "", after);

    [Theory]
    // The last byte of the page is the instruction's last: it runs, and the next fetch faults. Short of a byte: a fetch fault at the page's start.
    [InlineData("B8 78 56 34 12", "rip=@n-5", "trap=e rip=@n cr2=@n error=14 rax=12345678")]
    [InlineData("B8 78 56 34", "rip=@n-4", "trap=e rip=@n-4 cr2=@n error=14 rax=0")]
    [InlineData("0F", "rip=@n-1", "trap=e rip=@n-1 cr2=@n error=14")]
    [InlineData("F3", "rip=@n-1", "trap=e rip=@n-1 cr2=@n error=14")]
    [InlineData("90 48", "rip=@n-2", "trap=e rip=@n-1 cr2=@n error=14")]
    [InlineData("0F 0B", "rip=@n-2", "trap=6 rip=@n-2")]
    // What is undefined by its opcode alone asks for no more bytes.
    [InlineData("06", "rip=@n-1", "trap=6 rip=@n-1")]
    [InlineData("D6", "rip=@n-1", "trap=6 rip=@n-1")]
    [InlineData("90 66 48 27", "rip=@n-4", "trap=6 rip=@n-3")]
    public void FetchAtTheEndOfAPage(string code, string before, string after) => Spot.Check(code, before, after);

    [NativeFact(DecidesAlike = true)]
    public void EveryOpcodeAtTheEndOfAPage()
    {
        // System calls and segments would be the host's own; the operand bytes of UD0 and UD1 are Intel's; INT1 is a hypervisor's.
        int[] excluded = [0xf1, 0x105, 0x134, 0x1a1, 0x1a9, 0x1b9, 0x1ff];
        using DifferentialRunner runner = new();
        List<string> wrong = [];
        for (int i = 0; i < 512; i++)
        {
            if (excluded.Contains(i))
                continue;
            byte[] bytes = i < 256 ? [(byte)i] : [0x0f, (byte)i];
            DiffCase test = new() { Name = Convert.ToHexString(bytes), Rip = Scratch.Code + Scratch.CodeSize - (ulong)bytes.Length };
            test.Bytes.AddRange(bytes);
            test.Initial.Gpr[4] = Scratch.Stack;
            test.Initial.Rflags = 0x202;
            test.Initial.X87Control = 0x37f;
            test.Initial.Mxcsr = 0x1f80;
            wrong.AddRange(runner.Differences(test).Where(line => line.Contains("trap", StringComparison.Ordinal) || line.Contains("rip", StringComparison.Ordinal)).Select(line => $"{test.Name} {line}"));
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Ud0TakesAModrmByte() =>
        // Not on AMD's processors.
        Spot.CheckHere("0F FF", "rip=@n-2", "trap=e rip=@n-2 cr2=@n error=14");

    [Theory]
    [InlineData("F7 F1", "rax=1 rcx=0", "rax=1 rdx=0")]
    [InlineData("F7 F1", "rax=0 rdx=1 rcx=1", "rax=0 rdx=1")]
    [InlineData("F7 F9", "rax=80000000 rdx=ffffffff rcx=ffffffff", "rax=80000000 rdx=ffffffff")]
    [InlineData("48 F7 F9", "rax=8000000000000000 rdx=ffffffffffffffff rcx=ffffffffffffffff", "rax=8000000000000000")]
    [InlineData("F6 F1", "rax=100 rcx=1", "rax=100")]
    [InlineData("66 F7 F9", "rax=8000 rdx=ffff rcx=ffff", "rax=8000")]
    [InlineData("F6 F9", "rax=ff80 rcx=ff", "rax=ff80")]
    public void DivisionsThatDoNotFit(string code, string before, string after) => Spot.Check(code, before, "trap=0 rip=@c " + after);

    [Theory]
    [InlineData("F6 F9", "rax=ff80 rcx=1", "rax=80")]
    [InlineData("F7 F9", "rax=80000001 rdx=ffffffff rcx=ffffffff", "rax=7fffffff rdx=0")]
    [InlineData("F7 F1", "rax=ffffffff rdx=fffffffe rcx=ffffffff", "rax=ffffffff rdx=fffffffe")]
    public void DivisionsThatJustFit(string code, string before, string after) => Spot.Check(code, before, after);
}
