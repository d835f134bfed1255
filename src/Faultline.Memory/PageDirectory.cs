using System.Runtime.InteropServices;

namespace Faultline.Memory;

/// <summary>
/// Which host page stands behind each guest page that has been touched: the truth that the flat tables cache. A radix tree over the 35 bits
/// of a page number (8, 9, 9 and 9), so that its size follows what is in use and not the span of addresses, and a walk in address order skips
/// what is absent. An entry is a host pointer with <see cref="PageFlags"/> in its low bits, or 0.
/// </summary>
internal sealed unsafe class PageDirectory : IDisposable
{
    /// <summary>Pages in a leaf: 2 MiB of guest memory.</summary>
    public const int LeafPages = 1 << Bits;

    /// <summary>Pages of the user half; nothing is ever present at or above it.</summary>
    public const ulong Pages = GuestPage.CanonicalEnd >> GuestPage.Shift;

    private const int Bits = 9;
    private const ulong Index = LeafPages - 1;
    private const int RootEntries = (int)(Pages >> (3 * Bits));

    /// <summary>Empty leaves that are kept at the least, so that a guest which maps and unmaps one page does not allocate every time.</summary>
    private const int KeptLeaves = 64;

    /// <summary>Upper tables hold pointers to the next level. A leaf holds its entries and after them how many are not 0.</summary>
    private readonly nuint*[] _root = new nuint*[RootEntries];
    private ulong _lastKey = ulong.MaxValue;
    private nuint* _last;
    private int _leaves;
    private int _emptyLeaves;

    /// <summary>Leaves allocated, for tests of what memory this takes.</summary>
    public int LeafCount => _leaves;

    /// <summary>Whether so many leaves have become empty that <see cref="Trim"/> is worth its walk.</summary>
    public bool WantsTrim => _emptyLeaves > KeptLeaves && _emptyLeaves > _leaves / 2;

    /// <summary>The entry of a page, or 0.</summary>
    public nuint this[ulong page]
    {
        get
        {
            nuint* leaf = Leaf(page >> Bits);
            return leaf is null ? 0 : leaf[page & Index];
        }
    }

    /// <summary>Sets the entry of a page below <see cref="Pages"/>.</summary>
    public void Set(ulong page, nuint entry)
    {
        nuint* leaf = Leaf(page >> Bits);
        if (leaf is null)
        {
            if (entry == 0)
                return;
            leaf = AddLeaf(page >> Bits);
        }
        ref nuint slot = ref leaf[page & Index];
        ref nuint present = ref leaf[LeafPages];
        if (slot == 0 && entry != 0 && present++ == 0)
            _emptyLeaves--;
        else if (slot != 0 && entry == 0 && --present == 0)
            _emptyLeaves++;
        slot = entry;
    }

    /// <summary>
    /// The first page at or after <paramref name="page"/> and before <paramref name="end"/> that has an entry, or <paramref name="end"/>.
    /// </summary>
    public ulong NextPresent(ulong page, ulong end)
    {
        ulong limit = Math.Min(end, Pages);
        while (page < limit)
        {
            nuint* upper = _root[page >> (3 * Bits)];
            if (upper is null)
            {
                page = Next(page, 3 * Bits);
                continue;
            }
            nuint* middle = (nuint*)upper[(page >> (2 * Bits)) & Index];
            if (middle is null)
            {
                page = Next(page, 2 * Bits);
                continue;
            }
            nuint* leaf = (nuint*)middle[(page >> Bits) & Index];
            if (leaf is null || leaf[LeafPages] == 0)
            {
                page = Next(page, Bits);
                continue;
            }
            ulong stop = Math.Min(limit, Next(page, Bits));
            for (; page < stop; page++)
            {
                if (leaf[page & Index] != 0)
                    return page;
            }
        }
        return end;
    }

    /// <summary>Frees the leaves without entries, and tables without leaves.</summary>
    /// <param name="tables">Told of each range of <see cref="LeafPages"/> pages that has no entry any more.</param>
    public void Trim(FlatTables tables)
    {
        _lastKey = ulong.MaxValue;
        _last = null;
        for (ulong i = 0; i < RootEntries; i++)
        {
            nuint* upper = _root[i];
            if (upper is null)
                continue;
            bool upperUsed = false;
            for (ulong j = 0; j < LeafPages; j++)
            {
                nuint* middle = (nuint*)upper[j];
                if (middle is null)
                    continue;
                if (TrimMiddle(middle, ((i << Bits) | j) << Bits, tables))
                {
                    upperUsed = true;
                    continue;
                }
                NativeMemory.Free(middle);
                upper[j] = 0;
            }
            if (upperUsed)
                continue;
            NativeMemory.Free(upper);
            _root[i] = null;
        }
    }

    /// <summary>Frees the tree; the frames it names are the caller's to release first.</summary>
    public void Dispose()
    {
        for (int i = 0; i < RootEntries; i++)
        {
            nuint* upper = _root[i];
            if (upper is null)
                continue;
            for (int j = 0; j < LeafPages; j++)
            {
                nuint* middle = (nuint*)upper[j];
                if (middle is null)
                    continue;
                for (int k = 0; k < LeafPages; k++)
                    NativeMemory.Free((void*)middle[k]);
                NativeMemory.Free(middle);
            }
            NativeMemory.Free(upper);
            _root[i] = null;
        }
        _lastKey = ulong.MaxValue;
        _last = null;
        _leaves = 0;
        _emptyLeaves = 0;
    }

    private static ulong Next(ulong page, int shift) => ((page >> shift) + 1) << shift;

    private static nuint* Table(ref nuint* slot, int entries)
    {
        if (slot is null)
            slot = (nuint*)NativeMemory.AllocZeroed((nuint)entries, (nuint)sizeof(nuint));
        return slot;
    }

    /// <summary>Frees the empty leaves below a table.</summary>
    /// <returns>Whether any leaf is left.</returns>
    private bool TrimMiddle(nuint* middle, ulong firstKey, FlatTables tables)
    {
        bool used = false;
        for (ulong k = 0; k < LeafPages; k++)
        {
            nuint* leaf = (nuint*)middle[k];
            if (leaf is null)
                continue;
            if (leaf[LeafPages] != 0)
            {
                used = true;
                continue;
            }
            NativeMemory.Free(leaf);
            middle[k] = 0;
            _leaves--;
            _emptyLeaves--;
            tables.Discard((firstKey + k) << Bits, LeafPages);
        }
        return used;
    }

    private nuint* AddLeaf(ulong key)
    {
        nuint* upper = Table(ref _root[key >> (2 * Bits)], LeafPages);
        nuint* middle = Table(ref ((nuint**)upper)[(key >> Bits) & Index], LeafPages);
        nuint* leaf = Table(ref ((nuint**)middle)[key & Index], LeafPages + 1);
        _leaves++;
        _emptyLeaves++;
        _lastKey = key;
        _last = leaf;
        return leaf;
    }

    private nuint* Leaf(ulong key)
    {
        if (key == _lastKey)
            return _last;
        if (key >= Pages >> Bits)
            return null;
        nuint* upper = _root[key >> (2 * Bits)];
        if (upper is null)
            return null;
        nuint* middle = (nuint*)upper[(key >> Bits) & Index];
        nuint* leaf = middle is null ? null : (nuint*)middle[key & Index];
        if (leaf is null)
            return null;
        _lastKey = key;
        _last = leaf;
        return leaf;
    }
}
