using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.Profiling;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Cpu.Translator;
using Faultline.Memory;

namespace Faultline.Cpu.Interpreter;

/// <summary>The decoded blocks of one address space, found by address and dropped when their bytes change.</summary>
/// <remarks>
/// Links between blocks are never taken back: a block whose code changed has every operation replaced by one that returns to the dispatcher, and its
/// memory stays until the whole cache is emptied, which happens only between blocks.
/// </remarks>
internal sealed unsafe class CodeCache : ICodeObserver, IDisposable
{
    /// <summary>The cache is emptied when its operations exceed this many bytes.</summary>
    private const long SizeLimit = 256L << 20;

    private readonly AddressSpace _memory;
    private readonly int* _changed;
    private readonly ProcessorProfile? _profile;
    private readonly BlockDecoder _decoder;
    private readonly CodeStorage _storage = CodeStorage.Take();
    private readonly Dictionary<ulong, CodeBlock> _blocks;
    private readonly ConcurrentQueue<ulong> _changedElsewhere = new();
    private readonly Action _wakeForChange;

    /// <summary>Whether <see cref="_changedElsewhere"/> may hold something: a look at the queue is dear.</summary>
    private bool _hasChanges;
    private readonly DecodedBlocks? _decoded;

    /// <summary>The host thread that uses this cache; null before there is one.</summary>
    private HostThread? _thread;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="memory">The address space.</param>
    /// <param name="model">What executes.</param>
    /// <param name="engine">Whether hot code is translated.</param>
    /// <param name="changed">Set when blocks may have become stale.</param>
    /// <param name="wake">Makes the processor come to the dispatcher to install translations, from any thread.</param>
    /// <param name="wakeForChange">Makes it come to <see cref="TakeChanges"/>, from any thread.</param>
    /// <param name="profile">What is counted into; null for nothing.</param>
    public CodeCache(AddressSpace memory, CpuModel model, ExecutionEngine engine, int* changed, Action wake, Action wakeForChange, ProcessorProfile? profile = null)
    {
        _blocks = _storage.Blocks;
        _wakeForChange = wakeForChange;
        _memory = memory;
        _changed = changed;
        _profile = profile;
        _decoder = new BlockDecoder(memory, model, engine != ExecutionEngine.Interpreter);
        if (engine != ExecutionEngine.Interpreter)
            Translations = new Translations(memory, model, engine == ExecutionEngine.Translator, HeadOf, NoteBound, HeatOf, FallThroughsOf, wake, profile);
        _decoded = DecodedBlocks.ForNext(model, engine != ExecutionEngine.Interpreter);
        Table = _storage.Table;
    }

    /// <summary>Where indirect branches look.</summary>
    public BlockEntry* Table { get; private set; }

    /// <summary>Blocks decoded since the start, for statistics.</summary>
    public long BlocksDecoded { get; private set; }

    /// <summary>Those of them that another processor had decoded.</summary>
    public long BlocksShared { get; private set; }

    /// <summary>
    /// The first operation of the block at RIP, decoding it if it must, and links the branch that asked. Null when the fetch faults: the exit is set.
    /// </summary>
    public Operation* Find(CpuState* s)
    {
        ulong rip = s->Rip;
        BlockEntry* entry = Table + BlockEntry.Slot(rip);
        if (entry->Rip != rip)
        {
            if (!_blocks.TryGetValue(rip, out CodeBlock? block))
            {
                if (_storage.Arena.Size > SizeLimit)
                {
                    Clear();
                    s->LinkFrom = null;
                }
                block = Decode(s, rip);
                if (block is null)
                    return null;
            }
            entry->Rip = rip;
            SetEntry(entry, block.First);
        }
        if (s->LinkFrom is not null)
        {
            s->LinkFrom->Link = entry->First;
            s->LinkFrom = null;
        }
        return entry->First;
    }

    /// <summary>Forgets the window around RSP if it may not be as it was found: see <see cref="AddressSpace.StoresTaken"/>.</summary>
    /// <returns>Whether there was one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ForgetWindow(CpuState* s)
    {
        if (s->StackSpan == 0 || s->StackStamp == _memory.StoresTaken)
            return false;
        s->StackSpan = 0;
        return true;
    }

    /// <summary>Translated code, or null when everything is interpreted.</summary>
    public Translations? Translations { get; }

    /// <summary>The first instruction of a block that may begin with a head.</summary>
    public static Operation* WithoutHead(Operation* first) => first->Count == 0 ? first + 1 : first;

    /// <summary>Asks for the region of a hot block.</summary>
    public void Translate(Operation* head)
    {
        long began = _profile?.BeginTranslating() ?? 0;
        if (_blocks.TryGetValue(head->Rip, out CodeBlock? block))
            block.Shared?.Cool();
        Translations!.Request(head);
        if (Translations.HasFinished)
            Translations.Install();
        _profile?.EndTranslating(began);
    }

    /// <summary>Makes compiled regions reachable.</summary>
    public void InstallTranslations()
    {
        if (Translations?.HasFinished != true)
            return;
        long began = _profile?.BeginTranslating() ?? 0;
        Translations.Install();
        _profile?.EndTranslating(began);
    }

    /// <summary>A thread, the calling one, runs this processor's code from now on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Attach(HostThread thread)
    {
        if (!ReferenceEquals(_thread, thread))
            Volatile.Write(ref _thread, thread);
    }

    /// <summary>Drops what other threads have changed. On the thread that uses this cache, between two blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TakeChanges()
    {
        if (Volatile.Read(ref _hasChanges))
            TakeQueued();
    }

    private void TakeQueued()
    {
        // Before the look: what is queued from here on says so again.
        Interlocked.Exchange(ref _hasChanges, false);
        while (_changedElsewhere.TryDequeue(out ulong page))
            Drop(page);
    }

