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

    /// <summary>Samples after which regions are joined for the first time, some 50 ms of execution; each further time takes four times as many.</summary>
    private const int First = 512;

    /// <summary>Regions are joined when one in so many samples goes from one to the other.</summary>
    private const int Share = 64;

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

    /// <summary>Notes an end of fuel at a hand-over.</summary>
    /// <param name="from">The region that was left.</param>
    /// <param name="to">The region that is entered.</param>
    /// <param name="address">Where.</param>
    public void Add(Region from, Region to, ulong address)
    {
        _samples++;
        CollectionsMarshal.GetValueRefOrAddDefault(_edges, (from, to), out _)++;
        CollectionsMarshal.GetValueRefOrAddDefault(_arrivals, (to, address, from), out _)++;
    }

    /// <summary>The regions to be joined, each set with the addresses at which control comes to it from elsewhere, the most frequent first; forgets all samples.</summary>
    /// <param name="maxWeight">Weight of a joined region at most.</param>
    public List<(List<Region> Regions, List<ulong> Entries)> Take(int maxWeight)
    {
        Dictionary<Region, List<Region>> sets = [];
        foreach (((Region from, Region to), int count) in _edges.OrderByDescending(edge => edge.Value))
        {
            if (count < Math.Max(2, _samples / Share))
                break;
            List<Region> first = SetOf(from), second = SetOf(to);
            if (first == second || !from.IsValid || !to.IsValid || first.Concat(second).Sum(region => region.Weight) > maxWeight)
                continue;
            first.AddRange(second);
            foreach (Region region in second)
                sets[region] = first;
        }

        List<(List<Region> Regions, List<ulong> Entries)> joins = [];
        foreach (List<Region> set in sets.Values.Distinct())
        {
            if (set.Count > 1)
                joins.Add((set, EntriesOf(set)));
        }
        _edges.Clear();
        _arrivals.Clear();
        _samples = 0;
        _enough = Math.Min(_enough * 4, 1 << 20);
        return joins;

        List<Region> SetOf(Region region)
        {
            if (!sets.TryGetValue(region, out List<Region>? set))
                sets.Add(region, set = [region]);
            return set;
        }
    }

    private List<ulong> EntriesOf(List<Region> set)
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
        return [.. entries.OrderByDescending(entry => entry.Value).Select(entry => entry.Key)];
    }
}
