namespace Faultline.Cpu.Translator;

/// <summary>
/// Finds where TOP is and which x87 registers are in use at the start of each block of a region, so that registers can be locals and nothing but the entries has to
/// check tags.
/// </summary>
/// <remarks>
/// An instruction that reads a register needs it in use, one that pushes needs it empty. What a block needs and leaves behind is carried along the edges, both ways, until
/// nothing more follows. An edge whose two ends do not agree is cut: control leaves the region there. So a wrong guess, say about what a return leads to, costs time only.
/// </remarks>
internal sealed class X87Layout
{
    private sealed class Node(RegionBlock block)
    {
        public readonly RegionBlock Block = block;

        /// <summary>Predecessors but for returns.</summary>
        public readonly List<Node> Before = [];

        /// <summary>Needs of the block, relative to its own TOP.</summary>
        public X87State Needs = new(0, 0, 0);

        /// <summary>What it leaves behind when its needs are met and no more is known, relative to its own TOP at the start.</summary>
        public X87State Leaves = new(0, 0, 0);

        /// <summary>Whether its last instruction is never reached: an instruction before it faults.</summary>
        public bool Faults;

        /// <summary>Its start; null while nothing is known.</summary>
        public X87State? In;

        /// <summary>What follows from <see cref="In"/> for its end.</summary>
        public X87State Out => Join(In!, Leaves, In!.Top);

        /// <summary>A state of which a block changes some slots, known relative to its TOP.</summary>
        private static X87State Join(X87State at, X87State change, int top)
        {
            X87State turn = new(top, 0, 0);
            byte known = turn.Slots(change.Known), full = turn.Slots(change.Full);
            return new X87State(top + change.Top & 7, (byte)(at.Known | known), (byte)(at.Full & ~known | full));
        }
    }

    private readonly Dictionary<RegionBlock, Node> _nodes = [];
    private readonly Queue<Node> _work = new();

    private X87Layout()
    {
    }

    /// <summary>Sets <see cref="RegionBlock.X87Before"/> and cuts edges where that is necessary.</summary>
    /// <param name="blocks">The blocks, connected.</param>
    /// <param name="start">The one that the region is made for.</param>
    /// <returns>False, with nothing done, when there are no x87 instructions or some that use the registers in other ways.</returns>
    public static bool Assign(IReadOnlyCollection<RegionBlock> blocks, RegionBlock start)
    {
        bool any = false;
        foreach (RegionInstruction instruction in blocks.SelectMany(block => block.Instructions))
        {
            any |= X87Effect.Of(instruction.Decoded, out bool isForeseeable) is not null;
            if (!isForeseeable)
                return false;
        }
        if (!any)
            return false;
        new X87Layout().Find(blocks, start);
        return true;
    }

    private void Find(IReadOnlyCollection<RegionBlock> blocks, RegionBlock start)
    {
        foreach (RegionBlock block in blocks)
            _nodes.Add(block, Summarize(block));
        foreach (Node node in _nodes.Values)
        {
            foreach (Node next in Followers(node))
                next.Before.Add(node);
        }
        foreach (Node root in blocks.Where(block => block.IsEntry && block != start).Prepend(start).Concat(blocks).Select(block => _nodes[block]))
        {
            if (root.In is null)
                Require(root, new X87State(0, 0, 0));
            Spread();
        }
        foreach (Node node in _nodes.Values)
        {
            Cut(node);
            node.Block.X87Before = node.In;
        }
    }

    private static Node Summarize(RegionBlock block)
    {
        Node node = new(block);
        int needed = 0, neededFull = 0;
        X87State at = new(0, 0, 0);
        foreach (RegionInstruction instruction in block.Instructions)
        {
            if (X87Effect.Of(instruction.Decoded, out _) is not { } effect)
                continue;
            if (at.Contradicts(effect))
            {
                node.Faults = true;
                break;
            }
            int reads = at.Slots(effect.Reads) & ~at.Known, pushes = at.Slots(effect.Pushes) & ~at.Known;
            needed |= reads | pushes;
            neededFull |= reads;
            at = at.After(effect);
        }
        node.Needs = new X87State(0, (byte)needed, (byte)neededFull);
        node.Leaves = at;
        return node;
    }

    /// <summary>Successors but for returns, which lead to the sites of all calls.</summary>
    private IEnumerable<Node> Followers(Node node) =>
        node.Faults || node.Block.Last?.Form.Shape == Table.FormShape.Return ? [] : node.Block.Successors.Select(next => _nodes[next]);

    private void Spread()
    {
        while (true)
        {
            while (_work.TryDequeue(out Node? node))
            {
                foreach (Node next in Followers(node))
                    Require(next, node.Out);
                foreach (Node before in node.Before)
                    RequireAfter(before, node.In!);
            }
            // A return tells about call sites that nothing else has told of.
            foreach (Node node in _nodes.Values)
            {
                if (node.In is null || node.Faults || node.Block.Last?.Form.Shape != Table.FormShape.Return)
                    continue;
                foreach (RegionBlock site in node.Block.Indirect)
                {
                    if (_nodes[site].In is null)
                        Require(_nodes[site], node.Out);
                }
            }
            if (_work.Count == 0)
                return;
        }
    }

    /// <summary>Learns about a block's start, unless that contradicts what is known of it.</summary>
    private void Require(Node node, X87State at)
    {
        X87State turn = new(at.Top, 0, 0);
        X87State known = node.In ?? new X87State(at.Top, turn.Slots(node.Needs.Known), turn.Slots(node.Needs.Full));
        if (known.Top != at.Top || ((known.Full ^ at.Full) & known.Known & at.Known) != 0)
            return;
        X87State both = new(at.Top, (byte)(known.Known | at.Known), (byte)(known.Full | at.Full));
        if (both == node.In)
            return;
        node.In = both;
        _work.Enqueue(node);
    }

    /// <summary>Learns about a block's end: what it does not change itself is so at its start.</summary>
    private void RequireAfter(Node node, X87State at)
    {
        int top = at.Top - node.Leaves.Top & 7;
        X87State turn = new(top, 0, 0);
        byte changed = turn.Slots(node.Leaves.Known);
        if (((turn.Slots(node.Leaves.Full) ^ at.Full) & changed & at.Known) == 0)
            Require(node, new X87State(top, (byte)(at.Known & ~changed), (byte)(at.Full & ~changed)));
    }

    /// <summary>Cuts the edges from a block to blocks that do not agree with what it leaves behind.</summary>
    private void Cut(Node node)
    {
        RegionBlock block = node.Block;
        if (block.Next is { } next && !Agree(next))
            block.Next = null;
        if (block.Taken is { } taken && !Agree(taken))
            block.Taken = null;
        block.Indirect = [.. block.Indirect.Where(Agree)];

        bool Agree(RegionBlock other) => !node.Faults && _nodes[other].In == node.Out;
    }
}
