using Faultline.Cpu.Interpreter;
using Faultline.Cpu.Table;
using Faultline.Memory;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

/// <summary>Chooses what belongs to a region and decodes it: from a hot block along direct branches, calls and known returns, hottest first.</summary>
internal sealed unsafe class RegionBuilder
{
    /// <summary>
    /// Weight of a region at most, as <see cref="WeightOf"/> has it. Compile time grows faster than the region, and the JIT stops optimising large methods (60,000 bytes of CIL, 20,000
    /// instructions, 8,000 references to locals): the largest come to half of that. Branching code, of which a region then has some 400 instructions, neither gains nor
    /// loses by more; long straight code (MD5, SHA-256), of which it has a thousand, gains by every hand-over that it has not.
    /// </summary>
    public const int MaxWeight = 1400;

    /// <summary>
    /// Weight at most of what several regions are joined to, which is known to be hot throughout. What then turns out too large for the JIT (<see cref="CilEmitter.IsTooLarge"/>), mostly
    /// because it has many branches, is not joined.
    /// </summary>
    public const int MaxJoinedWeight = 3600;

    /// <summary>
    /// What a region may weigh more so that the block that it has begun ends in it: a loop of a few instructions that was cut before its branch handed over to another region and back in
    /// each turn, and stored its flags for it (SHA-256: a third of its time).
    /// </summary>
    private const int ToFinish = 100;

    /// <summary>Blocks executed less often than the first by this factor stay outside: compiling them costs as much as compiling hot ones.</summary>
    private const int Coldest = 16;

    /// <summary>Entries at most.</summary>
    private const int MaxEntries = 32;

    /// <summary>
    /// What is in another region of more instructions than this, control goes there for; smaller ones, such as inner loops and short functions, are taken in once more.
    /// Without this, hot code was compiled three to six times over (measured: Perl, Python, Lua), which costs the JIT's time and the host's instruction cache.
    /// </summary>
    private const int WorthCopying = 40;

    /// <summary>
    /// The same while the compiler has more to do than it can. Of what it compiled for a compiler (cc1), two in five instructions were copies; without the larger of them it is done with a fifth
    /// less work, and what waits comes sooner.
    /// </summary>
    private const int WorthCopyingInHaste = 8;

    private readonly CpuModel _model;
    private readonly GuestCodeReader _reader;
    private readonly Decoder _decoder;
    private readonly Func<ulong, long> _heat;
    private readonly Func<ulong, ulong, long> _fallThroughs;
    private readonly Func<ulong, IReadOnlyList<ulong>> _targets;
    private readonly Func<ulong, int> _elsewhere;
    private readonly Func<ulong, bool> _asksBothPages;

    private readonly Dictionary<ulong, RegionInstruction> _instructions = [];
    private readonly HashSet<ulong> _leaders = [];
    private readonly PriorityQueue<ulong, long> _queue = new();
    private readonly HashSet<ulong> _entries = [];
    private readonly List<ulong> _returnSites = [];
    private readonly HashSet<ulong> _computed = [];
    private readonly HashSet<ulong> _pages = [];

    /// <summary>The interpreter's blocks that began on the straight way to where decoding is.</summary>
    private readonly List<ulong> _begun = [];

    /// <summary>The blocks of a region that is made of others; null when what belongs to it goes by heat.</summary>
    private HashSet<ulong>? _wanted;
    private long _coldest;
    private int _weight;
    private ulong _start;

    /// <summary>Makes a builder for an address space.</summary>
    /// <param name="memory">Where the code is.</param>
    /// <param name="model">What executes.</param>
    /// <param name="heat">How often the interpreter ran the block at an address, or a negative number when it never did: such targets stay outside.</param>
    /// <param name="fallThroughs">How often a conditional jump, the second address, was not taken in the interpreter's block at the first; negative when nobody knows.</param>
    /// <param name="targets">Targets that an indirect branch at an address was seen to take.</param>
    /// <param name="elsewhere">Size in instructions of the region that can be entered at an address; 0 when there is none.</param>
    /// <param name="asksBothPages">See <see cref="RegionInstruction.AsksBothPages"/>, of the instruction at an address.</param>
    public RegionBuilder(
        AddressSpace memory, CpuModel model, Func<ulong, long> heat, Func<ulong, ulong, long> fallThroughs, Func<ulong, IReadOnlyList<ulong>> targets, Func<ulong, int> elsewhere,
        Func<ulong, bool> asksBothPages)
    {
        _model = model;
        _reader = new GuestCodeReader(memory);
        _decoder = Decoder.Create(64, _reader, model.DecoderOptions);
        _heat = heat;
        _fallThroughs = fallThroughs;
        _targets = targets;
        _elsewhere = elsewhere;
        _asksBothPages = asksBothPages;
    }

