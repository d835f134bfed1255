using System.Diagnostics;
using Faultline.Cpu.State;
using Faultline.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>Translated code of files is taken over by address spaces that have the same bytes at the same addresses, and by no others.</summary>
public unsafe class SharingTests
{
    /// <summary>Where data ends, and accesses have no page behind theirs.</summary>
    private const ulong LastData = GuestCode.DataStart + 0x10000 - 8;

    private const ulong Start = GuestCode.CodeStart;
    private const int Rounds = 5000;

    [Fact]
    public void AnotherProcessTakesTheCodeOver()
    {
        byte[] program = Program(0x1001);
        using GuestCode first = Guest(program), second = Guest(program);
        Assert.Equal(Expected(0x1001), Run(first));
        Assert.True(first.Processor.Translations!.Installed > 0);
        Assert.Equal(Expected(0x1001), Run(second));
        Assert.True(second.Processor.Translations!.Adopted > 0);
        Assert.Equal(0, second.Processor.Translations.Installed);
    }

    [Fact]
    public void AProcessThatComesLaterDoesToo()
    {
        byte[] program = Program(0x2002);
        using (GuestCode first = Guest(program))
            Run(first);
        using GuestCode second = Guest(program);
        Assert.Equal(Expected(0x2002), Run(second));
        Assert.True(second.Processor.Translations!.Adopted > 0);
    }

    /// <summary>Threads of one program interpret the same code at the same time; when it is compiled for one, the others go on with that.</summary>
    [Fact]
    public void WhoeverInterpretsItNowTakesItOver()
    {
        byte[] program = Program(0x2102);
        using GuestCode first = Guest(program), second = Guest(program, engine: ExecutionEngine.Auto);
        Assert.Equal(ExitReason.BudgetSpent, second.Processor.Run(1000));
        // The loop is that of other programs; the function is not.
        long before = second.Processor.Translations!.Adopted;
        Assert.Equal(Expected(0x2102), Run(first));
        Assert.Equal(ExitReason.BudgetSpent, second.Processor.Run(1000));
        Assert.True(second.Processor.Translations.Adopted > before);
        Assert.Equal(ExitReason.SystemCall, second.Processor.Run());
        Assert.Equal(Expected(0x2102), second.State->Gpr[0]);
        Assert.Equal(first.Processor.InstructionsExecuted, second.Processor.InstructionsExecuted);
    }

    [Fact]
    public void OtherBytesAtTheSameAddressAreTranslatedAnew()
    {
        using GuestCode first = Guest(Program(0x3003)), second = Guest(Program(0x3004));
        Assert.Equal(Expected(0x3003), Run(first));
        Assert.Equal(Expected(0x3004), Run(second));
        // The loop is the same, the function is not.
        Assert.True(second.Processor.Translations!.Installed > 0);
    }

    [Fact]
    public void AnotherModelTranslatesAnew()
    {
        byte[] program = Program(0x4004);
        using GuestCode first = Guest(program), second = Guest(program, CpuModel.V3);
        Run(first);
        Assert.Equal(Expected(0x4004), Run(second));
        Assert.Equal(0, second.Processor.Translations!.Adopted);
    }

    [Fact]
    public void AnonymousMemoryIsNotShared()
    {
        byte[] program = Program(0x5005);
        using GuestCode first = new(engine: ExecutionEngine.Translator), second = new(engine: ExecutionEngine.Translator);
        first.WriteCode(program);
        second.WriteCode(program);
        Assert.Equal(Expected(0x5005), Run(first));
        Assert.Equal(Expected(0x5005), Run(second));
        Assert.Equal(0, second.Processor.Translations!.Adopted);
    }

    /// <summary>A store to the taken code ends it there, and nowhere else.</summary>
    [Fact]
    public void AChangeInOneProcessIsItsOwn()
    {
        byte[] program = Program(0x6006), other = Program(0x6007);
        using GuestCode first = Guest(program), second = Guest(program), third = Guest(program);
        Run(first);
        Run(second);
        second.Memory.Write(Start, other, out _);
        Assert.Equal(Expected(0x6007), Run(second));
        Assert.Equal(Expected(0x6006), Run(first));
        Assert.Equal(Expected(0x6006), Run(third));
        Assert.True(third.Processor.Translations!.Adopted > 0);
    }

