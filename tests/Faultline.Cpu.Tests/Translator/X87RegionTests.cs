using Faultline.Cpu.State;
using Faultline.Cpu.Tests.Differential;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>
/// x87 code in loops, where translated code has the registers in locals: after every program the registers, tags, TOP, status word, pointers, memory and the number of
/// instructions are those of the interpreter.
/// </summary>
public sealed unsafe class X87RegionTests
{
    private const ulong Data = GuestCode.DataStart;
    private const int RoutineControl = 0x37f;

    /// <summary>Loops of random instructions that keep to the stack's rules, but for one in ten that does not.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void RandomLoopsEndAlike(int seed)
    {
        for (int i = 0; i < DifferentialSettings.TranslatedCases; i++)
        {
            X87Program program = new(SplitMix.Of((ulong)seed, -7, i));
            EndsAlike(program.Write, program.Prepare, $"seed {seed}, number {i}", budget: program.Budget);
        }
    }

    /// <summary>TOP goes round: each entry of the function finds it elsewhere.</summary>
    [Fact]
    public void FunctionIsEnteredWithAnotherTop() => EndsAlike(
        a =>
        {
            Label outer = a.CreateLabel(), loop = a.CreateLabel(), function = a.CreateLabel(), over = a.CreateLabel();
            a.mov(ebx, 40);
            a.Label(ref outer);
            // One more register in use in each round of three, and TOP one further on after them.
            for (int depth = 0; depth < 3; depth++)
            {
                a.fld1();
                a.call(function);
            }
            for (int depth = 0; depth < 3; depth++)
                a.fstp(__qword_ptr[Data + 64 + (ulong)depth * 8]);
            a.fdecstp();
            a.dec(ebx);
            a.jne(outer);
            a.jmp(over);
            a.Label(ref function);
            a.mov(ecx, 100);
            a.fldz();
            a.Label(ref loop);
            a.fld1();
            a.fild(__dword_ptr[Data]);
            a.fdivp(st1, st0);
            a.faddp(st1, st0);
            a.dec(ecx);
            a.jne(loop);
            a.faddp(st1, st0);
            a.ret();
            a.Label(ref over);
        },
        guest => Write(guest, 0, 3),
        "another TOP");