    /// <summary>Whether the compiler has more to do than it can: then as little as possible is compiled once more.</summary>
    public bool IsInHaste { get; set; }

    /// <summary>The region around a block, or null when its first instruction cannot be translated.</summary>
    /// <param name="start">Its address.</param>
    /// <param name="assumes">What its code may take for granted.</param>
    public Region? Build(ulong start, Assumptions assumes)
    {
        _wanted = null;
        return Build(start, [], [], assumes, madeOf: []);
    }

    /// <summary>One region of the blocks of others; null when its first instruction cannot be translated.</summary>
    /// <param name="regions">The regions.</param>
    /// <param name="entries">Where it is entered.</param>
    /// <param name="inside">Where control was seen to go from one of the regions to another: mostly by returns and computed jumps, from which nothing else leads there.</param>
    /// <param name="assumes">What its code may take for granted.</param>
    public Region? Join(IReadOnlyList<Region> regions, IReadOnlyList<ulong> entries, IReadOnlyList<ulong> inside, Assumptions assumes)
    {
        _wanted = [.. regions.SelectMany(region => region.Leaders.Keys)];
        return Build(entries[0], entries, [.. inside, .. regions.SelectMany(region => region.Computed)], assumes, regions);
    }

    private Region? Build(ulong start, IReadOnlyList<ulong> others, IReadOnlyList<ulong> inside, Assumptions assumes, IReadOnlyList<Region> madeOf)
    {
        _instructions.Clear();
        _leaders.Clear();
        _queue.Clear();
        _entries.Clear();
        _returnSites.Clear();
        _computed.Clear();
        _pages.Clear();
        _weight = 0;
        _start = start;
        _coldest = Math.Max(0, _heat(start) / Coldest);

        _reader.Begin(start);
        _queue.Enqueue(start, long.MinValue);
        foreach (ulong other in others)
        {
            _entries.Add(other);
            _queue.Enqueue(other, 0);
        }
        foreach (ulong address in inside)
        {
            _computed.Add(address);
            _queue.Enqueue(address, 0);
        }
        DecodeAll();
        // Of what is joined nothing is left out: from a return nothing leads to its caller.
        foreach (Region part in madeOf)
        {
            if (_instructions.ContainsKey(part.Start))
                continue;
            _computed.Add(part.Start);
            _queue.Enqueue(part.Start, 0);
            DecodeAll();
        }
        if (!_instructions.TryGetValue(start, out RegionInstruction? first) || LeavesAtOnce(first))
            return null;

        Dictionary<ulong, RegionBlock> blocks = MakeBlocks(start);
        Connect(blocks);
        RegionBlock entry = blocks[start];
        List<ulong> entries = [start];
        entry.IsEntry = true;
        foreach (ulong address in _entries)
        {
            if (entries.Count < MaxEntries && address != start && blocks.TryGetValue(address, out RegionBlock? block) && block.Last is not null && !LeavesAtOnce(block.Instructions[0]))
            {
                block.IsEntry = true;
                entries.Add(address);
            }
        }
        List<RegionBlock> roots = [.. entries.Select(address => blocks[address])];
        foreach (ulong address in _computed)
        {
            if (blocks.TryGetValue(address, out RegionBlock? block))
            {
                block.IsComputed = true;
                roots.Add(block);
            }
        }
        if ((assumes & Assumptions.RoutineX87) != 0 && !X87Layout.Assign(blocks.Values, entry))
            assumes &= ~Assumptions.RoutineX87;
        List<RegionBlock> order = Order(roots);
        (int below, int above) = (assumes & Assumptions.StackWindow) != 0 ? StackFlow.Find(order) : default;
        if (below + above == 0)
            assumes &= ~Assumptions.StackWindow;
        FlagsLiveness.Analyse(order);
        return new Region
        {
            Start = start,
            Blocks = order,
            Entries = entries,
            Pages = new HashSet<ulong>(_pages),
            HotExits = FindHotExits(order),
            Assumes = assumes,
            StackBelow = below,
            StackAbove = above,
            InstructionCount = order.Sum(block => block.Instructions.Count),
            Leaders = order.ToDictionary(block => block.Start, block => block.Instructions.Sum(WeightOf)),
            Computed = [.. order.Where(block => block.IsComputed).Select(block => block.Start)],
            MadeOf = madeOf,
        };
    }

