using System.Runtime.InteropServices;

namespace Faultline.Cpu.Translator;

/// <summary>
/// Samples of where control goes from region to region, and from them which regions are better one: a loop whose parts got hot one after the other is several regions, and pays a
/// hand-over for each in every turn.
/// </summary>
/// <remarks>A sample is taken where the fuel runs out at a hand-over, so that each counts for as many instructions as any other.</remarks>
internal sealed class HandOvers
{
    /// <summary>One end of fuel in so many is looked at.</summary>
    private const int Interval = 4;

    /// <summary>Samples after which regions are joined for the first time, some 50 ms of execution; each further time takes twice as many.</summary>
    private const int First = 512;

    /// <summary>Regions are joined when one in so many samples goes from one to the other.</summary>
    private const int Share = 128;

    private readonly Dictionary<(Region From, Region To), int> _edges = [];
    private readonly Dictionary<(Region To, ulong Address, Region From), int> _arrivals = [];
    private int _ends;
    private int _samples;
    private int _enough = First;

    /// <summary>Whether this end of fuel is one to look at.</summary>
    public bool IsDue => ++_ends % Interval == 0;

    /// <summary>Whether there are enough samples to join regions.</summary>
    public bool IsEnough => _samples >= _enough;

    /// <summary>Notes an end of fuel that is not at a hand-over between regions.</summary>
    public void AddOther() => _samples++;

    /// <summary>Notes an end of fuel at a hand-over, or within a region.</summary>
    /// <param name="from">The region that was left.</param>
    /// <param name="to">The region that is entered.</param>
    /// <param name="address">Where.</param>
    public void Add(Region from, Region to, ulong address)
    {
        _samples++;
        CollectionsMarshal.GetValueRefOrAddDefault(_arrivals, (to, address, from), out _)++;
        // In a loop of the region that was left: that the address is another's entry has no cost but here.
        if (!from.Leaders.ContainsKey(address))
            CollectionsMarshal.GetValueRefOrAddDefault(_edges, (from, to), out _)++;
    }

    /// <summary>
    /// The regions to be joined, each set with the addresses at which control comes to it from elsewhere, the most frequent first, and those where it goes within; forgets all samples.
    /// </summary>
    public List<(List<Region> Regions, List<ulong> Entries, List<ulong> Inside)> Take()
    {
        Dictionary<Region, Set> sets = [];
        foreach (((Region from, Region to), int count) in _edges.OrderByDescending(edge => edge.Value))
        {
            if (count < Math.Max(2, _samples / Share))
                break;
            Set first = SetOf(from), second = SetOf(to);
            if (first == second || !from.IsValid || !to.IsValid || first.WeightWith(second) > Math.Min(first.MaxWeight, second.MaxWeight))
                continue;
            first.Add(second);
            foreach (Region region in second.Regions)
                sets[region] = first;
        }

        List<(List<Region> Regions, List<ulong> Entries, List<ulong> Inside)> joins = [];
        foreach (Set set in sets.Values.Distinct())
        {
            if (set.Regions.Count > 1)
            {
                (List<ulong> entries, List<ulong> inside) = ArrivalsOf(set.Regions);
                joins.Add((set.Regions, entries, inside));
            }
        }
        _edges.Clear();
        _arrivals.Clear();
        _samples = 0;
        _enough = Math.Min(_enough * 2, 1 << 20);
        return joins;

        Set SetOf(Region region)
        {
            if (!sets.TryGetValue(region, out Set? set))
                sets.Add(region, set = new Set(region));
            return set;
        }
    }

    private (List<ulong> Entries, List<ulong> Inside) ArrivalsOf(List<Region> set)
    {
        Dictionary<ulong, int> entries = [], inside = [];
        foreach (((Region to, ulong address, Region from), int count) in _arrivals)
        {
            if (set.Contains(to))
                CollectionsMarshal.GetValueRefOrAddDefault(set.Contains(from) ? inside : entries, address, out _) += count;
        }
        // A loop that nothing was seen to enter is running: it is entered where its parts are.
        if (entries.Count == 0)
            entries = inside;
        return ([.. entries.OrderByDescending(entry => entry.Value).Select(entry => entry.Key)], [.. inside.Keys]);
    }

    /// <summary>Regions to be joined. Several may have the same blocks, which count once.</summary>
    private sealed class Set(Region region)
    {
        private readonly Dictionary<ulong, int> _blocks = new(region.Leaders);

        public List<Region> Regions { get; } = [region];

        /// <summary>What it may be part of weighs no more than this.</summary>
        public int MaxWeight => Regions.Min(part => part.MaxJoinedWeight);

        /// <summary>What this and another set weigh together.</summary>
        public int WeightWith(Set other) => _blocks.Values.Sum() + other._blocks.Where(block => !_blocks.ContainsKey(block.Key)).Sum(block => block.Value);

        public void Add(Set other)
        {
            Regions.AddRange(other.Regions);
            foreach ((ulong leader, int weight) in other._blocks)
                _blocks.TryAdd(leader, weight);
        }
    }
}