    /// <inheritdoc/>
    public void CodeChanged(ulong page)
    {
        if (ReferenceEquals(HostThread.Current, Volatile.Read(ref _thread)))
        {
            Drop(page);
            return;
        }
        _changedElsewhere.Enqueue(page);
        Volatile.Write(ref _hasChanges, true);
        _wakeForChange();
    }

    private void Drop(ulong page)
    {
        *_changed = 1;
        DropBlocks(page);
        Translations?.CodeChanged(page);
    }

    private void DropBlocks(ulong page)
    {
        if (!_storage.ByPage.Remove(page, out CodeBlock? newest))
            return;
        for (CodeBlock? block = newest; block is not null; block = block.NextOn(page))
        {
            // A block on two pages is listed twice; its other entry finds it gone from the map.
            if (!_blocks.TryGetValue(block.Start, out CodeBlock? current) || !ReferenceEquals(current, block))
                continue;
            _blocks.Remove(block.Start);
            BlockEntry* entry = Table + BlockEntry.Slot(block.Start);
            if (entry->First == block.First)
                entry->Rip = BlockEntry.None;
            for (int i = 0; i < block.Count; i++)
                block.First[i].Handler = &ControlFlow.Stale;
            if (block.First->Count == 0)
                block.First->Count = 1;
        }
    }

    /// <summary>Frees everything.</summary>
    public void Dispose()
    {
        if (Table is null)
            return;
        if (Translations is not null)
        {
            LeaveHeat(Translations);
            Translations.Abandon();
        }
        _storage.Return();
        Table = null;
    }

    /// <summary>What was executed here counts for those who run the same code later.</summary>
    private void LeaveHeat(Translations translations)
    {
        if (!translations.SharesHeat)
            return;
        foreach (CodeBlock block in _blocks.Values)
        {
            if (block.Shared is { } shared && translations.HeatToLeave(block.First) - block.Inherited is >= Translations.WorthSharing and long heat)
                shared.AddHeat(heat);
        }
    }

    private static void SetEntry(BlockEntry* entry, Operation* first)
    {
        entry->First = first;
        bool translated = first->Count == 0 && first->Displacement == Profile.Translated;
        entry->Code = translated ? (delegate*<CpuState*, Operation*, Operation*>)first->Link : MethodCode.Of(&Profile.Resume);
        entry->Index = translated ? first->Immediate : 0;
    }

    /// <summary>What a block begins with has changed: so has where translated code goes for it.</summary>
    private void NoteBound(nint head)
    {
        Operation* first = (Operation*)head;
        BlockEntry* entry = Table + BlockEntry.Slot(first->Rip);
        if (entry->Rip == first->Rip)
            SetEntry(entry, first);
    }

    private nint HeadOf(ulong address) => _blocks.TryGetValue(address, out CodeBlock? block) ? (nint)block.First : 0;

    /// <summary>How often the block at an address was executed, roughly; negative when it never was.</summary>
    private long HeatOf(ulong address) => _blocks.TryGetValue(address, out CodeBlock? block) ? Translations!.HeatOf(block.First) : Translations!.UnknownHeat;

    /// <summary>
    /// How often a conditional jump in the block at an address was not taken there; negative when nobody knows, because there is no such block, or because others found it hot: then it was
    /// hardly ever interpreted here.
    /// </summary>
    private long FallThroughsOf(ulong start, ulong jump)
    {
        if (!_blocks.TryGetValue(start, out CodeBlock? block) || block.Inherited > 0 || (Translations!.Adopted > 0 && block.First->Displacement == Profile.Translated))
            return -1;
        for (int i = 0; i < block.Count; i++)
        {
            if (block.First[i].Rip == jump && block.First[i].Count != 0)
                return (long)block.First[i].Displacement;
        }
        return -1;
    }

    private void Clear()
    {
        Translations?.ForgetBlocks();
        _storage.Clear();
    }

    /// <summary>A block that another processor has decoded from the same bytes; null when there is none.</summary>
    private DecodedBlock? FindDecoded(ulong rip)
    {
        for (DecodedBlock? block = _decoded?.Find(rip); block is not null; block = block.Older)
        {
            if (!_decoder.Holds(rip, block.Text))
                continue;
            BlocksShared++;
            return block;
        }
        return null;
    }

    private CodeBlock? Decode(CpuState* s, ulong rip)
    {
        DecodedBlock? shared = FindDecoded(rip);
        ulong end = rip + (ulong)(shared?.Text.Length ?? 0);
        ReadOnlySpan<Operation> operations = shared?.Operations;
        if (shared is null)
        {
            operations = _decoder.Decode(s, rip, out end);
            if (operations.IsEmpty)
                return null;
            if (_decoded is not null && !_decoder.StoppedShort && _memory.Find(rip)?.Source is not null && _decoder.TextOf(rip, end) is { } text)
                shared = _decoded.Add(rip, text, operations);
        }
        CodeBlock block = new() { Start = rip, End = end, First = _storage.Arena.Add(operations), Count = operations.Length, Shared = shared, Inherited = Math.Min(shared?.Heat ?? 0, Translations.MaxInherited) };
        _blocks.Add(rip, block);
        BlocksDecoded++;
        if (Translations is not null)
        {
            Translations.Bind(block.First);
            Translations.Inherit(block.First, block.Inherited);
        }

        ulong lastPage = (end - 1) >> GuestPage.Shift;
        for (ulong page = rip >> GuestPage.Shift; page <= lastPage; page++)
        {
            ref CodeBlock? newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_storage.ByPage, page, out _);
            block.SetNextOn(page, newest);
            newest = block;
        }
        return block;
    }
}