    /// <summary>The instruction at an address; an invalid one where there is none.</summary>
    public Instruction DecodeAt(ulong address)
    {
        _reader.Begin(address);
        _decoder.IP = address;
        return _decoder.Decode();
    }

    /// <summary>The bytes of the region that was built last: in runs, by address; nothing when they may be others by now.</summary>
    public IReadOnlyList<(ulong Address, byte[] Bytes)> Text()
    {
        List<(ulong Address, byte[] Bytes)> text = [];
        ulong start = 0, end = 0;
        foreach (ulong address in _instructions.Keys.Order())
        {
            if (address != end)
            {
                if (!AddRun())
                    return [];
                start = address;
            }
            end = address + (ulong)_instructions[address].Decoded.Length;
        }
        return AddRun() ? text : [];

        bool AddRun()
        {
            byte[] run = new byte[end - start];
            if (run.Length > 0)
                text.Add((start, run));
            return _reader.TryReadAgain(start, run);
        }
    }

    /// <summary>Whether the address space has, as code, the bytes that a region elsewhere was made from. Their pages are watched from now on.</summary>
    public bool Holds(IReadOnlyList<(ulong Address, byte[] Bytes)> text)
    {
        if (text.Count == 0)
            return false;
        _reader.Begin(text[0].Address);
        foreach ((ulong address, byte[] bytes) in text)
        {
            _reader.Seek(address);
            foreach (byte expected in bytes)
            {
                if (_reader.ReadByte() != expected)
                    return false;
            }
        }
        return true;
    }

    /// <summary>Whether a region that began with an instruction would only hand it to the interpreter.</summary>
    private static bool LeavesAtOnce(RegionInstruction instruction) =>
        instruction.Form.Shape is FormShape.WholeBranch or FormShape.SystemCall || instruction.Form.Class == InstructionClass.System;

    private void DecodeAll()
    {
        while (_queue.TryDequeue(out ulong address, out long priority) && _weight < Limit)
            DecodeFrom(address, priority);
    }

    private void DecodeFrom(ulong address, long priority)
    {
        _leaders.Add(address);
        _begun.Clear();
        // A block that is begun is finished, if that does not take too much.
        bool isBegun = false;
        while (_weight < (isBegun ? Limit + ToFinish : Limit))
        {
            if (IsElsewhere(address))
                return;
            if (_instructions.ContainsKey(address))
            {
                _leaders.Add(address);
                return;
            }
            // What is made of others has what they have.
            if (_wanted is null && _heat(address) >= 0)
                _begun.Add(address);
            if (Decode(address) is not { } instruction)
                return;
            _instructions.Add(address, instruction);
            _weight += WeightOf(instruction);
            isBegun = instruction.Form.Shape != FormShape.ConditionalJump;
            switch (instruction.Form.Shape)
            {
                case FormShape.ConditionalJump:
                    Follow(instruction.Op.Immediate, priority);
                    _leaders.Add(instruction.Next);
                    if (!FallsThrough(address, instruction.Next))
                        return;
                    break;
                case FormShape.Jump:
                    Follow(instruction.Op.Immediate, priority);
                    return;
                case FormShape.Call:
                    FollowEntry(instruction.Op.Immediate, priority);
                    FollowReturn(instruction.Next, priority);
                    return;
                case FormShape.CallIndirect:
                    FollowComputed(address, priority);
                    FollowReturn(instruction.Next, priority);
                    return;
                case FormShape.JumpIndirect:
                    FollowComputed(address, priority);
                    return;
                case FormShape.SystemCall:
                    if (_heat(instruction.Next) >= 0)
                    {
                        _queue.Enqueue(instruction.Next, priority);
                        _entries.Add(instruction.Next);
                    }
                    return;
                default:
                    if (instruction.Form.Class is InstructionClass.Branch or InstructionClass.System)
                        return;
                    break;
            }
            address = instruction.Next;
        }
    }

