using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Cpu.Translator;
using Iced.Intel;
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
        RegionBuilder builder = new(guest.Memory, guest.Processor.Model, _ => 1, rip => rip < Second ? [Second] : [Third], _ => 0, _ => false);
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
        RegionBuilder builder = new(guest.Memory, guest.Processor.Model, _ => 1, _ => [], _ => 0, _ => false);
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
        RegionBuilder builder = new(guest.Memory, guest.Processor.Model, _ => 1, _ => [], _ => 0, _ => false);
        Region one = builder.Build(GuestCode.CodeStart, Assumptions.All)!, other = builder.Build(GuestCode.CodeStart, Assumptions.All)!;
        HandOvers handOvers = new();
        for (int i = 0; i < 1000; i++)
            handOvers.Add(one, other, GuestCode.CodeStart);
        Assert.True(handOvers.IsEnough);
        Assert.Empty(handOvers.Take());
    }

    /// <summary>
    /// What hardly ever happens lies behind what does: no exit's code comes before the last test of the loads. (The JIT places an exit right behind the test when it takes both sides of that for a
    /// plain branch, and the hot path then jumps over each.)
    /// </summary>
    [Fact]
    public void ExitsLieBehindTheHotPath()
    {
        // It decodes the host's code.
        if (!X86Base.X64.IsSupported)
            return;
        const int Loads = 8;
        using GuestCode guest = new();
        guest.Assemble(a =>
        {
            for (int i = 0; i < Loads; i++)
                a.add(rax, __qword_ptr[rbx + 0x2000 * i]);
        });
        RegionBuilder builder = new(guest.Memory, guest.Processor.Model, _ => 1, _ => [], _ => 0, _ => false);
        Region region = builder.Build(GuestCode.CodeStart, Assumptions.All)!;
        HashSet<ulong> exits = [.. region.Blocks.SelectMany(block => block.Instructions).Select(instruction => instruction.Decoded.IP)];
        RegionTranslator.Compile(region);

        Decoder decoder = Decoder.Create(64, new HostCode(region.Code!.Address), (ulong)region.Code.Address);
        int branches = 0;
        while (decoder.Decode() is var instruction && !IsExit(instruction))
            branches += instruction.IsJccShortOrNear ? 1 : 0;
        Assert.True(branches >= Loads, $"{branches} conditional branches before the first exit");

        bool IsExit(in Instruction instruction) => instruction.OpCount == 2 && instruction.Op1Kind is OpKind.Immediate64 or OpKind.Immediate32to64 or OpKind.Immediate32 && exits.Contains(instruction.GetImmediate(1));
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

    /// <summary>The bytes of compiled code.</summary>
    private sealed class HostCode(nint address) : CodeReader
    {
        private int _at;

        public override int ReadByte() => ((byte*)address)[_at++];
    }
}
