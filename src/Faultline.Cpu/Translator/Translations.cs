using System.Collections.Concurrent;
using Faultline.Cpu.Interpreter;
using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.Profiling;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Memory;

namespace Faultline.Cpu.Translator;

/// <summary>
/// The translated regions of one address space: asks for them when blocks get hot, installs them when they are compiled, takes them away when their bytes change. Everything
/// but the hand-over of compiled regions happens on the guest's thread.
/// </summary>
internal sealed unsafe partial class Translations
{
    /// <summary>Executions after which a block is worth translating: some hundred microseconds of interpretation against about a millisecond of compilation.</summary>
    private const long HotThreshold = 4000;

    /// <summary>
    /// Executions in one process that count for others. To take a region over costs a process about as much as to interpret a block this often.
    /// </summary>
    public const long WorthSharing = 64;

    /// <summary>The most that a block begins with: what belongs to its region is known when it was executed some times more.</summary>
    public const long MaxInherited = HotThreshold - WorthSharing;

    /// <summary>Each change of a page doubles the threshold of the blocks on it, up to this many times: code that is written and run in turn stays with the interpreter.</summary>
    private const int MaxBackoff = 10;

    private readonly Dictionary<ulong, (Region Region, int Index)> _entries = [];
    private readonly Dictionary<ulong, List<Region>> _byPage = [];
    private readonly Dictionary<ulong, int> _changes = [];
    private readonly Dictionary<ulong, List<ulong>> _targets = [];
    private readonly ConcurrentQueue<Region> _finished = new();
    private readonly HandOvers _handOvers = new();

    /// <summary>Every region that was asked for: code of one that is not valid any more may still be running.</summary>
    private readonly List<Region> _all = [];

    /// <summary>
    /// Blocks of regions that are not installed yet. They get hot together, in a long loop all at once; when the region is there, most of them are not interpreted any more.
    /// </summary>
    private readonly Dictionary<ulong, Region> _pending = [];

    /// <summary>Regions by the addresses that they can be entered at, also those that are not installed yet.</summary>
    private readonly Dictionary<ulong, Region> _claimed = [];

    /// <summary>Requests that were passed over this often without a single execution have gone cold.</summary>
    private const int Patience = 8;

    /// <summary>The first operations of hot blocks that wait for their turn, with how many turns they have seen pass.</summary>
    private readonly List<(nint Head, int Passed)> _waiting = [];

    /// <summary>Blocks that are chosen at a time.</summary>
    private const int ChosenAtOnce = 12;

    /// <summary>So many blocks wait when the compiler has more to do than it can: a program that starts, or changes what it does, has some for a moment.</summary>
    private const int ManyWaiting = 32;

    /// <summary>Those whose turn is next.</summary>
    private readonly Queue<nint> _chosen = new();
    private int _compiling;

    /// <summary>What has been looked at of what others have compiled.</summary>
    private long _seen = TranslationCache.Added;
    private bool _changing;
    private readonly RegionBuilder _builder;
    private readonly AddressSpace _memory;
    private readonly CpuModel _model;
    private readonly Func<ulong, nint> _head;
    private readonly Action<nint> _bound;
    private readonly Action _wake;
    private readonly bool _immediate;
    private readonly ProcessorProfile? _profile;

    /// <summary>Makes an empty set.</summary>
    /// <param name="memory">Where the code is.</param>
    /// <param name="model">What executes.</param>
    /// <param name="immediate">Whether to translate every block before it is run, on the guest's thread; for tests.</param>
    /// <param name="head">Gives the first operation of the block at an address, or 0.</param>
    /// <param name="bound">Told of a first operation that became an entry or is none any more.</param>
    /// <param name="heat">How often the interpreter ran the block at an address; negative when never.</param>
    /// <param name="fallThroughs">How often a conditional jump, the second address, in the block at the first was not taken; negative when nobody knows.</param>
    /// <param name="wake">Called from another thread when a region is ready: makes the guest come to the dispatcher.</param>
    /// <param name="profile">What is counted into; null for nothing.</param>
    public Translations(
        AddressSpace memory, CpuModel model, bool immediate, Func<ulong, nint> head, Action<nint> bound, Func<ulong, long> heat, Func<ulong, ulong, long> fallThroughs, Action wake,
        ProcessorProfile? profile = null)
    {
        _memory = memory;
        _model = model;
        _immediate = immediate;
        Assumes = memory.HomeMask != 0 ? Assumptions.All : Assumptions.All & ~Assumptions.AtHome;
        _profile = profile;
        _wake = wake;
        _head = head;
        _bound = bound;
        // Where nothing is interpreted first, nothing is counted.
        Func<ulong, ulong, long> counts = immediate ? (_, _) => -1 : fallThroughs;
        _builder = new RegionBuilder(memory, model, heat, counts, TargetsOf, address => _claimed.TryGetValue(address, out Region? region) && region.IsValid ? region.InstructionCount : 0, AsksBothPages);
    }

