using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Cpu.Translator;
using Faultline.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>
/// Accesses to the stack that regions make without looking at each: RSP anywhere, stacks that grow, end, are switched, hold code, or are taken away by other threads.
/// </summary>
public sealed unsafe class StackWindowTests
{
    private const ulong Function = GuestCode.CodeStart + 0x5000;
    private const ulong Unrelated = GuestCode.CodeStart + 0x6000;
    private const ulong OwnStack = 0x7200_0000;
    private const ulong OwnStackSize = 0x20_0000;
    private const PageProtection ReadWrite = PageProtection.Read | PageProtection.Write;

    public static TheoryData<string> Translating => Engines.Translating;

    /// <summary>Programs of functions with all sorts of frames, on two stacks, end with the same registers, flags and stacks as interpreted.</summary>
    [Theory]
    [MemberData(nameof(Translating))]
    public void AllSortsOfFrames(string engine)
    {
        int rounds = engine == nameof(ExecutionEngine.Translator) ? 40 : 3000;
        for (int seed = 0; seed < 24; seed++)
        {
            using GuestCode guest = Engines.Guest(engine), interpreted = new(engine: ExecutionEngine.Interpreter);
            foreach (GuestCode each in (GuestCode[])[guest, interpreted])
            {
                each.Map(OwnStack, OwnStackSize, ReadWrite);
                each.Assemble(a => new StackProgram(a, seed, rounds).Write());
                each.State->Gpr[4] = GuestCode.StackTop - (ulong)(seed * 520 & ~7);
                each.State->Gpr[13] = OwnStack + OwnStackSize / 2 + (ulong)(seed * 264);
                each.State->Gpr[14] = GuestCode.DataStart;
                Assert.Equal(ExitReason.SystemCall, each.Processor.Run());
            }
            AssertSame(interpreted, guest, $"seed {seed}");
            Assert.Equal(Bytes(interpreted, GuestCode.StackTop - 0x10000, 0x10000), Bytes(guest, GuestCode.StackTop - 0x10000, 0x10000));
        }
    }

    /// <summary>A function that a loop has called thousands of times is called with RSP anywhere: it faults where it does when interpreted, with the same registers.</summary>
    [Theory]
    [MemberData(nameof(Translating))]
    public void AnyRsp(string engine)
    {
        int rounds = engine == nameof(ExecutionEngine.Translator) ? 20 : 20_000;
        const ulong readOnly = OwnStack + 0x8000;
        ulong[] values = [0, 8, 64, GuestPage.Size, 0x1234_5678_9000, OwnStack, OwnStack + 8, OwnStack + 16, OwnStack + 100, OwnStack + 2048, OwnStack + 3000, readOnly, readOnly + 8,
            readOnly + GuestPage.Size, readOnly + GuestPage.Size + 8, readOnly + GuestPage.Size + 24, OwnStack + 0x10000, OwnStack + 0x10000 - 8, OwnStack + 0x10000 - 40, OwnStack + 0x10008,
            OwnStack + 0x10018, (1UL << 47) - 8, 1UL << 47, (1UL << 47) + 8, 1UL << 63, unchecked((ulong)-(1L << 47)), ulong.MaxValue, ulong.MaxValue - 15];
        foreach (ulong value in values)
        {
            using GuestCode guest = Engines.Guest(engine), interpreted = new(engine: ExecutionEngine.Interpreter);
            ExitReason[] reasons = new ExitReason[2];
            int i = 0;
            foreach (GuestCode each in (GuestCode[])[guest, interpreted])
            {
                each.Map(OwnStack, 0x10000, ReadWrite);
                each.Map(readOnly, GuestPage.Size, PageProtection.Read);
                each.Assemble(a =>
                {
                    Label loop = a.CreateLabel(), function = a.CreateLabel(), end = a.CreateLabel();
                    a.mov(rbx, rsp);
                    a.Label(ref loop);
                    a.test(ecx, ecx);
                    a.cmove(rsp, r9);
                    a.call(function);
                    a.mov(rsp, rbx);
                    a.dec(rcx);
                    a.jns(loop);
                    a.jmp(end);
                    a.Label(ref function);
                    a.push(rbx);
                    a.push(rcx);
                    a.sub(rsp, 24);
                    a.mov(__qword_ptr[rsp + 8], rcx);
                    a.add(rax, __qword_ptr[rsp + 8]);
                    a.add(rsp, 24);
                    a.pop(rdx);
                    a.pop(rbx);
                    a.ret();
                    a.Label(ref end);
                });
                each.State->Gpr[1] = (ulong)rounds;
                each.State->Gpr[9] = value;
                each.State->Gpr[4] = GuestCode.StackTop - 0x1000;
                reasons[i++] = each.Processor.Run();
            }
            Assert.Equal(reasons[1], reasons[0]);
            Assert.Equal((interpreted.State->ExitAddress, interpreted.State->ExitCode), (guest.State->ExitAddress, guest.State->ExitCode));
            AssertSame(interpreted, guest, $"RSP 0x{value:x}");
            Assert.Equal(Bytes(interpreted, OwnStack, 0x8000), Bytes(guest, OwnStack, 0x8000));
        }
    }

