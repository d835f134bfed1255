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
