using Faultline.Cpu.State;
using Faultline.Cpu.Translator;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>What belongs to a region.</summary>
public sealed unsafe class RegionBuilderTests
{
    /// <summary>A function that another region has is taken in once more when it is short, and while much waits for the compiler only when it is very short.</summary>
    [Theory]
    [InlineData(5, false, true)]
    [InlineData(5, true, true)]
    [InlineData(30, false, true)]
    [InlineData(30, true, false)]
    [InlineData(60, false, false)]
    [InlineData(60, true, false)]
    public void ShortFunctionsAreCopied(int length, bool inHaste, bool copied)
    {
        const ulong Function = GuestCode.CodeStart + 0x1000;
        using GuestCode guest = new();
        guest.WriteAt(Function, a =>
        {
            for (int i = 1; i < length; i++)
                a.inc(rax);
            a.ret();
        });
        guest.WriteAt(GuestCode.CodeStart, a =>
        {
            Label loop = a.CreateLabel();
            a.Label(ref loop);
            a.call(Function);
            a.dec(rcx);
            a.jne(loop);
            a.syscall();
        });
        RegionBuilder builder = new(guest.Memory, guest.Processor.Model, _ => 1, (_, _) => -1, _ => [], address => address == Function ? length : 0, _ => false) { IsInHaste = inHaste };
        Region region = builder.Build(GuestCode.CodeStart, Assumptions.All)!;
        Assert.Equal(copied, region.Leaders.ContainsKey(Function));
    }

    /// <summary>What stands behind a conditional jump that is nearly always taken is left to the interpreter, unless control comes to it in other ways too, or nobody knows.</summary>
    [Theory]
    [InlineData(0, -1, false)]
    [InlineData(249, -1, false)]
    [InlineData(249, 249, false)]
    [InlineData(249, 250, true)]
    [InlineData(250, -1, true)]
    [InlineData(-1, -1, true)]
    public void WhatIsHardlyEverReachedStaysOutside(long fallThroughs, long heat, bool inside)
    {
        const ulong Jump = GuestCode.CodeStart + 3, Behind = Jump + 2;
        using GuestCode guest = new();
        guest.WriteAt(GuestCode.CodeStart, a =>
        {
            Label skip = a.CreateLabel(), loop = a.CreateLabel();
            a.Label(ref loop);
            a.dec(rcx);
            a.jne(skip);
            a.inc(rax);
            a.inc(rdx);
            a.Label(ref skip);
            a.inc(rbx);
            a.jmp(loop);
        });
        RegionBuilder builder = new(
            guest.Memory, guest.Processor.Model, address => address == Behind ? heat : 4000, (block, at) => block == GuestCode.CodeStart && at == Jump ? fallThroughs : -1, _ => [], _ => 0, _ => false);
        Region region = builder.Build(GuestCode.CodeStart, Assumptions.All)!;
        Assert.Equal(inside, region.Leaders.ContainsKey(Behind));
        Assert.True(region.Leaders.ContainsKey(Behind + 6));

        // What is made of it has no more.
        Region joined = builder.Join([region, region], [GuestCode.CodeStart], [], Assumptions.All)!;
        Assert.Equal(region.Leaders.Keys.Order(), joined.Leaders.Keys.Order());
    }

    /// <summary>The interpreter counts the jumps that it does not take, whether or not a comparison does them; what was cold and becomes hot is translated then.</summary>
    [Fact]
    public void WhatBecomesHotIsTranslatedLater()
    {
        using GuestCode guest = new(engine: ExecutionEngine.Auto), interpreted = new(engine: ExecutionEngine.Interpreter);
        foreach (GuestCode code in (GuestCode[])[guest, interpreted])
        {
            code.Assemble(a =>
            {
                Label loop = a.CreateLabel(), skip = a.CreateLabel(), skipAgain = a.CreateLabel();
                a.mov(ecx, 2_000_000);
                a.Label(ref loop);
                a.cmp(rcx, 1_000_000);
                a.ja(skip);
                a.add(rax, rcx);
                a.ror(rax, 3);
                a.Label(ref skip);
                a.bt(rcx, 20);
                a.jb(skipAgain);
                a.xor(rdx, rax);
                a.Label(ref skipAgain);
                a.inc(rbx);
                a.dec(rcx);
                a.jne(loop);
                a.syscall();
            });
            Assert.Equal(ExitReason.SystemCall, code.Processor.Run());
        }
        for (int i = 0; i < 4; i++)
            Assert.Equal(interpreted.State->Gpr[i], guest.State->Gpr[i]);
        Assert.Equal(interpreted.Processor.InstructionsExecuted, guest.Processor.InstructionsExecuted);
        Assert.True(guest.Processor.Translations!.Installed >= 2, $"{guest.Processor.Translations.Installed} regions");
    }
}
