using System.Diagnostics;
using Faultline.Cpu.State;
using Faultline.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>Code that changes while it runs, or between runs: the next instruction executed is what the bytes say then, on every engine.</summary>
public sealed unsafe class SelfModifyingTests
{
    private const ulong OtherPage = GuestCode.CodeStart + 0x4000;

    public static TheoryData<string> All => Engines.All;

    [Theory]
    [MemberData(nameof(All))]
    public void PatchesTheNextInstructionInEachIteration(string engine)
    {
        const int times = 600;
        using GuestCode guest = Engines.Guest(engine);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel(), patched = a.CreateLabel();
            a.lea(rdi, __[patched]);
            a.mov(ecx, times);
            a.xor(ebx, ebx);
            a.Label(ref loop);
            a.mov(__dword_ptr[rdi + 1], ecx);
            a.Label(ref patched);
            a.mov(eax, 1);
            a.add(rbx, rax);
            a.dec(ecx);
            a.jne(loop);
        });
        Assert.Equal((ulong)times * (times + 1) / 2, guest.State->Gpr[3]);
        Assert.Equal(3 + 5L * times + 1, guest.Processor.InstructionsExecuted);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void PatchesTheLoopThatRunsHalfWayThrough(string engine)
    {
        const int times = 1_000_000;
        using GuestCode guest = Engines.Guest(engine);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel(), patched = a.CreateLabel(), not = a.CreateLabel();
            a.lea(rdi, __[patched]);
            a.mov(ecx, times);
            a.xor(ebx, ebx);
            a.Label(ref loop);
            a.nop();
            a.Label(ref patched);
            a.add(rbx, 1);
            a.cmp(ecx, times / 2);
            a.jne(not);
            a.mov(__byte_ptr[rdi + 3], 7);
            a.Label(ref not);
            a.dec(ecx);
            a.jne(loop);
        });
        // The iteration that patches has added already.
        Assert.Equal((times / 2 + 1) * 1UL + (times / 2 - 1) * 7UL, guest.State->Gpr[3]);
    }

    /// <summary>A tiny compiler: a function on another page is written anew before each call.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void CallsAFunctionThatIsWrittenAnewEachTime(string engine)
    {
        int times = engine == nameof(ExecutionEngine.Translator) ? 200 : 10_000;
        using GuestCode guest = Engines.Guest(engine);
        long began = Stopwatch.GetTimestamp();
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, times);
            a.xor(ebx, ebx);
            a.mov(edi, (uint)OtherPage);
            a.Label(ref loop);
            a.mov(__byte_ptr[rdi], 0xb8);
            a.mov(__dword_ptr[rdi + 1], ecx);
            a.mov(__byte_ptr[rdi + 5], 0xc3);
            a.call(rdi);
            a.add(rbx, rax);
            a.dec(ecx);
            a.jne(loop);
        });
        Assert.Equal((ulong)times * ((ulong)times + 1) / 2, guest.State->Gpr[3]);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "it took too long");
        if (engine == nameof(ExecutionEngine.Auto))
            Assert.True(guest.Processor.Translations!.Installed < 50, $"{guest.Processor.Translations.Installed} regions for a few blocks");
    }

    /// <summary>Data beside code: every store invalidates the page.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void CountsInAVariableOnTheCodePage(string engine)
    {
        const int times = 400;
        const long variable = (long)GuestCode.CodeStart + 0x800;
        using GuestCode guest = Engines.Guest(engine);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, times);
            a.Label(ref loop);
            a.add(__qword_ptr[variable], rcx);
            a.dec(ecx);
            a.jne(loop);
            a.mov(rax, __qword_ptr[variable]);
        });
        Assert.Equal(times * (times + 1) / 2UL, guest.State->Gpr[0]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void StoresAcrossTheStartOfACodePage(string engine)
    {
        using GuestCode guest = Engines.Guest(engine);
        // mov eax, 1; ret at the start of a page.
        guest.Memory.Write(OtherPage, [0xb8, 1, 0, 0, 0, 0xc3], out _);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(edi, (uint)OtherPage);
            a.mov(ecx, 300);
            a.xor(ebx, ebx);
            a.mov(edx, 2);
            a.Label(ref loop);
            a.call(rdi);
            a.add(ebx, eax);
            // The opcode and the low three bytes of its immediate.
            a.mov(rsi, 0x000002b8_00000000);
            a.mov(__qword_ptr[rdi - 4], rsi);
            a.dec(ecx);
            a.jne(loop);
        });
        Assert.Equal(1 + 299 * 2UL, guest.State->Gpr[3]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void MovesBytesOverTheCodeThatFollows(string engine)
    {
        using GuestCode guest = Engines.Guest(engine);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel(), patched = a.CreateLabel(), source = a.CreateLabel(), over = a.CreateLabel();
            a.mov(ebx, 100);
            a.xor(edx, edx);
            a.Label(ref loop);
            a.lea(rsi, __[source]);
            a.lea(rdi, __[patched]);
            a.mov(ecx, 5);
            a.inc(__byte_ptr[rsi + 1]);
            a.rep.movsb();
            a.Label(ref patched);
            a.mov(eax, 0x1000);
            a.add(edx, eax);
            a.dec(ebx);
            a.jne(loop);
            a.jmp(over);
            a.Label(ref source);
            a.mov(eax, 0);
            a.Label(ref over);
        });
        Assert.Equal(100 * 101 / 2UL, guest.State->Gpr[2]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void MappingsOfCodeChangeBetweenRuns(string engine)
    {
        using GuestCode guest = Engines.Guest(engine);
        Assert.Equal(4000UL, RunLoop(guest, 1));
        // Another program at the same place.
        Assert.Equal(12000UL, RunLoop(guest, 3));

        guest.Memory.Protect(GuestCode.CodeStart, GuestCode.CodeStart + 0x1000, PageProtection.Read);
        guest.State->Rip = GuestCode.CodeStart;
        Assert.Equal(ExitReason.PageFault, guest.Processor.Run());
        Assert.Equal(GuestCode.CodeStart, guest.State->Rip);

        guest.Memory.Protect(GuestCode.CodeStart, GuestCode.CodeStart + 0x1000, PageProtection.Read | PageProtection.Write | PageProtection.Execute);
        guest.State->Rip = GuestCode.CodeStart;
        Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
        Assert.Equal(12000UL, guest.State->Gpr[3]);

        guest.Memory.Unmap(GuestCode.CodeStart, GuestCode.CodeStart + 0x1000);
        guest.State->Rip = GuestCode.CodeStart;
        Assert.Equal(ExitReason.PageFault, guest.Processor.Run());

        guest.Map(GuestCode.CodeStart, 0x1000, PageProtection.Read | PageProtection.Write | PageProtection.Execute);
        Assert.Equal(20000UL, RunLoop(guest, 5));
    }

    private static ulong RunLoop(GuestCode guest, int step)
    {
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, 4000);
            a.xor(ebx, ebx);
            a.Label(ref loop);
            a.add(rbx, step);
            a.dec(ecx);
            a.jne(loop);
        });
        return guest.State->Gpr[3];
    }
}
