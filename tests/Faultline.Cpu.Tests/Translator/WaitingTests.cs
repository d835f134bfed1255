using Faultline.Cpu.State;
using Faultline.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>
/// A store to a page whose code another thread changes waits until nobody runs that any more, and lets others change code meanwhile. A region in whose middle that happens must not go on with
/// what it has of theirs.
/// </summary>
public sealed unsafe class WaitingTests
{
    private const ulong Function = GuestCode.CodeStart + 0x5000;
    private const ulong Unrelated = GuestCode.CodeStart + 0x6000;

    public static TheoryData<string> All => Engines.All;

    [Theory, MemberData(nameof(All))]
    public void WhatOthersStoredMeanwhileIsRun(string engine)
    {
        using GuestCode guest = Engines.Guest(engine);
        AddressSpace memory = guest.Memory;
        Write(memory, Function, a =>
        {
            a.mov(eax, 1);
            a.ret();
        });
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
        guest.State->Gpr[7] = GuestCode.DataStart;
        do
        {
            guest.State->Rip = GuestCode.CodeStart;
            guest.State->Gpr[1] = 10_000;
            Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
            Assert.Equal(1ul, guest.State->Gpr[0]);
        }
        while (guest.Processor.Translations is { Installed: 0 });

        // Someone who runs in the same address space and does not come to an end: who changes code waits for it.
        Observer told = new();
        AddressSpaceUser runs = new(told, () => { });
        memory.Join(runs);
        runs.EnterGuest();
        Assert.Equal(MemoryFault.None, Fetch(memory, Unrelated));
        Assert.True(memory.MarkCode(Unrelated >> GuestPage.Shift));

        Thread first = new(() => memory.WriteWhole(Unrelated, [0xcc], out _));
        Thread second = new(() => memory.WriteWhole(Function + 1, [2], out _));
        Thread processor = new(() => guest.Processor.Run());
        guest.State->Rip = GuestCode.CodeStart;
        guest.State->Gpr[1] = 1;
        guest.State->Gpr[7] = Unrelated + 0x100;
        first.Start();
        told.Wait(Unrelated);
        processor.Start();
        SpinWait.SpinUntil(() => guest.Processor.User.IsAsleep);
        second.Start();
        told.Wait(Function);
        while (second.IsAlive || processor.IsAlive || first.IsAlive)
        {
            runs.Pass();
            Thread.Yield();
        }
        runs.FallAsleep();
        memory.Leave(runs);
        Assert.Equal(2ul, guest.State->Gpr[0]);
    }

    private static void Write(AddressSpace memory, ulong address, Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), address);
        Assert.Equal((int)stream.Length, memory.Write(address, stream.ToArray(), out _));
    }

    private static MemoryFault Fetch(AddressSpace memory, ulong address)
    {
        memory.Fetch(address, new byte[1], out MemoryFault fault);
        return fault;
    }

    private sealed class Observer : ICodeObserver
    {
        private ulong _last;

        public void CodeChanged(ulong page) => Volatile.Write(ref _last, page);

        public void Wait(ulong address) => SpinWait.SpinUntil(() => Volatile.Read(ref _last) == address >> GuestPage.Shift);
    }
}
