using System.Diagnostics;
using System.Runtime.InteropServices;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;
using Faultline.Memory;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

// What regions take for granted: what turned out otherwise, how often, and what is made anew without.
internal sealed unsafe partial class Translations
{
    /// <summary>What regions that start at an address may not assume, because it was often not so.</summary>
    private readonly Dictionary<ulong, Assumptions> _missed = [];

    /// <summary>How often accesses were not made because of the page behind theirs, since when, by the addresses of their instructions.</summary>
    private readonly Dictionary<ulong, (int Times, long Since)> _withoutPair = [];

    /// <summary>Addresses in it at most: programs may go on making code.</summary>
    private const int MaxWithoutPair = 1 << 16;

    /// <summary>How often an instruction's next page is looked after. Whoever misses it oftener asks where it ends when its region is made anew.</summary>
    private const int PairAttempts = 32;

    /// <summary>Misses of an instruction after which its region is made anew.</summary>
    private const int MissesToRemake = 1000;

    /// <summary>So many misses, spread over more than this, take a fiftieth of the time and less: to ask every time would take more.</summary>
    private static readonly TimeSpan RarelyWithoutPair = TimeSpan.FromMilliseconds(20);

    /// <summary>What a region takes for granted that is made now.</summary>
    private Assumptions Assumed(Assumptions missed)
    {
        Assumptions assumed = Assumes & ~missed;
        if ((assumed & Assumptions.AtHome) == 0)
            assumed &= ~(Assumptions.PagePairs | Assumptions.StackWindow);
        // Programs that compute with whole numbers only may never set PE.
        return State is not null && (State->Mxcsr & FloatFlags.Precision) == 0 ? assumed & ~Assumptions.Precise : assumed;
    }

    /// <summary>The region that is entered at an address leaves too often because something is not as it assumes: it is made anew.</summary>
    /// <param name="s">The state, which is that before the instruction.</param>
    /// <param name="address">The entry.</param>
    /// <param name="missed">What was missed; <see cref="Assumptions.Accesses"/> when an access could not be made.</param>
    public void StopAssuming(CpuState* s, ulong address, Assumptions missed)
    {
        if (!_entries.TryGetValue(address, out (Region Region, int Index) entry) || entry.Region.IsBeingReplaced)
            return;
        missed &= entry.Region.Assumes;
        if ((missed & Assumptions.Accesses) != 0)
            missed = WhichAccesses(s, entry.Region.Code!, missed);
        if (missed == Assumptions.None)
            return;
        Remake(entry.Region, missed);
    }

    /// <summary>Has a region made anew that assumes less; until that is there it serves, at all its exits better than the interpreter.</summary>
    private void Remake(Region region, Assumptions missed)
    {
        foreach (ulong start in region.Entries)
            _missed[start] = _missed.GetValueOrDefault(start) | missed;
        _profile?.Remake();
        if (!_immediate && _builder.Join([region], region.Entries, [], AssumedOf([region])) is { } again)
        {
            region.IsBeingReplaced = true;
            again.Replaces = region;
            Compile(again);
        }
        else
        {
            Remove(region);
        }
    }

    /// <summary>What a region takes for granted that is made of others.</summary>
    private Assumptions AssumedOf(IEnumerable<Region> regions) =>
        Assumed(regions.SelectMany(region => region.Entries).Aggregate(Assumptions.None, (all, entry) => all | _missed.GetValueOrDefault(entry)));

    /// <summary>Why an access could not be made, of what the region assumes.</summary>
    private Assumptions WhichAccesses(CpuState* s, TranslatedCode code, Assumptions assumed)
    {
        if ((assumed & Assumptions.AtHome) != 0)
        {
            if (AnyOperand(s, IsAway))
                return Assumptions.AtHome;
            // That has been counted, and is seen to where it is counted.
            if ((assumed & Assumptions.PagePairs) != 0 && _withoutPair.ContainsKey(s->Rip) && !code.AsksBothPages(s->Rip))
                return Assumptions.None;
        }
        else if ((assumed & Assumptions.OnePage) != 0)
        {
            return Assumptions.OnePage;
        }
        return (assumed & Assumptions.Groups) != 0 ? Assumptions.Groups : assumed & Assumptions.AtHome;
    }

