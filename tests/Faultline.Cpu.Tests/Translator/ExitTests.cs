using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Cpu.Tests.Float;
using Faultline.Cpu.Translator;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>What exits see to, so that a region's hot path need not.</summary>
public sealed unsafe class ExitTests
{
    private const ulong Absent = 0x900000;

    public static TheoryData<string> All => Engines.All;

    /// <summary>
    /// What hardly ever happens lies behind what does: no exit's code comes before the last test of the loads. (The JIT places an exit right behind the test when it takes both sides of that for a
    /// plain branch, and the hot path then jumps over each.)
    /// </summary>
    [NativeFact]
    public void ExitsLieBehindTheHotPath()
    {
        const int Loads = 8;
        using GuestCode guest = new();
        guest.Assemble(a =>
        {
            for (int i = 0; i < Loads; i++)
                a.add(rax, __qword_ptr[rbx + 0x2000 * i]);
        });
        int branches = HotPath(Compile(guest)).Count(instruction => instruction.IsJccShortOrNear);
        Assert.True(branches >= Loads, $"{branches} conditional branches before the first exit");
    }

    /// <summary>A value that straight code computes in a register without a local across blocks is stored once, not after each step.</summary>
    [NativeFact]
    public void StoresTheLastOfManyValues()
    {
        using GuestCode guest = new();
        guest.Assemble(WriteSteps);
        int stores = HotPath(Compile(guest)).Count(instruction => instruction.Mnemonic == Mnemonic.Mov && instruction.Op0Kind == OpKind.Memory
            && instruction.MemoryBase is not (Register.RBP or Register.RSP) && instruction.MemoryDisplacement64 == (ulong)CpuState.GprOffset(15));
        Assert.Equal(1, stores);
    }

    /// <summary>Wherever straight code leaves because a page is absent, registers and flags are as they are before that instruction, and what came before counts, no more.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void LeavesWithAllRegisters(int absent)
    {
        using GuestCode guest = new(), interpreted = new(engine: ExecutionEngine.Interpreter);
        foreach (GuestCode each in (GuestCode[])[guest, interpreted])
        {
            each.Assemble(WriteSteps);
            for (int i = 0; i < 16; i++)
                each.State->Gpr[i] = 0x0123_4567_89ab_cdefUL * (ulong)(i + 1);
            each.State->Gpr[4] = GuestCode.StackTop - 0x800;
            each.State->Gpr[3] = absent == 1 ? Absent : GuestCode.DataStart;
            each.State->Gpr[5] = absent == 2 ? Absent : GuestCode.DataStart + 0x1000;
            each.State->Gpr[6] = absent == 3 ? Absent : GuestCode.DataStart + 0x2000;
            // Every page is there that is going to be.
            each.Memory.Write(GuestCode.DataStart, new byte[0x4000], out _);
            each.Memory.Write(GuestCode.StackTop - 0x1000, new byte[0x1000], out _);
        }
        Region region = Compile(guest);
        guest.State->Budget = 1000;
        Operation head = new() { Rip = GuestCode.CodeStart };
        ((delegate*<CpuState*, Operation*, Operation*>)region.Code!.Address)(guest.State, &head);
        Assert.Equal(ExitReason.PageFault, interpreted.Processor.Run());
        Assert.Equal(interpreted.State->Rip, guest.State->Rip);
        for (int i = 0; i < 16; i++)
            Assert.Equal(interpreted.State->Gpr[i], guest.State->Gpr[i]);
        Assert.Equal(Flags.Materialize(interpreted.State), Flags.Materialize(guest.State));
        Assert.Equal(interpreted.Processor.InstructionsExecuted, 1000 - guest.State->Budget);
    }