    /// <summary>What regions take for granted until it turns out otherwise; tests allow less.</summary>
    public Assumptions Assumes { get; set; }

    /// <summary>The processor's state; not looked at when null.</summary>
    public CpuState* State { get; set; }

    /// <summary>Regions compiled and installed so far.</summary>
    public long Installed { get; private set; }

    /// <summary>Guest instructions in them.</summary>
    public long InstructionsTranslated { get; private set; }

    /// <summary>Regions taken over from another address space, with the code that was compiled there.</summary>
    public long Adopted { get; private set; }

    /// <summary>Regions made of several others.</summary>
    public long Joined { get; private set; }

    /// <summary>Time that compiling them took.</summary>
    public TimeSpan CompileTime { get; private set; }

    /// <summary>Whether compiled regions wait for <see cref="Install"/>.</summary>
    public bool HasFinished => !_finished.IsEmpty || (_waiting.Count + _chosen.Count > 0 && _compiling < TranslationQueue.MaxRegions);

    /// <summary>Makes the first operation of a block what it has to be: the entry of a region, or a counter.</summary>
    public void Bind(Operation* head)
    {
        if (_entries.TryGetValue(head->Rip, out (Region Region, int Index) entry) || TryAdopt(head->Rip, out entry))
        {
            head->Immediate = (ulong)entry.Index;
            head->Displacement = Profile.Translated;
            head->Link = (Operation*)entry.Region.Code!.Address;
            head->Handler = MethodCode.Of(&Profile.Enter);
            _bound((nint)head);
            return;
        }
        head->Immediate = (ulong)(_immediate ? 1 : HotThreshold << Math.Min(_changes.GetValueOrDefault(head->Rip >> GuestPage.Shift), MaxBackoff));
        head->Displacement = Profile.Counting;
        head->Handler = MethodCode.Of(&Profile.Count);
        _bound((nint)head);
    }

    /// <summary>Takes over what another processor has compiled for the same bytes at the same addresses.</summary>
    private bool TryAdopt(ulong address, out (Region Region, int Index) entry)
    {
        entry = default;
        // Profiled code counts for its processor; and what was not as assumed, or changes, is better made for the case.
        if (_changing || _profile is not null)
            return false;
        foreach (TranslatedCode code in TranslationCache.Find(_model, address))
        {
            if (_missed.ContainsKey(address) || _changes.ContainsKey(address >> GuestPage.Shift))
                return false;
            if ((code.Assumes & ~Assumes) != 0 || !IsFile(address) || !_builder.Holds(code.Text))
                continue;
            Region region = new()
            {
                Start = address,
                Blocks = [],
                Entries = code.Entries,
                HotExits = new HashSet<ulong>(),
                Pages = code.Pages,
                InstructionCount = code.InstructionCount,
                Leaders = code.Leaders,
                Computed = code.Computed,
                Assumes = code.Assumes,
                Code = code,
            };
            Adopted++;
            Enrol(region);
            Reach(region, address);
            entry = _entries[address];
            return true;
        }
        return false;
    }

    /// <summary>A block has become hot: its region is compiled, here and now or in the background.</summary>
    /// <param name="head">Its first operation.</param>
    public void Request(Operation* head)
    {
        head->Displacement = Profile.Waiting;
        head->Immediate = 0;
        head->Handler = MethodCode.Of(&Profile.Pass);
        if (_immediate)
        {
            Translate(head);
            return;
        }
        _waiting.Add(((nint)head, 0));
        TakeTurns();
    }