    private int Limit => _wanted is null ? MaxWeight : MaxJoinedWeight;

    /// <summary>About what an instruction costs the JIT: an access to memory as much as the rest, the end of a block eight times that.</summary>
    private static int WeightOf(RegionInstruction instruction) =>
        1 + ((instruction.Op.Flags & RegionTranslator.AnyMemory) != 0 ? 1 : 0) + (instruction.Form.Class is InstructionClass.Branch or InstructionClass.System ? 8 : 0);

    private bool IsElsewhere(ulong address) => address != _start && _wanted?.Contains(address) != true && _elsewhere(address) > (IsInHaste ? WorthCopyingInHaste : WorthCopying);

    private void FollowEntry(ulong target, long priority)
    {
        // What is made of others is entered where it was seen to be: each entry is a join, in which nothing is known.
        if (_wanted is null)
            _entries.Add(target);
        Follow(target, priority);
    }

    private void FollowComputed(ulong address, long priority)
    {
        foreach (ulong target in _targets(address))
        {
            _computed.Add(target);
            FollowEntry(target, priority);
        }
    }

    /// <summary>Whether a block belongs to the region.</summary>
    private bool IsWanted(ulong address, long heat) => _wanted is null ? heat >= _coldest : _wanted.Contains(address);

    /// <summary>
    /// Whether what follows a conditional jump belongs to the region. Of what was compiled for a compiler (cc1), one instruction in six stood behind a jump that is nearly always taken, and of
    /// Perl's code one in four.
    /// </summary>
    private bool FallsThrough(ulong jump, ulong next)
    {
        if (_wanted is not null)
            return _wanted.Contains(next);
        long known = -1;
        foreach (ulong block in _begun)
        {
            if (_fallThroughs(block, jump) is long count and >= 0)
                known = Math.Max(known, 0) + count;
        }
        return known < 0 || known >= _coldest || _heat(next) >= _coldest;
    }

    private void Follow(ulong target, long priority)
    {
        long heat = _heat(target);
        if (!IsWanted(target, heat) && !_instructions.ContainsKey(target))
            return;
        _leaders.Add(target);
        _queue.Enqueue(target, Math.Max(priority, -heat));
    }

    private void FollowReturn(ulong site, long priority)
    {
        long heat = _heat(site);
        _returnSites.Add(site);
        if (!IsWanted(site, heat))
            return;
        if (_wanted is null)
            _entries.Add(site);
        _leaders.Add(site);
        _queue.Enqueue(site, Math.Max(priority, -heat));
    }

    private RegionInstruction? Decode(ulong address)
    {
        _reader.Seek(address);
        _decoder.IP = address;
        _decoder.Decode(out Instruction decoded);
        if (decoded.IsInvalid)
            return null;
        InstructionForm form = InstructionTable.Lookup(decoded.Code, _model);
        RegionInstruction instruction = new() { Decoded = decoded, Form = form, AsksBothPages = _asksBothPages(address) };
        if (!OperationBinder.Bind(ref instruction.Op, decoded, form))
            return null;
        for (ulong page = address >> GuestPage.Shift; page <= (decoded.NextIP - 1) >> GuestPage.Shift; page++)
            _pages.Add(page);
        InstructionFacts.Set(instruction);
        return instruction;
    }

    private Dictionary<ulong, RegionBlock> MakeBlocks(ulong start)
    {
        Dictionary<ulong, RegionBlock> blocks = [];
        _leaders.Add(start);
        foreach (ulong leader in _leaders)
        {
            if (!_instructions.ContainsKey(leader))
                continue;
            RegionBlock block = new() { Start = leader };
            for (ulong at = leader; _instructions.TryGetValue(at, out RegionInstruction? instruction) && (at == leader || !_leaders.Contains(at));)
            {
                block.Instructions.Add(instruction);
                if (instruction.Form.Class is InstructionClass.Branch or InstructionClass.System)
                    break;
                at = instruction.Next;
            }
            blocks.Add(leader, block);
        }
        return blocks;
    }