    /// <summary>
    /// An access was not made because its page and the next do not both allow it: mostly because the next one has not been touched yet, and that is put right. What remains are the last
    /// pages of mappings.
    /// </summary>
    /// <param name="s">The state, which is that before the instruction.</param>
    /// <param name="address">The entry by which the region was entered.</param>
    public void MissedPair(CpuState* s, ulong address)
    {
        // What asks leaves for other reasons.
        if (!_entries.TryGetValue(address, out (Region Region, int Index) entry) || entry.Region.IsBeingReplaced || entry.Region.Code is not { } code || code.AsksBothPages(s->Rip))
            return;
        if (_withoutPair.Count >= MaxWithoutPair)
            _withoutPair.Clear();
        ref (int Times, long Since) missed = ref CollectionsMarshal.GetValueRefOrAddDefault(_withoutPair, s->Rip, out bool known);
        if (!known)
            missed.Since = Stopwatch.GetTimestamp();
        if (missed.Times < PairAttempts)
        {
            // The bytes of a group may begin below the operand, and end above.
            AnyOperand(s, address =>
            {
                _memory.FillNext(address - MemoryGrouping.MaxSpan);
                _memory.FillNext(address);
                _memory.FillNext(address + MemoryGrouping.MaxSpan);
                return false;
            });
        }
        missed.Times++;
        // Many short processes that share code miss as much as a long one.
        if (code.CountMiss(s->Rip) % MissesToRemake != 0)
            return;
        TimeSpan taken = Stopwatch.GetElapsedTime(missed.Since);
        missed.Since = Stopwatch.GetTimestamp();
        if (taken < RarelyWithoutPair)
            AskBothPages(entry.Region);
    }

    /// <summary>Has those instructions of a region that often missed their next page ask where they end, besides those that do already.</summary>
    private void AskBothPages(Region region)
    {
        foreach (ulong rip in region.Code!.MissedOften(MissesToRemake / 10))
            AskBothPages(rip);
        Remake(region, Assumptions.None);
    }

    /// <summary>Has the instruction at an address ask where its access ends, in regions that are made from now on.</summary>
    public void AskBothPages(ulong rip) => _withoutPair[rip] = (PairAttempts + 1, 0);

    /// <summary>Whether the instruction at an address has gone on missing its next page, so that a region that is made now asks where its access ends.</summary>
    private bool AsksBothPages(ulong rip) => _withoutPair.TryGetValue(rip, out (int Times, long Since) missed) && missed.Times > PairAttempts;

    /// <summary>Whether something is so of one of the addresses that the instruction at RIP may access.</summary>
    private bool AnyOperand(CpuState* s, Func<ulong, bool> isSo)
    {
        if (isSo(s->Gpr[4]) || isSo(s->Gpr[4] - 8))
            return true;
        Instruction instruction = _builder.DecodeAt(s->Rip);
        nint state = (nint)s;
        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Memory && isSo(instruction.GetVirtualAddress(i, 0, (register, _, _) => Value((CpuState*)state, register))))
                return true;
        }
        return false;

        static ulong Value(CpuState* s, Register register) => register switch
        {
            Register.FS => s->FsBase,
            Register.GS => s->GsBase,
            _ when register.IsGPR() => s->Gpr[register.GetFullRegister() - Register.RAX],
            _ => 0,
        };
    }

    /// <summary>Whether a page is there, but not at home.</summary>
    private bool IsAway(ulong address)
    {
        ulong page = address >> GuestPage.Shift;
        return page < _memory.PageLimit && _memory.ReadTable[page] != 0 && (_memory.HomeTable[page] & FlatTables.HomeLoads) == 0;
    }
}