    /// <summary>Gives the compiling thread what is hottest now, as far as it has room.</summary>
    private void TakeTurns()
    {
        while (_compiling < TranslationQueue.MaxRegions)
        {
            if (_chosen.Count == 0)
                Choose();
            if (!_chosen.TryDequeue(out nint head))
                return;
            if (IsWaiting((Operation*)head))
                Translate((Operation*)head);
        }
    }

    /// <summary>
    /// Chooses the hottest of the waiting blocks: several, because there may be ten thousand to look at. Whether a region that is on its way has one of them is left to when its
    /// turn comes: most do not come to that.
    /// </summary>
    private void Choose()
    {
        PriorityQueue<int, ulong> best = new();
        int kept = 0;
        for (int i = 0; i < _waiting.Count; i++)
        {
            (nint waiting, int passed) = _waiting[i];
            Operation* head = (Operation*)waiting;
            if (!IsWaiting(head))
                continue;
            ulong count = head->Immediate;
            if (count == 0 && passed == Patience)
            {
                Bind(head);
                continue;
            }
            if (best.Count < ChosenAtOnce)
                best.Enqueue(kept, count);
            else
                best.EnqueueDequeue(kept, count);
            _waiting[kept++] = (waiting, passed + 1);
        }
        _waiting.RemoveRange(kept, _waiting.Count - kept);
        foreach ((int index, ulong _) in best.UnorderedItems.OrderByDescending(item => item.Priority))
            _chosen.Enqueue(_waiting[index].Head);
        foreach ((int index, ulong _) in best.UnorderedItems.OrderByDescending(item => item.Element))
            _waiting.RemoveAt(index);
    }

    /// <summary>Whether a block still waits: its code may have changed, or a region may have it by now.</summary>
    private static bool IsWaiting(Operation* head) => head->Count == 0 && head->Displacement == Profile.Waiting;

    /// <summary>The memory of all operations is about to be freed.</summary>
    public void ForgetBlocks()
    {
        _waiting.Clear();
        _chosen.Clear();
    }

    private void Translate(Operation* head)
    {
        if (_pending.TryGetValue(head->Rip, out Region? pending) && pending.IsValid)
        {
            // In a long loop blocks get hot all at once; when the region is there, most of them are not interpreted any more.
            Bind(head);
            return;
        }
        if (_entries.ContainsKey(head->Rip))
        {
            Bind(head);
            return;
        }
        if (TryAdopt(head->Rip, out _))
            return;
        // Threads of one program get the same code hot at the same time; the others take over what the first has compiled.
        if (!_immediate && IsShared(head->Rip) && !TranslationCache.TryBegin(_model, head->Rip))
        {
            Bind(head);
            return;
        }
        _builder.IsInHaste = _waiting.Count >= ManyWaiting;
        if (_builder.Build(head->Rip, Assumed(_missed.GetValueOrDefault(head->Rip))) is { } region)
            Compile(region);
        else if (!_immediate)
            TranslationCache.End(_model, head->Rip);
    }

    /// <summary>Compiles a region that was built just now.</summary>
    private void Compile(Region region)
    {
        region.Profile = _profile?.Add(region);
        if (IsShared(region.Start))
            region.Text = _builder.Text();
        Enrol(region);
        foreach (RegionInstruction instruction in region.Blocks.SelectMany(block => block.Instructions))
            _pending[instruction.Decoded.IP] = region;
        if (_immediate)
        {
            RegionTranslator.Compile(region);
            Finish(region);
        }
        else
        {
            _compiling++;
            TranslationQueue.Add(region, done =>
            {
                Finish(done);
                _wake();
            });
        }
    }

    /// <summary>A region is compiled, or could not be. On the thread that did it: this processor's own may be at rest, and others wait.</summary>
    private void Finish(Region region)
    {
        if (region.IsValid && region.Code is not null && region.Text.Count > 0)
            TranslationCache.Add(_model, region.Code);
        if (!_immediate && region.MadeOf.Count == 0)
            TranslationCache.End(_model, region.Start);
        _finished.Enqueue(region);
    }