    private void Connect(Dictionary<ulong, RegionBlock> blocks)
    {
        RegionBlock[] sites = BlocksAt(_returnSites);
        foreach (RegionBlock block in blocks.Values)
        {
            RegionInstruction last = block.Last!;
            switch (last.Form.Shape)
            {
                case FormShape.ConditionalJump:
                    block.Next = blocks.GetValueOrDefault(last.Next);
                    block.Taken = blocks.GetValueOrDefault(last.Op.Immediate);
                    break;
                case FormShape.Jump:
                case FormShape.Call:
                    block.Taken = blocks.GetValueOrDefault(last.Op.Immediate);
                    break;
                case FormShape.JumpIndirect:
                case FormShape.CallIndirect:
                    block.Indirect = BlocksAt(_targets(last.Decoded.IP));
                    break;
                case FormShape.Return:
                    block.Indirect = sites;
                    break;
                default:
                    if (last.Form.Class is not (InstructionClass.Branch or InstructionClass.System))
                        block.Next = blocks.GetValueOrDefault(last.Next);
                    break;
            }
        }

        // With fewer sites a return compares with each of them. This is the guest's thread.
        if (sites.Length > RegionTranslator.MaxCompared)
            CallGraph.FindCallers(blocks);

        // A loop: for queries over values of this kind the runtime compiles methods at the first region, which waits for them.
        RegionBlock[] BlocksAt(IReadOnlyList<ulong> addresses)
        {
            List<RegionBlock> found = [];
            for (int i = 0; i < addresses.Count; i++)
            {
                if (blocks.TryGetValue(addresses[i], out RegionBlock? block) && !found.Contains(block))
                    found.Add(block);
            }
            return [.. found];
        }
    }

    private HashSet<ulong> FindHotExits(List<RegionBlock> blocks)
    {
        HashSet<ulong> exits = [];
        foreach (RegionBlock block in blocks)
        {
            RegionInstruction last = block.Last!;
            if (block.Taken is null && last.Form.Shape is FormShape.ConditionalJump or FormShape.Jump or FormShape.Call)
                Add(last.Op.Immediate);
            if (block.Next is null && (last.Form.Shape == FormShape.ConditionalJump || last.Form.Class is not (InstructionClass.Branch or InstructionClass.System)))
                Add(last.Next);
        }
        return exits;

        void Add(ulong address)
        {
            if (_heat(address) is long heat and >= 0 && heat >= _coldest)
                exits.Add(address);
        }
    }

    /// <summary>Reverse postorder from the entries and the targets of computed jumps, so that a block follows its predecessors where there is no loop; unreachable blocks are dropped.</summary>
    private static List<RegionBlock> Order(List<RegionBlock> roots)
    {
        List<RegionBlock> postorder = [];
        HashSet<RegionBlock> seen = [];
        Stack<(RegionBlock Block, IEnumerator<RegionBlock> Children)> stack = new();
        for (int i = roots.Count - 1; i >= 0; i--)
        {
            RegionBlock root = roots[i];
            root.Predecessors++;
            if (!seen.Add(root))
                continue;
            stack.Push((root, ChildrenOf(root)));
            while (stack.TryPeek(out (RegionBlock Block, IEnumerator<RegionBlock> Children) top))
            {
                if (!top.Children.MoveNext())
                {
                    postorder.Add(top.Block);
                    stack.Pop();
                }
                else
                {
                    top.Children.Current.Predecessors++;
                    if (seen.Add(top.Children.Current))
                        stack.Push((top.Children.Current, ChildrenOf(top.Children.Current)));
                }
            }
        }
        postorder.Reverse();
        for (int i = 0; i < postorder.Count; i++)
            postorder[i].Order = i;
        return postorder;

        // The taken side first puts the fall-through right behind its block.
        static IEnumerator<RegionBlock> ChildrenOf(RegionBlock block) => block.Successors.Reverse().ToList().GetEnumerator();
    }
}
