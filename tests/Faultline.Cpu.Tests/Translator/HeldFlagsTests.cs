using Faultline.Cpu.State;
using Faultline.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>
/// Loops that leave at their head, at a page that is absent or because the budget is spent, with flags from the way back: from registers that the head leaves alone, changes, or
/// after something has read them. Every turn takes the address that the head loads from out of a table, and the absent page comes at once after turns that did not leave: far
/// from the others, whose neighbours are all there.
/// </summary>
public sealed unsafe class HeldFlagsTests
{
    private const int Turns = 60, TurnsBeforeHole = 50;

    /// <summary>More instructions than any of the programs executes.</summary>
    private const int WithoutStop = 100_000;

    private const ulong Table = GuestCode.DataStart, Values = GuestCode.DataStart + 0x2F00, Hole = GuestCode.DataStart + 0xE000;

    private static readonly Action<Assembler>[] s_heads =
    [
        a => a.mov(rax, __qword_ptr[rsi]),
        a => { a.lea(rcx, __[rcx + 0]); a.mov(rax, __qword_ptr[rsi]); },
        a => { a.mov(r8, rcx); a.mov(rcx, rdi); a.mov(rax, __qword_ptr[rsi]); a.mov(rcx, r8); },
        a => { a.adc(rbx, 1); a.mov(rax, __qword_ptr[rsi]); },
        a => { a.mov(rax, __qword_ptr[rsi]); a.sets(bl); a.mov(r9, __qword_ptr[rsi + 8]); },
        a => { a.mov(rax, __qword_ptr[rsi]); a.add(rcx, 0); a.mov(r9, __qword_ptr[rsi + 8]); },
        a => { a.mov(rax, __qword_ptr[rsi]); a.inc(rbx); a.mov(r9, __qword_ptr[rsi + 8]); },
        a => { Label skip = a.CreateLabel(); a.mov(rax, __qword_ptr[rsi]); a.inc(rbx); a.jne(skip); a.lea(rbx, __[rbx + 5]); a.Label(ref skip); a.mov(r9, __qword_ptr[rsi + 8]); },
        a => { a.mov(rax, __qword_ptr[rsi]); a.dec(rbx); a.inc(bl); a.lea(rcx, __[rcx + 0]); a.mov(r9, __qword_ptr[rsi + 8]); a.adc(rbx, 1); },
        a => { a.mov(rax, __qword_ptr[rsi]); a.inc(ebx); a.shl(rbx, cl); a.mov(r9, __qword_ptr[rsi + 8]); a.setb(al); },
        a => { a.inc(rbx); a.mov(rax, __qword_ptr[rsi]); a.bts(ebx, 5); a.dec(bx); a.mov(r9, __qword_ptr[rsi + 8]); },
        a => { a.inc(rbx); a.@lock.inc(__dword_ptr[rsp - 128]); a.mov(rax, __qword_ptr[rsi]); a.cmovb(r9, rbx); },
        a => { a.dec(r10); a.pushfq(); a.pop(r9); a.mov(rax, __qword_ptr[rsi]); a.jbe(a.F); a.AnonymousLabel(); },
        a => { a.mov(rax, __qword_ptr[rsi]); a.bt(ebx, 3); a.mov(r9, __qword_ptr[rsi + 8]); a.lea(rcx, __[rcx + 0]); a.mov(r9, __qword_ptr[rsi + 16]); },
        a => { a.mov(rax, __qword_ptr[rsi]); a.shl(rbx, cl); a.mov(r9, __qword_ptr[rsi + 8]); a.mov(r8, rdi); a.mov(rdi, r8); a.mov(r9, __qword_ptr[rsi + 16]); },
        a => { Label skip = a.CreateLabel(); a.mov(rax, __qword_ptr[rsi]); a.jb(skip); a.lea(rbx, __[rbx + 3]); a.Label(ref skip); a.mov(r9, __qword_ptr[rsi + 8]); },
        a => { Label skip = a.CreateLabel(); a.mov(rax, __qword_ptr[rsi]); a.jrcxz(skip); a.lea(rcx, __[rcx + 0]); a.mov(r9, __qword_ptr[rsi + 8]); a.Label(ref skip); a.add(rbx, rax); },
        // The address is not known where the head begins, and the access is not looked at before registers are overwritten.
        a => { a.mov(r8, rcx); a.mov(rcx, rdi); a.lea(r9, __[rsi + r14]); a.mov(rax, __qword_ptr[r9]); a.mov(rcx, r8); },
        a => { a.xchg(rcx, rdi); a.mov(r9, rsi); a.lea(r9, __[r9 + r14]); a.mov(rax, __qword_ptr[r9]); a.xchg(rcx, rdi); },
    ];