    /// <summary>A return, and a computed jump, that goes where it always has, until the address is not canonical: it faults, and nothing has changed.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void TargetsThatAreNotCanonical(string engine)
    {
        foreach (bool returns in (bool[])[true, false])
        {
            (ulong Rip, ulong Stack, ulong Value, ulong Flags, long Count) expected = Go(nameof(ExecutionEngine.Interpreter));
            Assert.Equal(expected, Go(engine));

            (ulong, ulong, ulong, ulong, long) Go(string name)
            {
                using GuestCode guest = Engines.Guest(name);
                guest.Assemble(a =>
                {
                    Label loop = a.CreateLabel(), function = a.CreateLabel(), back = a.CreateLabel(), usual = a.CreateLabel();
                    a.mov(ecx, 400_000);
                    a.mov(rdx, 0x8000_0000_0000_0000);
                    a.Label(ref loop);
                    a.lea(rax, __[back]);
                    if (returns)
                    {
                        a.push(rax);
                        a.call(function);
                    }
                    else
                    {
                        a.jmp(function);
                    }
                    a.Label(ref back);
                    a.add(rsi, rcx);
                    a.dec(ecx);
                    a.jne(loop);
                    a.ud2();
                    a.Label(ref function);
                    a.add(rdi, rsi);
                    a.cmp(ecx, 1);
                    a.jne(usual);
                    a.mov(rax, rdx);
                    if (returns)
                        a.mov(__[rsp], rax);
                    a.Label(ref usual);
                    a.add(rdi, 3);
                    if (returns)
                        a.ret(8);
                    else
                        a.jmp(rax);
                });
                guest.State->Gpr[4] -= 0x100;
                Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
                return (guest.State->Rip, guest.State->Gpr[4], guest.State->Gpr[7], Flags.Materialize(guest.State), guest.Processor.InstructionsExecuted);
            }
        }
    }

    /// <summary>A region that has no room for all of a small loop has it whole: otherwise control would go from one region to another and back in each turn.</summary>
    [Fact]
    public void SmallLoopsAreNotCut()
    {
        using GuestCode guest = new();
        guest.Assemble(a =>
        {
            // Right up to the limit, which is then in the middle of the loop.
            for (int i = 0; i < RegionBuilder.MaxWeight - 3; i++)
                a.nop();
            Label loop = a.CreateLabel();
            a.Label(ref loop);
            for (int i = 0; i < 6; i++)
                a.inc(eax);
            a.dec(ecx);
            a.jne(loop);
        });
        RegionBlock last = Build(guest).Blocks.MaxBy(block => block.Start)!;
        Assert.Equal(Mnemonic.Jne, last.Last!.Decoded.Mnemonic);
        Assert.Same(last, last.Taken);
    }

    /// <summary>Steps of a computation in R15, then accesses by three registers with steps of one in R14 between them; every other register is named more often than R15.</summary>
    private static void WriteSteps(Assembler a)
    {
        AssemblerRegister64[] others = [rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14];
        a.mov(r15, rax);
        a.add(r15, rcx);
        a.ror(r15, 7);
        a.xor(r15, rdx);
        a.mov(rax, __qword_ptr[rbx]);
        a.mov(__qword_ptr[rbp + 8], rax);
        a.lea(r14, __[r13 + r12 * 2]);
        a.sub(r14, rax);
        a.add(__dword_ptr[rsi + 16], r14d);
        foreach (AssemblerRegister64 other in others)
        {
            for (int i = 0; i < 4; i++)
                a.test(other, other);
        }
    }

    private static Region Build(GuestCode guest) =>
        new RegionBuilder(guest.Memory, guest.Processor.Model, _ => 1, (_, _) => -1, _ => [], _ => 0, _ => false).Build(GuestCode.CodeStart, Assumptions.All)!;

    private static Region Compile(GuestCode guest)
    {
        Region region = Build(guest);
        RegionTranslator.Compile(region);
        return region;
    }

    /// <summary>The host's instructions before the first exit, which is the first that has the address of a guest instruction; of an x86-64 host.</summary>
    private static List<Instruction> HotPath(Region region)
    {
        HashSet<ulong> addresses = [.. region.Blocks.SelectMany(block => block.Instructions).Select(instruction => instruction.Decoded.IP)];
        Decoder decoder = Decoder.Create(64, new HostCode(region.Code!.Address), (ulong)region.Code.Address);
        List<Instruction> path = [];
        while (decoder.Decode() is var instruction && !IsExit(instruction))
            path.Add(instruction);
        return path;

        // Beside the address may be a number of instructions.
        bool IsExit(in Instruction instruction) => instruction.OpCount == 2 && instruction.Op1Kind is OpKind.Immediate64 or OpKind.Immediate32to64 or OpKind.Immediate32
            && addresses.Contains(instruction.GetImmediate(1) & 0xffff_ffff_ffff);
    }

    /// <summary>The bytes of compiled code.</summary>
    private sealed class HostCode(nint address) : CodeReader
    {
        private int _at;

        public override int ReadByte() => ((byte*)address)[_at++];
    }
}
