using System.Diagnostics;
using Faultline.Cpu.Profiling;
using Faultline.Cpu.State;
using Faultline.Cpu.Translator;
using Faultline.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>A region that leaves too often is made anew with less taken for granted.</summary>
public sealed unsafe class RemakingTests
{
    private const ulong LastPage = 0x620000;

    /// <summary>Hot code waits for a busy compiler: until the other is there, the region serves.</summary>
    [Fact]
    public void ServesUntilTheOtherIsThere()
    {
        using ExecutionProfile execution = new();
        ProcessorProfile profile = new(execution);
        using GuestCode guest = new(engine: ExecutionEngine.Auto, profile: profile);
        // Pages away from home need no pair.
        if (guest.Memory.HomeMask == 0)
            return;
        guest.Map(LastPage, 0x1000, PageProtection.Read | PageProtection.Write);
        // There from the start, so that nothing is missed at first.
        guest.Memory.Write(GuestCode.DataStart, new byte[0x2000], out _);
        guest.Assemble(a =>
        {
            Label loop = a.CreateLabel();
            a.Label(ref loop);
            a.add(__qword_ptr[rbx], 1);
            a.dec(rcx);
            a.jne(loop);
        });
        Stopwatch watch = Stopwatch.StartNew();
        // How long the JIT takes is not the test's to say, nor how long a miss does.
        while (guest.Processor.Translations!.Installed == 0 && watch.Elapsed < TimeSpan.FromSeconds(60))
            Count(guest, GuestCode.DataStart, 20_000);
        Assert.Equal(1, guest.Processor.Translations.Installed);

        // Never disposed: the thread that signals last may not be done with them when the wait ends.
        ManualResetEventSlim resume = new();
        CountdownEvent held = new(TranslationQueue.MaxRegions);
        for (int i = 0; i < TranslationQueue.MaxRegions; i++)
        {
            TranslationQueue.Add(Gone(), _ =>
            {
                resume.Wait();
                held.Signal();
            });
        }
        try
        {
            while (profile.Remade == 0 && watch.Elapsed < TimeSpan.FromSeconds(60))
                Count(guest, LastPage, 5_000);
            Assert.Equal(1, profile.Remade);
            long before = profile.Regions[0].Counted.Instructions;
            Count(guest, GuestCode.DataStart, 100_000);
            Assert.InRange(profile.Regions[0].Counted.Instructions - before, 290_000, 300_001);
        }
        finally
        {
            resume.Set();
            held.Wait();
        }

        while (guest.Processor.Translations.Installed == 1 && watch.Elapsed < TimeSpan.FromSeconds(60))
            Count(guest, LastPage, 5_000);
        Assert.Equal(2, guest.Processor.Translations.Installed);
        long left = profile.Regions[0].Counted.Instructions, replaced = profile.Regions[1].Counted.Instructions;
        Count(guest, LastPage, 100_000);
        Assert.Equal(left, profile.Regions[0].Counted.Instructions);
        Assert.InRange(profile.Regions[1].Counted.Instructions - replaced, 290_000, 300_001);
    }

    /// <summary>Counts so often in memory, and checks that all was counted.</summary>
    private static void Count(GuestCode guest, ulong address, uint times)
    {
        Span<byte> bytes = stackalloc byte[8];
        guest.Memory.Read(address + 0xff8, bytes, out _);
        ulong before = BitConverter.ToUInt64(bytes);
        guest.State->Rip = GuestCode.CodeStart;
        guest.State->Gpr[3] = address + 0xff8;
        guest.State->Gpr[1] = times;
        Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
        guest.Memory.Read(address + 0xff8, bytes, out _);
        Assert.Equal(before + times, BitConverter.ToUInt64(bytes));
    }

    /// <summary>A region whose bytes have changed, with which the compiler does nothing.</summary>
    private static Region Gone() => new()
    {
        Start = 0,
        Blocks = [],
        Entries = [],
        HotExits = new HashSet<ulong>(),
        Pages = new HashSet<ulong>(),
        InstructionCount = 0,
        Leaders = new Dictionary<ulong, int>(),
        Assumes = Assumptions.All,
        IsValid = false,
    };
}
