using System.Diagnostics;
using Faultline.Cpu.State;
using Faultline.Cpu.Translator;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>Regions between which control goes to and fro become one.</summary>
public sealed unsafe class JoiningTests
{
    private const ulong Rounds = 300_000;

    /// <summary>Two functions that get hot one after the other, and a loop that calls both: three regions at first.</summary>
    [Fact]
    public void PartsOfALoopAreJoined()
    {
        using GuestCode guest = new(engine: ExecutionEngine.Auto);
        using GuestCode interpreted = new(engine: ExecutionEngine.Interpreter);
        interpreted.Assemble(Write);
        RunUntilJoined(guest);

        long before = guest.Processor.InstructionsExecuted;
        guest.State->Gpr[0] = 1;
        Run(guest);
        interpreted.State->Gpr[0] = 1;
        Run(interpreted);
        Assert.Equal(interpreted.State->Gpr[0], guest.State->Gpr[0]);
        Assert.Equal(Flags.Materialize(interpreted.State), Flags.Materialize(guest.State));
        Assert.Equal(interpreted.Processor.InstructionsExecuted, guest.Processor.InstructionsExecuted - before);
    }

    /// <summary>Code of a joined region changes: what it was made of is not what runs either.</summary>
    [Fact]
    public void JoinedCodeChanges()
    {
        using GuestCode guest = new(engine: ExecutionEngine.Auto);
        using GuestCode interpreted = new(engine: ExecutionEngine.Interpreter);
        interpreted.Assemble(Write);
        RunUntilJoined(guest);

        Span<byte> code = stackalloc byte[0x1000];
        guest.Memory.Read(GuestCode.CodeStart, code, out _);
        int at = code.IndexOf<byte>([0x48, 0x05, 0x78, 0x56, 0x34, 0x12]);
        Assert.True(at > 0);
        foreach (GuestCode changed in (GuestCode[])[guest, interpreted])
        {
            changed.Memory.Write(GuestCode.CodeStart + (ulong)at + 2, [1, 0, 0, 0], out _);
            changed.State->Gpr[0] = 1;
            Run(changed);
        }
        Assert.Equal(interpreted.State->Gpr[0], guest.State->Gpr[0]);
    }

    /// <summary>Two that exchange control become one, with the entries at which it comes from elsewhere; what is rarely gone to stays apart.</summary>
    [Fact]
    public void SetsFollowFromSamples()
    {
        Region loop = Make(0x1000, 100), callee = Make(0x2000, 100), rare = Make(0x3000, 100), large = Make(0x4000, RegionBuilder.MaxJoinedWeight - 100);
        HandOvers handOvers = new();
        for (int i = 0; i < 1000; i++)
        {
            handOvers.Add(loop, callee, 0x2000);
            handOvers.Add(callee, loop, 0x1010);
            handOvers.Add(large, loop, 0x1000);
        }
        handOvers.Add(rare, callee, 0x2000);
        Assert.True(handOvers.IsEnough);
        (List<Region> regions, List<ulong> entries, List<ulong> inside) = Assert.Single(handOvers.Take());
        Assert.Equal([0x1000UL, 0x2000UL], regions.Select(region => region.Start).Order());
        Assert.Equal([0x1000UL, 0x2000UL], entries);
        Assert.Equal([0x1010UL, 0x2000UL], inside.Order());
        Assert.False(handOvers.IsEnough);
        Assert.Empty(handOvers.Take());
    }

    /// <summary>Regions with the same blocks weigh no more together than what they have.</summary>
    [Fact]
    public void SharedBlocksCountOnce()
    {
        Region large = Make(0x1000, 1500), copy = Make(0x1000, 1500), other = Make(0x2000, 1000);
        HandOvers handOvers = new();
        for (int i = 0; i < 1000; i++)
        {
            handOvers.Add(large, other, 0x2000);
            handOvers.Add(other, copy, 0x1000);
        }
        (List<Region> regions, _, _) = Assert.Single(handOvers.Take());
        Assert.Equal(3, regions.Count);
    }

    /// <summary>Where two together turned out too large for the JIT, they are not joined again.</summary>
    [Fact]
    public void WhatTurnedOutTooLargeIsNotTriedAgain()
    {
        Region one = Make(0x1000, 1500), other = Make(0x2000, 1000), small = Make(0x3000, 100);
        one.MaxJoinedWeight = other.MaxJoinedWeight = 2000;
        HandOvers handOvers = new();
        for (int i = 0; i < 1000; i++)
        {
            handOvers.Add(one, other, 0x2000);
            handOvers.Add(other, small, 0x3000);
        }
        (List<Region> regions, _, _) = Assert.Single(handOvers.Take());
        Assert.Equal([other, small], regions);
    }

    /// <summary>What the JIT would not optimise is worth less than its parts, which go on serving.</summary>
    [Theory]
    [InlineData(100, true)]
    [InlineData(2800, false)]
    public void WhatIsTooLargeIsNotJoined(int length, bool isJoined)
    {
        using GuestCode guest = new(engine: ExecutionEngine.Auto);
        guest.Assemble(a =>
        {
            for (int i = 0; i < length; i++)
                a.rcl(rax, 3);
            a.ret();
        });
        RegionBuilder builder = new(guest.Memory, guest.Processor.Model, _ => 1, (_, _) => -1, _ => [], _ => 0, _ => false);
        Region part = builder.Build(GuestCode.CodeStart, Assumptions.All)!;
        Region joined = builder.Join([part, part], [GuestCode.CodeStart], [], Assumptions.All)!;
        RegionTranslator.Compile(joined);
        Assert.Equal(isJoined, joined.Code is not null);
    }

    private static Region Make(ulong start, int weight) => new()
    {
        Start = start,
        Blocks = [],
        Entries = [start],
        HotExits = new HashSet<ulong>(),
        Pages = new HashSet<ulong>(),
        InstructionCount = weight,
        Leaders = new Dictionary<ulong, int> { [start] = weight },
        Assumes = Assumptions.All,
    };

    private static void RunUntilJoined(GuestCode guest)
    {
        guest.Assemble(Write);
        Stopwatch watch = Stopwatch.StartNew();
        // How long the JIT takes is not the test's to say.
        while (guest.Processor.Translations!.Joined == 0 && watch.Elapsed < TimeSpan.FromSeconds(60))
            Run(guest);
        Assert.True(guest.Processor.Translations.Joined > 0);
    }

    private static void Run(GuestCode guest)
    {
        guest.State->Rip = GuestCode.CodeStart;
        Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
    }

    private static void Write(Assembler a)
    {
        Label first = a.CreateLabel(), second = a.CreateLabel(), end = a.CreateLabel();
        CallInLoop(20_000, first);
        CallInLoop(20_000, second);
        CallInLoop(Rounds, first, second);
        a.jmp(end);
        Function(ref first, 3);
        Function(ref second, 5);
        a.Label(ref end);

        void CallInLoop(ulong times, params Label[] callees)
        {
            Label loop = a.CreateLabel();
            a.mov(rcx, times);
            a.Label(ref loop);
            foreach (Label callee in callees)
                a.call(callee);
            a.dec(rcx);
            a.jne(loop);
        }

        void Function(ref Label label, byte distance)
        {
            a.Label(ref label);
            a.db(0x48, 0x05, 0x78, 0x56, 0x34, 0x12);
            for (int i = 0; i < 30; i++)
            {
                a.rol(rax, distance);
                a.adc(rax, i);
            }
            a.ret();
        }
    }
}