    /// <summary>A function returns, on another stack, to the site of a call of another: what is stored there below RSP faults.</summary>
    [Theory]
    [MemberData(nameof(Translating))]
    public void ReturnsElsewhereOnAnotherStack(string engine)
    {
        int rounds = engine == nameof(ExecutionEngine.Translator) ? 20 : 20_000;
        using GuestCode guest = Engines.Guest(engine), interpreted = new(engine: ExecutionEngine.Interpreter);
        foreach (GuestCode each in (GuestCode[])[guest, interpreted])
        {
            each.Map(OwnStack, 0x10000, ReadWrite);
            each.Assemble(a =>
            {
                Label loop = a.CreateLabel(), usual = a.CreateLabel(), odd = a.CreateLabel(), site = a.CreateLabel();
                a.lea(rdx, __[site]);
                a.mov(__qword_ptr[r9], rdx);
                a.Label(ref loop);
                for (int i = 0; i < 6; i++)
                {
                    a.call(usual);
                    if (i == 3)
                        a.Label(ref site);
                    a.mov(__qword_ptr[rsp - 16], rax);
                    a.add(rax, i);
                }
                a.call(odd);
                a.dec(rcx);
                a.jmp(loop);
                a.Label(ref usual);
                a.inc(rax);
                a.ret();
                a.Label(ref odd);
                a.test(ecx, ecx);
                a.cmove(rsp, r9);
                a.ret();
            });
            each.State->Gpr[1] = (ulong)rounds;
            each.State->Gpr[9] = OwnStack;
            each.State->Gpr[4] = GuestCode.StackTop - 0x1000;
            Assert.Equal(ExitReason.PageFault, each.Processor.Run());
            Assert.Equal(OwnStack - 8, each.State->ExitAddress);
        }
        AssertSame(interpreted, guest, "at the odd site");
    }

