using System.Diagnostics;
using Faultline.Cpu.State;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>Programs of unusual shape: long, with many blocks, deep, with many targets; results and counts are the same on every engine.</summary>
public sealed unsafe class ShapesOfCodeTests
{
    public static TheoryData<string> All => Engines.All;

    public static TheoryData<string> Translating => Engines.Translating;

    [Theory]
    [MemberData(nameof(All))]
    public void HugeStraightLine(string engine)
    {
        const int length = 20_000, times = 40;
        using GuestCode guest = Engines.Guest(engine);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, times);
            a.xor(eax, eax);
            a.Label(ref loop);
            for (int i = 0; i < length; i++)
                a.inc(eax);
            a.dec(ecx);
            a.jne(loop);
        });
        Assert.Equal(length * times, (long)guest.State->Gpr[0]);
        Assert.Equal(2 + times * (length + 2L) + 1, guest.Processor.InstructionsExecuted);
        AssertTranslated(guest, engine);
    }

    /// <summary>Blocks in an order unlike that of their addresses.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void ThousandsOfBlocks(string engine)
    {
        int times = engine == nameof(ExecutionEngine.Translator) ? 3 : 3000;
        const int blocks = 2000;
        using GuestCode guest = Engines.Guest(engine);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel(), end = a.CreateLabel();
            Label[] labels = [.. Enumerable.Range(0, blocks).Select(_ => a.CreateLabel())];
            a.mov(ecx, times);
            a.xor(eax, eax);
            a.Label(ref loop);
            a.jmp(labels[0]);
            for (int i = 0; i < blocks; i++)
            {
                // 7 has no factor in common with the number of blocks.
                int number = i * 7 % blocks;
                a.Label(ref labels[number]);
                a.add(rax, number);
                if (number + 1 < blocks)
                    a.jmp(labels[number + 1]);
                else
                    a.jmp(end);
            }
            a.Label(ref end);
            a.dec(ecx);
            a.jne(loop);
        });
        Assert.Equal(times * (blocks * (blocks - 1L) / 2), (long)guest.State->Gpr[0]);
        Assert.Equal(2 + times * (1 + 2L * blocks + 2) + 1, guest.Processor.InstructionsExecuted);
        AssertTranslated(guest, engine);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void DeepRecursion(string engine)
    {
        const int depth = 3000, times = 100;
        using GuestCode guest = Engines.Guest(engine);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel(), function = a.CreateLabel(), bottom = a.CreateLabel(), over = a.CreateLabel();
            a.mov(ecx, times);
            a.xor(eax, eax);
            a.Label(ref loop);
            a.mov(edi, depth);
            a.call(function);
            a.dec(ecx);
            a.jne(loop);
            a.jmp(over);
            a.Label(ref function);
            a.push(rdi);
            a.test(edi, edi);
            a.je(bottom);
            a.dec(edi);
            a.call(function);
            a.Label(ref bottom);
            a.pop(rdi);
            a.add(rax, rdi);
            a.ret();
            a.Label(ref over);
        });
        Assert.Equal(times * (depth * (depth + 1L) / 2), (long)guest.State->Gpr[0]);
        Assert.Equal(GuestCode.StackTop, guest.State->Gpr[4]);
        AssertTranslated(guest, engine);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void IndirectJumpsToManyTargets(string engine)
    {
        const int targets = 300;
        int times = engine == nameof(ExecutionEngine.Translator) ? 900 : 300_000;
        using GuestCode guest = Engines.Guest(engine);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, times);
            a.xor(ebx, ebx);
            a.xor(edx, edx);
            Label first = a.CreateLabel();
            a.lea(rsi, __[first]);
            a.Label(ref loop);
            // Each target is 8 bytes: add, jump, padding.
            a.lea(rax, __[rsi + rdx * 8]);
            a.jmp(rax);
            a.Label(ref first);
            for (int i = 0; i < targets; i++)
            {
                a.db(0x83, 0xc3, (byte)(i & 0x7f));
                a.db([0xe9, .. BitConverter.GetBytes((targets - 1 - i) * 8)]);
            }
            a.inc(edx);
            Label below = a.CreateLabel();
            a.cmp(edx, targets);
            a.jb(below);
            a.xor(edx, edx);
            a.Label(ref below);
            a.dec(ecx);
            a.jne(loop);
        });
        long sum = Enumerable.Range(0, times).Sum(i => (long)(i % targets & 0x7f));
        Assert.Equal((uint)sum, (uint)guest.State->Gpr[3]);
        AssertTranslated(guest, engine);
    }

    /// <summary>The same bytes are two instructions or another one, depending on where they are entered.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void JumpsIntoInstructions(string engine)
    {
        int times = engine == nameof(ExecutionEngine.Translator) ? 100 : 200_000;
        using GuestCode guest = Engines.Guest(engine);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel(), inside = a.CreateLabel();
            a.mov(ecx, times);
            a.xor(ebx, ebx);
            a.Label(ref loop);
            a.test(ecx, 1);
            a.jne(inside);
            // mov eax, imm32, whose immediate begins with add ebx, 5.
            a.db(0xb8);
            a.Label(ref inside);
            a.db(0x83, 0xc3, 5);
            a.nop();
            a.dec(ecx);
            a.jne(loop);
        });
        Assert.Equal((ulong)times / 2 * 5, guest.State->Gpr[3]);
        Assert.Equal(0x9005c383UL, guest.State->Gpr[0]);
        AssertTranslated(guest, engine);
    }

    /// <summary>A loop that never leaves its region still hears of an interrupt, and of its budget.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void EndlessLoopsAreStopped(string engine)
    {
        using GuestCode guest = Engines.Guest(engine);
        guest.WriteCode([0xeb, 0xfe]);
        Assert.Equal(ExitReason.BudgetSpent, guest.Processor.Run(3_000_000));
        Assert.Equal(3_000_000, guest.Processor.InstructionsExecuted);

        // A thread of its own: the pool's may all be busy with other tests.
        long requested = 0;
        Thread other = new(() =>
        {
            Thread.Sleep(200);
            Volatile.Write(ref requested, Stopwatch.GetTimestamp());
            guest.Processor.RequestInterrupt();
        });
        other.Start();
        Assert.Equal(ExitReason.Interrupted, guest.Processor.Run());
        TimeSpan delay = Stopwatch.GetElapsedTime(Volatile.Read(ref requested));
        other.Join();
        Assert.True(delay < TimeSpan.FromSeconds(5), $"it took {delay}");
        Assert.Equal(GuestCode.CodeStart, guest.State->Rip);
        AssertTranslated(guest, engine);
    }

    /// <summary>Processors that go away while their regions wait to be compiled, and others that run at the same time.</summary>
    [Theory]
    [MemberData(nameof(Translating))]
    public void ProcessorsComeAndGo(string engine) => Parallel.For(0, 24, number =>
    {
        using GuestCode guest = Engines.Guest(engine);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, 1000 + number * 5000);
            a.xor(eax, eax);
            a.Label(ref loop);
            a.add(rax, number);
            a.dec(ecx);
            a.jne(loop);
        });
        Assert.Equal((1000 + number * 5000L) * number, (long)guest.State->Gpr[0]);
    });

    private static void AssertTranslated(GuestCode guest, string engine)
    {
        if (engine == nameof(ExecutionEngine.Translator))
            Assert.True(guest.Processor.Translations!.Installed > 0);
    }
}