    /// <summary>Whether code that is compiled from an address is for others too: code of files is. Profiled code counts for its processor.</summary>
    private bool IsShared(ulong address) => _profile is null && IsFile(address);

    private bool IsFile(ulong address) => _memory.Find(address)?.Source is not null;

    /// <summary>Takes over what others have compiled since the last time, where this processor interprets it.</summary>
    public void TakeShared()
    {
        if (_profile is not null || TranslationCache.Added == _seen)
            return;
        foreach (TranslatedCode code in TranslationCache.Since(ref _seen))
        {
            foreach (ulong entry in code.Entries)
            {
                if (!_entries.ContainsKey(entry) && _head(entry) != 0)
                    TryAdopt(entry, out _);
            }
        }
    }

    /// <summary>Others rely on the region, and changes of its pages end it.</summary>
    private void Enrol(Region region)
    {
        _all.Add(region);
        Claim(region);
        foreach (ulong page in region.Pages)
        {
            if (!_byPage.TryGetValue(page, out List<Region>? onPage))
                _byPage.Add(page, onPage = []);
            onPage.Add(region);
        }
    }

    /// <summary>Makes a region reachable at its entries. The block that asked for it gets it; others keep what they have.</summary>
    private void Reach(Region region, ulong asked)
    {
        for (int i = 0; i < region.Entries.Count; i++)
        {
            ulong address = region.Entries[i];
            if (address == asked || region.MadeOf.Count > 0)
                _entries[address] = (region, i);
            else if (!_entries.TryAdd(address, (region, i)))
                continue;
            if (_head(address) is not 0 and nint operation)
                Bind((Operation*)operation);
        }
    }

    /// <summary>The fuel has run out where a region hands over: a sample of where control goes.</summary>
    /// <param name="from">The entry through which the region was entered.</param>
    /// <param name="to">Where control goes on.</param>
    public void FuelSpent(ulong from, ulong to)
    {
        if (!_handOvers.IsDue)
            return;
        if (!_entries.TryGetValue(from, out (Region Region, int Index) left) || !_entries.TryGetValue(to, out (Region Region, int Index) entered))
            _handOvers.AddOther();
        else
            _handOvers.Add(left.Region, entered.Region, to);
        // What is still interpreted comes first.
        if (_handOvers.IsEnough && _waiting.Count + _chosen.Count + _compiling == 0)
            Join();
    }

    private void Join()
    {
        foreach ((List<Region> regions, List<ulong> entries, List<ulong> inside) in _handOvers.Take())
        {
            if (!regions.Exists(region => region.IsBeingReplaced) && _builder.Join(regions, entries, inside, AssumedOf(regions)) is { } joined)
                Compile(joined);
        }
    }

    /// <summary>What is assumed of a block that was never executed: in immediate mode it is as good as any other.</summary>
    public long UnknownHeat => _immediate ? 0 : -1;

    /// <summary>How often a block was executed, as its first operation knows.</summary>
    public long HeatOf(Operation* head) =>
        head->Displacement switch
        {
            Profile.Counting => Math.Max(0, HotThreshold - (long)head->Immediate),
            Profile.Waiting => HotThreshold + (long)head->Immediate,
            _ => HotThreshold,
        };

    /// <summary>Whether executions here count for other processors: not when every block is translated at once, nor where code counts for its processor and is not shared.</summary>
    public bool SharesHeat => !_immediate && _profile is null;

    /// <summary>Processors that have ended ran a block: that counts.</summary>
    /// <param name="head">Its first operation, just bound.</param>
    /// <param name="heat">How often.</param>
    public void Inherit(Operation* head, long heat)
    {
        // Where a page has changed the threshold is another.
        if (heat > 0 && SharesHeat && head->Displacement == Profile.Counting && head->Immediate == (ulong)HotThreshold)
            head->Immediate = (ulong)(HotThreshold - Math.Min(heat, MaxInherited));
    }