    /// <summary>A loop that may give RSP another value at its end, where so many other registers are used that RSP is loaded only by blocks that have it.</summary>
    [Theory]
    [MemberData(nameof(Translating))]
    public void LoopsThatSeldomUseRsp(string engine)
    {
        int rounds = engine == nameof(ExecutionEngine.Translator) ? 200 : 200_000;
        using GuestCode guest = Engines.Guest(engine), interpreted = new(engine: ExecutionEngine.Interpreter);
        foreach (GuestCode each in (GuestCode[])[guest, interpreted])
        {
            each.Map(OwnStack, 0x10000, ReadWrite);
            each.Assemble(a =>
            {
                Label loop = a.CreateLabel(), other = a.CreateLabel();
                a.Label(ref loop);
                for (int i = 0; i < 20; i++)
                {
                    a.add(rbx, rsi);
                    a.add(rdi, r8);
                    a.xor(r10, r11);
                    a.add(r12, r13);
                    a.sub(rbp, r14);
                }
                a.test(ecx, 1);
                a.jne(other);
                a.push(rbx);
                a.pop(rdx);
                a.Label(ref other);
                a.cmp(ecx, 100);
                a.cmove(rsp, r15);
                a.dec(rcx);
                a.jns(loop);
            });
            for (int i = 0; i < 16; i++)
                each.State->Gpr[i] = 0x0123_4567_89ab_cdefUL * (ulong)(i + 1);
            each.State->Gpr[1] = (ulong)rounds;
            each.State->Gpr[4] = GuestCode.StackTop - 0x1000;
            each.State->Gpr[15] = OwnStack + 0x8000;
            ExitReason reason = default;
            Thread processor = new(() => reason = each.Processor.Run());
            processor.Start();
            Assert.True(processor.Join(TimeSpan.FromSeconds(60)), "it does not end");
            Assert.Equal(ExitReason.SystemCall, reason);
        }
        AssertSame(interpreted, guest, "at the end");
    }

    /// <summary>A jump goes, on another stack, to where only another jump of the region has been seen to go: that stack cannot be stored to.</summary>
    [Fact]
    public void JumpsElsewhereOnAnotherStack()
    {
        const ulong second = GuestCode.CodeStart + 0x100, third = GuestCode.CodeStart + 0x200;
        using GuestCode guest = new();
        guest.Map(OwnStack, 0x4000, ReadWrite);
        Assert.Equal(0x4000, guest.Memory.Write(OwnStack, new byte[0x4000], out _));
        guest.Memory.Protect(OwnStack, OwnStack + 0x4000, PageProtection.Read);
        guest.WriteAt(GuestCode.CodeStart, a =>
        {
            a.push(rax);
            a.pop(rdx);
            a.mov(rsp, rcx);
            a.jmp(rax);
        });
        guest.WriteAt(second, a => a.jmp(rbx));
        guest.WriteAt(third, a =>
        {
            a.mov(__qword_ptr[rsp - 16], rax);
            a.syscall();
            a.ud2();
        });
        RegionBuilder builder = new(guest.Memory, guest.Processor.Model, _ => 1, (_, _) => -1, rip => rip < second ? [second] : [third], _ => 0, _ => false);
        Region region = builder.Build(GuestCode.CodeStart, Assumptions.All)!;
        RegionTranslator.Compile(region);
        Assert.NotEqual(Assumptions.None, region.Assumes & Assumptions.StackWindow);
        foreach (ulong target in (ulong[])[second, third])
        {
            guest.State->Gpr[0] = target;
            guest.State->Gpr[1] = OwnStack + 0x2000;
            guest.State->Gpr[3] = third;
            guest.State->Gpr[4] = GuestCode.StackTop - 0x4000;
            guest.State->Budget = 1000;
            Assert.True(guest.Processor.TryFindWindow((ulong)region.StackBelow, (ulong)region.StackAbove, out _));
            Operation head = new() { Rip = GuestCode.CodeStart };
            ((delegate*<CpuState*, Operation*, Operation*>)region.Code!.Address)(guest.State, &head);
            Assert.Equal(target, guest.State->Rip);
            Assert.Equal(OwnStack + 0x2000, guest.State->Gpr[4]);
            Assert.Equal(target, guest.State->Gpr[2]);
            Assert.Equal(new byte[0x4000], Bytes(guest, OwnStack, 0x4000));
        }
    }

