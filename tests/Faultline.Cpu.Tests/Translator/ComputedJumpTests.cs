using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Cpu.Translator;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>Computed jumps whose target other code of the region was seen to go to, or control from another part of it.</summary>
public sealed unsafe class ComputedJumpTests
{
    private const ulong Second = GuestCode.CodeStart + 0x100;
    private const ulong Third = GuestCode.CodeStart + 0x200;

    /// <summary>
    /// The first of two jumps has only been seen to go to the second block, and the second to the third. When the first goes to the third, that is in the region: control does not leave it.
    /// </summary>
    [Fact]
    public void FindsATargetOfAnotherJump()
    {
        using GuestCode guest = new();
        Write(guest);
        RegionBuilder builder = new(guest.Memory, guest.Processor.Model, _ => 1, (_, _) => -1, rip => rip < Second ? [Second] : [Third], _ => 0, _ => false);
        Region region = builder.Build(GuestCode.CodeStart, Assumptions.All)!;
        Assert.Equal([Second, Third], region.Blocks.Where(block => block.IsComputed).Select(block => block.Start).Order());
        Assert.Equal(2, Enter(guest, region));
    }

    /// <summary>Nothing in a joined region leads to its third block, but control was seen to go there.</summary>
    [Fact]
    public void FindsWhereControlWasSeenToGo()
    {
        using GuestCode guest = new();
        Write(guest);
        RegionBuilder builder = new(guest.Memory, guest.Processor.Model, _ => 1, (_, _) => -1, _ => [], _ => 0, _ => false);
        Region first = builder.Build(GuestCode.CodeStart, Assumptions.All)!, third = builder.Build(Third, Assumptions.All)!;
        Assert.DoesNotContain(Third, first.Leaders.Keys);
        Region joined = builder.Join([first, third], [GuestCode.CodeStart], [Third], Assumptions.All)!;
        Assert.DoesNotContain(Third, joined.Entries);
        Assert.Equal(2, Enter(guest, joined));
        // Once it is joined nobody sees it any more, and it stays so when the region is made anew.
        Region again = builder.Join([joined], joined.Entries, [], Assumptions.All)!;
        Assert.Equal(2, Enter(guest, again));
    }

    /// <summary>An interpreter whose jumps have each been seen to go to half of its instructions: the others are found at once, with flags from the instruction before, also those that come before it.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(100)]
    public void JumpsOfInterpretersFindAllInstructions(int fuel)
    {
        const int count = 12, steps = 200;
        using GuestCode guest = new(), interpreted = new(engine: ExecutionEngine.Interpreter);
        ulong[] handlers = [.. Enumerable.Range(1, count).Select(i => GuestCode.CodeStart + (ulong)i * 0x70)];
        foreach (GuestCode each in (GuestCode[])[guest, interpreted])
        {
            each.WriteAt(GuestCode.CodeStart, a => a.jmp(__qword_ptr[rsi]));
            for (int i = 0; i < count; i++)
            {
                each.WriteAt(handlers[i], a =>
                {
                    a.adc(rax, 0x7000_0001 * (i & 1) + i);
                    a.lea(rsi, __[rsi + 8]);
                    a.jmp(__qword_ptr[rsi]);
                });
            }
            Random random = new(1);
            for (ulong i = 0; i < steps; i++)
                each.Memory.Write(GuestCode.DataStart + 8 * i, BitConverter.GetBytes(i + 1 < steps ? handlers[random.Next(count)] : Third + 0x1000), out _);
            each.WriteAt(Third + 0x1000, a => a.syscall());
            each.State->Gpr[6] = GuestCode.DataStart;
            each.State->Gpr[0] = ulong.MaxValue / 3;
        }
        RegionBuilder builder = new(guest.Memory, guest.Processor.Model, _ => 1, (_, _) => -1,
            rip => [.. handlers.Where((_, i) => rip < handlers[0] || (((ulong)i ^ (rip / 0x70)) & 1) == 0)], _ => 0, _ => false);
        Region region = builder.Build(GuestCode.CodeStart, Assumptions.All)!;
        RegionTranslator.Compile(region);
        guest.State->Budget = fuel;
        ((delegate*<CpuState*, Operation*, Operation*>)region.Code!.Address)(guest.State, null);
        Assert.Equal(ExitReason.BudgetSpent, interpreted.Processor.Run(fuel - guest.State->Budget));
        // Regions look at the fuel where control goes back.
        Assert.InRange(fuel - guest.State->Budget, Math.Min(fuel, 3 * steps - 2), Math.Min(fuel + 50, 3 * steps - 2));
        Assert.Equal(interpreted.State->Rip, guest.State->Rip);
        Assert.Equal((interpreted.State->Gpr[0], interpreted.State->Gpr[6]), (guest.State->Gpr[0], guest.State->Gpr[6]));
        Assert.Equal(Flags.Materialize(interpreted.State), Flags.Materialize(guest.State));
    }

    /// <summary>That fuel runs out in a loop is no hand-over, though another region may be entered there.</summary>
    [Fact]
    public void LoopsAreNoHandOvers()
    {
        using GuestCode guest = new();
        Write(guest);
        RegionBuilder builder = new(guest.Memory, guest.Processor.Model, _ => 1, (_, _) => -1, _ => [], _ => 0, _ => false);
        Region one = builder.Build(GuestCode.CodeStart, Assumptions.All)!, other = builder.Build(GuestCode.CodeStart, Assumptions.All)!;
        HandOvers handOvers = new();
        for (int i = 0; i < 1000; i++)
            handOvers.Add(one, other, GuestCode.CodeStart);
        Assert.True(handOvers.IsEnough);
        Assert.Empty(handOvers.Take());
    }

    /// <summary>A jump to what RAX says at the start, to what RCX says from the second block, and from the third to what cannot be translated.</summary>
    private static void Write(GuestCode guest)
    {
        guest.WriteAt(GuestCode.CodeStart, a => a.jmp(rax));
        guest.WriteAt(Second, a =>
        {
            a.inc(rdx);
            a.jmp(rcx);
        });
        guest.WriteAt(Third, a =>
        {
            a.add(rdx, 2);
            a.syscall();
            // What follows in memory is zeros, which are instructions.
            a.ud2();
        });
    }

    /// <summary>Enters a region's code with RAX leading to the third block.</summary>
    /// <returns>What RDX is when it has been left.</returns>
    private static int Enter(GuestCode guest, Region region)
    {
        RegionTranslator.Compile(region);
        guest.State->Gpr[0] = Third;
        guest.State->Gpr[2] = 0;
        guest.State->Budget = 1000;
        ((delegate*<CpuState*, Operation*, Operation*>)region.Code!.Address)(guest.State, null);
        return (int)guest.State->Gpr[2];
    }
}
