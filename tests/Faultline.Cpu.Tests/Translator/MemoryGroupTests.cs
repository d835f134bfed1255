using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Cpu.Tests.Differential;
using Faultline.Cpu.Translator;
using Faultline.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>Neighbouring accesses, of which translated code checks several at once, and RSP, which it keeps by offset: across pages of every kind all is as interpreted.</summary>
public sealed unsafe class MemoryGroupTests
{
    private const ulong ReadOnlyStart = 0x622000;

    /// <summary>Addresses on whose sides pages differ: both present, unmapped, read-only, with code.</summary>
    private static readonly ulong[] s_edges =
    [
        GuestCode.DataStart + 0x800, GuestCode.DataStart + 0x1000, GuestCode.DataStart, GuestCode.DataStart + 0x10000, 0x620000, ReadOnlyStart, ReadOnlyStart + 0x2000,
        GuestCode.CodeStart + 0x1000, GuestCode.StackTop, GuestCode.StackTop - 0x4000, GuestCode.StackTop - 0x10000, 1UL << 47, 0,
    ];

    /// <summary>Addresses on both of whose sides loads and stores find pages.</summary>
    private static readonly ulong[] s_present =
    [
        GuestCode.DataStart + 0x800, GuestCode.DataStart + 0x1000, 0x621000, GuestCode.StackTop - 0x4000, GuestCode.StackTop - 0x5000, GuestCode.StackTop - 0x800,
    ];

    private static readonly AssemblerRegister64[] s_registers = [rax, rcx, rdx, rsi, rdi];

    [Fact]
    public void GeneratedCodeEndsAlike()
    {
        // Without vectors in hardware compiling takes the JIT several times as long.
        int cases = Vector128.IsHardwareAccelerated ? 1500 : 400;
        List<string> failures = [];
        Parallel.For(0, cases, i =>
        {
            string expected = Outcome(i, ExecutionEngine.Interpreter, Assumptions.All);
            foreach (Assumptions assumes in (ReadOnlySpan<Assumptions>)[Assumptions.All, Assumptions.All & ~Assumptions.PagePairs, Assumptions.Groups, Assumptions.None])
                Compare(assumes, asksBothPages: false);
            Compare(Assumptions.All, asksBothPages: true);

            void Compare(Assumptions assumes, bool asksBothPages)
            {
                string found = Outcome(i, ExecutionEngine.Translator, assumes, asksBothPages);
                if (expected == found)
                    return;
                lock (failures)
                    failures.Add($"case {i}, assuming {assumes}{(asksBothPages ? ", both pages asked" : "")}\ninterpreted {expected}\ntranslated  {found}");
            }
        });
        Assert.True(failures.Count == 0, $"{failures.Count} of {cases} differ\n{string.Join('\n', failures.Take(3))}");
    }

