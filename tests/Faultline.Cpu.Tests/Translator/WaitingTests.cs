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
        guest.WriteAt(Function, a =>
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

        Straggler straggler = new(memory, Unrelated);
        Thread first = new(() => memory.WriteWhole(Unrelated, [0xcc], out _));
        Thread second = new(() => memory.WriteWhole(Function + 1, [2], out _));
        Thread processor = new(() => guest.Processor.Run());
        guest.State->Rip = GuestCode.CodeStart;
        guest.State->Gpr[1] = 1;
        guest.State->Gpr[7] = Unrelated + 0x100;
        first.Start();
        straggler.WaitForChange(Unrelated);
        processor.Start();
        SpinWait.SpinUntil(() => guest.Processor.User.IsAsleep);
        second.Start();
        straggler.WaitForChange(Function);
        straggler.LetThrough(first, second, processor);
        Assert.Equal(2ul, guest.State->Gpr[0]);
    }
}
