using Faultline.Cpu.State;
using Faultline.Cpu.Translator;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>Returns to one of many sites: to a likely one, to another of the region, out of it, and to what is no address.</summary>
public sealed unsafe class ReturnTests
{
    private const ulong Many = GuestCode.CodeStart + 0x1000;
    private const ulong Tail = GuestCode.CodeStart + 0x1100;
    private const ulong Single = GuestCode.CodeStart + 0x1200;
    private const ulong Elsewhere = GuestCode.CodeStart + 0x1300;
    private const ulong Apart = GuestCode.CodeStart + 0x3000;

    /// <summary>How many calls of the function that many call the loop has.</summary>
    private const int Calls = 6;

    public static TheoryData<string> Translating => Engines.Translating;

    /// <summary>Flags and registers cross each return, some sites come before their return and some after it.</summary>
    [Theory]
    [MemberData(nameof(Translating))]
    public void ReturnsGoWhereTheyShould(string engine)
    {
        int rounds = engine == nameof(ExecutionEngine.Translator) ? 200 : 60_000;
        using GuestCode guest = Engines.Guest(engine), interpreted = new(engine: ExecutionEngine.Interpreter);
        foreach (GuestCode each in (GuestCode[])[guest, interpreted])
        {
            Write(each);
            each.State->Gpr[1] = (ulong)rounds;
            Assert.Equal(ExitReason.SystemCall, each.Processor.Run());
        }
        AssertSame(interpreted, guest);
    }

    /// <summary>A return address that is not canonical faults at the return, which has not popped it.</summary>
    [Theory]
    [MemberData(nameof(Translating))]
    public void ReturnsToNoAddressFault(string engine)
    {
        int rounds = engine == nameof(ExecutionEngine.Translator) ? 20 : 20_000;
        foreach (ulong wrong in (ulong[])[1UL << 63, 1UL << 47, (1UL << 47) + GuestCode.CodeStart])
        {
            using GuestCode guest = Engines.Guest(engine), interpreted = new(engine: ExecutionEngine.Interpreter);
            foreach (GuestCode each in (GuestCode[])[guest, interpreted])
            {
                Write(each);
                each.State->Gpr[1] = (ulong)rounds;
                each.State->Gpr[9] = wrong;
                Assert.Equal(ExitReason.GeneralProtection, each.Processor.Run());
            }
            AssertSame(interpreted, guest);
        }
    }

    /// <summary>The likely targets of a return are the sites of calls that lead to it, also through a jump to another function.</summary>
    [Fact]
    public void LikelyTargetsAreThoseOfItsCalls()
    {
        using GuestCode guest = new();
        Write(guest);
        RegionBuilder builder = new(guest.Memory, guest.Processor.Model, _ => 1, (_, _) => -1, _ => [], _ => 0, _ => false);
        Region region = builder.Build(GuestCode.CodeStart, Assumptions.All)!;
        RegionBlock single = region.Blocks.First(block => block.Start == Single), many = region.Blocks.First(block => block.Start == Many);
        Assert.Single(single.Callers);
        Assert.Equal(Calls + 1, many.Callers.Length);
        Assert.All(many.Callers, site => Assert.Contains(site, many.Indirect));
        Assert.DoesNotContain(single.Callers[0], many.Callers);
        Assert.Contains(single.Callers[0], many.Indirect);
    }

