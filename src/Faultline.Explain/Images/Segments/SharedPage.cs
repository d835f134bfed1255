using Faultline.Elf.Layout;

namespace Faultline.Explain.Images.Segments;

/// <summary>A page of some size that more than one PT_LOAD has bytes in.</summary>
/// <param name="Address">Its first address.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Segments">The segments, in the order of the file.</param>
internal sealed record SharedPage(ulong Address, ulong Size, IReadOnlyList<LoadSegment> Segments)
{
    /// <summary>More pages of one size than this are not listed.</summary>
    public const int Most = 256;

    /// <summary>Just past its last address.</summary>
    public ulong End => Address + Size;

    /// <summary>What the page of a host would have to allow.</summary>
    public LoadProtection Rights => Segments.Aggregate(LoadProtection.PROT_NONE, (rights, segment) => rights | segment.Protection);

    /// <summary>Whether its segments have different rights.</summary>
    public bool HasMixedRights => Segments.Any(segment => segment.Protection != Rights);

    /// <summary>The pages of a size in which segments meet, by address. Segments that overlap in whole pages are told of elsewhere.</summary>
    public static IReadOnlyList<SharedPage> Find(ElfImageLayout layout, ulong size)
    {
        LoadSegment[] segments = [.. layout.Segments.ToArray().Where(segment => segment.MemorySize != 0)];
        SortedSet<ulong> candidates = [];
        foreach (LoadSegment segment in segments)
        {
            candidates.Add(segment.Address & ~(size - 1));
            candidates.Add((segment.End - 1) & ~(size - 1));
        }
        List<SharedPage> pages = [];
        foreach (ulong page in candidates)
        {
            LoadSegment[] here = [.. segments.Where(segment => segment.Address < page + size && segment.End > page)];
            if (here.Length > 1)
                pages.Add(new SharedPage(page, size, here));
            if (pages.Count == Most)
                break;
        }
        return pages;
    }
}