    /// <summary>Accesses at the limit of what RSP is looked at for, and beyond it, from where the stack ends there.</summary>
    [Theory]
    [MemberData(nameof(Translating))]
    public void AccessesAtTheLimit(string engine)
    {
        int rounds = engine == nameof(ExecutionEngine.Translator) ? 20 : 20_000;
        foreach (int distance in (int[])[2032, 2040, 2041, 2047, 2048, 2100, 4000, 8000, -2048, -2049, -2055, -2056, -2057, -3000, -8000])
        {
            using GuestCode guest = Engines.Guest(engine), interpreted = new(engine: ExecutionEngine.Interpreter);
            ExitReason[] reasons = new ExitReason[2];
            int i = 0;
            foreach (GuestCode each in (GuestCode[])[guest, interpreted])
            {
                each.Map(OwnStack, 0x10000, ReadWrite);
                each.Assemble(a =>
                {
                    Label loop = a.CreateLabel();
                    a.Label(ref loop);
                    a.test(ecx, ecx);
                    a.cmove(rsp, r9);
                    a.jmp(a.@F);
                    a.AnonymousLabel();
                    a.add(__qword_ptr[rsp + 8], rcx);
                    a.mov(__qword_ptr[rsp + distance], rcx);
                    a.add(rax, __qword_ptr[rsp + distance]);
                    a.dec(rcx);
                    a.jns(loop);
                });
                each.State->Gpr[1] = (ulong)rounds;
                each.State->Gpr[9] = distance > 0 ? OwnStack + 0x10000 - 2048 : OwnStack + 2048;
                each.State->Gpr[4] = OwnStack + 0x8000;
                reasons[i++] = each.Processor.Run();
            }
            Assert.Equal(distance is > 2040 or < -2048 ? ExitReason.PageFault : ExitReason.SystemCall, reasons[1]);
            Assert.Equal(reasons[1], reasons[0]);
            Assert.Equal(interpreted.State->ExitAddress, guest.State->ExitAddress);
            AssertSame(interpreted, guest, $"{distance}");
        }
    }

    /// <summary>A recursion that has no end grows the stack as far as it may, and no page further, and faults there.</summary>
    [Theory]
    [MemberData(nameof(Translating))]
    public void ARecursionWithoutEnd(string engine)
    {
        using GuestCode guest = Engines.Guest(engine), interpreted = new(engine: ExecutionEngine.Interpreter);
        foreach (GuestCode each in (GuestCode[])[guest, interpreted])
        {
            each.Memory.StackLimit = 2 << 20;
            each.Memory.Map(new Mapping { Start = OwnStack, End = OwnStack + 2 * GuestPage.Size, Protection = ReadWrite, GrowsDown = true });
            each.Assemble(a =>
            {
                Label function = a.CreateLabel();
                a.Label(ref function);
                a.push(rcx);
                a.sub(rsp, 40);
                a.mov(__qword_ptr[rsp + 8], rcx);
                a.inc(rcx);
                a.call(function);
                a.add(rsp, 40);
                a.pop(rcx);
                a.ret();
            });
            for (int deep = 0; deep < 2; deep++)
            {
                each.State->Rip = GuestCode.CodeStart;
                each.State->Gpr[1] = 0;
                each.State->Gpr[4] = OwnStack + 2 * GuestPage.Size;
                Assert.Equal(ExitReason.PageFault, each.Processor.Run());
            }
        }
        AssertSame(interpreted, guest, "at the end of the stack");
        Assert.Equal(interpreted.State->ExitAddress, guest.State->ExitAddress);
        Assert.Equal(interpreted.Memory.Find(OwnStack)!.Start, guest.Memory.Find(OwnStack)!.Start);
    }