    /// <summary>Targets that agree in all bits that a table can look at by themselves.</summary>
    [Fact]
    public void TablesHoldTargetsThatAreFarApart()
    {
        const ulong distance = 1UL << 27;
        const int count = 6;
        using GuestCode guest = new();
        ulong[] targets = [.. Enumerable.Range(1, count).Select(i => GuestCode.CodeStart + (ulong)i * distance)];
        guest.WriteAt(GuestCode.CodeStart, a => a.jmp(rax));
        for (int i = 0; i < count; i++)
        {
            guest.Map(targets[i], 0x1000, Memory.PageProtection.Read | Memory.PageProtection.Write | Memory.PageProtection.Execute);
            guest.WriteAt(targets[i], a =>
            {
                a.inc(rdx);
                a.mov(rax, i + 1 < count ? targets[i + 1] : Apart);
                a.jmp(rax);
            });
        }
        RegionBuilder builder = new(guest.Memory, guest.Processor.Model, _ => 1, (_, _) => -1, _ => targets, _ => 0, _ => false);
        Region region = builder.Build(GuestCode.CodeStart, Assumptions.All)!;
        RegionTranslator.Compile(region);
        guest.State->Gpr[0] = targets[0];
        guest.State->Budget = 1000;
        ((delegate*<CpuState*, Table.Operation*, Table.Operation*>)region.Code!.Address)(guest.State, null);
        Assert.Equal(count, (int)guest.State->Gpr[2]);
        Assert.Equal(Apart, guest.State->Rip);
    }

    private static void AssertSame(GuestCode expected, GuestCode actual)
    {
        Assert.Equal(expected.State->Rip, actual.State->Rip);
        for (int i = 0; i < 16; i++)
            Assert.Equal(expected.State->Gpr[i], actual.State->Gpr[i]);
        Assert.Equal(Flags.Materialize(expected.State), Flags.Materialize(actual.State));
        Assert.Equal(expected.Processor.InstructionsExecuted, actual.Processor.InstructionsExecuted);
    }

    /// <summary>
    /// A loop that calls a function from many places, one of them through another that jumps there, one from a single place, and one that returns elsewhere now and then: to a site that is another's,
    /// to code that no call leads to, and in the last round to what R9 says.
    /// </summary>
    private static void Write(GuestCode guest)
    {
        guest.Assemble(a =>
        {
            Label loop = a.CreateLabel(), end = a.CreateLabel();
            a.Label(ref loop);
            for (int i = 0; i < Calls; i++)
            {
                a.call(Many);
                a.adc(rax, i);
            }
            a.call(Tail);
            a.adc(rax, 7);
            a.call(Single);
            a.lea(rax, __[rax + rax * 2 + 1]);
            a.call(Elsewhere);
            a.adc(rax, 11);
            a.dec(rcx);
            a.jne(loop);
            a.jmp(end);
            // What a return is sent to that is no site of its own.
            a.call(Single);
            a.Label(ref end);
        });
        guest.WriteAt(Many, a =>
        {
            a.cmp(rax, rcx);
            a.ret();
        });
        guest.WriteAt(Tail, a =>
        {
            a.rol(rax, 3);
            a.jmp(Many);
        });
        guest.WriteAt(Single, a =>
        {
            a.xor(rax, rcx);
            a.ret();
        });
        // The site behind the first call: a return goes on there that its own call did not come from.
        const ulong site = GuestCode.CodeStart + 5;
        guest.WriteAt(Elsewhere, a =>
        {
            Label other = a.CreateLabel(), apart = a.CreateLabel(), wrong = a.CreateLabel();
            a.inc(rbx);
            a.cmp(rcx, 1);
            a.je(wrong);
            a.test(bl, 15);
            a.je(apart);
            a.test(bl, 3);
            a.je(other);
            a.ret();
            a.Label(ref other);
            a.dec(rcx);
            a.je(wrong);
            a.mov(r8, site);
            a.mov(__qword_ptr[rsp], r8);
            a.stc();
            a.ret();
            a.Label(ref apart);
            a.mov(r8, Apart);
            a.xchg(__[rsp], r8);
            a.mov(r10, r8);
            a.ret();
            a.Label(ref wrong);
            a.mov(ecx, 1);
            a.test(r9, r9);
            a.cmove(r9, __[rsp]);
            a.mov(__[rsp], r9);
            a.ret();
        });
        guest.WriteAt(Apart, a =>
        {
            a.sub(rax, 1);
            a.jmp(r10);
        });
    }
}