    /// <summary>How often a block was executed, inherited heat included, roughly; 0 when a region has it or will have it.</summary>
    public long HeatToLeave(Operation* head) =>
        head->Count != 0 || head->Displacement == Profile.Translated || (head->Displacement == Profile.Waiting && _claimed.ContainsKey(head->Rip)) ? 0 : HeatOf(head);

    /// <summary>Remembers where an indirect branch went.</summary>
    public void Went(ulong rip, ulong target)
    {
        const int MaxTargets = 96;
        if (!_targets.TryGetValue(rip, out List<ulong>? targets))
            _targets.Add(rip, targets = []);
        if (targets.Count < MaxTargets && !targets.Contains(target))
            targets.Add(target);
    }

    /// <summary>Makes compiled regions reachable.</summary>
    public void Install()
    {
        while (_finished.TryDequeue(out Region? region))
        {
            foreach (RegionInstruction instruction in region.Blocks.SelectMany(block => block.Instructions))
            {
                if (_pending.TryGetValue(instruction.Decoded.IP, out Region? pending) && pending == region)
                    _pending.Remove(instruction.Decoded.IP);
            }
            region.Forget();
            _compiling -= _immediate ? 0 : 1;
            if (region.Code is null)
            {
                Unclaim(region);
                // Too large: a smaller set of them may do.
                foreach (Region part in region.MadeOf)
                    part.MaxJoinedWeight = Math.Min(part.MaxJoinedWeight, region.Leaders.Values.Sum() * 4 / 5);
            }
            if (!region.IsValid || region.Code is null)
            {
                // What it was to replace counts anew.
                if (region.Replaces is { IsValid: true } kept)
                    Remove(kept);
                continue;
            }
            Installed++;
            Joined += region.IsJoined ? 1 : 0;
            InstructionsTranslated += region.InstructionCount;
            CompileTime += region.CompileTime;
            _profile?.Install(region);
            Reach(region, region.Start);
            if (region.Replaces is { IsValid: true } replaced)
            {
                Remove(replaced);
                Claim(region);
            }
        }
        TakeTurns();
    }

    /// <summary>The bytes of a page change: whatever was translated from them is not entered any more.</summary>
    /// <param name="page">Guest page number.</param>
    public void CodeChanged(ulong page)
    {
        if (!_byPage.Remove(page, out List<Region>? regions))
            return;
        _changes[page] = _changes.GetValueOrDefault(page) + 1;
        // The bytes are still the old ones, and no code of them is to be found again.
        _changing = true;
        foreach (Region region in regions)
        {
            if (!region.IsValid)
                continue;
            _profile?.Invalidate();
            Remove(region);
        }
        _changing = false;
    }

    /// <summary>Makes a region unreachable; the blocks at its entries count again.</summary>
    private void Remove(Region region)
    {
        region.IsValid = false;
        foreach (ulong other in region.Pages)
        {
            if (_byPage.TryGetValue(other, out List<Region>? onPage))
                onPage.Remove(region);
        }
        Unclaim(region);
        foreach (ulong address in region.Entries)
        {
            if (!_entries.TryGetValue(address, out (Region Region, int Index) entry) || entry.Region != region)
                continue;
            _entries.Remove(address);
            if (_head(address) is not 0 and nint operation)
                Bind((Operation*)operation);
        }
    }

    /// <summary>Other regions may rely on this one, where they rely on none yet.</summary>
    private void Claim(Region region)
    {
        foreach (ulong entry in region.Entries)
            _claimed.TryAdd(entry, region);
    }

    /// <summary>Other regions do not rely on this one.</summary>
    private void Unclaim(Region region)
    {
        foreach (ulong address in region.Entries)
        {
            if (_claimed.TryGetValue(address, out Region? claiming) && claiming == region)
                _claimed.Remove(address);
        }
    }

    /// <summary>Nothing will be run any more: what still waits need not be compiled, unless others can have it.</summary>
    public void Abandon()
    {
        foreach (Region region in _all)
        {
            if (region.Text.Count == 0)
                region.IsValid = false;
        }
        _all.Clear();
    }

    private IReadOnlyList<ulong> TargetsOf(ulong rip) => _targets.TryGetValue(rip, out List<ulong>? targets) ? targets : [];
}