    /// <summary>The code is entered on a page that stays, and goes on to one that changes.</summary>
    [Fact]
    public void AChangeOnItsSecondPageEndsIt()
    {
        byte[] program = Program(0x6106, far: true), other = Program(0x6107, far: true);
        using GuestCode first = Guest(program), second = Guest(program);
        Run(first);
        Run(second);
        second.Memory.Write(Start + GuestPage.Size, other.AsSpan(GuestPage.Size), out _);
        Assert.Equal(Expected(0x6107), Run(second));
        Assert.Equal(Expected(0x6106), Run(first));
    }

    /// <summary>Many threads, each with a process of its own, translate, take over, run and overwrite at once.</summary>
    [Fact]
    public void ThreadsDoAllOfItAtOnce()
    {
        byte[][] programs = [.. Enumerable.Range(0x7000, 4).Select(step => Program(step))];
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            Random random = new(thread);
            for (int round = 0; round < 6; round++)
            {
                int which = random.Next(4);
                using GuestCode guest = Guest(programs[which]);
                Assert.Equal(Expected(0x7000 + which), Run(guest));
                int next = random.Next(4);
                guest.Memory.Write(Start, programs[next], out _);
                Assert.Equal(Expected(0x7000 + next), Run(guest));
            }
        });
    }

    /// <summary>
    /// To take code over its bytes are compared, and pages on which no code was known are marked as code: that may mean waiting, and who waits lets others change what it has translated
    /// itself. It must not go on with that.
    /// </summary>
    [Fact]
    public void WhoWaitsBeforeTakingOverRunsWhatOthersStoredMeanwhile()
    {
        const ulong loop = Start + 0x4000, function = Start + 0x5000, unrelated = Start + 0x6000;
        byte[] program = Program(0xa10a, far: true, lead: 7);
        using GuestCode guest = Guest(program, engine: ExecutionEngine.Auto), other = Guest(program, engine: ExecutionEngine.Auto);
        AddressSpace memory = guest.Memory;
        // Knows where the function returns to, but not the function, which is on the next page: 7 no-operations and instructions of 2, 5 and 5 bytes are before it.
        guest.State->Rip = Start + 19;
        Assert.Equal(ExitReason.BudgetSpent, guest.Processor.Run(1));
        guest.WriteAt(function, a =>
        {
            a.mov(eax, 1);
            a.ret();
        });
        guest.WriteAt(loop, a =>
        {
            Label again = a.CreateLabel();
            a.Label(ref again);
            a.inc(rsi);
            a.call(function);
            a.cmp(eax, 2);
            a.jne(again);
            a.syscall();
        });
        guest.WriteAt(unrelated, a => a.nop());

        guest.State->Rip = loop;
        guest.State->Gpr[4] = GuestCode.StackTop;
        Thread processor = new(() => guest.Processor.Run());
        processor.Start();
        Assert.True(SpinWait.SpinUntil(() => guest.Processor.Translations!.Installed > 0, TimeSpan.FromSeconds(60)));

        Straggler straggler = new(memory, unrelated);
        Thread first = new(() => memory.WriteWhole(unrelated, [0xcc], out _)), second = new(() => memory.WriteWhole(function + 1, [2], out _));
        first.Start();
        straggler.WaitForChange(unrelated);

        while (other.Processor.Translations!.Installed == 0)
            Assert.Equal(Expected(0xa10a), Run(other));
        Assert.True(SpinWait.SpinUntil(() => guest.Processor.User.IsAsleep, TimeSpan.FromSeconds(10)));
        ulong turns = guest.State->Gpr[6];
        second.Start();
        straggler.WaitForChange(function);
        straggler.LetThrough(first, second, processor);
        Assert.Equal(2ul, guest.State->Gpr[0]);
        Assert.InRange(guest.State->Gpr[6] - turns, 0ul, 1ul);
    }

    /// <summary>None of them runs a block as often as would make it hot.</summary>
    [Fact]
    public void ManyShortProcessesTogetherFindWhatIsHot()
    {
        const int rounds = 300;
        byte[] program = Program(0x8008, rounds: rounds, lead: 3);
        Stopwatch watch = Stopwatch.StartNew();
        long adopted = 0;
        while (adopted == 0 && watch.Elapsed < TimeSpan.FromSeconds(60))
        {
            using GuestCode guest = Guest(program, engine: ExecutionEngine.Auto);
            Assert.Equal(Expected(0x8008, rounds), Run(guest));
            adopted = guest.Processor.Translations!.Adopted;
        }
        Assert.True(adopted > 0);
    }

    /// <summary>
    /// Short processes that each miss the page behind their data's last one too seldom to do something about it: together they do, and the code of those that come later asks where accesses end.
    /// </summary>
    [Fact]
    public void WhatManyShortProcessesMissIsMadeAnewForThoseThatFollow()
    {
        const int rounds = 300;
        byte[] program = Program(0x8108, rounds: rounds, lead: 9, loads: true);
        using (GuestCode first = Guest(program))
            Assert.Equal(Expected(0x8108, rounds), Run(first));
        Stopwatch watch = Stopwatch.StartNew();
        bool isAnew = false;
        while (!isAnew && watch.Elapsed < TimeSpan.FromSeconds(60))
        {
            using GuestCode guest = Guest(program);
            Assert.Equal(Expected(0x8108, rounds), Run(guest, LastData));
            isAnew = guest.Processor.Translations!.Installed > 0;
        }
        Assert.True(isAnew);
        for (int i = 0; i < 10; i++)
        {
            using GuestCode guest = Guest(program);
            Assert.Equal(Expected(0x8108, rounds), Run(guest, LastData));
            Assert.Equal(0, guest.Processor.Translations!.Installed);
        }
    }

    /// <summary>To take code over costs something, too.</summary>
    [Fact]
    public void WhatEachProcessRunsAFewTimesIsInterpreted()
    {
        const int rounds = 20;
        byte[] program = Program(0x9009, rounds: rounds, lead: 5);
        for (int i = 0; i < 500; i++)
        {
            using GuestCode guest = Guest(program, engine: ExecutionEngine.Auto);
            Assert.Equal(Expected(0x9009, rounds), Run(guest));
            Assert.Equal(0, guest.Processor.Translations!.Adopted + guest.Processor.Translations.Installed);
        }
    }

    private static ulong Expected(int step, int rounds = Rounds) => (ulong)step * (ulong)rounds;

    /// <param name="guest">What runs the program.</param>
    /// <param name="data">What it loads.</param>
    private static ulong Run(GuestCode guest, ulong data = GuestCode.DataStart)
    {
        guest.State->Rip = Start;
        guest.State->Gpr[4] = GuestCode.StackTop - GuestPage.Size;
        guest.State->Gpr[7] = data;
        Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
        return guest.State->Gpr[0];
    }

    /// <summary>RAX = step * rounds, by a loop that calls a function.</summary>
    /// <param name="step">What is added each time.</param>
    /// <param name="far">Whether the function is on the next page.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="lead">No-operations in front, so that the loop is not where that of other programs is.</param>
    /// <param name="loads">Whether the function loads what RDI points at.</param>
    private static byte[] Program(int step, bool far = false, int rounds = Rounds, int lead = 0, bool loads = false)
    {
        Assembler a = new(64);
        Label loop = a.CreateLabel(), function = a.CreateLabel();
        for (int i = 0; i < lead; i++)
            a.nop();
        a.xor(eax, eax);
        a.mov(ecx, rounds);
        a.Label(ref loop);
        a.call(function);
        a.dec(ecx);
        a.jne(loop);
        a.syscall();
        a.ud2();
        for (int i = 0; far && i < GuestPage.Size; i++)
            a.nop();
        a.Label(ref function);
        a.add(rax, step);
        if (loads)
            a.mov(rdx, __qword_ptr[rdi]);
        a.ret();
        using MemoryStream stream = new();
        a.Assemble(new StreamCodeWriter(stream), Start);
        return stream.ToArray();
    }

    private static GuestCode Guest(byte[] program, CpuModel? model = null, ExecutionEngine engine = ExecutionEngine.Translator)
    {
        GuestCode guest = new(model, engine: engine);
        guest.Memory.Map(new Mapping
        {
            Start = Start,
            End = Start + 2 * GuestPage.Size,
            Protection = PageProtection.Read | PageProtection.Write | PageProtection.Execute,
            Source = new File(program),
        });
        guest.State->Rip = Start;
        return guest;
    }

    private sealed class File(byte[] content) : IPageSource
    {
        public int Fill(ulong offset, Span<byte> destination)
        {
            if (offset >= (ulong)content.Length)
                return 0;
            ReadOnlySpan<byte> rest = content.AsSpan((int)offset);
            rest = rest[..Math.Min(rest.Length, destination.Length)];
            rest.CopyTo(destination);
            return (rest.Length + GuestPage.Size - 1) / GuestPage.Size * GuestPage.Size;
        }

        public byte* SharedPage(ulong offset, bool forWrite) => null;

        public void AddReference()
        {
        }

        public void Release()
        {
        }
    }
}