    /// <summary>The group fails at its first instruction, but the first that faults is another.</summary>
    [Theory]
    [MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void FaultInTheMiddle(string engine)
    {
        using GuestCode guest = Engines.Guest(engine);
        const ulong end = GuestCode.DataStart + 0x10000;
        guest.Assemble(a =>
        {
            a.mov(rbx, end - 16);
            a.mov(eax, 1);
            a.mov(__qword_ptr[rbx], rax);
            a.inc(eax);
            a.mov(__qword_ptr[rbx + 8], rax);
            a.inc(eax);
            a.mov(__qword_ptr[rbx + 12], rax);
            a.inc(eax);
            a.mov(__qword_ptr[rbx + 24], rax);
        });
        Assert.Equal(ExitReason.PageFault, guest.Processor.Run());
        Assert.Equal(end, guest.State->ExitAddress);
        Assert.Equal(3UL, guest.State->Gpr[0]);
        Assert.Equal(6, guest.Processor.InstructionsExecuted);
        Span<ulong> stored = stackalloc ulong[2];
        guest.Memory.Read(end - 16, System.Runtime.InteropServices.MemoryMarshal.AsBytes(stored), out _);
        Assert.Equal([1UL, 2UL], stored.ToArray());
    }

    /// <summary>A frame across two pages again and again: exits are counted and the region made anew, and nothing is lost.</summary>
    [Theory]
    [MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void FrameAcrossPages(string engine)
    {
        const int times = 300_000;
        using GuestCode guest = Engines.Guest(engine);
        guest.State->Gpr[4] = GuestCode.StackTop - 0x1000 + 20;
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, times);
            a.xor(eax, eax);
            a.Label(ref loop);
            a.push(rcx);
            a.push(rcx);
            a.push(rax);
            a.push(rsp);
            a.mov(rdx, __qword_ptr[rsp]);
            a.sub(rdx, rsp);
            a.add(rsp, 8);
            a.pop(rax);
            a.pop(rbx);
            a.pop(rcx);
            a.add(rax, rbx);
            a.add(rax, rdx);
            a.dec(ecx);
            a.jne(loop);
        });
        Assert.Equal(times * (times + 1L) / 2 + 8L * times, (long)guest.State->Gpr[0]);
        Assert.Equal(GuestCode.StackTop - 0x1000 + 20, guest.State->Gpr[4]);
    }

    /// <summary>The last page of a mapping is as hot as any: exits are counted, and those instructions ask where they end.</summary>
    [Theory]
    [MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void LastPage(string engine)
    {
        const int times = 300_000;
        using GuestCode guest = Engines.Guest(engine);
        guest.Map(0x620000, 0x1000, PageProtection.Read | PageProtection.Write);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, times);
            a.mov(rbx, 0x620ff0);
            a.xor(eax, eax);
            a.mov(__qword_ptr[rbx], rax);
            a.mov(__qword_ptr[rbx + 8], rax);
            a.Label(ref loop);
            a.add(__qword_ptr[rbx], 1);
            a.add(__dword_ptr[rbx + 12], 3);
            a.movups(xmm0, __xmmword_ptr[rbx]);
            a.movq(rdx, xmm0);
            a.add(rax, rdx);
            a.dec(ecx);
            a.jne(loop);
        });
        Assert.Equal(times * (times + 1L) / 2, (long)guest.State->Gpr[0]);
        Span<uint> stored = stackalloc uint[4];
        guest.Memory.Read(0x620ff0, System.Runtime.InteropServices.MemoryMarshal.AsBytes(stored), out _);
        Assert.Equal([times, 0, 0, 3 * times], stored.ToArray());
    }

    /// <summary>A list whose links overwrite the register that the neighbouring loads go by.</summary>
    [Theory]
    [MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void BaseOverwrittenByItsLoad(string engine)
    {
        using GuestCode guest = Engines.Guest(engine);
        for (ulong i = 0; i < 100; i++)
        {
            ulong[] node = [GuestCode.DataStart + (i + 7) % 100 * 40, i, i * 3];
            guest.Memory.Write(GuestCode.DataStart + i * 40, System.Runtime.InteropServices.MemoryMarshal.AsBytes<ulong>(node), out _);
        }
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, 100_000);
            a.xor(edx, edx);
            a.mov(rax, GuestCode.DataStart);
            a.Label(ref loop);
            a.add(rdx, __qword_ptr[rax + 8]);
            a.mov(rsi, __qword_ptr[rax + 16]);
            a.mov(rax, __qword_ptr[rax]);
            a.add(rdx, rsi);
            a.add(rdx, __qword_ptr[rax + 8]);
            a.dec(ecx);
            a.jne(loop);
        });
        Assert.Equal(1000UL * (4950 * 5), guest.State->Gpr[2]);
    }

    /// <summary>Runs a generated case and describes everything that it leaves.</summary>
    private static string Outcome(int number, ExecutionEngine engine, Assumptions assumes, bool asksBothPages = false)
    {
        SplitMix random = SplitMix.Of(20261121, 1, number);
        using GuestCode guest = new(engine: engine);
        if (guest.Processor.Translations is { } translations)
            translations.Assumes = assumes;
        guest.Map(0x620000, 0x2000, PageProtection.Read | PageProtection.Write);
        guest.Map(ReadOnlyStart, 0x2000, PageProtection.Read);
        byte[] data = new byte[0x2000];
        for (int i = 0; i < data.Length; i += 8)
            BitConverter.TryWriteBytes(data.AsSpan(i), Address(random));
        (ulong Start, int Length)[] areas = [(GuestCode.DataStart, 0x2000), (GuestCode.DataStart + 0xf000, 0x1000), (0x620000, 0x2000),
            (GuestCode.StackTop - 0x1000, 0x1000), (GuestCode.StackTop - 0x5000, 0x2000), (GuestCode.StackTop - 0x10000, 0x1000)];
        foreach ((ulong start, int length) in areas)
            guest.Memory.Write(start, data.AsSpan(0, length), out _);
        guest.Assemble(a => Generate(a, random));
        for (ulong rip = GuestCode.CodeStart; asksBothPages && rip < GuestCode.CodeStart + 0x1000; rip++)
            guest.Processor.Translations!.AskBothPages(rip);
        for (int i = 0; i < 16; i++)
            guest.State->Gpr[i] = i is 3 or 4 or 5 ? Address(random) : random.Next() & 0xff;
        for (int i = 0; i < 4; i++)
            guest.State->Vectors[i * 8] = random.Next();

        ExitReason exit = guest.Processor.Run(10_000);
        HashCode memory = new();
        foreach ((ulong start, int length) in areas)
        {
            guest.Memory.Read(start, data.AsSpan(0, length), out _);
            memory.AddBytes(data.AsSpan(0, length));
        }
        CpuState* s = guest.State;
        string registers = string.Join(' ', Enumerable.Range(0, 16).Select(i => $"{s->Gpr[i]:x}").Concat(Enumerable.Range(0, 4).Select(i => $"{s->Vectors[i * 8]:x}")));
        string fault = exit == ExitReason.SystemCall ? "" : $"{s->ExitAddress:x} {s->ExitCode}";
        return $"{exit} {fault} rip {s->Rip:x} flags {Flags.Materialize(s):x} {registers} memory {memory.ToHashCode()} executed {guest.Processor.InstructionsExecuted}";
    }

    private static ulong Address(SplitMix random) =>
        random.Pick<ulong>(random.Chance(80) ? s_present : s_edges) + (ulong)(random.Below(41) - 20) * 8 + (random.Chance(25) ? (ulong)random.Below(8) : 0);

    private static void Generate(Assembler a, SplitMix random)
    {
        int count = 4 + random.Below(24);
        List<(Label Label, int At)> pending = [];
        AssemblerRegister64 anchor = random.Pick<AssemblerRegister64>([rbx, rsp, rbp]);
        for (int i = 0; i < count; i++)
        {
            foreach ((Label label, int at) in pending.Where(jump => jump.At == i).ToList())
            {
                Label here = label;
                a.Label(ref here);
                a.nop();
            }
            pending.RemoveAll(jump => jump.At <= i);
            if (random.Chance(10))
            {
                Label over = a.CreateLabel();
                a.test(random.Pick<AssemblerRegister64>(s_registers), 1);
                a.je(over);
                pending.Add((over, i + 1 + random.Below(6)));
            }
            Instruction(a, random, random.Chance(80) ? anchor : random.Pick<AssemblerRegister64>([rbx, rsp, rbp]));
        }
        foreach ((Label label, _) in pending)
        {
            Label here = label;
            a.Label(ref here);
            a.nop();
        }
    }

    private static void Instruction(Assembler a, SplitMix random, AssemblerRegister64 @base)
    {
        AssemblerRegister64 register = random.Pick<AssemblerRegister64>(s_registers);
        int near = random.Below(17) * 8 - 64 + (random.Chance(20) ? random.Below(8) : 0);
        AssemblerMemoryOperand memory = @base + near;
        switch (random.Below(34))
        {
            case 0 or 1 or 2:
                a.mov(__qword_ptr[memory], register);
                break;
            case 3 or 4 or 5:
                a.mov(register, __qword_ptr[memory]);
                break;
            case 6:
                a.mov(__word_ptr[memory], ax);
                break;
            case 7:
                a.add(__dword_ptr[memory], ecx);
                break;
            case 8:
                a.sub(al, __byte_ptr[memory]);
                break;
            case 9:
                a.movups(xmm0, __xmmword_ptr[memory]);
                break;
            case 10:
                a.movaps(__xmmword_ptr[memory], xmm1);
                break;
            case 11 or 12 or 13:
                a.push(register);
                break;
            case 14 or 15 or 16:
                a.pop(register);
                break;
            case 17:
                a.push(random.Below(256));
                break;
            case 18:
                a.push(__qword_ptr[memory]);
                break;
            case 19:
                a.pop(__qword_ptr[memory]);
                break;
            case 20:
                a.push(rsp);
                break;
            case 21:
                if (random.Chance(40))
                    a.pop(rsp);
                else
                    a.push(ax);
                break;
            case 22:
                a.pop(cx);
                break;
            case 23:
                a.add(rsp, near);
                break;
            case 24:
                a.sub(rsp, near);
                break;
            case 25:
                a.lea(@base, __[memory]);
                break;
            case 26:
                a.mov(rbp, rsp);
                break;
            case 27:
                if (random.Chance(50))
                    a.leave();
                else
                    a.enter(16, (sbyte)random.Below(2));
                break;
            case 28:
                if (random.Chance(50))
                    a.xchg(rsp, rbp);
                else
                    a.xchg(__qword_ptr[memory], register);
                break;
            case 29:
                a.mov(@base, __qword_ptr[memory]);
                break;
            case 30:
                a.cmp(rsp, register);
                a.adc(register, 0);
                break;
            case 31:
                Label next = a.CreateLabel();
                a.call(next);
                a.Label(ref next);
                a.inc(register);
                break;
            case 32:
                a.inc(@base);
                a.movzx(register, __byte_ptr[memory]);
                break;
            default:
                a.and(ecx, 7);
                a.mov(register, __qword_ptr[@base + rcx * 8 + near]);
                break;
        }
    }
}
