using System.Runtime.InteropServices;

namespace Faultline.Memory;

/// <summary>
/// Which host page stands behind each guest page that has been touched: the truth that the flat tables cache. Two levels, so that its
/// size follows what is in use and not the span of addresses. An entry is a host pointer with <see cref="PageFlags"/> in its low bits, or 0.
/// </summary>
internal sealed unsafe class PageDirectory : IDisposable
{
    /// <summary>Pages in a leaf: 2 MiB of guest memory, one host page of entries.</summary>
    public const int LeafPages = 512;

    private readonly Dictionary<ulong, nint> _leaves = [];
    private ulong _lastKey = ulong.MaxValue;
    private nuint* _last;

    /// <summary>The entry of a page, or 0.</summary>
    public nuint this[ulong page]
    {
        get
        {
            nuint* leaf = Leaf(page / LeafPages);
            return leaf is null ? 0 : leaf[page % LeafPages];
        }
    }

    /// <summary>Sets the entry of a page.</summary>
    public void Set(ulong page, nuint entry)
    {
        ulong key = page / LeafPages;
        nuint* leaf = Leaf(key);
        if (leaf is null)
        {
            if (entry == 0)
                return;
            leaf = (nuint*)NativeMemory.AllocZeroed(LeafPages, (nuint)sizeof(nuint));
            _leaves.Add(key, (nint)leaf);
            _lastKey = key;
            _last = leaf;
        }
        leaf[page % LeafPages] = entry;
    }

    /// <summary>
    /// The first page at or after <paramref name="page"/> and before <paramref name="end"/> that has an entry, or <paramref name="end"/>.
    /// Absent leaves are skipped whole, and a range far wider than what is in use is walked by what is in use.
    /// </summary>
    public ulong NextPresent(ulong page, ulong end)
    {
        while (page < end)
        {
            ulong key = page / LeafPages;
            nuint* leaf = Leaf(key);
            if (leaf is null)
            {
                ulong next = end - page > (ulong)_leaves.Count * LeafPages ? NextLeaf(key) : key + 1;
                if (next >= (end + LeafPages - 1) / LeafPages)
                    return end;
                page = next * LeafPages;
                continue;
            }

            ulong stop = Math.Min(end, (key + 1) * LeafPages);
            for (; page < stop; page++)
            {
                if (leaf[page % LeafPages] != 0)
                    return page;
            }
        }
        return end;
    }

    /// <summary>Frees the leaves; the frames they name are the caller's to release first.</summary>
    public void Dispose()
    {
        foreach (nint leaf in _leaves.Values)
            NativeMemory.Free((void*)leaf);
        _leaves.Clear();
        _lastKey = ulong.MaxValue;
        _last = null;
    }

    private nuint* Leaf(ulong key)
    {
        if (key == _lastKey)
            return _last;
        if (!_leaves.TryGetValue(key, out nint leaf))
            return null;
        _lastKey = key;
        _last = (nuint*)leaf;
        return _last;
    }

    private ulong NextLeaf(ulong key)
    {
        ulong best = ulong.MaxValue;
        foreach (ulong candidate in _leaves.Keys)
        {
            if (candidate > key && candidate < best)
                best = candidate;
        }
        return best;
    }
}
