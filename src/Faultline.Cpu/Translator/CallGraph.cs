using Faultline.Cpu.Table;

namespace Faultline.Cpu.Translator;

/// <summary>Which calls of a region its returns come back from.</summary>
internal static class CallGraph
{
    /// <summary>Sets the likely targets of each return: a call whose function the return can be reached from, without its own calls, goes on there.</summary>
    /// <param name="blocks">The region's blocks by address, connected.</param>
    public static void FindCallers(IReadOnlyDictionary<ulong, RegionBlock> blocks)
    {
        Dictionary<RegionBlock, List<RegionBlock>> returns = [];
        Dictionary<RegionBlock, List<RegionBlock>> callers = [];
        foreach (RegionBlock block in blocks.Values)
        {
            RegionInstruction last = block.Last!;
            if (!IsCall(last) || !blocks.TryGetValue(last.Next, out RegionBlock? site))
                continue;
            if (block.Taken is { } function)
                Add(function, site);
            foreach (RegionBlock computed in block.Indirect)
                Add(computed, site);
        }
        foreach ((RegionBlock block, List<RegionBlock> sites) in callers)
            block.Callers = [.. sites];

        void Add(RegionBlock function, RegionBlock site)
        {
            if (!returns.TryGetValue(function, out List<RegionBlock>? ends))
                returns.Add(function, ends = ReturnsOf(function, blocks));
            foreach (RegionBlock end in ends)
            {
                if (!callers.TryGetValue(end, out List<RegionBlock>? sites))
                    callers.Add(end, sites = []);
                if (!sites.Contains(site) && end.Indirect.Contains(site))
                    sites.Add(site);
            }
        }
    }

    private static bool IsCall(RegionInstruction instruction) => instruction.Form.Shape is FormShape.Call or FormShape.CallIndirect;

    /// <summary>The returns that are reached from the start of a function, where calls go on behind themselves.</summary>
    private static List<RegionBlock> ReturnsOf(RegionBlock function, IReadOnlyDictionary<ulong, RegionBlock> blocks)
    {
        List<RegionBlock> ends = [];
        HashSet<RegionBlock> seen = [function];
        Stack<RegionBlock> rest = new([function]);
        while (rest.TryPop(out RegionBlock? block))
        {
            RegionInstruction last = block.Last!;
            if (last.Form.Shape == FormShape.Return)
            {
                ends.Add(block);
            }
            else if (IsCall(last))
            {
                if (blocks.TryGetValue(last.Next, out RegionBlock? site) && seen.Add(site))
                    rest.Push(site);
            }
            else
            {
                foreach (RegionBlock next in block.Successors)
                {
                    if (seen.Add(next))
                        rest.Push(next);
                }
            }
        }
        return ends;
    }
}