    /// <summary>The stack runs over, or dry, in the middle of a loop; exceptions are masked, and the loop goes on.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void StackFaultsInLoop(bool overflow) => EndsAlike(
        a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, 2000);
            a.Label(ref loop);
            a.fld1();
            a.fadd(__qword_ptr[Data]);
            if (overflow)
                a.fld(st0);
            else
                a.fstp(__qword_ptr[Data + 8]);
            a.fstp(__qword_ptr[Data + 16]);
            if (!overflow)
            {
                a.test(ecx, 63);
                Label some = a.CreateLabel();
                a.jne(some);
                a.faddp(st1, st0);
                a.Label(ref some);
            }
            a.fnstsw(ax);
            a.add(edx, eax);
            a.dec(ecx);
            a.jne(loop);
        },
        guest => Write(guest, 0, BitConverter.DoubleToInt64Bits(0.1)),
        "stack fault");

    /// <summary>The two ways to convert: with truncation set for one store, as compilers did, and with less precision for a while.</summary>
    [Theory]
    [InlineData(0xf7f, false)]
    [InlineData(0xf7f, true)]
    [InlineData(0xb7f, false)]
    [InlineData(0x77f, false)]
    [InlineData(0x37f, false)]
    [InlineData(0x27f, false)]
    [InlineData(0x27f, true)]
    [InlineData(0x07f, true)]
    [InlineData(0x35f, true)]
    [InlineData(0x37e, false)]
    public void ControlWordChangesInLoop(int control, bool rounds) => EndsAlike(
        a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, 5000);
            a.fldz();
            a.Label(ref loop);
            a.fadd(__qword_ptr[Data]);
            a.fnstcw(__word_ptr[Data + 8]);
            a.fldcw(__word_ptr[Data + 16]);
            a.fld(st0);
            if (rounds)
                a.fmul(__qword_ptr[Data]);
            a.fist(__dword_ptr[Data + 32]);
            a.fistp(__qword_ptr[Data + 24]);
            a.fldcw(__word_ptr[Data + 8]);
            a.add(rdx, __qword_ptr[Data + 24]);
            a.fnstsw(ax);
            a.add(esi, eax);
            a.fnstsw(__word_ptr[Data + 40]);
            a.dec(ecx);
            a.jne(loop);
        },
        guest =>
        {
            Write(guest, 0, BitConverter.DoubleToInt64Bits(0.7));
            Write(guest, 16, control);
        },
        "control word", anyEnd: true);

    /// <summary>A product grows until it overflows, a quotient until it is denormal: both stay exact.</summary>
    [Theory]
    [InlineData(1.5)]
    [InlineData(0.25)]
    [InlineData(-3e200)]
    [InlineData(0.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(5e-324)]
    public void ValuesLeaveTheOrdinary(double factor) => EndsAlike(
        a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, 20_000);
            a.fld1();
            a.fld1();
            a.Label(ref loop);
            a.fmul(__qword_ptr[Data]);
            a.fxch(st0, st1);
            a.fdiv(__qword_ptr[Data]);
            a.fxch(st0, st1);
            a.fcomi(st0, st1);
            a.adc(edx, 0);
            a.dec(ecx);
            a.jne(loop);
        },
        guest => Write(guest, 0, BitConverter.DoubleToInt64Bits(factor)),
        $"factor {factor}");

    private static void Write(GuestCode guest, int offset, long value) =>
        Assert.Equal(8, guest.Memory.Write(Data + (ulong)offset, BitConverter.GetBytes(value), out _));

    /// <summary>Runs a program on the three engines, on the translating ones also a few instructions at a time.</summary>
    private static void EndsAlike(Action<Assembler> write, Action<GuestCode> prepare, string name, long budget = 977, bool anyEnd = false)
    {
        string expected = Run(nameof(ExecutionEngine.Interpreter), long.MaxValue);
        foreach (string engine in (string[])[nameof(ExecutionEngine.Translator), nameof(ExecutionEngine.Auto)])
        {
            Assert.Equal(expected, Run(engine, long.MaxValue));
            Assert.Equal(expected, Run(engine, budget));
        }

        string Run(string engine, long slice)
        {
            using GuestCode guest = Engines.Guest(engine);
            guest.Assemble(write);
            guest.State->X87Control = RoutineControl;
            prepare(guest);
            ExitReason reason;
            do
                reason = guest.Processor.Run(slice);
            while (reason == ExitReason.BudgetSpent);
            if (!anyEnd)
                Assert.True(reason == ExitReason.SystemCall, $"{name}: {reason} on {engine}");
            return $"{name}: {reason}\n{Describe(guest)}";
        }
    }

    private static string Describe(GuestCode guest)
    {
        CpuState* s = guest.State;
        List<string> lines =
        [
            $"executed {guest.Processor.InstructionsExecuted} rip {s->Rip:x}",
            $"control {s->X87Control:x} status {s->X87Status:x} top {s->X87Top} tags {s->X87Tag:x2} opcode {s->X87Opcode:x} ip {s->X87InstructionPointer:x} data {s->X87DataPointer:x}",
        ];
        for (int i = 0; i < 8; i++)
            lines.Add($"r{i} {s->X87Registers[i * 2 + 1]:x}_{s->X87Registers[i * 2]:x16}");
        for (int i = 0; i < 16; i++)
            lines.Add($"gpr{i} {s->Gpr[i]:x}");
        byte[] data = new byte[X87Program.DataSize];
        Assert.Equal(data.Length, guest.Memory.Read(Data, data, out _));
        for (int i = 0; i < data.Length; i += 16)
            lines.Add($"[{i}] {Convert.ToHexString(data, i, 16)}");
        return string.Join('\n', lines);
    }
}
