using Faultline.Cpu.State;
using Faultline.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Interpreter;

public sealed unsafe class BasicTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LoopSumsNumbers(bool flatTables)
    {
        using GuestCode guest = new(flatTables: flatTables);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, 1000);
            a.xor(eax, eax);
            a.Label(ref loop);
            a.add(rax, rcx);
            a.mov(__qword_ptr[rcx * 8 + (long)GuestCode.DataStart], rax);
            a.dec(ecx);
            a.jne(loop);
        });
        Assert.Equal(500500UL, guest.State->Gpr[0]);
        Assert.Equal(2 + 4000 + 1, guest.Processor.InstructionsExecuted);
        Span<byte> last = stackalloc byte[8];
        Assert.Equal(8, guest.Memory.Read(GuestCode.DataStart + 8, last, out _));
        Assert.Equal(500500UL, BitConverter.ToUInt64(last));
    }

    [Fact]
    public void CallAndReturn()
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            Label function = a.CreateLabel();
            Label done = a.CreateLabel();
            a.mov(edi, 5);
            a.call(function);
            a.jmp(done);
            a.Label(ref function);
            a.lea(rax, __[rdi + rdi * 4 + 3]);
            a.ret();
            a.Label(ref done);
        });
        Assert.Equal(28UL, guest.State->Gpr[0]);
        Assert.Equal(GuestCode.StackTop, guest.State->Gpr[4]);
    }

    [Fact]
    public void FaultLeavesTheStateOfTheInstructionBefore()
    {
        using GuestCode guest = new();
        guest.Assemble(a =>
        {
            a.mov(ecx, 7);
            a.cmp(ecx, 9);
            a.add(__dword_ptr[0x1234], ecx);
        });
        Assert.Equal(ExitReason.PageFault, guest.Processor.Run());
        Assert.Equal(0x1234UL, guest.State->ExitAddress);
        Assert.Equal(6u, guest.State->ExitCode);
        Assert.Equal(GuestCode.CodeStart + 5 + 3, guest.State->Rip);
        Assert.Equal(Rflags.CF, Flags.Materialize(guest.State) & (Rflags.CF | Rflags.ZF));
    }

    [Fact]
    public void StoreToItsOwnBlockTakesEffectAtTheNextInstruction()
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            Label patched = a.CreateLabel();
            Label after = a.CreateLabel();
            a.lea(rdx, __[patched]);
            a.mov(__byte_ptr[rdx + 1], 42);
            a.Label(ref patched);
            a.mov(eax, 1);
            a.Label(ref after);
        });
        Assert.Equal(42UL, guest.State->Gpr[0]);
    }

    [Fact]
    public void InvalidOpcodeStopsAtTheInstruction()
    {
        using GuestCode guest = new();
        guest.WriteCode([0x90, 0x0f, 0x0b]);
        Assert.Equal(ExitReason.InvalidOpcode, guest.Processor.Run());
        Assert.Equal(GuestCode.CodeStart + 1, guest.State->Rip);
    }

    [Fact]
    public void CodeThatRunsOffItsMappingFaultsOnTheNextPage()
    {
        using GuestCode guest = new();
        guest.Map(0x10000, 0x1000, PageProtection.Read | PageProtection.Write | PageProtection.Execute);
        guest.Memory.Write(0x10ffe, [0x90, 0x48], out _);
        guest.State->Rip = 0x10ffe;
        Assert.Equal(ExitReason.PageFault, guest.Processor.Run());
        Assert.Equal(0x10fffUL, guest.State->Rip);
        Assert.Equal(0x11000UL, guest.State->ExitAddress);
        Assert.Equal(0x14u, guest.State->ExitCode);
    }

    [Fact]
    public void BudgetStopsAnEndlessLoop()
    {
        using GuestCode guest = new();
        guest.WriteCode([0xeb, 0xfe]);
        Assert.Equal(ExitReason.BudgetSpent, guest.Processor.Run(1000));
        Assert.Equal(GuestCode.CodeStart, guest.State->Rip);
        Assert.Equal(1000, guest.Processor.InstructionsExecuted);
    }
}