    private static readonly Action<Assembler, Label>[] s_tails =
    [
        (a, loop) => { a.dec(rcx); a.jne(loop); },
        (a, loop) => { a.sub(rcx, 1); a.jne(loop); },
        (a, loop) => { a.sub(ecx, 1); a.ja(loop); },
        (a, loop) => { a.add(rcx, -1); a.jne(loop); },
        (a, loop) => { a.lea(rcx, __[rcx - 1]); a.cmp(rcx, rdi); a.jg(loop); },
        (a, loop) => { a.lea(rcx, __[rcx - 1]); a.cmp(cx, di); a.jne(loop); },
        (a, loop) => { a.lea(rcx, __[rcx - 1]); a.cmp(ecx, 5); a.jae(loop); },
        (a, loop) => { a.lea(rcx, __[rcx - 1]); a.test(rcx, rcx); a.jns(loop); },
        (a, loop) => { a.lea(rcx, __[rcx - 1]); a.cmp(rcx, __qword_ptr[rsp - 64]); a.jne(loop); },
        (a, loop) => { a.lea(rcx, __[rcx - 1]); a.cmp(rcx, 40); a.je(loop); a.test(ecx, ecx); a.jne(loop); },
        (a, loop) => { a.cmp(rcx, 7); a.inc(rbx); a.lea(rcx, __[rcx - 1]); a.jne(loop); },
        (a, loop) => { a.sub(rcx, 1); a.rcr(rbx, 1); a.jns(loop); a.cmp(rcx, rdi); a.jne(loop); },
        // Several ways back: more than are told apart, with the same flags, from registers that some heads overwrite.
        (a, loop) =>
        {
            a.lea(rcx, __[rcx - 1]);
            a.cmp(rcx, 50);
            a.jge(loop);
            a.cmp(ecx, 40);
            a.jge(loop);
            a.cmp(cx, 30);
            a.jge(loop);
            a.cmp(rcx, 20);
            a.jge(loop);
            a.test(rcx, rcx);
            a.jne(loop);
        },
        (a, loop) =>
        {
            Label other = a.CreateLabel(), done = a.CreateLabel();
            a.lea(rcx, __[rcx - 1]);
            a.cmp(rcx, 40);
            a.jge(loop);
            a.cmp(rcx, rdi);
            a.jb(done);
            a.test(cl, 1);
            a.jne(other);
            a.cmp(rdi, rcx);
            a.jmp(loop);
            a.Label(ref other);
            a.cmp(rcx, 40);
            a.jne(loop);
            a.Label(ref done);
            a.nop();
        },
        (a, loop) =>
        {
            Label odd = a.CreateLabel(), done = a.CreateLabel();
            a.lea(rcx, __[rcx - 1]);
            a.cmp(edi, ecx);
            a.jge(done);
            a.test(cl, 1);
            a.jne(odd);
            a.cmp(rax, rbx);
            a.jmp(loop);
            a.Label(ref odd);
            a.sub(rbx, 77);
            a.jmp(loop);
            a.Label(ref done);
            a.nop();
        },
        // A loop of its own, with a way out from its head that overwrites what the flags of its ways back follow from.
        (a, loop) =>
        {
            Label inner = a.CreateLabel(), other = a.CreateLabel(), done = a.CreateLabel();
            a.Label(ref inner);
            a.jrcxz(other);
            a.lea(rsi, __[rsi + 5]);
            a.lea(rcx, __[rcx - 1]);
            a.cmp(rcx, 40);
            a.jne(inner);
            a.lea(rcx, __[rcx - 1]);
            a.cmp(rcx, rdi);
            a.jg(inner);
            a.jmp(done);
            a.Label(ref other);
            a.mov(rcx, rdi);
            a.mov(r9, __qword_ptr[rbp + (rcx * 8)]);
            a.mov(rax, __qword_ptr[r9]);
            a.Label(ref done);
            a.nop();
        },
    ];