    /// <summary>What is pushed is executed: stores to the page are noticed, whoever makes them.</summary>
    [Theory]
    [MemberData(nameof(Translating))]
    public void CodeOnTheStack(string engine)
    {
        int rounds = engine == nameof(ExecutionEngine.Translator) ? 100 : 6000;
        using GuestCode guest = Engines.Guest(engine);
        guest.Map(OwnStack, 0x10000, ReadWrite | PageProtection.Execute);
        guest.State->Gpr[4] = OwnStack + 0x8000;
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, rounds);
            a.xor(ebx, ebx);
            a.Label(ref loop);
            a.push(rcx);
            a.mov(__byte_ptr[rsp - 16], 0xb8);
            a.mov(__dword_ptr[rsp - 15], ecx);
            a.mov(__byte_ptr[rsp - 11], 0xc3);
            a.lea(rdx, __[rsp - 16]);
            a.sub(rsp, 64);
            a.call(rdx);
            a.add(rsp, 64);
            a.add(rbx, rax);
            a.pop(rcx);
            a.dec(ecx);
            a.jne(loop);
        });
        Assert.Equal((ulong)rounds * ((ulong)rounds + 1) / 2, guest.State->Gpr[3]);
    }

    /// <summary>Another thread takes the stack away, or the right to store to it, while a region runs on it: the next access faults.</summary>
    [Theory]
    [InlineData("unmap")]
    [InlineData("protect")]
    [InlineData("none")]
    public void AnotherThreadTakesTheStack(string change)
    {
        using GuestCode guest = Engines.Guest(nameof(ExecutionEngine.Auto));
        AddressSpace memory = guest.Memory;
        AddressSpaceUser other = new(null, () => { });
        memory.Join(other);
        guest.Assemble(WriteEndlessCalls);
        for (int round = 0; round < 20; round++)
        {
            guest.Map(OwnStack, 0x10000, ReadWrite);
            guest.State->Rip = GuestCode.CodeStart;
            guest.State->Gpr[4] = OwnStack + 0x8000;
            ExitReason reason = default;
            Thread processor = new(() => reason = guest.Processor.Run());
            processor.Start();
            Thread.Sleep(round == 0 ? 300 : 2);
            ulong start = OwnStack + 0x7000, end = OwnStack + 0x9000;
            switch (change)
            {
                case "unmap":
                    memory.Unmap(start, end);
                    break;
                default:
                    memory.Protect(start, end, change == "none" ? PageProtection.None : PageProtection.Read);
                    break;
            }
            byte[] before = change == "protect" ? Bytes(guest, start, (int)(end - start)) : [];
            Assert.True(processor.Join(TimeSpan.FromSeconds(60)), "it runs on");
            Assert.Equal(ExitReason.PageFault, reason);
            Assert.InRange(guest.State->ExitAddress, start, end - 1);
            if (change == "protect")
                Assert.Equal(before, Bytes(guest, start, (int)(end - start)));
        }
        Assert.True(guest.Processor.Translations!.Installed > 0);
        memory.Leave(other);
    }

    /// <summary>A copy of the address space that another thread makes while a region runs has none of what is stored later.</summary>
    [Fact]
    public void AnotherThreadCopiesTheAddressSpace()
    {
        using GuestCode guest = Engines.Guest(nameof(ExecutionEngine.Auto));
        AddressSpace memory = guest.Memory;
        AddressSpaceUser other = new(null, () => { });
        memory.Join(other);
        guest.Map(OwnStack, 0x10000, ReadWrite);
        guest.Assemble(WriteEndlessCalls);
        guest.State->Gpr[4] = OwnStack + 0x8000;
        Thread processor = new(() => guest.Processor.Run());
        processor.Start();
        Thread.Sleep(300);
        for (int round = 0; round < 40; round++)
        {
            using AddressSpace child = memory.Fork();
            byte[] before = new byte[0x2000], after = new byte[0x2000];
            child.Read(OwnStack + 0x7000, before, out _);
            Thread.Sleep(3);
            child.Read(OwnStack + 0x7000, after, out _);
            Assert.Equal(before, after);
        }
        guest.Processor.RequestInterrupt();
        processor.Join();
        Assert.True(guest.Processor.Translations!.Installed > 0);
        memory.Leave(other);
    }

    /// <summary>
    /// A handler waits in the middle of a region, which others take for a point between blocks: meanwhile the stack becomes one that cannot be stored to. The region must not go on with what it
    /// found out before.
    /// </summary>
    [Fact]
    public void TheStackIsTakenWhileAHandlerWaits()
    {
        using GuestCode guest = Engines.Guest(nameof(ExecutionEngine.Auto));
        AddressSpace memory = guest.Memory;
        guest.Map(OwnStack, 0x10000, ReadWrite);
        guest.WriteAt(Function, a => a.ret());
        Assert.Equal(1, memory.Write(Unrelated, [0x90], out _));
        guest.Assemble(a =>
        {
            Label loop = a.CreateLabel();
            a.Label(ref loop);
            // By a handler that regions call.
            a.fxsave(__[rdi]);
            a.call(Function);
            a.dec(ecx);
            a.jne(loop);
        });
        guest.State->Gpr[4] = OwnStack + 0x8000;
        guest.State->Gpr[7] = GuestCode.DataStart;
        do
        {
            guest.State->Rip = GuestCode.CodeStart;
            guest.State->Gpr[1] = 10_000;
            Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
        }
        while (guest.Processor.Translations is { Installed: 0 });

        ulong start = OwnStack + 0x7000, page = start >> GuestPage.Shift;
        Assert.NotEqual(0, memory.HomeTable[page] & FlatTables.HomeStores);
        memory.Write(start, new byte[GuestPage.Size], out _);
        Straggler straggler = new(memory, Unrelated);
        ExitReason reason = default;
        Thread first = new(() => memory.WriteWhole(Unrelated, [0xcc], out _));
        Thread second = new(() => memory.Protect(start, start + GuestPage.Size, PageProtection.Read));
        Thread processor = new(() => reason = guest.Processor.Run());
        guest.State->Rip = GuestCode.CodeStart;
        guest.State->Gpr[1] = 1;
        guest.State->Gpr[7] = Unrelated + 0x100;
        first.Start();
        straggler.WaitForChange(Unrelated);
        processor.Start();
        SpinWait.SpinUntil(() => guest.Processor.User.IsAsleep);
        second.Start();
        SpinWait.SpinUntil(() => (Volatile.Read(ref memory.HomeTable[page]) & FlatTables.HomeStores) == 0);
        straggler.LetThrough(first, second, processor);
        Assert.Equal(ExitReason.PageFault, reason);
        Assert.Equal(OwnStack + 0x8000 - 8, guest.State->ExitAddress);
        Assert.Equal(new byte[GuestPage.Size], Bytes(guest, start, GuestPage.Size));
    }

    private static void WriteEndlessCalls(Assembler a)
    {
        Label loop = a.CreateLabel(), function = a.CreateLabel();
        a.Label(ref loop);
        a.push(rcx);
        a.call(function);
        a.pop(rdx);
        a.inc(rcx);
        a.jmp(loop);
        a.Label(ref function);
        a.sub(rsp, 0x48);
        a.mov(__qword_ptr[rsp + 8], rcx);
        a.add(rax, __qword_ptr[rsp + 8]);
        a.add(rsp, 0x48);
        a.ret();
    }

    private static byte[] Bytes(GuestCode guest, ulong start, int length)
    {
        byte[] bytes = new byte[length];
        Assert.Equal(length, guest.Memory.Read(start, bytes, out _));
        return bytes;
    }

    private static void AssertSame(GuestCode expected, GuestCode actual, string what)
    {
        Assert.True(expected.State->Rip == actual.State->Rip, $"{what}: RIP 0x{actual.State->Rip:x} instead of 0x{expected.State->Rip:x}");
        for (int i = 0; i < 16; i++)
            Assert.True(expected.State->Gpr[i] == actual.State->Gpr[i], $"{what}: register {i} 0x{actual.State->Gpr[i]:x} instead of 0x{expected.State->Gpr[i]:x}");
        Assert.Equal(Flags.Materialize(expected.State), Flags.Materialize(actual.State));
        Assert.Equal(expected.Processor.InstructionsExecuted, actual.Processor.InstructionsExecuted);
    }
}