    /// <summary>The head and the tail of the loop, by number.</summary>
    public static TheoryData<int, int> Loops()
    {
        TheoryData<int, int> loops = [];
        for (int head = 0; head < s_heads.Length; head++)
        {
            for (int tail = 0; tail < s_tails.Length; tail++)
                loops.Add(head, tail);
        }
        return loops;
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void EveryExitHasTheFlags(int head, int tail)
    {
        foreach (bool hole in (bool[])[false, true])
        {
            // Every taken branch is a stop.
            SortedDictionary<long, string> expected = Run(ExecutionEngine.Interpreter, head, tail, hole, 0);
            if (hole)
                Assert.StartsWith(nameof(ExitReason.PageFault), expected.Last().Value, StringComparison.Ordinal);
            foreach (int step in (int[])[1, 3, 5, 7, 9, 11, WithoutStop])
            {
                SortedDictionary<long, string> stops = Run(ExecutionEngine.Translator, head, tail, hole, step);
                // The translator also stops before the first block, and where it has the interpreter go on.
                KeyValuePair<long, string>[] common = [.. stops.Where(stop => expected.ContainsKey(stop.Key))];
                Assert.True(common.Length > 3 || step == WithoutStop);
                Assert.Equal(stops.Last(), expected.Last());
                foreach ((long executed, string state) in common)
                    Assert.Equal((executed, expected[executed]), (executed, state));
            }
        }
    }

    /// <summary>The states at all stops, by the instructions executed.</summary>
    private static SortedDictionary<long, string> Run(ExecutionEngine engine, int head, int tail, bool hole, int step)
    {
        using GuestCode guest = new(engine: engine);
        guest.Assemble(a =>
        {
            Label outer = a.CreateLabel(), loop = a.CreateLabel();
            a.mov(r12d, 3);
            a.Label(ref outer);
            a.mov(rsi, Values);
            a.mov(ecx, Turns);
            a.mov(edi, 2);
            a.cmp(rsi, rdi);
            a.Label(ref loop);
            s_heads[head](a);
            a.mov(rsi, __qword_ptr[rbp + (rcx * 8)]);
            s_tails[tail](a, loop);
            a.dec(r12d);
            a.jne(outer);
        });
        // Pages that nobody has stored to are not where translated code expects them, and it would leave in every turn.
        for (ulong page = GuestCode.DataStart; page < Hole; page += GuestPage.Size)
            Write(page, 0);
        for (int left = 0; left <= Turns; left++)
            Write(Table + ((ulong)left * 8), hole && left <= Turns - TurnsBeforeHole ? Hole : Values + (5 * (ulong)(Turns - left)));
        if (hole)
            guest.Memory.Unmap(Hole, Hole + GuestPage.Size);
        guest.State->Gpr[5] = Table;
        Random random = new(step);
        SortedDictionary<long, string> states = [];
        while (true)
        {
            ExitReason reason = guest.Processor.Run(step switch { 0 => 1, WithoutStop => step, _ => random.Next(1, 6 * step) });
            CpuState* s = guest.State;
            states[guest.Processor.InstructionsExecuted] = ($"{reason} {s->Rip:x}: {Flags.Materialize(s):x} {s->Gpr[0]:x} {s->Gpr[1]:x} {s->Gpr[3]:x} {s->Gpr[6]:x} {s->Gpr[7]:x} {s->Gpr[9]:x} {s->Gpr[12]:x}");
            if (reason != ExitReason.BudgetSpent)
                return states;
        }

        void Write(ulong address, ulong value) => Assert.Equal(sizeof(ulong), guest.Memory.Write(address, BitConverter.GetBytes(value), out _));
    }
}
